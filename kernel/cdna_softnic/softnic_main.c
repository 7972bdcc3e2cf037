// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device: brought up when the module is loaded, down in reverse. It is a platform
 * device, because mediated devices need a parent that has a driver.
 */
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include <net/devlink.h>

#include <cdna/version.h>

#include "softnic.h"
#include "softnic_ctx.h"
#include "softnic_desc.h"
#include "softnic_events.h"
#include "softnic_ops.h"

/* A partition is one page that is mapped into a guest, and nothing else is. */
static_assert(PAGE_SIZE == CDNA_PAGE_SIZE, "the kernel's pages are not 4 KiB");

#define MAIN_REMIND	(10 * HZ)	/* between messages about a wait */

static unsigned int contexts = 32;
module_param(contexts, uint, 0444);
MODULE_PARM_DESC(contexts, "contexts, 1 to 256 (32)");

static unsigned int mtu = ETH_DATA_LEN;
module_param(mtu, uint, 0444);
MODULE_PARM_DESC(mtu, "largest MTU of ports and guests, 576 to 9000 (1500)");

static struct platform_device *softnic_device;

static int main_devlink_info(struct devlink *devlink,
			     struct devlink_info_req *req,
			     struct netlink_ext_ack *extack)
{
	return devlink_info_version_running_put(req,
						DEVLINK_INFO_VERSION_GENERIC_FW,
						CDNA_VERSION);
}

static int main_rate_node_new(struct devlink_rate *node, void **priv,
			      struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_MOD(extack,
			   "A softnic has no scheduler for groups; use tc on the ports, and a bridge");
	return -EOPNOTSUPP;
}

/* devlink calls the one above only with these. */

static int main_rate_node_del(struct devlink_rate *node, void *priv,
			      struct netlink_ext_ack *extack)
{
	return -EOPNOTSUPP;
}

static int main_rate_node_limit(struct devlink_rate *node, void *priv,
				u64 bytes, struct netlink_ext_ack *extack)
{
	return -EOPNOTSUPP;
}

static const struct devlink_ops main_devlink_ops = {
	.info_get = main_devlink_info,
	.rate_node_new = main_rate_node_new,
	.rate_node_del = main_rate_node_del,
	.rate_node_tx_max_set = main_rate_node_limit,
	.rate_node_tx_share_set = main_rate_node_limit,
};

static void main_describe(struct cdna_nic_info *info)
{
	*info = (struct cdna_nic_info) {
		.abi = CDNA_ABI_VERSION,
		.fw_version = CDNA_VERSION_MAJOR << 24 |
			      CDNA_VERSION_MINOR << 16 | CDNA_VERSION_PATCH,
		.contexts = contexts,
		.qps = CDNA_MAX_QPS,
		.sources = contexts * CDNA_MAX_QPS,
		.bitvec_words = DIV_ROUND_UP(contexts * CDNA_MAX_QPS, 64),
		.min_ring = CDNA_MIN_RING,
		.max_ring = CDNA_MAX_RING,
		.mtu = mtu,
		.max_macs = CDNA_MAX_CTX_MACS,
		.offloads = SOFTNIC_OFFLOADS_TX | SOFTNIC_OFFLOADS_RX,
		.max_coalesce_usecs = CDNA_MAX_COALESCE_USECS,
		.formats = CDNA_NR_ALL_FORMATS,
	};
	eth_random_addr(info->mac);
	memcpy(info->format, softnic_desc_formats,
	       sizeof(softnic_desc_formats));
}

static void main_free(struct softnic *nic)
{
	u32 i;

	for (i = 0; nic->ctx && i < contexts; i++)
		softnic_ctx_destroy(&nic->ctx[i]);
	kvfree(nic->ctx);
	kfree(nic->cons);
}

static int main_allocate(struct softnic *nic)
{
	u32 i;

	nic->cons = kcalloc(contexts * CDNA_MAX_QPS, sizeof(*nic->cons),
			    GFP_KERNEL);
	nic->ctx = kvcalloc(contexts, sizeof(*nic->ctx), GFP_KERNEL);
	if (!nic->cons || !nic->ctx)
		goto err;
	for (i = 0; i < contexts; i++)
		if (softnic_ctx_init(nic, i))
			goto err;
	nic->provider.cons = nic->cons;
	return 0;

err:
	main_free(nic);
	return -ENOMEM;
}

static int main_probe(struct platform_device *pdev)
{
	struct devlink *devlink;
	struct softnic *nic;
	int ret;

	devlink = devlink_alloc(&main_devlink_ops, sizeof(*nic), &pdev->dev);
	if (!devlink)
		return -ENOMEM;
	nic = devlink_priv(devlink);
	mutex_init(&nic->mac_lock);
	nic->provider.ops = &softnic_ops;
	nic->provider.dev = &pdev->dev;
	nic->provider.devlink = devlink;
	nic->provider.partitions_in_memory = true;
	main_describe(&nic->provider.info);
	platform_set_drvdata(pdev, nic);

	ret = main_allocate(nic);
	if (ret)
		goto err_devlink;
	ret = softnic_events_init(nic);
	if (ret)
		goto err_memory;
	devlink_register(devlink);
	ret = cdna_provider_register(&nic->provider);
	if (ret)
		goto err_register;
	softnic_events_open(nic);
	return 0;

err_register:
	devlink_unregister(devlink);
	softnic_events_destroy(nic);
err_memory:
	main_free(nic);
err_devlink:
	devlink_free(devlink);
	return ret;
}

/* Their callbacks are code of this module. */
static void main_wait_frames(struct softnic *nic)
{
	while (!wait_var_event_timeout(&nic->zc_queues,
				       !atomic_read(&nic->zc_queues),
				       MAIN_REMIND))
		dev_warn(nic->provider.dev,
			 "unloading waits for frames of guests that the host still has: see the queueing disciplines of its interfaces (tc -s qdisc)\n");
	rcu_barrier();
}

static void main_remove(struct platform_device *pdev)
{
	struct softnic *nic = platform_get_drvdata(pdev);
	struct devlink *devlink = nic->provider.devlink;

	cdna_provider_unregister(&nic->provider);
	devlink_unregister(devlink);
	softnic_events_destroy(nic);
	main_wait_frames(nic);
	main_free(nic);
	devlink_free(devlink);
}

static struct platform_driver softnic_driver = {
	.driver.name = KBUILD_MODNAME,
	.probe = main_probe,
	.remove = main_remove,
};

static int __init main_init(void)
{
	if (!contexts || contexts > CDNA_MAX_CONTEXTS || mtu < CDNA_MIN_MTU ||
	    mtu > CDNA_MAX_MTU) {
		pr_err(KBUILD_MODNAME ": contexts has to be 1 to %u, and mtu %u to %u\n",
		       CDNA_MAX_CONTEXTS, CDNA_MIN_MTU, CDNA_MAX_MTU);
		return -EINVAL;
	}
	softnic_device = platform_create_bundle(&softnic_driver, main_probe,
						NULL, 0, NULL, 0);
	return PTR_ERR_OR_ZERO(softnic_device);
}
module_init(main_init);

static void __exit main_exit(void)
{
	platform_device_unregister(softnic_device);
	platform_driver_unregister(&softnic_driver);
}
module_exit(main_exit);

MODULE_DESCRIPTION("CDNA contexts over the host's own networking");
MODULE_VERSION(CDNA_VERSION);
MODULE_LICENSE("GPL");
