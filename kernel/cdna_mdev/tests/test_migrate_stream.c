// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may send what to whom: every word of a header, one at a time and at random, and
 * every byte of a body.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/array_size.h>
#include <linux/pci_regs.h>
#include <linux/stddef.h>
#include <linux/unaligned.h>

#include "vdev/cdna_migrate_stream.h"

static void make(struct cdna_mig_header *header)
{
	cdna_mig_header_begin(header, CDNA_MIG_KIND_CDNA);
	memcpy(header->mac, "\x02\x11\x22\x33\x44\x55", 6);
	header->access_vlan = cpu_to_le32(7);
	header->abi = cpu_to_le32(CDNA_VDEV_ABI_VERSION);
	header->features = cpu_to_le32(CDNA_VFEAT_TRAP_REG |
				       CDNA_VFEAT_TRAP_PAGE);
	header->offloads = cpu_to_le32(0x3f);
	header->formats = cpu_to_le32(3);
	header->qps = cpu_to_le32(4);
	header->min_ring = cpu_to_le32(64);
	header->max_ring = cpu_to_le32(4096);
	header->mtu = cpu_to_le32(1500);
	header->max_coalesce_usecs = cpu_to_le32(10000);
}

static int check(const struct cdna_mig_header *theirs, const char *what)
{
	struct cdna_mig_refusal why;
	struct cdna_mig_header ours;
	int ret;

	make(&ours);
	ret = cdna_mig_header_check(theirs, &ours, &why);
	if (ret)
		assert_string_equal(why.what, what);
	return ret;
}

static void the_same_device(void **state)
{
	struct cdna_mig_header theirs;

	(void)state;
	make(&theirs);
	assert_int_equal(check(&theirs, ""), 0);
	assert_memory_equal(&theirs.magic, "CDNAMIG", 8);
}

#define WORD(field)	(offsetof(struct cdna_mig_header, field))

/* A word of theirs, and what becomes of it */
static const struct {
	size_t at;
	u32 value;
	int err;
	const char *what;
} words[] = {
	{ WORD(magic), 0, -EINVAL, "magic number" },
	{ WORD(magic) + 4, 0, -EINVAL, "magic number" },
	{ WORD(version), 2, -EOPNOTSUPP, "version of the stream" },
	{ WORD(version), 0, -EOPNOTSUPP, "version of the stream" },
	{ WORD(header_bytes), 92, -EINVAL, "length of the header" },
	{ WORD(body_bytes), 0xffffffff, -EINVAL, "length of the body" },
	{ WORD(kind), 2, -EINVAL, "kind of device" },
	{ WORD(mac), 0x33221103, -EINVAL, "MAC address, first bytes" },
	{ WORD(mac) + 4, 0x5544 + 1, -EINVAL, "MAC address, last bytes" },
	{ WORD(mac) + 4, 0x15544, -EINVAL, "MAC address, last bytes" },
	{ WORD(access_vlan), 0, -EINVAL, "VLAN" },
	{ WORD(flags), CDNA_MIG_TRUNK, -EINVAL, "VLAN trunk" },
	{ WORD(abi), CDNA_VDEV_ABI_VERSION + 1, -EOPNOTSUPP,
	  "guest interface" },
	{ WORD(abi), CDNA_VDEV_ABI_VERSION + 0x10000, -EOPNOTSUPP,
	  "guest interface" },
	{ WORD(abi), CDNA_VDEV_ABI_VERSION - 1, 0, NULL },
	{ WORD(features), CDNA_VFEAT_TRAP_REG, 0, NULL },
	/* These a guest's driver looks up when it activates the device. */
	{ WORD(features), CDNA_VFEAT_TRAP_REG | CDNA_VFEAT_HOST_MAILBOX, 0,
	  NULL },
	{ WORD(features), CDNA_VFEAT_HOST_MAILBOX | CDNA_VFEAT_MAC,
	  -EOPNOTSUPP, "features" },
	{ WORD(features), CDNA_VFEAT_MAC, -EOPNOTSUPP, "features" },
	{ WORD(features), 0x80000000, -EOPNOTSUPP, "features" },
	{ WORD(offloads), 1, 0, NULL },
	{ WORD(offloads), 0x40, -EOPNOTSUPP, "offloads" },
	{ WORD(formats), 1, 0, NULL },
	{ WORD(formats), 4, -EOPNOTSUPP, "descriptor formats" },
	{ WORD(qps), 1, 0, NULL },
	{ WORD(qps), 5, -EOPNOTSUPP, "queue pairs" },
	{ WORD(min_ring), 128, 0, NULL },
	{ WORD(min_ring), 32, -EOPNOTSUPP, "smallest ring" },
	{ WORD(max_ring), 1024, 0, NULL },
	{ WORD(max_ring), 8192, -EOPNOTSUPP, "largest ring" },
	{ WORD(mtu), 1400, 0, NULL },
	{ WORD(mtu), 9000, -EOPNOTSUPP, "MTU" },
	{ WORD(max_coalesce_usecs), 10001, -EOPNOTSUPP, "longest moderation" },
	{ WORD(features_high), 1, -EOPNOTSUPP, "features from bit 32 on" },
	{ WORD(flags), CDNA_MIG_GUEST_MAC, -EOPNOTSUPP,
	  "permission to choose a MAC address" },
	{ WORD(reserved2), 1, -EINVAL, "reserved field" },
	{ WORD(reserved2) + 12, 0x80000000, -EINVAL, "reserved field" },
};

