// SPDX-License-Identifier: GPL-2.0-only
/* Loads and stores: bounds, mailboxes, posted writes, many in a message. */
#include "bed.h"

#include <errno.h>

#define SHARED			(CDNA_PARTITION(3) + 0x800)
#define MGMT_WORD		(CDNA_MGMT_PAGE + CDNA_MGMT_ASQ_BASE_LO)

struct multi {
	u64 count;
	struct vfu_multi_write w[VFU_MAX_MULTI + 1];
};

static void multi_add(struct multi *m, u64 offset, u32 region, u32 count,
		      u64 value)
{
	struct vfu_multi_write *w = &m->w[m->count++];

	w->offset = offset;
	w->region = region;
	w->count = count;
	memcpy(w->data, &value, sizeof(value));
}

static u32 multi_size(const struct multi *m)
{
	return 8 + (u32)m->count * (u32)sizeof(m->w[0]);
}

static void memory_keeps_what_is_stored(void **state)
{
	static const u32 widths[] = { 1, 2, 4, 8, 3, 64, 2048 };
	u8 out[4096], in[4096];
	u32 i;

	for (i = 0; i < sizeof(out); i++)
		out[i] = (u8)(i * 7 + 1);
	for (i = 0; i < FW_ARRAY_SIZE(widths); i++) {
		assert_int_equal(bed_write(*state, BED_BAR0, SHARED, out + i,
					   widths[i]), 0);
		assert_int_equal(bed_read(*state, BED_BAR0, SHARED, in,
					  widths[i]), 0);
		assert_memory_equal(in, out + i, widths[i]);
	}
}

static void accesses_are_bounded(void **state)
{
	static const struct {
		u32 region;
		u64 offset;
		u32 len;
	} bad[] = {
		{ BED_BAR0, CDNA_BAR_SRAM_SIZE, 1 },
		{ BED_BAR0, CDNA_BAR_SRAM_SIZE - 3, 4 },
		{ BED_BAR0, ~0ull, 1 },
		{ BED_BAR0, ~0ull - 3, 4 },
		{ BED_BAR0, 1ull << 32, 4 },
		{ BED_BAR2, CDNA_BAR_MSIX_SIZE - 3, 4 },
		{ BED_BAR2, 0x80000000ull, 4 },
		{ BED_CONFIG, 4096, 1 },
		{ BED_CONFIG, 4095, 2 },
		{ 1, 0, 4 }, { 3, 0, 4 }, { 5, 0, 4 }, { 6, 0, 4 },
		{ 8, 0, 4 }, { 9, 0, 4 }, { 0xffffffffu, 0, 4 },
	};
	u8 data[8] = { 0 };
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(bad); i++) {
		assert_int_equal(bed_read(*state, bad[i].region, bad[i].offset,
					  data, bad[i].len), EINVAL);
		assert_int_equal(bed_write(*state, bad[i].region,
					   bad[i].offset, data, bad[i].len),
				 EINVAL);
	}
}

static void a_read_has_a_size(void **state)
{
	u8 data[VFU_MAX_XFER];

	assert_int_equal(bed_read(*state, BED_BAR0, 0, data, 0), EINVAL);
	assert_int_equal(bed_read(*state, BED_BAR0, 0, data,
				  VFU_MAX_XFER + 1), EINVAL);
	assert_int_equal(bed_read(*state, BED_BAR0, 0, data, ~0u), EINVAL);
	assert_int_equal(bed_read(*state, BED_BAR0, 0, data, VFU_MAX_XFER),
			 0);
}

static void a_write_has_the_bytes_it_claims(void **state)
{
	struct {
		struct vfu_region_access a;
		u8 data[8];
	} m = { .a = { SHARED, BED_BAR0, 4 } };

	assert_int_equal(bed_call(*state, VFU_REGION_WRITE, &m, 16 + 3, NULL),
			 EINVAL);
	assert_int_equal(bed_call(*state, VFU_REGION_WRITE, &m, 16 + 5, NULL),
			 EINVAL);
	m.a.count = ~0u;
	assert_int_equal(bed_call(*state, VFU_REGION_WRITE, &m, 16 + 4, NULL),
			 EINVAL);
}

static void a_mailbox_store_raises_its_event(void **state)
{
	struct bed *bed = *state;
	struct sram *sram = &bed->d->sram;
	u8 four[4] = { 1 };
	u32 part;

	for (part = 0; part <= FW_PARTITION_MGMT; part++) {
		u32 mbox = part % CDNA_NR_MAILBOXES;

		/* Straight into it, before the firmware can take it. */
		assert_true(sram_guest_write(sram, CDNA_PARTITION(part) +
					     CDNA_MBOX_OFFSET(mbox), four, 4));
		assert_int_equal(sram_partitions(sram, part / 32),
				 1u << part % 32);
		assert_int_equal(sram_take(sram, part), 1u << mbox);
		assert_int_equal(sram_partitions(sram, part / 32), 0);
		assert_int_equal(sram_take(sram, part), 0);
	}
	assert_int_equal(sram_take(sram, FW_PARTITION_MGMT + 1), 0);
	assert_int_equal(sram_partitions(sram, FW_EVENT_WORDS), 0);
}

