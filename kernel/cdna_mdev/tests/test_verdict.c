// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <linux/unaligned.h>

#include "guard/cdna_verdict.h"

static const struct cdna_desc_format compact = {
	.id = CDNA_FORMAT_COMPACT,
	.size = sizeof(struct cdna_desc_compact),
	.dirs = CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT,
	.addr = { offsetof(struct cdna_desc_compact, addr), 64, 0 },
	.len = { offsetof(struct cdna_desc_compact, len), 16, 0 },
	.flags = { offsetof(struct cdna_desc_compact, flags), 16, 0 },
	.seq = { offsetof(struct cdna_desc_compact, seq), 16, 0 },
	.flag_eop = CDNA_DESC_EOP,
	.flag_check = 0xfffe,
	.max_len = CDNA_MAX_DESC_LEN,
	.max_chain = 4,
};

static const struct cdna_desc_format offload = {
	.id = CDNA_FORMAT_OFFLOAD,
	.size = sizeof(struct cdna_desc_offload),
	.dirs = CDNA_DIR_TX_BIT,
	.addr = { offsetof(struct cdna_desc_offload, addr), 64, 0 },
	.len = { offsetof(struct cdna_desc_offload, len), 16, 0 },
	.flags = { offsetof(struct cdna_desc_offload, flags), 16, 0 },
	.seq = { offsetof(struct cdna_desc_offload, seq), 32, 0 },
	.flag_eop = CDNA_DESC_EOP,
	.flag_check = 0xfff0,
	.max_len = CDNA_MAX_DESC_LEN,
	.max_chain = CDNA_MAX_CHAIN,
};

/* A layout that no NIC of ours has: everything elsewhere. */
static const struct cdna_desc_format strange = {
	.id = 9,
	.size = 32,
	.dirs = CDNA_DIR_TX_BIT,
	.addr = { 17, 64, 0 },
	.len = { 1, 32, 0 },
	.flags = { 0, 8, 0 },
	.seq = { 7, 16, 0 },
	.flag_eop = 0x80,
	.flag_check = 0x01,
	.max_len = 1000,
	.max_chain = 2,
};

static struct cdna_layout layout_of(const struct cdna_desc_format *format)
{
	struct cdna_layout layout;

	assert_int_equal(cdna_verdict_layout(&layout, format), 0);
	return layout;
}

/* Verdict on one compact transmit descriptor */
static enum cdna_vfault judge(u64 addr, u16 len, u16 flags, u32 *chain)
{
	struct cdna_layout layout = layout_of(&compact);
	struct cdna_desc_compact desc = {
		.addr = cpu_to_le64(addr),
		.len = cpu_to_le16(len),
		.flags = cpu_to_le16(flags),
	};
	struct cdna_buffer buffer;

	return cdna_verdict_check(&layout, CDNA_DIR_TX, &desc, chain, &buffer);
}

static void accepts_good(void **state)
{
	struct cdna_layout layout = layout_of(&compact);
	struct cdna_desc_compact desc = {
		.addr = cpu_to_le64(0x123456000ull),
		.len = cpu_to_le16(4096),
		.flags = cpu_to_le16(CDNA_DESC_EOP),
	};
	struct cdna_buffer buffer;
	u32 chain = 0;

	(void)state;
	assert_int_equal(cdna_verdict_check(&layout, CDNA_DIR_TX, &desc, &chain,
					    &buffer), CDNA_VFAULT_NONE);
	assert_true(buffer.addr == 0x123456000ull);
	assert_int_equal(buffer.len, 4096);
	assert_int_equal(chain, 0);
}

static void refuses_lengths(void **state)
{
	u32 chain = 0;

	(void)state;
	assert_int_equal(judge(0x1000, 0, 1, &chain), CDNA_VFAULT_LENGTH);
	assert_int_equal(judge(0x1000, 4097, 1, &chain), CDNA_VFAULT_LENGTH);
	assert_int_equal(judge(0x1000, 0xffff, 1, &chain), CDNA_VFAULT_LENGTH);
	assert_int_equal(judge(0x1000, 1, 1, &chain), CDNA_VFAULT_NONE);
}

