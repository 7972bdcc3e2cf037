// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that the NIC has merged. The stack gets them like frames that it has
 * to segment: forwarding cuts them into segments of the same size again.
 */
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>

#include <cdna/vdev.h>

#include "cdna_lro.h"

/* A segment is shorter than its frame, so its size is never the one by which
 * the stack recognizes a list of fragments.
 */
static_assert(CDNA_MAX_FRAME_BYTES - ETH_HLEN - sizeof(struct iphdr) -
	      sizeof(struct tcphdr) < GSO_BY_FRAGS);

static bool lro_is_ip4(const struct sk_buff *skb, u32 at, u32 hdr_len)
{
	const struct iphdr *ip = (const void *)skb->data + at;

	return hdr_len >= at + sizeof(*ip) && ip->version == 4 &&
	       ip->ihl == 5 && ip->protocol == IPPROTO_TCP &&
	       ntohs(ip->tot_len) == skb->len - at;
}

static bool lro_is_ip6(const struct sk_buff *skb, u32 at, u32 hdr_len)
{
	const struct ipv6hdr *ip = (const void *)skb->data + at;

	return hdr_len >= at + sizeof(*ip) && ip->version == 6 &&
	       ip->nexthdr == IPPROTO_TCP &&
	       ntohs(ip->payload_len) == skb->len - at - sizeof(*ip);
}

/* The headers, of which @hdr_len bytes can be read, must be ones that the NIC
 * merges: without IP options. Return: offset of the TCP header, or 0 if they
 * are not
 */
static u32 lro_find_tcp(const struct sk_buff *skb, u32 hdr_len, u32 *gso_type)
{
	const struct vlan_ethhdr *eth = (const void *)skb->data;
	u32 at = ETH_HLEN;
	__be16 proto;

	if (hdr_len < sizeof(*eth))
		return 0;
	proto = eth->h_vlan_proto;
	if (proto == htons(ETH_P_8021Q)) {
		proto = eth->h_vlan_encapsulated_proto;
		at = VLAN_ETH_HLEN;
	}
	if (proto == htons(ETH_P_IP) && lro_is_ip4(skb, at, hdr_len)) {
		*gso_type = SKB_GSO_TCPV4;
		return at + sizeof(struct iphdr);
	}
	if (proto == htons(ETH_P_IPV6) && lro_is_ip6(skb, at, hdr_len)) {
		*gso_type = SKB_GSO_TCPV6;
		return at + sizeof(struct ipv6hdr);
	}
	return 0;
}

/**
 * cdna_lro_accept - mark a frame as merged
 * @skb: the frame
 * @hdr_len: bytes of its headers, as reported by the NIC
 * @mss: payload of each wire frame except the last
 * @segs: number of wire frames
 *
 * Context: NAPI poll.
 * Return: false if the report of the NIC does not fit the frame
 */
bool cdna_lro_accept(struct sk_buff *skb, u32 hdr_len, u32 mss, u32 segs)
{
	u32 gso_type, payload, at;
	const struct tcphdr *tcp;

	if (hdr_len >= skb->len || !pskb_may_pull(skb, hdr_len))
		return false;
	at = lro_find_tcp(skb, hdr_len, &gso_type);
	tcp = (const void *)skb->data + at;
	if (!at || hdr_len < at + sizeof(*tcp) || hdr_len != at + tcp->doff * 4)
		return false;
	payload = skb->len - hdr_len;
	if (!mss || segs < 2 || segs != DIV_ROUND_UP(payload, mss))
		return false;
	if (!skb_partial_csum_set(skb, at, offsetof(struct tcphdr, check)))
		return false;
	skb_shinfo(skb)->gso_size = mss;
	skb_shinfo(skb)->gso_segs = segs;
	skb_shinfo(skb)->gso_type = gso_type;
	return true;
}
