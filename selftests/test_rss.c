// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive-side scaling by the registers of a context: frames come to the queue pair that the
 * hash of the standard and the guest's table say, and what is wrong changes nothing.
 */
#include <endian.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "vdev.h"
#include "virtio_flows.h"

#define FLOWS		48	/* that are looked at together */
#define MOST		0x100	/* stands for the number of queue pairs */

/* @dev has a receive ring in pair 0, whose frames the test looks at, and one in pair 1 that
 * gets no buffers. @other sends.
 */
FIXTURE(rss) {
	struct vdev dev;
	struct vdev other;
	struct cdna_rss rss;
};

static uint32_t start(struct vdev *dev)
{
	uint32_t ret = vdev_start(dev);

	return ret ? ret : vdev_queue(dev, 1, CDNA_DIR_RX, VDEV_SLOTS);
}

FIXTURE_SETUP(rss)
{
	uint32_t i;

	ASSERT_EQ(0, vdev_new(&self->dev, 0xdc));
	ASSERT_EQ(0, vdev_new(&self->other, 0xdd));
	ASSERT_LT(1, vdev_read(&self->dev, CDNA_VREG_QPS));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	self->dev.features |= CDNA_VFEAT_RSS;
	ASSERT_EQ(CDNA_VRES_OK, start(&self->dev));
	self->rss.types = htole32(CDNA_RSS_TYPES);
	for (i = 0; i < CDNA_RSS_KEY; i++)
		self->rss.key[i] = i * 151 + 37;
	for (i = 0; i < CDNA_RSS_TABLE; i++)
		self->rss.table[i] = i % 2;
}

FIXTURE_TEARDOWN(rss)
{
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_delete(&self->other));
	EXPECT_EQ(0, vdev_delete(&self->dev));
}

static uint32_t scale(struct vdev *dev, const struct cdna_rss *rss)
{
	uint32_t word, i;

	for (i = 0; i < sizeof(*rss); i += sizeof(word)) {
		memcpy(&word, (const uint8_t *)rss + i, sizeof(word));
		vdev_write(dev, CDNA_VREG_ARG_RSS + i, le32toh(word));
	}
	return vdev_command(dev, CDNA_VCMD_SET_RSS);
}

/* Is the last frame that was sent one for pair 0? */
static bool is_for_first(const struct cdna_rss *rss, const struct vdev *other)
{
	const uint8_t *frame = flows_frame(other, flows_sent);

	return !rss->table[flows_hash(rss->key, frame, true) %
			   CDNA_RSS_TABLE];
}

/* Return: the number of the next frame of ours, or 0 if there is none for so long */
static uint32_t receive(struct vdev *dev, const struct vdev *other, int ms)
{
	struct cdna_rx_completion comp;
	uint32_t number;

	while (vdev_rx_next(dev, &comp, ms)) {
		number = flows_number(other, vdev_rx_buf(dev, comp.index),
				      comp.len);
		vdev_repost(dev);
		vdev_trap(dev);
		vdev_ring(dev);
		if (number)
			return number;
	}
	return 0;
}

/* Each flow whose turn it is comes to pair 0, and no other. Frames keep their order, so one
 * that comes says that none before it is still to come.
 */
static void expect(struct __test_metadata *_metadata, struct vdev *dev,
		   struct vdev *other, const struct cdna_rss *rss)
{
	uint32_t wanted, i;

	for (i = 0; i < FLOWS; i++) {
		wanted = 0;
		while (!wanted) {
			flows_send(other, dev->mac, 1);
			ASSERT_TRUE(vdev_tx_done(other, 2000));
			if (is_for_first(rss, other))
				wanted = flows_sent;
		}
		ASSERT_EQ(wanted, receive(dev, other, 2000));
	}
}

TEST_F(rss, is_offered)
{
	EXPECT_TRUE(vdev_read(&self->dev, CDNA_VREG_FEATURES) &
		    CDNA_VFEAT_RSS);
}

TEST_F_TIMEOUT(rss, frames_come_where_the_table_says, 120)
{
	struct cdna_rss rss = self->rss;
	uint32_t i;

	ASSERT_EQ(CDNA_VRES_OK, scale(&self->dev, &rss));
	expect(_metadata, &self->dev, &self->other, &rss);
	for (i = 0; i < CDNA_RSS_TABLE; i++)
		rss.table[i] = i / 16 % 2;
	ASSERT_EQ(CDNA_VRES_OK, scale(&self->dev, &rss));
	expect(_metadata, &self->dev, &self->other, &rss);
	for (i = 0; i < CDNA_RSS_KEY; i++)
		rss.key[i] ^= 0xff - i;
	ASSERT_EQ(CDNA_VRES_OK, scale(&self->dev, &rss));
	expect(_metadata, &self->dev, &self->other, &rss);
}

