// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pinned memory of a context whose traffic touches all of its memory: it
 * depends on the size of its rings, not of its memory.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define GUEST_IOVA	0x200000000ull
#define BATCH		64
#define LAPS		2

FIXTURE(memory) {
	struct vdev dev;
	uint8_t *guest;
	size_t bytes;
};

FIXTURE_VARIANT(memory) {
	size_t bytes;
};

FIXTURE_VARIANT_ADD(memory, of_16_mib) {
	.bytes = 16 << 20,
};

FIXTURE_VARIANT_ADD(memory, of_128_mib) {
	.bytes = 128 << 20,
};

FIXTURE_SETUP(memory)
{
	self->bytes = variant->bytes;
	ASSERT_EQ(0, vdev_new(&self->dev, 0x90));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	self->guest = mmap(NULL, self->bytes, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->guest);
	ASSERT_EQ(0, vdev_map(&self->dev, self->guest, GUEST_IOVA, self->bytes,
			      3));
}

FIXTURE_TEARDOWN(memory)
{
	vdev_close(&self->dev);
	munmap(self->guest, self->bytes);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

/* BATCH frames, each from a page of its own. Return: pages pinned then, or -1 */
static long send_batch(struct vdev *dev, uint8_t *guest, size_t at)
{
	/* Nobody has that address: they leave by the wire, unanswered. */
	static const uint8_t nobody[6] = { 0x02, 0xcd, 0xa0, 0xff, 0xff, 0xff };
	size_t i, len;

	for (i = 0; i < BATCH; i++) {
		len = frame_ping(dev, nobody, guest + at + i * 4096, i, 16);
		vdev_post_tx(dev, GUEST_IOVA + at + i * 4096, len,
			     CDNA_DESC_EOP);
	}
	vdev_trap(dev);
	vdev_ring(dev);
	if (!vdev_tx_done(dev, 2000))
		return -1;
	return vdev_stat(dev->uuid, "pins_now");
}

TEST_F_TIMEOUT(memory, pinned_stays_bounded, 120)
{
	/* What a transmit and a receive ring can name */
	const long nameable = 2 * VDEV_SLOTS;
	struct vdev *dev = &self->dev;
	long now, most = 0;
	size_t at, lap;

	for (lap = 0; lap < LAPS; lap++)
		for (at = 0; at < self->bytes; at += BATCH * 4096) {
			now = send_batch(dev, self->guest, at);
			ASSERT_LT(0, now);
			if (now > most)
				most = now;
		}
	TH_LOG("at most %ld pages pinned of %zu; the rings can name %ld", most,
	       self->bytes / 4096, nameable);
	EXPECT_LT(most, 4 * nameable);
	EXPECT_LE(most, vdev_stat(dev->uuid, "pins_limit"));
	/* It did touch all of it, and released what it no longer used. */
	EXPECT_LE((long)(LAPS * self->bytes / 4096),
		  vdev_stat(dev->uuid, "pin_misses"));
	EXPECT_LT((long)(LAPS * self->bytes / 4096) - most,
		  vdev_stat(dev->uuid, "pin_evictions"));
	EXPECT_EQ(0, vdev_stat(dev->uuid, "faults"));
}

TEST_HARNESS_MAIN