static void refuses_crossing(void **state)
{
	u32 chain = 0;

	(void)state;
	assert_int_equal(judge(0x1001, 4096, 1, &chain), CDNA_VFAULT_CROSSING);
	assert_int_equal(judge(0x1fff, 2, 1, &chain), CDNA_VFAULT_CROSSING);
	assert_int_equal(judge(0x1fff, 1, 1, &chain), CDNA_VFAULT_NONE);
	/* No wrap at the end of the address space */
	assert_int_equal(judge(~0ull, 2, 1, &chain), CDNA_VFAULT_CROSSING);
	assert_int_equal(judge(~0ull, 1, 1, &chain), CDNA_VFAULT_NONE);
}

static void refuses_flags(void **state)
{
	u32 chain = 0;
	u32 bit;

	(void)state;
	for (bit = 1; bit < 16; bit++)
		assert_int_equal(judge(0x1000, 64, 1 << bit | 1, &chain),
				 CDNA_VFAULT_FLAGS);
}

static void bounds_chains(void **state)
{
	u32 chain = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 3; i++)
		assert_int_equal(judge(0x1000, 64, 0, &chain), 0);
	assert_int_equal(chain, 3);
	assert_int_equal(judge(0x1000, 64, CDNA_DESC_EOP, &chain), 0);
	assert_int_equal(chain, 0);

	for (i = 0; i < 3; i++)
		assert_int_equal(judge(0x1000, 64, 0, &chain), 0);
	assert_int_equal(judge(0x1000, 64, 0, &chain), CDNA_VFAULT_CHAIN);
	/* It stays refused: the queue is stopped there. */
	assert_int_equal(judge(0x1000, 64, 0, &chain), CDNA_VFAULT_CHAIN);
}

static void receive_has_no_chains(void **state)
{
	struct cdna_layout layout = layout_of(&compact);
	struct cdna_desc_compact desc = { .len = cpu_to_le16(2048) };
	struct cdna_buffer buffer;
	u32 chain = 0;
	u32 i;

	(void)state;
	for (i = 0; i < 100; i++)
		assert_int_equal(cdna_verdict_check(&layout, CDNA_DIR_RX, &desc,
						    &chain, &buffer), 0);
	assert_int_equal(chain, 0);
}

static void stamps_only_its_fields(void **state)
{
	const struct cdna_desc_format *formats[] = {
		&compact, &offload, &strange,
	};
	u8 desc[CDNA_MAX_DESC_BYTES], mask[CDNA_MAX_DESC_BYTES];
	struct cdna_layout layout;
	u32 f, i;

	(void)state;
	for (f = 0; f < 3; f++) {
		layout = layout_of(formats[f]);
		memset(desc, 0xa5, sizeof(desc));
		memset(mask, 0, sizeof(mask));
		memset(mask + layout.addr.offset, 1, 8);
		memset(mask + layout.seq.offset, 1, layout.seq.bits / 8);

		cdna_verdict_stamp(&layout, desc, 0x1122334455667788ull,
				   0x99aabbcc);
		assert_true(get_unaligned_le64(desc + layout.addr.offset) ==
			    0x1122334455667788ull);
		assert_int_equal(get_unaligned_le16(desc + layout.seq.offset),
				 0xbbcc);
		if (layout.seq.bits == 32)
			assert_int_equal(get_unaligned_le32(desc +
							    layout.seq.offset),
					 0x99aabbcc);
		for (i = 0; i < sizeof(desc); i++)
			if (!mask[i])
				assert_int_equal(desc[i], 0xa5);
	}
}