/* Nothing comes to a pair that the table does not name; a reset ends it. */
TEST_F_TIMEOUT(rss, all_to_the_other_pair, 120)
{
	struct cdna_rss all = self->rss, none = self->rss;
	uint32_t i;

	memset(none.table, 1, sizeof(none.table));
	none.other = 1;
	memset(all.table, 0, sizeof(all.table));
	ASSERT_EQ(CDNA_VRES_OK, scale(&self->dev, &none));
	for (i = 0; i < FLOWS; i++) {
		flows_send(&self->other, self->dev.mac, 1);
		ASSERT_TRUE(vdev_tx_done(&self->other, 2000));
	}
	ASSERT_EQ(CDNA_VRES_OK, scale(&self->dev, &all));
	expect(_metadata, &self->dev, &self->other, &all);
	ASSERT_EQ(CDNA_VRES_OK, scale(&self->dev, &none));
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(&self->dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	expect(_metadata, &self->dev, &self->other, &all);
}

TEST_F(rss, only_by_an_active_context_that_accepted)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	EXPECT_EQ(CDNA_VRES_BAD_STATE, scale(dev, &self->rss));
	dev->features &= ~CDNA_VFEAT_RSS;
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_EQ(CDNA_VRES_UNSUPPORTED, scale(dev, &self->rss));
}

static const struct {
	size_t at;
	uint32_t value;
} wrong[] = {
	{ offsetof(struct cdna_rss, types), CDNA_RSS_TYPES + 1 },
	{ offsetof(struct cdna_rss, types) + 3, 0x80 },
	{ offsetof(struct cdna_rss, other), MOST },
	{ offsetof(struct cdna_rss, other), 0xff },
	{ offsetof(struct cdna_rss, reserved), 1 },
	{ offsetof(struct cdna_rss, reserved) + 2, 1 },
	{ offsetof(struct cdna_rss, table), MOST },
	{ offsetof(struct cdna_rss, table) + 77, 0x80 },
	{ offsetof(struct cdna_rss, table) + CDNA_RSS_TABLE - 1, MOST },
};

TEST_F_TIMEOUT(rss, wrong_arguments, 120)
{
	uint32_t pairs = vdev_read(&self->dev, CDNA_VREG_QPS);
	struct cdna_rss rss;
	size_t i;

	ASSERT_EQ(CDNA_VRES_OK, scale(&self->dev, &self->rss));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		rss = self->rss;
		memset(rss.table, 1, sizeof(rss.table));
		((uint8_t *)&rss)[wrong[i].at] =
			wrong[i].value == MOST ? pairs : wrong[i].value;
		EXPECT_EQ(CDNA_VRES_BAD_PARAM, scale(&self->dev, &rss)) {
			TH_LOG("case %zu was not refused as such", i);
		}
	}
	expect(_metadata, &self->dev, &self->other, &self->rss);
}

static bool are_clear(struct vdev *dev)
{
	uint32_t reg, bits = 0;

	for (reg = CDNA_VREG_ARG_RSS; reg < CDNA_VREG_ARG_RSS_END; reg += 4)
		bits |= vdev_read(dev, reg);
	return !bits;
}

/* They can be read back. A reset of the function clears them, and who opens the device next
 * finds nothing of the last one.
 */
TEST_F(rss, registers)
{
	struct vdev *dev = &self->dev;
	uint32_t reg = CDNA_VREG_ARG_RSS, last = CDNA_VREG_ARG_RSS_END - 4;
	char uuid[40];

	ASSERT_EQ(CDNA_VRES_OK, scale(dev, &self->rss));
	EXPECT_EQ(0xea53bc25u, vdev_read(dev, reg));
	vdev_write(dev, last, 0x12345678);
	EXPECT_EQ(0x12345678, vdev_read(dev, last));
	vdev_write(dev, last + 4, 0x12345678);
	EXPECT_EQ(0, vdev_read(dev, last + 4));
	vdev_write(dev, reg - 4, 0x12345678);
	EXPECT_EQ(0, vdev_read(dev, reg - 4));
	ASSERT_EQ(0, ioctl(dev->fd, VFIO_DEVICE_RESET));
	EXPECT_TRUE(are_clear(dev));
	vdev_write(dev, reg, 1);
	strcpy(uuid, dev->uuid);
	vdev_close(dev);
	ASSERT_EQ(0, vdev_open(dev, uuid));
	EXPECT_TRUE(are_clear(dev));
}

TEST_HARNESS_MAIN
