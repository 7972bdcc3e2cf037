// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several queue pairs of a virtio network card: where the control queue is then, which
 * pairs receive, that each transmits and interrupts by its own, and numbers that are
 * refused.
 */
#include <linux/if_ether.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "virtio_flows.h"

#define FLOWS		192
#define ROUNDS		60
#define MANY		(VIRTIO_CONTROLLED | FEATURE(VIRTIO_NET_F_MQ))

FIXTURE(mq) {
	struct virtio virtio;
	struct vdev other;
};

FIXTURE_SETUP(mq)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xd8));
	ASSERT_EQ(0, vdev_new(&self->other, 0xd9));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	ASSERT_LT(1, self->virtio.most);
	ASSERT_EQ(0, flows_start(&self->virtio, MANY));
}

FIXTURE_TEARDOWN(mq)
{
	EXPECT_FALSE(virtio_needs_reset(&self->virtio));
	EXPECT_EQ(0, vdev_delete(&self->other));
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

/* Send many flows, and see where they come. */
static struct flows spread(struct virtio *virtio, struct vdev *other)
{
	struct flows counts = { .first = flows_sent + 1 };
	uint32_t i;

	for (i = FLOWS_BATCH; i <= FLOWS && counts.all == i - FLOWS_BATCH;
	     i += FLOWS_BATCH) {
		flows_send(other, virtio->dev.mac, FLOWS_BATCH);
		flows_take_all(virtio, other, &counts, i);
		vdev_tx_done(other, 2000);
	}
	return counts;
}

static int set_pairs(struct virtio *virtio, uint16_t pairs)
{
	return virtio_command(virtio, VIRTIO_NET_CTRL_MQ,
			      VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET, &pairs, 2);
}

/* All frames come, to the first pairs, and to each of these */
static void expect_spread(struct __test_metadata *_metadata,
			  struct virtio *virtio, struct vdev *other,
			  uint16_t pairs)
{
	struct flows counts = spread(virtio, other);
	uint16_t pair;

	EXPECT_EQ(FLOWS, counts.all);
	for (pair = 0; pair < CDNA_MAX_QPS; pair++) {
		EXPECT_EQ(pair < pairs, !!counts.pair[pair]) {
			TH_LOG("pair %u of %u got %u", pair, pairs,
			       counts.pair[pair]);
		}
	}
}

/* Virtio 1.2, section 5.1.2: behind all the pairs that there can be, or behind the one */
TEST_F(mq, place_of_the_control_queue)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(VIRTIO_QUEUES * virtio->most, virtio->ctrl);
	EXPECT_EQ(virtio->ctrl + 1, virtio_get(virtio, num_queues));
	EXPECT_EQ(VIRTIO_NET_ERR, virtio_command(virtio, 0xff, 0, "", 0));
	virtio_set(virtio, queue_select, virtio->ctrl);
	EXPECT_EQ(VIRTIO_SIZE, virtio_get(virtio, queue_size));
	EXPECT_EQ(virtio->ctrl, virtio_get(virtio, queue_notify_off));
	virtio_set(virtio, queue_select, virtio->ctrl + 1);
	EXPECT_EQ(0, virtio_get(virtio, queue_size));

	ASSERT_TRUE(virtio_reset(virtio));
	ASSERT_TRUE(virtio_negotiate(virtio, VIRTIO_CONTROLLED));
	virtio_set(virtio, queue_select, VIRTIO_CTRL + 1);
	EXPECT_EQ(0, virtio_get(virtio, queue_size));
	virtio_set(virtio, queue_enable, 1);
	EXPECT_EQ(0, virtio_get(virtio, queue_enable));
	ASSERT_EQ(0, flows_start(virtio, VIRTIO_CONTROLLED));
	ASSERT_EQ(VIRTIO_CTRL, virtio->ctrl);
	EXPECT_EQ(VIRTIO_NET_ERR, virtio_command(virtio, 0xff, 0, "", 0));
	/* Not what was negotiated */
	EXPECT_EQ(VIRTIO_NET_ERR, set_pairs(virtio, 1));
	expect_spread(_metadata, virtio, &self->other, 1);
	/* Not without one */
	ASSERT_TRUE(virtio_reset(virtio));
	EXPECT_FALSE(virtio_negotiate(virtio, VIRTIO_USUAL |
					      FEATURE(VIRTIO_NET_F_MQ)));
}

