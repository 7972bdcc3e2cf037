// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NIC's PCI function: probe, remove, and errors that the PCI core reports.
 * cdna_nic.h explains the states that it goes through.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pm.h>
#include <net/devlink.h>

#include "cdna_provider.h"
#include "nic/cdna_adminq.h"
#include "nic/cdna_devlink.h"
#include "nic/cdna_events.h"
#include "nic/cdna_fw_reporter.h"
#include "nic/cdna_health.h"
#include "nic/cdna_irq.h"
#include "nic/cdna_nic.h"
#include "nic/cdna_nic_cmd.h"
#include "nic/cdna_nic_info.h"
#include "nic/cdna_nic_ops.h"
#include "nic/cdna_pci.h"
#include "nic/cdna_selftest.h"
#include "nic/cdna_source.h"
#include "nic/cdna_sysfs.h"
#include "nic/cdna_throttle.h"

#define PCI_CONS_BYTES \
	(CDNA_MAX_CONTEXTS * CDNA_MAX_QPS * sizeof(struct cdna_host_cons))

/* What every access needs: the function enabled, its BAR mapped */
static int pci_map(struct cdna_nic *nic)
{
	struct pci_dev *pdev = nic->pdev;
	int err;

	err = pci_enable_device_mem(pdev);
	if (err)
		return err;
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err)
		goto err_disable;
	err = pci_request_mem_regions(pdev, KBUILD_MODNAME);
	if (err)
		goto err_disable;

	err = -ENODEV;
	if (pci_resource_len(pdev, CDNA_BAR_SRAM) < CDNA_BAR_SRAM_SIZE) {
		dev_err(&pdev->dev, "BAR %u is smaller than %u bytes\n",
			CDNA_BAR_SRAM, CDNA_BAR_SRAM_SIZE);
		goto err_regions;
	}
	nic->sram = pci_iomap(pdev, CDNA_BAR_SRAM, CDNA_BAR_SRAM_SIZE);
	if (!nic->sram)
		goto err_regions;
	return 0;

err_regions:
	pci_release_mem_regions(pdev);
err_disable:
	pci_disable_device(pdev);
	return err;
}

static void pci_unmap(struct cdna_nic *nic)
{
	pci_iounmap(nic->pdev, nic->sram);
	pci_release_mem_regions(nic->pdev);
	pci_disable_device(nic->pdev);
}

/* Let the NIC reach memory, and check that it reaches the right memory. */
static int pci_start_dma(struct cdna_nic *nic)
{
	int err;

	/* A driver that had it before may have left it running. */
	err = cdna_nic_reset(nic);
	if (err)
		return err;
	pci_set_master(nic->pdev);
	err = cdna_selftest_dma(nic);
	if (err)
		pci_clear_master(nic->pdev);
	return err;
}

/*
 * When it returns, no DMA of the NIC is in flight and none will start: the
 * memory that it was given can be freed. Callers that wait for the NIC continue.
 */
static void pci_stop_dma(struct cdna_nic *nic)
{
	cdna_health_stop(nic);
	if (!cdna_health_reason(&nic->health))
		cdna_nic_reset(nic);
	pci_clear_master(nic->pdev);
	pci_wait_for_pending_transaction(nic->pdev);
	cdna_adminq_abort(nic);
}

/*
 * Memory for all that the NIC writes, of the largest size that it may ask for.
 * It is managed: freed after the driver was unbound, when no DMA is in flight.
 */
static int pci_alloc_memory(struct cdna_nic *nic)
{
	int err;

	nic->provider.cons = dmam_alloc_coherent(&nic->pdev->dev,
						 PCI_CONS_BYTES, &nic->cons_dma,
						 GFP_KERNEL);
	mutex_init(&nic->stats_lock);
	nic->stats = dmam_alloc_coherent(&nic->pdev->dev, sizeof(*nic->stats),
					 &nic->stats_dma, GFP_KERNEL);
	if (!nic->provider.cons || !nic->stats)
		return -ENOMEM;
	err = cdna_adminq_alloc(nic);
	if (err)
		return err;
	err = cdna_source_alloc(nic);
	if (err)
		return err;
	return cdna_events_alloc(nic);
}

static int pci_set_rings(struct cdna_nic *nic)
{
	int err;

	err = cdna_nic_cmd_set_rings(nic);
	if (err) {
		dev_err(&nic->pdev->dev, "the NIC did not accept its rings: %pe\n",
			ERR_PTR(err));
		return err;
	}
	cdna_source_open(nic);
	return 0;
}

/* Have the NIC run commands, report what it is, and accept its rings. */
static int pci_start(struct cdna_nic *nic)
{
	int err;

	err = cdna_selftest_irq(nic);
	if (err)
		return err;
	err = cdna_adminq_open(nic);
	if (err)
		return err;
	err = cdna_nic_info_read(nic);
	if (err)
		return err;
	err = pci_set_rings(nic);
	if (err)
		return err;
	err = cdna_throttle_start(nic);
	if (err)
		return err;
	cdna_events_start(nic);
	cdna_health_start(nic);
	return 0;
}

