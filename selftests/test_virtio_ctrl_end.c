// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of a virtio network card that are under way when the device is reset, revoked,
 * closed, or loses memory: nothing is written into its guest's memory after that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define EXTRA_IOVA	0x200000000ull
#define EXTRA_BYTES	(2 * VIRTQ_BYTES)
#define EXTRA_COMMANDS	VIRTQ_BYTES	/* where the commands are in there */
#define MANY		64	/* commands at a time */
#define COMMAND_BYTES	512
#define QUIET_US	20000	/* in which a late write would be seen */

FIXTURE(ctrl_end) {
	struct virtio virtio;
	uint8_t *extra;
};

FIXTURE_SETUP(ctrl_end)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xcb));
	self->extra = mmap(NULL, EXTRA_BYTES, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->extra);
	ASSERT_EQ(0, vdev_map(&self->virtio.dev, self->extra, EXTRA_IOVA,
			      EXTRA_BYTES, 3));
}

FIXTURE_TEARDOWN(ctrl_end)
{
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
	munmap(self->extra, EXTRA_BYTES);
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

static uint8_t *many_at(uint8_t *extra, uint32_t i)
{
	return extra + EXTRA_COMMANDS + i * COMMAND_BYTES + 8;
}

/* Move the queue to memory that may be taken away, and have many commands in it, on
 * many pages. Sometimes they are being answered when this returns.
 */
static void offer_many(struct __test_metadata *_metadata, struct virtio *virtio,
		       uint8_t *extra)
{
	struct virtq *queue = &virtio->queue[VIRTIO_CTRL];
	uint32_t i;

	virtq_place(virtio, VIRTIO_CTRL, extra, EXTRA_IOVA);
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_CONTROLLED));
	for (i = 0; i < MANY; i++) {
		uint8_t *mem = many_at(extra, i);

		/* All multicast or not, if it is known */
		mem[0] = VIRTIO_NET_CTRL_RX;
		mem[1] = VIRTIO_NET_CTRL_RX_ALLMULTI;
		mem[2] = i & 1;
		virtio_command_at(virtio, 3 * i, mem,
				  EXTRA_IOVA + (mem - extra), 3);
		virtq_offer(queue, 3 * i);
	}
	virtq_notify(virtio, queue);
	usleep(rand() % 6000);
}

static uint32_t answered(uint8_t *extra)
{
	uint32_t i, n = 0;

	for (i = 0; i < MANY; i++)
		n += many_at(extra, i)[-1] != 0xff;
	return n;
}

/* Nothing that the device knew of changes any longer. */
static bool is_quiet(uint8_t *extra)
{
	size_t i;

	memset(extra, 0xa5, EXTRA_BYTES);
	usleep(QUIET_US);
	for (i = 0; i < EXTRA_BYTES && extra[i] == 0xa5; i++)
		;
	return i == EXTRA_BYTES;
}

/**
 * struct tally - how many commands had been answered when something happened
 * @none: times that none had
 * @some: times that some had, but not all
 */
struct tally {
	uint32_t none;
	uint32_t some;
};

static void tally_add(struct tally *tally, uint8_t *extra)
{
	uint32_t n = answered(extra);

	tally->none += !n;
	tally->some += n && n < MANY;
}

static void tally_check(struct __test_metadata *_metadata,
			const struct tally *tally)
{
	TH_LOG("%u times before the first command, %u times among them",
	       tally->none, tally->some);
	EXPECT_LT(0, tally->some);
}

TEST_F_TIMEOUT(ctrl_end, reset_under_commands, 120)
{
	struct virtio *virtio = &self->virtio;
	struct tally tally = {};
	uint32_t i;

	for (i = 0; i < 50; i++) {
		offer_many(_metadata, virtio, self->extra);
		ASSERT_TRUE(virtio_reset(virtio));
		tally_add(&tally, self->extra);
		ASSERT_TRUE(is_quiet(self->extra));
	}
	tally_check(_metadata, &tally);
	EXPECT_EQ(0, vdev_stat(virtio->dev.uuid, "faults"));
}

