// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues that the NIC has to finish before their memory goes: they are drained at
 * the same time, for QEMU unmaps with its big lock held.
 */
#include <string.h>
#include <time.h>

#include "kselftest_harness.h"
#include "vdev.h"

FIXTURE(drain) {
	struct vdev dev;
};

FIXTURE_SETUP(drain)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0xc8));
}

FIXTURE_TEARDOWN(drain)
{
	EXPECT_EQ(0, vdev_delete(&self->dev));
}

#define SENDING	8
#define SERIAL	(SENDING * 2)	/* seconds, one drain after another */

/* Frames without an end, which the NIC never finishes */
static uint32_t post_without_end(struct vdev *dev, uint32_t qp)
{
	struct cdna_tail_page *tails = (void *)(dev->mem + MEM_TAILS);
	struct cdna_desc_compact *desc = (void *)(dev->mem + MEM_TX_RING);
	uint32_t number = CDNA_VQUEUE(qp, CDNA_DIR_TX);
	uint32_t ret;

	desc[0] = (struct cdna_desc_compact) {
		.addr = VDEV_IOVA + MEM_TX_BUF, .len = 64,
	};
	ret = vdev_queue(dev, qp, CDNA_DIR_TX, VDEV_SLOTS);
	if (ret)
		return ret;
	__atomic_store_n(&tails->tail[number], 1, __ATOMIC_RELEASE);
	vdev_trap(dev);
	dev->mbox[CDNA_MBOX(qp, CDNA_MBOX_TX_PROD)] = 1;
	return 0;
}

TEST_F_TIMEOUT(drain, all_at_the_same_time, 100)
{
	struct vdev *dev = &self->dev;
	uint32_t qp;
	time_t took;

	ASSERT_EQ(CDNA_VRES_OK, vdev_activate(dev));
	for (qp = 0; qp < SENDING; qp++)
		ASSERT_EQ(CDNA_VRES_OK, post_without_end(dev, qp));
	took = time(NULL);
	EXPECT_EQ(0, vdev_unmap(dev, VDEV_IOVA, VDEV_MEMORY));
	took = time(NULL) - took;
	TH_LOG("%ld s", (long)took);
	EXPECT_LT(took, SERIAL / 2);
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
}

TEST_HARNESS_MAIN
