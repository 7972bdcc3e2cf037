// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The event loop: bounded steps, one after another (paper 4). fw_nic_step()
 * says what a step does, in order.
 */
#include "nic.h"

#include "ctx/context.h"
#include "ctx/status.h"
#include "host/admin.h"
#include "host/mailbox.h"
#include "notify/health.h"
#include "rx/rx.h"
#include "switch/wire.h"

static void nic_queue_stopped(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	if (dir == CDNA_DIR_TX) {
		if (!qp->queue[dir].resumes)
			fw_tso_abort(qp);
		fw_sched_stopped(nic, qp);
	} else {
		fw_lro_abort(nic, qp->ctx, qp);
	}
}

static void nic_ctx_reset(struct fw_nic *nic, struct fw_ctx *ctx)
{
	fw_wireq_forget(nic, ctx->id);
	/* One without a transmit queue is in the round if it has received something. */
	nic->received[ctx->id / 32] &= ~(1u << ctx->id % 32);
	fw_sched_idle(nic, ctx);
}

static const struct fw_hooks nic_hooks = {
	.tx_posted = fw_sched_wake,
	.queue_stopped = nic_queue_stopped,
	.ctx_reset = nic_ctx_reset,
	.nic_reset = fw_nic_reset,
};

static void nic_set_registers(struct fw_nic *nic)
{
	fw_set_register(nic, CDNA_REG_ABI, CDNA_ABI_VERSION);
	fw_set_register(nic, CDNA_REG_MAGIC, CDNA_MAGIC);
	fw_set_register(nic, CDNA_REG_CONTEXTS, nic->config.contexts);
	fw_set_register(nic, CDNA_REG_FW_VERSION, FW_VERSION);
	fw_set_register(nic, CDNA_REG_DMA_TEST, 0);
	fw_set_register(nic, CDNA_REG_BOOT_ID, nic->config.boot_id);
	fw_health_publish(nic);
}

static void nic_clear_partitions(struct fw_nic *nic)
{
	u32 end = CDNA_PARTITION(nic->config.contexts);
	u32 at;

	for (at = 0; at < end; at += 4)
		nic->ops->sram_write(nic->board, at, 0);
}

static void nic_forget_frames(struct fw_nic *nic)
{
	fw_pool_init(&nic->pool);
	nic->landed = false;
	memset(nic->received, 0, sizeof(nic->received));
	memset(nic->lro_dirty, 0, sizeof(nic->lro_dirty));
	memset(&nic->wireq, 0, sizeof(nic->wireq));
	memset(&nic->sched, 0, sizeof(nic->sched));
	memset(&nic->demux, 0, sizeof(nic->demux));
	memset(&nic->flood, 0, sizeof(nic->flood));
}

static void nic_forget_contexts(struct fw_nic *nic)
{
	u32 i;

	for (i = 0; i < FW_MAX_CONTEXTS; i++)
		fw_ctx_init(&nic->ctx[i], i);
	memset(&nic->marks, 0, sizeof(nic->marks));
	memset(&nic->intr, 0, sizeof(nic->intr));
	memset(nic->status_dirty, 0, sizeof(nic->status_dirty));
}

static void nic_forget_host(struct fw_nic *nic)
{
	nic->enabled = false;
	nic->fatal = false;
	nic->host_failed = false;
	nic->rings_set = false;
	nic->raise_admin = false;
	nic->health = 0;
	nic->health_reported = 0;
	nic->cons_addr = 0;
	memset(&nic->admin, 0, sizeof(nic->admin));
	memset(&nic->event, 0, sizeof(nic->event));
	memset(&nic->bitvec, 0, sizeof(nic->bitvec));
	memset(nic->stats, 0, sizeof(nic->stats));
}

/**
 * fw_nic_reset() - back to power-on state
 * @nic: the NIC
 *
 * All contexts are FREE, the admin queue is not served. Nothing is completed,
 * no interrupt raised, no memory of the host touched.
 */
