// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context as a sub-function of a NIC of this host: probe, removal, power management.
 */
#include <linux/cdna_sf.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>

#include "cdna_netdev.h"
#include "cdna_probe.h"
#include "cdna_recover.h"
#include "cdna_sf.h"

static struct cdna_sf *sf_of(const struct cdna_dev *dev)
{
	return to_cdna_sf(to_auxiliary_dev(dev->device));
}

static u32 sf_read(struct cdna_dev *dev, u32 reg)
{
	struct cdna_sf *sf = sf_of(dev);

	return sf->ops->read(sf, reg);
}

static void sf_write(struct cdna_dev *dev, u32 reg, u32 value)
{
	struct cdna_sf *sf = sf_of(dev);

	sf->ops->write(sf, reg, value);
}

/* The host's module orders its look at the tails after this. */
static void sf_trap(struct cdna_dev *dev, u32 value)
{
	struct cdna_sf *sf = sf_of(dev);

	sf->ops->trap(sf);
}

static void sf_master(struct cdna_dev *dev, bool on)
{
	struct cdna_sf *sf = sf_of(dev);

	sf->ops->set_master(sf, on);
}

/* There is no decoder that could be off. */
static bool sf_enable_memory(struct cdna_dev *dev)
{
	return false;
}

static int sf_irq(struct cdna_dev *dev, u32 vector, irq_handler_t handler,
		  const char *name, void *data)
{
	struct cdna_sf *sf = sf_of(dev);

	return sf->ops->request_vector(sf, vector, handler, data);
}

static void sf_irq_free(struct cdna_dev *dev, u32 vector, void *data)
{
	struct cdna_sf *sf = sf_of(dev);

	sf->ops->free_vector(sf, vector);
}

static const struct cdna_bus_ops sf_ops = {
	.mac_owner = "set hw_addr of its devlink port while that is inactive",
	.read = sf_read,
	.write = sf_write,
	.trap = sf_trap,
	.set_master = sf_master,
	.enable_memory = sf_enable_memory,
	.request_irq = sf_irq,
	.free_irq = sf_irq_free,
};

static int sf_start(struct cdna_dev *dev)
{
	int ret;

	dev->mbox = sf_of(dev)->mailboxes;
	ret = dma_set_mask_and_coherent(dev->device, DMA_BIT_MASK(64));
	return ret ? ret : cdna_probe_start(dev);
}

static int sf_probe(struct auxiliary_device *aux,
		    const struct auxiliary_device_id *id)
{
	u32 version = to_cdna_sf(aux)->version;
	struct cdna_dev *dev;
	int ret;

	if (version != CDNA_SF_VERSION) {
		dev_err(&aux->dev, "cdna_mdev has version %u of sub-functions, this driver %u; load modules of one build\n",
			version, CDNA_SF_VERSION);
		return -EPROTO;
	}
	dev = cdna_netdev_create(&aux->dev, &sf_ops);
	if (!dev)
		return -ENOMEM;
	auxiliary_set_drvdata(aux, dev);
	ret = sf_start(dev);
	if (ret)
		goto err_abort;
	sf_master(dev, true);
	ret = sf_irq(dev, CDNA_VDEV_VECTOR_EVENT, cdna_recover_irq, NULL, dev);
	if (ret)
		goto err_master;
	ret = cdna_probe_finish(dev);
	if (ret)
		goto err_irq;
	return 0;

err_irq:
	sf_irq_free(dev, CDNA_VDEV_VECTOR_EVENT, dev);
err_master:
	sf_master(dev, false);
err_abort:
	cdna_probe_abort(dev);
	return ret;
}

static void sf_remove(struct auxiliary_device *aux)
{
	struct cdna_dev *dev = auxiliary_get_drvdata(aux);

	cdna_probe_undo(dev);
	sf_irq_free(dev, CDNA_VDEV_VECTOR_EVENT, dev);
	sf_master(dev, false);
	free_netdev(dev->netdev);
}

/* The next kernel finds a NIC that sends and receives nothing for us. */
static void sf_shutdown(struct auxiliary_device *aux)
{
	struct cdna_dev *dev = auxiliary_get_drvdata(aux);

	cdna_recover_pause(dev);
	sf_master(dev, false);
}

static const struct auxiliary_device_id sf_ids[] = {
	{ .name = CDNA_SF_MATCH },
	{}
};
MODULE_DEVICE_TABLE(auxiliary, sf_ids);

static struct auxiliary_driver sf_driver = {
	.name = "sf",
	.id_table = sf_ids,
	.probe = sf_probe,
	.remove = sf_remove,
	.shutdown = sf_shutdown,
};

/**
 * cdna_sf_register - drive sub-functions from now on
 *
 * Return: 0 or an error.
 */
int cdna_sf_register(void)
{
	return auxiliary_driver_register(&sf_driver);
}

/**
 * cdna_sf_unregister - drive none any longer
 */
void cdna_sf_unregister(void)
{
	auxiliary_driver_unregister(&sf_driver);
}
