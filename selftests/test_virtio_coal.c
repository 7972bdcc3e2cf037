// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt moderation that the guest of a virtio network card chooses (Virtio 1.3,
 * section 5.1.6.5.9): an interrupt waits for time or frames, none is left out, and what is
 * not in bounds is refused and changes nothing.
 *
 * On a busy machine any interrupt may be late, and one that others have waited for may be
 * soon there: so the mean is long, or the least is short.
 */
#include <linux/if_ether.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define ROUNDS		12
#define QUIET_MS	30	/* after which no interrupt is on its way */
#define LONG_US		10000	/* the longest that a device takes */
#define SHORT_US	5000
#define NEVER		1000	/* frames that are not sent */
#define SMALL		16	/* entries of a virtqueue */
/* Flags instead of event indices: each used entry asks for an interrupt. */
#define MODERATED \
	(VIRTIO_PLAIN | FEATURE(VIRTIO_NET_F_CTRL_VQ) | \
	 FEATURE(VIRTIO_NET_F_NOTF_COAL))

FIXTURE(coal) {
	struct virtio virtio;
	uint8_t peer[ETH_ALEN];
};

/**
 * struct lag - how long interrupts of a transmit queue took, in microseconds
 * @least: the quickest one
 * @mean: all of them
 */
struct lag {
	long least;
	long mean;
};

static int moderate(struct virtio *virtio, uint8_t command, uint32_t frames,
		    uint32_t usecs)
{
	const struct virtio_net_ctrl_coal coal = { frames, usecs };

	return virtio_command(virtio, VIRTIO_NET_CTRL_NOTF_COAL, command, &coal,
			      sizeof(coal));
}

static int moderate_tx(struct virtio *virtio, uint32_t frames, uint32_t usecs)
{
	return moderate(virtio, VIRTIO_NET_CTRL_NOTF_COAL_TX_SET, frames, usecs);
}

static int moderate_rx(struct virtio *virtio, uint32_t frames, uint32_t usecs)
{
	return moderate(virtio, VIRTIO_NET_CTRL_NOTF_COAL_RX_SET, frames, usecs);
}

/* Receiving may wait as long as is possible: so transmitting decides. */
static int start(struct virtio *virtio, uint64_t features)
{
	int ret = virtio_start(virtio, features);

	if (ret)
		return ret;
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	if (!(features & FEATURE(VIRTIO_NET_F_NOTF_COAL)))
		return 0;
	return moderate_rx(virtio, NEVER, LONG_US) == VIRTIO_NET_OK ? 0 : -1;
}

FIXTURE_SETUP(coal)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, virtio_new(virtio, 0xd6));
	ASSERT_EQ(0, start(virtio, MODERATED));
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
}

