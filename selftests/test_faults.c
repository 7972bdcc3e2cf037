// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the NIC refuses: stale descriptors, overrun mailboxes. Only that ring
 * stops; a second context continues, as fast as before.
 */
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define TX	CDNA_VQUEUE(0, CDNA_DIR_TX)
#define RX	CDNA_VQUEUE(0, CDNA_DIR_RX)

FIXTURE(faults) {
	struct vdev bad;
	struct vdev good;
	uint8_t peer[6];
};

FIXTURE_SETUP(faults)
{
	ASSERT_EQ(0, vdev_new(&self->bad, 4));
	ASSERT_EQ(0, vdev_new(&self->good, 5));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->bad));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->good));
	ASSERT_TRUE(vdev_peer_mac(&self->good, self->peer));
	ASSERT_TRUE(vdev_peer_mac(&self->bad, self->peer));
}

FIXTURE_TEARDOWN(faults)
{
	vdev_close(&self->bad);
	vdev_close(&self->good);
	EXPECT_EQ(0, vdev_stat(self->bad.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->bad.uuid));
	EXPECT_EQ(0, vdev_remove(self->good.uuid));
}

static void others_go_on(struct __test_metadata *_metadata, struct vdev *good,
			 const uint8_t *peer)
{
	uint16_t seq;

	for (seq = 0; seq < 20; seq++)
		EXPECT_TRUE(vdev_ping(good, peer, seq, 200));
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(good, TX).state);
	EXPECT_EQ(0, vdev_stat(good->uuid, "faults"));
}

/* One past the last valid descriptor: a slot never written */
TEST_F(faults, mailbox_overrun_first_lap)
{
	struct vdev *bad = &self->bad;
	struct cdna_vdev_report report;

	if (vdev_is_soft())
		SKIP(return, "only the trap rings mailboxes");
	bad->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = bad->tx_prod + 1;
	EXPECT_EQ(CDNA_QUEUE_FAULTED,
		  vdev_wait_state(bad, TX, CDNA_QUEUE_FAULTED, 2000));
	report = vdev_report(bad, TX);
	EXPECT_EQ(CDNA_FAULT_SEQUENCE, report.fault);
	EXPECT_EQ(bad->tx_prod, report.index);
	EXPECT_EQ(bad->tx_prod + 1, report.expected);
	EXPECT_EQ(0, report.seen);
	EXPECT_TRUE(vdev_interrupted(bad, CDNA_VDEV_VECTOR_EVENT, 2000));
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(bad, RX).state);
	others_go_on(_metadata, &self->good, self->peer);
}

/* The same after the ring has wrapped: a stale one, a lap old (I4) */
TEST_F(faults, stale_descriptor)
{
	struct vdev *bad = &self->bad;
	struct cdna_vdev_report report;
	uint16_t seq;

	if (vdev_is_soft())
		SKIP(return, "only the trap rings mailboxes");
	for (seq = 0; seq < VDEV_SLOTS + 10; seq++)
		ASSERT_TRUE(vdev_ping(bad, self->peer, seq, 60));
	bad->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = bad->tx_prod + 5;
	EXPECT_EQ(CDNA_QUEUE_FAULTED,
		  vdev_wait_state(bad, TX, CDNA_QUEUE_FAULTED, 2000));
	report = vdev_report(bad, TX);
	EXPECT_EQ(CDNA_FAULT_SEQUENCE, report.fault);
	EXPECT_EQ(bad->tx_prod, report.index);
	EXPECT_EQ(report.expected - VDEV_SLOTS, report.seen);
	others_go_on(_metadata, &self->good, self->peer);
}

TEST_F(faults, mailbox_more_than_a_ring)
{
	struct vdev *bad = &self->bad;

	if (vdev_is_soft())
		SKIP(return, "only the trap rings mailboxes");
	bad->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = bad->tx_prod + 100000;
	EXPECT_EQ(CDNA_QUEUE_FAULTED,
		  vdev_wait_state(bad, TX, CDNA_QUEUE_FAULTED, 2000));
	EXPECT_EQ(CDNA_FAULT_TOO_FAR, vdev_report(bad, TX).fault);
	others_go_on(_metadata, &self->good, self->peer);
}

TEST_F(faults, receive_overrun)
{
	struct vdev *bad = &self->bad;
	uint8_t peer[6];
	int i;

	if (vdev_is_soft())
		SKIP(return, "only the trap rings mailboxes");
	/* The NIC reaches it when frames have used the valid ones. */
	bad->mbox[CDNA_MBOX(0, CDNA_MBOX_RX_PROD)] = bad->rx_prod + 50;
	for (i = 0; i < VDEV_SLOTS / 2 + 10; i++) {
		size_t len = frame_ping(bad, self->peer, bad->mem + MEM_TX_BUF,
					i, 60);

		vdev_post_tx(bad, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
		vdev_trap(bad);
		bad->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = bad->tx_prod;
		ASSERT_TRUE(vdev_tx_done(bad, 2000));
	}
	EXPECT_EQ(CDNA_QUEUE_FAULTED,
		  vdev_wait_state(bad, RX, CDNA_QUEUE_FAULTED, 2000));
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(bad, TX).state);
	others_go_on(_metadata, &self->good, self->peer);
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(bad, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(bad));
	EXPECT_TRUE(vdev_peer_mac(bad, peer));
}