TEST_F_TIMEOUT(ctrl_end, bus_mastering_goes_under_commands, 120)
{
	struct virtio *virtio = &self->virtio;
	struct tally tally = {};
	uint32_t i;

	for (i = 0; i < 50; i++) {
		offer_many(_metadata, virtio, self->extra);
		vdev_master(&virtio->dev, false);
		tally_add(&tally, self->extra);
		ASSERT_TRUE(is_quiet(self->extra));
		virtq_notify(virtio, &virtio->queue[VIRTIO_CTRL]);
		vdev_master(&virtio->dev, true);
		virtq_notify(virtio, &virtio->queue[VIRTIO_CTRL]);
		ASSERT_TRUE(is_quiet(self->extra));
	}
	tally_check(_metadata, &tally);
}

/* Rings and commands are unmapped. The queue is stopped, unless it was not known. */
TEST_F_TIMEOUT(ctrl_end, unmapped_under_commands, 120)
{
	struct virtio *virtio = &self->virtio;
	struct tally tally = {};
	uint32_t i;

	for (i = 0; i < 50; i++) {
		offer_many(_metadata, virtio, self->extra);
		ASSERT_EQ(0, vdev_unmap(&virtio->dev, EXTRA_IOVA, EXTRA_BYTES));
		tally_add(&tally, self->extra);
		ASSERT_TRUE(is_quiet(self->extra));
		EXPECT_TRUE(virtio_needs_reset(virtio));
		virtq_notify(virtio, &virtio->queue[VIRTIO_CTRL]);
		ASSERT_TRUE(is_quiet(self->extra));
		ASSERT_EQ(0, vdev_map(&virtio->dev, self->extra, EXTRA_IOVA,
				      EXTRA_BYTES, 3));
		virtq_notify(virtio, &virtio->queue[VIRTIO_CTRL]);
		ASSERT_TRUE(is_quiet(self->extra));
	}
	tally_check(_metadata, &tally);
	EXPECT_EQ(50, vdev_faults(virtio->dev.uuid, "withdrawn"));
}

/* The commands are unmapped, but not the rings: the next one cannot be read. */
TEST_F_TIMEOUT(ctrl_end, commands_unmapped, 120)
{
	struct virtio *virtio = &self->virtio;
	uint8_t *commands = self->extra + EXTRA_COMMANDS;
	const uint64_t iova = EXTRA_IOVA + EXTRA_COMMANDS;
	const size_t bytes = EXTRA_BYTES - EXTRA_COMMANDS;
	uint32_t i, n, quiet = 0;

	ASSERT_EQ(0, vdev_unmap(&virtio->dev, EXTRA_IOVA, EXTRA_BYTES));
	ASSERT_EQ(0, vdev_map(&virtio->dev, self->extra, EXTRA_IOVA,
			      EXTRA_COMMANDS, 3));
	for (i = 0; i < 50; i++) {
		ASSERT_EQ(0, vdev_map(&virtio->dev, commands, iova, bytes, 3));
		offer_many(_metadata, virtio, self->extra);
		ASSERT_EQ(0, vdev_unmap(&virtio->dev, iova, bytes));
		memset(commands, 0xa5, bytes);
		usleep(QUIET_US);
		for (n = 0; n < bytes && commands[n] == 0xa5; n++)
			;
		quiet += n == bytes;
	}
	EXPECT_EQ(50, quiet);
	EXPECT_LT(0, vdev_stat(virtio->dev.uuid, "faults"));
	virtq_place(virtio, VIRTIO_CTRL, virtio->dev.mem + MEM_VIRTQ(VIRTIO_CTRL),
		    virtio->dev.iova + MEM_VIRTQ(VIRTIO_CTRL));
	works_again(_metadata, virtio);
}