/* Pairs receive if they are chosen, and buffers of the others stay where they are. */
TEST_F_TIMEOUT(mq, pairs_are_set, 120)
{
	struct virtio *virtio = &self->virtio;
	const uint16_t pairs[] = { virtio->most, 1, 2, virtio->most - 1, 2, 1 };
	size_t i;

	expect_spread(_metadata, virtio, &self->other, 1);
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		ASSERT_EQ(VIRTIO_NET_OK, set_pairs(virtio, pairs[i]));
		expect_spread(_metadata, virtio, &self->other, pairs[i]);
	}
}

TEST_F(mq, wrong_numbers)
{
	struct virtio *virtio = &self->virtio;
	const uint16_t wrong[] = { 0, virtio->most + 1, 0x0101, 0x8000, 0xffff };
	const uint8_t data[8] = { 1 };
	size_t i;

	ASSERT_EQ(VIRTIO_NET_OK, set_pairs(virtio, 2));
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_EQ(VIRTIO_NET_ERR, set_pairs(virtio, wrong[i]));
	for (i = 0; i < sizeof(data); i++)
		EXPECT_EQ(i == 2 ? VIRTIO_NET_OK : VIRTIO_NET_ERR,
			  virtio_command(virtio, VIRTIO_NET_CTRL_MQ,
					 VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET, data,
					 i));
	ASSERT_EQ(VIRTIO_NET_OK, set_pairs(virtio, 2));
	for (i = 1; i < 256; i++)
		EXPECT_EQ(VIRTIO_NET_ERR,
			  virtio_command(virtio, VIRTIO_NET_CTRL_MQ, i, data,
					 2));
	expect_spread(_metadata, virtio, &self->other, 2);
}

TEST_F(mq, reset_returns_to_one_pair)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(VIRTIO_NET_OK, set_pairs(virtio, 2));
	expect_spread(_metadata, virtio, &self->other, 2);
	ASSERT_EQ(0, flows_start(virtio, MANY));
	expect_spread(_metadata, virtio, &self->other, 1);
}

/* When the answer is there, no further frame comes to a pair that is not chosen; and none
 * that is sent from then on is lost.
 */
TEST_F_TIMEOUT(mq, pairs_under_traffic, 120)
{
	struct virtio *virtio = &self->virtio;
	uint16_t used[CDNA_MAX_QPS], pairs, pair;
	struct flows counts;
	uint32_t i;

	for (i = 0; i < ROUNDS; i++) {
		pairs = 1 + i * 5 % virtio->most;
		flows_send(&self->other, virtio->dev.mac, FLOWS_BATCH / 2);
		ASSERT_EQ(VIRTIO_NET_OK, set_pairs(virtio, pairs));
		for (pair = pairs; pair < virtio->most; pair++)
			used[pair] = flows_rx(virtio, pair)->used->idx;
		counts = (struct flows) { .first = flows_sent + 1 };
		flows_send(&self->other, virtio->dev.mac, FLOWS_BATCH / 2);
		flows_take_all(virtio, &self->other, &counts, FLOWS_BATCH / 2);
		ASSERT_EQ(FLOWS_BATCH / 2, counts.all);
		for (pair = pairs; pair < virtio->most; pair++)
			ASSERT_EQ(used[pair], flows_rx(virtio, pair)->used->idx);
		ASSERT_TRUE(vdev_tx_done(&self->other, 2000));
	}
}

