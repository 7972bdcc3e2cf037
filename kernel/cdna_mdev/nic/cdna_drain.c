// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drains of queues. A drain takes as long as the wire takes, so those of several
 * queues run at the same time, and there is one deadline for all: the caller may
 * hold a lock of its machine's process.
 */
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/jiffies.h>

#include "nic/cdna_adminq.h"
#include "nic/cdna_drain.h"
#include "nic/cdna_nic.h"

static struct cdna_admin_cmd drain_command(u16 ctx, u8 dir, u8 qp)
{
	return (struct cdna_admin_cmd) {
		.opcode = cpu_to_le16(CDNA_CMD_QUEUE_DRAIN),
		.context = cpu_to_le16(ctx),
		.queue = { .qp = qp, .dir = dir },
	};
}

/**
 * cdna_drain - drain queues of a context
 * @nic: the NIC
 * @ctx: context
 * @dir: direction of the queues
 * @qps: bit per queue pair
 *
 * Context: process, with no spinlock held; sleeps.
 * Return: as cdna_provider_ops.drain.
 */
int cdna_drain(struct cdna_nic *nic, u16 ctx, u8 dir, unsigned long qps)
{
	unsigned long end = jiffies + msecs_to_jiffies(CDNA_DRAIN_MS);
	struct cdna_adminq_slot *slot[CDNA_MAX_QPS];
	struct cdna_admin_cmd cmd;
	int err, ret = 0;
	u32 qp;

	for_each_set_bit(qp, &qps, CDNA_MAX_QPS) {
		cmd = drain_command(ctx, dir, qp);
		slot[qp] = cdna_adminq_submit(nic, &cmd);
	}
	for_each_set_bit(qp, &qps, CDNA_MAX_QPS) {
		cmd = drain_command(ctx, dir, qp);
		err = IS_ERR(slot[qp]) ? PTR_ERR(slot[qp]) :
		      cdna_adminq_wait(nic, slot[qp], &cmd, NULL, end);
		ret = ret ?: err;
	}
	return ret;
}
