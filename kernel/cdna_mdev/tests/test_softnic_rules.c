// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may send and who receives what, for a context without a NIC.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/array_size.h>

#include "softnic_rules.h"

static const u8 own[] = { 2, 0xcd, 0xa0, 1, 2, 3 };
static const u8 added[] = { 2, 0xcd, 0xa0, 9, 9, 9 };
static const u8 other[] = { 2, 0xcd, 0xa0, 7, 7, 7 };
static const u8 broad[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const u8 group[] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb };
static const u8 bridges[] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e };

/* To another, from the context */
static const u8 frame[] = {
	2, 0xcd, 0xa0, 7, 7, 7, 2, 0xcd, 0xa0, 1, 2, 3,
};

static struct softnic_rules plain(void)
{
	struct softnic_rules rules = {
		.nr_macs = 2,
		.filter = CDNA_FILTER_BROADCAST,
	};

	memcpy(rules.mac[0], own, 6);
	memcpy(rules.mac[1], added, 6);
	return rules;
}

static u32 sent(const struct softnic_rules *rules, const u8 *dst, const u8 *src,
		u16 type, u16 vid)
{
	struct softnic_header header = {
		.type = type, .tagged = vid, .vid = vid,
	};
	u8 mac[12];

	memcpy(mac, dst, 6);
	memcpy(mac + 6, src, 6);
	header.mac = mac;
	return softnic_rules_send(rules, &header);
}

static bool taken(const struct softnic_rules *rules, const u8 *dst, u16 vid)
{
	const struct softnic_header header = {
		.mac = dst, .type = 0x800, .tagged = vid, .vid = vid,
	};

	return softnic_rules_takes(rules, &header);
}

static void source_is_its_own(void **state)
{
	struct softnic_rules rules = plain();

	(void)state;
	assert_int_equal(sent(&rules, other, own, 0x800, 0), SOFTNIC_PASS);
	assert_int_equal(sent(&rules, broad, added, 0x800, 0), SOFTNIC_PASS);
	assert_int_equal(sent(&rules, own, other, 0x800, 0),
			 CDNA_DROP_TX_SPOOF_MAC);
	rules.flags = CDNA_CTXF_ALLOW_SPOOF;
	assert_int_equal(sent(&rules, own, other, 0x800, 0), CDNA_DROP_TX_LOOP);
	assert_int_equal(sent(&rules, other, group, 0x800, 0),
			 CDNA_DROP_TX_SPOOF_MAC);
	/* Revoked: it has none. */
	rules = plain();
	rules.nr_macs = 0;
	assert_int_equal(sent(&rules, other, own, 0x800, 0), CDNA_DROP_TX_SPOOF_MAC);
}

static void next_station_is_for_the_trusted(void **state)
{
	struct softnic_rules rules = plain();

	(void)state;
	assert_int_equal(sent(&rules, bridges, own, 0x88cc, 0),
			 CDNA_DROP_TX_LINK_LOCAL);
	assert_int_equal(sent(&rules, other, own, 0x8808, 0),
			 CDNA_DROP_TX_LINK_LOCAL);
	rules.flags = CDNA_CTXF_ALLOW_SPOOF;
	assert_int_equal(sent(&rules, bridges, own, 0x88cc, 0), SOFTNIC_PASS);
}

static void vlans_are_given(void **state)
{
	struct softnic_rules rules = plain();

	(void)state;
	assert_int_equal(sent(&rules, other, own, 0x800, 7), CDNA_DROP_TX_SPOOF_VLAN);
	assert_false(taken(&rules, own, 7));
	rules.vlans[0] = 1 << 7;
	assert_int_equal(sent(&rules, other, own, 0x800, 7), SOFTNIC_PASS);
	assert_int_equal(sent(&rules, other, own, 0x800, 0), SOFTNIC_PASS);
	assert_true(taken(&rules, own, 7));
	assert_false(taken(&rules, own, 71));
	rules.flags = CDNA_CTXF_TRUNK;
	assert_int_equal(sent(&rules, other, own, 0x800, 4094), SOFTNIC_PASS);
	assert_true(taken(&rules, own, 4094));
}

/* It sends untagged, and gets what is tagged for the VLAN. */
static void access_vlan(void **state)
{
	struct softnic_rules rules = plain();
	struct softnic_header header = { .mac = frame, .type = 0x800 };

	(void)state;
	rules.access_vlan = 5;
	assert_int_equal(sent(&rules, other, own, 0x800, 0), SOFTNIC_PASS);
	assert_int_equal(sent(&rules, other, own, 0x800, 5), CDNA_DROP_TX_SPOOF_VLAN);
	assert_true(taken(&rules, own, 5));
	assert_false(taken(&rules, own, 0));
	assert_false(taken(&rules, own, 6));
	header.trunk_only = true;
	assert_int_equal(softnic_rules_send(&rules, &header),
			 CDNA_DROP_TX_SPOOF_VLAN);
}

