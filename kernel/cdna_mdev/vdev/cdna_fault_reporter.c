// SPDX-License-Identifier: GPL-2.0-only
/*
 * The health reporter of protection: which contexts had queues stopped, where
 * and why. A guest causes faults at will, so they are only counted where they
 * happen; a work reports them to devlink, once a second at most.
 *
 * The state is "error" while a queue is stopped because of a fault, and
 * "healthy" again once its guest has reset it.
 */
#include <net/devlink.h>

#include <cdna/names.h>

#include "cdna_compat.h"
#include "cdna_provider.h"
#include "guard/cdna_queue.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_fault_reporter.h"
#include "vdev/cdna_table.h"

#define REPORTER_INTERVAL	HZ

static const char *reporter_reason(u32 fault)
{
	return cdna_name_fault(fault) ?: "unknown";
}

static u32 reporter_number(const struct cdna_queue *queue)
{
	return CDNA_VQUEUE(queue->qp, queue->dir);
}

/**
 * cdna_fault_reporter_record - a queue was stopped by a fault
 * @ctx: the context
 * @queue: the queue
 * @fault: why
 *
 * A queue that stops because the NIC is dead is not a matter of protection: the
 * firmware's reporter has that.
 *
 * Context: process context; any lock may be held.
 */
void cdna_fault_reporter_record(struct cdna_ctx *ctx,
				const struct cdna_queue *queue,
				const struct cdna_fault_info *fault)
{
	struct cdna_fault_reporter *reporter = &ctx->table->reporter;
	u32 reason = min_t(u32, fault->reason, CDNA_NR_VFAULTS - 1);
	struct cdna_fault_record *record;

	spin_lock(&reporter->lock);
	ctx->fault_log.reasons[reason]++;
	if (reason == CDNA_VFAULT_NIC_DEAD) {
		spin_unlock(&reporter->lock);
		return;
	}
	record = &ctx->fault_log.last[reporter_number(queue)];
	record->fault = *fault;
	record->count++;
	reporter->reasons[reason]++;
	reporter->total++;
	reporter->last_ctx = ctx->domain.id;
	reporter->last_queue = reporter_number(queue);
	reporter->last = *fault;
	spin_unlock(&reporter->lock);
	/* Does nothing if it waits already. */
	schedule_delayed_work(&reporter->work, REPORTER_INTERVAL);
}

static const char *reporter_direction(u32 number)
{
	if (number == CDNA_CTRLQ_NUMBER)
		return "control";
	return number % CDNA_NR_DIRS == CDNA_DIR_TX ? "tx" : "rx";
}

static void reporter_put_record(struct devlink_fmsg *fmsg,
				struct cdna_ctx *ctx,
				const struct cdna_queue *queue)
{
	struct cdna_fault_reporter *reporter = &ctx->table->reporter;
	struct cdna_fault_record record;

	spin_lock(&reporter->lock);
	record = ctx->fault_log.last[reporter_number(queue)];
	spin_unlock(&reporter->lock);
	if (!record.count)
		return;

	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u32_pair_put(fmsg, "context", ctx->domain.id);
	devlink_fmsg_u32_pair_put(fmsg, "queue_pair", queue->qp);
	devlink_fmsg_string_pair_put(fmsg, "direction",
				     reporter_direction(reporter_number(queue)));
	devlink_fmsg_string_pair_put(fmsg, "reason",
				     reporter_reason(record.fault.reason));
	devlink_fmsg_u32_pair_put(fmsg, "index", record.fault.index);
	devlink_fmsg_u32_pair_put(fmsg, "expected", record.fault.expected);
	devlink_fmsg_u32_pair_put(fmsg, "seen", record.fault.seen);
	devlink_fmsg_u32_pair_put(fmsg, "count", record.count);
	devlink_fmsg_bool_pair_put(fmsg, "stopped", READ_ONCE(queue->state) ==
				   CDNA_QUEUE_FAULTED);
	devlink_fmsg_obj_nest_end(fmsg);
}

/* The last fault of each queue that ever had one */
static int reporter_dump(struct devlink_health_reporter *devlink,
			 struct devlink_fmsg *fmsg, void *priv,
			 struct netlink_ext_ack *extack)
{
	struct cdna_table *table = devlink_health_reporter_priv(devlink);
	struct cdna_ctx *ctx;
	u32 i, n;

	devlink_fmsg_arr_pair_nest_start(fmsg, "faults");
	mutex_lock(&table->lock);
	for (i = 0; i < table->nic->info.contexts; i++) {
		ctx = table->ctx[i];
		for (n = 0; ctx && n < CDNA_VDEV_NR_QUEUES; n++)
			reporter_put_record(fmsg, ctx, &ctx->domain.queue[n]);
		if (ctx && ctx->domain.ctrlq)
			reporter_put_record(fmsg, ctx,
					    &ctx->domain.ctrlq->queue);
	}
	mutex_unlock(&table->lock);
	devlink_fmsg_arr_pair_nest_end(fmsg);
	return 0;
}

