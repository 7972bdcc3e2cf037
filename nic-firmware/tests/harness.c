// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bring a NIC up as its host would, run it, speak to it.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/* More steps than any finite work takes: what runs longer never ends. */
#define H_MAX_STEPS		200000

static void h_defaults(struct h_config *c)
{
	c->contexts = c->contexts ? c->contexts : FW_MAX_CONTEXTS;
	c->mtu = c->mtu ? c->mtu : 1500;
	c->bitvec_slots = c->bitvec_slots ? c->bitvec_slots : H_NOTIFY_SLOTS;
	c->event_slots = c->event_slots ? c->event_slots : H_NOTIFY_SLOTS;
	c->admin_slots = c->admin_slots ? c->admin_slots : H_ADMIN_SLOTS;
}

static void h_start(struct h *h)
{
	struct fw_config fw = {
		.contexts = h->config.contexts,
		.mac = { 0x02, 0xcd, 0x0a, 0, 0, 0xfe },
		.mtu = (u16)h->config.mtu,
		.speed = 10000,
		.boot_id = 1,
	};
	u32 i;

	for (i = 0; i < FW_MAX_CONTEXTS * CDNA_MAX_QPS; i++)
		h->ctx[i / CDNA_MAX_QPS].qp[i % CDNA_MAX_QPS].source =
			FW_NO_SOURCE;
	/* Dirty, so that fw_nic_init() is what puts it in order. */
	memset(h->nic, 0xa5, offsetof(struct fw_nic, pool.cell));
	FAKE_CHECK(!fw_nic_init(h->nic, &fake_ops, h->board, &fw));
	h->scratch = fake_alloc(h->board, FW_DMA_HOST, H_PAGE, H_PAGE);
	if (h->config.no_enable)
		return;
	h_enable(h);
	if (!h->config.no_rings)
		FAKE_CHECK(h_set_rings(h) == CDNA_SC_OK);
}

/**
 * h_new() - make a NIC and bring it up
 * @config: how, NULL for all defaults
 *
 * Return: admin queue enabled and rings set, unless @config says otherwise
 */
struct h *h_new(const struct h_config *config)
{
	struct h *h = calloc(1, sizeof(*h));

	FAKE_CHECK(h);
	if (config)
		h->config = *config;
	h_defaults(&h->config);
	h->board = fake_new();
	h->nic = malloc(sizeof(*h->nic));
	FAKE_CHECK(h->nic);
	h_start(h);
	return h;
}

/* What was posted is all that is allocated. */
static void h_free_queues(struct h *h)
{
	struct h_queue *queue;
	u32 i;

	for (i = 0; i < FW_MAX_CONTEXTS * CDNA_MAX_QPS; i++) {
		queue = h->ctx[i / CDNA_MAX_QPS].qp[i % CDNA_MAX_QPS].queue;
		free(queue[CDNA_DIR_RX].len);
		free(queue[CDNA_DIR_TX].used.first);
		free(queue[CDNA_DIR_RX].used.first);
	}
}

/**
 * h_renew() - make a NIC as h_new() did, in less time
 * @h: it
 */
void h_renew(struct h *h)
{
	struct h keep = {
		.board = h->board, .nic = h->nic, .config = h->config,
	};

	h_free_queues(h);
	*h = keep;
	fake_reset(h->board);
	h_start(h);
}

/**
 * h_free() - end a NIC and its board
 * @h: it
 */
void h_free(struct h *h)
{
	h_free_queues(h);
	fake_free(h->board);
	free(h->nic);
	free(h);
}

static void h_store64(struct h *h, u32 lo, u32 hi, u64 value)
{
	fake_sram_store(h->board, CDNA_MGMT_PAGE + lo, (u32)value);
	fake_sram_store(h->board, CDNA_MGMT_PAGE + hi, (u32)(value >> 32));
}

/**
 * h_enable() - make admin rings and enable the NIC
 * @h: the NIC
 */
void h_enable(struct h *h)
{
	u32 slots = h->config.admin_slots;

	h->asq = fake_alloc(h->board, FW_DMA_HOST,
			    slots * sizeof(struct cdna_admin_cmd), 64);
	h->asq_tail = 0;
	h_notify_init(h, &h->acq, slots, sizeof(struct cdna_admin_completion));
	h_store64(h, CDNA_MGMT_ASQ_BASE_LO, CDNA_MGMT_ASQ_BASE_HI, h->asq);
	h_store64(h, CDNA_MGMT_ACQ_BASE_LO, CDNA_MGMT_ACQ_BASE_HI,
		  h->acq.addr);
	fake_sram_store(h->board, CDNA_MGMT_PAGE + CDNA_MGMT_ADMIN_SIZE,
			slots);
	fake_mbox_store(h->board, FW_PARTITION_MGMT, CDNA_MGMT_MBOX_CONTROL,
			CDNA_CONTROL_ENABLE);
	h_run(h);
	FAKE_CHECK(fake_sram_load(h->board, CDNA_REGISTER_PAGE +
				  CDNA_REG_STATUS) & CDNA_STATUS_ENABLED);
}

/**
 * h_set_rings() - make bit-vector and event ring and consumer table
 * @h: the NIC
 *
 * Return: enum cdna_admin_status of CDNA_CMD_SET_RINGS
 */
