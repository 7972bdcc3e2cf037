// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the machine's process gives away, as test_balloon.c has it, under a virtio
 * network card: the host reads headers and tables of it as well.
 */
#include <linux/if_ether.h>
#include <string.h>
#include <sys/mman.h>

#include "give.h"
#include "kselftest_harness.h"
#include "virtio.h"

#define BUFS_BYTES	(VDEV_MEMORY - MEM_TX_BUF)
#define POSTED		128u
#define LAPS		(3 * POSTED)

FIXTURE(balloon) {
	struct virtio virtio;
	struct give give;
	uint8_t peer[ETH_ALEN];
};

FIXTURE_VARIANT(balloon) {
	enum give_how how;
};

FIXTURE_VARIANT_ADD(balloon, discard) {
	.how = GIVE_DISCARD,
};

FIXTURE_VARIANT_ADD(balloon, punch) {
	.how = GIVE_PUNCH,
};

FIXTURE_VARIANT_ADD(balloon, replace) {
	.how = GIVE_REPLACE,
};

FIXTURE_SETUP(balloon)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, virtio_new(virtio, 0xc8));
	ASSERT_EQ(0, give_init(&self->give, variant->how,
			       virtio->dev.mem + MEM_TX_BUF, BUFS_BYTES));
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	virtio_fill(virtio, POSTED);
	ASSERT_TRUE(virtio_peer_mac(virtio, self->peer));
}

FIXTURE_TEARDOWN(balloon)
{
	const char *uuid = self->virtio.dev.uuid;

	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(uuid, "faults"));
	EXPECT_EQ(0, vdev_stat(uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(uuid));
}

/* The next frame. Its page is given away, and posted again untouched. Return: its length */
static size_t receive_and_give(struct virtio *virtio, struct give *give,
			       uint8_t *frame)
{
	struct virtq *queue = &virtio->queue[VIRTIO_RX];
	struct vring_used_elem elem;

	if (!virtq_used(queue, &elem, 2000) || elem.len < VIRTIO_HDR ||
	    elem.len > MEM_BUF)
		return 0;
	memcpy(frame, virtio_buffer(virtio, elem.id), elem.len);
	if (give_page(give, virtio_buffer(virtio, elem.id)))
		return 0;
	virtio_post(virtio, elem.id);
	virtq_kick(virtio, queue);
	return elem.len;
}

/* One echo; all its buffers are given away afterwards. */
static bool ping_and_give(struct virtio *virtio, struct give *give,
			  const uint8_t *peer, uint16_t seq)
{
	uint8_t *sent = virtio_frame(virtio), got[MEM_BUF];
	size_t len = frame_ping(&virtio->dev, peer, sent, seq, 700), bytes;

	virtio_send(virtio, len);
	do
		bytes = receive_and_give(virtio, give, got);
	while (bytes && !frame_is_reply(got + VIRTIO_HDR, bytes - VIRTIO_HDR,
					sent, len));
	return bytes && virtio_sent(virtio, 2000) &&
	       !give_page(give, sent - VIRTIO_HDR);
}

TEST_F(balloon, frames_are_in_the_new_pages)
{
	struct virtio *virtio = &self->virtio;
	const char *uuid = virtio->dev.uuid;
	int seq;

	for (seq = 0; seq < (int)LAPS; seq++)
		ASSERT_TRUE(ping_and_give(virtio, &self->give, self->peer,
					  seq)) {
			TH_LOG("ping %d", seq);
		}
	EXPECT_LE((long)LAPS, vdev_stat(uuid, "pin_drops"));
	EXPECT_GE(vdev_stat(uuid, "pins_limit"), vdev_stat(uuid, "pins_now"));
}

TEST_F_TIMEOUT(balloon, frames_are_in_the_new_pages_in_a_storm, 60)
{
	struct virtio *virtio = &self->virtio;
	const char *uuid = virtio->dev.uuid;
	int seq;

	ASSERT_EQ(0, give_storm_begin());
	for (seq = 0; seq < (int)LAPS; seq++)
		ASSERT_TRUE(ping_and_give(virtio, &self->give, self->peer,
					  seq)) {
			TH_LOG("ping %d", seq);
		}
	TH_LOG("%lu times", give_storm_end());
	EXPECT_GE(vdev_stat(uuid, "pins_limit"), vdev_stat(uuid, "pins_now"));
}

TEST_HARNESS_MAIN