FIXTURE_TEARDOWN(coal)
{
	EXPECT_FALSE(virtio_needs_reset(&self->virtio));
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* How often a queue's vector was signalled; waits for the first */
static long signals(struct virtio *virtio, const struct virtq *queue, int ms)
{
	struct pollfd wait = {
		.fd = virtio->dev.event[VIRTIO_VECTOR(queue->number)],
		.events = POLLIN,
	};
	uint64_t n = 0;

	if (poll(&wait, 1, ms) != 1 || read(wait.fd, &n, sizeof(n)) < 0)
		return 0;
	return n;
}

/* A frame of a type that nobody answers, to its end */
static bool send_one(struct virtio *virtio, struct virtq *queue,
		     const uint8_t *peer)
{
	const struct virtio_piece piece = {
		virtio->dev.iova + MEM_TX_BUF, VIRTIO_HDR + ETH_ZLEN,
	};
	uint8_t *frame = virtio->dev.mem + MEM_TX_BUF + VIRTIO_HDR;
	struct vring_used_elem elem;
	int tries = 20000;

	memset(frame - VIRTIO_HDR, 0, piece.len);
	memcpy(frame, peer, ETH_ALEN);
	memcpy(frame + ETH_ALEN, virtio->dev.mac, ETH_ALEN);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	virtq_chain(queue, 0, &piece, 1);
	virtq_offer(queue, 0);
	virtq_kick(virtio, queue);
	while (!virtq_used(queue, &elem, 0) && --tries)
		usleep(100);
	return tries;
}

/* Send so many frames, each to its end; and from the first one on, wait for an interrupt. It
 * comes, sooner or later.
 */
static struct lag send_frames(struct __test_metadata *_metadata,
			      struct virtio *virtio, const uint8_t *peer,
			      uint16_t number, int frames)
{
	struct virtq *queue = &virtio->queue[number];
	struct lag lag = { .least = 1000000 };
	long begin, us, all = 0;
	int round, i;

	for (round = 0; round < ROUNDS; round++) {
		while (signals(virtio, queue, QUIET_MS))
			;
		begin = now_us();
		for (i = 0; i < frames; i++)
			ASSERT_TRUE(send_one(virtio, queue, peer));
		ASSERT_LE(1, signals(virtio, queue, 2000));
		us = now_us() - begin;
		all += us;
		if (us < lag.least)
			lag.least = us;
	}
	lag.mean = all / ROUNDS;
	TH_LOG("queue %u, %d frames: %ld us in the mean, at least %ld", number,
	       frames, lag.mean, lag.least);
	return lag;
}

#define SEND(frames) \
	send_frames(_metadata, &self->virtio, self->peer, VIRTIO_TX, frames)
#define EXPECT_WAITS(lag, us)	EXPECT_LT((us) * 3 / 4, (lag).mean)
#define EXPECT_SOON(lag, us)	EXPECT_GT((us) * 3 / 4, (lag).least)

TEST_F(coal, waits_for_time)
{
	struct virtio *virtio = &self->virtio;
	struct lag lag;

	EXPECT_TRUE(virtio_offered(virtio) & FEATURE(VIRTIO_NET_F_NOTF_COAL));
	EXPECT_SOON(SEND(1), SHORT_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, NEVER, LONG_US));
	EXPECT_WAITS(SEND(1), LONG_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, NEVER, SHORT_US));
	lag = SEND(1);
	EXPECT_WAITS(lag, SHORT_US);
	EXPECT_SOON(lag, LONG_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 0, 0));
	EXPECT_SOON(SEND(1), SHORT_US);
}

TEST_F(coal, waits_for_frames)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 4, LONG_US));
	EXPECT_WAITS(SEND(1), LONG_US);
	EXPECT_SOON(SEND(4), LONG_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 8, LONG_US));
	EXPECT_WAITS(SEND(4), LONG_US);
	EXPECT_SOON(SEND(8), LONG_US);
}

/* Whatever a guest wants, a virtqueue does not run dry meanwhile. */
TEST_F(coal, waits_for_a_part_of_the_ring)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *tx = &virtio->queue[VIRTIO_TX];
	struct virtq *rx = &virtio->queue[VIRTIO_RX];
	int round;

	for (round = 0; round < 2; round++) {
		tx->size = round ? VIRTIO_SIZE : SMALL;
		rx->size = round ? SMALL : VIRTIO_SIZE;
		ASSERT_EQ(0, virtio_start(virtio, MODERATED));
		ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, NEVER, LONG_US));
		ASSERT_EQ(VIRTIO_NET_OK, moderate_rx(virtio, NEVER, LONG_US));
		EXPECT_WAITS(SEND(SMALL / 4 - 1), LONG_US);
		EXPECT_SOON(SEND(SMALL / 4), LONG_US);
	}
}

/* The standard: with one of both zero, each frame is reported. One frame is each frame. */
TEST_F(coal, does_not_wait)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 0, LONG_US));
	EXPECT_SOON(SEND(1), SHORT_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, NEVER, 0));
	EXPECT_SOON(SEND(1), SHORT_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 1, LONG_US));
	EXPECT_SOON(SEND(1), SHORT_US);
}

