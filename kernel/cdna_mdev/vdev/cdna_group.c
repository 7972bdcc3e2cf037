// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rate groups of a NIC: contexts that have limits together. An administrator makes
 * them as nodes of `devlink port function rate` (cdna_port_group.c), and the NIC's
 * scheduler enforces them. The NIC forgets which group a context is a member of when
 * it is released, and gets it again when it is configured; groups themselves it keeps
 * until it is reset, which is the end of all contexts, too.
 */
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mutex.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_group.h"
#include "vdev/cdna_table.h"

/* As the NIC knows it */
static u16 group_number(const struct cdna_group *group)
{
	return group ? group - group->table->group + 1 : CDNA_NO_GROUP;
}

/* What contexts were promised, by number of their group */
static void group_minima(const struct cdna_table *table,
			 const struct cdna_promise *change, u64 *sum)
{
	const struct cdna_ctx *ctx;
	u32 i;

	for (i = 0; i < table->nic->info.contexts; i++) {
		ctx = table->ctx[i];
		if (ctx && ctx == change->ctx)
			sum[group_number(change->ctx_group)] += change->ctx_min;
		else if (ctx)
			sum[group_number(ctx->group)] +=
				ctx->limits.tx_min_mbps;
	}
}

/* What a group and its members were promised is promised once. */
static u64 group_total(const struct cdna_table *table,
		       const struct cdna_promise *change)
{
	u64 sum[CDNA_MAX_GROUPS + 1] = { 0 };
	const struct cdna_group *group;
	u64 total;
	u32 i;

	group_minima(table, change, sum);
	total = sum[CDNA_NO_GROUP];
	for (group = table->group, i = 1; i <= CDNA_MAX_GROUPS; group++, i++)
		total += max_t(u64, sum[i], group == change->group ?
			       change->group_min : group->tx_min_mbps);
	return total;
}

/* Can the wire keep it? True also if nobody knows, or if it is not more than now. */
static bool group_fits(const struct cdna_table *table,
		       const struct cdna_promise *change)
{
	const struct cdna_promise none = { };
	u32 speed = table->nic->info.speed;
	u64 total = group_total(table, change);

	return !speed || total <= speed || total <= group_total(table, &none);
}

/* Does the group's maximum leave its members what they were promised themselves? */
static bool group_has_room(const struct cdna_table *table,
			   const struct cdna_promise *change)
{
	const struct cdna_group *group = change->group ?: change->ctx_group;
	u64 sum[CDNA_MAX_GROUPS + 1] = { 0 };
	u32 max_mbps;

	if (!group)
		return true;
	max_mbps = change->group ? change->group_max : group->tx_max_mbps;
	group_minima(table, change, sum);
	return !max_mbps || sum[group_number(group)] <= max_mbps;
}

/**
 * cdna_group_objection - can all that would be promised be kept?
 * @table: the NIC's contexts
 * @change: what would be different
 *
 * Return: what is wrong with it, or NULL.
 */
const char *cdna_group_objection(const struct cdna_table *table,
				 const struct cdna_promise *change)
{
	lockdep_assert_held(&table->lock);

	if (!group_has_room(table, change))
		return "The group's maximum is below the minima of its contexts; raise that first";
	if (group_fits(table, change))
		return NULL;
	if (change->ctx && change->ctx->group != change->ctx_group)
		return "The wire cannot keep all minima if the context changes its group";
	return "The wire cannot keep the minimum beside those of other contexts";
}

/**
 * cdna_group_any - is there a group?
 * @table: the NIC's contexts
 *
 * Return: true if so.
 */
bool cdna_group_any(struct cdna_table *table)
{
	bool any = false;
	u32 i;

	mutex_lock(&table->lock);
	for (i = 0; i < CDNA_MAX_GROUPS; i++)
		any |= table->group[i].exists;
	mutex_unlock(&table->lock);
	return any;
}

/**
 * cdna_group_new - make a group, without limits or members
 * @table: the NIC's contexts
 *
 * Context: may sleep; runs a command.
 *
 * Return: the group; -ENOSPC if the NIC has no other one; or an error of the NIC.
 */
struct cdna_group *cdna_group_new(struct cdna_table *table)
{
	struct cdna_group *group = table->group;
	u32 groups = table->nic->info.groups;
	int ret = -ENOSPC;

	mutex_lock(&table->lock);
	while (group < table->group + groups && group->exists)
		group++;
	if (group < table->group + groups) {
		*group = (struct cdna_group) { .table = table };
		ret = cdna_cmd_group_set(table->nic, group_number(group), 0, 0);
		group->exists = !ret;
	}
	mutex_unlock(&table->lock);
	return ret ? ERR_PTR(ret) : group;
}