static void only_mailboxes_raise_events(void **state)
{
	struct bed *bed = *state;
	u32 word;

	bed_write32(bed, BED_BAR0, SHARED, 1);
	bed_write32(bed, BED_BAR0, CDNA_PARTITION(3) + 0x60, 1);
	bed_write32(bed, BED_BAR0, MGMT_WORD, 1);
	bed_write32(bed, BED_BAR0, CDNA_REGISTER_PAGE + CDNA_PAGE_SIZE, 1);
	bed_write32(bed, BED_BAR0, CDNA_BAR_SRAM_SIZE - 4, 1);
	for (word = 0; word < FW_EVENT_WORDS; word++)
		assert_int_equal(bed->d->sram.dirty[word], 0);
	assert_int_equal(bed->d->sram.stores, 0);
	assert_int_equal(bed->d->sram.refused, 0);
}

static void other_mailbox_stores_are_refused_and_counted(void **state)
{
	static const struct {
		u32 offset, len;
	} bad[] = {
		{ 0, 1 }, { 0, 2 }, { 2, 2 }, { 0, 8 }, { 0, 3 }, { 1, 4 },
		{ 2, 4 }, { 3, 4 }, { 0x5d, 4 }, { 0x5f, 1 }, { 0x5c, 8 },
		{ 0x58, 0x20 }, { CDNA_PARTITION(1) - 4, 8 },
		{ CDNA_PARTITION(1) - 1, 2 }, { CDNA_PARTITION(7) - 2, 4 },
		{ CDNA_PARTITION(7) + 0x80, 4000 },
		{ CDNA_MGMT_PAGE, 2 }, { CDNA_MGMT_PAGE + 2, 2 },
		{ CDNA_MGMT_PAGE + 4, 8 },
	};
	struct bed *bed = *state;
	u8 data[4096];
	u32 i;

	memset(data, 0xff, sizeof(data));
	for (i = 0; i < FW_ARRAY_SIZE(bad); i++) {
		assert_int_equal(bed_write(bed, BED_BAR0, bad[i].offset, data,
					   bad[i].len), EINVAL);
		assert_int_equal(bed->d->sram.refused, i + 1);
	}
	assert_int_equal(bed->d->sram.stores, 0);
	assert_int_equal(bed_read32(bed, BED_BAR0, 0), 0);
	assert_int_equal(bed_read32(bed, BED_BAR0, CDNA_PARTITION(1) - 4), 0);
}

static void registers_are_read_only(void **state)
{
	struct bed *bed = *state;
	u8 data[8];
	u32 i;

	for (i = 0; i < CDNA_PAGE_SIZE; i += 4) {
		u32 was = bed_read32(bed, BED_BAR0, CDNA_REGISTER_PAGE + i);

		assert_int_equal(bed_write32(bed, BED_BAR0,
					     CDNA_REGISTER_PAGE + i, ~was),
				 EINVAL);
		assert_int_equal(bed_read32(bed, BED_BAR0,
					    CDNA_REGISTER_PAGE + i), was);
	}
	memset(data, 0xff, sizeof(data));
	assert_int_equal(bed_write(bed, BED_BAR0, CDNA_REGISTER_PAGE - 4, data,
				   8), EINVAL);
	assert_int_equal(bed_write(bed, BED_BAR0, CDNA_REGISTER_PAGE +
				   CDNA_PAGE_SIZE - 1, data, 2), EINVAL);
}

static void a_posted_write_gets_no_reply(void **state)
{
	struct bed *bed = *state;
	struct {
		struct vfu_region_access a;
		u32 value;
	} m = { { SHARED, BED_BAR0, 4 }, 0x1234 };
	struct bed_reply r;

	bed_send(bed, VFU_REGION_WRITE, MSG_NO_REPLY, &m, 20, NULL, 0);
	assert_false(bed_receive(bed, &r));
	assert_int_equal(bed_read32(bed, BED_BAR0, SHARED), 0x1234);
	/* Nor does one that is refused. */
	m.a.offset = 2;
	bed_send(bed, VFU_REGION_WRITE, MSG_NO_REPLY, &m, 20, NULL, 0);
	bed_send(bed, VFU_REGION_WRITE, MSG_NO_REPLY, &m, 3, NULL, 0);
	bed_send(bed, 99, MSG_NO_REPLY, &m, 3, NULL, 0);
	assert_false(bed_receive(bed, &r));
	assert_int_equal(bed->d->counts.posted, 4);
	assert_int_equal(bed->d->counts.posted_errors, 3);
}

