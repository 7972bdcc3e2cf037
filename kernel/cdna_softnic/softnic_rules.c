// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a context may send and what it receives. The same as the firmware's
 * ctx/filter.c says, for rules that change under RCU.
 */
#include <linux/string.h>

#include "softnic_rules.h"

#define RULES_ETH_ALEN		6
#define RULES_MAC_CONTROL	0x8808
#define RULES_VLAN		0x8100
#define RULES_QINQ		0x88a8
#define RULES_VLAN_HLEN		4

static bool rules_multicast(const u8 *mac)
{
	return mac[0] & 1;
}

static bool rules_broadcast(const u8 *mac)
{
	return (mac[0] & mac[1] & mac[2] & mac[3] & mac[4] & mac[5]) == 0xff;
}

/* 01-80-C2-00-00-00 to 0F: for the next station only */
static bool rules_link_local(const u8 *mac)
{
	static const u8 group[] = { 0x01, 0x80, 0xc2, 0x00, 0x00 };

	return !memcmp(mac, group, sizeof(group)) && mac[5] <= 0x0f;
}

/**
 * softnic_rules_look - find what the rules look at
 * @header: has the tag that is beside the frame; filled, but for the addresses
 * @data: the first bytes of the frame, from its Ethernet header
 * @len: how many bytes, SOFTNIC_LOOK or the whole frame
 *
 * A tag with VLAN 0 is only a priority: a receiver takes the tag behind it, if there is
 * one, for the VLAN, and so does this function (as fw_vlan_find() does).
 *
 * Return: false if it has no whole header, or more tags than are looked at.
 */
bool softnic_rules_look(struct softnic_header *header, const u8 *data, u32 len)
{
	u32 at;

	for (at = 2 * RULES_ETH_ALEN; at + 2 <= len; at += RULES_VLAN_HLEN) {
		header->type = data[at] << 8 | data[at + 1];
		if (header->type != RULES_VLAN && header->type != RULES_QINQ)
			return true;
		if (at + RULES_VLAN_HLEN > len)
			return false;
		header->tagged = true;
		if (header->trunk_only || header->vid)
			continue;
		if (header->type == RULES_QINQ)
			header->trunk_only = true;
		else
			header->vid = (data[at + 2] << 8 | data[at + 3]) & 0xfff;
	}
	return false;
}

/**
 * softnic_rules_own - is an address the context's?
 * @rules: of the context
 * @mac: the address
 *
 * Return: true if it is one of them.
 */
bool softnic_rules_own(const struct softnic_rules *rules, const u8 *mac)
{
	u32 i;

	for (i = 0; i < rules->nr_macs; i++)
		if (!memcmp(rules->mac[i], mac, RULES_ETH_ALEN))
			return true;
	return false;
}

/**
 * softnic_rules_vlan - is a context part of a VLAN?
 * @rules: of the context
 * @vid: the VLAN, 0: untagged frames
 *
 * Return: whether it may send there and gets what is sent there.
 */
bool softnic_rules_vlan(const struct softnic_rules *rules, u32 vid)
{
	if (rules->access_vlan)
		return vid == rules->access_vlan;
	if (!vid || rules->flags & CDNA_CTXF_TRUNK)
		return true;
	return rules->vlans[vid / 64 % 64] >> (vid % 64) & 1;
}

/**
 * softnic_rules_mc_bit - place of an address in a multicast filter
 * @mac: multicast address
 *
 * Return: 0 to 255: top 8 bits of the CRC-32, most significant bit first.
 */
u32 softnic_rules_mc_bit(const u8 *mac)
{
	u32 crc = 0xffffffff;
	u32 bit = 0;
	u32 i;

	for (i = 0; i < RULES_ETH_ALEN * 8; i++) {
		if (i % 8 == 0)
			crc ^= mac[i / 8];
		crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	/* The register shifts to the right: its top bits are at the bottom. */
	for (i = 0; i < 8; i++)
		bit = bit << 1 | (crc >> i & 1);
	return bit;
}

/* An untagged frame, or one with a priority only, gets the access VLAN's tag. */
static bool rules_may_tag(const struct softnic_rules *rules,
			  const struct softnic_header *header)
{
	if (rules->access_vlan)
		return !header->trunk_only && !header->vid;
	if (header->trunk_only)
		return rules->flags & CDNA_CTXF_TRUNK;
	return softnic_rules_vlan(rules, header->vid);
}

/**
 * softnic_rules_send - may a context send a frame?
 * @rules: of the context
 * @header: of the frame
 *
 * Return: SOFTNIC_PASS or an enum cdna_drop.
 */
u32 softnic_rules_send(const struct softnic_rules *rules,
		       const struct softnic_header *header)
{
	const u8 *src = header->mac + RULES_ETH_ALEN;
	bool trusted = rules->flags & CDNA_CTXF_ALLOW_SPOOF;

	/* A group is never a source. */
	if (rules_multicast(src) ||
	    (!trusted && !softnic_rules_own(rules, src)))
		return CDNA_DROP_TX_SPOOF_MAC;
	if (!trusted && (rules_link_local(header->mac) ||
			 header->type == RULES_MAC_CONTROL))
		return CDNA_DROP_TX_LINK_LOCAL;
	if (!rules_may_tag(rules, header))
		return CDNA_DROP_TX_SPOOF_VLAN;
	if (softnic_rules_own(rules, header->mac))
		return CDNA_DROP_TX_LOOP;
	return SOFTNIC_PASS;
}

static bool rules_wants(const struct softnic_rules *rules, const u8 *dst)
{
	u32 bit;

	if (rules->filter & CDNA_FILTER_PROMISC &&
	    rules->flags & CDNA_CTXF_ALLOW_PROMISC)
		return true;
	if (!rules_multicast(dst))
		return softnic_rules_own(rules, dst);
	if (rules_broadcast(dst))
		return rules->filter & CDNA_FILTER_BROADCAST;
	if (rules->filter & CDNA_FILTER_ALLMULTI)
		return true;
	bit = softnic_rules_mc_bit(dst);
	return rules->mc_hash[bit / 64] >> (bit % 64) & 1;
}

/**
 * softnic_rules_takes - does a context take a frame?
 * @rules: of the context
 * @header: of the frame
 *
 * Return: whether its addresses, its filter and its VLANs do.
 */
bool softnic_rules_takes(const struct softnic_rules *rules,
			 const struct softnic_header *header)
{
	if (header->trunk_only && !(rules->flags & CDNA_CTXF_TRUNK))
		return false;
	return softnic_rules_vlan(rules, header->vid) &&
	       rules_wants(rules, header->mac);
}
