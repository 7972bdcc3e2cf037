// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that a virtio network card receives, into buffers of all kinds: the header in
 * front, and where the data are.
 */
#include <linux/if_ether.h>
#include <string.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define SMALL	512	/* a buffer that takes no large frame */

FIXTURE(receive) {
	struct virtio virtio;
	uint8_t peer[ETH_ALEN];
};

FIXTURE_SETUP(receive)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xc3));
	ASSERT_EQ(0, virtio_start(&self->virtio, VIRTIO_USUAL));
	virtio_fill(&self->virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(&self->virtio, self->peer));
}

FIXTURE_TEARDOWN(receive)
{
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static void ask(struct virtio *virtio, const uint8_t *peer, uint8_t *frame,
		size_t payload)
{
	size_t len = frame_ping(&virtio->dev, peer, virtio_frame(virtio), 7,
				payload);

	memcpy(frame, virtio_frame(virtio), len);
	virtio_send(virtio, len);
}

/* Collect what is received. Return: bytes; @chains is what the header says */
static size_t collect(struct virtio *virtio, uint8_t *to, size_t room,
		      uint16_t *chains)
{
	struct virtq *queue = &virtio->queue[VIRTIO_RX];
	struct cdna_virtio_hdr hdr = {};
	struct vring_used_elem elem;
	size_t at = 0;
	uint16_t n = 0;

	do {
		if (!virtq_used(queue, &elem, 2000) || at + elem.len > room)
			return 0;
		memcpy(to + at, virtio_buffer(virtio, elem.id), elem.len);
		at += elem.len;
		if (!n)
			memcpy(&hdr, to, sizeof(hdr));
	} while (++n < hdr.num_buffers);
	*chains = hdr.num_buffers;
	return at;
}

/* Buffers that a few hundred bytes fill */
static void offer_small(struct virtio *virtio, uint16_t buffers)
{
	struct virtq *queue = &virtio->queue[VIRTIO_RX];
	struct virtio_piece piece = { .len = SMALL };
	uint16_t i;

	for (i = 0; i < buffers; i++) {
		piece.addr = virtio->dev.iova + MEM_RX_BUF + i * MEM_BUF;
		virtq_chain(queue, i, &piece, 1);
		virtq_offer(queue, i);
	}
	virtq_kick(virtio, queue);
}

TEST_F(receive, one_frame_in_many_buffers)
{
	uint8_t sent[ETH_FRAME_LEN], got[2 * ETH_FRAME_LEN];
	struct virtio *virtio = &self->virtio;
	size_t len = 0;
	uint16_t n = 0;

	if (!(virtio_offered(virtio) & FEATURE(VIRTIO_NET_F_MRG_RXBUF)))
		SKIP(return, "the NIC cannot do it");
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL |
					  FEATURE(VIRTIO_NET_F_MRG_RXBUF)));
	offer_small(virtio, 64);
	ask(virtio, self->peer, sent, 1400);
	do
		len = collect(virtio, got, sizeof(got), &n);
	while (len && !frame_is_reply(got + VIRTIO_HDR, len - VIRTIO_HDR, sent,
				      42 + 1400));
	EXPECT_EQ(VIRTIO_HDR + 42 + 1400, len);
	EXPECT_EQ((VIRTIO_HDR + 42 + 1400 + SMALL - 1) / SMALL, n);
}

/* A chain of a header's buffer, and one that is on two pages */
TEST_F(receive, one_frame_in_pieces)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_RX];
	uint64_t at = virtio->dev.iova + MEM_RX_BUF;
	uint8_t *mem = virtio->dev.mem + MEM_RX_BUF;
	uint8_t sent[ETH_FRAME_LEN];
	struct vring_used_elem elem;
	const uint8_t *frame;
	uint16_t i;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	for (i = 0; i < 64; i++, at += 2 * MEM_BUF) {
		const struct virtio_piece piece[] = {
			{ at + MEM_BUF - 7, VIRTIO_HDR },
			{ at + MEM_BUF - 707, 700 }, { at + MEM_BUF + 5, 1300 },
		};

		memset(virtio->dev.mem + MEM_RX_BUF + i * 2 * MEM_BUF, 0xa5,
		       2 * MEM_BUF);
		virtq_chain(queue, i * 4, piece, 3);
		virtq_offer(queue, i * 4);
	}
	virtq_kick(virtio, queue);
	ask(virtio, self->peer, sent, 1400);
	do {
		ASSERT_TRUE(virtq_used(queue, &elem, 2000));
		frame = mem + elem.id / 4 * 2 * MEM_BUF + MEM_BUF;
	} while (elem.len != VIRTIO_HDR + 42 + 1400);
	/* The header says one, and the data are where the pieces are. */
	EXPECT_EQ(1, frame[3] | frame[4] << 8);
	EXPECT_EQ(0, memcmp(frame - 707 + 38, sent + 38, 700 - 38));
	EXPECT_EQ(0, memcmp(frame + 5, sent + 700, 742));
	EXPECT_EQ(0xa5, frame[5 + 742]);
	EXPECT_EQ(0xa5, frame[-708]);
}

