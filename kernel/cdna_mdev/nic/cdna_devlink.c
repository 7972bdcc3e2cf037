// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NIC as a devlink instance. Its ports, and the reporter of their faults,
 * belong to the rooms above.
 */
#include <net/devlink.h>

#include "nic/cdna_devlink.h"
#include "nic/cdna_nic.h"

static int devlink_info(struct devlink *devlink, struct devlink_info_req *req,
			struct netlink_ext_ack *extack)
{
	const struct cdna_nic *nic = devlink_priv(devlink);
	const struct cdna_nic_info *info = &nic->provider.info;
	char text[24];
	int err;

	snprintf(text, sizeof(text), "%u.%u.%u", info->fw_version >> 24,
		 info->fw_version >> 16 & 0xff, info->fw_version & 0xffff);
	err = devlink_info_version_running_put(req,
					       DEVLINK_INFO_VERSION_GENERIC_FW,
					       text);
	if (err)
		return err;

	snprintf(text, sizeof(text), "%u.%u", CDNA_ABI_GET_MAJOR(info->abi),
		 CDNA_ABI_GET_MINOR(info->abi));
	return devlink_info_version_running_put(req,
						DEVLINK_INFO_VERSION_GENERIC_FW_MGMT_API,
						text);
}

static int devlink_rate_max(struct devlink_rate *rate, void *leaf, u64 bytes,
			    struct netlink_ext_ack *extack)
{
	const struct cdna_nic *nic = devlink_priv(rate->devlink);

	return nic->provider.client->rate_max(leaf, bytes, extack);
}

static int devlink_rate_min(struct devlink_rate *rate, void *leaf, u64 bytes,
			    struct netlink_ext_ack *extack)
{
	const struct cdna_nic *nic = devlink_priv(rate->devlink);

	return nic->provider.client->rate_min(leaf, bytes, extack);
}

static int devlink_node_new(struct devlink_rate *node, void **priv,
			    struct netlink_ext_ack *extack)
{
	struct cdna_nic *nic = devlink_priv(node->devlink);
	const struct cdna_client *client = READ_ONCE(nic->provider.client);

	if (!client) {
		NL_SET_ERR_MSG_MOD(extack, "The NIC offers no contexts now");
		return -ENODEV;
	}
	return client->group_new(&nic->provider, priv, extack);
}

/* While there is a node, there is a client. */

static int devlink_node_del(struct devlink_rate *node, void *priv,
			    struct netlink_ext_ack *extack)
{
	const struct cdna_nic *nic = devlink_priv(node->devlink);

	return nic->provider.client->group_del(priv, extack);
}

static int devlink_node_max(struct devlink_rate *node, void *priv, u64 bytes,
			    struct netlink_ext_ack *extack)
{
	const struct cdna_nic *nic = devlink_priv(node->devlink);

	return nic->provider.client->group_max(priv, bytes, extack);
}

static int devlink_node_min(struct devlink_rate *node, void *priv, u64 bytes,
			    struct netlink_ext_ack *extack)
{
	const struct cdna_nic *nic = devlink_priv(node->devlink);

	return nic->provider.client->group_min(priv, bytes, extack);
}

static int devlink_leaf_parent(struct devlink_rate *leaf,
			       struct devlink_rate *node, void *priv,
			       void *group, struct netlink_ext_ack *extack)
{
	const struct cdna_nic *nic = devlink_priv(leaf->devlink);

	return nic->provider.client->group_join(priv, group, extack);
}

static int devlink_new_port(struct devlink *devlink,
			    const struct devlink_port_new_attrs *attrs,
			    struct netlink_ext_ack *extack,
			    struct devlink_port **port)
{
	struct cdna_nic *nic = devlink_priv(devlink);
	const struct cdna_client *client = READ_ONCE(nic->provider.client);

	if (!client) {
		NL_SET_ERR_MSG_MOD(extack, "The NIC offers no contexts now");
		return -ENODEV;
	}
	return client->sf_new(&nic->provider, attrs, port, extack);
}

static const struct devlink_ops devlink_ops = {
	.info_get = devlink_info,
	.port_new = devlink_new_port,
	.rate_leaf_tx_max_set = devlink_rate_max,
	.rate_leaf_tx_share_set = devlink_rate_min,
	.rate_leaf_parent_set = devlink_leaf_parent,
	.rate_node_new = devlink_node_new,
	.rate_node_del = devlink_node_del,
	.rate_node_tx_max_set = devlink_node_max,
	.rate_node_tx_share_set = devlink_node_min,
};

/**
 * cdna_devlink_alloc - make a NIC, as the private part of a devlink instance
 * @dev: its device
 *
 * Return: the NIC, zeroed except for its provider's devlink, or NULL.
 */
struct cdna_nic *cdna_devlink_alloc(struct device *dev)
{
	struct devlink *devlink;
	struct cdna_nic *nic;

	devlink = devlink_alloc(&devlink_ops, sizeof(*nic), dev);
	if (!devlink)
		return NULL;
	nic = devlink_priv(devlink);
	nic->provider.devlink = devlink;
	return nic;
}

/**
 * cdna_devlink_free - undo cdna_devlink_alloc()
 * @nic: the NIC, whose devlink instance is not registered
 */
void cdna_devlink_free(struct cdna_nic *nic)
{
	devlink_free(nic->provider.devlink);
}
