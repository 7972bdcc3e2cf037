// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the machine's process gives away while VFIO has it mapped, as a balloon or
 * free page reporting do: what is sent and received then is in the new page, and nothing
 * stays pinned.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "give_ping.h"
#include "kselftest_harness.h"
#include "vdev.h"

#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define RX		CDNA_VQUEUE(0, CDNA_DIR_RX)
#define LAPS		(3 * VDEV_SLOTS / 2)	/* of the receive buffers */
#define TX_BUFS		64
#define BUFS_BYTES	(VDEV_MEMORY - MEM_TX_BUF)
#define EXTRA_IOVA	0x200000000ull
#define EXTRA_BYTES	(64 * 4096)

FIXTURE(balloon) {
	struct vdev dev;
	struct give give;
	uint8_t peer[6];
};

FIXTURE_VARIANT(balloon) {
	enum give_how how;
};

FIXTURE_VARIANT_ADD(balloon, discard) {
	.how = GIVE_DISCARD,
};

FIXTURE_VARIANT_ADD(balloon, punch) {
	.how = GIVE_PUNCH,
};

FIXTURE_VARIANT_ADD(balloon, replace) {
	.how = GIVE_REPLACE,
};

FIXTURE_SETUP(balloon)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, vdev_new(dev, 0xb0));
	ASSERT_EQ(0, give_init(&self->give, variant->how,
			       dev->mem + MEM_TX_BUF, BUFS_BYTES));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	ASSERT_TRUE(vdev_peer_mac(dev, self->peer));
	ASSERT_TRUE(vdev_tx_done(dev, 2000));
}

