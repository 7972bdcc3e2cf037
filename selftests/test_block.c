// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine that holds the lock of the IOMMU layer for as long as it likes: that
 * writes a bitmap of dirty pages to memory that is not there (userfaultfd). A
 * thread that pins or unpins for that machine waits. Nobody else does (I6, I8).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <linux/vfio.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "job.h"
#include "mig.h"
#include "nic.h"
#include "vdev.h"

#define HOLE_BYTES	(16 * 4096)
#define COLD		0x380000	/* pages that nothing uses */
#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define REASON		"dead: it refuses to stop a queue or a context"

FIXTURE(block) {
	struct vdev dev;	/* whose pinning blocks */
	struct vdev other;
	uint8_t *hole;
	int uffd;
	struct job hold;
	struct job pin;
};

static uint8_t *bitmap;

/* Memory whose pages come when fill_hole() brings them */
static int make_hole(uint8_t **hole)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range.len = HOLE_BYTES,
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	*hole = mmap(NULL, HOLE_BYTES, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	reg.range.start = (uintptr_t)*hole;
	if (fd < 0 || *hole == MAP_FAILED || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &reg))
		return -1;
	return fd;
}

static int fill_hole(int uffd, uint8_t *hole)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)hole, .len = HOLE_BYTES },
	};

	return ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
}

/* A thread waits for a page. */
static bool hole_is_missed(int uffd)
{
	struct pollfd wait = { .fd = uffd, .events = POLLIN };
	struct uffd_msg msg;

	return poll(&wait, 1, JOB_PATIENCE * 1000) == 1 &&
	       read(uffd, &msg, sizeof(msg)) == sizeof(msg);
}

static int track_dirty(struct vdev *dev)
{
	struct vfio_iommu_type1_dirty_bitmap dirty = {
		.argsz = sizeof(dirty),
		.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_START,
	};

	return ioctl(dev->container, VFIO_IOMMU_DIRTY_PAGES, &dirty);
}

/* The IOMMU layer writes the bitmap with its lock held. */
static long hold_lock(struct vdev *dev)
{
	struct {
		struct vfio_iommu_type1_dirty_bitmap dirty;
		struct vfio_iommu_type1_dirty_bitmap_get get;
	} arg = {
		.dirty = {
			.argsz = sizeof(arg),
			.flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP,
		},
		.get = {
			.iova = dev->iova,
			.size = VDEV_MEMORY,
			.bitmap = {
				.pgsize = 4096,
				.size = VDEV_MEMORY / 4096 / 8,
				.data = (void *)bitmap,
			},
		},
	};

	return ioctl(dev->container, VFIO_IOMMU_DIRTY_PAGES, &arg) ? -errno : 0;
}

FIXTURE_SETUP(block)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0xc0));
	ASSERT_EQ(0, vdev_new(&self->other, 0xc1));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	self->uffd = make_hole(&self->hole);
	ASSERT_LE(0, self->uffd);
	bitmap = self->hole;
	ASSERT_EQ(0, track_dirty(&self->dev));
}

FIXTURE_TEARDOWN(block)
{
	EXPECT_EQ(0, vdev_delete(&self->other));
	EXPECT_EQ(0, vdev_delete(&self->dev));
	munmap(self->hole, HOLE_BYTES);
	close(self->uffd);
}

static long pin_in_trap(struct vdev *dev)
{
	vdev_post_tx(dev, VDEV_IOVA + COLD, 64, CDNA_DESC_EOP);
	vdev_post_tx(dev, VDEV_IOVA + COLD + 4096, 64, CDNA_DESC_EOP);
	vdev_trap(dev);
	return 0;
}

static long pin_in_command(struct vdev *dev)
{
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, CDNA_VQUEUE(1, CDNA_DIR_TX));
	vdev_write(dev, CDNA_VREG_ARG_FORMAT, CDNA_FORMAT_COMPACT);
	vdev_write(dev, CDNA_VREG_ARG_SLOTS, VDEV_SLOTS);
	vdev_write(dev, CDNA_VREG_ARG_OFFLOADS, 0);
	vdev_write64(dev, CDNA_VREG_ARG_RING_LO, VDEV_IOVA + COLD);
	return vdev_command(dev, CDNA_VCMD_QUEUE_CREATE);
}