static void many_writes_in_a_message(void **state)
{
	struct bed *bed = *state;
	struct multi m = { 0 };
	struct bed_reply r;
	u32 i;

	for (i = 0; i < VFU_MAX_MULTI; i++)
		multi_add(&m, 0x110000 + 8 * i, BED_BAR0, 1 + i % 8, ~0ull);
	bed_send(bed, VFU_REGION_WRITE_MULTI, MSG_NO_REPLY, &m,
		 multi_size(&m), NULL, 0);
	assert_false(bed_receive(bed, &r));
	assert_int_equal(bed->d->counts.multi_writes, VFU_MAX_MULTI);
	for (i = 0; i < VFU_MAX_MULTI; i++) {
		u64 value;

		assert_int_equal(bed_read(bed, BED_BAR0, 0x110000 + 8 * i,
					  &value, 8), 0);
		assert_int_equal(value, ~0ull >> (56 - 8 * (i % 8)));
	}
}

static void many_writes_may_want_a_reply(void **state)
{
	struct multi m = { 0 };
	struct bed_reply r;
	u64 count;

	multi_add(&m, SHARED, BED_BAR0, 4, 1);
	multi_add(&m, SHARED + 4, BED_BAR0, 4, 2);
	assert_int_equal(bed_call(*state, VFU_REGION_WRITE_MULTI, &m,
				  multi_size(&m), &r), 0);
	assert_int_equal(r.len, 8);
	memcpy(&count, r.body, 8);
	assert_int_equal(count, 2);
}

static void a_bad_one_does_not_spoil_the_others(void **state)
{
	struct multi m = { 0 };

	multi_add(&m, SHARED, BED_BAR0, 4, 1);
	multi_add(&m, 2, BED_BAR0, 4, 2);
	multi_add(&m, SHARED + 4, BED_BAR0, 9, 3);
	multi_add(&m, SHARED + 4, BED_BAR0, ~0u, 3);
	multi_add(&m, ~0ull, BED_BAR0, 4, 3);
	multi_add(&m, 0, 1, 4, 3);
	multi_add(&m, SHARED + 4, BED_BAR0, 4, 4);
	assert_int_equal(bed_call(*state, VFU_REGION_WRITE_MULTI, &m,
				  multi_size(&m), NULL), EINVAL);
	assert_int_equal(bed_read32(*state, BED_BAR0, SHARED), 1);
	assert_int_equal(bed_read32(*state, BED_BAR0, SHARED + 4), 4);
}

static void the_count_of_many_is_checked(void **state)
{
	static const u64 bad[] = {
		0, 1, 3, VFU_MAX_MULTI + 1, ~0ull, 1ull << 61,
		/* 24 times as many wraps to the size of two */
		2 + (1ull << 61),
	};
	struct multi m = { 0 };
	u32 i, size;

	multi_add(&m, SHARED, BED_BAR0, 4, 1);
	multi_add(&m, SHARED, BED_BAR0, 4, 2);
	size = multi_size(&m);
	for (i = 0; i < FW_ARRAY_SIZE(bad); i++) {
		m.count = bad[i];
		assert_int_equal(bed_call(*state, VFU_REGION_WRITE_MULTI, &m,
					  size, NULL), EINVAL);
	}
	assert_int_equal(bed_read32(*state, BED_BAR0, SHARED), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BED_TEST(memory_keeps_what_is_stored, bed_setup_ready),
		BED_TEST(accesses_are_bounded, bed_setup_ready),
		BED_TEST(a_read_has_a_size, bed_setup_ready),
		BED_TEST(a_write_has_the_bytes_it_claims, bed_setup_ready),
		BED_TEST(a_mailbox_store_raises_its_event, bed_setup_ready),
		BED_TEST(only_mailboxes_raise_events, bed_setup_ready),
		BED_TEST(other_mailbox_stores_are_refused_and_counted,
			 bed_setup_ready),
		BED_TEST(registers_are_read_only, bed_setup_ready),
		BED_TEST(a_posted_write_gets_no_reply, bed_setup_ready),
		BED_TEST(many_writes_in_a_message, bed_setup_ready),
		BED_TEST(many_writes_may_want_a_reply, bed_setup_ready),
		BED_TEST(a_bad_one_does_not_spoil_the_others, bed_setup_ready),
		BED_TEST(the_count_of_many_is_checked, bed_setup_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