FIXTURE_TEARDOWN(balloon)
{
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

static uint8_t *tx_buf(struct vdev *dev, uint16_t seq)
{
	return dev->mem + MEM_TX_BUF + seq % TX_BUFS * MEM_BUF;
}

/* As a driver that has got a buffer back: its page goes, and another is there when it is
 * posted again, which nobody has touched.
 */
static bool give_received(struct vdev *dev, struct give *give, uint32_t index)
{
	if (give_page(give, (void *)vdev_rx_buf(dev, index)))
		return false;
	vdev_repost(dev);
	return true;
}

/* One echo; all its buffers are given away afterwards. Those of other frames are, too. */
static bool ping_and_give(struct vdev *dev, struct give *give,
			  const uint8_t *peer, uint16_t seq)
{
	struct cdna_rx_completion comp;
	uint8_t *buf = tx_buf(dev, seq);
	size_t len = frame_ping(dev, peer, buf, seq, 700);
	bool ok = false;

	vdev_post_tx(dev, VDEV_IOVA + (buf - dev->mem), len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
	while (!ok && vdev_rx_next(dev, &comp, 2000)) {
		ok = frame_is_reply(vdev_rx_buf(dev, comp.index), comp.len, buf,
				    len);
		if (!give_received(dev, give, comp.index))
			return false;
	}
	return ok && vdev_tx_done(dev, 2000) && !give_page(give, buf);
}

TEST_F(balloon, frames_are_in_the_new_pages)
{
	struct vdev *dev = &self->dev;
	int seq;

	for (seq = 0; seq < LAPS; seq++)
		ASSERT_TRUE(ping_and_give(dev, &self->give, self->peer, seq)) {
			TH_LOG("ping %d", seq);
		}
	EXPECT_LE((long)LAPS, vdev_stat(dev->uuid, "pin_drops"));
	EXPECT_GE(vdev_stat(dev->uuid, "pins_limit"),
		  vdev_stat(dev->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

TEST_F_TIMEOUT(balloon, frames_are_in_the_new_pages_in_a_storm, 60)
{
	struct vdev *dev = &self->dev;
	int seq;

	ASSERT_EQ(0, give_storm_begin());
	for (seq = 0; seq < LAPS; seq++)
		ASSERT_TRUE(ping_and_give(dev, &self->give, self->peer, seq)) {
			TH_LOG("ping %d", seq);
		}
	TH_LOG("%lu times", give_storm_end());
	EXPECT_GE(vdev_stat(dev->uuid, "pins_limit"),
		  vdev_stat(dev->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

/* A page that the process has still is looked at, but not pinned again. */
TEST_F(balloon, other_memory_does_not_matter)
{
	struct vdev *dev = &self->dev;
	long misses, drops;
	int seq;

	for (seq = 0; seq < TX_BUFS; seq++)
		ASSERT_TRUE(vdev_ping(dev, self->peer, seq, 100));
	misses = vdev_stat(dev->uuid, "pin_misses");
	drops = vdev_stat(dev->uuid, "pin_drops");
	ASSERT_EQ(0, give_page(&self->give, dev->mem + VDEV_MEMORY - 4096));
	for (seq = 0; seq < TX_BUFS; seq++)
		ASSERT_TRUE(vdev_ping(dev, self->peer, seq, 100));
	EXPECT_EQ(misses, vdev_stat(dev->uuid, "pin_misses"));
	EXPECT_EQ(drops, vdev_stat(dev->uuid, "pin_drops"));
}

/* The host has it back without another descriptor. */
TEST_F_TIMEOUT(balloon, what_is_given_away_does_not_stay, 60)
{
	struct vdev *dev = &self->dev;
	long drops = vdev_stat(dev->uuid, "pin_drops");
	int seq, ms;

	for (seq = 0; seq < 8; seq++)
		ASSERT_TRUE(vdev_ping(dev, self->peer, seq, 100));
	ASSERT_TRUE(vdev_tx_done(dev, 2000));
	for (seq = 0; seq < 8; seq++)
		ASSERT_EQ(0, give_page(&self->give, tx_buf(dev, seq)));
	for (ms = 0; ms < 30000 &&
	     vdev_stat(dev->uuid, "pin_drops") < drops + 8; ms += 10)
		usleep(10000);
	TH_LOG("after %d ms", ms);
	EXPECT_EQ(drops + 8, vdev_stat(dev->uuid, "pin_drops"));
}

/* A guest that gives a posted buffer away and posts the new page, too, harms itself. */
TEST_F(balloon, a_buffer_that_is_posted)
{
	struct vdev *dev = &self->dev;
	uint8_t *page = dev->mem + VDEV_MEMORY - 4096;
	uint64_t iova = VDEV_IOVA + (page - dev->mem);

	vdev_post_rx(dev, iova, 4096);
	vdev_trap(dev);
	vdev_ring(dev);
	ASSERT_EQ(0, give_page(&self->give, page));
	*page = 1;
	vdev_post_rx(dev, iova, 4096);
	vdev_trap(dev);
	EXPECT_EQ(CDNA_QUEUE_FAULTED, vdev_report(dev, RX).state);
	EXPECT_EQ(CDNA_VFAULT_WITHDRAWN, vdev_report(dev, RX).fault);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_peer_mac(dev, self->peer));
}

/* Rings, status and tails are the guest's: it does without what it gives away. */
TEST_F(balloon, all_of_the_guest)
{
	struct vdev *dev = &self->dev;
	size_t at;

	for (at = 0; at < MEM_TX_BUF; at += 4096)
		ASSERT_EQ(0, madvise(dev->mem + at, 4096, MADV_REMOVE));
	for (at = MEM_TX_BUF; at < VDEV_MEMORY; at += 4096)
		ASSERT_EQ(0, give_page(&self->give, dev->mem + at));
	vdev_trap(dev);
	vdev_ring(dev);
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_peer_mac(dev, self->peer));
}

/* A page that one context has in its cache would be that of all. */
TEST_F(balloon, two_contexts)
{
	struct vdev *dev = &self->dev, beside;
	uint64_t iova = VDEV_IOVA + MEM_TX_BUF;
	uint8_t *page = dev->mem + MEM_TX_BUF;
	char uuid[40];
	int seq;

	vdev_uuid(uuid, 0xb1);
	ASSERT_EQ(0, vdev_create(uuid));
	ASSERT_EQ(0, vdev_open_beside(&beside, uuid, dev, EXTRA_IOVA));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&beside));
	ASSERT_TRUE(give_arp_from(&beside, page, iova));
	ASSERT_EQ(0, give_page(&self->give, page));
	for (seq = 0; seq < 100; seq++) {
		ASSERT_TRUE(give_ping_from(seq & 1 ? dev : &beside, self->peer,
					   page, iova, seq));
		ASSERT_EQ(0, give_page(&self->give, page));
	}
	vdev_close(&beside);
	EXPECT_EQ(0, vdev_stat(uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(uuid));
}

/* The process that opened the device is another one than that whose memory it is. */
static int other_process(struct vdev *dev, const uint8_t *peer)
{
	struct give give;
	uint8_t *mem;
	int seq;

	mem = mmap(NULL, EXTRA_BYTES, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED || give_init(&give, GIVE_DISCARD, mem, EXTRA_BYTES) ||
	    vdev_map(dev, mem, EXTRA_IOVA, EXTRA_BYTES, 3))
		return 1;
	for (seq = 0; seq < 100; seq++)
		if (!give_ping_from(dev, peer, mem, EXTRA_IOVA, seq) ||
		    give_page(&give, mem))
			return 2;
	return vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES) ? 3 : 0;
}

TEST(memory_of_another_process)
{
	struct vdev dev;
	int status = -1;
	uint8_t peer[6];
	pid_t pid;

	ASSERT_EQ(0, vdev_new(&dev, 0xb4));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&dev));
	ASSERT_TRUE(vdev_peer_mac(&dev, peer));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(other_process(&dev, peer));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	vdev_close(&dev);
	EXPECT_EQ(0, vdev_stat(dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(dev.uuid));
}

TEST_HARNESS_MAIN
