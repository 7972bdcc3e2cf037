// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive modes and address tables of a virtio network card: which frames to groups and to
 * others come, which commands are refused, and that nobody gets frames to others.
 */
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define ETHERTYPE	0x88b5	/* for experiments */
#define FRAME_BYTES	64
#define MANY_GROUPS	3000	/* more than are looked at */
#define RECEIVES \
	(VIRTIO_CONTROLLED | FEATURE(VIRTIO_NET_F_CTRL_RX) | \
	 FEATURE(VIRTIO_NET_F_CTRL_RX_EXTRA))

static const uint8_t groups[][ETH_ALEN] = {
	{ 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 },
	{ 0x33, 0x33, 0x00, 0x00, 0x12, 0x34 },
	{ 0x01, 0x00, 0x5e, 0x7f, 0x00, 0x99 },
};

static const uint8_t broadcast[ETH_ALEN] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

FIXTURE(ctrl_rx) {
	struct virtio virtio;
	struct vdev other;
};

FIXTURE_SETUP(ctrl_rx)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xcc));
	ASSERT_EQ(0, vdev_new(&self->other, 0xcd));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	ASSERT_EQ(0, virtio_start(&self->virtio, RECEIVES));
	virtio_fill(&self->virtio, VIRTIO_SIZE / 2);
}

FIXTURE_TEARDOWN(ctrl_rx)
{
	EXPECT_EQ(0, vdev_delete(&self->other));
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static void send_to(struct vdev *other, const uint8_t *to, uint32_t number)
{
	uint8_t *frame = other->mem + MEM_TX_BUF + number % 16 * MEM_BUF;

	memset(frame, 0, FRAME_BYTES);
	memcpy(frame, to, ETH_ALEN);
	memcpy(frame + ETH_ALEN, other->mac, ETH_ALEN);
	frame[12] = ETHERTYPE >> 8;
	frame[13] = ETHERTYPE & 0xff;
	memcpy(frame + ETH_HLEN, &number, sizeof(number));
	vdev_post_tx(other, other->iova + MEM_TX_BUF + number % 16 * MEM_BUF,
		     FRAME_BYTES, CDNA_DESC_EOP);
	vdev_trap(other);
	vdev_ring(other);
}

/* Which of our frames comes next. Return: its number, or 0 */
static uint32_t next_number(struct virtio *virtio, struct vdev *other)
{
	const uint8_t *got;
	uint32_t number;
	size_t len;

	while ((got = virtio_receive(virtio, &len, 2000))) {
		memcpy(&number, got + ETH_HLEN, sizeof(number));
		if (len >= FRAME_BYTES && got[12] == ETHERTYPE >> 8 &&
		    got[13] == (ETHERTYPE & 0xff) &&
		    !memcmp(got + ETH_ALEN, other->mac, ETH_ALEN))
			return number;
	}
	return 0;
}

static uint32_t sent;

/* Whether a frame to an address comes: if not, one to the device itself is next.
 * Return: 1 or 0; -1 if neither comes
 */
static int gets(struct virtio *virtio, struct vdev *other, const uint8_t *to)
{
	uint32_t first = ++sent, second = ++sent, got;

	send_to(other, to, first);
	send_to(other, virtio->dev.mac, second);
	got = next_number(virtio, other);
	if (got == first)
		return next_number(virtio, other) == second ? 1 : -1;
	return got == second ? 0 : -1;
}

static bool set(struct virtio *virtio, uint8_t mode, uint8_t on)
{
	return virtio_command(virtio, VIRTIO_NET_CTRL_RX, mode, &on, 1) ==
	       VIRTIO_NET_OK;
}

static size_t put_list(uint8_t *data, const uint8_t *macs, uint32_t count)
{
	memcpy(data, &count, sizeof(count));
	memcpy(data + sizeof(count), macs, count * ETH_ALEN);
	return sizeof(count) + count * ETH_ALEN;
}

static int list(struct virtio *virtio, uint32_t unicast, const uint8_t *macs,
		uint32_t count)
{
	static uint8_t data[8 + (16 + MANY_GROUPS) * ETH_ALEN];
	size_t len = 0;

	len = put_list(data, virtio->dev.mac, unicast);
	len += put_list(data + len, macs, count);
	return virtio_command(virtio, VIRTIO_NET_CTRL_MAC,
			      VIRTIO_NET_CTRL_MAC_TABLE_SET, data, len);
}

/* Until it says something, a driver gets all groups. */
TEST_F(ctrl_rx, begins_with_everything)
{
	struct virtio *virtio = &self->virtio;

	EXPECT_EQ(1, gets(virtio, &self->other, groups[0]));
	EXPECT_EQ(1, gets(virtio, &self->other, broadcast));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_PROMISC, 0));
	EXPECT_EQ(0, gets(virtio, &self->other, groups[0]));
	EXPECT_EQ(1, gets(virtio, &self->other, broadcast));
	/* A reset is a new beginning. */
	ASSERT_EQ(0, virtio_start(virtio, RECEIVES));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_EQ(1, gets(virtio, &self->other, groups[0]));
}

