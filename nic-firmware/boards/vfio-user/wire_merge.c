// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consecutive TCP segments of a stream, merged into one for the kernel behind a
 * TAP: it takes that for what a network card has aggregated, and does for it once
 * what it would do for each. Every segment has been a frame of its own here, and
 * one whose checksum is wrong stays one.
 *
 * Only the headers' lengths and the checksums may differ, and these must be right,
 * IPv4's header sum too: the kernel makes new ones. Sequence numbers must follow,
 * and so must IPv4's identification, as the kernel numbers the segments when it
 * takes the frame apart; without fragments (DF) it may also stay the same. All
 * others are sent as they are.
 */
#include "wire_merge.h"

#include <string.h>

#include "core/base/csum.h"
#include "core/base/parse.h"

#define MERGE_IP_ID		4
#define MERGE_IP_FRAG		6
#define MERGE_IP_DF		0x4000
#define MERGE_TCP_SEQ		4
#define MERGE_TCP_ACK		8
#define MERGE_TCP_FLAGS		13
#define MERGE_TCP_WINDOW	14
#define MERGE_TCP_CSUM		16
#define MERGE_TCP_URGENT	18

/* Join several pieces. Return: its length, 0 if there is no room */
static u32 merge_copy(u8 *to, u32 room, const struct iovec *iov, u32 count)
{
	u32 i, len = 0;

	for (i = 0; i < count; i++) {
		if (iov[i].iov_len > room - len)
			return 0;
		memcpy(to + len, iov[i].iov_base, iov[i].iov_len);
		len += (u32)iov[i].iov_len;
	}
	return len;
}

static bool merge_csum_ok(const u8 *frame, const struct fw_packet *pkt)
{
	u32 len = pkt->end - pkt->l4;
	u32 sum = fw_csum_pseudo(frame, pkt, len);

	return fw_csum_fold(fw_csum_add(sum, frame + pkt->l4, len)) == 0xffff;
}

/* A sum over a header that is right, its own sum included, is ~0. */
static bool merge_ip_ok(const u8 *frame, const struct fw_packet *pkt)
{
	u32 len = pkt->l4 - pkt->l3;

	return !(pkt->flags & FW_PKT_IPV4) ||
	       fw_csum_fold(fw_csum_add(0, frame + pkt->l3, len)) == 0xffff;
}

static u8 merge_flags(const u8 *frame, const struct fw_packet *pkt)
{
	return frame[pkt->l4 + MERGE_TCP_FLAGS];
}

/* Is it a plain segment with data, which may be merged with others? */
static bool merge_can(const u8 *frame, u32 len, struct fw_packet *pkt)
{
	fw_parse(frame, len, len, pkt);
	if ((pkt->flags & ~(FW_PKT_IPV4 | FW_PKT_IPV6)) != FW_PKT_TCP ||
	    pkt->end != len || pkt->payload == len)
		return false;
	return (merge_flags(frame, pkt) & ~FW_TCP_PSH) == FW_TCP_ACK &&
	       merge_ip_ok(frame, pkt) && merge_csum_ok(frame, pkt);
}

static bool merge_equal(const struct wire_merge *m, u32 from, u32 to)
{
	return !memcmp(m->frame + from, m->in + from, to - from);
}

/* The identification: one after another, or with DF the same for all */
static bool merge_id_follows(const struct wire_merge *m)
{
	u32 l3 = m->pkt.l3;
	u16 first = fw_get_be16(m->frame + l3 + MERGE_IP_ID);
	u16 id = fw_get_be16(m->in + l3 + MERGE_IP_ID);
	bool df = fw_get_be16(m->in + l3 + MERGE_IP_FRAG) & MERGE_IP_DF;

	if (m->segs > 1)
		return id == (u16)(m->same_id ? first : first + m->segs);
	return id == (u16)(first + 1) || (df && id == first);
}

static bool merge_same_ip(const struct wire_merge *m)
{
	u32 l3 = m->pkt.l3;

	if (m->pkt.flags & FW_PKT_IPV4)
		return merge_id_follows(m) && merge_equal(m, 0, l3 + 2) &&
		       merge_equal(m, l3 + 6, l3 + 10) &&
		       merge_equal(m, l3 + 12, m->pkt.l4);
	return merge_equal(m, 0, l3 + 4) && merge_equal(m, l3 + 6, m->pkt.l4);
}

static bool merge_same_tcp(const struct wire_merge *m)
{
	u32 l4 = m->pkt.l4;

	return merge_equal(m, l4, l4 + MERGE_TCP_SEQ) &&
	       merge_equal(m, l4 + MERGE_TCP_ACK, l4 + MERGE_TCP_FLAGS) &&
	       merge_equal(m, l4 + MERGE_TCP_WINDOW, l4 + MERGE_TCP_CSUM) &&
	       merge_equal(m, l4 + MERGE_TCP_URGENT, m->pkt.payload);
}

