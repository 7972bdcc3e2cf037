/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA statistics: free-running 64-bit counters since the context was
 * configured (per context, per queue pair) or the NIC was reset.
 */
#ifndef CDNA_STATS_H
#define CDNA_STATS_H

#include "rings.h"
#include "types.h"

#define CDNA_NR_STATS			64

/**
 * struct cdna_stats - what CDNA_CMD_READ_STATS writes
 * @value: by enum cdna_nic_stat, enum cdna_ctx_stat or enum cdna_qp_stat;
 *	those that have no name yet are zero
 */
struct cdna_stats {
	__le64 value[CDNA_NR_STATS];
};

CDNA_ASSERT_SIZE(struct cdna_stats, 512);

/**
 * enum cdna_drop - why a frame was dropped
 * @CDNA_DROP_RX_NO_BUFFER: too few receive descriptors were posted
 * @CDNA_DROP_RX_NO_QUEUE: the context has no running receive queue
 * @CDNA_DROP_RX_STORM: more multicast or broadcast from the wire than a context
 *	gets
 * @CDNA_DROP_TX_SPOOF_MAC: source MAC is not the context's
 * @CDNA_DROP_TX_SPOOF_VLAN: tag that the context may not send
 * @CDNA_DROP_TX_RUNT: no whole Ethernet header
 * @CDNA_DROP_TX_OVERSIZE: longer than the MTU allows
 * @CDNA_DROP_TX_BAD_OFFLOAD: offload fields do not fit the frame
 * @CDNA_DROP_TX_STORM: more multicast and broadcast than allowed
 * @CDNA_DROP_TX_LOOP: destination is the sender
 * @CDNA_DROP_TX_WIRE: the wire is down or refused the frame
 * @CDNA_DROP_TX_LINK_LOCAL: to a group that no bridge forwards, or MAC control,
 *	without CDNA_CTXF_ALLOW_SPOOF
 * @CDNA_DROP_RX_BUSY: from the wire, to a context that has had its part of the
 *	time of a busy NIC
 * @CDNA_DROP_RX_RATE: beyond the receive rate of the context; since 1.9
 * @CDNA_NR_DROPS: how many there are
 */
enum cdna_drop {
	CDNA_DROP_RX_NO_BUFFER,
	CDNA_DROP_RX_NO_QUEUE,
	CDNA_DROP_RX_STORM,
	CDNA_DROP_TX_SPOOF_MAC,
	CDNA_DROP_TX_SPOOF_VLAN,
	CDNA_DROP_TX_RUNT,
	CDNA_DROP_TX_OVERSIZE,
	CDNA_DROP_TX_BAD_OFFLOAD,
	CDNA_DROP_TX_STORM,
	CDNA_DROP_TX_LOOP,
	CDNA_DROP_TX_WIRE,
	CDNA_DROP_TX_LINK_LOCAL,
	CDNA_DROP_RX_BUSY,
	CDNA_DROP_RX_RATE,
	CDNA_NR_DROPS,
};

/**
 * enum cdna_qp_stat - counters of a queue pair
 * @CDNA_QSTAT_TX_FRAMES: frames taken from the ring, a segmentation request
 *	being one
 * @CDNA_QSTAT_TX_BYTES: bytes of these
 * @CDNA_QSTAT_TX_DESCS: descriptors used
 * @CDNA_QSTAT_TX_SEGMENTS: frames made by segmentation
 * @CDNA_QSTAT_RX_FRAMES: frames put into buffers, a merged one being one
 * @CDNA_QSTAT_RX_BYTES: bytes put into buffers
 * @CDNA_QSTAT_RX_DESCS: descriptors used
 * @CDNA_QSTAT_RX_MERGED: wire frames that became part of a merged one
 * @CDNA_QSTAT_INTERRUPTS: times its source was raised
 * @CDNA_QSTAT_FAULTS: times one of its rings was stopped
 * @CDNA_NR_QSTATS: how many there are
 */
enum cdna_qp_stat {
	CDNA_QSTAT_TX_FRAMES,
	CDNA_QSTAT_TX_BYTES,
	CDNA_QSTAT_TX_DESCS,
	CDNA_QSTAT_TX_SEGMENTS,
	CDNA_QSTAT_RX_FRAMES,
	CDNA_QSTAT_RX_BYTES,
	CDNA_QSTAT_RX_DESCS,
	CDNA_QSTAT_RX_MERGED,
	CDNA_QSTAT_INTERRUPTS,
	CDNA_QSTAT_FAULTS,
	CDNA_NR_QSTATS,
};

