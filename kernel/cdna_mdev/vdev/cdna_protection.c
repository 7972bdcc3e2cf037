// SPDX-License-Identifier: GPL-2.0-only
/*
 * The health reporter of protection: which contexts had queues stopped, where
 * and why. A guest causes faults at will, so they are only counted where they
 * happen; a work tells devlink, once a second at most.
 *
 * The state is "error" while a queue stands still because of a fault, and
 * "healthy" again once its guest has reset it.
 */
#include <net/devlink.h>

#include <cdna/names.h>

#include "cdna_compat.h"
#include "vdev/cdna_ctx.h"

#define PROTECTION_INTERVAL	HZ

static const char *protection_reason(u32 fault)
{
	return cdna_name_fault(fault) ?: "unknown";
}

/**
 * cdna_protection_fault - a queue was stopped by a fault
 * @queue: the queue
 * @fault: enum cdna_vfault
 * @index: free-running index of the descriptor
 * @expected: sequence number that was due, 0 if that is not the reason
 * @seen: sequence number that was found
 *
 * Process context. A queue that stops because the NIC is dead is no matter of
 * protection; the firmware's reporter tells of it.
 */
void cdna_protection_fault(struct cdna_queue *queue, u32 fault, u32 index,
			   u32 expected, u32 seen)
{
	struct cdna_protection *prot = &queue->ctx->parent->protection;
	struct cdna_fault_record *record = &queue->last_fault;

	fault = min_t(u32, fault, CDNA_NR_VFAULTS - 1);
	spin_lock(&prot->lock);
	queue->ctx->reasons[fault]++;
	if (fault == CDNA_VFAULT_NIC_DEAD) {
		spin_unlock(&prot->lock);
		return;
	}
	record->fault = fault;
	record->index = index;
	record->expected = expected;
	record->seen = seen;
	record->count++;
	prot->reasons[fault]++;
	prot->total++;
	prot->last_ctx = queue->ctx->id;
	prot->last_queue = CDNA_VQUEUE(queue->qp, queue->dir);
	prot->last = *record;
	spin_unlock(&prot->lock);
	/* Does nothing if it waits already. */
	schedule_delayed_work(&prot->work, PROTECTION_INTERVAL);
}

static void protection_put_record(struct devlink_fmsg *fmsg,
				  struct cdna_queue *queue)
{
	struct cdna_protection *prot = &queue->ctx->parent->protection;
	struct cdna_fault_record record;

	spin_lock(&prot->lock);
	record = queue->last_fault;
	spin_unlock(&prot->lock);
	if (!record.count)
		return;

	devlink_fmsg_obj_nest_start(fmsg);
	devlink_fmsg_u32_pair_put(fmsg, "context", queue->ctx->id);
	devlink_fmsg_u32_pair_put(fmsg, "queue_pair", queue->qp);
	devlink_fmsg_string_pair_put(fmsg, "direction",
				     queue->dir == CDNA_DIR_TX ? "tx" : "rx");
	devlink_fmsg_string_pair_put(fmsg, "reason",
				     protection_reason(record.fault));
	devlink_fmsg_u32_pair_put(fmsg, "index", record.index);
	devlink_fmsg_u32_pair_put(fmsg, "expected", record.expected);
	devlink_fmsg_u32_pair_put(fmsg, "seen", record.seen);
	devlink_fmsg_u32_pair_put(fmsg, "count", record.count);
	devlink_fmsg_bool_pair_put(fmsg, "stopped", READ_ONCE(queue->state) ==
				   CDNA_QUEUE_FAULTED);
	devlink_fmsg_obj_nest_end(fmsg);
}

/* The last fault of each queue that ever had one */
static int protection_dump(struct devlink_health_reporter *reporter,
			   struct devlink_fmsg *fmsg, void *priv,
			   struct netlink_ext_ack *extack)
{
	struct cdna_parent *parent = devlink_health_reporter_priv(reporter);
	u32 i, n;

	devlink_fmsg_arr_pair_nest_start(fmsg, "faults");
	mutex_lock(&parent->lock);
	for (i = 0; i < parent->nic->info.contexts; i++)
		for (n = 0; parent->ctx[i] && n < CDNA_VDEV_NR_QUEUES; n++)
			protection_put_record(fmsg, &parent->ctx[i]->queue[n]);
	mutex_unlock(&parent->lock);
	devlink_fmsg_arr_pair_nest_end(fmsg);
	return 0;
}

