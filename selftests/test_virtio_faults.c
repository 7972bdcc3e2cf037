// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stops a virtqueue: rings that break the rules. That queue stops, the other goes
 * on, the device says DEVICE_NEEDS_RESET, and a reset cures it. So it does where the
 * whole context is stopped.
 */
#include <linux/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define GOOD		3
#define BAD		200	/* head of the bad chain */
#define NOWHERE		0x7000000000ull

FIXTURE(faults) {
	struct virtio virtio;
	struct vdev other;
	uint8_t peer[ETH_ALEN];
};

FIXTURE_SETUP(faults)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xc6));
	ASSERT_EQ(0, vdev_new(&self->other, 0xc7));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	ASSERT_EQ(0, virtio_start(&self->virtio, VIRTIO_USUAL));
	virtio_fill(&self->virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(&self->virtio, self->peer));
}

FIXTURE_TEARDOWN(faults)
{
	EXPECT_EQ(0, vdev_delete(&self->other));
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static void works_again(struct __test_metadata *_metadata,
			struct virtio *virtio)
{
	uint8_t peer[ETH_ALEN];

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	EXPECT_FALSE(virtio_needs_reset(virtio));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_TRUE(virtio_peer_mac(virtio, peer));
}

/* What is made of a chain that was good; it is offered after this. */
typedef void (*spoil_fn)(struct virtq *queue);

static void index_too_far(struct virtq *queue)
{
	queue->prod += VIRTIO_SIZE;
}

static void head_out_of_bounds(struct virtq *queue)
{
	queue->avail->ring[queue->prod % VIRTIO_SIZE] = VIRTIO_SIZE;
}

static void loop(struct virtq *queue)
{
	queue->desc[BAD].flags |= VRING_DESC_F_NEXT;
	queue->desc[BAD].next = BAD;
}

static void next_out_of_bounds(struct virtq *queue)
{
	queue->desc[BAD].flags |= VRING_DESC_F_NEXT;
	queue->desc[BAD].next = 0xffff;
}

static void use_table(struct virtq *queue)
{
	const struct virtio_piece piece = {
		queue->desc[BAD].addr, queue->desc[BAD].len,
	};

	virtq_table(queue, BAD, 0, &piece, 1);
}

static void nested_tables(struct virtq *queue)
{
	use_table(queue);
	virtq_table_at(queue, 0)->flags |= VRING_DESC_F_INDIRECT;
}

static void table_with_next(struct virtq *queue)
{
	use_table(queue);
	queue->desc[BAD].flags |= VRING_DESC_F_NEXT;
}

static void table_of_odd_size(struct virtq *queue)
{
	use_table(queue);
	queue->desc[BAD].len += 8;
}

static void table_nowhere(struct virtq *queue)
{
	use_table(queue);
	queue->desc[BAD].addr = NOWHERE;
}

static void zero_length(struct virtq *queue)
{
	queue->desc[BAD].len = 0;
}

static void wrong_direction(struct virtq *queue)
{
	queue->desc[BAD].flags ^= VRING_DESC_F_WRITE;
}

static void nowhere(struct virtq *queue)
{
	queue->desc[BAD].addr = NOWHERE;
}

static void end_of_the_address_space(struct virtq *queue)
{
	queue->desc[BAD].addr = ~0ull - 15;
}

static const struct {
	const char *name;
	spoil_fn spoil;
	const char *reason;
} wrong[] = {
	{ "index too far", index_too_far, "tail" },
	{ "head out of bounds", head_out_of_bounds, "chain" },
	{ "loop", loop, "chain" },
	{ "next out of bounds", next_out_of_bounds, "chain" },
	{ "nested tables", nested_tables, "flags" },
	{ "table with next", table_with_next, "flags" },
	{ "table of odd size", table_of_odd_size, "chain" },
	{ "table nowhere", table_nowhere, "unmapped" },
	{ "zero length", zero_length, "length" },
	{ "wrong direction", wrong_direction, "flags" },
	{ "buffer nowhere", nowhere, "unmapped" },
	{ "end of the address space", end_of_the_address_space, "unmapped" },
};

/* Offer the bad chain. Its entry may be what is wrong. */
static void offer_bad(struct virtio *virtio, struct virtq *queue,
		      spoil_fn spoil)
{
	const struct virtio_piece piece = {
		virtio->dev.iova + MEM_TX_BUF, 100,
	};

	/* News from before */
	vdev_interrupted(&virtio->dev, VIRTIO_VECTOR_CONFIG, 0);
	virtio_load(virtio, VIRTIO_PCI_CAP_ISR_CFG, 0, 1);
	virtq_chain(queue, BAD, &piece, 1);
	queue->avail->ring[queue->prod % VIRTIO_SIZE] = BAD;
	spoil(queue);
	__atomic_store_n(&queue->avail->idx, ++queue->prod, __ATOMIC_RELEASE);
	virtq_notify(virtio, queue);
}

/* Our broadcast is heard, though the other queue has stopped. */
static bool can_send(struct virtio *virtio)
{
	virtio_send(virtio, frame_arp(&virtio->dev, virtio_frame(virtio),
				      PEER_IP));
	return virtio_sent(virtio, 2000);
}

static bool can_receive(struct virtio *virtio, struct vdev *other)
{
	size_t len = frame_arp(other, other->mem + MEM_TX_BUF, PEER_IP);
	const uint8_t *got;

	vdev_post_tx(other, other->iova + MEM_TX_BUF, len, CDNA_DESC_EOP);
	vdev_trap(other);
	vdev_ring(other);
	while ((got = virtio_receive(virtio, &len, 2000)))
		if (!memcmp(got + ETH_ALEN, other->mac, ETH_ALEN))
			return true;
	return false;
}

static void expect_stopped(struct __test_metadata *_metadata,
			   struct virtio *virtio, const char *name)
{
	uint8_t isr;

	EXPECT_TRUE(virtio_needs_reset(virtio)) {
		TH_LOG("%s: no reset is asked for", name);
	}
	EXPECT_TRUE(vdev_interrupted(&virtio->dev, VIRTIO_VECTOR_CONFIG, 2000));
	isr = virtio_load(virtio, VIRTIO_PCI_CAP_ISR_CFG, 0, 1);
	EXPECT_EQ(VIRTIO_PCI_ISR_CONFIG, isr);
	EXPECT_EQ(0, virtio_load(virtio, VIRTIO_PCI_CAP_ISR_CFG, 0, 1));
}

TEST_F_TIMEOUT(faults, chains_that_cannot_be_sent, 120)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *tx = &virtio->queue[VIRTIO_TX];
	const char *uuid = virtio->dev.uuid;
	long faults, reasons;
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		faults = vdev_stat(uuid, "faults");
		reasons = vdev_faults(virtio->dev.uuid, wrong[i].reason);
		for (n = 0; n < GOOD; n++)
			EXPECT_TRUE(can_send(virtio));
		offer_bad(virtio, tx, wrong[i].spoil);
		expect_stopped(_metadata, virtio, wrong[i].name);
		EXPECT_EQ(faults + 1, vdev_stat(uuid, "faults")) {
			TH_LOG("%s is not counted", wrong[i].name);
		}
		EXPECT_EQ(reasons + 1,
			  vdev_faults(virtio->dev.uuid, wrong[i].reason)) {
			TH_LOG("%s is counted as another", wrong[i].name);
		}
		/* It stays stopped, and is not judged again. */
		virtq_notify(virtio, tx);
		EXPECT_EQ(faults + 1, vdev_stat(uuid, "faults"));
		EXPECT_TRUE(can_receive(virtio, &self->other)) {
			TH_LOG("%s: nothing is received", wrong[i].name);
		}
		EXPECT_EQ(tx->seen, tx->used->idx);
		works_again(_metadata, virtio);
	}
}

