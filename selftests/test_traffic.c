// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames out to the peer and back, contents compared.
 */
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

FIXTURE(traffic) {
	struct vdev dev;
};

FIXTURE_SETUP(traffic)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 1));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
}

FIXTURE_TEARDOWN(traffic)
{
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

#define TX	CDNA_VQUEUE(0, CDNA_DIR_TX)

TEST_F(traffic, one_frame_out)
{
	struct vdev *dev = &self->dev;
	size_t len = frame_arp(dev, dev->mem + MEM_TX_BUF, PEER_IP);

	vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	EXPECT_EQ(1, vdev_report(dev, TX).accepted);
	vdev_ring(dev);
	EXPECT_TRUE(vdev_tx_done(dev, 2000));
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
}

TEST_F(traffic, peer_answers_arp)
{
	static const uint8_t peer[6] = { 0x02, 0xcd, 0xa0, 0xff, 0x00, 0x01 };
	uint8_t mac[6];

	ASSERT_TRUE(vdev_peer_mac(&self->dev, mac));
	EXPECT_EQ(0, memcmp(mac, peer, 6));
}

TEST_F(traffic, echo_of_every_size)
{
	uint8_t peer[6];
	size_t payload;
	uint16_t seq = 0;

	ASSERT_TRUE(vdev_peer_mac(&self->dev, peer));
	for (payload = 0; payload <= 1472; payload += 64)
		ASSERT_TRUE(vdev_ping(&self->dev, peer, seq++, payload)) {
			TH_LOG("no echo of %zu bytes", payload);
		}
	EXPECT_TRUE(vdev_ping(&self->dev, peer, seq, 1472));
}

/* Rings of 256 slots wrap four times, and so do sequence numbers. */
TEST_F(traffic, rings_go_round)
{
	uint8_t peer[6];
	uint16_t seq;

	ASSERT_TRUE(vdev_peer_mac(&self->dev, peer));
	for (seq = 0; seq < 4 * VDEV_SLOTS; seq++)
		ASSERT_TRUE(vdev_ping(&self->dev, peer, seq, 100)) {
			TH_LOG("echo %u was lost", seq);
		}
	EXPECT_LT(4 * VDEV_SLOTS, self->dev.tx_prod);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "faults"));
}

TEST_F(traffic, frame_in_pieces)
{
	struct vdev *dev = &self->dev;
	uint8_t frame[256], peer[6];
	struct cdna_rx_completion comp;
	size_t len, at = 0, piece, n = 0;
	bool found = false;

	ASSERT_TRUE(vdev_peer_mac(dev, peer));
	len = frame_ping(dev, peer, frame, 1, 100);
	/* Each piece ends at a page's end, which it must not cross. */
	while (at < len) {
		size_t buf = MEM_TX_BUF + n++ * MEM_BUF;

		piece = len - at < 37 ? len - at : 37;
		memcpy(dev->mem + buf + MEM_BUF - piece, frame + at, piece);
		at += piece;
		vdev_post_tx(dev, VDEV_IOVA + buf + MEM_BUF - piece, piece,
			     at == len ? CDNA_DESC_EOP : 0);
	}
	vdev_trap(dev);
	vdev_ring(dev);
	while (!found && vdev_rx_next(dev, &comp, 2000))
		found = comp.len >= len &&
			!memcmp(vdev_rx_buf(dev, comp.index) + 38, frame + 38,
				len - 38);
	EXPECT_TRUE(found);
}

TEST_F(traffic, interrupts_follow_frames)
{
	struct vdev *dev = &self->dev;
	uint8_t peer[6];

	EXPECT_FALSE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_QP(1), 0));
	ASSERT_TRUE(vdev_peer_mac(dev, peer));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_QP(0), 2000));
	/* Re-armed with what was seen: a later event raises it again. */
	dev->mbox[CDNA_MBOX(0, CDNA_MBOX_REARM)] = vdev_status(dev)->event;
	EXPECT_TRUE(vdev_ping(dev, peer, 1, 64));
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_QP(0), 2000));
	EXPECT_FALSE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 0));
	EXPECT_LE(2, vdev_stat(dev->uuid, "interrupts"));
}

TEST_F(traffic, works_after_reset)
{
	uint8_t peer[6];
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_TRUE(vdev_peer_mac(&self->dev, peer));
		ASSERT_EQ(CDNA_VRES_OK,
			  vdev_command(&self->dev, CDNA_VCMD_RESET));
		EXPECT_EQ(CDNA_CTX_CONFIGURED,
			  vdev_read(&self->dev, CDNA_VREG_STATE));
		ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	}
}

TEST_F(traffic, pins_stay_bounded)
{
	struct vdev *dev = &self->dev;
	size_t page, len;
	long pins;

	/* Every page is sent from; the cache stays within its limit. */
	for (page = 0; page < VDEV_MEMORY / MEM_BUF; page++) {
		if (page * MEM_BUF < MEM_TX_BUF)
			continue;
		len = frame_arp(dev, dev->mem + page * MEM_BUF, PEER_IP);
		vdev_post_tx(dev, VDEV_IOVA + page * MEM_BUF, len,
			     CDNA_DESC_EOP);
		vdev_trap(dev);
		vdev_ring(dev);
		ASSERT_TRUE(vdev_tx_done(dev, 2000));
	}
	pins = vdev_stat(dev->uuid, "pins_now");
	EXPECT_LT(0, pins);
	EXPECT_LE(pins, vdev_stat(dev->uuid, "pins_limit"));
	/* Two rings of VDEV_SLOTS can name that many pages. */
	EXPECT_LT(pins, 4 * 2 * VDEV_SLOTS);
}

TEST_HARNESS_MAIN
