// SPDX-License-Identifier: GPL-2.0-only
/*
 * Self-tests at probe: does the NIC write to this machine's memory, exactly
 * where it should, and do its interrupts arrive? In a virtual machine whose
 * memory is not shared with the NIC's process, DMA silently goes elsewhere. Such
 * a NIC must not be used.
 */
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/random.h>
#include <linux/string.h>

#include "nic/cdna_nic.h"
#include "nic/cdna_selftest.h"

#define SELFTEST_DMA_US		1000000
#define SELFTEST_IRQ_US		2000000
#define SELFTEST_IRQ_ROUNDS	2

/* Two pages next to each other, so that a block can lie across them */
#define SELFTEST_ORDER		1
#define SELFTEST_BYTES		(PAGE_SIZE << SELFTEST_ORDER)
#define SELFTEST_CANARY		0xa5

/**
 * struct selftest_memory - memory to test with
 * @cpu: its address here
 * @dma: its address on the bus
 */
struct selftest_memory {
	u8 *cpu;
	dma_addr_t dma;
};

static void selftest_fill(u8 *in, u32 pattern)
{
	u32 i;

	switch (pattern) {
	case 0:
		memset(in, 0x00, CDNA_DMA_TEST_BYTES);
		break;
	case 1:
		memset(in, 0xff, CDNA_DMA_TEST_BYTES);
		break;
	case 2:
		for (i = 0; i < CDNA_DMA_TEST_BYTES; i++)
			in[i] = i;
		break;
	default:
		get_random_bytes(in, CDNA_DMA_TEST_BYTES);
	}
}

#define SELFTEST_PATTERNS	4

/* A seed that no earlier run has left in the result register. */
static u32 selftest_seed(const struct cdna_nic *nic)
{
	u32 last = cdna_nic_read(nic, CDNA_REG_DMA_TEST), seed;

	do {
		seed = get_random_u32();
	} while (!seed || seed == CDNA_DMA_TEST_FAILED || seed == last);
	return seed;
}

/* Have the NIC process the block at @addr. */
static int selftest_run(struct cdna_nic *nic, dma_addr_t addr, u32 seed)
{
	u32 result;

	cdna_nic_write_addr(nic, CDNA_MGMT_DMA_TEST_ADDR_LO, addr);
	cdna_nic_mbox(nic, CDNA_MGMT_MBOX_DMA_TEST, seed);
	if (read_poll_timeout(cdna_nic_read, result,
			      result == seed || result == CDNA_DMA_TEST_FAILED,
			      100, SELFTEST_DMA_US, false, nic,
			      CDNA_REG_DMA_TEST)) {
		dev_err(cdna_nic_dev(nic),
			"dma_selftest failed: the NIC did not complete it\n");
		return -EIO;
	}
	if (result != seed) {
		dev_err(cdna_nic_dev(nic),
			"dma_selftest failed: the NIC cannot reach address %pad\n",
			&addr);
		return -EIO;
	}
	return 0;
}

/* Nothing but the block's output may have changed. */
static bool selftest_verify(const u8 *cpu, u32 offset, const u8 *in, u32 seed)
{
	const struct cdna_dma_test *block = (const void *)(cpu + offset);
	u32 end = offset + sizeof(*block), i;

	for (i = 0; i < CDNA_DMA_TEST_BYTES; i++)
		if (block->out[i] != (in[i] ^ (u8)seed))
			return false;
	return !memcmp(block->in, in, CDNA_DMA_TEST_BYTES) &&
	       !memchr_inv(cpu, SELFTEST_CANARY, offset) &&
	       !memchr_inv(cpu + end, SELFTEST_CANARY, SELFTEST_BYTES - end);
}

static int selftest_block(struct cdna_nic *nic,
			  const struct selftest_memory *memory, u32 offset,
			  u32 pattern)
{
	struct cdna_dma_test *block = (void *)(memory->cpu + offset);
	struct device *dev = cdna_nic_dev(nic);
	dma_addr_t addr = memory->dma + offset;
	u8 in[CDNA_DMA_TEST_BYTES];
	u32 seed = selftest_seed(nic);
	int err;

	selftest_fill(in, pattern);
	memset(memory->cpu, SELFTEST_CANARY, SELFTEST_BYTES);
	memcpy(block->in, in, sizeof(in));
	dma_sync_single_for_device(dev, memory->dma, SELFTEST_BYTES,
				   DMA_BIDIRECTIONAL);
	err = selftest_run(nic, addr, seed);
	dma_sync_single_for_cpu(dev, memory->dma, SELFTEST_BYTES,
				DMA_BIDIRECTIONAL);
	if (err)
		return err;
	if (!selftest_verify(memory->cpu, offset, in, seed)) {
		dev_err(dev,
			"dma_selftest failed: memory at %pad does not contain what the NIC reported to have written; if this machine is virtual, its memory must be shared with the NIC's process (share=on)\n",
			&addr);
		return -EIO;
	}
	nic->dma_blocks++;
	return 0;
}

