// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filters: what a context may send and wants to get.
 */
#include "ctx/context.h"
#include "test.h"

static const u8 broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const u8 group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb };
static const u8 other[6] = { 0x02, 0, 0, 0, 0, 0x99 };

static struct fw_ctx ctx;

static int setup(void **state)
{
	(void)state;
	fw_ctx_init(&ctx, 3);
	return 0;
}

/* Bit by bit, most significant bit of the CRC first */
static u32 slow_bit(const u8 *mac)
{
	u32 crc = 0xffffffff;
	u32 i, bit, top;

	for (i = 0; i < 6; i++) {
		for (bit = 0; bit < 8; bit++) {
			top = crc >> 31 ^ (mac[i] >> bit & 1);
			crc = crc << 1 ^ (top ? 0x04c11db7 : 0);
		}
	}
	return crc >> 24;
}

static void places_addresses_as_the_abi_says(void **state)
{
	/* What Linux computes: ether_crc(6, mac) >> 24 */
	static const struct {
		u8 mac[6];
		u32 bit;
	} known[] = {
		{ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 255 },
		{ { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x01 }, 127 },
		{ { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb }, 63 },
		{ { 0x33, 0x33, 0x00, 0x00, 0x00, 0x01 }, 249 },
		{ { 0x33, 0x33, 0xff, 0x12, 0x34, 0x56 }, 11 },
	};
	struct prng prng;
	u8 mac[6];
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(known); i++)
		assert_int_equal(fw_filter_mc_bit(known[i].mac), known[i].bit);
	prng_seed(&prng, "filter");
	for (i = 0; i < 2000; i++) {
		prng_fill(&prng, mac, 6);
		assert_int_equal(fw_filter_mc_bit(mac), slow_bit(mac));
	}
}

static void takes_what_the_filter_says(void **state)
{
	u32 bit = fw_filter_mc_bit(group);

	(void)state;
	assert_false(fw_filter_wants(&ctx, broadcast, 255));
	assert_false(fw_filter_wants(&ctx, group, bit));
	ctx.filter = CDNA_FILTER_BROADCAST;
	assert_true(fw_filter_wants(&ctx, broadcast, 255));
	assert_false(fw_filter_wants(&ctx, group, bit));
	ctx.filter = CDNA_FILTER_ALLMULTI;
	assert_false(fw_filter_wants(&ctx, broadcast, 255));
	assert_true(fw_filter_wants(&ctx, group, bit));
	assert_false(fw_filter_wants(&ctx, other, 0));
	ctx.filter = 0;
	ctx.mc_hash[bit / 64] = 1ull << (bit % 64);
	assert_true(fw_filter_wants(&ctx, group, bit));
	assert_false(fw_filter_wants(&ctx, group, bit ^ 1));
	/* The bit of the broadcast address is a multicast bit only. */
	ctx.mc_hash[3] = ~0ull;
	assert_false(fw_filter_wants(&ctx, broadcast, 255));
}

static void is_promiscuous_only_when_allowed(void **state)
{
	(void)state;
	ctx.filter = CDNA_FILTER_PROMISC;
	assert_false(fw_filter_wants(&ctx, other, 0));
	assert_false(fw_filter_wants(&ctx, group, 0));
	ctx.flags = CDNA_CTXF_ALLOW_PROMISC;
	assert_true(fw_filter_wants(&ctx, other, 0));
	assert_true(fw_filter_wants(&ctx, group, 0));
	assert_true(fw_filter_wants(&ctx, broadcast, 255));
	ctx.filter = 0;
	assert_false(fw_filter_wants(&ctx, other, 0));
}

