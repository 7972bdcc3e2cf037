// SPDX-License-Identifier: GPL-2.0-only
/*
 * Headers of frames, good, strange and hostile. Heads are at the end of
 * memory of their own, so that the sanitizer sees a byte read beyond.
 */
#include "base/parse.h"
#include "test.h"

static void parse_exact(const u8 *frame, u32 head_len, u32 len,
			struct fw_packet *pkt)
{
	u8 *head = malloc(head_len ? head_len : 1);

	assert_non_null(head);
	memcpy(head, frame, head_len);
	fw_parse(head, head_len, len, pkt);
	if (pkt->l3)
		fw_parse_hash(head, pkt);
	free(head);
}

/* The other parser agrees on everything it knows. */
static void finds_what_is_there(void **state)
{
	struct prng prng;
	u8 frame[2000];
	u32 i;

	(void)state;
	prng_seed(&prng, "finds_what_is_there");
	for (i = 0; i < 4000; i++) {
		struct frame_spec spec = {
			.ip = i & 1 ? 4 : 6, .proto = i & 2 ? 6 : 17,
			.tagged = i & 4, .tci = (u16)prng_next(&prng),
			.timestamps = i & 8, .pad = i % 5,
			.ip_options = i & 1 ? (u8)(i % 11 * 4) : 0,
			.payload = prng_below(&prng, 1400), .fill = i,
		};
		u32 len = frame_build(frame, &spec);
		struct frame_info info;
		struct fw_packet pkt;

		frame_parse(frame, len, &info);
		parse_exact(frame, len, len, &pkt);
		assert_int_equal(pkt.l3, info.l3);
		assert_int_equal(pkt.l4, info.l4);
		assert_int_equal(pkt.payload, info.payload);
		assert_int_equal(pkt.end, info.payload + spec.payload);
		assert_int_equal(pkt.vlan_tci, spec.tagged ? spec.tci : 0);
		assert_int_equal(
			pkt.flags,
			(i & 1 ? FW_PKT_IPV4 : FW_PKT_IPV6) |
			(i & 2 ? FW_PKT_TCP : FW_PKT_UDP) |
			(i & 4 ? FW_PKT_VLAN : 0) |
			(spec.ip_options ? FW_PKT_OPTIONS : 0));
	}
}

struct ext {
	u8 bytes[200];
	u32 len;
};

static void ext_add(struct ext *ext, u8 next, u32 len, u8 third)
{
	u8 *p = ext->bytes + ext->len;

	memset(p, 0, len);
	p[0] = next;
	p[1] = (u8)(len / 8 - 1);
	p[3] = third;
	ext->len += len;
}

/* An IPv6 frame with extension headers before a TCP header */
static u32 build_ext(u8 *frame, u8 first, const struct ext *ext)
{
	struct frame_spec spec = FRAME_TCP6(.payload = 30);
	u32 len = frame_build(frame, &spec);

	memmove(frame + 54 + ext->len, frame + 54, len - 54);
	memcpy(frame + 54, ext->bytes, ext->len);
	frame[20] = first;
	fw_put_be16(frame + 18, (u16)(len - 54 + ext->len));
	return len + ext->len;
}

static void ipv6_extensions(void **state)
{
	struct fw_packet pkt;
	struct ext ext = { 0 };
	u8 frame[400];
	u32 len, i;

	(void)state;
	/* Hop by hop, destination options, routing that is done */
	ext_add(&ext, 60, 8, 0);
	ext_add(&ext, 43, 16, 0);
	ext_add(&ext, 6, 24, 0);
	len = build_ext(frame, 0, &ext);
	parse_exact(frame, len, len, &pkt);
	assert_int_equal(pkt.flags,
			 FW_PKT_IPV6 | FW_PKT_TCP | FW_PKT_OPTIONS);
	assert_int_equal(pkt.l4, 54 + 48);
	/* Segments left: the checksum is over another address. */
	frame[54 + 24 + 3] = 1;
	parse_exact(frame, len, len, &pkt);
	assert_false(pkt.flags & FW_PKT_TCP);
	assert_int_equal(pkt.l4, 0);
	/* AH counts in 4 bytes. */
	ext.len = 0;
	ext_add(&ext, 6, 24, 0);
	ext.bytes[1] = 4;
	len = build_ext(frame, 51, &ext);
	parse_exact(frame, len, len, &pkt);
	assert_true(pkt.flags & FW_PKT_TCP);
	assert_int_equal(pkt.l4, 54 + 24);
	/* ESP hides what follows, and nothing follows "no next header". */
	for (i = 0; i < 2; i++) {
		len = build_ext(frame, i ? 59 : 50, &ext);
		parse_exact(frame, len, len, &pkt);
		assert_int_equal(pkt.flags, FW_PKT_IPV6);
	}
}