u32 h_set_rings(struct h *h)
{
	u32 entries = FW_MAX_CONTEXTS * CDNA_MAX_QPS;
	struct cdna_admin_cmd cmd;

	h_notify_init(h, &h->bitvec, h->config.bitvec_slots,
		      FW_BITVEC_WORDS * 8);
	h_notify_init(h, &h->event, h->config.event_slots,
		      sizeof(struct cdna_event));
	h->cons = fake_alloc(h->board, FW_DMA_HOST,
			     entries * sizeof(struct cdna_host_cons), 64);
	memset(fake_ptr(h->board, h->cons), 0,
	       entries * sizeof(struct cdna_host_cons));

	h_cmd(&cmd, CDNA_CMD_SET_RINGS, 0);
	cmd.set_rings.bitvec_addr = fw_to_le64(h->bitvec.addr);
	cmd.set_rings.event_addr = fw_to_le64(h->event.addr);
	cmd.set_rings.cons_addr = fw_to_le64(h->cons);
	cmd.set_rings.bitvec_slots = fw_to_le32(h->bitvec.slots);
	cmd.set_rings.event_slots = fw_to_le32(h->event.slots);
	return h_admin(h, &cmd, NULL);
}

/**
 * h_step() - one turn of the firmware's loop
 * @h: the NIC
 *
 * Return: whether there is more to do now
 */
bool h_step(struct h *h)
{
	h->steps++;
	return fw_nic_step(h->nic);
}

static bool h_events_pending(const struct h *h)
{
	u32 i;

	if (h->nic->fatal)
		return false;
	for (i = 0; i < FW_EVENT_WORDS; i++)
		if (h->board->level1[i])
			return true;
	if (h->nic->wireq.head != h->nic->wireq.tail && !h->board->stuck)
		return true;
	return h->board->in.head != h->board->in.tail || h->board->repeat;
}

/**
 * h_run() - step until there is nothing more to do
 * @h: the NIC
 *
 * Fails the test if that never happens. The clock does not move.
 */
void h_run(struct h *h)
{
	u32 i;

	for (i = 0; i < H_MAX_STEPS; i++)
		if (!h_step(h) && !h_events_pending(h))
			return;
	FAKE_CHECK(!"the firmware comes to rest");
}

/**
 * h_run_for() - let time pass, stepping when the firmware asked for it
 * @h: the NIC
 * @ns: how long
 */
void h_run_for(struct h *h, u64 ns)
{
	u64 end = h->board->now + ns;
	u32 i;

	for (i = 0; i < H_MAX_STEPS; i++) {
		u64 deadline;

		h_run(h);
		deadline = fw_nic_deadline(h->nic);
		if (h->board->now >= end)
			return;
		/* A deadline that is due already must not stop the clock. */
		deadline = FW_MAX(deadline, h->board->now + 1);
		h->board->now = FW_MIN(deadline, end);
	}
	FAKE_CHECK(!"deadlines move on");
}

/**
 * h_run_pair() - run two connected NICs until both have nothing more to do
 * @a: one
 * @b: the other
 */
void h_run_pair(struct h *a, struct h *b)
{
	u32 i;

	for (i = 0; i < H_MAX_STEPS; i++) {
		bool more = h_step(a);

		more |= h_step(b);
		if (!more && !h_events_pending(a) && !h_events_pending(b))
			return;
	}
	FAKE_CHECK(!"the pair comes to rest");
}

/**
 * h_cmd() - an admin command, all else zero
 * @cmd: it
 * @opcode: enum cdna_admin_opcode
 * @ctx: context that it names
 */
void h_cmd(struct cdna_admin_cmd *cmd, u32 opcode, u32 ctx)
{
	memset(cmd, 0, sizeof(*cmd));
	cmd->opcode = fw_to_le16((u16)opcode);
	cmd->context = fw_to_le16((u16)ctx);
}

/**
 * h_admin_post() - submit a command and do not wait
 * @h: the NIC
 * @cmd: the command; its tag is set
 *
 * Return: the tag
 */
u16 h_admin_post(struct h *h, struct cdna_admin_cmd *cmd)
{
	u32 slot = h->asq_tail++ % h->config.admin_slots;

	cmd->tag = fw_to_le16(++h->tag);
	memcpy(fake_ptr(h->board, h->asq + slot * sizeof(*cmd)), cmd,
	       sizeof(*cmd));
	fake_mbox_store(h->board, FW_PARTITION_MGMT, CDNA_MGMT_MBOX_ASQ_TAIL,
			h->asq_tail);
	return h->tag;
}

/**
 * h_admin_poll() - take the next admin completion
 * @h: the NIC
 * @done: the completion
 *
 * Return: false if there is none
 */
bool h_admin_poll(struct h *h, struct cdna_admin_completion *done)
{
	if (!h_notify_next(h, &h->acq, done))
		return false;
	fake_mbox_store(h->board, FW_PARTITION_MGMT, CDNA_MGMT_MBOX_ACQ_CONS,
			h->acq.cons);
	return true;
}

/**
 * h_admin() - submit a command and step until it is done
 * @h: the NIC
 * @cmd: the command; its tag is set
 * @done: its completion, may be NULL
 *
 * Completions of other commands that come meanwhile are lost.
 *
 * Return: enum cdna_admin_status
 */
u32 h_admin(struct h *h, struct cdna_admin_cmd *cmd,
	    struct cdna_admin_completion *done)
{
	struct cdna_admin_completion one;
	u32 steps = h->patience ? h->patience : H_MAX_STEPS;
	u16 tag = h_admin_post(h, cmd);
	u32 i;

	memset(&one, 0, sizeof(one));
	if (done)
		*done = one;
	for (i = 0; i < steps; i++) {
		h_step(h);
		while (h_admin_poll(h, &one)) {
			if (fw_le16(one.tag) != tag)
				continue;
			FAKE_CHECK(one.opcode == cmd->opcode);
			if (done)
				*done = one;
			return fw_le16(one.status);
		}
	}
	FAKE_CHECK(h->patience || !"the admin command completes");
	return CDNA_SC_ABORTED;
}
