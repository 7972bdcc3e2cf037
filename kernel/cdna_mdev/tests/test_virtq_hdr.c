// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/array_size.h>
#include <linux/unaligned.h>

#include "guard/cdna_virtq_hdr.h"

#define CSUM	CDNA_OFFLOAD_TX_CSUM
#define TSO4	CDNA_OFFLOAD_TSO4
#define TSO6	CDNA_OFFLOAD_TSO6
#define ALL	(CSUM | TSO4 | TSO6)
#define NEEDS	CDNA_VIRTIO_HDR_NEEDS_CSUM
#define ECN	CDNA_VIRTIO_GSO_ECN
#define TCPV4	CDNA_VIRTIO_GSO_TCPV4
#define TCPV6	CDNA_VIRTIO_GSO_TCPV6

/* A header, in the order of its fields but for hdr_len and num_buffers */
struct ask {
	u8 flags;
	u8 gso_type;
	u16 gso_size;
	u16 csum_start;
	u16 csum_offset;
	u32 offloads;
	s32 want;	/* CDNA_DESC_*; -1: not valid */
};

static bool request(const struct ask *ask, struct cdna_desc_virtio *first)
{
	struct cdna_virtio_hdr hdr = {
		.flags = ask->flags,
		.gso_type = ask->gso_type,
		.hdr_len = cpu_to_le16(0xfffe),
		.gso_size = cpu_to_le16(ask->gso_size),
		.csum_start = cpu_to_le16(ask->csum_start),
		.csum_offset = cpu_to_le16(ask->csum_offset),
		.num_buffers = cpu_to_le16(0xfffd),
	};
	u8 bytes[1 + sizeof(hdr)];

	/* At an odd address */
	memcpy(bytes + 1, &hdr, sizeof(hdr));
	return cdna_virtq_hdr_request(bytes + 1, ask->offloads, first);
}

static void check(const struct ask *ask)
{
	struct cdna_desc_virtio first, before;

	memset(&first, 0x5a, sizeof(first));
	first.flags = cpu_to_le16(CDNA_DESC_EOP);
	before = first;
	if (ask->want < 0) {
		assert_false(request(ask, &first));
		assert_memory_equal(&first, &before, sizeof(first));
		return;
	}
	assert_true(request(ask, &first));
	before.flags = cpu_to_le16(CDNA_DESC_EOP | ask->want);
	before.csum_start = 0;
	before.csum_offset = 0;
	before.mss = 0;
	if (ask->want & CDNA_DESC_CSUM) {
		before.csum_start = cpu_to_le16(ask->csum_start);
		before.csum_offset = cpu_to_le16(ask->csum_offset);
	}
	if (ask->want & CDNA_DESC_TSO)
		before.mss = cpu_to_le16(ask->gso_size);
	assert_memory_equal(&first, &before, sizeof(first));
}

static void requests(void **state)
{
	static const s32 sum = CDNA_DESC_CSUM;
	static const s32 cut = CDNA_DESC_CSUM | CDNA_DESC_TSO;
	const struct ask asks[] = {
		/* Nothing: the other fields do not count, nor do other flags. */
		{ 0, 0, 0, 0, 0, 0, 0 },
		{ 0, 0, 1448, 34, 16, ALL, 0 },
		{ 0xfe, 0, 0, 0, 0, ALL, 0 },
		/* A checksum */
		{ NEEDS, 0, 0, 34, 6, CSUM, sum },
		{ 0xff, 0, 0, 34, 6, CSUM, sum },
		{ NEEDS, 0, 1448, 34, 6, CSUM, sum },
		{ NEEDS, 0, 0, 34, 6, TSO4 | TSO6, -1 },
		/* Not in front of the smallest network header */
		{ NEEDS, 0, 0, 20, 0, CSUM, sum },
		{ NEEDS, 0, 0, 19, 16, CSUM, -1 },
		/* Not beyond the largest frame */
		{ NEEDS, 0, 0, 65000, 548, CSUM, sum },
		{ NEEDS, 0, 0, 65000, 549, CSUM, -1 },
		{ NEEDS, 0, 0, 65535, 65535, CSUM, -1 },
		/* Segmentation */
		{ NEEDS, TCPV4, 1448, 34, 16, CSUM | TSO4, cut },
		{ NEEDS, TCPV6, 1428, 54, 16, CSUM | TSO6, cut },
		{ NEEDS, TCPV4 | ECN, 1, 34, 16, ALL, cut },
		{ NEEDS, TCPV6 | ECN, 65534, 54, 16, ALL, cut },
		{ NEEDS, TCPV6, 1428, 40, 16, ALL, cut },
		{ NEEDS, TCPV6, 1428, 39, 16, ALL, -1 },
		{ NEEDS, TCPV4, 1428, 19, 16, ALL, -1 },
		/* What the queue does not have */
		{ NEEDS, TCPV4, 1448, 34, 16, CSUM | TSO6, -1 },
		{ NEEDS, TCPV6, 1448, 54, 16, CSUM | TSO4, -1 },
		{ NEEDS, TCPV4, 1448, 34, 16, TSO4, -1 },
		/* Without a checksum, without a size, or one that is special */
		{ 0, TCPV4, 1448, 34, 16, ALL, -1 },
		{ NEEDS, TCPV4, 0, 34, 16, ALL, -1 },
		{ NEEDS, TCPV4, 65535, 34, 16, ALL, -1 },
		/* A checksum that is not TCP's */
		{ NEEDS, TCPV4, 1448, 34, 6, ALL, -1 },
		{ NEEDS, TCPV6, 1448, 54, 17, ALL, -1 },
	};
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(asks); i++)
		check(&asks[i]);
}

/* Two kinds of segmentation are known, each with or without the ECN bit. */
static void every_kind(void **state)
{
	struct ask ask = { NEEDS, 0, 1448, 54, 16, ~0u, 0 };
	u32 kind;

	(void)state;
	for (kind = 1; kind < 256; kind++) {
		bool known = (kind & 0x7f) == TCPV4 || (kind & 0x7f) == TCPV6;

		ask.gso_type = kind;
		ask.want = known ? CDNA_DESC_CSUM | CDNA_DESC_TSO : -1;
		check(&ask);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(every_kind),
	};

	return cmocka_run_group_tests_name("virtq_hdr", tests, NULL, NULL);
}