/**
 * cdna_group_del - a group is not needed any longer
 * @group: it has no members, and is gone also with an error
 *
 * Context: may sleep; runs a command.
 *
 * Return: 0 or an error of the NIC.
 */
int cdna_group_del(struct cdna_group *group)
{
	struct cdna_table *table = group->table;
	int ret;

	mutex_lock(&table->lock);
	ret = cdna_cmd_group_del(table->nic, group_number(group));
	*group = (struct cdna_group) { .table = table };
	mutex_unlock(&table->lock);
	return ret;
}

static const char *group_objection(const struct cdna_group *group, u32 max_mbps,
				   u32 min_mbps)
{
	const struct cdna_promise change = {
		.group = group,
		.group_max = max_mbps,
		.group_min = min_mbps,
	};
	u32 most = group->table->nic->info.max_rate_mbps;

	if (max_mbps > most)
		return "The NIC takes no maximum that high";
	if (min_mbps > (max_mbps ?: most))
		return "The minimum is above the maximum; raise that first";
	return cdna_group_objection(group->table, &change);
}

/**
 * cdna_group_set - change a limit of a group; guests may be running
 * @group: the group
 * @which: CDNA_RATE_TX_MAX or CDNA_RATE_TX_MIN
 * @value: Mb/s; 0: no limit, or nothing promised
 * @objection: set to what is wrong with @value, or to NULL
 *
 * Context: may sleep; runs a command.
 *
 * Return: 0; -EINVAL with an @objection; or an error of the NIC.
 */
int cdna_group_set(struct cdna_group *group, enum cdna_rate which, u32 value,
		   const char **objection)
{
	struct cdna_table *table = group->table;
	u32 max_mbps, min_mbps;
	int ret = -EINVAL;

	mutex_lock(&table->lock);
	max_mbps = which == CDNA_RATE_TX_MAX ? value : group->tx_max_mbps;
	min_mbps = which == CDNA_RATE_TX_MIN ? value : group->tx_min_mbps;
	*objection = group_objection(group, max_mbps, min_mbps);
	if (!*objection)
		ret = cdna_cmd_group_set(table->nic, group_number(group),
					 max_mbps, min_mbps);
	if (!ret) {
		group->tx_max_mbps = max_mbps;
		group->tx_min_mbps = min_mbps;
	}
	mutex_unlock(&table->lock);
	return ret;
}

/* A context that the NIC does not have gets it later. */
static int group_join(struct cdna_ctx *ctx, struct cdna_group *group)
{
	int ret = 0;

	lockdep_assert_held(&ctx->domain.lock);

	if (ctx->on_nic)
		ret = cdna_cmd_ctx_group(&ctx->domain, group_number(group));
	if (!ret)
		ctx->group = group;
	return ret;
}

/**
 * cdna_group_join - make a context a member of a group; a guest may be running
 * @ctx: the context; if it is a member of another one, it is no longer
 * @group: the group; NULL: it is a member of none
 * @objection: set to what is wrong with that, or to NULL
 *
 * Context: may sleep; runs a command.
 *
 * Return: 0; -EINVAL with an @objection; or an error of the NIC.
 */
int cdna_group_join(struct cdna_ctx *ctx, struct cdna_group *group,
		    const char **objection)
{
	struct cdna_promise change = { .ctx = ctx, .ctx_group = group };
	int ret = -EINVAL;

	mutex_lock(&ctx->table->lock);
	mutex_lock(&ctx->domain.lock);
	change.ctx_min = ctx->limits.tx_min_mbps;
	*objection = cdna_group_objection(ctx->table, &change);
	if (!*objection)
		ret = group_join(ctx, group);
	mutex_unlock(&ctx->domain.lock);
	mutex_unlock(&ctx->table->lock);
	return ret;
}

/**
 * cdna_group_leave - a context is about to end
 * @ctx: the context; a member of no group afterwards, also if the NIC is dead
 *
 * Context: may sleep; runs a command.
 */
void cdna_group_leave(struct cdna_ctx *ctx)
{
	mutex_lock(&ctx->table->lock);
	mutex_lock(&ctx->domain.lock);
	if (ctx->group)
		group_join(ctx, NULL);
	ctx->group = NULL;
	mutex_unlock(&ctx->domain.lock);
	mutex_unlock(&ctx->table->lock);
}

/**
 * cdna_group_apply - tell the NIC which group a context is a member of
 * @ctx: the context, which was just configured
 *
 * Context: may sleep; runs a command.
 *
 * Return: 0 or an error of the NIC.
 */
int cdna_group_apply(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->domain.lock);

	return ctx->group ? cdna_cmd_ctx_group(&ctx->domain,
					       group_number(ctx->group)) : 0;
}
