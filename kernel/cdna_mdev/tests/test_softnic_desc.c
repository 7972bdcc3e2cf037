// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors: what is announced is what is read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/unaligned.h>

#include "softnic_desc.h"

#define VALUE	0x8877665544332211ull

/* Write a field as the host does, which knows its place only */
static void put(u8 *desc, const struct cdna_field *field, u64 value)
{
	u32 i;

	for (i = 0; i < field->bits / 8; i++)
		desc[field->offset + i] = value >> 8 * i;
}

static u64 cut(const struct cdna_field *field)
{
	return field->bits == 64 ? VALUE : VALUE & ((1ull << field->bits) - 1);
}

static void fields_are_where_they_are_announced(void **state)
{
	const struct cdna_desc_format *format;
	struct softnic_desc desc;
	u8 ring[4 * 64];
	u32 i;

	(void)state;
	for (i = 0; i < CDNA_NR_ALL_FORMATS; i++) {
		format = &softnic_desc_formats[i];
		assert_int_equal(format->id, i);
		memset(ring, 0, sizeof(ring));
		put(ring + 3 * format->size, &format->addr, VALUE);
		put(ring + 3 * format->size, &format->len, VALUE);
		put(ring + 3 * format->size, &format->flags, VALUE);
		put(ring + 3 * format->size, &format->seq, VALUE);
		softnic_desc_read(ring, i, 3, &desc);
		assert_int_equal(desc.addr, cut(&format->addr));
		assert_int_equal(desc.len, cut(&format->len));
		assert_int_equal(desc.flags, cut(&format->flags));
		assert_int_equal(desc.seq, cut(&format->seq));
		assert_int_equal(softnic_desc_seq(i, (u32)VALUE),
				 cut(&format->seq));
		assert_int_equal(desc.head, 0);
	}
}

static void virtio_descriptors(void **state)
{
	static const struct cdna_desc_virtio from[2] = {
		[1] = {
			.flags = cpu_to_le16(CDNA_DESC_EOP | CDNA_DESC_TSO),
			.csum_start = cpu_to_le16(34),
			.csum_offset = cpu_to_le16(16),
			.mss = cpu_to_le16(1448),
			.reserved = cpu_to_le16(0xffff),
			.head = cpu_to_le16(1023),
		},
	};
	struct softnic_desc desc;

	(void)state;
	softnic_desc_read(from, CDNA_FORMAT_VIRTIO, 1, &desc);
	assert_int_equal(desc.flags, CDNA_DESC_EOP | CDNA_DESC_TSO);
	assert_int_equal(desc.csum_start, 34);
	assert_int_equal(desc.csum_offset, 16);
	assert_int_equal(desc.mss, 1448);
	assert_int_equal(desc.head, 1023);
	/* Tags are in the frame. */
	assert_int_equal(desc.vlan_tci, 0);
}

/* Frames of several chains are for virtio queues, and tags beside them are not. */
static void offloads_are_for_some(void **state)
{
	const u32 vlan = CDNA_OFFLOAD_RX_VLAN | CDNA_OFFLOAD_TX_VLAN;
	u32 offloads, i;

	(void)state;
	for (i = 0; i < CDNA_NR_FORMATS; i++) {
		offloads = le32_to_cpu(softnic_desc_formats[i].offloads);
		assert_false(offloads & CDNA_OFFLOAD_RX_CHAINS);
		assert_true(offloads & CDNA_OFFLOAD_RX_VLAN);
	}
	offloads = le32_to_cpu(softnic_desc_formats[CDNA_FORMAT_VIRTIO].offloads);
	assert_int_equal(offloads,
			 (CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 |
			  CDNA_OFFLOAD_TSO6 | CDNA_OFFLOAD_SG |
			  CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO |
			  CDNA_OFFLOAD_RX_CHAINS) & ~vlan);
	assert_int_equal(le16_to_cpu(softnic_desc_formats[CDNA_FORMAT_VIRTIO]
				     .max_chain), CDNA_MAX_VIRTIO_CHAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_where_they_are_announced),
		cmocka_unit_test(virtio_descriptors),
		cmocka_unit_test(offloads_are_for_some),
	};

	return cmocka_run_group_tests_name("softnic_desc", tests, NULL, NULL);
}
