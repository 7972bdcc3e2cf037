// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checksums, against the plain way of computing them.
 */
#include "base/csum.h"
#include "base/parse.h"
#include "test.h"

#define MAX_BYTES	9000
#define MAX_CELLS	16

/* Packet memory outside of the pool */
struct chain {
	struct fw_cell cell[MAX_CELLS];
	struct fw_frame frame;
};

/* Spread bytes over cells of random length; the first @head stay together. */
static void chain_fill(struct chain *chain, struct prng *prng, const u8 *data,
		       u32 len, u32 head)
{
	struct fw_frame *frame = &chain->frame;
	u32 at = 0;

	*frame = (struct fw_frame){ .head = chain->cell, .len = len };
	while (at < len) {
		struct fw_cell *cell = &chain->cell[frame->cells++];
		u32 left = MAX_CELLS - frame->cells;
		u32 most = FW_MIN(len - at, 2000u);
		u32 least = FW_MAX(1u, at ? 0 : FW_MIN(head, most));
		u32 n = least + prng_below(prng, most - least + 1);

		/* What is left must fit. */
		if (len - at - n > left * 2000)
			n = most;
		cell->start = (u16)prng_below(prng, 40);
		cell->len = (u16)n;
		cell->next = NULL;
		memcpy(cell->data + cell->start, data + at, n);
		if (frame->tail)
			frame->tail->next = cell;
		frame->tail = cell;
		at += n;
	}
}

static void chain_read(const struct chain *chain, u8 *data)
{
	const struct fw_cell *cell;

	for (cell = chain->frame.head; cell; cell = cell->next) {
		memcpy(data, cell->data + cell->start, cell->len);
		data += cell->len;
	}
}

static void adds_like_the_plain_way(void **state)
{
	static u8 data[MAX_BYTES + 16];
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "adds_like_the_plain_way");
	prng_fill(&prng, data, sizeof(data));
	for (i = 0; i < 20000; i++) {
		u32 len = prng_below(&prng, i % 10 ? 200 : MAX_BYTES);
		u32 at = prng_below(&prng, 16);
		u32 sum = (u32)prng_next(&prng);

		assert_int_equal(fw_csum_fold(fw_csum_add(sum, data + at, len)),
				 frame_csum(data + at, len, sum));
	}
}

/* Where carries hide */
static void adds_extremes(void **state)
{
	static u8 data[65536];
	u32 len;

	(void)state;
	memset(data, 0xff, sizeof(data));
	for (len = 0; len <= 70; len++)
		assert_int_equal(
			fw_csum_fold(fw_csum_add(0xffffffff, data, len)),
			frame_csum(data, len, 0xffffffff));
	assert_int_equal(fw_csum_fold(fw_csum_add(0xffffffff, data, 65535)),
			 frame_csum(data, 65535, 0xffffffff));
	memset(data, 0, sizeof(data));
	assert_int_equal(fw_csum_add(0, data, 65535), 0);
	data[6] = 0x12;
	data[7] = 0x34;
	assert_int_equal(fw_csum_fold(fw_csum_add(0, data, 8)), 0x1234);
	assert_int_equal(fw_csum_fold(fw_csum_add(0, data + 1, 6)), 0x0012);
}

static void adds_over_cells(void **state)
{
	static u8 data[MAX_BYTES];
	struct chain chain;
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "adds_over_cells");
	for (i = 0; i < 3000; i++) {
		u32 len = 1 + prng_below(&prng, MAX_BYTES);
		u32 start = prng_below(&prng, len + 1);
		u32 end = start + prng_below(&prng, len - start + 1);
		u32 sum;

		prng_fill(&prng, data, len);
		chain_fill(&chain, &prng, data, len, 1);
		sum = fw_csum_frame(&chain.frame, start, end);
		assert_int_equal(fw_csum_fold(sum),
				 frame_csum(data + start, end - start, 0));
	}
	assert_int_equal(fw_csum_frame(&chain.frame, 5, 5), 0);
	assert_int_equal(fw_csum_frame(&chain.frame, 5, 4), 0);
}

/* The sum with what was inserted is all ones; no other byte changes. */
static void inserts(void **state)
{
	static u8 data[MAX_BYTES], after[MAX_BYTES];
	struct chain chain;
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "inserts");
	for (i = 0; i < 3000; i++) {
		u32 len = 20 + prng_below(&prng, MAX_BYTES - 20);
		u32 start = 14 + prng_below(&prng, len - 16);
		u32 offset = prng_below(&prng, len - start - 1);
		u16 due;

		prng_fill(&prng, data, len);
		chain_fill(&chain, &prng, data, len, 1);
		due = (u16)~frame_csum(data + start, len - start, 0);
		assert_true(fw_csum_insert(&chain.frame, start, offset));
		chain_read(&chain, after);
		assert_int_equal(after[start + offset] << 8 |
				 after[start + offset + 1],
				 due ? due : 0xffff);
		data[start + offset] = after[start + offset];
		data[start + offset + 1] = after[start + offset + 1];
		assert_memory_equal(data, after, len);
	}
}

