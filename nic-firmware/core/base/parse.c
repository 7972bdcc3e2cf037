// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Where the headers of a frame are. The bytes are anybody's: nothing is read
 * beyond the head, and no length is believed that the frame does not bear out.
 */
#include "base/parse.h"

#define PARSE_IPV4_HLEN		20
#define PARSE_IPV6_HLEN		40
#define PARSE_TCP_HLEN		20
#define PARSE_UDP_HLEN		8
#define PARSE_MAX_EXTENSIONS	8

/* IPv6 extension headers */
#define PARSE_HOP_BY_HOP	0
#define PARSE_ROUTING		43
#define PARSE_FRAGMENT		44
#define PARSE_AUTH		51
#define PARSE_DEST_OPTIONS	60

/**
 * struct parse - a frame being parsed
 * @head: its first bytes
 * @head_len: how many
 * @pkt: what was found
 */
struct parse {
	const u8 *head;
	u32 head_len;
	struct fw_packet *pkt;
};

static void parse_tcp(struct parse *p, u32 at)
{
	u32 len;

	if (at + PARSE_TCP_HLEN > FW_MIN(p->head_len, p->pkt->end))
		return;
	len = (p->head[at + 12] >> 4) * 4u;
	if (len < PARSE_TCP_HLEN ||
	    at + len > FW_MIN(p->head_len, p->pkt->end))
		return;
	p->pkt->flags |= FW_PKT_TCP;
	p->pkt->l4 = (u16)at;
	p->pkt->payload = (u16)(at + len);
}

static void parse_udp(struct parse *p, u32 at)
{
	u32 len;

	if (at + PARSE_UDP_HLEN > FW_MIN(p->head_len, p->pkt->end))
		return;
	len = fw_get_be16(p->head + at + 4);
	if (len < PARSE_UDP_HLEN || at + len > p->pkt->end)
		return;
	p->pkt->flags |= FW_PKT_UDP;
	p->pkt->l4 = (u16)at;
	p->pkt->payload = (u16)(at + PARSE_UDP_HLEN);
}

static void parse_l4(struct parse *p, u32 proto, u32 at)
{
	if (proto == FW_IPPROTO_TCP)
		parse_tcp(p, at);
	else if (proto == FW_IPPROTO_UDP)
		parse_udp(p, at);
}

static void parse_ipv4(struct parse *p, u32 at, u32 frame_len)
{
	const u8 *ip = p->head + at;
	u32 hlen, total;

	if (at + PARSE_IPV4_HLEN > p->head_len || ip[0] >> 4 != 4)
		return;
	hlen = (ip[0] & 0xfu) * 4;
	total = fw_get_be16(ip + 2);
	if (hlen < PARSE_IPV4_HLEN || at + hlen > p->head_len ||
	    total < hlen || at + total > frame_len)
		return;
	p->pkt->flags |= FW_PKT_IPV4;
	p->pkt->l3 = (u16)at;
	p->pkt->end = at + total;
	if (hlen > PARSE_IPV4_HLEN)
		p->pkt->flags |= FW_PKT_OPTIONS;
	/* More fragments, or an offset */
	if (fw_get_be16(ip + 6) & 0x3fff) {
		p->pkt->flags |= FW_PKT_FRAGMENT;
		return;
	}
	parse_l4(p, ip[9], at + hlen);
}

/*
 * Step over an extension header. Return: where the next one is, 0 if this
 * is none or nothing is known of what follows.
 */
static u32 parse_extension(struct parse *p, u32 type, u32 at)
{
	const u8 *ext = p->head + at;

	if (at + 8 > FW_MIN(p->head_len, p->pkt->end))
		return 0;
	switch (type) {
	case PARSE_FRAGMENT:
		p->pkt->flags |= FW_PKT_FRAGMENT;
		return 0;
	case PARSE_ROUTING:
		/* The pseudo header has the last hop, not the next one. */
		if (ext[3])
			return 0;
		return at + (ext[1] + 1u) * 8;
	case PARSE_HOP_BY_HOP:
	case PARSE_DEST_OPTIONS:
		return at + (ext[1] + 1u) * 8;
	case PARSE_AUTH:
		return at + (ext[1] + 2u) * 4;
	default:
		return 0;
	}
}

