// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The admin queue: commands of the host, one table for what they are. A
 * command is copied once and its copy checked; none is taken unless there is
 * room for its completion and for all that are still to come.
 */
#include "host/admin.h"

#include "ctx/context.h"
#include "host/admin_ctx.h"
#include "host/admin_group.h"
#include "host/admin_nic.h"
#include "host/admin_queue.h"
#include "host/admin_rss.h"
#include "host/mgmt.h"
#include "notify/health.h"
#include "state.h"

#define ADMIN_OPCODES		(CDNA_CMD_READ_STATS + 1)

/* Contexts' states in which a command makes sense */
#define IN(state)		(1u << CDNA_CTX_##state)
#define IN_ALL			((1u << CDNA_NR_CTX_STATES) - 1)
#define IN_USE			(IN_ALL & ~IN(FREE))
#define IN_CHARGE		(IN_USE & ~IN(REVOKED))

/* Bytes of cdna_admin_cmd.raw that a field takes */
#define RAW_SIZE(field)		sizeof(((struct cdna_admin_cmd *)0)->field)
#define RAW_AT(field)		(offsetof(struct cdna_admin_cmd, field) - \
				 offsetof(struct cdna_admin_cmd, raw))
#define RAW(field)		(((1ull << RAW_SIZE(field)) - 1) << \
				 RAW_AT(field))
#define RAW_RING(field)		(RAW(field.addr) | RAW(field.pages) | \
				 RAW(field.flags))
#define RAW_QUEUE		(RAW(queue.qp) | RAW(queue.dir))

/**
 * struct admin_op - what a command is
 * @run: its handler; NULL: there is no such command
 * @names_ctx: it is about a context
 * @states: bit per enum cdna_ctx_state: otherwise BAD_STATE
 * @fields: bit per byte of cdna_admin_cmd.raw that has a meaning; the others
 *	must be zero
 */
struct admin_op {
	u32 (*run)(struct fw_nic *nic, struct fw_admin_call *call);
	bool names_ctx;
	u8 states;
	u64 fields;
};