/* Does the frame in @m->in follow what is held? */
static bool merge_follows(const struct wire_merge *m,
			  const struct fw_packet *pkt)
{
	u32 bytes = pkt->end - pkt->payload;

	return !m->closed && pkt->flags == m->pkt.flags &&
	       pkt->l4 == m->pkt.l4 && pkt->payload == m->pkt.payload &&
	       bytes <= m->mss && bytes <= WIRE_MERGE_BYTES - m->len &&
	       fw_get_be32(m->in + pkt->l4 + MERGE_TCP_SEQ) == m->next &&
	       merge_same_ip(m) && merge_same_tcp(m);
}

static void merge_append(struct wire_merge *m, const struct fw_packet *pkt)
{
	u32 bytes = pkt->end - pkt->payload;
	u8 flags = merge_flags(m->in, pkt);

	if (pkt->flags & FW_PKT_IPV4)
		m->same_id = merge_equal(m, pkt->l3 + MERGE_IP_ID,
					 pkt->l3 + MERGE_IP_FRAG);
	memcpy(m->frame + m->len, m->in + pkt->payload, bytes);
	m->frame[pkt->l4 + MERGE_TCP_FLAGS] |= flags;
	m->len += bytes;
	m->next += bytes;
	m->segs++;
	m->closed = bytes < m->mss || flags & FW_TCP_PSH;
}

static void merge_start(struct wire_merge *m, const struct fw_packet *pkt)
{
	memcpy(m->frame, m->in, pkt->end);
	m->pkt = *pkt;
	m->len = pkt->end;
	m->mss = pkt->end - pkt->payload;
	m->next = fw_get_be32(m->in + pkt->l4 + MERGE_TCP_SEQ) + m->mss;
	m->segs = 1;
	m->closed = merge_flags(m->in, pkt) & FW_TCP_PSH;
}

/**
 * wire_merge_add() - hold a frame, if it can be merged with those held
 * @m: what is held
 * @iov: the frame
 * @count: its pieces
 *
 * Return: false if not; what is held has to go before it then, and if nothing
 * is, it has to go by itself.
 */
bool wire_merge_add(struct wire_merge *m, const struct iovec *iov, u32 count)
{
	struct fw_packet pkt;
	u32 len;

	len = merge_copy(m->in, sizeof(m->in), iov, count);
	if (!len || !merge_can(m->in, len, &pkt))
		return false;
	if (!m->len)
		merge_start(m, &pkt);
	else if (merge_follows(m, &pkt))
		merge_append(m, &pkt);
	else
		return false;
	return true;
}

/* Lengths and checksums of the whole. The kernel finishes TCP's, should it ever
 * leave this machine, so only the pseudo header's sum is there.
 */
static void merge_finish(struct wire_merge *m)
{
	bool v4 = m->pkt.flags & FW_PKT_IPV4;
	u8 *ip = m->frame + m->pkt.l3;
	u32 sum;

	if (v4) {
		fw_put_be16(ip + 2, (u16)(m->len - m->pkt.l3));
		fw_csum_ipv4(ip);
	} else {
		fw_put_be16(ip + 4, (u16)(m->len - m->pkt.l4));
	}
	sum = fw_csum_pseudo(m->frame, &m->pkt, m->len - m->pkt.l4);
	fw_put_be16(m->frame + m->pkt.l4 + MERGE_TCP_CSUM, fw_csum_fold(sum));
	m->vnet = (struct virtio_net_hdr){
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = v4 ? VIRTIO_NET_HDR_GSO_TCPV4 :
				 VIRTIO_NET_HDR_GSO_TCPV6,
		.hdr_len = m->pkt.payload,
		.gso_size = (u16)m->mss,
		.csum_start = m->pkt.l4,
		.csum_offset = MERGE_TCP_CSUM,
	};
}

/**
 * wire_merge_take() - what is held, for a TAP with virtio-net headers
 * @m: what is held, something; nothing afterwards
 * @iov: what to write; it stays until the next frame is added
 */
void wire_merge_take(struct wire_merge *m, struct iovec iov[2])
{
	memset(&m->vnet, 0, sizeof(m->vnet));
	if (m->segs > 1)
		merge_finish(m);
	iov[0] = (struct iovec){ &m->vnet, sizeof(m->vnet) };
	iov[1] = (struct iovec){ m->frame, m->len };
	m->len = 0;
}
