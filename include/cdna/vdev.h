/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA virtual device: a NIC context as a guest sees it.
 *
 *   BAR0  mailbox page     4 KiB, the context's partition of the NIC (regs.h)
 *   BAR2  register page    4 KiB, every access traps into the host
 *   BAR4  MSI-X            table and pending bits
 *
 * The guest keeps its descriptors in shadow rings, which are its own memory.
 * It stores the new producer indices into the tail page, traps once, and the
 * host copies, validates and stamps what is new into the NIC's rings. Then the
 * guest stores the same producer indices into its mailboxes.
 *
 * Registers are 32 bits wide, little-endian, and take aligned 32-bit accesses
 * only: any other store is ignored, any other load gives all ones.
 */
#ifndef CDNA_VDEV_H
#define CDNA_VDEV_H

#include "admin.h"
#include "desc.h"
#include "regs.h"
#include "rings.h"
#include "types.h"

/* Major: incompatible. Minor: additions that an older driver may ignore. */
#define CDNA_VDEV_ABI_MAJOR		1
#define CDNA_VDEV_ABI_MINOR		3
#define CDNA_VDEV_ABI_VERSION \
	(CDNA_VDEV_ABI_MAJOR << 16 | CDNA_VDEV_ABI_MINOR)

#define CDNA_VDEV_BAR_MAILBOX		0
#define CDNA_VDEV_BAR_MAILBOX_SIZE	CDNA_PARTITION_SIZE
#define CDNA_VDEV_BAR_REGS		2
#define CDNA_VDEV_BAR_REGS_SIZE		4096
#define CDNA_VDEV_BAR_MSIX		4
#define CDNA_VDEV_BAR_MSIX_SIZE		4096
#define CDNA_VDEV_MSIX_TABLE_OFFSET	0x0
#define CDNA_VDEV_MSIX_PBA_OFFSET	0x800

/* MSI-X vectors: faults and state changes, then one per queue pair */
#define CDNA_VDEV_VECTOR_EVENT		0
#define CDNA_VDEV_VECTOR_QP(qp)		(1 + (qp))
#define CDNA_VDEV_NR_VECTORS		(1 + CDNA_MAX_QPS)

/*
 * Register page: what the device is.
 */
#define CDNA_VREG_ABI			0x000	/* CDNA_VDEV_ABI_VERSION */
#define CDNA_VREG_MAGIC			0x004	/* CDNA_VDEV_MAGIC */
#define CDNA_VREG_FEATURES		0x008	/* CDNA_VFEAT_*, offered */
#define CDNA_VREG_STATE			0x00c	/* enum cdna_ctx_state */
#define CDNA_VREG_QPS			0x010	/* queue pairs allowed */
#define CDNA_VREG_MIN_RING		0x014	/* slots */
#define CDNA_VREG_MAX_RING		0x018	/* slots */
#define CDNA_VREG_OFFLOADS		0x01c	/* CDNA_OFFLOAD_* of the NIC */
#define CDNA_VREG_MAC_LO		0x020	/* given by the host; first lowest */
#define CDNA_VREG_MAC_HI		0x024	/* bytes 4 and 5 */
#define CDNA_VREG_MTU			0x028	/* largest, of the wire */
#define CDNA_VREG_FORMATS		0x02c	/* how many, see FORMAT */
#define CDNA_VREG_LINK			0x030	/* CDNA_LINK_* */
#define CDNA_VREG_SPEED			0x034	/* Mb/s, 0 when not known */

#define CDNA_VDEV_MAGIC			0x564e4443	/* "CDNV" in memory */

/* Features: the host offers, the guest accepts with ACTIVATE. */
#define CDNA_VFEAT_TRAP_REG		0x1	/* CDNA_VREG_TRAP works */
#define CDNA_VFEAT_TRAP_PAGE		0x2	/* so does the doorbell page */
#define CDNA_VFEAT_HOST_MAILBOX		0x4	/* the trap rings mailboxes */
#define CDNA_VFEAT_MAC			0x8	/* SET_MAC works; since 1.1 */
#define CDNA_VFEAT_RSS			0x10	/* SET_RSS works; since 1.3 */

/*
 * Register page: commands. The guest stores the arguments and then the
 * command; the store returns when it is done. RESULT then holds enum
 * cdna_vresult.
 */