static void reads_a_strange_format(void **state)
{
	struct cdna_layout layout = layout_of(&strange);
	u8 desc[32] = { 0 };
	struct cdna_buffer buffer;
	u32 chain = 0;

	(void)state;
	put_unaligned_le64(0xabcdef000ull, desc + 17);
	put_unaligned_le32(1000, desc + 1);
	desc[0] = 0x80;
	assert_int_equal(cdna_verdict_check(&layout, CDNA_DIR_TX, desc, &chain,
					    &buffer), 0);
	assert_true(buffer.addr == 0xabcdef000ull);
	put_unaligned_le32(1001, desc + 1);
	assert_int_equal(cdna_verdict_check(&layout, CDNA_DIR_TX, desc, &chain,
					    &buffer), CDNA_VFAULT_LENGTH);
	/* A length that is fine in its low bits only */
	put_unaligned_le32(0x10000 + 100, desc + 1);
	assert_int_equal(cdna_verdict_check(&layout, CDNA_DIR_TX, desc, &chain,
					    &buffer), CDNA_VFAULT_LENGTH);
	put_unaligned_le32(10, desc + 1);
	desc[0] = 0x81;
	assert_int_equal(cdna_verdict_check(&layout, CDNA_DIR_TX, desc, &chain,
					    &buffer), CDNA_VFAULT_FLAGS);
}

#define REFUSED_FORMAT(change)						\
	do {								\
		struct cdna_desc_format f = strange;			\
		struct cdna_layout layout;				\
									\
		change;							\
		assert_int_equal(cdna_verdict_layout(&layout, &f),	\
				 -EINVAL);				\
	} while (0)

static void refuses_formats(void **state)
{
	(void)state;
	REFUSED_FORMAT(f.size = 0);
	REFUSED_FORMAT(f.size = 8);
	REFUSED_FORMAT(f.size = 24);
	REFUSED_FORMAT(f.size = 128);
	REFUSED_FORMAT(f.addr.bits = 32);
	REFUSED_FORMAT(f.addr.bits = 0);
	REFUSED_FORMAT(f.addr.offset = 25);
	REFUSED_FORMAT(f.addr.offset = 255);
	REFUSED_FORMAT(f.len.bits = 8);
	REFUSED_FORMAT(f.len.bits = 64);
	REFUSED_FORMAT(f.len.bits = 17);
	REFUSED_FORMAT(f.len.offset = 16);	/* overlaps the address */
	REFUSED_FORMAT(f.flags.bits = 0);	/* but it names flags */
	REFUSED_FORMAT(f.seq.bits = 8);		/* stale looks like new */
	REFUSED_FORMAT(f.seq.bits = 0);
	REFUSED_FORMAT(f.seq.offset = 4);	/* overlaps the length */
	REFUSED_FORMAT(f.max_len = 0);
	REFUSED_FORMAT(f.max_len = 4097);
	REFUSED_FORMAT(f.max_chain = 0);
}

/* The verdict reads no byte beyond the descriptor: ASan watches. */
static void stays_inside(void **state)
{
	struct cdna_layout layout = layout_of(&offload);
	struct cdna_buffer buffer;
	u32 chain = 0, i;
	u8 *desc = malloc(layout.size);

	(void)state;
	assert_non_null(desc);
	srand(1);
	for (i = 0; i < 10000; i++) {
		u32 n;

		for (n = 0; n < layout.size; n++)
			desc[n] = rand();
		if (cdna_verdict_check(&layout, CDNA_DIR_TX, desc, &chain,
				       &buffer))
			continue;
		assert_true(buffer.len >= 1 && buffer.len <= CDNA_PAGE_SIZE);
		assert_true(buffer.addr / CDNA_PAGE_SIZE ==
			    (buffer.addr + buffer.len - 1) / CDNA_PAGE_SIZE);
		assert_true(chain < layout.max_chain);
		cdna_verdict_stamp(&layout, desc, i, i);
	}
	free(desc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_good),
		cmocka_unit_test(refuses_lengths),
		cmocka_unit_test(refuses_crossing),
		cmocka_unit_test(refuses_flags),
		cmocka_unit_test(bounds_chains),
		cmocka_unit_test(receive_has_no_chains),
		cmocka_unit_test(stamps_only_its_fields),
		cmocka_unit_test(reads_a_strange_format),
		cmocka_unit_test(refuses_formats),
		cmocka_unit_test(stays_inside),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
