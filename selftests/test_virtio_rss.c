// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive-side scaling of a virtio network card: frames come to the pair that the hash of
 * the standard and the driver's table say, and commands that are wrong change nothing.
 */
#include <linux/if_ether.h>
#include <string.h>

#include "kselftest_harness.h"
#include "virtio_flows.h"

#define FLOWS		48	/* that are looked at one by one */
#define KEY		40
#define TABLE		128
#define SCALED		(VIRTIO_CONTROLLED | FEATURE(VIRTIO_NET_F_MQ) | \
			 FEATURE(VIRTIO_NET_F_RSS))

#define TYPES \
	(VIRTIO_NET_RSS_HASH_TYPE_IPv4 | VIRTIO_NET_RSS_HASH_TYPE_TCPv4 | \
	 VIRTIO_NET_RSS_HASH_TYPE_UDPv4 | VIRTIO_NET_RSS_HASH_TYPE_IPv6 | \
	 VIRTIO_NET_RSS_HASH_TYPE_TCPv6 | VIRTIO_NET_RSS_HASH_TYPE_UDPv6)

/**
 * struct wish - the command's data, with as many entries as there can be
 * @types: hash types
 * @mask: of the table
 * @other: pair of frames without a hash
 * @table: pairs by hash
 * @sending: pairs that transmit
 * @key_bytes: of the key
 * @key: the key
 */
struct wish {
	uint32_t types;
	uint16_t mask;
	uint16_t other;
	uint16_t table[TABLE];
	uint16_t sending;
	uint8_t key_bytes;
	uint8_t key[KEY];
} __attribute__((packed));

FIXTURE(rss) {
	struct virtio virtio;
	struct vdev other;
	struct wish wish;
};

FIXTURE_SETUP(rss)
{
	struct wish *wish = &self->wish;
	uint32_t i;

	ASSERT_EQ(0, virtio_new(&self->virtio, 0xda));
	ASSERT_EQ(0, vdev_new(&self->other, 0xdb));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	ASSERT_LT(1, self->virtio.most);
	ASSERT_EQ(0, flows_start(&self->virtio, SCALED));
	*wish = (struct wish) {
		.types = TYPES,
		.mask = TABLE - 1,
		.other = 1,
		.sending = self->virtio.most,
		.key_bytes = KEY,
	};
	for (i = 0; i < KEY; i++)
		wish->key[i] = i * 151 + 37;
	for (i = 0; i < TABLE; i++)
		wish->table[i] = i % self->virtio.most;
}

