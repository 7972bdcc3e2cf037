// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames for a guest that has posted too few buffers: the host of a softnic keeps some,
 * in order, and no more than it may.
 */
#include <linux/if_ether.h>
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define RX		CDNA_VQUEUE(0, CDNA_DIR_RX)
#define KEPT		256	/* at most, for each queue pair */
#define POSTED		10
#define LEN		100

FIXTURE(backlog) {
	struct vdev dev;
	struct vdev other;
};

/* As vdev_start(), with so many buffers posted */
static uint32_t start(struct vdev *dev, int posted)
{
	uint32_t ret = vdev_activate(dev);

	dev->tx_prod = 0;
	dev->rx_prod = 0;
	dev->rx_seen = 0;
	if (!ret)
		ret = vdev_queue(dev, 0, CDNA_DIR_RX, VDEV_SLOTS);
	while (!ret && posted--)
		vdev_repost(dev);
	vdev_trap(dev);
	return ret;
}

FIXTURE_SETUP(backlog)
{
	if (!vdev_is_soft())
		SKIP(return, "a NIC keeps no frames");
	ASSERT_EQ(0, vdev_new(&self->dev, 0xb8));
	ASSERT_EQ(0, vdev_new(&self->other, 0xb9));
	ASSERT_EQ(CDNA_VRES_OK, start(&self->dev, POSTED));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
}

FIXTURE_TEARDOWN(backlog)
{
	EXPECT_EQ(0, vdev_delete(&self->dev));
	EXPECT_EQ(0, vdev_delete(&self->other));
}

/* Numbered frames, which the sender does not wait for longer than for others */
static void send(struct __test_metadata *_metadata, struct vdev *from,
		 const struct vdev *to, uint32_t frames)
{
	uint8_t *frame = from->mem + MEM_TX_BUF;
	uint32_t i;

	for (i = 0; i < frames; i++) {
		memset(frame, 0, LEN);
		memcpy(frame, to->mac, ETH_ALEN);
		memcpy(frame + ETH_ALEN, from->mac, ETH_ALEN);
		/* For experiments */
		frame[12] = 0x88;
		frame[13] = 0xb5;
		memcpy(frame + ETH_HLEN, &i, sizeof(i));
		vdev_post_tx(from, from->iova + MEM_TX_BUF, LEN, CDNA_DESC_EOP);
		vdev_trap(from);
		ASSERT_TRUE(vdev_tx_done(from, 2000));
	}
}

/* Return: how many came, in order and without a gap; each buffer is posted again */
static uint32_t take(struct vdev *dev, const struct vdev *from, uint32_t first,
		     uint32_t frames)
{
	struct cdna_rx_completion comp;
	uint32_t seen = 0, i;

	while (seen < frames && vdev_rx_next(dev, &comp, 2000)) {
		const uint8_t *frame = vdev_rx_buf(dev, comp.index);

		memcpy(&i, frame + ETH_HLEN, sizeof(i));
		if (memcmp(frame + ETH_ALEN, from->mac, ETH_ALEN))
			continue;
		if (i != first + seen)
			break;
		seen++;
	}
	return seen;
}

static void post(struct vdev *dev, int buffers)
{
	while (buffers--)
		vdev_repost(dev);
	vdev_trap(dev);
}

TEST_F(backlog, late_buffers_lose_nothing)
{
	struct vdev *dev = &self->dev, *other = &self->other;

	send(_metadata, other, dev, 5 * POSTED);
	EXPECT_EQ(POSTED, take(dev, other, 0, POSTED));
	EXPECT_EQ(4 * POSTED, vdev_port_stat(dev, "rx_backlog"));
	post(dev, POSTED);
	EXPECT_EQ(POSTED, take(dev, other, POSTED, POSTED));
	post(dev, 3 * POSTED);
	EXPECT_EQ(3 * POSTED, take(dev, other, 2 * POSTED, 3 * POSTED));
	EXPECT_EQ(0, vdev_port_stat(dev, "drop_rx_no_buffer"));
	EXPECT_EQ(0, vdev_status(dev)->rx_missed);
}

TEST_F(backlog, is_bounded)
{
	struct vdev *dev = &self->dev, *other = &self->other;

	send(_metadata, other, dev, POSTED + KEPT + 20);
	EXPECT_EQ(KEPT, vdev_port_stat(dev, "rx_backlog"));
	EXPECT_EQ(20, vdev_port_stat(dev, "drop_rx_no_buffer"));
	EXPECT_EQ(20, vdev_drops(dev->uuid, "rx_no_buffer"));
	EXPECT_EQ(20, vdev_status(dev)->rx_missed);
	EXPECT_EQ(POSTED, take(dev, other, 0, POSTED));
	post(dev, VDEV_SLOTS / 2);
	EXPECT_EQ(VDEV_SLOTS / 2, take(dev, other, POSTED, VDEV_SLOTS / 2));
	EXPECT_EQ(20, vdev_status(dev)->rx_missed);
}

/* What waited for a queue that is gone is not for the next one. */
TEST_F(backlog, goes_with_its_queue)
{
	struct vdev *dev = &self->dev, *other = &self->other;

	send(_metadata, other, dev, 2 * POSTED);
	EXPECT_EQ(POSTED, vdev_port_stat(dev, "rx_backlog"));
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, start(dev, 2 * POSTED));
	EXPECT_EQ(0, take(dev, other, POSTED, 1));
	EXPECT_EQ(POSTED, vdev_port_stat(dev, "drop_rx_no_queue"));
	send(_metadata, other, dev, POSTED);
	EXPECT_EQ(POSTED, take(dev, other, 0, POSTED));
}

TEST_HARNESS_MAIN