/* Queues that stand still now because of a fault */
static u32 protection_stopped(struct cdna_parent *parent)
{
	const struct cdna_queue *queue;
	u32 i, n, stopped = 0;

	mutex_lock(&parent->lock);
	for (i = 0; i < parent->nic->info.contexts; i++)
		for (n = 0; parent->ctx[i] && n < CDNA_VDEV_NR_QUEUES; n++) {
			queue = &parent->ctx[i]->queue[n];
			stopped += READ_ONCE(queue->state) ==
				   CDNA_QUEUE_FAULTED;
		}
	mutex_unlock(&parent->lock);
	return stopped;
}

static int protection_diagnose(struct devlink_health_reporter *reporter,
			       struct devlink_fmsg *fmsg,
			       struct netlink_ext_ack *extack)
{
	struct cdna_parent *parent = devlink_health_reporter_priv(reporter);
	struct cdna_protection *prot = &parent->protection;
	u32 i;

	devlink_fmsg_u32_pair_put(fmsg, "queues_stopped",
				  protection_stopped(parent));
	devlink_fmsg_u64_pair_put(fmsg, "faults_total",
				  READ_ONCE(prot->total));
	for (i = 0; i < CDNA_NR_VFAULTS; i++)
		if (READ_ONCE(prot->reasons[i]))
			devlink_fmsg_u64_pair_put(fmsg, protection_reason(i),
						  READ_ONCE(prot->reasons[i]));
	return protection_dump(reporter, fmsg, NULL, extack);
}

static const struct devlink_health_reporter_ops protection_ops = {
	.name = "protection",
	.diagnose = protection_diagnose,
	.dump = protection_dump,
};

/* Tell devlink of the last fault, and how many there were since it was told. */
static void protection_tell(struct cdna_protection *prot)
{
	struct cdna_fault_record last;
	u64 since;
	u16 ctx;
	u8 queue;
	char text[120];

	spin_lock(&prot->lock);
	last = prot->last;
	ctx = prot->last_ctx;
	queue = prot->last_queue;
	since = prot->total - prot->told;
	prot->told = prot->total;
	spin_unlock(&prot->lock);

	snprintf(text, sizeof(text),
		 "context %u queue pair %u %s stopped at %u: %s (%llu faults since the last report)",
		 ctx, queue / CDNA_NR_DIRS,
		 queue % CDNA_NR_DIRS == CDNA_DIR_TX ? "tx" : "rx", last.index,
		 protection_reason(last.fault), since);
	devlink_health_report(prot->reporter, text, NULL);
}

/* No lock is held: devlink takes its own, and then asks for a dump. */
static void protection_work(struct work_struct *work)
{
	struct cdna_protection *prot = container_of(to_delayed_work(work),
						    struct cdna_protection,
						    work);
	struct cdna_parent *parent = container_of(prot, struct cdna_parent,
						  protection);

	if (READ_ONCE(prot->total) != prot->told)
		protection_tell(prot);
	if (protection_stopped(parent))
		schedule_delayed_work(&prot->work, PROTECTION_INTERVAL);
	else
		devlink_health_reporter_state_update(prot->reporter,
						     DEVLINK_HEALTH_REPORTER_STATE_HEALTHY);
}

/**
 * cdna_protection_create - make the reporter
 * @parent: the NIC's contexts; there are none yet
 *
 * Return: 0 or an error.
 */
int cdna_protection_create(struct cdna_parent *parent)
{
	struct cdna_protection *prot = &parent->protection;
	struct devlink_health_reporter *reporter;

	spin_lock_init(&prot->lock);
	INIT_DELAYED_WORK(&prot->work, protection_work);
	reporter = cdna_compat_reporter_create(parent->nic->devlink,
					       &protection_ops, parent);
	if (IS_ERR(reporter))
		return PTR_ERR(reporter);
	prot->reporter = reporter;
	return 0;
}

/**
 * cdna_protection_destroy - take it away
 * @parent: the NIC's contexts; there are none any more, and the NIC is mute
 */
void cdna_protection_destroy(struct cdna_parent *parent)
{
	disable_delayed_work_sync(&parent->protection.work);
	devlink_health_reporter_destroy(parent->protection.reporter);
}