static const struct admin_op admin_op[ADMIN_OPCODES] = {
	[CDNA_CMD_IDENTIFY] = {
		fw_admin_identify, false, 0, RAW(identify.addr),
	},
	[CDNA_CMD_SET_RINGS] = {
		fw_admin_set_rings, false, 0, RAW(set_rings),
	},
	[CDNA_CMD_CTX_CONFIGURE] = {
		fw_admin_ctx_configure, true, IN_ALL, RAW(configure),
	},
	[CDNA_CMD_CTX_ACTIVATE] = {
		fw_admin_ctx_activate, true, IN_ALL, RAW(activate),
	},
	[CDNA_CMD_CTX_QUIESCE] = {
		fw_admin_ctx_quiesce, true, IN_ALL, 0,
	},
	[CDNA_CMD_CTX_RESUME] = {
		fw_admin_ctx_resume, true, IN_ALL, 0,
	},
	[CDNA_CMD_CTX_RESET] = {
		fw_admin_ctx_reset, true, IN_ALL, 0,
	},
	[CDNA_CMD_CTX_REVOKE] = {
		fw_admin_ctx_revoke, true, IN_ALL, 0,
	},
	[CDNA_CMD_CTX_RELEASE] = {
		fw_admin_ctx_release, true, IN_ALL, 0,
	},
	[CDNA_CMD_CTX_QUERY] = {
		fw_admin_ctx_query, true, IN_ALL, 0,
	},
	[CDNA_CMD_CTX_SPREAD] = {
		fw_admin_ctx_spread, true, IN(ACTIVE), RAW(spread.qps),
	},
	[CDNA_CMD_CTX_RSS] = {
		fw_admin_ctx_rss, true, IN(ACTIVE), RAW(rss),
	},
	[CDNA_CMD_CTX_GROUP] = {
		fw_admin_ctx_group, true, IN_USE, RAW(ctx_group),
	},
	[CDNA_CMD_QUEUE_CREATE] = {
		fw_admin_queue_create, true, IN(ACTIVE),
		RAW_QUEUE | RAW(queue.format) | RAW(queue.size_log2) |
		RAW(queue.offloads) | RAW(queue.first_seq) |
		RAW(queue.used_offset) | RAW(queue.used_slots) |
		RAW(queue.used_index) |
		RAW_RING(queue.ring) | RAW_RING(queue.completions),
	},
	[CDNA_CMD_QUEUE_DESTROY] = {
		fw_admin_queue_destroy, true, IN_USE, RAW_QUEUE,
	},
	[CDNA_CMD_QUEUE_DRAIN] = {
		fw_admin_queue_drain, true, IN_USE, RAW_QUEUE,
	},
	[CDNA_CMD_QUEUE_QUERY] = {
		fw_admin_queue_query, true, IN_USE, RAW_QUEUE,
	},
	[CDNA_CMD_SOURCE_BIND] = {
		fw_admin_source_bind, true, IN_CHARGE,
		RAW(source.qp) | RAW(source.bit),
	},
	[CDNA_CMD_SOURCE_UNBIND] = {
		fw_admin_source_unbind, true, IN_USE,
		RAW(source.qp) | RAW(source.bit),
	},
	[CDNA_CMD_SET_FILTER] = {
		fw_admin_set_filter, true, IN_CHARGE,
		RAW(filter.flags) | RAW(filter.mc_hash),
	},
	[CDNA_CMD_MAC_ADD] = {
		fw_admin_mac_add, true, IN_CHARGE, RAW(mac.mac),
	},
	[CDNA_CMD_MAC_DEL] = {
		fw_admin_mac_del, true, IN_CHARGE, RAW(mac.mac),
	},
	[CDNA_CMD_VLAN_ADD] = {
		fw_admin_vlan_add, true, IN_CHARGE, RAW(vlan.vid),
	},
	[CDNA_CMD_VLAN_DEL] = {
		fw_admin_vlan_del, true, IN_CHARGE, RAW(vlan.vid),
	},
	[CDNA_CMD_SET_COALESCE] = {
		fw_admin_set_coalesce, true, IN_CHARGE,
		RAW(coalesce.qp) | RAW(coalesce.usecs) | RAW(coalesce.frames),
	},
	[CDNA_CMD_SET_LIMITS] = {
		fw_admin_set_limits, true, IN_CHARGE, RAW(limits),
	},
	[CDNA_CMD_SET_THROTTLE] = {
		fw_admin_set_throttle, false, 0, RAW(throttle),
	},
	[CDNA_CMD_GROUP_SET] = {
		fw_admin_group_set, false, 0,
		RAW(group.group) | RAW(group.tx_mbps) | RAW(group.tx_min_mbps),
	},
	[CDNA_CMD_GROUP_DEL] = {
		fw_admin_group_del, false, 0, RAW(group.group),
	},
	[CDNA_CMD_READ_STATS] = {
		fw_admin_read_stats, true, IN_ALL,
		RAW(stats.addr) | RAW(stats.what) | RAW(stats.qp),
	},
};

/**
 * fw_admin_enable() - start to serve the admin queue
 * @nic: the NIC
 *
 * CDNA_STATUS_ENABLED shows the host whether its rings were good.
 */
void fw_admin_enable(struct fw_nic *nic)
{
	u64 sq = fw_mgmt_read64(nic, CDNA_MGMT_ASQ_BASE_LO);
	u64 cq = fw_mgmt_read64(nic, CDNA_MGMT_ACQ_BASE_LO);
	u32 slots = nic->ops->sram_read(nic->board, CDNA_MGMT_PAGE +
					CDNA_MGMT_ADMIN_SIZE);

	if (!sq || sq % 64 || !cq || cq % 64 || slots & (slots - 1) ||
	    slots < CDNA_MIN_ADMIN_RING || slots > CDNA_MAX_ADMIN_RING) {
		fw_log(nic, FW_LOG_ERROR, "admin rings refused, slots", slots,
		       0);
		return;
	}
	nic->admin.sq_addr = sq;
	nic->admin.slots = slots;
	nic->admin.sq_head = 0;
	nic->admin.sq_tail = 0;
	nic->admin.pending = 0;
	fw_notify_setup(&nic->admin.completions, cq, slots,
			sizeof(struct cdna_admin_completion));
	nic->enabled = true;
	fw_health_publish(nic);
}

