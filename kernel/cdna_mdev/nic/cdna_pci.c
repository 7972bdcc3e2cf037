// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NIC's PCI function: probe, remove, and what the PCI core tells.
 */
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <net/devlink.h>

#include "nic/cdna_nic.h"
#include "nic/cdna_pci.h"

/* What every access needs: the function on, its BAR mapped. */
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

/* From here on the NIC can reach memory; it has been seen to do it right. */
static int pci_start_dma(struct cdna_nic *nic)
{
	int err;

	/* Whoever had it before may have left it running. */
	err = cdna_hw_reset(nic);
	if (err)
		return err;
	pci_set_master(nic->pdev);
	err = cdna_selftest_dma(nic);
	if (err)
		pci_clear_master(nic->pdev);
	return err;
}

/*
 * When it returns, no DMA of the NIC is in flight and none will start: what it
 * was given can be freed.
 */
static void pci_stop_dma(struct cdna_nic *nic)
{
	cdna_health_stop(nic);
	if (!nic->dying)
		cdna_hw_reset(nic);
	pci_clear_master(nic->pdev);
	pci_wait_for_pending_transaction(nic->pdev);
}

/* Memory for all that the NIC writes, of the largest size that it may ask. */
static int pci_alloc_memory(struct cdna_nic *nic)
{
	int err;

	err = cdna_adminq_alloc(nic);
	if (err)
		return err;
	err = cdna_events_alloc(nic);
	if (err)
		goto err_adminq;
	err = cdna_source_alloc(nic);
	if (err)
		goto err_events;
	err = cdna_hw_alloc(nic);
	if (err)
		goto err_source;
	return 0;

err_source:
	cdna_source_free(nic);
err_events:
	cdna_events_free(nic);
err_adminq:
	cdna_adminq_free(nic);
	return err;
}

static void pci_free_memory(struct cdna_nic *nic)
{
	cdna_hw_free(nic);
	cdna_source_free(nic);
	cdna_events_free(nic);
	cdna_adminq_free(nic);
}

/* Have the NIC do commands, say what it is, and take its rings. */
static int pci_start(struct cdna_nic *nic)
{
	int err;

	err = cdna_selftest_irq(nic);
	if (err)
		return err;
	err = cdna_adminq_open(nic);
	if (err)
		return err;
	err = cdna_hw_identify(nic);
	if (err)
		return err;
	err = cdna_hw_set_rings(nic);
	if (err)
		return err;
	cdna_events_start(nic);
	cdna_health_start(nic);
	return 0;
}

/* All of the NIC, but for whom it is there. */
static int pci_bring_up(struct cdna_nic *nic)
{
	int err;

	err = pci_map(nic);
	if (err)
		return err;
	err = cdna_hw_check(nic);
	if (err)
		goto err_map;
	err = cdna_health_init(nic);
	if (err)
		goto err_map;
	err = pci_alloc_memory(nic);
	if (err)
		goto err_health;
	err = cdna_irq_request(nic);
	if (err)
		goto err_memory;
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
err_memory:
	pci_free_memory(nic);
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
	pci_free_memory(nic);
	cdna_health_destroy(nic);
	pci_unmap(nic);
}

/* devlink may be asking the NIC something: that ends, with the NIC out of reach
 * of the memory for its answer. Nobody reports to devlink afterwards.
 */
static void pci_retire(struct cdna_nic *nic)
{
	pci_stop_dma(nic);
	cdna_adminq_abort(nic);
	devlink_unregister(nic->provider.devlink);
	cdna_reporter_destroy(nic);
}

static int pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct cdna_nic *nic;
	int err;

	nic = cdna_devlink_alloc(&pdev->dev);
	if (!nic)
		return -ENOMEM;
	nic->pdev = pdev;
	nic->provider.ops = &cdna_provider_ops;
	nic->provider.dev = &pdev->dev;
	nic->provider.dma_dev = &pdev->dev;
	pci_set_drvdata(pdev, nic);

	err = pci_bring_up(nic);
	if (err)
		goto err_alloc;
	err = cdna_reporter_create(nic);
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
};
