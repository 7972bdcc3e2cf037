/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trap benchmark: a context with one transmit queue, and what is timed on it.
 */
#ifndef CDNA_TRAP_H
#define CDNA_TRAP_H

#include <linux/io.h>
#include <linux/pci.h>

#include <cdna/vdev.h>

#define TRAP_SLOTS		1024
#define TRAP_BUFFERS		64	/* each on a page of its own */
#define TRAP_QUEUE		CDNA_VQUEUE(0, CDNA_DIR_TX)

/**
 * struct trap_bench - what is measured
 * @pdev: the context
 * @mbox: its mailbox page
 * @regs: its register page
 * @kick: where virtio-rng is notified of its queue, or NULL
 * @status: written by the NIC
 * @tails: read by the host
 * @doorbell: watched by the host
 * @ring: shadow ring
 * @buf: DMA address of each frame
 * @prod: free-running index one past the last descriptor posted
 */
struct trap_bench {
	struct pci_dev *pdev;
	void __iomem *mbox;
	void __iomem *regs;
	void __iomem *kick;
	struct cdna_qp_status *status;
	struct cdna_tail_page *tails;
	u32 *doorbell;
	struct cdna_desc_compact *ring;
	dma_addr_t buf[TRAP_BUFFERS];
	u32 prod;
};

static inline u32 trap_load(struct trap_bench *bench, u32 reg)
{
	return readl(bench->regs + reg);
}

int trap_measure(struct trap_bench *bench);

#endif /* CDNA_TRAP_H */