static void service_tags_are_a_trunks(void **state)
{
	struct softnic_header header = { .mac = frame, .trunk_only = true };
	struct softnic_rules rules = plain();

	(void)state;
	assert_int_equal(softnic_rules_send(&rules, &header),
			 CDNA_DROP_TX_SPOOF_VLAN);
	header.mac = own;
	assert_false(softnic_rules_takes(&rules, &header));
	rules.flags = CDNA_CTXF_TRUNK;
	assert_true(softnic_rules_takes(&rules, &header));
}

static void filter(void **state)
{
	struct softnic_rules rules = plain();
	u32 bit = softnic_rules_mc_bit(group);

	(void)state;
	assert_true(taken(&rules, own, 0));
	assert_true(taken(&rules, broad, 0));
	assert_false(taken(&rules, group, 0));
	assert_false(taken(&rules, other, 0));
	rules.mc_hash[bit / 64] = 1ull << (bit % 64);
	assert_true(taken(&rules, group, 0));
	rules.mc_hash[bit / 64] = ~(1ull << (bit % 64));
	assert_false(taken(&rules, group, 0));
	rules.filter = CDNA_FILTER_ALLMULTI;
	assert_true(taken(&rules, group, 0));
	assert_false(taken(&rules, broad, 0));
	/* A guest may ask for all, and gets it only if the host allows that. */
	rules.filter = CDNA_FILTER_PROMISC;
	assert_false(taken(&rules, other, 0));
	rules.flags = CDNA_CTXF_ALLOW_PROMISC;
	assert_true(taken(&rules, other, 0));
}

static void multicast_bits(void **state)
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
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(known); i++)
		assert_int_equal(softnic_rules_mc_bit(known[i].mac),
				 known[i].bit);
}

/* Look at a frame with these tags: pairs of a type and what follows it, then 0. */
static bool looked(struct softnic_header *header, u16 beside, ...)
{
	u8 data[SOFTNIC_LOOK] = {};
	u32 len = 12, word;
	va_list tags;

	*header = (struct softnic_header) { .tagged = beside, .vid = beside };
	va_start(tags, beside);
	while ((word = va_arg(tags, unsigned int)) && len + 2 <= sizeof(data)) {
		data[len++] = word >> 8;
		data[len++] = word;
	}
	va_end(tags);
	return softnic_rules_look(header, data, len);
}

#define PRIORITY	0xe000	/* VLAN 0 */

/* Behind a priority only, the next tag says the VLAN; behind a VLAN, none does. */
static void tags_are_looked_at(void **state)
{
	struct softnic_header header;

	(void)state;
	assert_true(looked(&header, 0, 0x800, 0));
	assert_false(header.tagged);
	assert_int_equal(0x800, header.type);

	assert_true(looked(&header, 0, 0x8100, 5, 0x800, 0));
	assert_int_equal(5, header.vid);
	assert_int_equal(0x800, header.type);

	assert_true(looked(&header, 0, 0x8100, PRIORITY, 0x8100, 5, 0x800, 0));
	assert_int_equal(5, header.vid);
	assert_true(looked(&header, 0, 0x8100, PRIORITY, 0x8100, PRIORITY,
			   0x8100, 5, 0x800, 0));
	assert_int_equal(5, header.vid);
	assert_true(looked(&header, 7, 0x8100, 5, 0x800, 0));
	assert_int_equal(7, header.vid);

	assert_true(looked(&header, 0, 0x8100, PRIORITY, 0x88a8, 5, 0x800, 0));
	assert_true(header.trunk_only);
	assert_true(looked(&header, 0, 0x8100, 5, 0x88a8, 6, 0x800, 0));
	assert_false(header.trunk_only);
	assert_int_equal(5, header.vid);
}

/* A type that is hidden behind tags is found, or the frame is not served. */
static void tags_hide_nothing(void **state)
{
	struct softnic_header header;

	(void)state;
	assert_true(looked(&header, 0, 0x8100, 5, 0x8100, 6, 0x8808, 0));
	assert_int_equal(0x8808, header.type);
	assert_true(looked(&header, 0, 0x8100, PRIORITY, 0x8100, PRIORITY,
			   0x8100, PRIORITY, 0x8100, 5, 0x8808, 0));
	assert_int_equal(0x8808, header.type);
	assert_int_equal(5, header.vid);
	assert_false(looked(&header, 0, 0x8100, PRIORITY, 0x8100, PRIORITY,
			    0x8100, PRIORITY, 0x8100, PRIORITY, 0x8100, 5,
			    0x800, 0));
	assert_false(looked(&header, 0, 0x8100, PRIORITY, 0x8100, 0));
	assert_false(looked(&header, 0, 0x8100, 0));
	assert_false(looked(&header, 0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(source_is_its_own),
		cmocka_unit_test(next_station_is_for_the_trusted),
		cmocka_unit_test(vlans_are_given),
		cmocka_unit_test(access_vlan),
		cmocka_unit_test(service_tags_are_a_trunks),
		cmocka_unit_test(filter),
		cmocka_unit_test(multicast_bits),
		cmocka_unit_test(tags_are_looked_at),
		cmocka_unit_test(tags_hide_nothing),
	};

	return cmocka_run_group_tests_name("softnic_rules", tests, NULL, NULL);
}
