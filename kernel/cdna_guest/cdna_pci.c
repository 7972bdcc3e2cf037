// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context as a PCI function of a virtual machine: probe, removal, power management,
 * reset.
 */
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/module.h>

#include "cdna_netdev.h"
#include "cdna_pci.h"
#include "cdna_probe.h"
#include "cdna_recover.h"

static struct pci_dev *pci_of(const struct cdna_dev *dev)
{
	return to_pci_dev(dev->device);
}

/* Reads and writes trap into the host's user space. */

static u32 pci_read(struct cdna_dev *dev, u32 reg)
{
	return readl(dev->regs + reg);
}

static void pci_write(struct cdna_dev *dev, u32 reg, u32 value)
{
	writel(value, dev->regs + reg);
}

/* writel() orders it after the tails. */
static void pci_trap(struct cdna_dev *dev, u32 value)
{
	writel(value, dev->regs + CDNA_VREG_TRAP);
}

static void pci_master(struct cdna_dev *dev, bool on)
{
	if (on)
		pci_set_master(pci_of(dev));
	else
		pci_clear_master(pci_of(dev));
}

static bool pci_enable_memory(struct cdna_dev *dev)
{
	u16 command;

	pci_read_config_word(pci_of(dev), PCI_COMMAND, &command);
	if (PCI_POSSIBLE_ERROR(command) || command & PCI_COMMAND_MEMORY)
		return false;
	dev_warn_ratelimited(dev->device,
			     "memory decoding of this device was switched off; switching it on again\n");
	pci_write_config_word(pci_of(dev), PCI_COMMAND,
			      command | PCI_COMMAND_MEMORY);
	return true;
}

static int pci_irq(struct cdna_dev *dev, u32 vector, irq_handler_t handler,
		   const char *name, void *data)
{
	int irq = pci_irq_vector(pci_of(dev), vector);
	int ret;

	if (irq < 0)
		return irq;
	ret = request_irq(irq, handler, 0, name, data);
	return ret ? ret : irq;
}

static void pci_irq_free(struct cdna_dev *dev, u32 vector, void *data)
{
	free_irq(pci_irq_vector(pci_of(dev), vector), data);
}

static const struct cdna_bus_ops pci_ops = {
	.mac_owner = "with the machine shut down, set mac_address of its mediated device on the host, or guest_mac to on",
	.read = pci_read,
	.write = pci_write,
	.trap = pci_trap,
	.set_master = pci_master,
	.enable_memory = pci_enable_memory,
	.request_irq = pci_irq,
	.free_irq = pci_irq_free,
};

static void __iomem *pci_map_bar(struct pci_dev *pdev, int bar,
				 resource_size_t bytes)
{
	void __iomem *map = IOMEM_ERR_PTR(-ENODEV);

	if (pci_resource_flags(pdev, bar) & IORESOURCE_MEM &&
	    pci_resource_len(pdev, bar) >= bytes)
		map = pcim_iomap_region(pdev, bar, CDNA_DRV_NAME);
	if (!IS_ERR(map))
		return map;
	dev_err(&pdev->dev, "BAR %d, of %llu bytes, cannot be used: %pe\n",
		bar, (u64)bytes, map);
	return NULL;
}

static int pci_map(struct cdna_dev *dev)
{
	struct pci_dev *pdev = pci_of(dev);
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (ret)
		return ret;
	/* A bounce buffer crosses pages where the frame does. */
	dma_set_min_align_mask(&pdev->dev, CDNA_PAGE_SIZE - 1);
	dev->mbox = pci_map_bar(pdev, CDNA_VDEV_BAR_MAILBOX,
				CDNA_VDEV_BAR_MAILBOX_SIZE);
	dev->regs = pci_map_bar(pdev, CDNA_VDEV_BAR_REGS,
				CDNA_VDEV_BAR_REGS_SIZE);
	if (!dev->mbox || !dev->regs)
		return -ENODEV;
	return 0;
}

