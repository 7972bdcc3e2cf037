// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts and notifications of a virtio network card: each comes when it was asked
 * for, and none that matters is left out.
 */
#include <linux/if_ether.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define QUIET_MS	50	/* after which no interrupt is on its way */
#define FAR		1000
#define TRIES		10	/* to have a frame arrive where there may be no buffer */
#define TRY_MS		300
#define BROADCASTS	200
#define BURST		8

FIXTURE(events) {
	struct virtio virtio;
	struct vdev other;
	struct virtq *rx;
	struct virtq *tx;
	uint8_t peer[ETH_ALEN];
	uint8_t number;		/* of a broadcast */
};

FIXTURE_SETUP(events)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xc4));
	ASSERT_EQ(0, vdev_new(&self->other, 0xc5));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	self->rx = &self->virtio.queue[VIRTIO_RX];
	self->tx = &self->virtio.queue[VIRTIO_TX];
}

FIXTURE_TEARDOWN(events)
{
	EXPECT_EQ(0, vdev_delete(&self->other));
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

/* How often a queue's vector was signalled; waits for the first */
static long signals(struct virtio *virtio, uint16_t queue, int ms)
{
	struct pollfd wait = { .fd = virtio->dev.event[VIRTIO_VECTOR(queue)],
			       .events = POLLIN };
	uint64_t n = 0;

	if (poll(&wait, 1, ms) != 1 || read(wait.fd, &n, sizeof(n)) < 0)
		return 0;
	return n;
}

static void quiet(struct virtio *virtio)
{
	while (signals(virtio, VIRTIO_RX, QUIET_MS) ||
	       signals(virtio, VIRTIO_TX, QUIET_MS))
		;
}

/* A frame of a type that nobody answers, to its end */
static bool send_one(struct virtio *virtio, const uint8_t *peer)
{
	uint8_t *frame = virtio_frame(virtio);

	memset(frame, 0, ETH_ZLEN);
	memcpy(frame, peer, ETH_ALEN);
	memcpy(frame + ETH_ALEN, virtio->dev.mac, ETH_ALEN);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	virtio_send(virtio, ETH_ZLEN);
	return virtio_sent(virtio, 2000);
}

TEST_F(events, interrupts_by_index_of_sending)
{
	struct virtio *virtio = &self->virtio;
	int round, i;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
	for (round = 0; round < 4; round++) {
		virtq_used_event(self->rx, self->rx->seen + FAR);
		virtq_used_event(self->tx, self->tx->seen + 5);
		quiet(virtio);
		for (i = 0; i < 5; i++)
			ASSERT_TRUE(send_one(virtio, self->peer));
		EXPECT_EQ(0, signals(virtio, VIRTIO_TX, QUIET_MS));
		ASSERT_TRUE(send_one(virtio, self->peer));
		EXPECT_EQ(1, signals(virtio, VIRTIO_TX, 2000));
		for (i = 0; i < 5; i++)
			ASSERT_TRUE(send_one(virtio, self->peer));
		EXPECT_EQ(0, signals(virtio, VIRTIO_TX, QUIET_MS));
		EXPECT_EQ(0, signals(virtio, VIRTIO_RX, 0));
	}
}

/* Others' frames may come as well. */
TEST_F(events, interrupts_by_index_of_receiving)
{
	struct virtio *virtio = &self->virtio;
	uint16_t event, seq;
	long early;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
	event = self->rx->seen + 20;
	virtq_used_event(self->rx, event);
	virtq_used_event(self->tx, self->tx->seen + FAR);
	quiet(virtio);
	for (seq = 0; seq < 5; seq++)
		ASSERT_TRUE(virtio_ping(virtio, self->peer, seq, 100));
	early = signals(virtio, VIRTIO_RX, QUIET_MS);
	if ((uint16_t)(event - self->rx->used->idx) < FAR)
		EXPECT_EQ(0, early);
	while ((uint16_t)(event - self->rx->seen) < FAR)
		ASSERT_TRUE(virtio_ping(virtio, self->peer, seq++, 100));
	EXPECT_EQ(1, early + signals(virtio, VIRTIO_RX, 2000));
	EXPECT_EQ(0, signals(virtio, VIRTIO_RX, QUIET_MS));
	EXPECT_EQ(0, signals(virtio, VIRTIO_TX, 0));
}

/* Without event indices, flags say it. */
TEST_F(events, interrupts_by_flag)
{
	struct virtio *virtio = &self->virtio;
	int i;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_PLAIN));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
	EXPECT_LE(1, signals(virtio, VIRTIO_RX, 2000));
	self->rx->avail->flags = VRING_AVAIL_F_NO_INTERRUPT;
	self->tx->avail->flags = VRING_AVAIL_F_NO_INTERRUPT;
	quiet(virtio);
	for (i = 0; i < 5; i++)
		ASSERT_TRUE(send_one(virtio, self->peer));
	EXPECT_EQ(0, signals(virtio, VIRTIO_TX, QUIET_MS));
	self->tx->avail->flags = 0;
	ASSERT_TRUE(send_one(virtio, self->peer));
	EXPECT_LE(1, signals(virtio, VIRTIO_TX, 2000));
	ASSERT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
	EXPECT_EQ(0, signals(virtio, VIRTIO_RX, QUIET_MS));
}