/* Each pair has an interrupt of its own. */
TEST_F(mq, interrupts)
{
	struct virtio *virtio = &self->virtio;
	uint16_t pair;

	ASSERT_EQ(0, flows_start(virtio, VIRTIO_PLAIN | FEATURE(VIRTIO_NET_F_MQ) |
				   FEATURE(VIRTIO_NET_F_CTRL_VQ)));
	ASSERT_EQ(VIRTIO_NET_OK, set_pairs(virtio, virtio->most));
	expect_spread(_metadata, virtio, &self->other, virtio->most);
	for (pair = 0; pair < virtio->most; pair++)
		EXPECT_TRUE(vdev_interrupted(&virtio->dev,
					     VIRTIO_VECTOR(2 * pair), 2000));
	ASSERT_EQ(VIRTIO_NET_OK, set_pairs(virtio, 1));
	expect_spread(_metadata, virtio, &self->other, 1);
	EXPECT_TRUE(vdev_interrupted(&virtio->dev, VIRTIO_VECTOR(0), 2000));
	for (pair = 1; pair < virtio->most; pair++)
		vdev_interrupted(&virtio->dev, VIRTIO_VECTOR(2 * pair), 0);
	expect_spread(_metadata, virtio, &self->other, 1);
	for (pair = 1; pair < virtio->most; pair++)
		EXPECT_FALSE(vdev_interrupted(&virtio->dev,
					      VIRTIO_VECTOR(2 * pair), 0));
}

static bool other_gets(struct vdev *other, const struct vdev *from,
		       uint32_t number)
{
	struct cdna_rx_completion comp;
	bool gets = false;

	while (!gets && vdev_rx_next(other, &comp, 2000)) {
		gets = flows_number(from, vdev_rx_buf(other, comp.index),
				    comp.len) == number;
		vdev_repost(other);
		vdev_trap(other);
		vdev_ring(other);
	}
	return gets;
}

/* All of them transmit, and a notification is about the pair that it names. */
TEST_F(mq, transmit)
{
	struct virtio *virtio = &self->virtio;
	struct vring_used_elem elem;
	uint32_t number;
	uint8_t *frame;
	uint16_t pair;

	for (pair = 0; pair < virtio->most; pair++) {
		const size_t at = MEM_TX_BUF + pair * MEM_BUF;
		const struct virtio_piece piece = {
			virtio->dev.iova + at, VIRTIO_HDR + FLOWS_FRAME_BYTES,
		};

		number = ++flows_sent;
		frame = virtio->dev.mem + at + VIRTIO_HDR;
		memset(frame - VIRTIO_HDR, 0, VIRTIO_HDR);
		frame_tcp(&virtio->dev, self->other.mac, frame, FLOWS_PAYLOAD);
		memcpy(frame + FLOWS_NUMBER_AT, &number, sizeof(number));
		virtq_chain(flows_tx(virtio, pair), 7, &piece, 1);
		virtq_offer(flows_tx(virtio, pair), 7);
		virtq_notify(virtio, flows_tx(virtio, pair));
		EXPECT_TRUE(other_gets(&self->other, &virtio->dev, number));
		ASSERT_TRUE(virtq_used(flows_tx(virtio, pair), &elem, 2000));
		EXPECT_EQ(7, elem.id);
	}
}

/* A pair that is chosen, but has no queues, gets nothing, and others get all. */
TEST_F(mq, pairs_without_queues)
{
	struct virtio *virtio = &self->virtio;
	uint16_t i;

	ASSERT_TRUE(virtio_reset(virtio));
	ASSERT_TRUE(virtio_negotiate(virtio, MANY));
	virtio_enable(virtio, flows_rx(virtio, 0));
	virtio_enable(virtio, flows_tx(virtio, 0));
	virtio_enable(virtio, &virtio->queue[virtio->ctrl]);
	ASSERT_EQ(0, virtio_go(virtio));
	for (i = 0; i < FLOWS_BUFFERS; i++)
		flows_post(virtio, 0, i);
	virtq_kick(virtio, flows_rx(virtio, 0));
	ASSERT_EQ(VIRTIO_NET_OK, set_pairs(virtio, virtio->most));
	expect_spread(_metadata, virtio, &self->other, 1);
}

TEST_HARNESS_MAIN