static void lets_own_sources_pass(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < CDNA_MAX_CTX_MACS; i++) {
		memcpy(ctx.mac[i], other, 6);
		ctx.mac[i][1] = (u8)(i + 1);
	}
	ctx.nr_macs = CDNA_MAX_CTX_MACS - 1;
	for (i = 0; i < CDNA_MAX_CTX_MACS; i++)
		assert_int_equal(fw_filter_source_ok(&ctx, ctx.mac[i]),
				 i < ctx.nr_macs);
	assert_false(fw_filter_source_ok(&ctx, other));
	ctx.flags = CDNA_CTXF_ALLOW_SPOOF;
	assert_true(fw_filter_source_ok(&ctx, other));
	assert_false(fw_filter_source_ok(&ctx, group));
	assert_false(fw_filter_source_ok(&ctx, broadcast));
}

/* Each byte of an address counts. */
static void compares_whole_addresses(void **state)
{
	u8 mac[6];
	u32 i;

	(void)state;
	memcpy(ctx.mac[0], other, 6);
	ctx.nr_macs = 1;
	for (i = 0; i < 6; i++) {
		memcpy(mac, other, 6);
		mac[i] ^= 0x40;
		assert_false(fw_filter_source_ok(&ctx, mac));
	}
	assert_true(fw_filter_source_ok(&ctx, other));
}

static void knows_its_vlans(void **state)
{
	u32 vid;

	(void)state;
	for (vid = 0; vid < 4096; vid++)
		assert_int_equal(fw_filter_vlan_allowed(&ctx, vid), !vid);
	ctx.vlans[4094 / 64] = 1ull << (4094 % 64);
	ctx.vlans[0] = 1ull << 7;
	for (vid = 0; vid < 4096; vid++)
		assert_int_equal(fw_filter_vlan_allowed(&ctx, vid),
				 !vid || vid == 7 || vid == 4094);
	ctx.flags = CDNA_CTXF_TRUNK;
	for (vid = 0; vid < 4096; vid++)
		assert_true(fw_filter_vlan_allowed(&ctx, vid));
	/* In an access VLAN nothing else counts. */
	ctx.access_vlan = 9;
	for (vid = 0; vid < 4096; vid++)
		assert_int_equal(fw_filter_vlan_allowed(&ctx, vid), vid == 9);
}

static void lists_those_that_get_copies(void **state)
{
	struct fw_nic *nic = calloc(1, sizeof(*nic));
	u32 bit = 1u << 3;

	(void)state;
	assert_non_null(nic);
	ctx.filter = CDNA_FILTER_BROADCAST | CDNA_FILTER_PROMISC;
	ctx.flags = CDNA_CTXF_ALLOW_PROMISC;
	ctx.state = CDNA_CTX_CONFIGURED;
	fw_filter_update(nic, &ctx);
	assert_int_equal(nic->flood.multicast[0] | nic->flood.promisc[0], 0);
	ctx.state = CDNA_CTX_ACTIVE;
	fw_filter_update(nic, &ctx);
	assert_int_equal(nic->flood.multicast[0], bit);
	assert_int_equal(nic->flood.promisc[0], bit);
	ctx.flags = 0;
	fw_filter_update(nic, &ctx);
	assert_int_equal(nic->flood.promisc[0], 0);
	ctx.filter = 0;
	fw_filter_update(nic, &ctx);
	assert_int_equal(nic->flood.multicast[0], 0);
	ctx.mc_hash[2] = 1;
	fw_filter_update(nic, &ctx);
	assert_int_equal(nic->flood.multicast[0], bit);
	ctx.state = CDNA_CTX_QUIESCED;
	fw_filter_update(nic, &ctx);
	assert_int_equal(nic->flood.multicast[0], 0);
	free(nic);
}

#define FILTER_TEST(name)	cmocka_unit_test_setup(name, setup)

TEST_MAIN(
	FILTER_TEST(places_addresses_as_the_abi_says),
	FILTER_TEST(takes_what_the_filter_says),
	FILTER_TEST(is_promiscuous_only_when_allowed),
	FILTER_TEST(lets_own_sources_pass),
	FILTER_TEST(compares_whole_addresses),
	FILTER_TEST(knows_its_vlans),
	FILTER_TEST(lists_those_that_get_copies),
)
