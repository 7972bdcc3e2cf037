// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a context is known by on the wire, as an administrator sets it: its MAC
 * address, its VLANs, and whether it may use other addresses. The address that a
 * guest chooses is in cdna_guest_mac.c.
 */
#include <linux/etherdevice.h>

#include "guard/cdna_cmd.h"
#include "vdev/cdna_addr.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_mac.h"
#include "vdev/cdna_table.h"

static int addr_try(struct cdna_ctx *ctx, const struct cdna_address *address)
{
	ether_addr_copy(ctx->address.mac, address->mac);
	WRITE_ONCE(ctx->address.access_vlan, address->access_vlan);
	WRITE_ONCE(ctx->address.trunk, address->trunk);
	WRITE_ONCE(ctx->address.trusted, address->trusted);
	return cdna_ctx_event(ctx, CDNA_EV_CONFIGURE, NULL);
}

/* Configure the NIC's context again, by way of FREE; if the NIC refuses, go back
 * to what was.
 */
static int addr_change(struct cdna_ctx *ctx, const struct cdna_address *address)
{
	struct cdna_address old = ctx->address;
	int ret;

	if (ctx->state != CDNA_CTX_CONFIGURED)
		return -EBUSY;
	cdna_ctx_event(ctx, CDNA_EV_RELEASE, NULL);
	ret = addr_try(ctx, address);
	if (ret && addr_try(ctx, &old))
		dev_err(ctx->vfio.dev,
			"the NIC does not accept the context again; see its health reporter\n");
	return ret;
}

static int addr_set(struct cdna_ctx *ctx, const struct cdna_address *address)
{
	bool opened;
	int ret;

	mutex_lock(&ctx->domain.lock);
	opened = ctx->opened;
	ret = opened ? -EBUSY : addr_change(ctx, address);
	mutex_unlock(&ctx->domain.lock);
	if (opened)
		dev_err(ctx->vfio.dev,
			"MAC address, VLAN and trust cannot change while a guest uses the context; shut the guest down\n");
	return ret;
}

static int addr_set_mac(struct cdna_ctx *ctx, const u8 *mac)
{
	struct cdna_ctx *other = cdna_mac_find(ctx->table, mac);
	struct cdna_address address = ctx->address;

	if (ether_addr_equal(mac, ctx->address.mac))
		return 0;
	if (other && other != ctx) {
		dev_err(ctx->vfio.dev,
			"MAC address %pM is in use by context %u; choose another\n",
			mac, other->domain.id);
		return -EEXIST;
	}
	ether_addr_copy(address.mac, mac);
	return addr_set(ctx, &address);
}

/**
 * cdna_addr_set_mac - change a context's MAC address
 * @ctx: the context; no process has it open
 * @mac: a unicast address
 *
 * Return: 0, -EEXIST if another context of the NIC has it, -EBUSY if the
 * context is in use or revoked, or an error of the NIC.
 */
int cdna_addr_set_mac(struct cdna_ctx *ctx, const u8 *mac)
{
	int ret;

	mutex_lock(&ctx->table->lock);
	ret = addr_set_mac(ctx, mac);
	mutex_unlock(&ctx->table->lock);
	return ret;
}

/**
 * cdna_addr_set_vlan - change the VLANs that a context is part of
 * @ctx: the context; no process has it open
 * @access_vlan: VLAN of its untagged frames, 1 to 4094; 0: of none
 * @trunk: it may use any tag; needs an @access_vlan of 0
 *
 * Return: 0, -EBUSY if the context is in use or revoked, or an error of the NIC.
 */
int cdna_addr_set_vlan(struct cdna_ctx *ctx, u16 access_vlan, bool trunk)
{
	struct cdna_address address;
	int ret = 0;

	mutex_lock(&ctx->table->lock);
	address = ctx->address;
	if (address.access_vlan != access_vlan || address.trunk != trunk) {
		address.access_vlan = access_vlan;
		address.trunk = trunk;
		ret = addr_set(ctx, &address);
	}
	mutex_unlock(&ctx->table->lock);
	return ret;
}

/**
 * cdna_addr_set_trust - change what a context may send
 * @ctx: the context; no process has it open
 * @trusted: from any source address, and to the next station
 *
 * Return: 0, -EBUSY if the context is in use or revoked, or an error of the NIC.
 */
int cdna_addr_set_trust(struct cdna_ctx *ctx, bool trusted)
{
	struct cdna_address address;
	int ret = 0;

	mutex_lock(&ctx->table->lock);
	address = ctx->address;
	if (address.trusted != trusted) {
		address.trusted = trusted;
		ret = addr_set(ctx, &address);
	}
	mutex_unlock(&ctx->table->lock);
	return ret;
}
