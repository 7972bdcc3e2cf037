/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The NIC on the PCI bus, for the files of this room only: the rooms above see
 * it through cdna_provider.h.
 *
 * Theory of operation
 *
 * cdna_pci.c brings the NIC up, offers its contexts to the rooms above, and
 * takes it down in reverse. All else is a service that it starts:
 *
 *   cdna_nic          registers: whether this is a NIC that we know; reset
 *   cdna_selftest     whether DMA and interrupts arrive where they should
 *   cdna_adminq       privileged commands; a caller sleeps until its completion
 *   cdna_nic_cmd      one function per command that this room itself gives
 *   cdna_nic_info     what the NIC is, bounded once
 *   cdna_events       faults and link changes, reported to the rooms above
 *   cdna_source       which bit of the vector is whose; cdna_bitvec is its ring
 *   cdna_irq          two vectors: admin and events, bit vectors
 *   cdna_throttle     how often the second may come
 *   cdna_health       whether the NIC is alive, and its death
 *   cdna_nic_ops      the table of operations that the rooms above call
 *   cdna_devlink, cdna_fw_reporter, cdna_sysfs   what administrators see
 *
 * Calls go one way. Any service may find the NIC dead and reports it to
 * cdna_health, which is below them all; what they then have to do is handed
 * down by cdna_pci.c as cdna_health.dead().
 *
 *   cdna_pci
 *      cdna_nic_ops, cdna_irq, cdna_nic_info, cdna_fw_reporter, cdna_throttle
 *         cdna_events, cdna_source, cdna_nic_cmd
 *            cdna_adminq
 *               cdna_health
 *                  registers
 *
 * States
 *
 *             pci_probe()                       pci_remove()
 *                  |                                 |
 *                  v                                 v
 *   nothing --> probing --> ready -------------> removed --> nothing
 *      ^           |          |                      ^
 *      |  failed   |          | cdna_health_fail()   |
 *      +-----------+          v                      |
 *                           dying ---------------> dead
 *                                 health_death()
 *
 *   probing   Memory is allocated, DMA and interrupts are tested, the admin
 *             queue is opened, and the NIC gets its rings. Nobody outside of
 *             this room knows it. A failure undoes all, after one message.
 *   ready     Contexts are offered, commands run, callbacks are made, and the
 *             watchdog checks once a second.
 *   dying     cdna_health.reason is set, from any context, once: the first
 *             reason is kept. Nothing else changes yet; commands that are not
 *             answered wait for the next state.
 *   dead      DMA is cut off, cdna_provider.dead is set, commands fail with
 *             -ENODEV, the rooms above are notified and unpin, devlink is
 *             notified: in this order. Only a new probe leads out of it.
 *   removed   The rooms above have released all contexts. Failures are no
 *             longer looked for or acted on, DMA is stopped, and everything
 *             is freed. pci_shutdown() goes as far as to stop DMA.
 *
 * Who may sleep
 *
 *   probe, remove, commands, binding of sources, events, death, watchdog  yes
 *   interrupts, and source handlers, which are called from one             no
 *   cdna_health_fail(), cdna_adminq_poll(), cdna_events_kick()             no
 *
 * Locks (Documentation/locking.rst has all of the module)
 *
 *   cdna_events.lock    mutex, outermost: held over callbacks
 *   cdna_sources.lock   mutex: changes of the table of sources
 *   cdna_throttle.lock  mutex: the bound of interrupts
 *   cdna_adminq.lock    spinlock, innermost: taken in the interrupt
 *
 * The bit-vector ring needs none: its interrupt is its only reader. Nor does
 * the event ring, whose only reader is a work.
 */
#ifndef CDNA_NIC_H
#define CDNA_NIC_H

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include <cdna/regs.h>

#include "cdna_provider.h"
#include "nic/cdna_adminq.h"
#include "nic/cdna_events.h"
#include "nic/cdna_health.h"
#include "nic/cdna_source.h"
#include "nic/cdna_throttle.h"

/* A partition is one page that is mapped into a guest, and nothing else is. */
static_assert(PAGE_SIZE == CDNA_PAGE_SIZE, "the kernel's pages are not 4 KiB");
static_assert(CDNA_PARTITION_SIZE == PAGE_SIZE, "partitions are not pages");

/**
 * struct cdna_vector - an MSI-X vector
 * @nic: the NIC that raises it
 * @count: interrupts so far
 */
struct cdna_vector {
	struct cdna_nic *nic;
	atomic_t count;
};

/**
 * struct cdna_nic - a NIC on the PCI bus
 * @provider: what the rooms above see of it
 * @pdev: its PCI function
 * @sram: BAR 0
 * @boot_id: differs each time the NIC starts
 * @vector: by CDNA_VECTOR_*
 * @wq: events, the watchdog, the NIC's death
 * @health: whether it is alive
 * @adminq: commands
 * @events: what the NIC reports
 * @sources: bit vectors
 * @throttle: the bound of their interrupts
 * @cons_dma: DMA address of @provider.cons
 * @stats_lock: one reads @stats at a time
 * @stats: where the NIC writes counters
 * @stats_dma: DMA address of that
 * @reporter: its health, for devlink
 * @dma_blocks: blocks that the DMA self-test passed
 * @irq_vectors: vectors that the interrupt self-test passed
 */
struct cdna_nic {
	struct cdna_provider provider;
	struct pci_dev *pdev;
	void __iomem *sram;
	u32 boot_id;
	struct cdna_vector vector[CDNA_NR_VECTORS];
	struct workqueue_struct *wq;
	struct cdna_health health;
	struct cdna_adminq adminq;
	struct cdna_events events;
	struct cdna_sources sources;
	struct cdna_throttle throttle;
	dma_addr_t cons_dma;
	struct mutex stats_lock;	/* protects what @stats points to */
	struct cdna_stats *stats;
	dma_addr_t stats_dma;
	struct devlink_health_reporter *reporter;
	u32 dma_blocks;
	u32 irq_vectors;
};

static inline struct cdna_nic *cdna_nic_of(struct cdna_provider *provider)
{
	return container_of(provider, struct cdna_nic, provider);
}

static inline struct device *cdna_nic_dev(const struct cdna_nic *nic)
{
	return &nic->pdev->dev;
}

/* A word of the register page. Each read is a trip over the bus. */
static inline u32 cdna_nic_read(const struct cdna_nic *nic, u32 reg)
{
	return readl(nic->sram + CDNA_REGISTER_PAGE + reg);
}

/* A plain word of the management page */
static inline void cdna_nic_write(const struct cdna_nic *nic, u32 offset,
				  u32 value)
{
	writel(value, nic->sram + CDNA_MGMT_PAGE + offset);
}

/* The two plain words, low first, that hold a DMA address */
static inline void cdna_nic_write_addr(const struct cdna_nic *nic, u32 offset,
				       dma_addr_t addr)
{
	cdna_nic_write(nic, offset, lower_32_bits(addr));
	cdna_nic_write(nic, offset + 4, upper_32_bits(addr));
}

/*
 * A mailbox of the management page. What was written to memory before is
 * visible to the NIC when it sees the store: writel() orders them.
 */
static inline void cdna_nic_mbox(const struct cdna_nic *nic, u32 mbox,
				 u32 value)
{
	cdna_nic_write(nic, CDNA_MBOX_OFFSET(mbox), value);
}

int cdna_nic_check(struct cdna_nic *nic);
int cdna_nic_reset(struct cdna_nic *nic);

#endif /* CDNA_NIC_H */
