// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest asks to be done to a frame: checksums, segments, a tag. The host does
 * it, or its NIC, which must be able to trust what the sk_buff says: so the headers
 * are parsed, and the fields have to be what is found there.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "softnic_frame.h"
#include "softnic_offload.h"

#define OFFLOAD_MAX_SEGMENTS	128	/* software would make them with BH off */

/**
 * struct offload_tcp - where the headers of a segmentation request are
 * @type: SKB_GSO_TCPV4 or SKB_GSO_TCPV6
 * @l3: offset of the IP header
 * @l4: offset of the TCP header
 * @payload: offset of what follows it
 */
struct offload_tcp {
	u32 type;
	u32 l3;
	u32 l4;
	u32 payload;
};

static bool offload_find_ip4(const struct sk_buff *skb, struct offload_tcp *at)
{
	const struct iphdr *ip = (const void *)skb->data + at->l3;

	if (skb_headlen(skb) < at->l3 + sizeof(*ip))
		return false;
	at->type = SKB_GSO_TCPV4;
	at->l4 = at->l3 + ip->ihl * 4;
	return ip->version == 4 && ip->ihl >= 5 &&
	       ip->protocol == IPPROTO_TCP && !ip_is_fragment(ip) &&
	       at->l3 + ntohs(ip->tot_len) == skb->len;
}

static bool offload_find_ip6(const struct sk_buff *skb, struct offload_tcp *at)
{
	const struct ipv6hdr *ip = (const void *)skb->data + at->l3;

	if (skb_headlen(skb) < at->l3 + sizeof(*ip))
		return false;
	at->type = SKB_GSO_TCPV6;
	at->l4 = at->l3 + sizeof(*ip);
	return ip->version == 6 && ip->nexthdr == IPPROTO_TCP &&
	       at->l4 + ntohs(ip->payload_len) == skb->len;
}

static bool offload_find_tcp(const struct sk_buff *skb, struct offload_tcp *at)
{
	u16 type = get_unaligned_be16(skb->data + 2 * ETH_ALEN);
	const struct tcphdr *tcp;
	bool found = false;

	at->l3 = ETH_HLEN;
	/* TCP knows no groups. */
	if (is_multicast_ether_addr(skb->data))
		return false;
	if (type == ETH_P_8021Q && skb_headlen(skb) >= VLAN_ETH_HLEN) {
		at->l3 += VLAN_HLEN;
		type = get_unaligned_be16(skb->data + at->l3 - 2);
	}
	if (type == ETH_P_IP)
		found = offload_find_ip4(skb, at);
	else if (type == ETH_P_IPV6)
		found = offload_find_ip6(skb, at);
	if (!found || skb_headlen(skb) < at->l4 + sizeof(*tcp))
		return false;
	tcp = (const void *)skb->data + at->l4;
	at->payload = at->l4 + tcp->doff * 4;
	/* These are not data, and would be sent once per segment. */
	return tcp->doff >= 5 && skb_headlen(skb) >= at->payload &&
	       skb->len > at->payload && !tcp->syn && !tcp->rst;
}

/* Each segment's sum is made from it. Guests need not fill it in, for no NIC uses it. */
static void offload_pseudo(struct sk_buff *skb, const struct offload_tcp *at)
{
	struct tcphdr *tcp = (void *)skb->data + at->l4;
	const void *l3 = skb->data + at->l3;
	const struct ipv6hdr *ip6 = l3;
	const struct iphdr *ip = l3;
	u32 len = skb->len - at->l4;

	if (at->type == SKB_GSO_TCPV4)
		tcp->check = ~csum_tcpudp_magic(ip->saddr, ip->daddr, len,
						IPPROTO_TCP, 0);
	else
		tcp->check = ~csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len,
					      IPPROTO_TCP, 0);
}