#define CDNA_VREG_COMMAND		0x040	/* enum cdna_vcommand */
#define CDNA_VREG_RESULT		0x044	/* enum cdna_vresult */
#define CDNA_VREG_ARG_FEATURES		0x048	/* ACTIVATE: accepted */
#define CDNA_VREG_ARG_STATUS_LO		0x04c	/* ACTIVATE: status page */
#define CDNA_VREG_ARG_STATUS_HI		0x050
#define CDNA_VREG_ARG_TAILS_LO		0x054	/* ACTIVATE: tail page */
#define CDNA_VREG_ARG_TAILS_HI		0x058
#define CDNA_VREG_ARG_DOORBELL_LO	0x05c	/* ACTIVATE: doorbell page */
#define CDNA_VREG_ARG_DOORBELL_HI	0x060
#define CDNA_VREG_ARG_QUEUE		0x064	/* CDNA_VQUEUE(qp, dir) */
#define CDNA_VREG_ARG_FORMAT		0x068	/* CREATE: its id */
#define CDNA_VREG_ARG_SLOTS		0x06c	/* CREATE: a power of two */
#define CDNA_VREG_ARG_OFFLOADS		0x070	/* CREATE: CDNA_OFFLOAD_* */
#define CDNA_VREG_ARG_RING_LO		0x074	/* CREATE: shadow ring */
#define CDNA_VREG_ARG_RING_HI		0x078
#define CDNA_VREG_ARG_COMP_LO		0x07c	/* CREATE: completion ring */
#define CDNA_VREG_ARG_COMP_HI		0x080
#define CDNA_VREG_ARG_USECS		0x084	/* COALESCE */
#define CDNA_VREG_ARG_FRAMES		0x088	/* COALESCE */
#define CDNA_VREG_ARG_FILTER		0x08c	/* FILTER: CDNA_FILTER_* */
#define CDNA_VREG_ARG_MC_HASH		0x090	/* FILTER: 8 words, low first */
#define CDNA_VREG_ARG_MAC_LO		0x0b0	/* SET_MAC: as MAC_LO, MAC_HI */
#define CDNA_VREG_ARG_MAC_HI		0x0b4
#define CDNA_VREG_ARG_RSS		0x100	/* SET_RSS: struct cdna_rss */
#define CDNA_VREG_ARG_RSS_END \
	(CDNA_VREG_ARG_RSS + sizeof(struct cdna_rss))

/* Number of a queue: of ARG_QUEUE, of reports and in the tail page */
#define CDNA_VQUEUE(qp, dir)		((qp) * CDNA_NR_DIRS + (dir))
#define CDNA_VDEV_NR_QUEUES		(CDNA_MAX_QPS * CDNA_NR_DIRS)

/**
 * enum cdna_vcommand - what a guest asks of the host
 * @CDNA_VCMD_RESET: destroy all queues, forget all pages; state CONFIGURED
 * @CDNA_VCMD_ACTIVATE: take status, tail and doorbell page; state ACTIVE
 * @CDNA_VCMD_QUEUE_CREATE: make a ring; its indices start at 0
 * @CDNA_VCMD_QUEUE_DESTROY: drop a ring, sent or not
 * @CDNA_VCMD_QUEUE_DRAIN: send what is posted, then stop
 * @CDNA_VCMD_COALESCE: interrupt moderation of a queue pair
 * @CDNA_VCMD_FILTER: receive filter; the host may ignore CDNA_FILTER_PROMISC
 * @CDNA_VCMD_SET_MAC: be known by another address, until RESET, in the place of
 *	the one chosen before. That which the host gave stays the context's, too,
 *	and choosing it ends the choice
 * @CDNA_VCMD_SET_RSS: choose which queue pair receives which flow, until RESET
 *
 * ACTIVATE needs bus mastering: a device that may not master the bus has no
 * queues. That it is taken away has the effect of RESET.
 *
 * Status, tail and doorbell page are CDNA_PAGE_SIZE aligned; rings are
 * contiguous in guest-physical memory and CDNA_PAGE_SIZE aligned.
 */
enum cdna_vcommand {
	CDNA_VCMD_RESET = 1,
	CDNA_VCMD_ACTIVATE = 2,
	CDNA_VCMD_QUEUE_CREATE = 3,
	CDNA_VCMD_QUEUE_DESTROY = 4,
	CDNA_VCMD_QUEUE_DRAIN = 5,
	CDNA_VCMD_COALESCE = 6,
	CDNA_VCMD_FILTER = 7,
	CDNA_VCMD_SET_MAC = 8,
	CDNA_VCMD_SET_RSS = 9,
};

/**
 * enum cdna_vresult - how a command ended
 * @CDNA_VRES_OK: done
 * @CDNA_VRES_BAD_COMMAND: no such command
 * @CDNA_VRES_BAD_STATE: the context's or queue's state does not allow it
 * @CDNA_VRES_BAD_PARAM: an argument is out of bounds
 * @CDNA_VRES_BAD_ADDRESS: an address is not memory of this machine
 * @CDNA_VRES_NO_MEMORY: the host has none left, or a limit is reached
 * @CDNA_VRES_NIC: the NIC refused, or does not answer
 * @CDNA_VRES_UNSUPPORTED: the host cannot do that
 * @CDNA_VRES_IN_USE: another context of the NIC has that address
 */
