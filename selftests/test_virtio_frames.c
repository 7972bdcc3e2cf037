// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that a virtio network card sends, in chains of all kinds, and which it does
 * not.
 */
#include <linux/if_ether.h>
#include <string.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define MANY		3000	/* frames, at least: rings wrap often */
#define TO_WRAP		66000	/* where the index has wrapped, if there is time */
#define WRAP_SECONDS	20
#define BATCH		32

FIXTURE(frames) {
	struct virtio virtio;
	struct vdev other;	/* a context that hears broadcasts */
	uint8_t peer[ETH_ALEN];
};

FIXTURE_SETUP(frames)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xc1));
	ASSERT_EQ(0, vdev_new(&self->other, 0xc2));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	ASSERT_EQ(0, virtio_start(&self->virtio, VIRTIO_USUAL));
	virtio_fill(&self->virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(&self->virtio, self->peer));
}

FIXTURE_TEARDOWN(frames)
{
	EXPECT_EQ(0, vdev_delete(&self->other));
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "nic_out_of_bounds"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

TEST_F(frames, peer_answers_arp)
{
	static const uint8_t peer[] = { 0x02, 0xcd, 0xa0, 0xff, 0x00, 0x01 };

	EXPECT_EQ(0, memcmp(self->peer, peer, ETH_ALEN));
}

TEST_F(frames, echo_of_every_size)
{
	size_t payload;

	for (payload = 0; payload <= 1472; payload += 64)
		ASSERT_TRUE(virtio_ping(&self->virtio, self->peer, payload,
					payload)) {
			TH_LOG("no echo of %zu bytes", payload);
		}
	EXPECT_TRUE(virtio_ping(&self->virtio, self->peer, 1, 1472));
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "faults"));
}

/* Offer a chain whose head is @head, and have it used. Return: whether it was, rightly */
static bool used_rightly(struct virtio *virtio, uint16_t head)
{
	struct virtq *queue = &virtio->queue[VIRTIO_TX];
	struct vring_used_elem elem;

	virtq_offer(queue, head);
	virtq_kick(virtio, queue);
	return virtq_used(queue, &elem, 2000) && elem.id == head && !elem.len;
}

/* An echo of what @sent says was answered; others' frames are skipped. */
static bool answered(struct virtio *virtio, const uint8_t *sent, size_t len)
{
	const uint8_t *got;
	size_t bytes;

	while ((got = virtio_receive(virtio, &bytes, 2000)))
		if (frame_is_reply(got, bytes, sent, len))
			return true;
	return false;
}

/* Cut header and frame into pieces of @cut bytes, that many pages apart. */
static uint16_t cut_chain(struct virtio *virtio, const uint8_t *frame,
			  size_t len, size_t cut, struct virtio_piece *piece)
{
	static const uint8_t hdr[VIRTIO_HDR];
	uint8_t all[VIRTIO_HDR + ETH_FRAME_LEN];
	size_t at, to = MEM_TX_BUF, n;
	uint16_t pieces = 0;

	memcpy(all, hdr, VIRTIO_HDR);
	memcpy(all + VIRTIO_HDR, frame, len);
	for (at = 0; at < VIRTIO_HDR + len; at += n, to += 2 * MEM_BUF) {
		n = VIRTIO_HDR + len - at < cut ? VIRTIO_HDR + len - at : cut;
		/* A piece that is on two pages, if it has two bytes */
		memcpy(virtio->dev.mem + to + MEM_BUF - n / 2, all + at, n);
		piece[pieces++] = (struct virtio_piece) {
			virtio->dev.iova + to + MEM_BUF - n / 2, n,
		};
	}
	return pieces;
}

TEST_F(frames, chains_of_any_shape)
{
	static const size_t cuts[] = { 7, 12, 13, 60, 200, 2000 };
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_TX];
	struct virtio_piece piece[64];
	uint8_t frame[ETH_FRAME_LEN];
	uint16_t pieces;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(cuts); i++) {
		len = frame_ping(&virtio->dev, self->peer, frame, i, 70);
		pieces = cut_chain(virtio, frame, len, cuts[i], piece);
		virtq_chain(queue, 100, piece, pieces);
		EXPECT_TRUE(used_rightly(virtio, 100));
		EXPECT_TRUE(answered(virtio, frame, len)) {
			TH_LOG("no echo of pieces of %zu bytes", cuts[i]);
		}
		len = frame_ping(&virtio->dev, self->peer, frame, 100 + i, 70);
		pieces = cut_chain(virtio, frame, len, cuts[i], piece);
		virtq_table(queue, 255, i, piece, pieces);
		EXPECT_TRUE(used_rightly(virtio, 255));
		EXPECT_TRUE(answered(virtio, frame, len)) {
			TH_LOG("no echo of a table of %u pieces", pieces);
		}
	}
	EXPECT_EQ(0, vdev_stat(virtio->dev.uuid, "faults"));
}

/* A broadcast whose target says which it is */
static size_t broadcast(struct virtio *virtio, uint8_t *frame, uint8_t n)
{
	return frame_arp(&virtio->dev, frame, 0xc6130000u + n);
}

/* Which of our broadcasts the other context hears next, or -1 */
static int heard(struct virtio *virtio, struct vdev *other, int ms)
{
	struct cdna_rx_completion comp;
	const uint8_t *got;

	while (vdev_rx_next(other, &comp, ms)) {
		got = vdev_rx_buf(other, comp.index);
		vdev_repost(other);
		vdev_trap(other);
		vdev_ring(other);
		if (comp.len >= 42 && got[38] == 0xc6 && got[39] == 0x13 &&
		    !memcmp(got + 6, virtio->dev.mac, ETH_ALEN))
			return got[41];
	}
	return -1;
}

