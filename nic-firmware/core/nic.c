// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The event loop: bounded steps, one after another (paper 4). What a step
 * finds and does, in order, stands in fw_nic_step().
 */
#include "nic.h"

/**
 * fw_nic_log() - tell the board something
 * @nic: the NIC
 * @level: how important
 * @what: text
 * @a: a number
 * @b: another
 */
void fw_nic_log(struct fw_nic *nic, enum fw_log_level level, const char *what,
		u32 a, u32 b)
{
	if (nic->ops->log)
		nic->ops->log(nic->board, level, what, a, b);
}

static void nic_set_register(struct fw_nic *nic, u32 reg, u32 value)
{
	nic->ops->sram_write(nic->board, CDNA_REGISTER_PAGE + reg, value);
}

/**
 * fw_nic_status() - write the status register
 * @nic: the NIC
 */
void fw_nic_status(struct fw_nic *nic)
{
	u32 status = CDNA_STATUS_READY;

	if (nic->enabled)
		status |= CDNA_STATUS_ENABLED;
	if (nic->link)
		status |= CDNA_STATUS_LINK;
	if (nic->fatal)
		status |= CDNA_STATUS_FATAL;
	nic_set_register(nic, CDNA_REG_STATUS, status);
}

/**
 * fw_nic_fatal() - stop everything until the host resets the NIC
 * @nic: the NIC
 * @why: text for the log
 *
 * A NIC that cannot hear the host any more could not be told to stop.
 */
void fw_nic_fatal(struct fw_nic *nic, const char *why)
{
	if (nic->fatal)
		return;
	nic->fatal = true;
	nic->enabled = false;
	fw_nic_status(nic);
	fw_nic_log(nic, FW_LOG_ERROR, why, 0, 0);
}

/**
 * fw_nic_host_unreachable() - DMA to the host's own memory has failed
 * @nic: the NIC
 * @addr: where
 */
void fw_nic_host_unreachable(struct fw_nic *nic, u64 addr)
{
	nic->host_failed = true;
	fw_nic_count(nic, CDNA_NSTAT_HOST_DMA_ERRORS, 1);
	if (!(nic->event.told_health & CDNA_HEALTH_HOST_DMA))
		fw_nic_log(nic, FW_LOG_ERROR, "host memory unreachable",
			   (u32)(addr >> 32), (u32)addr);
	fw_event_health(nic, CDNA_HEALTH_HOST_DMA);
}

static void nic_set_registers(struct fw_nic *nic)
{
	nic_set_register(nic, CDNA_REG_ABI, CDNA_ABI_VERSION);
	nic_set_register(nic, CDNA_REG_MAGIC, CDNA_MAGIC);
	nic_set_register(nic, CDNA_REG_CONTEXTS, nic->config.contexts);
	nic_set_register(nic, CDNA_REG_FW_VERSION, FW_VERSION);
	nic_set_register(nic, CDNA_REG_DMA_TEST, 0);
	nic_set_register(nic, CDNA_REG_BOOT_ID, nic->config.boot_id);
	fw_nic_status(nic);
}

static void nic_clear_partitions(struct fw_nic *nic)
{
	u32 end = CDNA_PARTITION(nic->config.contexts);
	u32 at;

	for (at = 0; at < end; at += 4)
		nic->ops->sram_write(nic->board, at, 0);
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
	const struct fw_board_ops *ops = nic->ops;
	struct fw_config config = nic->config;
	void *board = nic->board;
	u32 i;

	/* Packet memory, most of it all, stands last and is not cleared. */
	memset(nic, 0, offsetof(struct fw_nic, pool));
	nic->ops = ops;
	nic->board = board;
	nic->config = config;
	nic->now = ops->now(board);
	nic->link = ops->wire_up(board);
	for (i = 0; i < FW_MAX_CONTEXTS; i++)
		fw_ctx_init(&nic->ctx[i], i);
	fw_pool_init(nic);
	fw_bucket_set_frames(&nic->storm, FW_STORM_FPS, nic->now);
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
	fw_nic_status(nic);
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
	more = fw_admin_service(nic);
	if (nic->fatal)
		return false;
	more |= fw_rx_service(nic);
	fw_wireq_service(nic);
	more |= fw_sched_service(nic);
	fw_rx_flush(nic);
	fw_status_publish(nic);
	fw_intr_service(nic);
	fw_event_service(nic);
	if (nic->admin.raise) {
		nic->admin.raise = false;
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
	u64 first = FW_MIN(intr, sched);

	if (nic->fatal)
		return ~0ull;
	if (nic->wireq.head != nic->wireq.tail)
		first = FW_MIN(first, nic->now + FW_WIRE_RETRY_NS);
	if (nic->host_failed)
		first = FW_MIN(first, nic->now + FW_HOST_RETRY_NS);
	return first;
}
EXPORT_SYMBOL_GPL(fw_nic_deadline);