/* What cdna_health calls once the NIC is dead; the order is in cdna_nic.h. */
static void pci_dead(struct cdna_nic *nic)
{
	cdna_adminq_abort(nic);
	cdna_events_dead(nic);
	cdna_fw_reporter_dead(nic);
}

/* Everything below devlink and the mediated devices */
static int pci_bring_up(struct cdna_nic *nic)
{
	int err;

	err = pci_map(nic);
	if (err)
		return err;
	err = cdna_nic_check(nic);
	if (err)
		goto err_map;
	err = cdna_health_init(nic, pci_dead);
	if (err)
		goto err_map;
	err = pci_alloc_memory(nic);
	if (err)
		goto err_health;
	err = cdna_irq_request(nic);
	if (err)
		goto err_events;
	err = pci_start_dma(nic);
	if (err)
		goto err_irq;
	err = pci_start(nic);
	if (err)
		goto err_dma;
	return 0;

err_dma:
	pci_stop_dma(nic);
err_irq:
	cdna_irq_free(nic);
err_events:
	cdna_events_stop(nic);
err_health:
	cdna_health_destroy(nic);
err_map:
	pci_unmap(nic);
	return err;
}

static void pci_take_down(struct cdna_nic *nic)
{
	pci_stop_dma(nic);
	cdna_irq_free(nic);
	cdna_events_stop(nic);
	cdna_health_destroy(nic);
	pci_unmap(nic);
}

/*
 * devlink may be asking the NIC something: that ends, with the NIC out of reach
 * of the memory for its answer. Nothing is reported to devlink afterwards.
 */
static void pci_retire(struct cdna_nic *nic)
{
	pci_stop_dma(nic);
	devlink_unregister(nic->provider.devlink);
	cdna_fw_reporter_destroy(nic);
}

static int pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct cdna_nic *nic;
	int err;

	nic = cdna_devlink_alloc(&pdev->dev);
	if (!nic)
		return -ENOMEM;
	nic->pdev = pdev;
	nic->provider.ops = &cdna_nic_ops;
	nic->provider.dev = &pdev->dev;
	nic->provider.dma_dev = &pdev->dev;
	pci_set_drvdata(pdev, nic);

	err = pci_bring_up(nic);
	if (err)
		goto err_alloc;
	err = cdna_fw_reporter_create(nic);
	if (err)
		goto err_up;
	devlink_register(nic->provider.devlink);
	err = cdna_provider_register(&nic->provider);
	if (err)
		goto err_register;
	cdna_events_open(nic);
	return 0;

err_register:
	pci_retire(nic);
err_up:
	pci_take_down(nic);
err_alloc:
	cdna_devlink_free(nic);
	return err;
}

static void pci_remove(struct pci_dev *pdev)
{
	struct cdna_nic *nic = pci_get_drvdata(pdev);

	cdna_provider_unregister(&nic->provider);
	pci_retire(nic);
	pci_take_down(nic);
	cdna_devlink_free(nic);
}

/* The next kernel must not find a NIC that writes into its memory. */
static void pci_shutdown(struct pci_dev *pdev)
{
	pci_stop_dma(pci_get_drvdata(pdev));
}

/*
 * A NIC that has lost its power has lost the contexts that machines are using, and they
 * cannot be told apart from those of a NIC that has died: the host stays awake.
 */
static int pci_prepare(struct device *dev)
{
	dev_err(dev, "the host is not suspended, because the NIC would lose its contexts; unbind it from the driver before\n");
	return -EBUSY;
}

static const struct dev_pm_ops pci_pm = {
	.prepare = pm_sleep_ptr(pci_prepare),
};

static pci_ers_result_t pci_error(struct pci_dev *pdev,
				  pci_channel_state_t state)
{
	cdna_health_fail(pci_get_drvdata(pdev), "the bus reports an error");
	return PCI_ERS_RESULT_DISCONNECT;
}

static const struct pci_error_handlers pci_errors = {
	.error_detected = pci_error,
};

static const struct pci_device_id pci_ids[] = {
	{ PCI_DEVICE(CDNA_PCI_VENDOR_ID, CDNA_PCI_DEVICE_ID_NIC) },
	{ }
};
MODULE_DEVICE_TABLE(pci, pci_ids);

/* The NIC as a PCI driver; registered by the module */
struct pci_driver cdna_pci_driver = {
	.name = KBUILD_MODNAME,
	.id_table = pci_ids,
	.probe = pci_probe,
	.remove = pci_remove,
	.shutdown = pci_shutdown,
	.err_handler = &pci_errors,
	.dev_groups = cdna_sysfs_groups,
	.driver.pm = pm_sleep_ptr(&pci_pm),
};
