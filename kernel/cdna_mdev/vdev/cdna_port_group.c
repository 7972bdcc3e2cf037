// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rate groups as devlink's rate objects of a NIC, nodes: `devlink port function rate
 * add`, tx_max and tx_share of a node, and parents of leaves. devlink deletes no node
 * that is a parent. Its lock is held in all functions but the last.
 */
#include <linux/err.h>
#include <linux/mutex.h>
#include <net/devlink.h>

#include "cdna_provider.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_group.h"
#include "vdev/cdna_port_group.h"
#include "vdev/cdna_port_rate.h"
#include "vdev/cdna_table.h"

/* devlink deletes nodes of one NIC at a time (Documentation/upstream.rst). */
static DEFINE_MUTEX(port_group_ending);

/**
 * cdna_port_group_new - devlink makes a node
 * @nic: the NIC
 * @group: set to what the others get as their @group
 * @extack: gets what is in the way
 *
 * Return: 0; -EOPNOTSUPP: the NIC has no groups; -ENODEV: its contexts are not, or no
 * longer, offered; -ENOSPC; or an error of the NIC.
 */
int cdna_port_group_new(struct cdna_provider *nic, void **group,
			struct netlink_ext_ack *extack)
{
	struct cdna_table *table = nic->client_data;
	struct cdna_group *made;

	if (!nic->info.groups) {
		NL_SET_ERR_MSG_MOD(extack,
				   "The NIC's firmware has no rate groups; update it");
		return -EOPNOTSUPP;
	}
	if (!table) {
		NL_SET_ERR_MSG_MOD(extack, "The NIC offers no contexts now");
		return -ENODEV;
	}
	made = cdna_group_new(table);
	if (IS_ERR(made)) {
		if (PTR_ERR(made) == -ENOSPC)
			NL_SET_ERR_MSG_MOD(extack,
					   "All rate groups of the NIC are in use; delete one");
		return PTR_ERR(made);
	}
	*group = made;
	return 0;
}

/**
 * cdna_port_group_del - devlink deletes a node
 * @group: no leaf has it as its parent
 * @extack: gets what is wrong with it
 *
 * Return: 0 or an error of the NIC; the node is gone anyway.
 */
int cdna_port_group_del(void *group, struct netlink_ext_ack *extack)
{
	return cdna_group_del(group);
}

static int port_group_store(struct cdna_group *group, enum cdna_rate which,
			    u64 bytes, struct netlink_ext_ack *extack)
{
	const char *objection;
	u32 mbps;
	int ret;

	ret = cdna_port_rate_mbps(bytes, &mbps, extack);
	if (ret)
		return ret;
	ret = cdna_group_set(group, which, mbps, &objection);
	if (ret && objection)
		NL_SET_ERR_MSG_FMT_MOD(extack, "%s", objection);
	return ret;
}

/**
 * cdna_port_group_max - devlink sets the most that members of a node transmit
 * @group: the node
 * @bytes: per second; 0: no limit
 * @extack: gets what is wrong with it
 *
 * Return: 0; -EINVAL; or an error of the NIC.
 */
int cdna_port_group_max(void *group, u64 bytes, struct netlink_ext_ack *extack)
{
	return port_group_store(group, CDNA_RATE_TX_MAX, bytes, extack);
}

/**
 * cdna_port_group_min - devlink sets what members of a node can count on
 * @group: the node
 * @bytes: per second; 0: nothing
 * @extack: gets what is wrong with it
 *
 * Return: 0; -EINVAL; or an error of the NIC.
 */
int cdna_port_group_min(void *group, u64 bytes, struct netlink_ext_ack *extack)
{
	return port_group_store(group, CDNA_RATE_TX_MIN, bytes, extack);
}

/**
 * cdna_port_group_join - devlink makes a node the parent of a leaf
 * @leaf: the context
 * @group: the node; NULL: it has no parent
 * @extack: gets what is wrong with it
 *
 * Return: 0; -EINVAL; or an error of the NIC.
 */
int cdna_port_group_join(void *leaf, void *group,
			 struct netlink_ext_ack *extack)
{
	const char *objection;
	int ret;

	ret = cdna_group_join(leaf, group, &objection);
	if (ret && objection)
		NL_SET_ERR_MSG_FMT_MOD(extack, "%s", objection);
	return ret;
}

/**
 * cdna_port_group_end - the contexts of a NIC are not offered any longer
 * @nic: the NIC; none of its contexts is in use
 *
 * When it returns, there are no nodes, and none can be made.
 */
void cdna_port_group_end(struct cdna_provider *nic)
{
	devl_lock(nic->devlink);
	if (cdna_group_any(nic->client_data)) {
		mutex_lock(&port_group_ending);
		devl_rate_nodes_destroy(nic->devlink);
		mutex_unlock(&port_group_ending);
	}
	nic->client_data = NULL;
	devl_unlock(nic->devlink);
}