FIXTURE_TEARDOWN(rss)
{
	EXPECT_FALSE(virtio_needs_reset(&self->virtio));
	EXPECT_EQ(0, vdev_delete(&self->other));
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_stat(self->virtio.dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static int scale(struct virtio *virtio, const struct wish *wish)
{
	return virtio_command(virtio, VIRTIO_NET_CTRL_MQ,
			      VIRTIO_NET_CTRL_MQ_RSS_CONFIG, wish,
			      sizeof(*wish));
}

static int set_pairs(struct virtio *virtio, uint16_t pairs)
{
	return virtio_command(virtio, VIRTIO_NET_CTRL_MQ,
			      VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET, &pairs, 2);
}

/* Which pair is to get the last frame that was sent */
static uint16_t wanted(const struct wish *wish, const struct vdev *other)
{
	bool ports = wish->types & VIRTIO_NET_RSS_HASH_TYPE_TCPv4;

	if (!(wish->types & (VIRTIO_NET_RSS_HASH_TYPE_IPv4 |
			     VIRTIO_NET_RSS_HASH_TYPE_TCPv4)))
		return wish->other;
	return wish->table[flows_hash(wish->key, flows_frame(other, flows_sent),
				      ports) & wish->mask];
}

/* Each flow comes to the pair that it should, and to no other. */
static void expect(struct __test_metadata *_metadata, struct virtio *virtio,
		   struct vdev *other, const struct wish *wish)
{
	struct flows counts;
	uint32_t i;

	for (i = 0; i < FLOWS; i++) {
		counts = (struct flows) { .first = flows_sent + 1 };
		flows_send(other, virtio->dev.mac, 1);
		flows_take_all(virtio, other, &counts, 1);
		ASSERT_TRUE(vdev_tx_done(other, 2000));
		ASSERT_EQ(1, counts.all);
		ASSERT_EQ(1, counts.pair[wanted(wish, other)]) {
			TH_LOG("frame %u was to come to pair %u", flows_sent,
			       wanted(wish, other));
		}
	}
}

static uint64_t config(struct virtio *virtio, size_t offset, size_t bytes)
{
	return virtio_load(virtio, VIRTIO_PCI_CAP_DEVICE_CFG, offset, bytes);
}

/* Virtio 1.2, sections 5.1.4 and 5.1.3.1 */
TEST_F(rss, what_is_offered)
{
	struct virtio *virtio = &self->virtio;

	EXPECT_EQ(KEY, config(virtio, offsetof(struct virtio_net_config,
					       rss_max_key_size), 1));
	EXPECT_EQ(TABLE, config(virtio, offsetof(struct virtio_net_config,
						 rss_max_indirection_table_length),
				2));
	EXPECT_EQ(TYPES, config(virtio, offsetof(struct virtio_net_config,
						 supported_hash_types), 4));
	ASSERT_TRUE(virtio_reset(virtio));
	EXPECT_FALSE(virtio_negotiate(virtio, VIRTIO_USUAL |
					      FEATURE(VIRTIO_NET_F_RSS)));
}

TEST_F_TIMEOUT(rss, frames_come_where_the_table_says, 120)
{
	struct virtio *virtio = &self->virtio;
	struct wish wish = self->wish;
	uint32_t i;

	ASSERT_EQ(VIRTIO_NET_OK, scale(virtio, &wish));
	expect(_metadata, virtio, &self->other, &wish);
	/* Another table, then another key */
	for (i = 0; i < TABLE; i++)
		wish.table[i] = i / 16 % 2 ? 0 : virtio->most - 1;
	ASSERT_EQ(VIRTIO_NET_OK, scale(virtio, &wish));
	expect(_metadata, virtio, &self->other, &wish);
	for (i = 0; i < KEY; i++)
		wish.key[i] ^= 0xff - i;
	ASSERT_EQ(VIRTIO_NET_OK, scale(virtio, &wish));
	expect(_metadata, virtio, &self->other, &wish);
	/* All to one */
	memset(wish.table, 0, sizeof(wish.table));
	ASSERT_EQ(VIRTIO_NET_OK, scale(virtio, &wish));
	expect(_metadata, virtio, &self->other, &wish);
}

TEST_F_TIMEOUT(rss, types_that_are_hashed, 120)
{
	const uint32_t types[] = {
		0, VIRTIO_NET_RSS_HASH_TYPE_IPv4, VIRTIO_NET_RSS_HASH_TYPE_TCPv4,
		VIRTIO_NET_RSS_HASH_TYPE_IPv6 | VIRTIO_NET_RSS_HASH_TYPE_UDPv4,
		TYPES,
	};
	struct virtio *virtio = &self->virtio;
	struct wish wish = self->wish;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		wish.types = types[i];
		ASSERT_EQ(VIRTIO_NET_OK, scale(virtio, &wish));
		expect(_metadata, virtio, &self->other, &wish);
	}
}

static const struct wish *first_only(struct wish *wish)
{
	memset(wish->table, 0, sizeof(wish->table));
	wish->other = 0;
	return wish;
}

/* The last command counts, and a reset undoes it. */
TEST_F_TIMEOUT(rss, number_of_pairs, 120)
{
	struct virtio *virtio = &self->virtio;
	struct wish one = self->wish;

	first_only(&one);
	expect(_metadata, virtio, &self->other, &one);
	ASSERT_EQ(VIRTIO_NET_OK, scale(virtio, &self->wish));
	expect(_metadata, virtio, &self->other, &self->wish);
	ASSERT_EQ(VIRTIO_NET_OK, set_pairs(virtio, 1));
	expect(_metadata, virtio, &self->other, &one);
	ASSERT_EQ(VIRTIO_NET_OK, scale(virtio, &self->wish));
	ASSERT_EQ(0, flows_start(virtio, SCALED));
	expect(_metadata, virtio, &self->other, &one);
}

/* Linux' driver may send the padding of its structure, behind the key. */
TEST_F(rss, padding)
{
	struct virtio *virtio = &self->virtio;
	uint8_t data[sizeof(struct wish) + 1] = { 0 };

	memcpy(data, &self->wish, sizeof(self->wish));
	ASSERT_EQ(VIRTIO_NET_OK,
		  virtio_command(virtio, VIRTIO_NET_CTRL_MQ,
				 VIRTIO_NET_CTRL_MQ_RSS_CONFIG, data,
				 sizeof(data)));
	expect(_metadata, virtio, &self->other, &self->wish);
}

/* Either feature gives all the pairs, and its own command only. */
TEST_F(rss, features_alone)
{
	struct virtio *virtio = &self->virtio;

	ASSERT_EQ(0, flows_start(virtio,
				 SCALED & ~FEATURE(VIRTIO_NET_F_MQ)));
	EXPECT_EQ(VIRTIO_QUEUES * virtio->most, virtio->ctrl);
	EXPECT_EQ(VIRTIO_NET_ERR, set_pairs(virtio, 1));
	EXPECT_EQ(VIRTIO_NET_OK, scale(virtio, &self->wish));
	expect(_metadata, virtio, &self->other, &self->wish);
	ASSERT_EQ(0, flows_start(virtio,
				 SCALED & ~FEATURE(VIRTIO_NET_F_RSS)));
	EXPECT_EQ(VIRTIO_NET_ERR, scale(virtio, &self->wish));
	EXPECT_EQ(VIRTIO_NET_OK, set_pairs(virtio, 1));
}

/* A field and a value of it that is out of bounds */
#define WRONG(field_, value_) { \
	.at = offsetof(struct wish, field_), \
	.bytes = sizeof(((struct wish *)0)->field_), \
	.value = (value_) }

