// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of a queue pair: their names, and how they are read.
 */
#include <linux/string.h>

#include "cdna_counters.h"

const char * const cdna_counters_names[CDNA_NR_COUNTS] = {
	[CDNA_COUNT_TX_PACKETS] = "tx_packets",
	[CDNA_COUNT_TX_BYTES] = "tx_bytes",
	[CDNA_COUNT_TX_CSUM] = "tx_csum",
	[CDNA_COUNT_TX_GSO] = "tx_gso",
	[CDNA_COUNT_TX_GSO_SEGS] = "tx_gso_segs",
	[CDNA_COUNT_TX_VLAN] = "tx_vlan",
	[CDNA_COUNT_TX_LINEARIZED] = "tx_linearized",
	[CDNA_COUNT_TX_DROP_MAP] = "tx_drop_map",
	[CDNA_COUNT_TX_DROP_LENGTH] = "tx_drop_length",
	[CDNA_COUNT_TX_STOPS] = "tx_stops",
	[CDNA_COUNT_TX_WAKES] = "tx_wakes",
	[CDNA_COUNT_TX_INVALID_INDEX] = "tx_invalid_index",
	[CDNA_COUNT_RX_PACKETS] = "rx_packets",
	[CDNA_COUNT_RX_BYTES] = "rx_bytes",
	[CDNA_COUNT_RX_CSUM_OK] = "rx_csum_ok",
	[CDNA_COUNT_RX_CSUM_BAD] = "rx_csum_bad",
	[CDNA_COUNT_RX_LRO] = "rx_lro",
	[CDNA_COUNT_RX_LRO_SEGS] = "rx_lro_segs",
	[CDNA_COUNT_RX_VLAN] = "rx_vlan",
	[CDNA_COUNT_RX_COPIED] = "rx_copied",
	[CDNA_COUNT_RX_DROP_MEMORY] = "rx_drop_memory",
	[CDNA_COUNT_RX_MISSED] = "rx_missed",
	[CDNA_COUNT_RX_POSTED] = "rx_posted",
	[CDNA_COUNT_RX_ALLOC_FAILED] = "rx_alloc_failed",
	[CDNA_COUNT_RX_INVALID_COMPLETION] = "rx_invalid_completion",
	[CDNA_COUNT_INTERRUPTS] = "interrupts",
	[CDNA_COUNT_POLLS] = "polls",
	[CDNA_COUNT_TRAPS_PAGE] = "traps_page",
	[CDNA_COUNT_TRAPS_REGISTER] = "traps_register",
	[CDNA_COUNT_TRAPS_REFILL] = "traps_refill",
	[CDNA_COUNT_TX_DEFERRED] = "tx_deferred",
	[CDNA_COUNT_MAILBOX_WRITES] = "mailbox_writes",
};

/**
 * cdna_counters_init - prepare the counters of a queue pair
 * @counters: one set for each enum cdna_count_by, all zero
 */
void cdna_counters_init(struct cdna_counters *counters)
{
	u32 by;

	for (by = 0; by < CDNA_NR_COUNT_BYS; by++)
		u64_stats_init(&counters[by].syncp);
}

static void counters_read_one(const struct cdna_counters *counters, u64 *seen)
{
	unsigned int start;
	u32 i;

	do {
		start = u64_stats_fetch_begin(&counters->syncp);
		for (i = 0; i < CDNA_NR_COUNTS; i++)
			seen[i] = u64_stats_read(&counters->value[i]);
	} while (u64_stats_fetch_retry(&counters->syncp, start));
}

/**
 * cdna_counters_read - add up the counters of a queue pair
 * @counters: one set for each enum cdna_count_by
 * @counts: filled in; CDNA_NR_COUNTS values
 *
 * Context: Any.
 */
void cdna_counters_read(const struct cdna_counters *counters, u64 *counts)
{
	u64 seen[CDNA_NR_COUNTS];
	u32 by, i;

	memset(counts, 0, CDNA_NR_COUNTS * sizeof(*counts));
	for (by = 0; by < CDNA_NR_COUNT_BYS; by++) {
		counters_read_one(&counters[by], seen);
		for (i = 0; i < CDNA_NR_COUNTS; i++)
			counts[i] += seen[i];
	}
}