/* A machine that is short of vectors uses fewer queue pairs. */
static int pci_irqs(struct cdna_dev *dev)
{
	struct pci_dev *pdev = pci_of(dev);
	u32 least = CDNA_VDEV_VECTOR_QP(1);
	int ret;

	ret = pci_alloc_irq_vectors(pdev, least,
				    CDNA_VDEV_VECTOR_QP(dev->caps.max_qps),
				    PCI_IRQ_MSIX);
	if (ret < 0) {
		dev_err(&pdev->dev, "cannot allocate %u interrupt vectors\n",
			least);
		return ret;
	}
	dev->caps.max_qps = ret - CDNA_VDEV_VECTOR_QP(0);
	dev->nr_qps = min(dev->nr_qps, dev->caps.max_qps);
	ret = pci_request_irq(pdev, CDNA_VDEV_VECTOR_EVENT, cdna_recover_irq,
			      NULL, dev, "%s-event@%s", CDNA_DRV_NAME,
			      pci_name(pdev));
	if (ret)
		pci_free_irq_vectors(pdev);
	return ret;
}

static void pci_free_irqs(struct cdna_dev *dev)
{
	pci_free_irq(pci_of(dev), CDNA_VDEV_VECTOR_EVENT, dev);
	pci_free_irq_vectors(pci_of(dev));
}

static int pci_start(struct cdna_dev *dev)
{
	int ret = pci_map(dev);

	return ret ? ret : cdna_probe_start(dev);
}

static int pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct cdna_dev *dev;
	int ret;

	dev = cdna_netdev_create(&pdev->dev, &pci_ops);
	if (!dev)
		return -ENOMEM;
	pci_set_drvdata(pdev, dev);
	ret = pci_start(dev);
	if (ret)
		goto err_abort;
	pci_set_master(pdev);
	ret = pci_irqs(dev);
	if (ret)
		goto err_master;
	pci_save_state(pdev);
	ret = cdna_probe_finish(dev);
	if (ret)
		goto err_irqs;
	return 0;

err_irqs:
	pci_free_irqs(dev);
err_master:
	pci_clear_master(pdev);
err_abort:
	cdna_probe_abort(dev);
	return ret;
}

static void pci_remove(struct pci_dev *pdev)
{
	struct cdna_dev *dev = pci_get_drvdata(pdev);

	cdna_probe_undo(dev);
	pci_free_irqs(dev);
	pci_clear_master(pdev);
	free_netdev(dev->netdev);
}

/* The next kernel finds a device without DMA. */
static void pci_shutdown(struct pci_dev *pdev)
{
	cdna_recover_pause(pci_get_drvdata(pdev));
	pci_clear_master(pdev);
}

static int pci_suspend(struct device *device)
{
	cdna_recover_pause(dev_get_drvdata(device));
	return 0;
}

static int pci_resume(struct device *device)
{
	struct cdna_dev *dev = dev_get_drvdata(device);

	pci_set_master(pci_of(dev));
	return cdna_recover_resume(dev);
}

static DEFINE_SIMPLE_DEV_PM_OPS(pci_pm, pci_suspend, pci_resume);

static pci_ers_result_t pci_error_detected(struct pci_dev *pdev,
					   pci_channel_state_t state)
{
	cdna_recover_pause(pci_get_drvdata(pdev));
	return state == pci_channel_io_perm_failure ?
	       PCI_ERS_RESULT_DISCONNECT : PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t pci_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	pci_save_state(pdev);
	pci_set_master(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

static void pci_error_resume(struct pci_dev *pdev)
{
	cdna_recover_resume(pci_get_drvdata(pdev));
}

static void pci_reset_prepare(struct pci_dev *pdev)
{
	cdna_recover_pause(pci_get_drvdata(pdev));
}

/* Failures are logged. */
static void pci_reset_done(struct pci_dev *pdev)
{
	pci_set_master(pdev);
	cdna_recover_resume(pci_get_drvdata(pdev));
}

static const struct pci_error_handlers pci_error_handlers = {
	.error_detected = pci_error_detected,
	.slot_reset = pci_slot_reset,
	.resume = pci_error_resume,
	.reset_prepare = pci_reset_prepare,
	.reset_done = pci_reset_done,
};

static const struct pci_device_id pci_context_ids[] = {
	{ PCI_DEVICE(CDNA_PCI_VENDOR_ID, CDNA_PCI_DEVICE_ID_CONTEXT) },
	{}
};
MODULE_DEVICE_TABLE(pci, pci_context_ids);

struct pci_driver cdna_context_driver = {
	.name = CDNA_DRV_NAME,
	.id_table = pci_context_ids,
	.probe = pci_probe,
	.remove = pci_remove,
	.shutdown = pci_shutdown,
	.driver.pm = pm_sleep_ptr(&pci_pm),
	.err_handler = &pci_error_handlers,
};
