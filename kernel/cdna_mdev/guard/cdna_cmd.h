/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The privileged commands that the NIC runs for a context, a function each.
 */
#ifndef CDNA_CMD_H
#define CDNA_CMD_H

#include <linux/if_ether.h>
#include <linux/types.h>

#include <cdna/admin.h>

struct cdna_domain;
struct cdna_provider;
struct cdna_queue;

#define CDNA_CMD_MC_WORDS	4	/* 64 bits each of the multicast hash */

/**
 * struct cdna_address - what a context is known by on the wire
 * @mac: MAC address
 * @access_vlan: VLAN of its untagged frames, 0 for none
 * @trunk: it may use any VLAN tag; excludes @access_vlan
 * @trusted: it may send from any source address, and to the next station
 * @promisc: it may receive what is for others
 */
struct cdna_address {
	u8 mac[ETH_ALEN];
	u16 access_vlan;
	bool trunk;
	bool trusted;
	bool promisc;
};

/**
 * struct cdna_limits - how much a context may transmit and receive, and can count on
 * @tx_max_mbps: most, in 10^6 bits per second; 0: no limit
 * @tx_min_mbps: what it gets whatever others do; 0: nothing is promised
 * @storm_fps: most frames per second to groups; 0: the provider's own bound
 * @rx_max_mbps: most received, in 10^6 bits per second; 0: no limit
 */
struct cdna_limits {
	u32 tx_max_mbps;
	u32 tx_min_mbps;
	u32 storm_fps;
	u32 rx_max_mbps;
};

int cdna_cmd_ctx_configure(struct cdna_domain *domain,
			   const struct cdna_address *address);
int cdna_cmd_ctx_activate(struct cdna_domain *domain, u64 status_dma);
int cdna_cmd_ctx_quiesce(struct cdna_domain *domain);
int cdna_cmd_ctx_resume(struct cdna_domain *domain);
void cdna_cmd_ctx_reset(struct cdna_domain *domain);
void cdna_cmd_ctx_revoke(struct cdna_domain *domain);
void cdna_cmd_ctx_release(struct cdna_domain *domain);
bool cdna_cmd_ctx_is_faulted(struct cdna_domain *domain);
int cdna_cmd_ctx_spread(struct cdna_domain *domain, u8 qps);
int cdna_cmd_ctx_rss(struct cdna_domain *domain, const struct cdna_rss *rss);
int cdna_cmd_group_set(struct cdna_provider *nic, u16 group, u32 max_mbps,
		       u32 min_mbps);
int cdna_cmd_group_del(struct cdna_provider *nic, u16 group);
int cdna_cmd_ctx_group(struct cdna_domain *domain, u16 group);
int cdna_cmd_mac_add(struct cdna_domain *domain, const u8 *mac);
int cdna_cmd_mac_del(struct cdna_domain *domain, const u8 *mac);
int cdna_cmd_set_filter(struct cdna_domain *domain, u32 flags,
			const u64 *mc_hash);
int cdna_cmd_set_coalesce(struct cdna_domain *domain, u8 qp, u32 usecs,
			  u32 frames);
int cdna_cmd_set_limits(struct cdna_domain *domain,
			const struct cdna_limits *limits);
int cdna_cmd_queue_create(struct cdna_queue *queue, u32 offloads);
int cdna_cmd_drain(struct cdna_domain *domain, u8 dir, unsigned long qps);
void cdna_cmd_queue_destroy(struct cdna_queue *queue);
int cdna_cmd_queue_query(struct cdna_queue *queue, struct cdna_queue_info *info);
bool cdna_cmd_queue_is_faulted(struct cdna_queue *queue);

#endif /* CDNA_CMD_H */