/* All patterns at all offsets of one piece of memory */
static int selftest_memory(struct cdna_nic *nic,
			   const struct selftest_memory *memory)
{
	static const u32 offsets[] = {
		0,
		sizeof(struct cdna_dma_test) / 2 + 8,
		PAGE_SIZE - sizeof(struct cdna_dma_test) / 2,
		SELFTEST_BYTES - sizeof(struct cdna_dma_test),
	};
	u32 i, pattern;
	int err;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		for (pattern = 0; pattern < SELFTEST_PATTERNS; pattern++) {
			err = selftest_block(nic, memory, offsets[i], pattern);
			if (err)
				return err;
		}
	}
	return 0;
}

static int selftest_zone(struct cdna_nic *nic, gfp_t gfp)
{
	struct device *dev = cdna_nic_dev(nic);
	struct selftest_memory memory;
	int err;

	memory.cpu = (void *)__get_free_pages(gfp, SELFTEST_ORDER);
	if (!memory.cpu)
		return -ENOMEM;
	memory.dma = dma_map_single(dev, memory.cpu, SELFTEST_BYTES,
				    DMA_BIDIRECTIONAL);
	err = dma_mapping_error(dev, memory.dma);
	if (err)
		goto err_pages;

	err = selftest_memory(nic, &memory);
	/* A NIC that failed may write late: keep it away from freed memory. */
	if (err)
		pci_clear_master(nic->pdev);

	dma_unmap_single(dev, memory.dma, SELFTEST_BYTES, DMA_BIDIRECTIONAL);
err_pages:
	free_pages((unsigned long)memory.cpu, SELFTEST_ORDER);
	return err;
}

/**
 * cdna_selftest_dma - test whether the NIC reaches this machine's memory
 * @nic: the NIC, as a bus master; its admin queue need not be set up
 *
 * Tests low memory and any memory, at several offsets, across a page boundary,
 * with several patterns, and checks that the surroundings are unchanged.
 *
 * Context: process; polls for up to a second per block.
 * Return: 0, -EIO after a message, or -ENOMEM.
 */
int cdna_selftest_dma(struct cdna_nic *nic)
{
	int err;

	nic->dma_blocks = 0;
	err = selftest_zone(nic, GFP_KERNEL | GFP_DMA32);
	if (err)
		return err;
	err = selftest_zone(nic, GFP_KERNEL);
	if (err)
		return err;
	dev_info(cdna_nic_dev(nic), "dma_selftest ok %u blocks\n",
		 nic->dma_blocks);
	return 0;
}

/* How many interrupts came on other vectors than @which */
static u32 selftest_others(const struct cdna_nic *nic, u32 which)
{
	u32 i, count = 0;

	for (i = 0; i < CDNA_NR_VECTORS; i++)
		if (i != which)
			count += atomic_read(&nic->vector[i].count);
	return count;
}

static int selftest_vector(struct cdna_nic *nic, u32 which)
{
	const atomic_t *count = &nic->vector[which].count;
	u32 others = selftest_others(nic, which);
	int before = atomic_read(count), now;

	cdna_nic_mbox(nic, CDNA_MGMT_MBOX_IRQ_TEST, which);
	if (read_poll_timeout(atomic_read, now, now != before, 100,
			      SELFTEST_IRQ_US, false, count)) {
		dev_err(cdna_nic_dev(nic),
			"irq_selftest failed: vector %u did not arrive\n",
			which);
		return -EIO;
	}
	if (selftest_others(nic, which) != others) {
		dev_err(cdna_nic_dev(nic),
			"irq_selftest failed: vector %u arrived as another\n",
			which);
		return -EIO;
	}
	return 0;
}

/**
 * cdna_selftest_irq - test whether each vector arrives, and as itself
 * @nic: the NIC, with its vectors requested and its admin queue not enabled
 *
 * Context: process; polls for up to two seconds per vector.
 * Return: 0, or -EIO after a message.
 */
int cdna_selftest_irq(struct cdna_nic *nic)
{
	u32 i, round;
	int err;

	for (i = 0; i < CDNA_NR_VECTORS; i++) {
		for (round = 0; round < SELFTEST_IRQ_ROUNDS; round++) {
			err = selftest_vector(nic, i);
			if (err)
				return err;
		}
		nic->irq_vectors = i + 1;
	}
	dev_info(cdna_nic_dev(nic), "irq_selftest ok %u vectors\n",
		 nic->irq_vectors);
	return 0;
}
