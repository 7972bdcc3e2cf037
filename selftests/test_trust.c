// SPDX-License-Identifier: GPL-2.0-only
/*
 * What speaks for others: a context sends it only if its administrator trusts
 * it.
 */
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define LEN	60

static const uint8_t foreign[6] = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x05 };
static const uint8_t lldp[6] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e };

/* @from, of that UUID, sends to @to, which takes all groups. */
FIXTURE(trust) {
	char uuid[40];
	struct vdev from;
	struct vdev to;
};

FIXTURE_SETUP(trust)
{
	vdev_uuid(self->uuid, 32);
	ASSERT_EQ(0, vdev_create(self->uuid));
	ASSERT_EQ(0, vdev_new(&self->to, 33));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->to));
	vdev_write(&self->to, CDNA_VREG_ARG_FILTER, CDNA_FILTER_ALLMULTI);
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(&self->to, CDNA_VCMD_FILTER));
}

FIXTURE_TEARDOWN(trust)
{
	EXPECT_EQ(0, vdev_delete(&self->to));
	EXPECT_EQ(0, vdev_delete(&self->from));
}

static uint32_t open_and_start(struct vdev *dev, const char *uuid)
{
	return vdev_open(dev, uuid) ? ~0u : vdev_start(dev);
}

/* Send a frame of that type from a buffer of its own. */
static void send(struct vdev *dev, unsigned int buf, const uint8_t *dst,
		 const uint8_t *src, uint16_t type)
{
	uint32_t at = MEM_TX_BUF + buf * MEM_BUF;
	uint8_t *frame = dev->mem + at;

	memset(frame, buf, LEN);
	memcpy(frame, dst, 6);
	memcpy(frame + 6, src, 6);
	frame[12] = type >> 8;
	frame[13] = type & 0xff;
	vdev_post_tx(dev, VDEV_IOVA + at, LEN, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
}

/* Which of the frames below arrive, a bit each; the last one always does. */
static unsigned int arrived(struct vdev *from, struct vdev *to)
{
	struct cdna_rx_completion comp;
	unsigned int seen = 0;
	const uint8_t *frame;

	send(from, 0, lldp, from->mac, 0x88cc);
	send(from, 1, to->mac, from->mac, 0x8808);
	send(from, 2, to->mac, foreign, 0x88b5);
	send(from, 3, to->mac, from->mac, 0x88b5);
	while (!(seen & 8) && vdev_rx_next(to, &comp, 2000)) {
		frame = vdev_rx_buf(to, comp.index);
		if (comp.len == LEN && frame[LEN - 1] < 4)
			seen |= 1u << frame[LEN - 1];
		vdev_repost(to);
	}
	return seen;
}

TEST_F(trust, nobody_is_trusted_by_default)
{
	EXPECT_EQ(0, vdev_drops(self->uuid, "tx_spoof_mac"));
	ASSERT_EQ(CDNA_VRES_OK, open_and_start(&self->from, self->uuid));
	EXPECT_EQ(8, arrived(&self->from, &self->to));
	/* Its administrator sees why the others did not arrive. */
	EXPECT_EQ(1, vdev_drops(self->uuid, "tx_spoof_mac"));
	EXPECT_EQ(2, vdev_drops(self->uuid, "tx_link_local"));
	EXPECT_EQ(0, vdev_drops(self->uuid, "tx_spoof_vlan"));
	EXPECT_EQ(0, vdev_drops(self->to.uuid, "tx_spoof_mac"));
	/* Also when its process has ended, and when it was revoked */
	vdev_close(&self->from);
	EXPECT_EQ(1, vdev_drops(self->uuid, "tx_spoof_mac"));
	ASSERT_EQ(CDNA_VRES_OK, open_and_start(&self->from, self->uuid));
	EXPECT_EQ(8, arrived(&self->from, &self->to));
	EXPECT_EQ(2, vdev_drops(self->uuid, "tx_spoof_mac"));
	ASSERT_EQ(0, vdev_set(self->uuid, "state", "revoked"));
	EXPECT_EQ(2, vdev_drops(self->uuid, "tx_spoof_mac"));
	ASSERT_EQ(0, vdev_set(self->uuid, "state", "configured"));
	EXPECT_EQ(2, vdev_drops(self->uuid, "tx_spoof_mac"));
	EXPECT_EQ(4, vdev_drops(self->uuid, "tx_link_local"));
}

TEST_F(trust, the_trusted_may)
{
	ASSERT_EQ(0, vdev_set(self->uuid, "trust", "on"));
	ASSERT_EQ(CDNA_VRES_OK, open_and_start(&self->from, self->uuid));
	EXPECT_EQ(15, arrived(&self->from, &self->to));
	/* Not a right that can be taken or given meanwhile */
	EXPECT_EQ(-EBUSY, vdev_set(self->uuid, "trust", "off"));
	/* Other attributes leave it as it is. */
	vdev_close(&self->from);
	ASSERT_EQ(0, vdev_set(self->uuid, "vlan", "trunk"));
	ASSERT_EQ(CDNA_VRES_OK, open_and_start(&self->from, self->uuid));
	EXPECT_EQ(15, arrived(&self->from, &self->to));
	vdev_close(&self->from);
	ASSERT_EQ(0, vdev_set(self->uuid, "trust", "off"));
	ASSERT_EQ(CDNA_VRES_OK, open_and_start(&self->from, self->uuid));
	EXPECT_EQ(8, arrived(&self->from, &self->to));
}

TEST_F(trust, attribute_takes_on_and_off)
{
	char value[8] = "";

	EXPECT_EQ(0, vdev_attr(self->uuid, "trust", value, sizeof(value)));
	EXPECT_STREQ("off", value);
	EXPECT_EQ(-EINVAL, vdev_set(self->uuid, "trust", "maybe"));
	EXPECT_EQ(0, vdev_set(self->uuid, "trust", "on"));
	EXPECT_EQ(0, vdev_attr(self->uuid, "trust", value, sizeof(value)));
	EXPECT_STREQ("on", value);
	ASSERT_EQ(0, vdev_open(&self->from, self->uuid));
}

TEST_HARNESS_MAIN