enum cdna_vresult {
	CDNA_VRES_OK,
	CDNA_VRES_BAD_COMMAND,
	CDNA_VRES_BAD_STATE,
	CDNA_VRES_BAD_PARAM,
	CDNA_VRES_BAD_ADDRESS,
	CDNA_VRES_NO_MEMORY,
	CDNA_VRES_NIC,
	CDNA_VRES_UNSUPPORTED,
	CDNA_VRES_IN_USE,
};

/*
 * Any store to TRAP enqueues what the tail page names. It is the way that
 * works under every virtual machine monitor; a store to the doorbell page is
 * the fast one.
 */
#define CDNA_VREG_TRAP			0x0c0

/* Register page: reports and formats, read-only */
#define CDNA_VREG_REPORT		0x200
#define CDNA_VREG_REPORT_OF(queue) \
	(CDNA_VREG_REPORT + (queue) * 32)
#define CDNA_VREG_FORMAT		0x400
#define CDNA_VREG_FORMAT_OF(n) \
	(CDNA_VREG_FORMAT + (n) * 64)

static_assert(CDNA_VREG_ARG_RSS_END <= CDNA_VREG_REPORT,
	      "arguments run into the reports");

/**
 * enum cdna_vfault - why a queue was stopped, as its guest reads it
 * @CDNA_VFAULT_NONE: it was not
 * @CDNA_VFAULT_NIC_LAST: up to here: enum cdna_fault, found by the NIC
 * @CDNA_VFAULT_TAIL: producer index more than a ring ahead of the consumer
 * @CDNA_VFAULT_LENGTH: length zero or above the format's maximum
 * @CDNA_VFAULT_CROSSING: buffer crosses a page boundary
 * @CDNA_VFAULT_FLAGS: flags that the format does not allow
 * @CDNA_VFAULT_CHAIN: frame of more descriptors than the format allows
 * @CDNA_VFAULT_UNMAPPED: buffer is not memory of this machine, or in a BAR
 * @CDNA_VFAULT_READONLY: buffer is memory that the device may not write, for
 *	receive, or read, for transmit
 * @CDNA_VFAULT_NOT_RAM: buffer is in memory that a device shares with the
 *	machine
 * @CDNA_VFAULT_NO_MEMORY: the host could not pin it: a limit is reached
 * @CDNA_VFAULT_WITHDRAWN: memory that the queue used was taken from the
 *	machine
 * @CDNA_VFAULT_NIC_DEAD: the NIC does not answer
 * @CDNA_NR_VFAULTS: how many there are
 */
enum cdna_vfault {
	CDNA_VFAULT_NONE,
	CDNA_VFAULT_NIC_LAST = 31,
	CDNA_VFAULT_TAIL,
	CDNA_VFAULT_LENGTH,
	CDNA_VFAULT_CROSSING,
	CDNA_VFAULT_FLAGS,
	CDNA_VFAULT_CHAIN,
	CDNA_VFAULT_UNMAPPED,
	CDNA_VFAULT_READONLY,
	CDNA_VFAULT_NOT_RAM,
	CDNA_VFAULT_NO_MEMORY,
	CDNA_VFAULT_WITHDRAWN,
	CDNA_VFAULT_NIC_DEAD,
	CDNA_NR_VFAULTS,
};

static_assert((int)CDNA_NR_FAULTS <= (int)CDNA_VFAULT_NIC_LAST,
	      "the NIC's fault reasons run into the host's");

/**
 * struct cdna_vdev_report - state of a queue, at CDNA_VREG_REPORT_OF
 * @state: enum cdna_queue_state
 * @fault: enum cdna_vfault
 * @index: free-running index of the descriptor that stopped it
 * @expected: sequence number that was due, for CDNA_FAULT_SEQUENCE
 * @seen: sequence number that was found
 * @accepted: free-running index one past the last descriptor enqueued
 * @faults: how many since the device was made
 * @reserved: zero
 */
struct cdna_vdev_report {
	__le32 state;
	__le32 fault;
	__le32 index;
	__le32 expected;
	__le32 seen;
	__le32 accepted;
	__le32 faults;
	__le32 reserved;
};

CDNA_ASSERT_SIZE(struct cdna_vdev_report, 32);
CDNA_ASSERT_OFFSET(struct cdna_vdev_report, accepted, 20);
static_assert(CDNA_VREG_REPORT_OF(CDNA_VDEV_NR_QUEUES) <= CDNA_VREG_FORMAT,
	      "reports run into the formats");
static_assert(sizeof(struct cdna_desc_format) <= 64, "formats overlap");

/**
 * struct cdna_tail_page - new producer indices, by CDNA_VQUEUE()
 * @tail: free-running index one past the last descriptor in the shadow ring
 * @reserved: of the guest; the host does not read it
 */
struct cdna_tail_page {
	__le32 tail[CDNA_VDEV_NR_QUEUES];
	__le32 reserved[1024 - CDNA_VDEV_NR_QUEUES];
};

CDNA_ASSERT_SIZE(struct cdna_tail_page, CDNA_PAGE_SIZE);

#endif /* CDNA_VDEV_H */
