// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control queue of a virtio network card: how commands are answered, and chains that
 * break the rules.
 */
#include <linux/if_ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define BAD		200	/* head of the bad chain */
#define NOWHERE		0x7000000000ull
#define QUIET_US	20000	/* in which a late answer would be seen */

FIXTURE(ctrl) {
	struct virtio virtio;
	uint8_t peer[ETH_ALEN];
};

FIXTURE_SETUP(ctrl)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xca));
	ASSERT_EQ(0, virtio_start(&self->virtio, VIRTIO_CONTROLLED));
	virtio_fill(&self->virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(&self->virtio, self->peer));
}

FIXTURE_TEARDOWN(ctrl)
{
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static void works_again(struct __test_metadata *_metadata,
			struct virtio *virtio)
{
	uint8_t peer[ETH_ALEN];

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_CONTROLLED));
	EXPECT_FALSE(virtio_needs_reset(virtio));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_TRUE(virtio_peer_mac(virtio, peer));
	EXPECT_EQ(VIRTIO_NET_ERR, virtio_command(virtio, 0xff, 0, "", 0));
}

/* Whatever class, command and length: it is answered, and nothing else happens. */
TEST_F(ctrl, unknown_commands)
{
	static const uint8_t zero[CONTROL_BYTES / 2];
	struct virtio *virtio = &self->virtio;
	uint32_t i;

	for (i = 0; i < 256; i++)
		EXPECT_EQ(VIRTIO_NET_ERR,
			  virtio_command(virtio, i < 6 ? 6 : i, i, zero, i));
	EXPECT_EQ(VIRTIO_NET_ERR,
		  virtio_command(virtio, 0xff, 0, zero, sizeof(zero)));
	EXPECT_FALSE(virtio_needs_reset(virtio));
	EXPECT_EQ(0, vdev_stat(virtio->dev.uuid, "faults"));
	EXPECT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
}

/* Interrupts of answers are those that the guest has asked for. */
TEST_F(ctrl, interrupts)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_CTRL];
	const unsigned int vector = VIRTIO_VECTOR(VIRTIO_CTRL);
	uint32_t i;

	virtio_command(virtio, 0xff, 0, "", 0);
	vdev_interrupted(&virtio->dev, vector, 0);
	virtq_used_event(queue, queue->seen + 1);
	virtio_command(virtio, 0xff, 0, "", 0);
	EXPECT_FALSE(vdev_interrupted(&virtio->dev, vector, 50));
	virtio_command(virtio, 0xff, 0, "", 0);
	EXPECT_TRUE(vdev_interrupted(&virtio->dev, vector, 2000));
	for (i = 0; i < 8; i++)
		virtio_command(virtio, 0xff, 0, "", 0);
	EXPECT_FALSE(vdev_interrupted(&virtio->dev, vector, 50));
}

/* Without event index and tables */
TEST_F(ctrl, plain)
{
	struct virtio *virtio = &self->virtio;
	uint32_t i;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_PLAIN |
				  FEATURE(VIRTIO_NET_F_CTRL_VQ)));
	for (i = 0; i < 600; i++)
		ASSERT_EQ(VIRTIO_NET_ERR,
			  virtio_command(virtio, 0xff, 0, "", 0));
	EXPECT_TRUE(vdev_interrupted(&virtio->dev, VIRTIO_VECTOR(VIRTIO_CTRL),
				     2000));
}

/* Nobody serves a queue that was not negotiated. */
TEST_F(ctrl, without_the_feature)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_TRUE(virtio_reset(virtio));
	ASSERT_TRUE(virtio_negotiate(virtio, VIRTIO_USUAL));
	virtio_enable(virtio, &virtio->queue[VIRTIO_CTRL]);
	ASSERT_EQ(0, virtio_go(virtio));
	EXPECT_EQ(-1, virtio_command(virtio, 0xff, 0, "", 0));
	EXPECT_FALSE(virtio_needs_reset(virtio));
}

/* What is made of a chain that was good; it is offered after this. Its descriptors are
 * the header, some data, and the answer.
 */
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
	queue->desc[BAD + 1].next = BAD;
}

static void next_out_of_bounds(struct virtq *queue)
{
	queue->desc[BAD + 1].next = 0xffff;
}

static void half_a_header(struct virtq *queue)
{
	queue->desc[BAD].len = 1;
	queue->desc[BAD].next = BAD + 2;
}

static void no_answer(struct virtq *queue)
{
	queue->desc[BAD + 1].flags = 0;
}

static void answer_for_reading(struct virtq *queue)
{
	queue->desc[BAD + 2].flags = 0;
}

