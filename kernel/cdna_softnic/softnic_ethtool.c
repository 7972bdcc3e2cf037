// SPDX-License-Identifier: GPL-2.0-only
/*
 * ethtool on a port: what it is, and the counters of its context.
 */
#include <linux/array_size.h>
#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include <cdna/version.h>

#include "softnic_ethtool.h"
#include "softnic_stats.h"

/* Directions are the guest's. */
static const struct {
	u32 stat;
	const char *name;
} ethtool_stats[] = {
	{ CDNA_CSTAT_TX_FRAMES, "guest_tx_frames" },
	{ CDNA_CSTAT_TX_BYTES, "guest_tx_bytes" },
	{ CDNA_CSTAT_TX_MULTICAST, "guest_tx_multicast" },
	{ CDNA_CSTAT_RX_FRAMES, "guest_rx_frames" },
	{ CDNA_CSTAT_RX_BYTES, "guest_rx_bytes" },
	{ CDNA_CSTAT_RX_MULTICAST, "guest_rx_multicast" },
	{ CDNA_CSTAT_MAILBOXES, "mailboxes" },
	{ CDNA_CSTAT_MAILBOXES_IGNORED, "mailboxes_ignored" },
	{ CDNA_CSTAT_INTERRUPTS, "interrupts" },
	{ CDNA_CSTAT_INTERRUPTS_MODERATED, "interrupts_moderated" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_RX_NO_BUFFER, "drop_rx_no_buffer" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_RX_NO_QUEUE, "drop_rx_no_queue" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_RX_STORM, "drop_rx_storm" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_TX_SPOOF_MAC, "drop_tx_spoof_mac" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_TX_SPOOF_VLAN, "drop_tx_spoof_vlan" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_TX_RUNT, "drop_tx_runt" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_TX_OVERSIZE, "drop_tx_oversize" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_TX_BAD_OFFLOAD, "drop_tx_bad_offload" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_TX_STORM, "drop_tx_storm" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_TX_LOOP, "drop_tx_loop" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_TX_WIRE, "drop_tx_wire" },
	{ CDNA_CSTAT_DROP + CDNA_DROP_TX_LINK_LOCAL, "drop_tx_link_local" },
	{ CDNA_CSTAT_FAULT + CDNA_FAULT_SEQUENCE, "fault_sequence" },
	{ CDNA_CSTAT_FAULT + CDNA_FAULT_TOO_FAR, "fault_too_far" },
	{ CDNA_CSTAT_FAULT + CDNA_FAULT_CHAIN, "fault_chain" },
};

static const char *const ethtool_own[SOFTNIC_NR_STATS] = {
	[SOFTNIC_STAT_ZC] = "tx_zerocopy",
	[SOFTNIC_STAT_ZC_COPIED] = "tx_zerocopy_copied",
	[SOFTNIC_STAT_ZC_REFUSED] = "tx_zerocopy_refused",
	[SOFTNIC_STAT_RX_KEPT] = "rx_backlog",
};

/* After all counters: what the host has of the guest's pages now */
#define ETHTOOL_HELD	"tx_zerocopy_held_bytes"

static void ethtool_drvinfo(struct net_device *port,
			    struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, CDNA_VERSION, sizeof(info->version));
	snprintf(info->bus_info, sizeof(info->bus_info), "%s/%u",
		 dev_name(port->dev.parent), softnic_ctx_of(port)->id);
}

static int ethtool_count(struct net_device *port, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(ethtool_stats) +
				     SOFTNIC_NR_STATS + 1 : -EOPNOTSUPP;
}

static void ethtool_names(struct net_device *port, u32 set, u8 *data)
{
	u32 i;

	if (set != ETH_SS_STATS)
		return;
	for (i = 0; i < ARRAY_SIZE(ethtool_stats); i++)
		ethtool_puts(&data, ethtool_stats[i].name);
	for (i = 0; i < SOFTNIC_NR_STATS; i++)
		ethtool_puts(&data, ethtool_own[i]);
	ethtool_puts(&data, ETHTOOL_HELD);
}

static void ethtool_values(struct net_device *port,
			   struct ethtool_stats *unused, u64 *data)
{
	struct softnic_ctx *ctx = softnic_ctx_of(port);
	u64 stats[CDNA_NR_STATS];
	u32 i;

	softnic_stats_ctx(ctx, stats);
	for (i = 0; i < ARRAY_SIZE(ethtool_stats); i++)
		*data++ = stats[ethtool_stats[i].stat];
	for (i = 0; i < SOFTNIC_NR_STATS; i++)
		*data++ = softnic_stats_own(ctx, i);
	*data = atomic_read(&ctx->zc_bytes);
}

/* ethtool on a port */
const struct ethtool_ops softnic_ethtool_ops = {
	.get_drvinfo = ethtool_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_sset_count = ethtool_count,
	.get_strings = ethtool_names,
	.get_ethtool_stats = ethtool_values,
	.get_ts_info = ethtool_op_get_ts_info,
};
