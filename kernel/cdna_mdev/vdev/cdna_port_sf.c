// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sub-functions, contexts that the host drives itself, as devlink ports: `devlink port
 * add` takes a context of the NIC, `devlink port function set ... state active` makes a
 * network interface of it, inactive and `devlink port del` undo that. devlink's lock is
 * held in all functions but the last, which takes it.
 */
#include <linux/err.h>
#include <net/devlink.h>

#include "cdna_provider.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_port.h"
#include "vdev/cdna_port_rate.h"
#include "vdev/cdna_port_sf.h"
#include "vdev/cdna_sf.h"
#include "vdev/cdna_sf_device.h"
#include "vdev/cdna_table.h"

static int port_sf_get_state(struct devlink_port *port,
			     enum devlink_port_fn_state *state,
			     enum devlink_port_fn_opstate *opstate,
			     struct netlink_ext_ack *extack)
{
	struct cdna_ctx *ctx = cdna_port_ctx(port);
	bool active = READ_ONCE(ctx->sf.device);

	*state = active ? DEVLINK_PORT_FN_STATE_ACTIVE :
			  DEVLINK_PORT_FN_STATE_INACTIVE;
	*opstate = active && cdna_sf_device_driven(ctx) ?
			   DEVLINK_PORT_FN_OPSTATE_ATTACHED :
			   DEVLINK_PORT_FN_OPSTATE_DETACHED;
	return 0;
}

static int port_sf_set_state(struct devlink_port *port,
			     enum devlink_port_fn_state state,
			     struct netlink_ext_ack *extack)
{
	struct cdna_ctx *ctx = cdna_port_ctx(port);
	int ret;

	if (state == DEVLINK_PORT_FN_STATE_INACTIVE) {
		cdna_sf_device_del(ctx);
		return 0;
	}
	if (ctx->sf.device)
		return 0;
	ret = cdna_sf_device_add(ctx);
	if (ret)
		NL_SET_ERR_MSG_MOD(extack,
				   "The sub-function cannot be made a device; see the kernel's log");
	return ret;
}

static void port_sf_remove(struct cdna_ctx *ctx)
{
	cdna_sf_device_del(ctx);
	cdna_port_rate_remove(ctx);
	devl_port_unregister(&ctx->port);
	cdna_sf_destroy(ctx);
}

static int port_sf_del(struct devlink *devlink, struct devlink_port *port,
		       struct netlink_ext_ack *extack)
{
	port_sf_remove(cdna_port_ctx(port));
	return 0;
}

static const struct devlink_port_ops port_sf_ops = {
	.port_del = port_sf_del,
	.port_fn_hw_addr_get = cdna_port_get_hw_addr,
	.port_fn_hw_addr_set = cdna_port_set_hw_addr,
	.port_fn_state_get = port_sf_get_state,
	.port_fn_state_set = port_sf_set_state,
};

static int port_sf_check(const struct devlink_port_new_attrs *attrs,
			 struct netlink_ext_ack *extack)
{
	const char *objection = NULL;

	if (attrs->flavour != DEVLINK_PORT_FLAVOUR_PCI_SF)
		objection = "The NIC has ports of flavour pcisf only";
	else if (attrs->pfnum)
		objection = "The NIC has one physical function: give pfnum 0";
	else if (attrs->controller_valid && attrs->controller)
		objection = "The NIC has contexts for this host only: leave controller out";
	else if (attrs->sfnum_valid || attrs->port_index_valid)
		objection = "The NIC chooses the context: leave sfnum and the port's index out";
	if (!objection)
		return 0;
	NL_SET_ERR_MSG_FMT_MOD(extack, "%s", objection);
	return -EOPNOTSUPP;
}

static int port_sf_add(struct cdna_ctx *ctx)
{
	int ret;

	ret = cdna_port_register(ctx, &port_sf_ops);
	if (ret)
		return ret;
	ret = cdna_port_rate_add(ctx);
	if (ret)
		devl_port_unregister(&ctx->port);
	return ret;
}

/**
 * cdna_port_sf_new - devlink adds a port
 * @nic: the NIC
 * @attrs: what it is to be
 * @port: set to the new port
 * @extack: gets what is in the way
 *
 * Return: 0; -EOPNOTSUPP: there is no such port; -ENODEV: the NIC's contexts are not, or
 * no longer, offered; -ENOSPC; or another error.
 */
int cdna_port_sf_new(struct cdna_provider *nic,
		     const struct devlink_port_new_attrs *attrs,
		     struct devlink_port **port, struct netlink_ext_ack *extack)
{
	struct cdna_table *table = nic->client_data;
	struct cdna_ctx *ctx;
	int ret;

	ret = port_sf_check(attrs, extack);
	if (ret)
		return ret;
	if (!table || table->closing) {
		NL_SET_ERR_MSG_MOD(extack, "The NIC offers no contexts now");
		return -ENODEV;
	}
	ctx = cdna_sf_create(table);
	if (IS_ERR(ctx)) {
		if (PTR_ERR(ctx) == -ENOSPC)
			NL_SET_ERR_MSG_MOD(extack,
					   "All contexts of the NIC are in use; remove a mediated device or a port");
		return PTR_ERR(ctx);
	}
	ret = port_sf_add(ctx);
	if (ret) {
		cdna_sf_destroy(ctx);
		return ret;
	}
	*port = &ctx->port;
	return 0;
}

/**
 * cdna_port_sf_end - the contexts of a NIC are about not to be offered any longer
 * @nic: the NIC
 *
 * When it returns, the NIC has no sub-function, and none can be made.
 *
 * Context: may sleep. Takes devlink's lock and rtnl.
 */
void cdna_port_sf_end(struct cdna_provider *nic)
{
	struct cdna_table *table = nic->client_data;
	u32 i;

	devl_lock(nic->devlink);
	table->closing = true;
	/* Only devlink's operations add or take away what is found here. */
	for (i = 0; i < nic->info.contexts; i++)
		if (cdna_table_is_sf(table, i))
			port_sf_remove(table->ctx[i]);
	devl_unlock(nic->devlink);
}
