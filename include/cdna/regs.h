/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * CDNA NIC: PCI identity, BARs, SRAM map, mailboxes, management registers.
 *
 * BAR0, 2 MiB, is the NIC's SRAM (paper 4). All words are little-endian and
 * 32 bits wide; every mailbox takes aligned 32-bit stores only.
 *
 *   0x000000  +-----------------------------+
 *             | partition of context 0      |  4 KiB each, CDNA_MAX_CONTEXTS
 *             | partition of context 1      |  of them; as many as announced
 *             | ...                         |  are alive
 *   0x100000  +-----------------------------+
 *             | management page             |  the host's privileged context
 *   0x101000  +-----------------------------+
 *             | register page (read-only)   |  what the NIC is
 *   0x102000  +-----------------------------+
 *             | unused SRAM                 |
 *   0x200000  +-----------------------------+
 */
#ifndef CDNA_REGS_H
#define CDNA_REGS_H

#include "types.h"

/*
 * EXPERIMENTAL: this vendor id is not registered with the PCI-SIG. It is
 * defined here only, so that one line changes when it is.
 */
#define CDNA_PCI_VENDOR_ID		0xcd0a
#define CDNA_PCI_DEVICE_ID_NIC		0x0001	/* the NIC, seen by the host */
#define CDNA_PCI_DEVICE_ID_CONTEXT	0x0101	/* a context, seen by a guest */

/* Major: incompatible. Minor: additions that an older driver may ignore. */
#define CDNA_ABI_MAJOR			1
#define CDNA_ABI_MINOR			9
#define CDNA_ABI_VERSION		(CDNA_ABI_MAJOR << 16 | CDNA_ABI_MINOR)
#define CDNA_ABI_GET_MAJOR(v)		((v) >> 16)
#define CDNA_ABI_GET_MINOR(v)		((v) & 0xffff)

#define CDNA_PAGE_SIZE			4096

#define CDNA_BAR_SRAM			0
#define CDNA_BAR_SRAM_SIZE		0x200000
#define CDNA_BAR_MSIX			2
#define CDNA_BAR_MSIX_SIZE		0x4000
#define CDNA_MSIX_TABLE_OFFSET		0x0
#define CDNA_MSIX_PBA_OFFSET		0x2000

/* MSI-X vectors of the NIC */
#define CDNA_VECTOR_ADMIN		0	/* admin completions, events */
#define CDNA_VECTOR_BITVEC		1	/* interrupt bit vectors */
#define CDNA_NR_VECTORS			2

#define CDNA_MAX_CONTEXTS		256
#define CDNA_MAX_QPS			8	/* queue pairs of a context */

#define CDNA_PARTITION_SIZE		4096
#define CDNA_PARTITION(ctx)		((ctx) * CDNA_PARTITION_SIZE)
#define CDNA_MGMT_PAGE			0x100000
#define CDNA_REGISTER_PAGE		0x101000

/*
 * The lowest 24 words of a partition are mailboxes: 8 queue pairs times
 * {transmit producer, receive producer, interrupt re-arm}. A producer mailbox
 * takes the free-running index one past the last descriptor that the host
 * enqueued. Re-arm takes the last value of cdna_qp_status.event that the
 * driver has dealt with.
 */
#define CDNA_NR_MAILBOXES		24
#define CDNA_MBOX_TX_PROD		0
#define CDNA_MBOX_RX_PROD		1
#define CDNA_MBOX_REARM			2
#define CDNA_MBOXES_PER_QP		3
#define CDNA_MBOX(qp, which)		((qp) * CDNA_MBOXES_PER_QP + (which))
#define CDNA_MBOX_OFFSET(mbox)		((mbox) * 4)

/* The rest of a partition is memory shared by the driver and the NIC. */
#define CDNA_PARTITION_INFO		0x80

/**
 * struct cdna_partition_info - what the NIC tells the driver of a context
 * @abi: CDNA_ABI_VERSION; 0 while the context is not configured
 * @state: enum cdna_ctx_state
 * @link: CDNA_LINK_* flags
 * @speed: link speed in Mb/s, 0 when not known
 * @mtu: largest MTU in bytes (frame without Ethernet header, tag and FCS)
 * @mac: the context's MAC address
 * @access_vlan: VLAN that the host put the context in, 0 for none
 * @offloads: CDNA_OFFLOAD_* flags
 * @max_qps: queue pairs that the context may create
 * @min_ring: smallest ring, in slots
 * @max_ring: largest ring, in slots
 * @reserved: zero
 *
 * At CDNA_PARTITION_INFO of a partition. The NIC writes it and never reads
 * it. Every read is a trip over the bus: read it at probe and on a link
 * event, not on a data path.
 */