TEST_F_TIMEOUT(faults, chains_that_cannot_be_received_into, 120)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *rx = &virtio->queue[VIRTIO_RX];
	const char *uuid = virtio->dev.uuid;
	long faults, reasons;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		faults = vdev_stat(uuid, "faults");
		reasons = vdev_faults(virtio->dev.uuid, wrong[i].reason);
		offer_bad(virtio, rx, wrong[i].spoil);
		expect_stopped(_metadata, virtio, wrong[i].name);
		EXPECT_EQ(faults + 1, vdev_stat(uuid, "faults")) {
			TH_LOG("%s is not counted", wrong[i].name);
		}
		EXPECT_EQ(reasons + 1,
			  vdev_faults(virtio->dev.uuid, wrong[i].reason)) {
			TH_LOG("%s is counted as another", wrong[i].name);
		}
		EXPECT_TRUE(can_send(virtio)) {
			TH_LOG("%s: nothing is sent", wrong[i].name);
		}
		works_again(_metadata, virtio);
	}
}

/* Tables where none were negotiated */
TEST_F(faults, table_without_the_feature)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_PLAIN));
	offer_bad(virtio, &virtio->queue[VIRTIO_TX], use_table);
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_EQ(1, vdev_faults(virtio->dev.uuid, "flags"));
	works_again(_metadata, virtio);
}

/* A context that is revoked has no link, and comes back with a reset. */
TEST_F(faults, revoked)
{
	struct virtio *virtio = &self->virtio;
	const uint32_t status = offsetof(struct virtio_net_config, status);

	ASSERT_EQ(0, vdev_set(virtio->dev.uuid, "state", "revoked"));
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_EQ(0, virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, status, 2));
	EXPECT_EQ(0, vdev_stat(virtio->dev.uuid, "pins_now"));
	EXPECT_NE(0, virtio_start(virtio, VIRTIO_USUAL));
	ASSERT_EQ(0, vdev_set(virtio->dev.uuid, "state", "configured"));
	works_again(_metadata, virtio);
}

TEST_F(faults, bus_mastering_is_off)
{
	struct virtio *virtio = &self->virtio;

	vdev_master(&virtio->dev, false);
	EXPECT_TRUE(virtio_needs_reset(virtio));
	EXPECT_EQ(0, vdev_stat(virtio->dev.uuid, "pins_now"));
	EXPECT_NE(0, virtio_start(virtio, VIRTIO_USUAL));
	vdev_master(&virtio->dev, true);
	works_again(_metadata, virtio);
}

TEST_HARNESS_MAIN