void fw_nic_reset(struct fw_nic *nic)
{
	nic->now = nic->ops->now(nic->board);
	nic->link = nic->ops->wire_up(nic->board);
	nic_forget_host(nic);
	nic_forget_contexts(nic);
	nic_forget_frames(nic);
	nic_clear_partitions(nic);
	nic_set_registers(nic);
}
EXPORT_SYMBOL_GPL(fw_nic_reset);

/**
 * fw_nic_init() - power the NIC on
 * @nic: the NIC, in memory of any content
 * @ops: operations of the board
 * @board: their first argument
 * @config: what the board decides
 *
 * Return: FW_OK, or FW_EINVAL if @config is out of bounds
 */
int fw_nic_init(struct fw_nic *nic, const struct fw_board_ops *ops,
		void *board, const struct fw_config *config)
{
	const u8 *mac = config->mac;

	if (!config->contexts || config->contexts > FW_MAX_CONTEXTS ||
	    config->mtu < CDNA_MIN_MTU || config->mtu > CDNA_MAX_MTU ||
	    fw_mac_multicast(mac) ||
	    !(mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]))
		return FW_EINVAL;
	nic->ops = ops;
	nic->board = board;
	nic->hooks = &nic_hooks;
	nic->config = *config;
	fw_nic_reset(nic);
	return FW_OK;
}
EXPORT_SYMBOL_GPL(fw_nic_init);

static void nic_look_at_link(struct fw_nic *nic)
{
	bool up = nic->ops->wire_up(nic->board);
	u32 i;

	if (up == nic->link)
		return;
	nic->link = up;
	fw_health_publish(nic);
	fw_event_link(nic);
	for (i = 0; i < nic->config.contexts; i++) {
		if (nic->ctx[i].state != CDNA_CTX_FREE)
			fw_ctx_publish_info(nic, &nic->ctx[i]);
	}
}

static void nic_look_at_clock(struct fw_nic *nic)
{
	u64 now = nic->ops->now(nic->board);

	nic->now = FW_MAX(nic->now, now);
}

/**
 * fw_nic_step() - one turn of the event loop
 * @nic: the NIC
 *
 * Return: true if there is more to do right now; else the board may sleep
 * until fw_nic_deadline(), a mailbox event, a frame or a change of the link
 */
bool fw_nic_step(struct fw_nic *nic)
{
	bool more;

	nic_look_at_clock(nic);
	nic_look_at_link(nic);
	fw_nic_count(nic, CDNA_NSTAT_STEPS, 1);
	nic->host_failed = false;
	fw_mailbox_service(nic);
	fw_ctx_service(nic);
	more = fw_admin_service(nic);
	if (nic->fatal)
		return false;
	more |= fw_wire_service(nic);
	fw_wireq_service(nic);
	more |= fw_sched_service(nic);
	fw_rx_flush(nic);
	fw_ctx_service(nic);
	fw_status_publish(nic);
	/* Contexts whose status page could not be written */
	fw_ctx_service(nic);
	fw_intr_service(nic);
	fw_bitvec_service(nic);
	fw_event_service(nic);
	if (nic->raise_admin) {
		nic->raise_admin = false;
		nic->ops->raise(nic->board, CDNA_VECTOR_ADMIN);
	}
	return more;
}
EXPORT_SYMBOL_GPL(fw_nic_step);

/**
 * fw_nic_deadline() - until when the board may sleep
 * @nic: the NIC
 *
 * Return: time in ns, ~0 if only an event from outside matters
 */
u64 fw_nic_deadline(const struct fw_nic *nic)
{
	u64 intr = fw_intr_deadline(nic);
	u64 sched = fw_sched_deadline(nic);
	u64 vector = fw_bitvec_deadline(nic);
	u64 first = FW_MIN(intr, sched);

	if (nic->fatal)
		return ~0ull;
	first = FW_MIN(first, vector);
	if (nic->wireq.head != nic->wireq.tail)
		first = FW_MIN(first, nic->now + FW_WIRE_RETRY_NS);
	if (nic->host_failed)
		first = FW_MIN(first, nic->now + FW_HOST_RETRY_NS);
	return first;
}
EXPORT_SYMBOL_GPL(fw_nic_deadline);