static void ipv6_extensions_end(void **state)
{
	struct fw_packet pkt;
	struct ext ext = { 0 };
	u8 frame[400];
	u32 len, i;

	(void)state;
	for (i = 0; i < 8; i++)
		ext_add(&ext, i < 7 ? 60 : 6, 8, 0);
	len = build_ext(frame, 60, &ext);
	parse_exact(frame, len, len, &pkt);
	assert_true(pkt.flags & FW_PKT_TCP);
	/* One more than anybody needs */
	ext.bytes[56] = 60;
	ext_add(&ext, 6, 8, 0);
	len = build_ext(frame, 60, &ext);
	parse_exact(frame, len, len, &pkt);
	assert_false(pkt.flags & FW_PKT_TCP);
	/* One that reaches beyond the datagram */
	ext.len = 0;
	ext_add(&ext, 6, 8, 0);
	ext.bytes[1] = 255;
	len = build_ext(frame, 60, &ext);
	parse_exact(frame, len, len, &pkt);
	assert_int_equal(pkt.l4, 0);
}

static void fragments(void **state)
{
	static const u16 frag[] = { 0x2000, 0x0001, 0x1fff, 0x2001 };
	struct frame_spec spec = FRAME_UDP4(.payload = 40);
	struct ext ext = { 0 };
	struct fw_packet pkt;
	u32 len, i, hash = 0;
	u8 frame[400];

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(frag); i++) {
		spec.frag = frag[i];
		spec.sport = (u16)(i + 1);
		len = frame_build(frame, &spec);
		parse_exact(frame, len, len, &pkt);
		assert_int_equal(pkt.flags, FW_PKT_IPV4 | FW_PKT_FRAGMENT);
		assert_int_equal(pkt.l4, 0);
		/* All of a datagram belong together, whatever is in them. */
		assert_true(!hash || hash == fw_parse_hash(frame, &pkt));
		hash = fw_parse_hash(frame, &pkt);
	}
	spec.frag = 0x4000;
	len = frame_build(frame, &spec);
	parse_exact(frame, len, len, &pkt);
	assert_true(pkt.flags & FW_PKT_UDP);
	ext_add(&ext, 6, 8, 0);
	len = build_ext(frame, 44, &ext);
	parse_exact(frame, len, len, &pkt);
	assert_int_equal(pkt.flags, FW_PKT_IPV6 | FW_PKT_FRAGMENT);
}

/* Change a byte or two of a good frame. Return: what is found then */
static u32 flags_with(const struct frame_spec *spec, u32 at, u32 value,
		      u32 bytes)
{
	struct fw_packet pkt;
	u8 frame[400];
	u32 len = frame_build(frame, spec);

	if (bytes == 2)
		fw_put_be16(frame + at, (u16)value);
	else
		frame[at] = (u8)value;
	parse_exact(frame, len, len, &pkt);
	return pkt.flags;
}

static void lengths_that_lie(void **state)
{
	const struct frame_spec tcp4 = FRAME_TCP4(.payload = 20);
	const struct frame_spec udp4 = FRAME_UDP4(.payload = 20);
	const struct frame_spec tcp6 = FRAME_TCP6(.payload = 20);

	(void)state;
	/* IPv4: 74 bytes, 60 of these the datagram */
	assert_int_equal(flags_with(&tcp4, 16, 60, 2), FW_PKT_IPV4 | FW_PKT_TCP);
	assert_int_equal(flags_with(&tcp4, 16, 61, 2), 0);
	assert_int_equal(flags_with(&tcp4, 16, 0xffff, 2), 0);
	assert_int_equal(flags_with(&tcp4, 16, 19, 2), 0);
	assert_int_equal(flags_with(&tcp4, 16, 0, 2), 0);
	assert_int_equal(flags_with(&tcp4, 16, 39, 2), FW_PKT_IPV4);
	assert_int_equal(flags_with(&tcp4, 16, 40, 2), FW_PKT_IPV4 | FW_PKT_TCP);
	assert_int_equal(flags_with(&tcp4, 14, 0x44, 1), 0);
	assert_int_equal(flags_with(&tcp4, 14, 0x40, 1), 0);
	assert_int_equal(flags_with(&tcp4, 14, 0x65, 1), 0);
	assert_int_equal(flags_with(&tcp4, 14, 0x05, 1), 0);
	/* TCP data offset: below 5, and beyond the datagram */
	assert_int_equal(flags_with(&tcp4, 46, 0x40, 1), FW_PKT_IPV4);
	assert_int_equal(flags_with(&tcp4, 46, 0xf0, 1), FW_PKT_IPV4);
	assert_int_equal(flags_with(&tcp4, 46, 0xa0, 1),
			 FW_PKT_IPV4 | FW_PKT_TCP);
	/* UDP length */
	assert_int_equal(flags_with(&udp4, 38, 28, 2), FW_PKT_IPV4 | FW_PKT_UDP);
	assert_int_equal(flags_with(&udp4, 38, 29, 2), FW_PKT_IPV4);
	assert_int_equal(flags_with(&udp4, 38, 7, 2), FW_PKT_IPV4);
	assert_int_equal(flags_with(&udp4, 38, 8, 2), FW_PKT_IPV4 | FW_PKT_UDP);
	/* IPv6 */
	assert_int_equal(flags_with(&tcp6, 18, 40, 2), FW_PKT_IPV6 | FW_PKT_TCP);
	assert_int_equal(flags_with(&tcp6, 18, 41, 2), 0);
	assert_int_equal(flags_with(&tcp6, 18, 0, 2), FW_PKT_IPV6);
	assert_int_equal(flags_with(&tcp6, 14, 0x40, 1), 0);
}

