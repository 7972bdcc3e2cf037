// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio network card moves while the host has frames of it, which a softnic has handed over
 * without a copy.
 */
#include <linux/if_ether.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "plug.h"
#include "virtio_mig.h"

#define WIRE		"cdna-plug"	/* of a softnic, between bridge and peer */
#define BIG		(24 * 1024)
#define BIG_AT		0x140000	/* in the guest's memory */
#define BIG_HEAD	255		/* of the chain of the request, in a table */

FIXTURE(held) {
	struct virtio virtio;
	struct vdev *dev;
	uint8_t peer[ETH_ALEN];
	char uuid[40];
};

FIXTURE_SETUP(held)
{
	struct virtio *virtio = &self->virtio;

	if (!vdev_is_soft())
		SKIP(return, "a NIC reads the guest's pages itself");
	self->dev = &virtio->dev;
	ASSERT_EQ(0, virtio_new(virtio, 0xdf));
	memcpy(self->uuid, self->dev->uuid, sizeof(self->uuid));
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_CONTROLLED |
				  FEATURE(VIRTIO_NET_F_CSUM) |
				  FEATURE(VIRTIO_NET_F_HOST_TSO4)));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
}

FIXTURE_TEARDOWN(held)
{
	plug_remove(WIRE);
	EXPECT_EQ(0, vdev_stat(self->uuid, "faults"));
	vdev_close(self->dev);
	EXPECT_EQ(0, vdev_stat(self->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->uuid));
}

/* A segmentation request, which a softnic hands to the host without a copy */
static void send_big(struct virtio *virtio, const uint8_t *peer)
{
	struct virtq *tx = &virtio->queue[VIRTIO_TX];
	const uint64_t at = virtio->dev.iova + BIG_AT;
	uint8_t *mem = virtio->dev.mem + BIG_AT;
	const struct virtio_net_hdr_v1 hdr = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
		.hdr_len = 54, .gso_size = 1000, .csum_start = 34,
		.csum_offset = 16,
	};
	const struct virtio_piece piece[] = {
		{ at, VIRTIO_HDR }, { at + VIRTIO_HDR, BIG + 54 },
	};

	memcpy(mem, &hdr, VIRTIO_HDR);
	frame_tcp(&virtio->dev, peer, mem + VIRTIO_HDR, BIG);
	virtq_table(tx, BIG_HEAD, 0, piece, 2);
	virtq_offer(tx, BIG_HEAD);
	virtq_notify(virtio, tx);
}

/* What the host has is sent: where it moves, it is reported, in order, and not sent again. */
TEST_F(held, frames_that_the_host_has)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *tx = &virtio->queue[VIRTIO_TX];
	struct vring_used_elem elem;
	uint16_t before;

	before = tx->prod;
	ASSERT_EQ(0, plug_hold(WIRE));
	send_big(virtio, self->peer);
	virtio_send(virtio, frame_arp(self->dev, virtio_frame(virtio), PEER_IP));
	EXPECT_LT(0, vdev_port_stat(self->dev, "guest_tx_frames"));
	EXPECT_LT(0, vdev_port_stat(self->dev, "tx_zerocopy_held_bytes"));
	ASSERT_EQ(0, mig_go(self->dev, MIG_STOP, NULL));
	EXPECT_EQ(before, tx->used->idx);
	EXPECT_EQ(0, virtio_move(virtio, self->uuid));
	tx = &virtio->queue[VIRTIO_TX];
	EXPECT_TRUE(virtq_reaches(tx, before + 2, 2000));
	ASSERT_TRUE(virtq_used(tx, &elem, 0));
	EXPECT_EQ(BIG_HEAD, elem.id);
	ASSERT_TRUE(virtq_used(tx, &elem, 0));
	EXPECT_GT(BIG_HEAD, elem.id);
	/* A device that is opened counts from 0. */
	EXPECT_EQ(0, vdev_port_stat(self->dev, "guest_tx_frames"));
	EXPECT_EQ(0, plug_release(WIRE));
	EXPECT_EQ(0, plug_remove(WIRE));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
}

TEST_HARNESS_MAIN