static const struct {
	size_t at;
	size_t bytes;
	uint32_t value;
} wrong[] = {
	WRONG(types, TYPES + 1), WRONG(types, 0x80000000),
	WRONG(types, VIRTIO_NET_RSS_HASH_TYPE_IP_EX),
	WRONG(mask, 0), WRONG(mask, 63), WRONG(mask, 126), WRONG(mask, 128),
	WRONG(mask, 255), WRONG(mask, 0x7fff), WRONG(mask, 0xffff),
	WRONG(other, CDNA_MAX_QPS), WRONG(other, 0x100), WRONG(other, 0xffff),
	WRONG(table[0], CDNA_MAX_QPS), WRONG(table[0], 0xffff),
	WRONG(table[TABLE - 1], CDNA_MAX_QPS), WRONG(table[77], 0x8000),
	WRONG(sending, 0), WRONG(sending, CDNA_MAX_QPS + 1),
	WRONG(sending, 0xffff), WRONG(key_bytes, 0),
	WRONG(key_bytes, KEY + 1), WRONG(key_bytes, 255),
};

TEST_F_TIMEOUT(rss, wrong_commands, 120)
{
	struct virtio *virtio = &self->virtio;
	uint8_t data[sizeof(struct wish)];
	size_t len, i;

	ASSERT_EQ(VIRTIO_NET_OK, scale(virtio, &self->wish));
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		memcpy(data, &self->wish, sizeof(self->wish));
		first_only((struct wish *)data);
		memcpy(data + wrong[i].at, &wrong[i].value, wrong[i].bytes);
		EXPECT_EQ(VIRTIO_NET_ERR, scale(virtio, (struct wish *)data)) {
			TH_LOG("case %zu was accepted", i);
		}
	}
	memcpy(data, &self->wish, sizeof(self->wish));
	first_only((struct wish *)data);
	for (len = sizeof(data) - 1; len; len -= len > 20 ? 5 : 1)
		EXPECT_EQ(VIRTIO_NET_ERR,
			  virtio_command(virtio, VIRTIO_NET_CTRL_MQ,
					 VIRTIO_NET_CTRL_MQ_RSS_CONFIG, data,
					 len));
	expect(_metadata, virtio, &self->other, &self->wish);
}

TEST_HARNESS_MAIN
