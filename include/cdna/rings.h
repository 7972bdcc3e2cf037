/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA rings that the NIC fills in host memory: admin completions, events,
 * interrupt bit vectors.
 *
 * Each is a struct cdna_ring_header followed by slots. The NIC writes a slot,
 * then the producer; the host takes slots up to the producer and stores its
 * consumer index into a mailbox of the management page. Indices are
 * free-running; the NIC never writes a slot that is not consumed.
 */
#ifndef CDNA_RINGS_H
#define CDNA_RINGS_H

#include "types.h"

/**
 * struct cdna_ring_header - start of a ring that the NIC fills
 * @prod: free-running index one past the last slot written
 * @reserved: zero
 */
struct cdna_ring_header {
	__le32 prod;
	__le32 reserved[15];
};

CDNA_ASSERT_SIZE(struct cdna_ring_header, 64);

#define CDNA_MIN_NOTIFY_RING		4	/* slots, powers of two */
#define CDNA_MAX_NOTIFY_RING		1024

/*
 * A slot of the bit-vector ring is cdna_identify.bitvec_words 64-bit words,
 * bit n of the vector being bit n % 64 of word n / 64. A bit is an interrupt
 * source, bound by CDNA_CMD_SOURCE_BIND (paper 3.2).
 */
#define CDNA_MAX_BITVEC_WORDS		32
#define CDNA_MAX_SOURCES		(CDNA_MAX_BITVEC_WORDS * 64)

/**
 * enum cdna_event_type - what an event ring entry tells
 * @CDNA_EVENT_NONE: never sent
 * @CDNA_EVENT_QUEUE_FAULT: a queue was stopped
 * @CDNA_EVENT_CONTEXT_FAULT: a context was stopped
 * @CDNA_EVENT_LINK: the wire went up or down; link flags in @arg
 * @CDNA_EVENT_FIRMWARE: the firmware's own health; a code in @arg
 */
enum cdna_event_type {
	CDNA_EVENT_NONE,
	CDNA_EVENT_QUEUE_FAULT,
	CDNA_EVENT_CONTEXT_FAULT,
	CDNA_EVENT_LINK,
	CDNA_EVENT_FIRMWARE,
};

/* Codes of CDNA_EVENT_FIRMWARE, each reported once after a reset */
#define CDNA_HEALTH_HOST_DMA	0x1	/* the host's own rings: DMA failed */

/**
 * enum cdna_fault - why a queue or a context was stopped
 * @CDNA_FAULT_NONE: it was not
 * @CDNA_FAULT_SEQUENCE: sequence number is not the next one: stale or skipped
 * @CDNA_FAULT_TOO_FAR: mailbox is more than a ring ahead
 * @CDNA_FAULT_LENGTH: length zero or above the format's maximum
 * @CDNA_FAULT_FLAGS: flags that the format does not allow
 * @CDNA_FAULT_CHAIN: frame of more descriptors than the format, or the queue,
 *	allows
 * @CDNA_FAULT_DMA_DESC: the NIC could not read the descriptor ring
 * @CDNA_FAULT_DMA_DATA: the NIC could not reach a buffer
 * @CDNA_FAULT_DMA_STATUS: the NIC could not write the status page, the
 *	completion ring or a used ring
 * @CDNA_NR_FAULTS: how many there are
 */
enum cdna_fault {
	CDNA_FAULT_NONE,
	CDNA_FAULT_SEQUENCE,
	CDNA_FAULT_TOO_FAR,
	CDNA_FAULT_LENGTH,
	CDNA_FAULT_FLAGS,
	CDNA_FAULT_CHAIN,
	CDNA_FAULT_DMA_DESC,
	CDNA_FAULT_DMA_DATA,
	CDNA_FAULT_DMA_STATUS,
	CDNA_NR_FAULTS,
};

/**
 * struct cdna_event - entry of the event ring
 * @type: enum cdna_event_type
 * @context: which context, for faults
 * @qp: queue pair, for queue faults
 * @dir: CDNA_DIR_*, for queue faults
 * @reason: enum cdna_fault, for faults
 * @arg: by type
 * @index: free-running index of the offending descriptor
 * @expected: sequence number that was due
 * @seen: sequence number that was found
 * @time_ns: the NIC's clock
 * @reserved: zero
 */
struct cdna_event {
	__le16 type;
	__le16 context;
	__u8 qp;
	__u8 dir;
	__le16 reason;
	__le32 arg;
	__le32 index;
	__le32 expected;
	__le32 seen;
	__le64 time_ns;
	__le32 reserved[8];
};

CDNA_ASSERT_SIZE(struct cdna_event, 64);
CDNA_ASSERT_OFFSET(struct cdna_event, index, 12);
CDNA_ASSERT_OFFSET(struct cdna_event, time_ns, 24);

#endif /* CDNA_RINGS_H */