static bool reporter_is_stopped(const struct cdna_queue *queue)
{
	return READ_ONCE(queue->state) == CDNA_QUEUE_FAULTED;
}

static u32 reporter_stopped_of(const struct cdna_domain *domain)
{
	u32 n, stopped = 0;

	for (n = 0; n < CDNA_VDEV_NR_QUEUES; n++)
		stopped += reporter_is_stopped(&domain->queue[n]);
	if (domain->ctrlq)
		stopped += reporter_is_stopped(&domain->ctrlq->queue);
	return stopped;
}

/* Queues that are stopped now because of a fault */
static u32 reporter_stopped(struct cdna_table *table)
{
	u32 i, stopped = 0;

	mutex_lock(&table->lock);
	for (i = 0; i < table->nic->info.contexts; i++)
		if (table->ctx[i])
			stopped += reporter_stopped_of(&table->ctx[i]->domain);
	mutex_unlock(&table->lock);
	return stopped;
}

static int reporter_diagnose(struct devlink_health_reporter *devlink,
			     struct devlink_fmsg *fmsg,
			     struct netlink_ext_ack *extack)
{
	struct cdna_table *table = devlink_health_reporter_priv(devlink);
	struct cdna_fault_reporter *reporter = &table->reporter;
	u32 i;

	devlink_fmsg_u32_pair_put(fmsg, "queues_stopped",
				  reporter_stopped(table));
	devlink_fmsg_u64_pair_put(fmsg, "faults_total",
				  READ_ONCE(reporter->total));
	for (i = 0; i < CDNA_NR_VFAULTS; i++)
		if (READ_ONCE(reporter->reasons[i]))
			devlink_fmsg_u64_pair_put(fmsg, reporter_reason(i),
						  READ_ONCE(reporter->reasons[i]));
	return reporter_dump(devlink, fmsg, NULL, extack);
}

static const struct devlink_health_reporter_ops reporter_ops = {
	.name = "protection",
	.diagnose = reporter_diagnose,
	.dump = reporter_dump,
};

/* Report the last fault, and how many there were since the last report. */
static void reporter_report(struct cdna_fault_reporter *reporter)
{
	struct cdna_fault_info last;
	u64 since;
	u16 ctx;
	u8 queue;
	char text[120];

	spin_lock(&reporter->lock);
	last = reporter->last;
	ctx = reporter->last_ctx;
	queue = reporter->last_queue;
	since = reporter->total - reporter->reported;
	reporter->reported = reporter->total;
	spin_unlock(&reporter->lock);

	snprintf(text, sizeof(text),
		 "context %u queue pair %u %s stopped at %u: %s (%llu faults since the last report)",
		 ctx, queue / CDNA_NR_DIRS,
		 reporter_direction(queue), last.index,
		 reporter_reason(last.reason), since);
	devlink_health_report(reporter->devlink, text, NULL);
}

/* No lock is held: devlink takes its own, and then requests a dump. */
static void reporter_work(struct work_struct *work)
{
	struct cdna_fault_reporter *reporter =
		container_of(to_delayed_work(work), struct cdna_fault_reporter,
			     work);
	struct cdna_table *table = container_of(reporter, struct cdna_table,
						reporter);

	if (READ_ONCE(reporter->total) != reporter->reported)
		reporter_report(reporter);
	if (reporter_stopped(table))
		schedule_delayed_work(&reporter->work, REPORTER_INTERVAL);
	else
		devlink_health_reporter_state_update(reporter->devlink,
						     DEVLINK_HEALTH_REPORTER_STATE_HEALTHY);
}

/**
 * cdna_fault_reporter_create - make the reporter
 * @table: the NIC's contexts; there are none yet
 *
 * Context: takes devlink's lock, so none of ours is held.
 *
 * Return: 0 or an error.
 */
int cdna_fault_reporter_create(struct cdna_table *table)
{
	struct cdna_fault_reporter *reporter = &table->reporter;
	struct devlink_health_reporter *devlink;

	spin_lock_init(&reporter->lock);
	INIT_DELAYED_WORK(&reporter->work, reporter_work);
	devlink = cdna_compat_reporter_create(table->nic->devlink,
					      &reporter_ops, table);
	if (IS_ERR(devlink))
		return PTR_ERR(devlink);
	reporter->devlink = devlink;
	return 0;
}

/**
 * cdna_fault_reporter_destroy - remove it
 * @table: the NIC's contexts; there are none any longer, and the NIC is mute
 *
 * Context: takes devlink's lock, so none of ours is held.
 */
void cdna_fault_reporter_destroy(struct cdna_table *table)
{
	disable_delayed_work_sync(&table->reporter.work);
	devlink_health_reporter_destroy(table->reporter.devlink);
}