struct cdna_partition_info {
	__le32 abi;
	__le32 state;
	__le32 link;
	__le32 speed;
	__le32 mtu;
	__u8 mac[6];
	__le16 access_vlan;
	__le32 offloads;
	__le32 max_qps;
	__le32 min_ring;
	__le32 max_ring;
	__le32 reserved[4];
};

CDNA_ASSERT_SIZE(struct cdna_partition_info, 60);
CDNA_ASSERT_OFFSET(struct cdna_partition_info, mac, 20);
CDNA_ASSERT_OFFSET(struct cdna_partition_info, max_ring, 40);

#define CDNA_LINK_UP			0x1

/*
 * Management page. Its lowest 24 words are mailboxes too: a store raises an
 * event in the firmware. The words from CDNA_MGMT_ASQ_BASE_LO on are plain
 * memory that a mailbox store tells the firmware to read.
 */
#define CDNA_MGMT_MBOX_CONTROL		0	/* CDNA_CONTROL_* */
#define CDNA_MGMT_MBOX_ASQ_TAIL		1	/* admin submission producer */
#define CDNA_MGMT_MBOX_ACQ_CONS		2	/* admin completion consumer */
#define CDNA_MGMT_MBOX_EVENT_CONS	3	/* event ring consumer */
#define CDNA_MGMT_MBOX_BITVEC_CONS	4	/* bit-vector ring consumer */
#define CDNA_MGMT_MBOX_DMA_TEST		5	/* run the DMA self-test */
#define CDNA_MGMT_MBOX_IRQ_TEST		6	/* raise this MSI-X vector */

/* CDNA_MGMT_MBOX_CONTROL */
#define CDNA_CONTROL_ENABLE		0x1	/* admin rings are set: start */
#define CDNA_CONTROL_RESET		0x2	/* all contexts FREE, disabled */

#define CDNA_MGMT_ASQ_BASE_LO		0x80	/* DMA address, 64-byte aligned */
#define CDNA_MGMT_ASQ_BASE_HI		0x84
#define CDNA_MGMT_ACQ_BASE_LO		0x88	/* a struct cdna_ring_header first */
#define CDNA_MGMT_ACQ_BASE_HI		0x8c
#define CDNA_MGMT_ADMIN_SIZE		0x90	/* slots of each, a power of two */
#define CDNA_MGMT_DMA_TEST_ADDR_LO	0x94	/* struct cdna_dma_test */
#define CDNA_MGMT_DMA_TEST_ADDR_HI	0x98

#define CDNA_MIN_ADMIN_RING		4
#define CDNA_MAX_ADMIN_RING		256

/* Register page: constant but for STATUS and DMA_TEST. */
#define CDNA_REG_ABI			0x00	/* CDNA_ABI_VERSION */
#define CDNA_REG_MAGIC			0x04	/* CDNA_MAGIC */
#define CDNA_REG_STATUS			0x08	/* CDNA_STATUS_* */
#define CDNA_REG_CONTEXTS		0x0c	/* contexts that are alive */
#define CDNA_REG_FW_VERSION		0x10	/* major << 24 | minor << 16 | patch */
#define CDNA_REG_DMA_TEST		0x14	/* result: seed it ran with, or ~0 */
#define CDNA_REG_BOOT_ID		0x18	/* differs each time the NIC starts */

#define CDNA_MAGIC			0x414e4443	/* "CDNA" in memory */

/* CDNA_REG_STATUS */
#define CDNA_STATUS_READY		0x1	/* firmware runs */
#define CDNA_STATUS_ENABLED		0x2	/* admin queue is served */
#define CDNA_STATUS_LINK		0x4	/* wire is up */
#define CDNA_STATUS_FATAL		0x8	/* firmware stopped: reset it */

#define CDNA_DMA_TEST_BYTES		64
#define CDNA_DMA_TEST_FAILED		0xffffffffu

/**
 * struct cdna_dma_test - the block of the DMA self-test
 * @in: written by the host
 * @out: written by the NIC: each byte of @in XOR the low byte of the seed
 *
 * The host stores the block's address, fills @in, and stores a nonzero seed
 * into CDNA_MGMT_MBOX_DMA_TEST. The NIC then sets CDNA_REG_DMA_TEST to the
 * seed, or to CDNA_DMA_TEST_FAILED if it could not reach the block. It works
 * before the admin queue is set up, so that a host whose memory the NIC
 * cannot see says so instead of timing out.
 */
struct cdna_dma_test {
	__u8 in[CDNA_DMA_TEST_BYTES];
	__u8 out[CDNA_DMA_TEST_BYTES];
};

CDNA_ASSERT_SIZE(struct cdna_dma_test, 128);

#endif /* CDNA_REGS_H */
