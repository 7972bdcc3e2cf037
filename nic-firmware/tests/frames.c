// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames for tests, byte by byte, with the plainest checksum that works.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"

static u8 *put16(u8 *p, u32 v)
{
	*p++ = (u8)(v >> 8);
	*p++ = (u8)v;
	return p;
}

static u8 *put32(u8 *p, u32 v)
{
	return put16(put16(p, v >> 16), v & 0xffff);
}

static u32 get16(const u8 *p)
{
	return (u32)p[0] * 256 + p[1];
}

static u32 get32(const u8 *p)
{
	return get16(p) * 65536 + get16(p + 2);
}

static u32 or_default(u32 value, u32 otherwise)
{
	return value ? value : otherwise;
}

/**
 * frame_byte() - byte of a generated payload
 * @fill: its seed
 * @at: its place
 *
 * Return: the byte
 */
u8 frame_byte(u32 fill, u32 at)
{
	return (u8)((at * 31 + (at >> 8) * 7 + fill * 101) ^ fill);
}

/**
 * frame_csum() - Internet checksum (RFC 1071), the plain way
 * @data: bytes
 * @len: how many
 * @start: sum so far, not complemented
 *
 * Return: the folded sum, not complemented
 */
u16 frame_csum(const u8 *data, u32 len, u32 start)
{
	u64 sum = start;
	u32 i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? data[i] : (u64)data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)sum;
}

static u16 frame_pseudo(const u8 *ip, u32 version, u32 proto, u32 l4_len)
{
	u32 sum = proto + (l4_len >> 16) + (l4_len & 0xffff);

	return version == 4 ? frame_csum(ip + 12, 8, sum) :
			      frame_csum(ip + 8, 32, sum);
}

/**
 * frame_l4_csum() - sum over pseudo header and TCP or UDP datagram
 * @frame: the frame
 * @info: where its headers are
 * @l4_len: bytes from the TCP or UDP header on
 *
 * Return: 0xffff if the checksum in it is right
 */
u16 frame_l4_csum(const u8 *frame, const struct frame_info *info, u32 l4_len)
{
	u16 sum = frame_pseudo(frame + info->l3, info->ip, info->proto,
			       l4_len);

	return frame_csum(frame + info->l4, l4_len, sum);
}

static u8 *frame_build_eth(u8 *p, const struct frame_spec *spec)
{
	u32 type = spec->ip == 4 ? 0x0800 :
		   spec->ip == 6 ? 0x86dd : spec->ethertype;

	memcpy(p, spec->dst, 6);
	memcpy(p + 6, spec->src, 6);
	p += 12;
	if (spec->tagged) {
		p = put16(p, spec->tpid ? spec->tpid : 0x8100);
		p = put16(p, spec->tci);
	}
	return put16(p, type);
}

static u8 *frame_build_ipv4(u8 *ip, const struct frame_spec *spec, u32 l4_len)
{
	u32 hlen = 20 + spec->ip_options;
	u8 *p = ip;
	u16 csum;

	*p++ = (u8)(0x40 | hlen / 4);
	*p++ = spec->tos;
	p = put16(p, (hlen + l4_len) & 0xffff);
	p = put16(p, spec->ip_id);
	p = put16(p, spec->frag);
	*p++ = spec->ttl ? spec->ttl : 64;
	*p++ = spec->proto;
	p = put16(p, 0);
	p = put32(p, or_default(spec->saddr, 0x0a000001));
	p = put32(p, or_default(spec->daddr, 0x0a000002));
	memset(p, 1, spec->ip_options);
	p += spec->ip_options;
	csum = (u16)~frame_csum(ip, hlen, 0);
	put16(ip + 10, spec->bad_ip_csum ? csum ^ 0x5555 : csum);
	return p;
}

static u8 *frame_build_ipv6(u8 *p, const struct frame_spec *spec, u32 l4_len)
{
	p = put32(p, 6u << 28 | (u32)spec->tos << 20);
	p = put16(p, l4_len & 0xffff);
	*p++ = spec->proto;
	*p++ = spec->ttl ? spec->ttl : 64;
	memset(p, 0, 32);
	put16(p, 0xfd00);
	put32(p + 12, or_default(spec->saddr, 1));
	put16(p + 16, 0xfd00);
	put32(p + 28, or_default(spec->daddr, 2));
	return p + 32;
}

static u8 *frame_build_tcp(u8 *p, const struct frame_spec *spec)
{
	p = put16(p, or_default(spec->sport, 1000));
	p = put16(p, or_default(spec->dport, 2000));
	p = put32(p, spec->seq);
	p = put32(p, spec->ack);
	*p++ = spec->timestamps ? 0x80 : 0x50;
	*p++ = spec->tcp_flags ? spec->tcp_flags : FRAME_ACK;
	p = put16(p, or_default(spec->window, 4096));
	p = put32(p, 0);
	if (spec->timestamps) {
		p = put32(p, 0x0101080a);
		p = put32(p, spec->tsval);
		p = put32(p, spec->tsecr);
	}
	return p;
}

static u8 *frame_build_udp(u8 *p, const struct frame_spec *spec)
{
	p = put16(p, or_default(spec->sport, 1000));
	p = put16(p, or_default(spec->dport, 2000));
	p = put16(p, (8 + spec->payload) & 0xffff);
	return put16(p, 0);
}

static u8 *frame_build_payload(u8 *p, const struct frame_spec *spec)
{
	u32 i;

	for (i = 0; i < spec->payload; i++)
		p[i] = spec->data ? spec->data[i] : frame_byte(spec->fill, i);
	return p + spec->payload;
}

