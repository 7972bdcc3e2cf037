// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a trap costs, seen from inside a guest: creates one transmit queue of its
 * context through the ABI, and measures when it is loaded.
 */
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/unaligned.h>
#include <linux/virtio_pci.h>

#include "trap.h"

#define VIRTIO_ID_RNG		0x1044

static void trap_store64(struct trap_bench *bench, u32 reg_lo, u64 value)
{
	writel(lower_32_bits(value), bench->regs + reg_lo);
	writel(upper_32_bits(value), bench->regs + reg_lo + 4);
}

static int trap_command(struct trap_bench *bench, u32 command)
{
	u32 result;

	writel(command, bench->regs + CDNA_VREG_COMMAND);
	result = trap_load(bench, CDNA_VREG_RESULT);
	if (!result)
		return 0;
	dev_err(&bench->pdev->dev, "command %u: result %u\n", command, result);
	return -EIO;
}

/* Frames of an experimental protocol to nobody: the wire's other end drops
 * them.
 */
static int trap_make_frames(struct trap_bench *bench)
{
	struct ethhdr *frame;
	u8 mac[8];
	u32 i;

	put_unaligned_le32(trap_load(bench, CDNA_VREG_MAC_LO), mac);
	put_unaligned_le32(trap_load(bench, CDNA_VREG_MAC_HI), mac + 4);
	for (i = 0; i < TRAP_BUFFERS; i++) {
		frame = dmam_alloc_coherent(&bench->pdev->dev, CDNA_PAGE_SIZE,
					    &bench->buf[i], GFP_KERNEL);
		if (!frame)
			return -ENOMEM;
		eth_random_addr(frame->h_dest);
		ether_addr_copy(frame->h_source, mac);
		frame->h_proto = htons(ETH_P_802_EX1);
	}
	return 0;
}

static int trap_activate(struct trap_bench *bench)
{
	const u32 wanted = CDNA_VFEAT_TRAP_REG | CDNA_VFEAT_TRAP_PAGE;
	struct device *dev = &bench->pdev->dev;
	dma_addr_t status, tails, doorbell;

	if ((trap_load(bench, CDNA_VREG_FEATURES) & wanted) != wanted) {
		dev_err(dev, "the host offers no doorbell page\n");
		return -EOPNOTSUPP;
	}
	bench->status = dmam_alloc_coherent(dev, CDNA_PAGE_SIZE, &status,
					    GFP_KERNEL);
	bench->tails = dmam_alloc_coherent(dev, CDNA_PAGE_SIZE, &tails,
					   GFP_KERNEL);
	bench->doorbell = dmam_alloc_coherent(dev, CDNA_PAGE_SIZE, &doorbell,
					      GFP_KERNEL);
	if (!bench->status || !bench->tails || !bench->doorbell)
		return -ENOMEM;

	writel(wanted, bench->regs + CDNA_VREG_ARG_FEATURES);
	trap_store64(bench, CDNA_VREG_ARG_STATUS_LO, status);
	trap_store64(bench, CDNA_VREG_ARG_TAILS_LO, tails);
	trap_store64(bench, CDNA_VREG_ARG_DOORBELL_LO, doorbell);
	return trap_command(bench, CDNA_VCMD_ACTIVATE);
}

static int trap_create_queue(struct trap_bench *bench)
{
	dma_addr_t ring;

	bench->ring = dmam_alloc_coherent(&bench->pdev->dev,
					  TRAP_SLOTS * sizeof(*bench->ring),
					  &ring, GFP_KERNEL);
	if (!bench->ring)
		return -ENOMEM;
	writel(TRAP_QUEUE, bench->regs + CDNA_VREG_ARG_QUEUE);
	writel(CDNA_FORMAT_COMPACT, bench->regs + CDNA_VREG_ARG_FORMAT);
	writel(TRAP_SLOTS, bench->regs + CDNA_VREG_ARG_SLOTS);
	writel(0, bench->regs + CDNA_VREG_ARG_OFFLOADS);
	trap_store64(bench, CDNA_VREG_ARG_RING_LO, ring);
	return trap_command(bench, CDNA_VCMD_QUEUE_CREATE);
}

/* The notification address of virtio-rng's queue: a store there is a kick
 * that its driver did not mean, which the device bears.
 */
static int trap_find_kick(struct trap_bench *bench)
{
	struct pci_dev *rng = pci_get_device(PCI_VENDOR_ID_REDHAT_QUMRANET,
					     VIRTIO_ID_RNG, NULL);
	u32 offset;
	u8 at, type, bar;

	if (!rng)
		return -ENODEV;
	for (at = pci_find_capability(rng, PCI_CAP_ID_VNDR); at;
	     at = pci_find_next_capability(rng, at, PCI_CAP_ID_VNDR)) {
		pci_read_config_byte(rng, at + VIRTIO_PCI_CAP_CFG_TYPE, &type);
		if (type != VIRTIO_PCI_CAP_NOTIFY_CFG)
			continue;
		pci_read_config_byte(rng, at + VIRTIO_PCI_CAP_BAR, &bar);
		pci_read_config_dword(rng, at + VIRTIO_PCI_CAP_OFFSET,
				      &offset);
		bench->kick = devm_ioremap(&bench->pdev->dev,
					   pci_resource_start(rng, bar) +
					   offset, sizeof(u32));
		break;
	}
	pci_dev_put(rng);
	return bench->kick ? 0 : -ENODEV;
}

static int trap_map(struct trap_bench *bench)
{
	struct pci_dev *pdev = bench->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (ret)
		return ret;
	bench->mbox = pcim_iomap(pdev, CDNA_VDEV_BAR_MAILBOX, 0);
	bench->regs = pcim_iomap(pdev, CDNA_VDEV_BAR_REGS, 0);
	if (!bench->mbox || !bench->regs)
		return -ENOMEM;
	if (trap_load(bench, CDNA_VREG_MAGIC) != CDNA_VDEV_MAGIC ||
	    trap_load(bench, CDNA_VREG_ABI) != CDNA_VDEV_ABI_VERSION)
		return -ENODEV;
	return trap_find_kick(bench);
}

static int trap_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct trap_bench *bench;
	int ret;

	bench = devm_kzalloc(&pdev->dev, sizeof(*bench), GFP_KERNEL);
	if (!bench)
		return -ENOMEM;
	bench->pdev = pdev;
	ret = trap_map(bench);
	if (!ret)
		ret = trap_make_frames(bench);
	if (!ret)
		ret = trap_activate(bench);
	if (!ret)
		ret = trap_create_queue(bench);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "cannot start\n");

	ret = trap_measure(bench);
	if (!ret)
		ret = trap_command(bench, CDNA_VCMD_QUEUE_DRAIN);
	/* No DMA reaches the pages once the queue and they are forgotten. */
	trap_command(bench, CDNA_VCMD_RESET);
	dev_info(&pdev->dev, "finished %d\n", ret);
	return ret;
}

static const struct pci_device_id trap_ids[] = {
	{ PCI_DEVICE(CDNA_PCI_VENDOR_ID, CDNA_PCI_DEVICE_ID_CONTEXT) },
	{}
};
MODULE_DEVICE_TABLE(pci, trap_ids);

static struct pci_driver trap_driver = {
	.name = "cdna_trap",
	.id_table = trap_ids,
	.probe = trap_probe,
};
module_pci_driver(trap_driver);

MODULE_DESCRIPTION("Cost of a CDNA trap, measured in a guest");
MODULE_LICENSE("GPL");
