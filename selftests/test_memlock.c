// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest whose machine may lock no more memory, and that names new pages all the
 * time. The IOMMU layer logs each page that it refuses: the host must not ask it
 * that often.
 */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "klog.h"
#include "kselftest_harness.h"
#include "vdev.h"

#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define LIMIT_PAGES	200ul	/* rings, receive buffers, a few more */
#define MEM_UNUSED	0xc0000	/* a page that nothing else names */
#define SECONDS		6

FIXTURE(memlock) {
	struct vdev dev;
	int log;
};

static int limit_pages(unsigned long pages)
{
	struct rlimit lim = { pages * 4096, pages * 4096 };

	return setrlimit(RLIMIT_MEMLOCK, &lim);
}

/* Who maps memory with this capability may lock any amount of it. */
static int drop_ipc_lock(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[CAP_IPC_LOCK / 32].effective &= ~(1u << CAP_IPC_LOCK % 32);
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

FIXTURE_SETUP(memlock)
{
	self->log = klog_open();
	ASSERT_LE(0, self->log);
	ASSERT_EQ(0, drop_ipc_lock());
	ASSERT_EQ(0, limit_pages(LIMIT_PAGES));
	ASSERT_EQ(0, vdev_new(&self->dev, 0x94));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
}

FIXTURE_TEARDOWN(memlock)
{
	close(self->log);
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

/* Name a page. Return: whether it is pinned */
static bool name_page(struct vdev *dev, size_t at)
{
	vdev_post_tx(dev, VDEV_IOVA + at, 64, CDNA_DESC_EOP);
	vdev_trap(dev);
	return vdev_report(dev, TX).state == CDNA_QUEUE_RUNNING;
}

TEST_F_TIMEOUT(memlock, refused_pages_do_not_fill_the_log, 120)
{
	time_t end = time(NULL) + SECONDS;
	struct vdev *dev = &self->dev;
	int lines, refused = 0;
	unsigned int n = 0;

	lseek(self->log, 0, SEEK_END);
	while (time(NULL) < end) {
		if (name_page(dev, MEM_TX_BUF + n++ % 256 * 4096))
			continue;
		ASSERT_EQ(CDNA_VFAULT_NO_MEMORY, vdev_report(dev, TX).fault);
		refused++;
		ASSERT_EQ(CDNA_VRES_OK,
			  vdev_remake_tx(dev, CDNA_FORMAT_COMPACT, 0));
	}
	lines = klog_lines(self->log, "RLIMIT_MEMLOCK");
	TH_LOG("%d pages were refused, with %d lines", refused, lines);
	EXPECT_LT(20, refused);
	EXPECT_LT(0, lines);
	EXPECT_GE(SECONDS, lines);

	/* With a higher limit it gets its pages, after a while. */
	ASSERT_EQ(0, limit_pages(4 * LIMIT_PAGES));
	for (n = 0; n < 200 && !name_page(dev, MEM_UNUSED); n++) {
		usleep(100000);
		ASSERT_EQ(CDNA_VRES_OK,
			  vdev_remake_tx(dev, CDNA_FORMAT_COMPACT, 0));
	}
	EXPECT_GT(200, n);
}

TEST_HARNESS_MAIN
