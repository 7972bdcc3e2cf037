/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The PCI NIC, as the provider's files see it. Nothing of the mediated side
 * includes this.
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

#include "nic/cdna_adminq.h"
#include "nic/cdna_events.h"
#include "cdna_provider.h"
#include "nic/cdna_source.h"

/* A partition is one page that is mapped into a guest, and no more. */
static_assert(PAGE_SIZE == CDNA_PAGE_SIZE, "the kernel's pages are not 4 KiB");
static_assert(CDNA_PARTITION_SIZE == PAGE_SIZE, "partitions are not pages");

/**
 * struct cdna_vector - an MSI-X vector
 * @nic: whose
 * @count: interrupts so far
 */
struct cdna_vector {
	struct cdna_nic *nic;
	atomic_t count;
};

/**
 * struct cdna_nic - a NIC on the PCI bus
 * @provider: what the mediated side sees of it
 * @pdev: its PCI function
 * @sram: BAR 0
 * @boot_id: differs each time the NIC starts
 * @vector: by CDNA_VECTOR_*
 * @wq: events, the watchdog, the NIC's death
 * @adminq: commands
 * @events: what the NIC tells
 * @sources: bit vectors
 * @identify: where it writes what it is
 * @identify_dma: DMA address of @identify
 * @cons: consumer table, which is also @provider.cons
 * @cons_dma: DMA address of @cons
 * @watchdog: looks once in a while whether the NIC is there
 * @death: makes the NIC dead
 * @dying: the reason, set once
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
	struct cdna_adminq adminq;
	struct cdna_events events;
	struct cdna_sources sources;
	struct cdna_identify *identify;
	dma_addr_t identify_dma;
	struct cdna_host_cons *cons;
	dma_addr_t cons_dma;
	struct delayed_work watchdog;
	struct work_struct death;
	const char *dying;
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

/* cdna_hw.c: bringing it up and down */
int cdna_hw_check(struct cdna_nic *nic);
int cdna_hw_reset(struct cdna_nic *nic);
int cdna_hw_alloc(struct cdna_nic *nic);
void cdna_hw_free(struct cdna_nic *nic);
int cdna_hw_identify(struct cdna_nic *nic);
int cdna_hw_set_rings(struct cdna_nic *nic);

/* cdna_identify.c: what it says that it is */
int cdna_identify_take(struct cdna_nic *nic, const struct cdna_identify *id);

/* cdna_health.c: finding out that it is dead */
int cdna_health_init(struct cdna_nic *nic);
void cdna_health_destroy(struct cdna_nic *nic);
void cdna_health_start(struct cdna_nic *nic);
void cdna_health_stop(struct cdna_nic *nic);
void cdna_health_fail(struct cdna_nic *nic, const char *why);

/* cdna_selftest.c */
int cdna_selftest_dma(struct cdna_nic *nic);
int cdna_selftest_irq(struct cdna_nic *nic);

/* cdna_irq.c */
int cdna_irq_request(struct cdna_nic *nic);
void cdna_irq_free(struct cdna_nic *nic);

/* cdna_sysfs.c */
extern const struct attribute_group *cdna_sysfs_groups[];

/* cdna_provider.c */
extern const struct cdna_provider_ops cdna_provider_ops;

/* cdna_reporter.c: its health, for devlink */
int cdna_reporter_create(struct cdna_nic *nic);
void cdna_reporter_destroy(struct cdna_nic *nic);
void cdna_reporter_dead(struct cdna_nic *nic);

/* cdna_devlink.c */
struct cdna_nic *cdna_devlink_alloc(struct device *dev);
void cdna_devlink_free(struct cdna_nic *nic);

#endif /* CDNA_NIC_H */
