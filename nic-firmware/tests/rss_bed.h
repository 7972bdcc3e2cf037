/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of receive-side scaling: frames whose Toeplitz hashes are known.
 */
#ifndef RSS_BED_H
#define RSS_BED_H

#include "rx_bed.h"

/* This, and the hashes below: "Verifying the RSS Hash Calculation", Microsoft */
static const u8 known_key[CDNA_RSS_KEY] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
	0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
	0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
	0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

/**
 * struct known - a frame whose hashes are known
 * @ip: 4 or 6
 * @src: address
 * @dst: address
 * @sport: port
 * @dport: port
 * @addresses: hash of the addresses
 * @ports: with the ports
 */
struct known {
	u8 ip;
	u8 src[16];
	u8 dst[16];
	u16 sport;
	u16 dport;
	u32 addresses;
	u32 ports;
};

static const struct known known[] = {
	{ 4, { 66, 9, 149, 187 }, { 161, 142, 100, 80 }, 2794, 1766,
	  0x323e8fc2, 0x51ccc178 },
	{ 4, { 199, 92, 111, 2 }, { 65, 69, 140, 83 }, 14230, 4739,
	  0xd718262a, 0xc626b0ea },
	{ 4, { 24, 19, 198, 95 }, { 12, 22, 207, 184 }, 12898, 38024,
	  0xd2d0a5de, 0x5c2b394a },
	{ 4, { 38, 27, 205, 30 }, { 209, 142, 163, 6 }, 48228, 2217,
	  0x82989176, 0xafc7327f },
	{ 4, { 153, 39, 163, 191 }, { 202, 188, 127, 2 }, 44251, 1303,
	  0x5d1809c5, 0x10e828a2 },
	{ 6, { 0x3f, 0xfe, 0x25, 0x01, 0x02, 0, 0x1f, 0xff, [15] = 7 },
	  { 0x3f, 0xfe, 0x25, 0x01, 0x02, 0, 0, 3, [15] = 1 }, 2794, 1766,
	  0x2cc18cd5, 0x40207d3d },
	{ 6, { 0x3f, 0xfe, 0x05, 0x01, 0, 8, 0, 0, 0x02, 0x60, 0x97, 0xff,
	       0xfe, 0x40, 0xef, 0xab }, { 0xff, 2, [15] = 1 }, 14230, 4739,
	  0x0f0c461c, 0xdde51bbf },
	{ 6, { 0x3f, 0xfe, 0x19, 0, 0x45, 0x45, 0, 3, 2, 0, 0xf8, 0xff, 0xfe,
	       0x21, 0x67, 0xcf }, { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0xf8,
	       0xff, 0xfe, 0x21, 0x67, 0xcf }, 44251, 38024,
	  0x4b61e985, 0x02d1feef },
};

/* A frame with the addresses and ports of @from. Return: its length */
static inline u32 build(const struct known *from, u8 proto, bool tagged, u16 frag)
{
	struct frame_spec spec = {
		.ip = from->ip, .proto = proto, .payload = 64, .frag = frag,
		.sport = from->sport, .dport = from->dport, .tagged = tagged,
		.tci = 5,
	};
	u32 at = tagged ? 18 : 14;
	u32 bytes = from->ip == 4 ? 4 : 16;
	u32 len;

	memcpy(spec.dst, h->ctx[0].mac, 6);
	memcpy(spec.src, net_peer, 6);
	len = frame_build(frame, &spec);
	at += from->ip == 4 ? 12 : 8;
	memcpy(frame + at, from->src, bytes);
	memcpy(frame + at + bytes, from->dst, bytes);
	return len;
}

/* Everything is hashed; an entry of the table is the queue of its number. */
static inline struct cdna_rss all_of(u32 qps)
{
	struct cdna_rss rss = { .types = fw_to_le32(CDNA_RSS_TYPES) };
	u32 i;

	memcpy(rss.key, known_key, sizeof(rss.key));
	for (i = 0; i < CDNA_RSS_TABLE; i++)
		rss.table[i] = (u8)(i % qps);
	return rss;
}

#endif /* RSS_BED_H */