static bool offload_segment(struct sk_buff *skb,
			    const struct softnic_desc *first, u32 offloads,
			    u32 mtu)
{
	struct skb_shared_info *info = skb_shinfo(skb);
	struct offload_tcp at;
	u32 payload;

	if (!offload_find_tcp(skb, &at) ||
	    !(offloads & (at.type == SKB_GSO_TCPV4 ? CDNA_OFFLOAD_TSO4 :
						     CDNA_OFFLOAD_TSO6)))
		return false;
	if (first->csum_start != at.l4 ||
	    first->csum_offset != offsetof(struct tcphdr, check))
		return false;
	payload = skb->len - at.payload;
	if (!first->mss || at.payload - at.l3 + first->mss > mtu ||
	    DIV_ROUND_UP(payload, first->mss) > OFFLOAD_MAX_SEGMENTS)
		return false;
	if (!skb_partial_csum_set(skb, at.l4, offsetof(struct tcphdr, check)))
		return false;
	skb_set_network_header(skb, at.l3);
	offload_pseudo(skb, &at);
	if (payload <= first->mss)
		return true;
	info->gso_size = first->mss;
	info->gso_type = at.type | SKB_GSO_DODGY;
	if (((const struct tcphdr *)skb_transport_header(skb))->cwr)
		info->gso_type |= SKB_GSO_TCP_ECN;
	return true;
}

static bool offload_allowed(const struct softnic_desc *first, u32 offloads)
{
	u32 flags = first->flags;

	if (flags & CDNA_DESC_VLAN && !(offloads & CDNA_OFFLOAD_TX_VLAN))
		return false;
	if (flags & CDNA_DESC_TSO)
		return offloads & (CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6);
	return !(flags & CDNA_DESC_CSUM) || offloads & CDNA_OFFLOAD_TX_CSUM;
}

/* The host warns of sums that start in a header which it has taken off. */
static bool offload_sum(struct sk_buff *skb, const struct softnic_desc *first)
{
	u32 end = (u32)first->csum_start + first->csum_offset + sizeof(__sum16);

	return first->csum_start >= ETH_HLEN + sizeof(struct iphdr) &&
	       end <= skb_headlen(skb) &&
	       skb_partial_csum_set(skb, first->csum_start, first->csum_offset);
}

/* Tags do not count against the MTU. */
static bool offload_fits(const struct sk_buff *skb, u32 mtu)
{
	u16 type = get_unaligned_be16(skb->data + 2 * ETH_ALEN);
	u32 max = ETH_HLEN + mtu;

	if (type == ETH_P_8021Q || type == ETH_P_8021AD)
		max += VLAN_HLEN;
	return skb->len <= max;
}

/**
 * softnic_offload_apply - do to a frame what its first descriptor asks for
 * @skb: the frame, of at least an Ethernet header
 * @first: its first descriptor
 * @offloads: CDNA_OFFLOAD_* of its queue
 * @mtu: of the port
 *
 * Return: SOFTNIC_PASS or an enum cdna_drop.
 */
u32 softnic_offload_apply(struct sk_buff *skb, const struct softnic_desc *first,
			  u32 offloads, u32 mtu)
{
	if (!offload_allowed(first, offloads))
		return CDNA_DROP_TX_BAD_OFFLOAD;
	if (first->flags & CDNA_DESC_TSO) {
		if (skb->len > CDNA_MAX_FRAME_BYTES)
			return CDNA_DROP_TX_OVERSIZE;
		if (!offload_segment(skb, first, offloads, mtu))
			return CDNA_DROP_TX_BAD_OFFLOAD;
	} else if (!offload_fits(skb, mtu)) {
		return CDNA_DROP_TX_OVERSIZE;
	} else if (first->flags & CDNA_DESC_CSUM &&
		   !offload_sum(skb, first)) {
		return CDNA_DROP_TX_BAD_OFFLOAD;
	}
	if (first->flags & CDNA_DESC_VLAN)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       first->vlan_tci);
	return SOFTNIC_PASS;
}
