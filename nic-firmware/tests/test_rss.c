// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive-side scaling: the hash is Toeplitz's.
 */
#include "base/parse.h"
#include "base/rss.h"
#include "rss_bed.h"

static bool hash_of(u32 types, u32 len, u32 *hash)
{
	struct cdna_rss from = all_of(8);
	static struct fw_rss rss;
	struct fw_packet pkt;

	from.types = fw_to_le32(types);
	assert_true(fw_rss_set(&rss, &from));
	fw_parse(frame, len, len, &pkt);
	return fw_rss_hash(&rss, frame, &pkt, hash);
}

static void known_frames_have_known_hashes(void **state)
{
	u32 i, hash, tagged;

	(void)state;
	for (i = 0; i < 2 * FW_ARRAY_SIZE(known); i++) {
		const struct known *k = &known[i / 2];

		tagged = i % 2;
		assert_true(hash_of(CDNA_RSS_TYPES, build(k, 6, tagged, 0),
				    &hash));
		assert_int_equal(hash, k->ports);
		assert_true(hash_of(CDNA_RSS_TYPES, build(k, 17, tagged, 0),
				    &hash));
		assert_int_equal(hash, k->ports);
		assert_true(hash_of(CDNA_RSS_TYPES, build(k, 50, tagged, 0),
				    &hash));
		assert_int_equal(hash, k->addresses);
	}
}

/* The definition, bit by bit */
static u32 by_the_book(const u8 *key, const u8 *data, u32 len)
{
	u32 hash = 0, bit, i;

	for (bit = 0; bit < len * 8; bit++) {
		if (!(data[bit / 8] & 0x80 >> bit % 8))
			continue;
		for (i = 0; i < 32; i++)
			if (key[(bit + i) / 8] & 0x80 >> (bit + i) % 8)
				hash ^= 0x80000000 >> i;
	}
	return hash;
}

static void any_key_is_hashed_by_the_book(void **state)
{
	static struct fw_rss rss;
	struct cdna_rss from;
	struct prng prng;
	u32 i, len, hash;

	(void)state;
	prng_seed(&prng, __func__);
	for (i = 0; i < 500; i++) {
		struct known k = { .ip = i & 1 ? 4 : 6 };
		struct fw_packet pkt;
		u8 data[36];

		from = all_of(8);
		prng_fill(&prng, from.key, sizeof(from.key));
		prng_fill(&prng, k.src, sizeof(k.src));
		prng_fill(&prng, k.dst, sizeof(k.dst));
		k.sport = (u16)(1 + prng_below(&prng, 65535));
		k.dport = (u16)(1 + prng_below(&prng, 65535));
		len = i & 1 ? 4 : 16;
		memcpy(data, k.src, len);
		memcpy(data + len, k.dst, len);
		fw_put_be16(data + 2 * len, k.sport);
		fw_put_be16(data + 2 * len + 2, k.dport);
		assert_true(fw_rss_set(&rss, &from));
		fw_parse(frame, 200, build(&k, 6, false, 0), &pkt);
		assert_true(fw_rss_hash(&rss, frame, &pkt, &hash));
		assert_int_equal(hash, by_the_book(from.key, data,
						   2 * len + 4));
	}
}

static void only_types_that_are_enabled_are_hashed(void **state)
{
	static const struct {
		u8 ip;
		u8 proto;
		u32 ports;
		u32 addresses;
	} kind[] = {
		{ 4, 6, CDNA_RSS_TCP4, CDNA_RSS_IPV4 },
		{ 4, 17, CDNA_RSS_UDP4, CDNA_RSS_IPV4 },
		{ 4, 50, 0, CDNA_RSS_IPV4 },
		{ 6, 6, CDNA_RSS_TCP6, CDNA_RSS_IPV6 },
		{ 6, 17, CDNA_RSS_UDP6, CDNA_RSS_IPV6 },
		{ 6, 50, 0, CDNA_RSS_IPV6 },
	};
	u32 i, types, hash, len;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(kind); i++) {
		const struct known *k = &known[kind[i].ip == 4 ? 0 : 5];

		len = build(k, kind[i].proto, false, 0);
		for (types = 0; types <= CDNA_RSS_TYPES; types++) {
			bool ports = types & kind[i].ports;
			bool any = ports || types & kind[i].addresses;

			assert_int_equal(hash_of(types, len, &hash), any);
			if (any)
				assert_int_equal(hash, ports ? k->ports :
							       k->addresses);
		}
	}
	/* A fragment has no ports; what is not IP has no hash. */
	assert_true(hash_of(CDNA_RSS_TYPES, build(&known[0], 17, false,
						  0x2000), &hash));
	assert_int_equal(hash, known[0].addresses);
	assert_false(hash_of(CDNA_RSS_TYPES & ~CDNA_RSS_IPV4,
			     build(&known[0], 17, false, 0x2000), &hash));
	assert_false(hash_of(CDNA_RSS_TYPES,
			     frame_plain(frame, net_peer, net_peer, 60, 0),
			     &hash));
}

TEST_MAIN(
	NET_TEST(known_frames_have_known_hashes),
	NET_TEST(any_key_is_hashed_by_the_book),
	NET_TEST(only_types_that_are_enabled_are_hashed),
)