static void frame_build_csum(const u8 *ip, u8 *l4,
			     const struct frame_spec *spec, u32 l4_len)
{
	u8 *field = l4 + (spec->proto == 6 ? 16 : 6);
	u16 sum = frame_pseudo(ip, spec->ip, spec->proto, l4_len);

	if (spec->zero_csum)
		return;
	if (!spec->partial) {
		sum = (u16)~frame_csum(l4, l4_len, sum);
		if (spec->proto == 17 && !sum)
			sum = 0xffff;
	}
	put16(field, spec->bad_csum ? sum ^ 0x1234 : sum);
}

/**
 * frame_build() - make a frame
 * @frame: where, FRAME_MAX bytes
 * @spec: what it shall be
 *
 * Return: its length in bytes
 */
u32 frame_build(u8 *frame, const struct frame_spec *spec)
{
	u8 *ip = frame_build_eth(frame, spec);
	u32 l4_len = spec->payload;
	u8 *l4 = ip;
	u8 *p = ip;

	if (spec->proto == 6)
		l4_len += spec->timestamps ? 32 : 20;
	else if (spec->proto == 17)
		l4_len += 8;
	if (spec->ip)
		l4 = spec->ip == 4 ? frame_build_ipv4(ip, spec, l4_len) :
				     frame_build_ipv6(ip, spec, l4_len);
	p = l4;
	if (spec->ip && spec->proto == 6)
		p = frame_build_tcp(p, spec);
	else if (spec->ip && spec->proto == 17)
		p = frame_build_udp(p, spec);
	p = frame_build_payload(p, spec);
	if (spec->ip && (spec->proto == 6 || spec->proto == 17))
		frame_build_csum(ip, l4, spec, l4_len);
	memset(p, 0, spec->pad);
	return (u32)(p - frame) + spec->pad;
}

/**
 * frame_plain() - make a frame without IP
 * @frame: where
 * @dst: destination address
 * @src: source address
 * @len: bytes of the whole frame, at least 14
 * @fill: seed of its payload
 *
 * Return: @len
 */
u32 frame_plain(u8 *frame, const u8 *dst, const u8 *src, u32 len, u32 fill)
{
	struct frame_spec spec = {
		.ethertype = 0x88b5, .payload = len - 14, .fill = fill,
	};

	memcpy(spec.dst, dst, 6);
	memcpy(spec.src, src, 6);
	return frame_build(frame, &spec);
}

static void frame_parse_l4(const u8 *frame, struct frame_info *info, u32 end)
{
	u32 l4_len = end - info->l4;

	info->payload = info->l4;
	if (info->proto == 6) {
		info->payload += (frame[info->l4 + 12] >> 4) * 4;
		info->seq = get32(frame + info->l4 + 4);
		info->ack = get32(frame + info->l4 + 8);
		info->tcp_flags = frame[info->l4 + 13];
	} else if (info->proto == 17) {
		info->payload += 8;
	}
	info->payload_len = end - info->payload;
	info->csum_ok = frame_l4_csum(frame, info, l4_len) == 0xffff;
}

/**
 * frame_parse() - take a well-formed frame apart
 * @frame: it
 * @len: bytes
 * @info: what it is
 *
 * For frames that the firmware made: bounds are not checked.
 */
void frame_parse(const u8 *frame, u32 len, struct frame_info *info)
{
	u32 type = get16(frame + 12);
	const u8 *ip;
	u32 at = 14;

	memset(info, 0, sizeof(*info));
	if (type == 0x8100 || type == 0x88a8) {
		info->tagged = true;
		info->tci = (u16)get16(frame + 14);
		type = get16(frame + 16);
		at = 18;
	}
	info->payload = at;
	info->payload_len = len - at;
	if (type != 0x0800 && type != 0x86dd)
		return;
	ip = frame + at;
	info->l3 = at;
	if (type == 0x0800) {
		info->ip = 4;
		info->proto = ip[9];
		info->ip_id = (u16)get16(ip + 4);
		info->l4 = at + (ip[0] & 15) * 4;
		info->ip_csum_ok =
			frame_csum(ip, (ip[0] & 15) * 4, 0) == 0xffff;
		frame_parse_l4(frame, info, at + get16(ip + 2));
	} else {
		info->ip = 6;
		info->proto = ip[6];
		info->l4 = at + 40;
		info->ip_csum_ok = true;
		frame_parse_l4(frame, info, at + 40 + get16(ip + 4));
	}
}

/**
 * prng_seed() - start a generator, from the environment's SEED if it is set
 * @prng: the generator
 * @what: who uses it, for the line that tells the seed
 *
 * Return: the seed, also printed as a TAP comment
 */
u64 prng_seed(struct prng *prng, const char *what)
{
	const char *text = getenv("SEED");

	prng->state = text ? strtoull(text, NULL, 0) : 20070210;
	printf("# %s: SEED=%llu\n", what, (unsigned long long)prng->state);
	return prng->state;
}

/**
 * prng_next() - 64 random bits
 * @prng: the generator
 *
 * Return: the bits
 */
u64 prng_next(struct prng *prng)
{
	u64 z = prng->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/**
 * prng_below() - a random number
 * @prng: the generator
 * @bound: 1 or more
 *
 * Return: 0 to @bound - 1
 */
u32 prng_below(struct prng *prng, u32 bound)
{
	return (u32)((prng_next(prng) >> 32) * bound >> 32);
}

/**
 * prng_fill() - random bytes
 * @prng: the generator
 * @dst: where
 * @len: how many
 */
void prng_fill(struct prng *prng, void *dst, u32 len)
{
	u8 *p = dst;
	u32 i;

	for (i = 0; i < len; i++)
		p[i] = (u8)(prng_next(prng) >> 56);
}