static void each_word(void **state)
{
	struct cdna_mig_header theirs;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		make(&theirs);
		put_unaligned_le32(words[i].value, (u8 *)&theirs + words[i].at);
		assert_int_equal(check(&theirs, words[i].what), words[i].err);
	}
}

/* That is what is said, not that its body is longer. */
static void another_kind(void **state)
{
	struct cdna_mig_header theirs;

	(void)state;
	make(&theirs);
	cdna_mig_header_begin(&theirs, CDNA_MIG_KIND_VIRTIO);
	assert_int_equal(check(&theirs, "kind of device"), -EINVAL);
}

/* No word is without a rule: all ones fit nowhere. */
static void no_word_is_forgotten(void **state)
{
	struct cdna_mig_header theirs, ours;
	struct cdna_mig_refusal why;
	u32 at;

	(void)state;
	make(&ours);
	for (at = 0; at < sizeof(theirs); at += 4) {
		theirs = ours;
		put_unaligned_le32(0xffffffff, (u8 *)&theirs + at);
		if (at == WORD(min_ring))
			put_unaligned_le32(0, (u8 *)&theirs + at);
		assert_int_not_equal(cdna_mig_header_check(&theirs, &ours,
							   &why), 0);
		assert_non_null(why.what);
	}
}

/* What is accepted gives the guest no more than the device has. */
static void random_headers(void **state)
{
	struct cdna_mig_header theirs, ours;
	struct cdna_mig_refusal why;
	u32 i, n, taken = 0;

	(void)state;
	srand(20070210);
	make(&ours);
	for (i = 0; i < 200000; i++) {
		theirs = ours;
		for (n = rand() % 4; n; n--)
			((u8 *)&theirs)[rand() % sizeof(theirs)] ^=
				1 << rand() % 8;
		if (cdna_mig_header_check(&theirs, &ours, &why))
			continue;
		taken++;
		assert_memory_equal(theirs.mac, ours.mac, 6);
		assert_int_equal(theirs.body_bytes, ours.body_bytes);
		assert_true(le32_to_cpu(theirs.qps) <= 4);
		assert_true(le32_to_cpu(theirs.mtu) <= 1500);
		assert_true(le32_to_cpu(theirs.max_ring) <= 4096);
	}
	assert_true(taken > 1000);
}

static void make_body(struct cdna_mig_body *body)
{
	struct cdna_config config;

	memset(body, 0, sizeof(*body));
	cdna_config_init(&config, CDNA_CONFIG_CDNA);
	memcpy(body->config, config.byte, sizeof(body->config));
	put_unaligned_le16(PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY,
			   body->config + PCI_COMMAND);
	put_unaligned_le32(0xfe000000, body->config + PCI_BASE_ADDRESS_0);
}

static void the_body_of_a_guest(void **state)
{
	struct cdna_mig_refusal why;
	struct cdna_config config;
	struct cdna_mig_body body;

	(void)state;
	make_body(&body);
	assert_int_equal(cdna_mig_body_check(&body, &config, &why), 0);
	assert_true(cdna_config_masters(&config));
	assert_int_equal(cdna_config_bar(&config, 0), 0xfe000000);
	body.result = cpu_to_le32(CDNA_VRES_IN_USE + 1);
	assert_int_equal(cdna_mig_body_check(&body, &config, &why), -EINVAL);
	assert_string_equal(why.what, "result of a command");
	body.result = cpu_to_le32(CDNA_VRES_IN_USE);
	body.reserved = cpu_to_le32(1);
	assert_int_equal(cdna_mig_body_check(&body, &config, &why), -EINVAL);
	assert_string_equal(why.what, "reserved field");
}

/* A guest reads what it would read of a device of ours, or nothing is taken. */
static void each_bit_of_configuration_space(void **state)
{
	struct cdna_config config, own;
	struct cdna_mig_refusal why;
	struct cdna_mig_body body;
	u32 at, bit, taken = 0;

	(void)state;
	for (at = 0; at < CDNA_CONFIG_BYTES; at++) {
		for (bit = 0; bit < 8; bit++) {
			make_body(&body);
			body.config[at] ^= 1 << bit;
			cdna_config_init(&own, CDNA_CONFIG_CDNA);
			cdna_config_write(&own, 0, body.config,
					  sizeof(body.config));
			if (cdna_mig_body_check(&body, &config, &why)) {
				assert_string_equal(why.what,
						    "configuration space");
				assert_int_not_equal(own.byte[at],
						     body.config[at]);
				continue;
			}
			taken++;
			assert_memory_equal(own.byte, config.byte,
					    CDNA_CONFIG_BYTES);
		}
	}
	assert_in_range(taken, 32, 512);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_device),
		cmocka_unit_test(each_word),
		cmocka_unit_test(another_kind),
		cmocka_unit_test(no_word_is_forgotten),
		cmocka_unit_test(random_headers),
		cmocka_unit_test(the_body_of_a_guest),
		cmocka_unit_test(each_bit_of_configuration_space),
	};

	return cmocka_run_group_tests_name("migrate_stream", tests, NULL, NULL);
}