static long take_away(struct vdev *dev)
{
	return vdev_set(dev->uuid, "state", "revoked");
}

static long set_mac(struct vdev *dev)
{
	return vdev_set(dev->uuid, "mac_address", "02:11:22:33:44:66");
}

static long set_doorbell(struct vdev *dev)
{
	return vdev_set(dev->uuid, "doorbell_page", "on");
}

static long reset(struct vdev *dev)
{
	return vdev_command(dev, CDNA_VCMD_RESET);
}

/* A new context comes, works and goes. */
static long come_and_go(struct vdev *dev)
{
	struct vdev fresh;
	uint8_t peer[6];
	int ret;

	ret = vdev_new(&fresh, 0xc2);
	if (ret)
		return ret;
	ret = vdev_start(&fresh);
	if (!ret && !vdev_peer_mac(&fresh, peer))
		ret = -EIO;
	return vdev_delete(&fresh) ?: ret;
}

static void expect_job(struct __test_metadata *_metadata, const char *what,
		       long (*run)(struct vdev *dev), struct vdev *dev,
		       long result)
{
	struct job *job = calloc(1, sizeof(*job));	/* it may never end */
	bool ends;

	ASSERT_NE(NULL, job);
	ASSERT_EQ(0, job_start(job, run, dev));
	ends = job_ends(job);
	EXPECT_TRUE(ends) {
		TH_LOG("%s waits", what);
	}
	if (ends)
		EXPECT_EQ(result, job->result) {
			TH_LOG("%s", what);
		}
}

/* While a thread of @self->dev is blocked */
static void revoke_and_restore(struct __test_metadata *_metadata,
			       struct vdev *dev, struct vdev *other)
{
	char state[16];
	uint8_t mac[6];

	expect_job(_metadata, "the address", set_mac, dev, -EBUSY);
	expect_job(_metadata, "the permission", set_doorbell, dev, -EBUSY);
	expect_job(_metadata, "the revocation", take_away, dev, -EINPROGRESS);
	EXPECT_EQ(0, vdev_attr(dev->uuid, "state", state, sizeof(state)));
	EXPECT_STREQ("revoked", state);
	EXPECT_EQ(-EINPROGRESS, vdev_set(dev->uuid, "state", "configured"));
	expect_job(_metadata, "a new context", come_and_go, other, 0);
	EXPECT_TRUE(vdev_peer_mac(other, mac));
}

static void after_it(struct __test_metadata *_metadata, struct vdev *dev)
{
	uint8_t mac[6];

	EXPECT_EQ(0, vdev_set(dev->uuid, "state", "revoked"));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	ASSERT_EQ(0, vdev_set(dev->uuid, "state", "configured"));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_peer_mac(dev, mac));
}

TEST_F_TIMEOUT(block, a_trap, 200)
{
	ASSERT_EQ(0, job_start(&self->hold, hold_lock, &self->dev));
	ASSERT_TRUE(hole_is_missed(self->uffd));
	ASSERT_EQ(0, job_start(&self->pin, pin_in_trap, &self->dev));
	ASSERT_TRUE(job_waits(&self->pin));
	revoke_and_restore(_metadata, &self->dev, &self->other);
	EXPECT_EQ(0, fill_hole(self->uffd, self->hole));
	EXPECT_TRUE(job_ends(&self->hold));
	EXPECT_TRUE(job_ends(&self->pin));
	after_it(_metadata, &self->dev);
}

TEST_F_TIMEOUT(block, a_command, 200)
{
	ASSERT_EQ(0, job_start(&self->hold, hold_lock, &self->dev));
	ASSERT_TRUE(hole_is_missed(self->uffd));
	ASSERT_EQ(0, job_start(&self->pin, pin_in_command, &self->dev));
	ASSERT_TRUE(job_waits(&self->pin));
	revoke_and_restore(_metadata, &self->dev, &self->other);
	EXPECT_EQ(0, fill_hole(self->uffd, self->hole));
	EXPECT_TRUE(job_ends(&self->hold));
	ASSERT_TRUE(job_ends(&self->pin));
	EXPECT_NE(CDNA_VRES_OK, self->pin.result);
	after_it(_metadata, &self->dev);
}

static long stop(struct vdev *dev)
{
	return mig_go(dev, MIG_STOP, NULL);
}

