// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts as devlink ports: an administrator sets a context's MAC address, and
 * revokes and restores it, with `devlink port function`.
 *
 * The operations run under the lock of the devlink instance, which is outside
 * all of ours; no port is registered, and nothing is reported to devlink, with one
 * of ours held.
 */
#include <linux/etherdevice.h>
#include <net/devlink.h>

#include "cdna_provider.h"
#include "vdev/cdna_addr.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_port.h"
#include "vdev/cdna_revoke.h"

/**
 * cdna_port_ctx - the context of a port
 * @port: the port
 *
 * Return: the context.
 */
struct cdna_ctx *cdna_port_ctx(struct devlink_port *port)
{
	return container_of(port, struct cdna_ctx, port);
}

/**
 * cdna_port_get_hw_addr - devlink shows a port's MAC address
 * @port: the port
 * @hw_addr: gets it
 * @hw_addr_len: gets its bytes
 * @extack: not used
 *
 * Return: 0.
 */
int cdna_port_get_hw_addr(struct devlink_port *port, u8 *hw_addr,
			  int *hw_addr_len, struct netlink_ext_ack *extack)
{
	ether_addr_copy(hw_addr, cdna_port_ctx(port)->address.mac);
	*hw_addr_len = ETH_ALEN;
	return 0;
}

static void port_explain_busy(struct cdna_ctx *ctx,
			      struct netlink_ext_ack *extack)
{
	if (READ_ONCE(ctx->state) == CDNA_CTX_REVOKED)
		NL_SET_ERR_MSG_MOD(extack,
				   "The context is revoked; set its state to active first");
	else if (ctx->sf.vector)
		NL_SET_ERR_MSG_MOD(extack,
				   "The host uses the context; set its state to inactive before changing the address");
	else
		NL_SET_ERR_MSG_MOD(extack,
				   "A guest uses the context; shut it down before changing the address");
}

/**
 * cdna_port_set_hw_addr - devlink sets a port's MAC address
 * @port: the port, whose context is not in use
 * @hw_addr: the address
 * @hw_addr_len: its bytes
 * @extack: gets what is wrong with it
 *
 * Return: 0, or an error, as cdna_addr_set_mac().
 */
int cdna_port_set_hw_addr(struct devlink_port *port, const u8 *hw_addr,
			  int hw_addr_len, struct netlink_ext_ack *extack)
{
	struct cdna_ctx *ctx = cdna_port_ctx(port);
	int ret;

	if (hw_addr_len != ETH_ALEN || !is_valid_ether_addr(hw_addr)) {
		NL_SET_ERR_MSG_MOD(extack,
				   "Give a unicast MAC address of 6 bytes that is not zero");
		return -EINVAL;
	}
	ret = cdna_addr_set_mac(ctx, hw_addr);
	if (ret == -EEXIST)
		NL_SET_ERR_MSG_MOD(extack,
				   "Another context of this NIC has that address; choose another");
	else if (ret == -EBUSY)
		port_explain_busy(ctx, extack);
	else if (ret)
		NL_SET_ERR_MSG_MOD(extack,
				   "The NIC refuses that address; choose another, and see its health reporter");
	return ret;
}

/* Also called under locks of devlink's own: takes none. */
static int port_get_state(struct devlink_port *port,
			  enum devlink_port_fn_state *state,
			  enum devlink_port_fn_opstate *opstate,
			  struct netlink_ext_ack *extack)
{
	struct cdna_ctx *ctx = cdna_port_ctx(port);

	*state = READ_ONCE(ctx->state) == CDNA_CTX_REVOKED ?
			 DEVLINK_PORT_FN_STATE_INACTIVE :
			 DEVLINK_PORT_FN_STATE_ACTIVE;
	*opstate = READ_ONCE(ctx->opened) ? DEVLINK_PORT_FN_OPSTATE_ATTACHED :
					    DEVLINK_PORT_FN_OPSTATE_DETACHED;
	return 0;
}

static int port_set_state(struct devlink_port *port,
			  enum devlink_port_fn_state state,
			  struct netlink_ext_ack *extack)
{
	struct cdna_ctx *ctx = cdna_port_ctx(port);
	int ret;

	if (state == DEVLINK_PORT_FN_STATE_INACTIVE) {
		ret = cdna_revoke(ctx);
		if (ret == -EINPROGRESS)
			NL_SET_ERR_MSG_MOD(extack,
					   "The context is revoked, but its virtual machine holds on to pages; end its process");
		else if (ret)
			NL_SET_ERR_MSG_MOD(extack,
					   "The context is not in use; there is nothing to revoke");
		return ret;
	}
	ret = cdna_revoke_undo(ctx);
	if (ret == -EINPROGRESS)
		NL_SET_ERR_MSG_MOD(extack,
				   "Its virtual machine still holds on to pages from before; end its process");
	else if (ret)
		NL_SET_ERR_MSG_MOD(extack,
				   "The NIC does not accept the context again; see its health reporter");
	return ret;
}

static const struct devlink_port_ops port_ops = {
	.port_fn_hw_addr_get = cdna_port_get_hw_addr,
	.port_fn_hw_addr_set = cdna_port_set_hw_addr,
	.port_fn_state_get = port_get_state,
	.port_fn_state_set = port_set_state,
};

/**
 * cdna_port_register - show a context as a port of its NIC
 * @ctx: the context, CONFIGURED
 * @ops: what devlink can do with it
 *
 * The port's index is the context's number. To the NIC a context is what
 * devlink calls a sub-function.
 *
 * Context: devlink's lock is held.
 *
 * Return: 0 or an error.
 */
int cdna_port_register(struct cdna_ctx *ctx, const struct devlink_port_ops *ops)
{
	struct devlink *devlink = ctx->domain.nic->devlink;
	int ret;

	devlink_port_attrs_pci_sf_set(&ctx->port, 0, 0, ctx->domain.id, false);
	ret = devl_port_register_with_ops(devlink, &ctx->port, ctx->domain.id,
					  ops);
	if (ret)
		return ret;
	/* After an hour it would complain that the port has no network device, which is
	 * in the guest, or is the sub-function's. devlink has no call to say so: one logs
	 * a warning itself, the other makes the port InfiniBand's.
	 */
	cancel_delayed_work_sync(&ctx->port.type_warn_dw);
	return 0;
}

/**
 * cdna_port_create - show a mediated device as a port of its NIC
 * @ctx: the context, CONFIGURED
 *
 * Return: 0 or an error.
 */
int cdna_port_create(struct cdna_ctx *ctx)
{
	struct devlink *devlink = ctx->domain.nic->devlink;
	int ret;

	devl_lock(devlink);
	ret = cdna_port_register(ctx, &port_ops);
	devl_unlock(devlink);
	return ret;
}

/**
 * cdna_port_destroy - take the port away
 * @ctx: the context; no operation runs when it returns
 */
void cdna_port_destroy(struct cdna_ctx *ctx)
{
	devlink_port_unregister(&ctx->port);
}
