// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network driver for a context of a CDNA NIC, in its guest. This file is the
 * PCI driver: probe, removal, power management, reset.
 *
 * Theory of operation
 * -------------------
 *
 * A context is a PCI function with two BARs. Accesses to the register page trap
 * into the host's user space: it holds the capabilities of the device and takes
 * commands. The mailbox page is the NIC's own: stores to it do not trap. The
 * driver shares memory with both: a status page that the NIC writes, a tail
 * page that the host reads, a doorbell page to which stores trap, and the rings
 * of each queue pair.
 *
 * A guest must not name memory to the NIC that is not its own, so it does not
 * write the descriptors that the NIC reads. It writes shadow rings, and the
 * host checks, translates and copies them: on a trap, up to the tail. Then the
 * NIC may fetch them, up to the mailbox. cdna_enqueue.c is the only file that
 * knows these steps.
 *
 * Host and NIC are not trusted. Each value that they write is read once and
 * bounded. After an invalid one, the queue pair is ignored until it is
 * restarted.
 *
 * Files
 * -----
 *
 * A file uses only files to the right of it or below it, and data that all
 * share: struct cdna_dev (cdna_dev.h), struct cdna_qp (cdna_queue_pair.h) and
 * its counters (cdna_counters.c). There are no circles.
 *
 *   PCI            cdna_main
 *   operations     cdna_netdev  cdna_ethtool  cdna_selftest  cdna_stats
 *   control        cdna_reconfig  cdna_recover  cdna_faults
 *   queues         cdna_queues  cdna_link  cdna_filter  cdna_rss  cdna_qp
 *   data path      cdna_rx  cdna_lro  cdna_refill
 *                  cdna_tx  cdna_reclaim  cdna_enqueue  cdna_dim
 *   device         cdna_features  cdna_caps  cdna_vcmd  cdna_vreg
 *
 * What the lower files find reaches the recovery by its work: cdna_dev_kick()
 * and cdna_dev_request_restart() schedule it, and any context may call them.
 *
 * States
 * ------
 *
 * The interface follows its users and its device:
 *
 *           ndo_open               fault, invalid value, timeout, foreign reset
 *    down ------------> up (has queues) ------------> up without queues
 *     ^                 |  ^                               |        |
 *     |                 |  +-------------------------------+        |
 *     |    ndo_stop     |    recovery: immediately, or later        |
 *     +-----------------+-------------------------------------------+
 *
 *    attached -------------------------------------------> detached
 *        ^     revoked, NIC dead, gone, suspend, reset        |
 *        +----------------------------------------------------+
 *              restored, resume (not after a dead NIC)
 *
 * CDNA_DEV_UP is set while there are queues; cdna_recovery.detached has the
 * reason for being detached. A detached interface has no queues and no carrier.
 *
 * A queue pair is allocated, started, quiesced, and freed after the device was
 * reset. All pairs go through these states together (cdna_queues.c).
 *
 * Contexts and locks
 * ------------------
 *
 *   process    probe, ndo_* except transmit, ethtool, works: may sleep. rtnl
 *              covers the life of the queues; cdna_dev.cmd_lock, inside it or
 *              alone, covers one command
 *   NAPI       the poll of a queue pair, which owns both consumers and the
 *              producer of receive buffers
 *   transmit   ndo_start_xmit under the stack's lock of the queue, which owns
 *              its producer
 *   interrupt  schedules the poll or the recovery
 *
 * cdna_qp.lock is innermost. It covers trap and mailboxes, and disables
 * interrupts.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <cdna/version.h>

#include "cdna_caps.h"
#include "cdna_netdev.h"
#include "cdna_qp.h"
#include "cdna_recover.h"
#include "cdna_rss.h"
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
	dev->doorbell = (void *)devm_get_free_pages(&dev->pdev->dev,
						    GFP_KERNEL | __GFP_ZERO, 0);
	dev->qp = devm_kcalloc(&dev->pdev->dev, dev->caps.max_qps,
			       sizeof(*dev->qp), GFP_KERNEL);
	if (!dev->status || !dev->tails || !dev->doorbell || !dev->qp)
		return -ENOMEM;
	for (i = 0; i < dev->caps.max_qps; i++)
		cdna_qp_init(&dev->qp[i], dev, i);
	return 0;
}

/* Reset the device before bus mastering is enabled: an earlier driver, such as
 * that of a kernel that crashed, may have left queues.
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

/* A machine that is short of vectors uses fewer queue pairs. */
static int main_irqs(struct cdna_dev *dev)
{
	struct pci_dev *pdev = dev->pdev;
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
	cdna_rss_init(dev);
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

/* The next kernel finds a device without DMA. */
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

/* Failures are logged. */
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