TEST_F(events, no_vector_no_interrupt)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_PLAIN));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
	virtio_set(virtio, queue_select, VIRTIO_TX);
	virtio_set(virtio, queue_msix_vector, VIRTIO_MSI_NO_VECTOR);
	quiet(virtio);
	ASSERT_TRUE(virtio_ping(virtio, self->peer, 1, 100));
	EXPECT_LE(1, signals(virtio, VIRTIO_RX, 2000));
	EXPECT_EQ(0, signals(virtio, VIRTIO_TX, QUIET_MS));
	/* Both at the same one */
	virtio_set(virtio, queue_msix_vector, VIRTIO_VECTOR(VIRTIO_RX));
	quiet(virtio);
	ASSERT_TRUE(send_one(virtio, self->peer));
	EXPECT_LE(1, signals(virtio, VIRTIO_RX, 2000));
}

/* While the NIC has many buffers, few are; but one of each frame that is sent is */
TEST_F(events, notifications_that_are_wanted)
{
	struct virtio *virtio = &self->virtio;
	uint16_t n;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	for (n = 0; n < 64; n++)
		virtio_post(virtio, n);
	ASSERT_TRUE(virtq_kick(virtio, self->rx));
	virtio_post(virtio, n++);
	EXPECT_FALSE(virtq_kick(virtio, self->rx));
	while (n < 128 && !virtq_kick(virtio, self->rx))
		virtio_post(virtio, n++);
	/* A quarter of what it had */
	EXPECT_LE(n, 64 + 64 / 4 + 1);
	for (n = 0; n < 4; n++) {
		EXPECT_EQ(self->tx->prod, virtq_avail_event(self->tx));
		virtio_send(virtio, frame_arp(&virtio->dev,
					      virtio_frame(virtio), PEER_IP));
		ASSERT_TRUE(virtio_sent(virtio, 2000));
	}
}

static bool is_broadcast(const uint8_t *got, size_t len, uint8_t number)
{
	return len >= 42 && got[38] == 0xc6 && got[39] == 0x13 &&
	       got[41] == number;
}

static bool send_broadcast(struct vdev *other, uint8_t number)
{
	size_t len = frame_arp(other, other->mem + MEM_TX_BUF,
			       0xc6130000u + number);

	vdev_post_tx(other, other->iova + MEM_TX_BUF, len, CDNA_DESC_EOP);
	vdev_trap(other);
	vdev_ring(other);
	return vdev_tx_done(other, 2000);
}

/*
 * Have one arrive. Where the NIC has no buffer it is lost, until the host has found what
 * was posted: then another arrives. If it is never found, none does.
 */
static bool arrives(struct virtio *virtio, struct vdev *other, uint8_t number)
{
	const uint8_t *got;
	size_t len;
	int i;

	for (i = 0; i < TRIES; i++) {
		if (!send_broadcast(other, number))
			return false;
		while ((got = virtio_receive(virtio, &len, TRY_MS)))
			if (is_broadcast(got, len, number))
				return true;
	}
	return false;
}

/* Nothing is sent meanwhile, which would have the host look at both queues. */
TEST_F_TIMEOUT(events, buffers_are_found, 240)
{
	static const uint16_t buffers[] = { 1, 2, 5, 64 };
	struct virtio *virtio = &self->virtio;
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(buffers); i++) {
		ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
		virtio_fill(virtio, buffers[i]);
		for (n = 0; n < BROADCASTS; n++)
			ASSERT_TRUE(arrives(virtio, &self->other, n)) {
				TH_LOG("%u buffers: broadcast %d is lost",
				       buffers[i], n);
			}
	}
	EXPECT_EQ(0, self->tx->prod);
}

/* The NIC has used its last buffer, and some are posted at about the same time. */
TEST_F_TIMEOUT(events, buffers_are_found_when_there_was_none, 240)
{
	struct virtio *virtio = &self->virtio;
	struct vring_used_elem elem;
	int round, n;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	virtio_fill(virtio, BURST);
	for (round = 0; round < 25; round++) {
		for (n = 0; n < BURST; n++)
			ASSERT_TRUE(send_broadcast(&self->other, n));
		for (n = 0; n < BURST; n++)
			if (virtq_used(self->rx, &elem, TRY_MS))
				virtio_post(virtio, elem.id);
		virtq_kick(virtio, self->rx);
		ASSERT_TRUE(arrives(virtio, &self->other, 0xff)) {
			TH_LOG("nothing arrives after burst %d", round);
		}
	}
}

/* More pieces than the NIC's ring takes: what is left is found when there is room. */
TEST_F_TIMEOUT(events, chains_are_found_when_there_is_room, 120)
{
	struct virtio *virtio = &self->virtio;
	struct virtio_piece piece[1 + CDNA_MAX_VIRTIO_CHAIN];
	uint64_t at = virtio->dev.iova + MEM_TX_BUF;
	uint8_t *mem = virtio->dev.mem + MEM_TX_BUF;
	uint16_t i;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
	memset(mem, 0, MEM_BUF);
	memcpy(mem + VIRTIO_HDR, self->peer, ETH_ALEN);
	memcpy(mem + VIRTIO_HDR + ETH_ALEN, virtio->dev.mac, ETH_ALEN);
	mem[VIRTIO_HDR + 12] = 0x88;
	mem[VIRTIO_HDR + 13] = 0xb5;
	piece[0] = (struct virtio_piece) { at, VIRTIO_HDR };
	for (i = 1; i < ARRAY_SIZE(piece); i++)
		piece[i] = (struct virtio_piece) {
			at + VIRTIO_HDR + (i - 1) * 4, 4,
		};
	for (i = 0; i < VIRTIO_SIZE; i++) {
		virtq_table(self->tx, i, 0, piece, ARRAY_SIZE(piece));
		virtq_offer(self->tx, i);
	}
	ASSERT_TRUE(virtq_kick(virtio, self->tx));
	EXPECT_TRUE(virtq_reaches(self->tx, self->tx->prod, 20000));
	EXPECT_FALSE(virtio_needs_reset(virtio));
}

TEST_HARNESS_MAIN
