// SPDX-License-Identifier: GPL-2.0-only
/*
 * One function per admin command. Each runs it and waits: see cdna_adminq_run()
 * for the context and for the errors.
 */
#include <linux/mutex.h>

#include "nic/cdna_adminq.h"
#include "nic/cdna_nic.h"
#include "nic/cdna_nic_cmd.h"

/**
 * cdna_nic_cmd_identify - have the NIC write what it is
 * @nic: the NIC
 * @addr: DMA address of a struct cdna_identify
 *
 * Return: 0 or an error of cdna_adminq_run().
 */
int cdna_nic_cmd_identify(struct cdna_nic *nic, dma_addr_t addr)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_IDENTIFY),
		.identify.addr = cpu_to_le64(addr),
	};

	return cdna_adminq_run(nic, &cmd, NULL);
}

/**
 * cdna_nic_cmd_set_rings - give the NIC the rings and the table that it writes
 * @nic: the NIC, with all three allocated
 *
 * Return: 0 or an error of cdna_adminq_run().
 */
int cdna_nic_cmd_set_rings(struct cdna_nic *nic)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SET_RINGS),
		.set_rings.bitvec_addr = cpu_to_le64(nic->sources.dma),
		.set_rings.event_addr = cpu_to_le64(nic->events.dma),
		.set_rings.cons_addr = cpu_to_le64(nic->cons_dma),
		.set_rings.bitvec_slots = cpu_to_le32(CDNA_SOURCE_SLOTS),
		.set_rings.event_slots = cpu_to_le32(CDNA_EVENTS_SLOTS),
	};

	return cdna_adminq_run(nic, &cmd, NULL);
}

/**
 * cdna_nic_cmd_set_throttle - bound how often the NIC announces bit vectors
 * @nic: the NIC, of interface 1.3 or later
 * @usecs: least time between two interrupts on average; 0: no bound
 * @burst: interrupts in a row after a pause; with @usecs 0: zero
 *
 * Return: 0 or an error of cdna_adminq_run().
 */
int cdna_nic_cmd_set_throttle(struct cdna_nic *nic, u32 usecs, u32 burst)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SET_THROTTLE),
		.throttle.usecs = cpu_to_le32(usecs),
		.throttle.burst = cpu_to_le32(burst),
	};

	return cdna_adminq_run(nic, &cmd, NULL);
}

/**
 * cdna_nic_cmd_source_bind - bind a queue pair to a bit of the vector
 * @nic: the NIC
 * @ctx: context
 * @qp: queue pair
 * @bit: bit of the vector, below cdna_nic_info.sources
 *
 * Return: 0 or an error of cdna_adminq_run().
 */
int cdna_nic_cmd_source_bind(struct cdna_nic *nic, u16 ctx, u8 qp, u32 bit)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SOURCE_BIND),
		.context = cpu_to_le16(ctx),
		.source.qp = qp,
		.source.bit = cpu_to_le32(bit),
	};

	return cdna_adminq_run(nic, &cmd, NULL);
}

/**
 * cdna_nic_cmd_source_unbind - undo cdna_nic_cmd_source_bind()
 * @nic: the NIC
 * @ctx: context
 * @qp: queue pair
 *
 * Return: 0 or an error of cdna_adminq_run().
 */
int cdna_nic_cmd_source_unbind(struct cdna_nic *nic, u16 ctx, u8 qp)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SOURCE_UNBIND),
		.context = cpu_to_le16(ctx),
		.source.qp = qp,
	};

	return cdna_adminq_run(nic, &cmd, NULL);
}

/**
 * cdna_nic_cmd_read_stats - have the NIC write counters
 * @nic: the NIC
 * @what: CDNA_STATS_NIC or CDNA_STATS_CONTEXT
 * @ctx: the context; 0 for the NIC
 * @value: gets them
 *
 * Return: 0 or an error of cdna_adminq_run().
 */
int cdna_nic_cmd_read_stats(struct cdna_nic *nic, u16 what, u16 ctx,
			    u64 value[CDNA_NR_STATS])
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_READ_STATS),
		.context = cpu_to_le16(ctx),
		.stats.what = cpu_to_le16(what),
	};
	int ret;
	u32 i;

	cmd.stats.addr = cpu_to_le64(nic->stats_dma);
	mutex_lock(&nic->stats_lock);
	ret = cdna_adminq_run(nic, &cmd, NULL);
	for (i = 0; !ret && i < CDNA_NR_STATS; i++)
		value[i] = le64_to_cpu(nic->stats->value[i]);
	mutex_unlock(&nic->stats_lock);
	return ret;
}