TEST_F(ctrl_rx, groups_that_are_listed)
{
	struct virtio *virtio = &self->virtio;
	struct vdev *other = &self->other;

	ASSERT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_PROMISC, 0));
	EXPECT_EQ(VIRTIO_NET_OK, list(virtio, 0, groups[0], 2));
	EXPECT_EQ(1, gets(virtio, other, groups[0]));
	EXPECT_EQ(1, gets(virtio, other, groups[1]));
	EXPECT_EQ(0, gets(virtio, other, groups[2]));
	EXPECT_EQ(VIRTIO_NET_OK, list(virtio, 1, groups[2], 1));
	EXPECT_EQ(0, gets(virtio, other, groups[0]));
	EXPECT_EQ(1, gets(virtio, other, groups[2]));
	EXPECT_EQ(VIRTIO_NET_OK, list(virtio, 1, groups[2], 0));
	EXPECT_EQ(0, gets(virtio, other, groups[2]));
}

TEST_F(ctrl_rx, modes)
{
	struct virtio *virtio = &self->virtio;
	struct vdev *other = &self->other;

	ASSERT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_PROMISC, 0));
	ASSERT_EQ(VIRTIO_NET_OK, list(virtio, 0, groups[0], 1));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_ALLMULTI, 1));
	EXPECT_EQ(1, gets(virtio, other, groups[1]));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_NOMULTI, 1));
	EXPECT_EQ(0, gets(virtio, other, groups[0]));
	EXPECT_EQ(1, gets(virtio, other, broadcast));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_NOBCAST, 1));
	EXPECT_EQ(0, gets(virtio, other, broadcast));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_NOMULTI, 0));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_ALLMULTI, 0));
	EXPECT_EQ(1, gets(virtio, other, groups[0]));
	EXPECT_EQ(0, gets(virtio, other, groups[1]));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_NOBCAST, 0));
	EXPECT_EQ(1, gets(virtio, other, broadcast));
	/* The NIC cannot do this. */
	EXPECT_FALSE(set(virtio, VIRTIO_NET_CTRL_RX_NOUNI, 1));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_NOUNI, 0));
	EXPECT_FALSE(set(virtio, VIRTIO_NET_CTRL_RX_NOBCAST + 1, 1));
}

/* What a driver of ours may not have, this one gets neither: frames to others. */
TEST_F(ctrl_rx, nobody_gets_frames_to_others)
{
	const uint8_t stranger[ETH_ALEN] = { 0x52, 0x54, 0x00, 0xde, 0xad, 1 };
	struct virtio *virtio = &self->virtio;
	struct vdev *other = &self->other;

	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_PROMISC, 1));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_ALLUNI, 1));
	EXPECT_EQ(1, gets(virtio, other, groups[2]));
	EXPECT_EQ(0, gets(virtio, other, stranger));
}