static void parse_ipv6(struct parse *p, u32 at, u32 frame_len)
{
	const u8 *ip = p->head + at;
	u32 next, total, i;

	if (at + PARSE_IPV6_HLEN > p->head_len || ip[0] >> 4 != 6)
		return;
	total = PARSE_IPV6_HLEN + fw_get_be16(ip + 4);
	if (at + total > frame_len)
		return;
	p->pkt->flags |= FW_PKT_IPV6;
	p->pkt->l3 = (u16)at;
	p->pkt->end = at + total;
	next = ip[6];
	at += PARSE_IPV6_HLEN;
	for (i = 0; i <= PARSE_MAX_EXTENSIONS; i++) {
		u32 from = at;

		if (next == FW_IPPROTO_TCP || next == FW_IPPROTO_UDP) {
			parse_l4(p, next, at);
			return;
		}
		at = parse_extension(p, next, from);
		if (!at)
			return;
		p->pkt->flags |= FW_PKT_OPTIONS;
		next = p->head[from];
	}
}

/**
 * fw_parse() - find the headers of a frame
 * @head: its first bytes
 * @head_len: how many of these there are
 * @frame_len: bytes of the frame
 * @pkt: what was found. A frame whose lengths contradict each other has no IP
 *	header, one whose headers reach beyond @head no TCP or UDP header
 */
void fw_parse(const u8 *head, u32 head_len, u32 frame_len,
	      struct fw_packet *pkt)
{
	struct parse p = { .head = head, .head_len = head_len, .pkt = pkt };
	u32 at = FW_ETH_HLEN;
	u32 type;

	*pkt = (struct fw_packet){ .end = frame_len };
	p.head_len = FW_MIN(head_len, frame_len);
	if (p.head_len < FW_ETH_HLEN)
		return;
	type = fw_get_be16(head + 12);
	if (type == FW_ETH_VLAN) {
		if (p.head_len < FW_ETH_HLEN + FW_VLAN_HLEN)
			return;
		pkt->flags |= FW_PKT_VLAN;
		pkt->vlan_tci = fw_get_be16(head + 14);
		type = fw_get_be16(head + 16);
		at += FW_VLAN_HLEN;
	}
	if (type == FW_ETH_IPV4)
		parse_ipv4(&p, at, frame_len);
	else if (type == FW_ETH_IPV6)
		parse_ipv6(&p, at, frame_len);
}
EXPORT_SYMBOL_GPL(fw_parse);

static u32 parse_mix(u32 hash, u32 word)
{
	hash = (hash ^ word) * 0x9e3779b1u;
	return hash ^ hash >> 15;
}

/**
 * fw_parse_hash() - which flow a frame belongs to
 * @head: its first bytes, as fw_parse() had them
 * @pkt: its headers
 *
 * Addresses, and ports where there are any, make a flow; all fragments of a
 * datagram belong to the same one.
 *
 * Return: hash, the same on every processor; 0 if the frame is not IP
 */
u32 fw_parse_hash(const u8 *head, const struct fw_packet *pkt)
{
	u32 from, to, at;
	u32 hash = 0x43444e41;

	if (pkt->flags & FW_PKT_IPV4) {
		from = pkt->l3 + 12;
		to = from + 8;
	} else if (pkt->flags & FW_PKT_IPV6) {
		from = pkt->l3 + 8;
		to = from + 32;
	} else {
		return 0;
	}
	for (at = from; at < to; at += 4)
		hash = parse_mix(hash, fw_get_be32(head + at));
	if (pkt->flags & (FW_PKT_TCP | FW_PKT_UDP))
		hash = parse_mix(hash, fw_get_be32(head + pkt->l4));
	hash ^= hash >> 13;
	return hash ? hash : 1;
}
