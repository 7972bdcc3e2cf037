/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Packet headers: numbers of the protocols, and where a frame's headers are.
 */
#ifndef FW_PACKET_H
#define FW_PACKET_H

#include "base/pool.h"

#define FW_ETH_ALEN		6
#define FW_ETH_HLEN		14
#define FW_VLAN_HLEN		4
#define FW_ETH_MIN		60	/* without FCS */

#define FW_ETH_IPV4		0x0800
#define FW_ETH_IPV6		0x86dd
#define FW_ETH_VLAN		0x8100
#define FW_ETH_QINQ		0x88a8
#define FW_ETH_MAC_CONTROL	0x8808

#define FW_IPPROTO_TCP		6
#define FW_IPPROTO_UDP		17

#define FW_TCP_FIN		0x01
#define FW_TCP_SYN		0x02
#define FW_TCP_RST		0x04
#define FW_TCP_PSH		0x08
#define FW_TCP_ACK		0x10
#define FW_TCP_URG		0x20
#define FW_TCP_ECE		0x40
#define FW_TCP_CWR		0x80

/* struct fw_packet flags */
#define FW_PKT_IPV4		0x01
#define FW_PKT_IPV6		0x02
#define FW_PKT_TCP		0x04	/* not set in fragments */
#define FW_PKT_UDP		0x08	/* not set in fragments */
#define FW_PKT_VLAN		0x10	/* tag in the frame itself */
#define FW_PKT_FRAGMENT		0x20
#define FW_PKT_OPTIONS		0x40	/* IPv4 options or IPv6 extensions */

/**
 * struct fw_packet - where a frame's headers are
 * @flags: FW_PKT_*
 * @vlan_tci: tag, with FW_PKT_VLAN
 * @l3: offset of the IP header, if any
 * @l4: offset of the TCP or UDP header, if any
 * @payload: offset of what follows the TCP or UDP header
 * @end: offset one past the IP datagram (Ethernet padding follows); one past
 *	the frame if there is no IP header
 */
struct fw_packet {
	u16 flags;
	u16 vlan_tci;
	u16 l3;
	u16 l4;
	u16 payload;
	u32 end;
};

static inline bool fw_mac_multicast(const u8 *mac)
{
	return mac[0] & 1;
}

static inline bool fw_mac_broadcast(const u8 *mac)
{
	return (mac[0] & mac[1] & mac[2] & mac[3] & mac[4] & mac[5]) == 0xff;
}

/* 01-80-C2-00-00-00 to 0F: for the next station only, no bridge forwards it */
static inline bool fw_mac_link_local(const u8 *mac)
{
	return fw_get_be32(mac) == 0x0180c200 && !mac[4] && mac[5] <= 0x0f;
}

#endif /* FW_PACKET_H */
