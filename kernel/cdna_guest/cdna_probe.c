// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe and removal, as far as all buses have them in common.
 */
#include <linux/dma-mapping.h>

#include "cdna_caps.h"
#include "cdna_netdev.h"
#include "cdna_probe.h"
#include "cdna_qp.h"
#include "cdna_recover.h"
#include "cdna_rss.h"
#include "cdna_vcmd.h"
#include "cdna_vreg.h"

static void *probe_page(struct cdna_dev *dev, dma_addr_t *dma)
{
	return dmam_alloc_coherent(dev->device, CDNA_PAGE_SIZE, dma,
				   GFP_KERNEL);
}

static int probe_alloc(struct cdna_dev *dev)
{
	u32 i;

	dev->status = probe_page(dev, &dev->status_dma);
	dev->tails = probe_page(dev, &dev->tails_dma);
	dev->doorbell = (void *)devm_get_free_pages(dev->device,
						    GFP_KERNEL | __GFP_ZERO, 0);
	dev->qp = devm_kcalloc(dev->device, dev->caps.max_qps,
			       sizeof(*dev->qp), GFP_KERNEL);
	if (!dev->status || !dev->tails || !dev->doorbell || !dev->qp)
		return -ENOMEM;
	for (i = 0; i < dev->caps.max_qps; i++)
		cdna_qp_init(&dev->qp[i], dev, i);
	return 0;
}

/**
 * cdna_probe_start - know a device, and have the memory that it needs
 * @dev: the device, which cdna_dev.bus can reach, and which does not master the bus
 *
 * It is reset before it becomes one: an earlier driver, such as that of a kernel that
 * crashed, may have left queues.
 *
 * Return: 0 or an error.
 */
int cdna_probe_start(struct cdna_dev *dev)
{
	int ret;

	ret = cdna_vreg_check(dev);
	if (!ret)
		ret = cdna_vcmd_reset(dev);
	if (!ret)
		ret = cdna_caps_identify(dev);
	return ret ? ret : probe_alloc(dev);
}

/**
 * cdna_probe_finish - have an interface
 * @dev: the device, with its event interrupt
 *
 * Context: Process context. Takes rtnl.
 * Return: 0 or an error.
 */
int cdna_probe_finish(struct cdna_dev *dev)
{
	int ret;

	cdna_rss_init(dev);
	ret = cdna_netdev_register(dev);
	if (!ret)
		cdna_recover_enable(dev);
	return ret;
}

/**
 * cdna_probe_abort - a probe fails
 * @dev: the device, without its interrupts; freed, but what is managed
 */
void cdna_probe_abort(struct cdna_dev *dev)
{
	cdna_recover_disable(dev);
	free_netdev(dev->netdev);
}

/**
 * cdna_probe_undo - undo cdna_probe_finish()
 * @dev: the device
 *
 * No DMA is left when it returns.
 *
 * Context: Process context. Takes rtnl.
 */
void cdna_probe_undo(struct cdna_dev *dev)
{
	cdna_recover_disable(dev);
	cdna_netdev_unregister(dev);
}