/* Without merged buffers a frame that does not fit is dropped, and no buffer is used. */
TEST_F(receive, buffers_that_are_too_small)
{
	struct virtio *virtio = &self->virtio;
	uint8_t sent[ETH_FRAME_LEN];
	const uint8_t *got;
	size_t len = 0;
	long drops = 0;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	offer_small(virtio, 8);
	if (vdev_is_soft())
		drops = vdev_port_stat(&virtio->dev, "drop_rx_no_buffer");
	ask(virtio, self->peer, sent, 1400);
	ASSERT_TRUE(virtio_sent(virtio, 2000));
	/* The answer to this comes after that to the first. */
	ask(virtio, self->peer, sent, 100);
	while ((got = virtio_receive(virtio, &len, 2000)))
		if (len > SMALL || frame_is_reply(got, len, sent, 142))
			break;
	ASSERT_NE(NULL, got);
	EXPECT_LE(len, SMALL);
	if (vdev_is_soft())
		EXPECT_EQ(drops + 1, vdev_port_stat(&virtio->dev,
						    "drop_rx_no_buffer"));
}

/* A frame that waits for more buffers than the guest has come to post is given up at last:
 * the host keeps 256 behind it.
 */
TEST_F(receive, a_frame_that_never_fits)
{
	struct virtio *virtio = &self->virtio;
	uint8_t sent[ETH_FRAME_LEN], got[2 * ETH_FRAME_LEN];
	long drops, kept;
	size_t len;
	uint16_t i, n;

	if (!vdev_is_soft())
		SKIP(return, "a NIC keeps no frames");
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL |
					  FEATURE(VIRTIO_NET_F_MRG_RXBUF)));
	/* Many once, which small frames use up; then one. */
	offer_small(virtio, 64);
	for (i = 0; i < 64; i++) {
		ask(virtio, self->peer, sent, 100);
		ASSERT_NE(0, collect(virtio, got, sizeof(got), &n));
	}
	drops = vdev_port_stat(&virtio->dev, "drop_rx_no_buffer");
	kept = vdev_port_stat(&virtio->dev, "rx_backlog");
	offer_small(virtio, 1);
	ask(virtio, self->peer, sent, 1400);
	for (i = 0; i < 300; i++)
		ask(virtio, self->peer, sent, 101);
	while ((len = collect(virtio, got, sizeof(got), &n)) &&
	       !frame_is_reply(got + VIRTIO_HDR, len - VIRTIO_HDR, sent,
			       42 + 101)) {
		/* Another frame was there first. */
		offer_small(virtio, 1);
		ask(virtio, self->peer, sent, 101);
	}
	EXPECT_EQ(VIRTIO_HDR + 42 + 101, len);
	EXPECT_LE(256, vdev_port_stat(&virtio->dev, "rx_backlog") - kept);
	EXPECT_LT(drops, vdev_port_stat(&virtio->dev, "drop_rx_no_buffer"));
}

/* All that a driver may ask of received frames: sums are right, or said to be. */
TEST_F(receive, all_that_is_offered)
{
	struct virtio *virtio = &self->virtio;
	uint16_t seq;

	ASSERT_EQ(0, virtio_start(virtio, virtio_offered(virtio)));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	for (seq = 0; seq < 16; seq++)
		EXPECT_TRUE(virtio_ping(virtio, self->peer, seq, seq * 90));
}

TEST_HARNESS_MAIN