/* Requests that no driver makes, in front of a frame */
static const struct cdna_virtio_hdr nonsense[] = {
	/* No checksum was negotiated. */
	{ .flags = CDNA_VIRTIO_HDR_NEEDS_CSUM, .csum_start = 34 },
	{ .flags = CDNA_VIRTIO_HDR_NEEDS_CSUM, .csum_start = 0xffff,
	  .csum_offset = 0xffff },
	/* Nor were segments. */
	{ .gso_type = CDNA_VIRTIO_GSO_TCPV4, .gso_size = 1000 },
	{ .flags = CDNA_VIRTIO_HDR_NEEDS_CSUM, .csum_start = 34,
	  .csum_offset = 16, .gso_type = CDNA_VIRTIO_GSO_TCPV6 },
	{ .gso_type = 0x7f, .gso_size = 0xffff },
};

/* They are used, and not sent; what follows is. */
TEST_F(frames, what_cannot_be_sent)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_TX];
	struct virtio_piece piece = { virtio->dev.iova + MEM_TX_BUF };
	uint8_t *mem = virtio->dev.mem + MEM_TX_BUF;
	size_t len = broadcast(virtio, mem + VIRTIO_HDR, 1), i, n = 0;
	long runts = 0;

	if (vdev_is_soft())
		runts = vdev_port_stat(&virtio->dev, "drop_tx_runt");
	memset(mem, 0, VIRTIO_HDR);
	/* A header, and less; and no whole header of Ethernet */
	for (i = 1; i < VIRTIO_HDR + ETH_HLEN; i++, n++) {
		piece.len = i;
		virtq_chain(queue, 3, &piece, 1);
		EXPECT_TRUE(used_rightly(virtio, 3));
	}
	piece.len = VIRTIO_HDR + len;
	virtq_chain(queue, 3, &piece, 1);
	for (i = 0; i < ARRAY_SIZE(nonsense); i++, n++) {
		memcpy(mem, &nonsense[i], VIRTIO_HDR);
		EXPECT_TRUE(used_rightly(virtio, 3));
	}
	EXPECT_FALSE(virtio_needs_reset(virtio));
	EXPECT_EQ(0, vdev_stat(virtio->dev.uuid, "faults"));
	if (vdev_is_soft())
		EXPECT_EQ(runts + n,
			  vdev_port_stat(&virtio->dev, "drop_tx_runt"));
	virtio_send(virtio, broadcast(virtio, virtio_frame(virtio), 2));
	EXPECT_EQ(2, heard(virtio, &self->other, 2000));
}

/* More pieces than the NIC takes, and more bytes */
TEST_F(frames, chains_that_are_too_long)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_TX];
	struct virtio_piece piece[CDNA_MAX_VIRTIO_CHAIN + 2];
	size_t i;

	memset(virtio->dev.mem + MEM_TX_BUF, 0, MEM_BUF);
	for (i = 0; i < ARRAY_SIZE(piece); i++)
		piece[i] = (struct virtio_piece) {
			virtio->dev.iova + MEM_TX_BUF + i * VIRTIO_HDR,
			VIRTIO_HDR,
		};
	virtq_chain(queue, 0, piece, ARRAY_SIZE(piece));
	EXPECT_TRUE(used_rightly(virtio, 0));
	for (i = 1; i < ARRAY_SIZE(piece); i++)
		piece[i].len = 2 * MEM_BUF;
	virtq_table(queue, 1, 0, piece, 10);
	EXPECT_TRUE(used_rightly(virtio, 1));
	EXPECT_FALSE(virtio_needs_reset(virtio));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
}

/* A frame of a type that nobody answers */
static void send_small(struct virtio *virtio, const uint8_t *peer)
{
	uint8_t *frame = virtio_frame(virtio);

	memset(frame, 0, ETH_ZLEN);
	memcpy(frame, peer, ETH_ALEN);
	memcpy(frame + ETH_ALEN, virtio->dev.mac, ETH_ALEN);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	virtio_send(virtio, ETH_ZLEN);
}

/* Rings go round, and so do indices if the machine is fast enough. */
TEST_F_TIMEOUT(frames, rings_go_round, 240)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_TX];
	long end = vdev_now_us() + WRAP_SECONDS * 1000000;
	struct vring_used_elem elem;
	uint32_t total = 0, i;
	uint16_t head;

	while (total < MANY || (total < TO_WRAP && vdev_now_us() < end)) {
		for (i = 0; i < BATCH; i++)
			send_small(virtio, self->peer);
		for (i = 0; i < BATCH; i++) {
			head = queue->seen % VIRTIO_SLOTS * VIRTIO_SLOT_DESCS;
			ASSERT_TRUE(virtq_used(queue, &elem, 5000));
			ASSERT_EQ(head, elem.id);
			ASSERT_EQ(0, elem.len);
		}
		total += BATCH;
	}
	TH_LOG("%u frames were sent", total);
	for (i = 0; i < 4 * VIRTIO_SIZE; i++)
		ASSERT_TRUE(virtio_ping(virtio, self->peer, i, 100)) {
			TH_LOG("echo %u was lost", i);
		}
	EXPECT_EQ(0, vdev_stat(virtio->dev.uuid, "faults"));
}

TEST_HARNESS_MAIN
