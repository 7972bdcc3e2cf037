// SPDX-License-Identifier: GPL-2.0-only
/*
 * MAC table: against a naive model, with keys that collide on purpose.
 */
#include "test.h"

#define MODEL_KEYS	4000

/**
 * struct key - an address that may be in the table
 * @mac: the address
 * @vlan: access VLAN, 0 for none
 * @ctx: whose it is, FW_NO_CTX: not in the table
 */
struct key {
	u8 mac[6];
	u32 vlan;
	u32 ctx;
};

static struct fw_demux table;
static struct key keys[MODEL_KEYS];

static int setup(void **state)
{
	(void)state;
	memset(&table, 0, sizeof(table));
	return 0;
}

static void random_key(struct prng *prng, struct key *key)
{
	prng_fill(prng, key->mac, 6);
	key->mac[0] &= 0xfe;
	key->vlan = prng_below(prng, 2) ? prng_below(prng, 4095) : 0;
	key->ctx = FW_NO_CTX;
}

/* Where a key goes in an empty table */
static u32 home_of(const struct key *key)
{
	static struct fw_demux empty;
	u32 at;

	assert_int_equal(fw_demux_add(&empty, key->mac, key->vlan, 0), FW_OK);
	for (at = 0; !empty.slot[at].key; at++)
		;
	assert_int_equal(fw_demux_del(&empty, key->mac, key->vlan), FW_OK);
	return at;
}

/* Keys whose homes are the slots around the table's end, or of all slots */
static void make_keys(struct prng *prng, u32 count, u32 around)
{
	u32 i, home;

	for (i = 0; i < count; i++) {
		do {
			random_key(prng, &keys[i]);
			home = around ? home_of(&keys[i]) : 0;
		} while (around && home >= around &&
			 home < FW_DEMUX_SLOTS - around);
	}
}

static void check_all(u32 count)
{
	u32 used = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		assert_int_equal(fw_demux_find(&table, keys[i].mac,
					       keys[i].vlan), keys[i].ctx);
		used += keys[i].ctx != FW_NO_CTX;
	}
	assert_int_equal(table.used, used);
}

static void change(struct prng *prng, struct key *key)
{
	u32 ctx = prng_below(prng, FW_MAX_CONTEXTS);
	int got;

	if (prng_below(prng, 2)) {
		got = fw_demux_del(&table, key->mac, key->vlan);
		assert_int_equal(got, key->ctx == FW_NO_CTX ? FW_ENOENT :
							      FW_OK);
		key->ctx = FW_NO_CTX;
		return;
	}
	got = fw_demux_add(&table, key->mac, key->vlan, ctx);
	if (key->ctx != FW_NO_CTX) {
		assert_int_equal(got, FW_EEXIST);
		return;
	}
	if (table.used == FW_DEMUX_SLOTS / 2 && got == FW_ENOSPC)
		return;
	assert_int_equal(got, FW_OK);
	key->ctx = ctx;
}

static void torture(u32 count, u32 around, u32 rounds)
{
	struct prng prng;
	u32 i;

	prng_seed(&prng, "demux");
	make_keys(&prng, count, around);
	for (i = 0; i < rounds; i++) {
		change(&prng, &keys[prng_below(&prng, count)]);
		if (i % 500 == 0)
			check_all(count);
	}
	check_all(count);
	for (i = 0; i < count; i++)
		fw_demux_del(&table, keys[i].mac, keys[i].vlan);
	assert_int_equal(table.used, 0);
	for (i = 0; i < FW_DEMUX_SLOTS; i++)
		assert_true(table.slot[i].key == 0);
}

static void agrees_with_a_naive_model(void **state)
{
	(void)state;
	torture(MODEL_KEYS, 0, 60000);
}

static void survives_collisions_at_its_end(void **state)
{
	(void)state;
	torture(24, 4, 60000);
}

static void refuses_when_half_full(void **state)
{
	struct key key;
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "demux");
	for (i = 0; i < FW_DEMUX_SLOTS / 2; i++) {
		random_key(&prng, &key);
		assert_int_equal(fw_demux_add(&table, key.mac, key.vlan, 1),
				 FW_OK);
	}
	random_key(&prng, &key);
	assert_int_equal(fw_demux_add(&table, key.mac, key.vlan, 1),
			 FW_ENOSPC);
	assert_int_equal(fw_demux_find(&table, key.mac, key.vlan), FW_NO_CTX);
	/* All that the ABI lets a host add fits. */
	assert_true(FW_MAX_CONTEXTS * CDNA_MAX_CTX_MACS <= FW_DEMUX_SLOTS / 2);
}

static void tells_vlans_apart(void **state)
{
	static const u8 mac[6] = { 2, 0, 0, 0, 0, 1 };

	(void)state;
	assert_int_equal(fw_demux_add(&table, mac, 0, 1), FW_OK);
	assert_int_equal(fw_demux_add(&table, mac, 10, 2), FW_OK);
	assert_int_equal(fw_demux_add(&table, mac, 20, 3), FW_OK);
	assert_int_equal(fw_demux_add(&table, mac, 20, 4), FW_EEXIST);
	assert_int_equal(fw_demux_find(&table, mac, 0), 1);
	assert_int_equal(fw_demux_find(&table, mac, 10), 2);
	assert_int_equal(fw_demux_find(&table, mac, 20), 3);
	assert_int_equal(fw_demux_find(&table, mac, 30), FW_NO_CTX);
	assert_int_equal(fw_demux_del(&table, mac, 10), FW_OK);
	assert_int_equal(fw_demux_find(&table, mac, 10), FW_NO_CTX);
	assert_int_equal(fw_demux_find(&table, mac, 20), 3);
}

static void knows_the_zero_address_from_an_empty_slot(void **state)
{
	static const u8 zero[6];

	(void)state;
	assert_int_equal(fw_demux_find(&table, zero, 0), FW_NO_CTX);
	assert_int_equal(fw_demux_add(&table, zero, 0, 7), FW_OK);
	assert_int_equal(fw_demux_find(&table, zero, 0), 7);
	assert_int_equal(fw_demux_del(&table, zero, 0), FW_OK);
	assert_int_equal(fw_demux_del(&table, zero, 0), FW_ENOENT);
}

#define DEMUX_TEST(name)	cmocka_unit_test_setup(name, setup)

TEST_MAIN(
	DEMUX_TEST(agrees_with_a_naive_model),
	DEMUX_TEST(survives_collisions_at_its_end),
	DEMUX_TEST(refuses_when_half_full),
	DEMUX_TEST(tells_vlans_apart),
	DEMUX_TEST(knows_the_zero_address_from_an_empty_slot),
)
