/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of a queue pair. Each writer has a set of its own; readers add them
 * up.
 */
#ifndef CDNA_COUNTERS_H
#define CDNA_COUNTERS_H

#include <linux/types.h>
#include <linux/u64_stats_sync.h>

/**
 * enum cdna_count - what a queue pair counts, named in cdna_counters_names
 * @CDNA_COUNT_TX_PACKETS: frames posted, as many as go on the wire
 * @CDNA_COUNT_TX_BYTES: their bytes, with the headers of segments counted once
 * @CDNA_COUNT_TX_CSUM: frames whose checksum the NIC inserts
 * @CDNA_COUNT_TX_GSO: frames that the NIC segments
 * @CDNA_COUNT_TX_GSO_SEGS: segments of these frames
 * @CDNA_COUNT_TX_VLAN: frames that the NIC inserts a tag into
 * @CDNA_COUNT_TX_LINEARIZED: frames copied because they had too many fragments
 * @CDNA_COUNT_TX_DROP_MAP: frames dropped because they could not be mapped
 * @CDNA_COUNT_TX_DROP_LENGTH: frames dropped because of their length
 * @CDNA_COUNT_TX_STOPS: times that the ring was full
 * @CDNA_COUNT_TX_WAKES: times that it had room again
 * @CDNA_COUNT_TX_INVALID_INDEX: consumer indices out of bounds
 * @CDNA_COUNT_RX_PACKETS: frames received, as many as were on the wire
 * @CDNA_COUNT_RX_BYTES: their bytes, with the headers of merged frames counted
 *	once
 * @CDNA_COUNT_RX_CSUM_OK: frames whose checksum the NIC has verified
 * @CDNA_COUNT_RX_CSUM_BAD: frames whose checksum is wrong
 * @CDNA_COUNT_RX_LRO: merged frames
 * @CDNA_COUNT_RX_LRO_SEGS: wire frames that they consist of
 * @CDNA_COUNT_RX_VLAN: frames that the NIC removed the tag from
 * @CDNA_COUNT_RX_COPIED: small frames, copied to reuse the buffer immediately
 * @CDNA_COUNT_RX_DROP_MEMORY: frames dropped because memory was short
 * @CDNA_COUNT_RX_MISSED: frames that the NIC dropped because too few buffers
 *	were posted
 * @CDNA_COUNT_RX_POSTED: buffers posted
 * @CDNA_COUNT_RX_ALLOC_FAILED: failed allocations of a buffer
 * @CDNA_COUNT_RX_INVALID_COMPLETION: indices or completions out of
 *	bounds
 * @CDNA_COUNT_INTERRUPTS: interrupts
 * @CDNA_COUNT_POLLS: polls
 * @CDNA_COUNT_TRAPS_PAGE: traps by the doorbell page
 * @CDNA_COUNT_TRAPS_REGISTER: traps by the register
 * @CDNA_COUNT_TRAPS_REFILL: those of both that only posted receive
 *	buffers
 * @CDNA_COUNT_TX_DEFERRED: transmits deferred to the trap at the end of a
 *	poll
 * @CDNA_COUNT_MAILBOX_WRITES: stores to producer mailboxes
 * @CDNA_NR_COUNTS: number of counts
 */
enum cdna_count {
	CDNA_COUNT_TX_PACKETS,
	CDNA_COUNT_TX_BYTES,
	CDNA_COUNT_TX_CSUM,
	CDNA_COUNT_TX_GSO,
	CDNA_COUNT_TX_GSO_SEGS,
	CDNA_COUNT_TX_VLAN,
	CDNA_COUNT_TX_LINEARIZED,
	CDNA_COUNT_TX_DROP_MAP,
	CDNA_COUNT_TX_DROP_LENGTH,
	CDNA_COUNT_TX_STOPS,
	CDNA_COUNT_TX_WAKES,
	CDNA_COUNT_TX_INVALID_INDEX,
	CDNA_COUNT_RX_PACKETS,
	CDNA_COUNT_RX_BYTES,
	CDNA_COUNT_RX_CSUM_OK,
	CDNA_COUNT_RX_CSUM_BAD,
	CDNA_COUNT_RX_LRO,
	CDNA_COUNT_RX_LRO_SEGS,
	CDNA_COUNT_RX_VLAN,
	CDNA_COUNT_RX_COPIED,
	CDNA_COUNT_RX_DROP_MEMORY,
	CDNA_COUNT_RX_MISSED,
	CDNA_COUNT_RX_POSTED,
	CDNA_COUNT_RX_ALLOC_FAILED,
	CDNA_COUNT_RX_INVALID_COMPLETION,
	CDNA_COUNT_INTERRUPTS,
	CDNA_COUNT_POLLS,
	CDNA_COUNT_TRAPS_PAGE,
	CDNA_COUNT_TRAPS_REGISTER,
	CDNA_COUNT_TRAPS_REFILL,
	CDNA_COUNT_TX_DEFERRED,
	CDNA_COUNT_MAILBOX_WRITES,
	CDNA_NR_COUNTS,
};

/**
 * enum cdna_count_by - the writers of counters; each has a set of its own, so
 * that counting needs no lock
 * @CDNA_BY_XMIT: ndo_start_xmit, under the transmit queue's lock
 * @CDNA_BY_POLL: NAPI
 * @CDNA_BY_ENQUEUE: the enqueue wrapper, under its lock
 * @CDNA_BY_IRQ: the interrupt handler
 * @CDNA_NR_COUNT_BYS: number of writers
 */
enum cdna_count_by {
	CDNA_BY_XMIT,
	CDNA_BY_POLL,
	CDNA_BY_ENQUEUE,
	CDNA_BY_IRQ,
	CDNA_NR_COUNT_BYS,
};

/**
 * struct cdna_counters - a set of counters with one writer
 * @syncp: for readers on machines that load 64 bits in two halves
 * @value: by enum cdna_count
 */
struct cdna_counters {
	struct u64_stats_sync syncp;
	u64_stats_t value[CDNA_NR_COUNTS];
};

extern const char * const cdna_counters_names[CDNA_NR_COUNTS];

void cdna_counters_init(struct cdna_counters *counters);
void cdna_counters_read(const struct cdna_counters *counters, u64 *counts);

static inline void cdna_counters_add(struct cdna_counters *counters,
				     enum cdna_count what, u64 n)
{
	u64_stats_update_begin(&counters->syncp);
	u64_stats_add(&counters->value[what], n);
	u64_stats_update_end(&counters->syncp);
}

#endif /* CDNA_COUNTERS_H */