static void answer_first(struct virtq *queue)
{
	queue->desc[BAD].flags |= VRING_DESC_F_WRITE;
}

static void answer_of_no_length(struct virtq *queue)
{
	queue->desc[BAD + 2].len = 0;
}

static void header_nowhere(struct virtq *queue)
{
	queue->desc[BAD].addr = NOWHERE;
}

static void answer_nowhere(struct virtq *queue)
{
	queue->desc[BAD + 2].addr = NOWHERE;
}

static void end_of_the_address_space(struct virtq *queue)
{
	queue->desc[BAD + 1].addr = ~0ull - 3;
}

static void table_nowhere(struct virtq *queue)
{
	queue->desc[BAD] = (struct vring_desc) {
		.addr = NOWHERE,
		.len = 3 * sizeof(struct vring_desc),
		.flags = VRING_DESC_F_INDIRECT,
	};
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
	{ "half a header", half_a_header, "length" },
	{ "no answer", no_answer, "length" },
	{ "answer for reading", answer_for_reading, "length" },
	{ "answer first", answer_first, "flags" },
	{ "answer of no length", answer_of_no_length, "length" },
	{ "header nowhere", header_nowhere, "unmapped" },
	{ "answer nowhere", answer_nowhere, "unmapped" },
	{ "end of the address space", end_of_the_address_space, "unmapped" },
	{ "table nowhere", table_nowhere, "unmapped" },
};

static void offer_bad(struct virtio *virtio, spoil_fn spoil)
{
	struct virtq *queue = &virtio->queue[VIRTIO_CTRL];

	vdev_interrupted(&virtio->dev, VIRTIO_VECTOR_CONFIG, 0);
	virtio_command_at(virtio, BAD, virtio->dev.mem + MEM_CONTROL + 8,
			  virtio->dev.iova + MEM_CONTROL + 8, 10);
	queue->avail->ring[queue->prod % VIRTIO_SIZE] = BAD;
	spoil(queue);
	__atomic_store_n(&queue->avail->idx, ++queue->prod, __ATOMIC_RELEASE);
	virtq_notify(virtio, queue);
}

TEST_F_TIMEOUT(ctrl, chains_that_stop_it, 120)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_CTRL];
	const char *uuid = virtio->dev.uuid;
	long faults, reasons;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		faults = vdev_stat(uuid, "faults");
		reasons = vdev_faults(virtio->dev.uuid, wrong[i].reason);
		EXPECT_EQ(VIRTIO_NET_ERR,
			  virtio_command(virtio, 0xff, 0, "", 0));
		offer_bad(virtio, wrong[i].spoil);
		EXPECT_TRUE(vdev_interrupted(&virtio->dev, VIRTIO_VECTOR_CONFIG,
					     2000)) {
			TH_LOG("%s: no interrupt", wrong[i].name);
		}
		EXPECT_TRUE(virtio_needs_reset(virtio));
		EXPECT_EQ(faults + 1, vdev_stat(uuid, "faults"));
		EXPECT_EQ(reasons + 1,
			  vdev_faults(virtio->dev.uuid, wrong[i].reason)) {
			TH_LOG("%s is counted as another", wrong[i].name);
		}
		EXPECT_EQ(0xff, virtio->dev.mem[MEM_CONTROL + 7]);
		/* It stays stopped, and the others go on. */
		virtq_notify(virtio, queue);
		usleep(QUIET_US);
		EXPECT_EQ(queue->seen, queue->used->idx);
		EXPECT_EQ(faults + 1, vdev_stat(uuid, "faults"));
		EXPECT_TRUE(virtio_ping(virtio, self->peer, i, 100));
		works_again(_metadata, virtio);
	}
}

/* As many bytes as descriptors can say are one more command that is not known. */
TEST_F(ctrl, a_huge_command)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_CTRL];
	uint8_t *mem = virtio->dev.mem + MEM_CONTROL + 8;
	struct vring_used_elem elem;

	mem[0] = 0xff;
	virtio_command_at(virtio, BAD, mem, virtio->dev.iova + MEM_CONTROL + 8,
			  10);
	queue->desc[BAD].len = 0xfff00000;
	queue->desc[BAD + 1].len = 0xfff00000;
	virtq_offer(queue, BAD);
	virtq_notify(virtio, queue);
	ASSERT_TRUE(virtq_used(queue, &elem, 2000));
	EXPECT_EQ(VIRTIO_NET_ERR, mem[-1]);
	EXPECT_FALSE(virtio_needs_reset(virtio));
}

TEST_HARNESS_MAIN
