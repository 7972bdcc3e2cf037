// SPDX-License-Identifier: GPL-2.0-only
/*
 * A frame in the receive ring of a virtio queue: a header in front of it, whole chains,
 * and entries of the used ring in place of completions.
 */
#include <linux/io.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>

#include "softnic_ring.h"
#include "softnic_rx_virtio.h"
#include "softnic_virtio.h"

/**
 * struct virtio_frame - what is written into chains
 * @hdr: comes first
 * @skb: comes then
 * @len: bytes of both
 */
struct virtio_frame {
	struct cdna_virtio_hdr hdr;
	const struct sk_buff *skb;
	u32 len;
};

/* The guest notifies after some number of buffers that it posts, and may have posted a
 * few more since. So a frame waits for more only where
 * the guest has many to post: else no other would be received.
 */
static u32 virtio_later(const struct softnic_ring *ring)
{
	u32 posted = ring->prod - ring->cons;

	return posted && posted >= ring->most / 2 ? CDNA_DROP_RX_NO_BUFFER :
						    SOFTNIC_LATER;
}

/* Return: SOFTNIC_PASS, SOFTNIC_LATER if more buffers would do, or why not */
static u32 virtio_plan(const struct softnic_ring *ring, u32 len,
		       struct softnic_fit *fit)
{
	enum softnic_fit_result result = SOFTNIC_FIT_MORE;
	struct softnic_desc desc;

	*fit = (struct softnic_fit) {
		.left = len,
		.many = ring->offloads & CDNA_OFFLOAD_RX_CHAINS,
	};
	while (result == SOFTNIC_FIT_MORE) {
		if (fit->descs == ring->slots)
			return CDNA_DROP_RX_NO_BUFFER;
		if (fit->descs == ring->prod - ring->cons ||
		    softnic_ring_peek(ring, fit->descs, &desc))
			return virtio_later(ring);
		result = softnic_virtio_fit(fit, desc.len,
					    desc.flags & CDNA_DESC_EOP);
	}
	return result == SOFTNIC_FIT_DONE ? SOFTNIC_PASS :
					    CDNA_DROP_RX_NO_BUFFER;
}

static struct softnic_meta virtio_look(const struct sk_buff *skb)
{
	struct softnic_meta meta = {
		.partial = skb->ip_summed == CHECKSUM_PARTIAL,
		/* CHECKSUM_COMPLETE is a sum, and no verdict on it. */
		.verified = skb->ip_summed == CHECKSUM_UNNECESSARY,
	};

	if (meta.partial) {
		meta.csum_start = skb_checksum_start_offset(skb);
		meta.csum_offset = skb->csum_offset;
	}
	if (skb_is_gso(skb)) {
		meta.gso_size = skb_shinfo(skb)->gso_size;
		meta.hdr_len = skb_tcp_all_headers(skb);
		meta.ip6 = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6;
	}
	return meta;
}

/* Write @len bytes of what is written, from byte @at on */
static int virtio_store(const struct virtio_frame *frame, u32 at, void *to,
			u32 len)
{
	const u32 first = sizeof(frame->hdr);
	u32 n = 0;

	if (at < first) {
		n = min(len, first - at);
		memcpy(to, (const u8 *)&frame->hdr + at, n);
	}
	if (n == len)
		return 0;
	return skb_copy_bits(frame->skb, at + n - first, to + n, len - n);
}

static int virtio_fill(const struct softnic_ring *ring,
		       const struct virtio_frame *frame, u32 descs)
{
	u32 at = 0, from = 0, chains = 0;
	struct softnic_desc desc;
	u32 n, i;
	int ret;

	for (i = 0; i < descs; i++) {
		softnic_desc_read(ring->memory, ring->format,
				  (ring->cons + i) & (ring->slots - 1), &desc);
		n = min_t(u32, desc.len, frame->len - at);
		ret = virtio_store(frame, at, phys_to_virt(desc.addr), n);
		if (ret)
			return ret;
		at += n;
		if (!(desc.flags & CDNA_DESC_EOP))
			continue;
		softnic_used_put(&ring->used, chains++, desc.head, at - from);
		from = at;
	}
	return 0;
}

/**
 * softnic_rx_virtio_put - write a frame into the next chains of a ring
 * @ring: the ring; the lock of its queue pair is held
 * @skb: the frame
 *
 * Return: SOFTNIC_PASS, SOFTNIC_LATER if there are too few chains for it now, or an
 * enum cdna_drop.
 */
u32 softnic_rx_virtio_put(struct softnic_ring *ring, struct sk_buff *skb)
{
	struct virtio_frame frame = {
		.skb = skb,
		.len = sizeof(frame.hdr) + skb->len,
	};
	struct softnic_meta meta;
	struct softnic_fit fit;
	u32 drop;

	drop = virtio_plan(ring, frame.len, &fit);
	if (drop != SOFTNIC_PASS)
		return drop;
	meta = virtio_look(skb);
	frame.hdr = softnic_virtio_hdr(&meta, ring->offloads, fit.chains);
	if (virtio_fill(ring, &frame, fit.descs))
		return CDNA_DROP_RX_NO_BUFFER;
	ring->chains = fit.chains;
	ring->cons += fit.descs;
	return SOFTNIC_PASS;
}

/**
 * softnic_rx_virtio_partial - have a merged frame hold its pseudo header's sum
 * @skb: the frame, of plain headers
 *
 * It does, where the host has merged it. It does not, where a NIC has, or a machine,
 * which say that all sums were verified.
 *
 * Return: false without memory.
 */
bool softnic_rx_virtio_partial(struct sk_buff *skb)
{
	u32 at = skb_transport_offset(skb);
	u32 len = skb->len - at;
	__sum16 sum;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return true;
	if (skb_ensure_writable(skb, at + sizeof(struct tcphdr)))
		return false;
	if (skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6)
		sum = csum_ipv6_magic(&ipv6_hdr(skb)->saddr,
				      &ipv6_hdr(skb)->daddr, len, IPPROTO_TCP,
				      0);
	else
		sum = csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr,
					len, IPPROTO_TCP, 0);
	tcp_hdr(skb)->check = ~sum;
	return skb_partial_csum_set(skb, at, offsetof(struct tcphdr, check));
}