/**
 * enum cdna_ctx_stat - counters of a context
 * @CDNA_CSTAT_TX_FRAMES: frames that the wire took or that went to contexts,
 *	each segment being one
 * @CDNA_CSTAT_TX_BYTES: bytes of these
 * @CDNA_CSTAT_TX_MULTICAST: of these, to multicast and broadcast addresses
 * @CDNA_CSTAT_TX_LOCAL: of these, given to a context of this NIC
 * @CDNA_CSTAT_RX_FRAMES: frames delivered, before merging
 * @CDNA_CSTAT_RX_BYTES: bytes of these
 * @CDNA_CSTAT_RX_MULTICAST: of these, to multicast and broadcast addresses
 * @CDNA_CSTAT_RX_LOCAL: of these, from a context of this NIC
 * @CDNA_CSTAT_RX_CSUM_BAD: delivered with a wrong checksum
 * @CDNA_CSTAT_MAILBOXES: mailbox events taken
 * @CDNA_CSTAT_MAILBOXES_IGNORED: of a context that was neither active nor
 *	quiesced, or of a queue that does not run
 * @CDNA_CSTAT_INTERRUPTS: times a source was raised
 * @CDNA_CSTAT_INTERRUPTS_MODERATED: times one was held back
 * @CDNA_CSTAT_DROP: first of the drops, by enum cdna_drop
 * @CDNA_CSTAT_FAULT: first of the faults, by enum cdna_fault
 */
enum cdna_ctx_stat {
	CDNA_CSTAT_TX_FRAMES,
	CDNA_CSTAT_TX_BYTES,
	CDNA_CSTAT_TX_MULTICAST,
	CDNA_CSTAT_TX_LOCAL,
	CDNA_CSTAT_RX_FRAMES,
	CDNA_CSTAT_RX_BYTES,
	CDNA_CSTAT_RX_MULTICAST,
	CDNA_CSTAT_RX_LOCAL,
	CDNA_CSTAT_RX_CSUM_BAD,
	CDNA_CSTAT_MAILBOXES,
	CDNA_CSTAT_MAILBOXES_IGNORED,
	CDNA_CSTAT_INTERRUPTS,
	CDNA_CSTAT_INTERRUPTS_MODERATED,
	CDNA_CSTAT_DROP = 16,
	CDNA_CSTAT_FAULT = 48,
};

/**
 * enum cdna_nic_stat - counters of the NIC
 * @CDNA_NSTAT_WIRE_TX_FRAMES: frames given to the wire
 * @CDNA_NSTAT_WIRE_TX_BYTES: bytes of these
 * @CDNA_NSTAT_WIRE_RX_FRAMES: frames taken from the wire
 * @CDNA_NSTAT_WIRE_RX_BYTES: bytes of these
 * @CDNA_NSTAT_WIRE_RX_UNKNOWN: of these, for no context
 * @CDNA_NSTAT_WIRE_RX_MALFORMED: of these, shorter than a header or longer
 *	than the MTU
 * @CDNA_NSTAT_WIRE_RX_STORM: of these, multicast and broadcast beyond the bounds
 *	of a context that takes it
 * @CDNA_NSTAT_SWITCHED: frames from one context to another
 * @CDNA_NSTAT_ADMIN_COMMANDS: commands taken
 * @CDNA_NSTAT_ADMIN_ERRORS: of these, refused
 * @CDNA_NSTAT_BITVECS: bit vectors written
 * @CDNA_NSTAT_BITVECS_COALESCED: times a vector waited, for a slot or for its time
 * @CDNA_NSTAT_EVENTS: events written
 * @CDNA_NSTAT_EVENTS_DELAYED: times an event waited for a slot
 * @CDNA_NSTAT_MAILBOXES_STRAY: mailbox events of partitions that have no
 *	context
 * @CDNA_NSTAT_STEPS: turns of the event loop
 * @CDNA_NSTAT_HOST_DMA_ERRORS: DMA to the host's own rings that failed
 * @CDNA_NSTAT_WIRE_TX_DROPS: frames that the wire did not take, those that
 *	contexts got among them
 * @CDNA_NR_NSTATS: how many there are
 */
enum cdna_nic_stat {
	CDNA_NSTAT_WIRE_TX_FRAMES,
	CDNA_NSTAT_WIRE_TX_BYTES,
	CDNA_NSTAT_WIRE_RX_FRAMES,
	CDNA_NSTAT_WIRE_RX_BYTES,
	CDNA_NSTAT_WIRE_RX_UNKNOWN,
	CDNA_NSTAT_WIRE_RX_MALFORMED,
	CDNA_NSTAT_WIRE_RX_STORM,
	CDNA_NSTAT_SWITCHED,
	CDNA_NSTAT_ADMIN_COMMANDS,
	CDNA_NSTAT_ADMIN_ERRORS,
	CDNA_NSTAT_BITVECS,
	CDNA_NSTAT_BITVECS_COALESCED,
	CDNA_NSTAT_EVENTS,
	CDNA_NSTAT_EVENTS_DELAYED,
	CDNA_NSTAT_MAILBOXES_STRAY,
	CDNA_NSTAT_STEPS,
	CDNA_NSTAT_HOST_DMA_ERRORS,
	CDNA_NSTAT_WIRE_TX_DROPS,
	CDNA_NR_NSTATS,
};

static_assert((int)CDNA_CSTAT_INTERRUPTS_MODERATED < (int)CDNA_CSTAT_DROP,
	      "counters run into the drops");
static_assert((int)CDNA_CSTAT_DROP + (int)CDNA_NR_DROPS <=
	      (int)CDNA_CSTAT_FAULT, "drops run into the faults");
static_assert((int)CDNA_CSTAT_FAULT + (int)CDNA_NR_FAULTS <= CDNA_NR_STATS,
	      "too many fault reasons");

#endif /* CDNA_STATS_H */
