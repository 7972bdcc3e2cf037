// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contexts of a NIC: which are in use.
 */
#include "cdna_provider.h"
#include "guard/cdna_fault.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_mac.h"
#include "vdev/cdna_revoke.h"
#include "vdev/cdna_table.h"

static int table_configure(struct cdna_table *table, struct cdna_ctx *ctx)
{
	int ret = cdna_mac_make(table, ctx->domain.id, ctx->address.mac);

	if (ret)
		return ret;
	mutex_lock(&ctx->domain.lock);
	ret = cdna_ctx_event(ctx, CDNA_EV_CONFIGURE, NULL);
	mutex_unlock(&ctx->domain.lock);
	return ret;
}

static int table_attach(struct cdna_table *table, struct cdna_ctx *ctx)
{
	u32 i;
	int ret;

	lockdep_assert_held(&table->lock);

	for (i = 0; i < table->nic->info.contexts; i++)
		if (!table->ctx[i])
			break;
	if (i == table->nic->info.contexts)
		return -ENOSPC;
	ctx->domain.id = i;
	ret = table_configure(table, ctx);
	if (!ret)
		table->ctx[i] = ctx;
	return ret;
}

/**
 * cdna_table_attach - give a new mediated device a context of the NIC
 * @table: the NIC's contexts
 * @ctx: FREE; CONFIGURED afterwards, with a MAC address of its own
 *
 * Return: 0, -ENOSPC if all are in use, or an error of the NIC.
 */
int cdna_table_attach(struct cdna_table *table, struct cdna_ctx *ctx)
{
	int ret;

	ctx->table = table;
	ctx->domain.nic = table->nic;
	ctx->domain.formats = &table->formats;
	mutex_lock(&table->lock);
	ret = table_attach(table, ctx);
	mutex_unlock(&table->lock);
	return ret;
}

/*
 * What the provider keeps of a context is not the next device's. It may have to wait for
 * others of the host for long, and nobody else may wait for that: the context is still in
 * use meanwhile.
 */
static void table_forget(struct cdna_table *table, u16 id)
{
	struct cdna_provider *nic = table->nic;

	lockdep_assert_not_held(&table->lock);

	if (nic->ops->forget)
		nic->ops->forget(nic, id);
}

/**
 * cdna_table_detach - return the context to the NIC
 * @ctx: no process has it open; FREE afterwards
 */
void cdna_table_detach(struct cdna_ctx *ctx)
{
	struct cdna_table *table = ctx->table;

	cdna_revoke_end(ctx);
	mutex_lock(&table->lock);
	mutex_lock(&ctx->domain.lock);
	cdna_ctx_event(ctx, CDNA_EV_RELEASE, NULL);
	mutex_unlock(&ctx->domain.lock);
	mutex_unlock(&table->lock);
	table_forget(table, ctx->domain.id);
	mutex_lock(&table->lock);
	if (table->nic->ops->forget)
		clear_bit(ctx->domain.id, table->down);
	table->ctx[ctx->domain.id] = NULL;
	mutex_unlock(&table->lock);
	cdna_fault_end(&ctx->domain);
}

/**
 * cdna_table_is_sf - whether a context is a sub-function
 * @table: the NIC's contexts
 * @i: number of the context
 *
 * Return: true if so.
 */
bool cdna_table_is_sf(struct cdna_table *table, u32 i)
{
	bool sf;

	mutex_lock(&table->lock);
	sf = table->ctx[i] && table->ctx[i]->sf.vector;
	mutex_unlock(&table->lock);
	return sf;
}

/**
 * cdna_table_free - how many mediated devices can still be made
 * @table: the NIC's contexts
 *
 * Return: contexts that are not in use.
 */
unsigned int cdna_table_free(struct cdna_table *table)
{
	unsigned int n = 0;
	u32 i;

	mutex_lock(&table->lock);
	for (i = 0; i < table->nic->info.contexts; i++)
		n += !table->ctx[i];
	mutex_unlock(&table->lock);
	return cdna_provider_is_dead(table->nic) ? 0 : n;
}
