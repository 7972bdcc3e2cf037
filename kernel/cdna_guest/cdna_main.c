// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context on the guest's PCI bus: found, let go, put to sleep, reset.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <cdna/version.h>

#include "cdna_qp.h"
#include "cdna_vcmd.h"
#include "cdna_vreg.h"

static void __iomem *main_map_bar(struct pci_dev *pdev, int bar,
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

static int main_map(struct cdna_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (ret)
		return ret;
	/* A bounce buffer crosses pages where the frame does. */
	dma_set_min_align_mask(&pdev->dev, CDNA_PAGE_SIZE - 1);
	dev->mbox = main_map_bar(pdev, CDNA_VDEV_BAR_MAILBOX,
				 CDNA_VDEV_BAR_MAILBOX_SIZE);
	dev->regs = main_map_bar(pdev, CDNA_VDEV_BAR_REGS,
				 CDNA_VDEV_BAR_REGS_SIZE);
	if (!dev->mbox || !dev->regs)
		return -ENODEV;
	return 0;
}

static void *main_page(struct cdna_dev *dev, dma_addr_t *dma)
{
	return dmam_alloc_coherent(&dev->pdev->dev, CDNA_PAGE_SIZE, dma,
				   GFP_KERNEL);
}

static int main_alloc(struct cdna_dev *dev)
{
	u32 i;

	dev->status = main_page(dev, &dev->status_dma);
	dev->tails = main_page(dev, &dev->tails_dma);
	dev->doorbell = main_page(dev, &dev->doorbell_dma);
	dev->qp = devm_kcalloc(&dev->pdev->dev, dev->nr_qps, sizeof(*dev->qp),
			       GFP_KERNEL);
	if (!dev->status || !dev->tails || !dev->doorbell || !dev->qp)
		return -ENOMEM;
	for (i = 0; i < dev->nr_qps; i++)
		cdna_qp_init(&dev->qp[i], dev, i);
	return 0;
}

/* What a driver before us may have left, such as that of a kernel that has
 * crashed, goes before bus mastering comes.
 */
static int main_identify(struct cdna_dev *dev)
{
	int ret;

	ret = cdna_vreg_check(dev);
	if (!ret)
		ret = cdna_vcmd_reset(dev);
	if (!ret)
		ret = cdna_caps_identify(dev);
	return ret;
}

static int main_irqs(struct cdna_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
	u32 count = CDNA_VDEV_VECTOR_QP(dev->nr_qps);
	int ret;

	ret = pci_alloc_irq_vectors(pdev, count, count, PCI_IRQ_MSIX);
	if (ret < 0) {
		dev_err(&pdev->dev, "cannot allocate %u interrupt vectors\n",
			count);
		return ret;
	}
	ret = pci_request_irq(pdev, CDNA_VDEV_VECTOR_EVENT, cdna_recover_irq,
			      NULL, dev, "%s-event@%s", CDNA_DRV_NAME,
			      pci_name(pdev));
	if (ret)
		pci_free_irq_vectors(pdev);
	return ret;
}

static void main_free_irqs(struct cdna_dev *dev)
{
	pci_free_irq(dev->pdev, CDNA_VDEV_VECTOR_EVENT, dev);
	pci_free_irq_vectors(dev->pdev);
}

static int main_start(struct cdna_dev *dev)
{
	int ret;

	ret = main_map(dev);
	if (!ret)
		ret = main_identify(dev);
	if (!ret)
		ret = main_alloc(dev);
	return ret;
}

static int main_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct cdna_dev *dev;
	int ret;

	dev = cdna_netdev_create(pdev);
	if (!dev)
		return -ENOMEM;
	pci_set_drvdata(pdev, dev);
	ret = main_start(dev);
	if (ret)
		goto err_free;
	pci_set_master(pdev);
	ret = main_irqs(dev);
	if (ret)
		goto err_master;
	ret = cdna_netdev_register(dev);
	if (ret)
		goto err_irqs;
	pci_save_state(pdev);
	cdna_recover_enable(dev);
	return 0;

err_irqs:
	main_free_irqs(dev);
err_master:
	pci_clear_master(pdev);
err_free:
	cdna_recover_disable(dev);
	free_netdev(dev->netdev);
	return ret;
}

static void main_remove(struct pci_dev *pdev)
{
	struct cdna_dev *dev = pci_get_drvdata(pdev);

	cdna_recover_disable(dev);
	cdna_netdev_unregister(dev);
	main_free_irqs(dev);
	pci_clear_master(pdev);
	free_netdev(dev->netdev);
}

/* The next kernel finds a device that writes to no memory. */
static void main_shutdown(struct pci_dev *pdev)
{
	cdna_recover_pause(pci_get_drvdata(pdev));
	pci_clear_master(pdev);
}

static int main_suspend(struct device *device)
{
	cdna_recover_pause(dev_get_drvdata(device));
	return 0;
}

static int main_resume(struct device *device)
{
	struct cdna_dev *dev = dev_get_drvdata(device);

	pci_set_master(dev->pdev);
	return cdna_recover_resume(dev);
}

static DEFINE_SIMPLE_DEV_PM_OPS(main_pm_ops, main_suspend, main_resume);

static pci_ers_result_t main_error_detected(struct pci_dev *pdev,
					    pci_channel_state_t state)
{
	cdna_recover_pause(pci_get_drvdata(pdev));
	return state == pci_channel_io_perm_failure ?
	       PCI_ERS_RESULT_DISCONNECT : PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t main_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	pci_save_state(pdev);
	pci_set_master(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

static void main_error_resume(struct pci_dev *pdev)
{
	cdna_recover_resume(pci_get_drvdata(pdev));
}

static void main_reset_prepare(struct pci_dev *pdev)
{
	cdna_recover_pause(pci_get_drvdata(pdev));
}

/* What fails here, the log tells. */
static void main_reset_done(struct pci_dev *pdev)
{
	pci_set_master(pdev);
	cdna_recover_resume(pci_get_drvdata(pdev));
}

static const struct pci_error_handlers main_error_handlers = {
	.error_detected = main_error_detected,
	.slot_reset = main_slot_reset,
	.resume = main_error_resume,
	.reset_prepare = main_reset_prepare,
	.reset_done = main_reset_done,
};

static const struct pci_device_id main_ids[] = {
	{ PCI_DEVICE(CDNA_PCI_VENDOR_ID, CDNA_PCI_DEVICE_ID_CONTEXT) },
	{}
};
MODULE_DEVICE_TABLE(pci, main_ids);

static struct pci_driver main_driver = {
	.name = CDNA_DRV_NAME,
	.id_table = main_ids,
	.probe = main_probe,
	.remove = main_remove,
	.shutdown = main_shutdown,
	.driver.pm = pm_sleep_ptr(&main_pm_ops),
	.err_handler = &main_error_handlers,
};
module_pci_driver(main_driver);

MODULE_DESCRIPTION("Network driver for a context of a CDNA NIC");
MODULE_VERSION(CDNA_VERSION);
MODULE_LICENSE("GPL");