/* Revoked, nothing is written. Returned, a driver that waits for an answer gets one. */
TEST_F_TIMEOUT(ctrl_end, revoked_under_commands, 120)
{
	struct virtio *virtio = &self->virtio;
	struct virtq *queue = &virtio->queue[VIRTIO_CTRL];
	const char *uuid = virtio->dev.uuid;
	uint8_t *before = malloc(EXTRA_BYTES);
	struct tally tally = {};
	uint32_t i;

	ASSERT_NE(NULL, before);
	for (i = 0; i < 50; i++) {
		offer_many(_metadata, virtio, self->extra);
		ASSERT_EQ(0, vdev_set(uuid, "state", "revoked"));
		EXPECT_EQ(0, vdev_stat(uuid, "pins_now"));
		tally_add(&tally, self->extra);
		memcpy(before, self->extra, EXTRA_BYTES);
		virtq_notify(virtio, queue);
		usleep(QUIET_US);
		ASSERT_EQ(0, memcmp(before, self->extra, EXTRA_BYTES));
		ASSERT_EQ(0, vdev_set(uuid, "state", "configured"));
		EXPECT_TRUE(virtq_reaches(queue, MANY, 2000));
		EXPECT_EQ(MANY, answered(self->extra));
		EXPECT_TRUE(virtio_needs_reset(virtio));
		queue->seen = MANY;
		EXPECT_EQ(VIRTIO_NET_ERR,
			  virtio_command(virtio, VIRTIO_NET_CTRL_RX,
					 VIRTIO_NET_CTRL_RX_ALLMULTI, "", 1));
	}
	free(before);
	tally_check(_metadata, &tally);
	EXPECT_EQ(0, vdev_stat(uuid, "faults"));
	works_again(_metadata, virtio);
}

/* A guest that resets its device while it is revoked has forgotten where the queue was. */
TEST_F_TIMEOUT(ctrl_end, reset_while_revoked, 60)
{
	struct virtio *virtio = &self->virtio;
	const char *uuid = virtio->dev.uuid;
	uint32_t i;

	for (i = 0; i < 20; i++) {
		offer_many(_metadata, virtio, self->extra);
		ASSERT_EQ(0, vdev_set(uuid, "state", "revoked"));
		if (i & 1)
			vdev_master(&virtio->dev, false);
		else
			virtio_reset(virtio);
		ASSERT_TRUE(is_quiet(self->extra));
		ASSERT_EQ(0, vdev_set(uuid, "state", "configured"));
		vdev_master(&virtio->dev, true);
		virtq_notify(virtio, &virtio->queue[VIRTIO_CTRL]);
		ASSERT_TRUE(is_quiet(self->extra));
		EXPECT_EQ(0, vdev_stat(uuid, "pins_now"));
	}
	virtq_place(virtio, VIRTIO_CTRL, virtio->dev.mem + MEM_VIRTQ(VIRTIO_CTRL),
		    virtio->dev.iova + MEM_VIRTQ(VIRTIO_CTRL));
	works_again(_metadata, virtio);
}

TEST_F_TIMEOUT(ctrl_end, closed_under_commands, 120)
{
	struct virtio *virtio = &self->virtio;
	char uuid[sizeof(virtio->dev.uuid)];
	struct tally tally = {};
	uint32_t i;

	strcpy(uuid, virtio->dev.uuid);
	for (i = 0; i < 20; i++) {
		offer_many(_metadata, virtio, self->extra);
		vdev_close(&virtio->dev);
		tally_add(&tally, self->extra);
		ASSERT_TRUE(is_quiet(self->extra));
		EXPECT_EQ(0, vdev_stat(uuid, "pins_now"));
		ASSERT_EQ(0, virtio_open_in(virtio, uuid, -1));
		ASSERT_EQ(0, vdev_map(&virtio->dev, self->extra, EXTRA_IOVA,
				      EXTRA_BYTES, 3));
	}
	tally_check(_metadata, &tally);
	works_again(_metadata, virtio);
}

TEST_HARNESS_MAIN