static long look(struct vdev *dev)
{
	return mig_state(dev);
}

static long read_config(struct vdev *dev)
{
	uint32_t word;

	return pread(dev->fd, &word, sizeof(word),
		     vdev_offset(VFIO_PCI_CONFIG_REGION_INDEX, 0));
}

static long write_config(struct vdev *dev)
{
	const uint16_t word = 0;

	return pwrite(dev->fd, &word, sizeof(word),
		      vdev_offset(VFIO_PCI_CONFIG_REGION_INDEX, 4));
}

static long read_register(struct vdev *dev)
{
	return vdev_read(dev, CDNA_VREG_STATE);
}

static long reset_device(struct vdev *dev)
{
	return ioctl(dev->fd, VFIO_DEVICE_RESET);
}

/* Processes that wait for what is blocked end when they are to. */
TEST_F_TIMEOUT(block, who_waits_can_be_killed, 200)
{
	static long (*const acts[])(struct vdev *dev) = {
		stop, look, read_config, write_config, read_register, reset,
		reset_device,
	};
	int left = JOB_PATIENCE * 100;
	pid_t pid[ARRAY_SIZE(acts)];
	size_t i, ended = 0;
	uint8_t mac[6];

	ASSERT_EQ(0, job_start(&self->hold, hold_lock, &self->dev));
	ASSERT_TRUE(hole_is_missed(self->uffd));
	ASSERT_EQ(0, job_start(&self->pin, pin_in_command, &self->dev));
	ASSERT_TRUE(job_waits(&self->pin));
	for (i = 0; i < ARRAY_SIZE(acts); i++) {
		pid[i] = fork();
		ASSERT_LE(0, pid[i]);
		if (!pid[i])
			_exit(acts[i](&self->dev));
		EXPECT_TRUE(job_process_waits(pid[i]));
		EXPECT_EQ(0, kill(pid[i], SIGKILL));
	}
	for (; ended < ARRAY_SIZE(acts) && left; left--) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			ended++;
		usleep(10000);
	}
	EXPECT_EQ(ARRAY_SIZE(acts), ended);
	EXPECT_EQ(0, fill_hole(self->uffd, self->hole));
	EXPECT_TRUE(job_ends(&self->hold));
	ASSERT_TRUE(job_ends(&self->pin));
	EXPECT_EQ(CDNA_VRES_OK, self->pin.result);
	EXPECT_EQ(MIG_RUNNING, mig_state(&self->dev));
	EXPECT_TRUE(vdev_peer_mac(&self->dev, mac));
}

/* The death of the NIC is reported to all, though one is blocked. */
TEST_F_TIMEOUT(block, the_death_of_the_nic, 200)
{
	struct vdev *dev = &self->dev, *other = &self->other;
	char nic[64];

	nic_name(nic, sizeof(nic));
	ASSERT_EQ(0, nic_load_refuser());
	ASSERT_EQ(0, nic_refuse(CDNA_CMD_CTX_RESET));
	ASSERT_EQ(0, job_start(&self->hold, hold_lock, dev));
	ASSERT_TRUE(hole_is_missed(self->uffd));
	ASSERT_EQ(0, job_start(&self->pin, pin_in_trap, dev));
	ASSERT_TRUE(job_waits(&self->pin));
	while (vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 0))
		continue;
	expect_job(_metadata, "the reset", reset, other, CDNA_VRES_OK);
	EXPECT_TRUE(nic_is(nic, REASON));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 5000));
	EXPECT_EQ(CDNA_CTX_FAULTED, vdev_read(dev, CDNA_VREG_STATE));
	EXPECT_EQ(CDNA_VFAULT_NIC_DEAD, vdev_report(dev, TX).fault);

	EXPECT_EQ(0, nic_refuse(0));
	EXPECT_EQ(0, fill_hole(self->uffd, self->hole));
	EXPECT_TRUE(job_ends(&self->hold));
	EXPECT_TRUE(job_ends(&self->pin));
	EXPECT_EQ(0, vdev_delete(other));
	EXPECT_EQ(0, vdev_delete(dev));
	EXPECT_EQ(0, nic_rebind(nic));
	ASSERT_EQ(0, vdev_new(dev, 0xc0));
	ASSERT_EQ(0, vdev_new(other, 0xc1));
}

TEST_HARNESS_MAIN