/* More groups than are looked at: all come. */
TEST_F(ctrl_rx, too_many_groups)
{
	struct virtio *virtio = &self->virtio;
	uint8_t *macs = calloc(MANY_GROUPS, ETH_ALEN);
	uint32_t i;

	ASSERT_NE(NULL, macs);
	for (i = 0; i < MANY_GROUPS; i++)
		memcpy(macs + i * ETH_ALEN, groups[0], ETH_ALEN);
	ASSERT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_PROMISC, 0));
	EXPECT_EQ(VIRTIO_NET_OK, list(virtio, 0, macs, 1000));
	EXPECT_EQ(0, gets(virtio, &self->other, groups[1]));
	EXPECT_EQ(VIRTIO_NET_OK, list(virtio, 0, macs, MANY_GROUPS));
	EXPECT_EQ(1, gets(virtio, &self->other, groups[1]));
	EXPECT_EQ(VIRTIO_NET_OK, list(virtio, 0, macs, 1));
	EXPECT_EQ(0, gets(virtio, &self->other, groups[1]));
	EXPECT_EQ(1, gets(virtio, &self->other, groups[0]));
	free(macs);
}

/* Tables whose counts and lengths do not agree are refused, and change nothing. */
TEST_F(ctrl_rx, wrong_tables)
{
	static const struct {
		uint32_t unicast;
		uint32_t groups;
		size_t len;
	} wrong[] = {
		{ 0, 0, 0 }, { 0, 0, 4 }, { 0, 0, 7 }, { 0, 0, 9 },
		{ 0, 1, 8 }, { 0, 1, 13 }, { 0, 1, 15 }, { 0, ~0u, 14 },
		{ ~0u, 0, 8 }, { 1, 0, 8 }, { 0x2aaaaaab, 0, 14 },
	};
	struct virtio *virtio = &self->virtio;
	uint8_t data[64] = {};
	size_t i;

	ASSERT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_PROMISC, 0));
	ASSERT_EQ(VIRTIO_NET_OK, list(virtio, 0, groups[0], 1));
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		memcpy(data, &wrong[i].unicast, 4);
		memcpy(data + 4, &wrong[i].groups, 4);
		EXPECT_EQ(VIRTIO_NET_ERR,
			  virtio_command(virtio, VIRTIO_NET_CTRL_MAC,
					 VIRTIO_NET_CTRL_MAC_TABLE_SET, data,
					 wrong[i].len)) {
			TH_LOG("table %zu", i);
		}
	}
	EXPECT_EQ(VIRTIO_NET_ERR, virtio_command(virtio, VIRTIO_NET_CTRL_RX,
						 0, data, 0));
	EXPECT_EQ(VIRTIO_NET_ERR, virtio_command(virtio, VIRTIO_NET_CTRL_RX,
						 0, data, 2));
	EXPECT_EQ(1, gets(virtio, &self->other, groups[0]));
	EXPECT_EQ(0, gets(virtio, &self->other, groups[1]));
}

/* Commands of features that were not negotiated */
TEST_F(ctrl_rx, without_the_features)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_CONTROLLED));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_FALSE(set(virtio, VIRTIO_NET_CTRL_RX_PROMISC, 0));
	EXPECT_EQ(VIRTIO_NET_ERR, list(virtio, 0, groups[0], 1));
	EXPECT_EQ(1, gets(virtio, &self->other, groups[1]));
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_CONTROLLED |
				  FEATURE(VIRTIO_NET_F_CTRL_RX)));
	EXPECT_TRUE(set(virtio, VIRTIO_NET_CTRL_RX_PROMISC, 0));
	EXPECT_FALSE(set(virtio, VIRTIO_NET_CTRL_RX_NOBCAST, 1));
	/* They need the control queue. */
	ASSERT_TRUE(virtio_reset(virtio));
	EXPECT_FALSE(virtio_negotiate(virtio, VIRTIO_USUAL |
				      FEATURE(VIRTIO_NET_F_CTRL_RX)));
}

TEST_HARNESS_MAIN