/**
 * fw_admin_tail() - take the submission producer from the mailbox
 * @nic: the NIC
 * @tail: free-running; ignored if it goes back or is a ring or more ahead
 */
void fw_admin_tail(struct fw_nic *nic, u32 tail)
{
	struct fw_admin *admin = &nic->admin;

	if (!nic->enabled || tail - admin->sq_head > admin->slots ||
	    tail - admin->sq_head < admin->sq_tail - admin->sq_head) {
		fw_log(nic, FW_LOG_ERROR, "admin tail ignored", tail,
		       admin->sq_head);
		return;
	}
	admin->sq_tail = tail;
}

static u32 admin_check_bytes(struct fw_admin_call *call, u64 fields)
{
	u32 i;

	if (call->cmd.reserved)
		return fw_admin_refuse(call, FW_ADMIN_DETAIL(reserved));
	for (i = 0; i < sizeof(call->cmd.raw); i++) {
		if (call->cmd.raw[i] && !(fields >> i & 1))
			return fw_admin_refuse(call, FW_ADMIN_DETAIL(raw) + i);
	}
	return CDNA_SC_OK;
}

static u32 admin_check_ctx(struct fw_nic *nic, struct fw_admin_call *call,
			   const struct admin_op *op)
{
	u32 id = fw_le16(call->cmd.context);

	if (!op->names_ctx)
		return id ? fw_admin_refuse(call, FW_ADMIN_DETAIL(context)) :
			    CDNA_SC_OK;
	if (id >= nic->config.contexts)
		return CDNA_SC_BAD_CONTEXT;
	call->ctx = &nic->ctx[id];
	if (!(op->states >> call->ctx->state & 1))
		return CDNA_SC_BAD_STATE;
	return CDNA_SC_OK;
}

static u32 admin_run(struct fw_nic *nic, struct fw_admin_call *call)
{
	u32 opcode = fw_le16(call->cmd.opcode);
	const struct admin_op *op;
	u32 status;

	if (opcode >= ADMIN_OPCODES || !admin_op[opcode].run)
		return CDNA_SC_BAD_OPCODE;
	op = &admin_op[opcode];
	status = admin_check_bytes(call, op->fields);
	if (!status)
		status = admin_check_ctx(nic, call, op);
	if (!status && call->ctx)
		fw_ctx_work(call->ctx, FW_WORK_COMMAND);
	if (!status)
		status = op->run(nic, call);
	return status;
}

/* Return: whether the next one may be taken in this step, too */
static bool admin_take(struct fw_nic *nic)
{
	struct fw_admin *admin = &nic->admin;
	struct fw_admin_call call = { 0 };
	u32 status;
	u64 addr;

	addr = admin->sq_addr + (admin->sq_head & (admin->slots - 1)) *
	       sizeof(call.cmd);
	if (fw_dma_read(nic, FW_DMA_HOST, addr, &call.cmd, sizeof(call.cmd))) {
		fw_health_unreachable(nic, addr);
		fw_health_fatal(nic, "admin submission ring");
		return false;
	}
	admin->sq_head++;
	fw_nic_count(nic, CDNA_NSTAT_ADMIN_COMMANDS, 1);
	status = admin_run(nic, &call);
	/* The next command finds what this one has led to. */
	fw_ctx_service(nic);
	if (!call.later)
		fw_completion_push(nic, fw_le16(call.cmd.opcode),
				   fw_le16(call.cmd.tag), status,
				   fw_le16(call.done.detail), call.done.raw,
				   sizeof(call.done.raw));
	return !call.long_step;
}

/**
 * fw_admin_service() - execute a few commands
 * @nic: the NIC
 *
 * Return: true if there are more that could be executed now
 */
bool fw_admin_service(struct fw_nic *nic)
{
	struct fw_admin *admin = &nic->admin;
	bool more = true;
	u32 n;

	for (n = 0; ; n++) {
		if (!nic->enabled || admin->sq_head == admin->sq_tail ||
		    fw_notify_room(&admin->completions) <= admin->pending)
			return false;
		if (!more || n == FW_ADMIN_BATCH)
			return true;
		more = admin_take(nic);
	}
}