/* 0 would tell a UDP receiver that there is no checksum. */
static void inserts_no_zero(void **state)
{
	u8 data[60] = { 0 };
	struct chain chain;
	struct prng prng = { 1 };

	(void)state;
	data[30] = 0xff;
	data[31] = 0xff;
	chain_fill(&chain, &prng, data, sizeof(data), 60);
	assert_true(fw_csum_insert(&chain.frame, 14, 6));
	chain_read(&chain, data);
	assert_int_equal(data[20] << 8 | data[21], 0xffff);
}

static void refuses_what_does_not_fit(void **state)
{
	static const struct {
		u32 start, offset;
		bool fits;
	} cases[] = {
		{ 14, 0, true }, { 13, 0, false }, { 0, 20, false },
		{ 14, 44, true }, { 14, 45, false }, { 58, 0, true },
		{ 59, 0, false }, { 60, 0, false }, { 65535, 65535, false },
		{ 14, 65535, false },
	};
	u8 data[60], after[60];
	struct chain chain;
	struct prng prng = { 2 };
	u32 i;

	(void)state;
	prng_fill(&prng, data, sizeof(data));
	for (i = 0; i < FW_ARRAY_SIZE(cases); i++) {
		chain_fill(&chain, &prng, data, sizeof(data), 1);
		assert_int_equal(fw_csum_insert(&chain.frame, cases[i].start,
						cases[i].offset),
				 cases[i].fits);
		chain_read(&chain, after);
		if (!cases[i].fits)
			assert_memory_equal(data, after, sizeof(data));
	}
}

static int verify(const struct frame_spec *spec, struct prng *prng, u32 spoil)
{
	static u8 data[MAX_BYTES];
	struct fw_packet pkt;
	struct chain chain;
	u32 len = frame_build(data, spec);

	if (spoil)
		data[spoil] ^= 1;
	chain_fill(&chain, prng, data, len, 200);
	fw_parse(fw_frame_data(&chain.frame), chain.frame.head->len, len, &pkt);
	return fw_csum_verify(&chain.frame, &pkt);
}

static void verifies(void **state)
{
	static const u8 protos[] = { 6, 17 };
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, "verifies");
	for (i = 0; i < 2000; i++) {
		struct frame_spec spec = {
			.ip = i & 1 ? 4 : 6, .proto = protos[i >> 1 & 1],
			.tagged = i & 4, .tci = 5, .fill = i,
			.payload = prng_below(&prng, 8000),
			.timestamps = i & 8, .pad = i % 7,
			.ip_options = i & 16 && i & 1 ? 8 : 0,
		};

		assert_int_equal(verify(&spec, &prng, 0), 1);
		spec.bad_csum = true;
		assert_int_equal(verify(&spec, &prng, 0), 0);
		spec.bad_csum = false;
		/* A source address belongs to the pseudo header. */
		assert_int_equal(verify(&spec, &prng,
					(spec.tagged ? 18 : 14) +
					(spec.ip == 4 ? 13 : 9)), 0);
	}
}

static void verifies_nothing_where_there_is_none(void **state)
{
	struct frame_spec zero = FRAME_UDP4(.payload = 20, .zero_csum = true);
	struct frame_spec icmp = { .ip = 4, .proto = 1, .payload = 20 };
	struct frame_spec frag = FRAME_UDP4(.payload = 20, .frag = 0x2000);
	struct frame_spec arp = { .ethertype = 0x0806, .payload = 46 };
	struct prng prng = { 3 };

	(void)state;
	assert_int_equal(verify(&zero, &prng, 0), -1);
	assert_int_equal(verify(&icmp, &prng, 0), -1);
	assert_int_equal(verify(&frag, &prng, 0), -1);
	assert_int_equal(verify(&arp, &prng, 0), -1);
}

static void ipv4_header(void **state)
{
	struct prng prng = { 4 };
	u8 ip[60];
	u32 words;

	(void)state;
	for (words = 5; words <= 15; words++) {
		prng_fill(&prng, ip, sizeof(ip));
		ip[0] = (u8)(0x40 | words);
		fw_csum_ipv4(ip);
		assert_int_equal(frame_csum(ip, words * 4, 0), 0xffff);
	}
}

TEST_MAIN(
	TEST(adds_like_the_plain_way),
	TEST(adds_extremes),
	TEST(adds_over_cells),
	TEST(inserts),
	TEST(inserts_no_zero),
	TEST(refuses_what_does_not_fit),
	TEST(verifies),
	TEST(verifies_nothing_where_there_is_none),
	TEST(ipv4_header),
)
