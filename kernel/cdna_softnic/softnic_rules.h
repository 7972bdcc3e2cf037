/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a context may send and what it receives: pure, as the host decided.
 */
#ifndef SOFTNIC_RULES_H
#define SOFTNIC_RULES_H

#include <linux/types.h>

#include <cdna/admin.h>
#include <cdna/stats.h>

#define SOFTNIC_PASS		CDNA_NR_DROPS	/* no reason to drop it */

/**
 * struct softnic_rules - of a context; a new one is made for each change
 * @flags: CDNA_CTXF_*
 * @access_vlan: 0 for none
 * @nr_macs: addresses, the first being its own
 * @mac: the addresses
 * @filter: CDNA_FILTER_*
 * @mc_hash: multicast filter
 * @vlans: bit per VLAN that it may use, where it has no access VLAN
 */
struct softnic_rules {
	u32 flags;
	u16 access_vlan;
	u32 nr_macs;
	u8 mac[CDNA_MAX_CTX_MACS][6];
	u32 filter;
	u64 mc_hash[4];
	u64 vlans[4096 / 64];
};

/* Both addresses, four tags, and the type behind them */
#define SOFTNIC_LOOK	(2 * 6 + 4 * 4 + 2)

/**
 * struct softnic_header - what the rules look at of a frame
 * @mac: destination and source address, as they are in the frame
 * @type: EtherType behind all tags
 * @tagged: it has a VLAN tag
 * @trunk_only: what says its VLAN is a tag that only a trunk may use: a service tag
 * @vid: of the first VLAN tag that is not only a priority, 0 without
 */
struct softnic_header {
	const u8 *mac;
	u16 type;
	bool tagged;
	bool trunk_only;
	u16 vid;
};

bool softnic_rules_look(struct softnic_header *header, const u8 *data, u32 len);
bool softnic_rules_own(const struct softnic_rules *rules, const u8 *mac);
bool softnic_rules_vlan(const struct softnic_rules *rules, u32 vid);
u32 softnic_rules_mc_bit(const u8 *mac);
u32 softnic_rules_send(const struct softnic_rules *rules,
		       const struct softnic_header *header);
bool softnic_rules_takes(const struct softnic_rules *rules,
			 const struct softnic_header *header);

#endif /* SOFTNIC_RULES_H */