/* A pair waits as the direction that wants less, and not if one wants nothing. */
TEST_F(coal, of_both_directions)
{
	struct virtio *virtio = &self->virtio;
	struct lag lag;

	ASSERT_EQ(VIRTIO_NET_OK, moderate_rx(virtio, 6, LONG_US));
	EXPECT_SOON(SEND(1), SHORT_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, NEVER, LONG_US));
	EXPECT_WAITS(SEND(1), LONG_US);
	EXPECT_SOON(SEND(6), LONG_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, NEVER, SHORT_US));
	lag = SEND(1);
	EXPECT_WAITS(lag, SHORT_US);
	EXPECT_SOON(lag, LONG_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 3, LONG_US));
	EXPECT_WAITS(SEND(1), LONG_US);
	EXPECT_SOON(SEND(3), LONG_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_rx(virtio, 0, LONG_US));
	EXPECT_SOON(SEND(1), SHORT_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_rx(virtio, 6, LONG_US));
	EXPECT_WAITS(SEND(1), LONG_US);
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 1, 0));
	EXPECT_SOON(SEND(1), SHORT_US);
}

/* Out of bounds, of a wrong length, or of another command: nothing changes. */
TEST_F(coal, wrong_commands)
{
	const uint32_t wrong[] = { LONG_US + 1, 65536, 0x80000000, 0xffffffff };
	struct virtio *virtio = &self->virtio;
	const uint8_t data[64] = {};
	size_t i, len;

	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, NEVER, LONG_US));
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(VIRTIO_NET_ERR, moderate_tx(virtio, 2, wrong[i]));
		EXPECT_EQ(VIRTIO_NET_ERR, moderate_rx(virtio, 2, wrong[i]));
	}
	for (len = 0; len < sizeof(data); len++) {
		if (len == sizeof(struct virtio_net_ctrl_coal))
			continue;
		for (i = 0; i < 2; i++)
			EXPECT_EQ(VIRTIO_NET_ERR,
				  virtio_command(virtio,
						 VIRTIO_NET_CTRL_NOTF_COAL, i,
						 data, len));
	}
	/* Those of single queues are not offered. */
	for (i = VIRTIO_NET_CTRL_NOTF_COAL_VQ_SET; i < 256; i++)
		EXPECT_EQ(VIRTIO_NET_ERR, moderate(virtio, i, 0, 0));
	EXPECT_WAITS(SEND(2), LONG_US);
	/* Any number of frames is right: time ends the wait. */
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, 0xffffffff, LONG_US));
	EXPECT_WAITS(SEND(2), LONG_US);
}

TEST_F(coal, needs_the_feature)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, start(virtio, VIRTIO_PLAIN |
				   FEATURE(VIRTIO_NET_F_CTRL_VQ)));
	EXPECT_EQ(VIRTIO_NET_ERR, moderate_tx(virtio, NEVER, LONG_US));
	EXPECT_SOON(SEND(1), SHORT_US);
	ASSERT_TRUE(virtio_reset(virtio));
	EXPECT_FALSE(virtio_negotiate(virtio, VIRTIO_PLAIN |
				      FEATURE(VIRTIO_NET_F_NOTF_COAL)));
	ASSERT_EQ(0, start(virtio, MODERATED));
}

TEST_F(coal, reset_ends_it)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, NEVER, LONG_US));
	ASSERT_EQ(VIRTIO_NET_OK, moderate_rx(virtio, NEVER, LONG_US));
	ASSERT_EQ(0, start(virtio, MODERATED));
	EXPECT_SOON(SEND(1), SHORT_US);
}

/* Also of those that do not receive */
TEST_F(coal, of_all_pairs)
{
	struct virtio *virtio = &self->virtio;
	uint16_t number = VIRTIO_TX;

	ASSERT_EQ(0, start(virtio, MODERATED | FEATURE(VIRTIO_NET_F_MQ)));
	ASSERT_EQ(VIRTIO_NET_OK, moderate_tx(virtio, NEVER, LONG_US));
	for (; number < virtio->ctrl; number += VIRTIO_QUEUES)
		EXPECT_WAITS(send_frames(_metadata, virtio, self->peer, number,
					 1), LONG_US);
}

TEST_HARNESS_MAIN