TEST_F(faults, every_mailbox_with_garbage)
{
	struct vdev *bad = &self->bad;
	uint8_t peer[6];
	uint32_t i;

	for (i = 0; i < 24 * 20; i++)
		bad->mbox[i % CDNA_NR_MAILBOXES] = i * 0x9e3779b9u;
	others_go_on(_metadata, &self->good, self->peer);
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(bad, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(bad));
	EXPECT_TRUE(vdev_peer_mac(bad, peer));
}

/* A queue that was stopped restarts alone; the others are not disturbed. */
TEST_F(faults, one_queue_comes_back)
{
	struct vdev *bad = &self->bad;

	if (vdev_is_soft())
		SKIP(return, "only the trap rings mailboxes");
	bad->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = bad->tx_prod + 1;
	ASSERT_EQ(CDNA_QUEUE_FAULTED,
		  vdev_wait_state(bad, TX, CDNA_QUEUE_FAULTED, 2000));
	ASSERT_EQ(CDNA_VRES_OK, vdev_remake_tx(bad, CDNA_FORMAT_COMPACT,
					       CDNA_OFFLOAD_SG));
	EXPECT_TRUE(vdev_ping(bad, self->peer, 1, 100));
	EXPECT_EQ(1, vdev_report(bad, TX).faults);
}

/* A queue without scatter/gather refuses a frame in two pieces. */
TEST_F(faults, chain_without_scatter_gather)
{
	struct vdev *bad = &self->bad;

	ASSERT_EQ(CDNA_VRES_OK, vdev_remake_tx(bad, CDNA_FORMAT_COMPACT, 0));
	EXPECT_TRUE(vdev_ping(bad, self->peer, 1, 100));
	vdev_post_tx(bad, VDEV_IOVA + MEM_TX_BUF, 60, 0);
	vdev_post_tx(bad, VDEV_IOVA + MEM_TX_BUF + 60, 60, CDNA_DESC_EOP);
	vdev_trap(bad);
	vdev_ring(bad);
	EXPECT_EQ(CDNA_QUEUE_FAULTED,
		  vdev_wait_state(bad, TX, CDNA_QUEUE_FAULTED, 2000));
	EXPECT_EQ(CDNA_FAULT_CHAIN, vdev_report(bad, TX).fault);
	EXPECT_EQ(1, vdev_report(bad, TX).index);
	EXPECT_EQ(1, vdev_status(bad)->tx_cons);
	others_go_on(_metadata, &self->good, self->peer);
}

#define SLICES	20
#define BURSTS	25
#define BURST	64

/* Send frames to nobody, a burst at a time, with @noise in between.
 * Return: how long it took, in us, or -1 if frames were lost.
 */
static long send_slice(struct vdev *good, struct vdev *bad,
		       void (*noise)(struct vdev *bad))
{
	static const uint8_t nobody[6] = { 0x02, 0xcd, 0xa0, 0xff, 0xff, 0xff };
	size_t len = frame_ping(good, nobody, good->mem + MEM_TX_BUF, 1, 200);
	const volatile __le32 *done = &vdev_status(good)->tx_cons;
	long start = vdev_now_us();
	int i, n;

	for (i = 0; i < BURSTS; i++) {
		for (n = 0; n < BURST; n++)
			vdev_post_tx(good, VDEV_IOVA + MEM_TX_BUF, len,
				     CDNA_DESC_EOP);
		vdev_trap(good);
		noise(bad);
		vdev_ring(good);
		while (*done != good->tx_prod)
			if (vdev_now_us() - start > 10000000)
				return -1;
	}
	return vdev_now_us() - start;
}

static void noise_none(struct vdev *bad)
{
}

/* Its ring is stopped; its guest continues to store to its mailboxes. */
static void noise_overrun(struct vdev *bad)
{
	static uint32_t by;

	bad->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = bad->tx_prod + ++by;
	bad->mbox[CDNA_MBOX(0, CDNA_MBOX_RX_PROD)] = bad->rx_prod - by;
}

/* Alternately, so that other load on the machine affects both alike (I8) */
TEST_F_TIMEOUT(faults, stale_descriptor_slows_nobody, 120)
{
	struct vdev *bad = &self->bad, *good = &self->good;
	long took, before = 0, after = 0;
	uint32_t accepted;
	int i;

	if (vdev_is_soft())
		SKIP(return, "only the trap rings mailboxes");
	for (i = 0; i < SLICES; i++) {
		took = send_slice(good, bad, noise_none);
		ASSERT_LT(0, took);
		before += took;

		/* A lap old, as in stale_descriptor, or never written */
		bad->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = bad->tx_prod + 5;
		took = send_slice(good, bad, noise_overrun);
		ASSERT_LT(0, took);
		after += took;

		ASSERT_EQ(CDNA_QUEUE_FAULTED,
			  vdev_wait_state(bad, TX, CDNA_QUEUE_FAULTED, 2000));
		ASSERT_EQ(CDNA_VRES_OK, vdev_command(bad, CDNA_VCMD_RESET));
		ASSERT_EQ(CDNA_VRES_OK, vdev_start(bad));
	}
	TH_LOG("%ld frames/s beside a context at rest, %ld beside a faulted one",
	       SLICES * BURSTS * BURST * 1000000l / before,
	       SLICES * BURSTS * BURST * 1000000l / after);
	EXPECT_LT(after, 2 * before);
	accepted = vdev_report(good, TX).accepted;
	EXPECT_EQ(good->tx_prod, accepted);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(good, TX).state);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(good, RX).state);
	EXPECT_EQ(0, vdev_stat(good->uuid, "faults"));
	EXPECT_LE(SLICES, vdev_stat(bad->uuid, "faults"));
}

TEST_HARNESS_MAIN