/* A head or a frame that ends anywhere */
static void cut_anywhere(void **state)
{
	struct frame_spec spec = { .tagged = true, .proto = 6, .payload = 20,
				   .timestamps = true };
	struct fw_packet pkt;
	u32 len, full, i;
	u8 frame[400];

	(void)state;
	for (i = 0; i < 2; i++) {
		spec.ip = i ? 4 : 6;
		full = frame_build(frame, &spec);
		for (len = 0; len <= full; len++) {
			parse_exact(frame, len, len, &pkt);
			assert_int_equal(!!(pkt.flags & FW_PKT_TCP),
					 len == full);
			assert_true(pkt.end <= len);
			parse_exact(frame, len, full, &pkt);
			assert_int_equal(!!(pkt.flags & FW_PKT_TCP),
					 len >= full - 20);
		}
	}
}

static void random_bytes(void **state)
{
	static const u8 start[][4] = {
		{ 0x08, 0x00, 0x45 }, { 0x86, 0xdd, 0x60 },
		{ 0x81, 0x00, 0x00, 0x01 }, { 0 },
	};
	struct fw_packet pkt;
	struct prng prng;
	u8 frame[256];
	u32 i;

	(void)state;
	prng_seed(&prng, "random_bytes");
	for (i = 0; i < 200000; i++) {
		u32 len = prng_below(&prng, sizeof(frame) + 1);
		u32 head = prng_below(&prng, len + 1);

		prng_fill(&prng, frame, sizeof(frame));
		memcpy(frame + 12, start[i % 4], 4);
		/* Short lengths are believed more often. */
		frame[16] &= (u8)(i >> 2 & 1 ? 0 : 0xff);
		frame[18] &= (u8)(i >> 2 & 1 ? 0 : 0xff);
		parse_exact(frame, head, len, &pkt);
		assert_true(pkt.end <= len);
		assert_true(pkt.l4 <= head && pkt.payload <= head);
		assert_true(!pkt.l4 || (pkt.l3 < pkt.l4 &&
					pkt.l4 < pkt.payload &&
					pkt.payload <= pkt.end));
		assert_int_equal(!!pkt.l4,
				 !!(pkt.flags & (FW_PKT_TCP | FW_PKT_UDP)));
	}
}

static u32 hash_of(const struct frame_spec *spec)
{
	struct fw_packet pkt;
	u8 frame[400];
	u32 len;

	len = frame_build(frame, spec);
	fw_parse(frame, sizeof(frame), len, &pkt);
	return fw_parse_hash(frame, &pkt);
}

static void hashes_tell_flows_apart(void **state)
{
	struct frame_spec spec = FRAME_TCP4(.payload = 10);
	struct frame_spec arp = { .ethertype = 0x0806, .payload = 46 };
	u32 hash[256], used = 0, i;

	(void)state;
	for (i = 0; i < 256; i++) {
		spec.sport = (u16)(1000 + i);
		hash[i] = hash_of(&spec);
		assert_int_not_equal(hash[i], 0);
		used |= 1u << hash[i] % 8;
	}
	/* Neighbours reach all queues of a context. */
	assert_int_equal(used, 0xff);
	/* The same everywhere, also big-endian */
	spec = FRAME_TCP4(.saddr = 0x0a000001, .daddr = 0x0a000002,
			  .sport = 1, .dport = 2);
	assert_int_equal(hash_of(&spec), 0x424a5475);
	assert_int_equal(hash_of(&arp), 0);
}

TEST_MAIN(
	TEST(finds_what_is_there),
	TEST(ipv6_extensions),
	TEST(ipv6_extensions_end),
	TEST(fragments),
	TEST(lengths_that_lie),
	TEST(cut_anywhere),
	TEST(random_bytes),
	TEST(hashes_tell_flows_apart),
)
