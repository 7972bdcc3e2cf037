/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA in words: what the host's module, the guest's and the NIC's process print.
 * Each file that includes this gets tables of its own.
 */
#ifndef CDNA_NAMES_H
#define CDNA_NAMES_H

#include "admin.h"
#include "stats.h"
#include "vdev.h"

/**
 * cdna_name_ctx_state() - a context's state
 * @state: enum cdna_ctx_state, or any other value
 *
 * Return: a constant string.
 */
static inline const char *cdna_name_ctx_state(unsigned int state)
{
	static const char * const names[CDNA_NR_CTX_STATES] = {
		[CDNA_CTX_FREE] = "free",
		[CDNA_CTX_CONFIGURED] = "configured",
		[CDNA_CTX_ACTIVE] = "active",
		[CDNA_CTX_FAULTED] = "faulted",
		[CDNA_CTX_QUIESCED] = "quiesced",
		[CDNA_CTX_REVOKED] = "revoked",
	};

	return state < CDNA_NR_CTX_STATES ? names[state] : "unknown";
}

/**
 * cdna_name_fault() - why a queue was stopped
 * @fault: enum cdna_vfault, or any other value
 *
 * Return: a constant string; NULL for CDNA_VFAULT_NONE, and for a reason that
 * only a newer firmware knows.
 */
static inline const char *cdna_name_fault(unsigned int fault)
{
	static const char * const names[CDNA_NR_VFAULTS] = {
		[CDNA_FAULT_SEQUENCE] = "nic_sequence",
		[CDNA_FAULT_TOO_FAR] = "nic_too_far",
		[CDNA_FAULT_LENGTH] = "nic_length",
		[CDNA_FAULT_FLAGS] = "nic_flags",
		[CDNA_FAULT_CHAIN] = "nic_chain",
		[CDNA_FAULT_DMA_DESC] = "nic_dma_descriptor",
		[CDNA_FAULT_DMA_DATA] = "nic_dma_data",
		[CDNA_FAULT_DMA_STATUS] = "nic_dma_status",
		[CDNA_VFAULT_TAIL] = "tail",
		[CDNA_VFAULT_LENGTH] = "length",
		[CDNA_VFAULT_CROSSING] = "crossing",
		[CDNA_VFAULT_FLAGS] = "flags",
		[CDNA_VFAULT_CHAIN] = "chain",
		[CDNA_VFAULT_UNMAPPED] = "unmapped",
		[CDNA_VFAULT_READONLY] = "read_only",
		[CDNA_VFAULT_NOT_RAM] = "not_ram",
		[CDNA_VFAULT_NO_MEMORY] = "no_memory",
		[CDNA_VFAULT_WITHDRAWN] = "withdrawn",
		[CDNA_VFAULT_NIC_DEAD] = "nic_dead",
	};

	return fault < CDNA_NR_VFAULTS ? names[fault] : (const char *)0;
}

/**
 * cdna_name_drop() - why a frame was dropped
 * @drop: enum cdna_drop, or any other value
 *
 * Return: a constant string; NULL for a reason that only a newer firmware knows.
 */
static inline const char *cdna_name_drop(unsigned int drop)
{
	static const char * const names[CDNA_NR_DROPS] = {
		[CDNA_DROP_RX_NO_BUFFER] = "rx_no_buffer",
		[CDNA_DROP_RX_NO_QUEUE] = "rx_no_queue",
		[CDNA_DROP_RX_STORM] = "rx_storm",
		[CDNA_DROP_TX_SPOOF_MAC] = "tx_spoof_mac",
		[CDNA_DROP_TX_SPOOF_VLAN] = "tx_spoof_vlan",
		[CDNA_DROP_TX_RUNT] = "tx_runt",
		[CDNA_DROP_TX_OVERSIZE] = "tx_oversize",
		[CDNA_DROP_TX_BAD_OFFLOAD] = "tx_bad_offload",
		[CDNA_DROP_TX_STORM] = "tx_storm",
		[CDNA_DROP_TX_LOOP] = "tx_loop",
		[CDNA_DROP_TX_WIRE] = "tx_wire",
		[CDNA_DROP_TX_LINK_LOCAL] = "tx_link_local",
		[CDNA_DROP_RX_BUSY] = "rx_busy",
		[CDNA_DROP_RX_RATE] = "rx_rate",
	};

	return drop < CDNA_NR_DROPS ? names[drop] : (const char *)0;
}

/**
 * cdna_name_nic_stat() - a counter of the NIC
 * @stat: enum cdna_nic_stat, or any other value
 *
 * Return: a constant string.
 */
static inline const char *cdna_name_nic_stat(unsigned int stat)
{
	static const char * const names[CDNA_NR_NSTATS] = {
		[CDNA_NSTAT_WIRE_TX_FRAMES] = "wire_tx_frames",
		[CDNA_NSTAT_WIRE_TX_BYTES] = "wire_tx_bytes",
		[CDNA_NSTAT_WIRE_RX_FRAMES] = "wire_rx_frames",
		[CDNA_NSTAT_WIRE_RX_BYTES] = "wire_rx_bytes",
		[CDNA_NSTAT_WIRE_RX_UNKNOWN] = "wire_rx_unknown",
		[CDNA_NSTAT_WIRE_RX_MALFORMED] = "wire_rx_malformed",
		[CDNA_NSTAT_WIRE_RX_STORM] = "wire_rx_storm",
		[CDNA_NSTAT_SWITCHED] = "switched",
		[CDNA_NSTAT_ADMIN_COMMANDS] = "admin_commands",
		[CDNA_NSTAT_ADMIN_ERRORS] = "admin_errors",
		[CDNA_NSTAT_BITVECS] = "bitvecs",
		[CDNA_NSTAT_BITVECS_COALESCED] = "bitvecs_coalesced",
		[CDNA_NSTAT_EVENTS] = "events",
		[CDNA_NSTAT_EVENTS_DELAYED] = "events_delayed",
		[CDNA_NSTAT_MAILBOXES_STRAY] = "mailboxes_stray",
		[CDNA_NSTAT_STEPS] = "steps",
		[CDNA_NSTAT_HOST_DMA_ERRORS] = "host_dma_errors",
		[CDNA_NSTAT_WIRE_TX_DROPS] = "wire_tx_drops",
	};

	return stat < CDNA_NR_NSTATS ? names[stat] : "unknown";
}

#endif /* CDNA_NAMES_H */
