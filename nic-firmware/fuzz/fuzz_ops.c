// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer of everything that a host and its guests can do: admin commands with
 * damaged fields, any store to SRAM, any descriptor, any memory, the wire, the
 * clock, DMA that fails. After each step the firmware's state is checked; a
 * context that is not there does no DMA (I6); and at the end a bystander whom
 * nobody touched still sends and receives (I8), and a reset brings the whole
 * NIC back.
 */
#include <string.h>

#include "input.h"

#define BYSTANDER	(FW_MAX_CONTEXTS - 1)
#define VICTIMS		4		/* contexts that the input plays with */
#define MAX_OPS		300

/**
 * struct ops - a run
 * @h: the NIC
 * @in: the input
 * @reset: the NIC was reset: the bystander is gone
 */
struct ops {
	struct h *h;
	struct input *in;
	bool reset;
};

static bool may_dma(const struct fw_ctx *ctx)
{
	return ctx->state == CDNA_CTX_ACTIVE ||
	       ctx->state == CDNA_CTX_QUIESCED;
}

/* One step, with its checks */
static void ops_step(struct ops *o)
{
	struct fw_nic *nic = o->h->nic;
	bool watch = nic->admin.sq_head == nic->admin.sq_tail &&
		     !o->h->board->level1[FW_PARTITION_MGMT / 32];
	bool dead[FW_MAX_CONTEXTS];
	u32 i;

	for (i = 0; i < FW_MAX_CONTEXTS; i++) {
		dead[i] = !may_dma(&nic->ctx[i]);
		fake_mark(o->h->board, i);
	}
	h_step(o->h);
	h_check(o->h);
	/* Only a command can have brought it to life in between. */
	for (i = 0; i < FW_MAX_CONTEXTS && watch; i++)
		FAKE_CHECK(!dead[i] || !fake_touched(o->h->board, i));
}

static u32 pick_ctx(struct ops *o)
{
	return input_below(o->in, VICTIMS);
}

static u32 pick_qp(struct ops *o)
{
	return input_below(o->in, 2);
}

static void op_step(struct ops *o)
{
	u32 n = 1 + input_below(o->in, 4);

	while (n--)
		ops_step(o);
}

static void op_clock(struct ops *o)
{
	o->h->board->now += (u64)input_u16(o->in) << input_below(o->in, 16);
}

static void op_sram(struct ops *o)
{
	u32 page = input_u8(o->in);
	u32 at = input_u8(o->in) * 4;
	u32 value = input_u32(o->in);

	page = page & 1 ? FW_PARTITION_MGMT : page >> 1;
	if (page == BYSTANDER)
		return;
	/* CONTROL and the rings of the host itself: its own undoing. */
	if (page == FW_PARTITION_MGMT)
		o->reset = true;
	fake_sram_store(o->h->board, CDNA_PARTITION(page) + at, value);
}

static void op_mailbox(struct ops *o)
{
	u32 ctx = pick_ctx(o);
	u32 mbox = input_below(o->in, CDNA_NR_MAILBOXES);
	u32 dir = mbox % CDNA_MBOXES_PER_QP;
	u32 near = 0;

	if (dir < CDNA_NR_DIRS)
		near = o->h->ctx[ctx].qp[mbox / CDNA_MBOXES_PER_QP]
			       .queue[dir].prod;
	fake_mbox_store(o->h->board, ctx, mbox,
			near + (u32)(s32)(signed char)input_u8(o->in));
}

static void op_ring(struct ops *o)
{
	u32 ctx = pick_ctx(o);
	u32 qp = pick_qp(o);

	h_ring(o->h, ctx, qp, input_below(o->in, 2));
}

/* A command with the right look, and then some bytes of it changed */
static void op_admin(struct ops *o)
{
	static const u8 opcodes[] = {
		0x01, 0x02, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x20,
		0x21, 0x22, 0x23, 0x30, 0x31, 0x40, 0x41, 0x42, 0x43, 0x44,
		0x50, 0x51, 0x60, 0x61, 0x18, 0x17,
		0x19, 0x1a, 0x53, 0x54,
	};
	u32 opcode = opcodes[input_below(o->in, sizeof(opcodes))];
	struct cdna_admin_cmd cmd;
	u32 changes;

	h_cmd(&cmd, opcode, pick_ctx(o));
	if (opcode == CDNA_CMD_READ_STATS || opcode == CDNA_CMD_IDENTIFY)
		cmd.stats.addr = fw_to_le64(o->h->scratch);
	if (opcode == CDNA_CMD_CTX_RSS) {
		input_rss(o->in, fake_ptr(o->h->board, o->h->scratch));
		cmd.rss.addr = fw_to_le64(o->h->scratch);
	}
	if (opcode == CDNA_CMD_CTX_GROUP || opcode == CDNA_CMD_GROUP_SET ||
	    opcode == CDNA_CMD_GROUP_DEL)
		cmd.raw[0] = (u8)input_below(o->in, 4);
	if (opcode == CDNA_CMD_GROUP_SET || opcode == CDNA_CMD_GROUP_DEL)
		cmd.context = 0;
	if (opcode == CDNA_CMD_CTX_ACTIVATE)
		cmd.activate.status_addr =
			fw_to_le64(FAKE_CTX_BUS(pick_ctx(o)));
	if (opcode == CDNA_CMD_MAC_ADD || opcode == CDNA_CMD_MAC_DEL)
		cmd.mac.mac[0] = 2;
	for (changes = input_below(o->in, 8); changes; changes--) {
		u32 at = input_below(o->in, 56);

		cmd.raw[at] = (u8)input_u8(o->in);
	}
	/* To a bystander's page or the host's rings: the host's own fault. */
	if (opcode == CDNA_CMD_SET_RINGS)
		o->reset = true;
	if (input_u8(o->in) == 0xff)
		cmd.context = fw_to_le16((u16)(0x100 + input_u8(o->in)));
	h_admin_post(o->h, &cmd);
}

static void op_configure(struct ops *o)
{
	u32 ctx = pick_ctx(o);
	u32 bits = input_u8(o->in);

	h_configure(o->h, ctx, bits & 1 ? 1 + (bits >> 6) : 0, bits >> 1 & 7);
	if (bits & 16)
		h_activate(o->h, ctx);
	if (bits & 32)
		h_filter(o->h, ctx, input_u8(o->in) & 7, NULL);
}

static void op_queue_create(struct ops *o)
{
	u32 ctx = pick_ctx(o);
	u32 qp = pick_qp(o);
	struct h_ring_spec spec;
	u32 dir = input_ring_spec(o->in, &spec);

	/* New rings are given each time; memory for that is not endless. */
	if (o->h->board->region[ctx].used > FAKE_REGION_BYTES / 2)
		return;
	h_queue_create(o->h, ctx, qp, dir, &spec);
	h_bind(o->h, ctx, qp, ctx * CDNA_MAX_QPS + qp);
}

static void op_tx(struct ops *o)
{
	u32 ctx = pick_ctx(o);
	u32 qp = pick_qp(o);
	static u8 frame[FRAME_MAX];
	struct h_tx tx = { .data = frame };
	u8 dst[6];
	u8 src[6];

	if (!o->h->ctx[ctx].qp[qp].queue[0].exists)
		return;
	h_mac(dst, input_below(o->in, VICTIMS + 2));
	if (input_below(o->in, 8) == 7)
		memset(dst, 0xff, 6);
	h_mac(src, ctx);
	tx.len = input_frame(o->in, frame, dst, src);
	tx.flags = (u16)(input_u8(o->in) & CDNA_DESC_FLAGS);
	if (tx.flags & (CDNA_DESC_CSUM | CDNA_DESC_TSO)) {
		tx.csum_start = (u16)(34 + (s32)(signed char)input_u8(o->in));
		tx.csum_offset = (u16)input_u8(o->in);
		tx.mss = (u16)input_u16(o->in);
	}
	tx.vlan_tci = (u16)(tx.flags & CDNA_DESC_VLAN ? input_u16(o->in) : 0);
	tx.pieces = 1 + tx.len / H_PAGE + input_below(o->in, 6);
	if (h_room(o->h, ctx, qp, 0) <= o->h->ctx[ctx].qp[qp].queue[0].slots)
		h_tx_post(o->h, ctx, qp, &tx);
	h_ring(o->h, ctx, qp, CDNA_DIR_TX);
}

static void op_rx(struct ops *o)
{
	u32 ctx = pick_ctx(o);
	u32 qp = pick_qp(o);
	u32 len = 1 + input_u16(o->in) % H_PAGE;

	if (o->h->ctx[ctx].qp[qp].queue[1].exists)
		h_rx_fill(o->h, ctx, qp, input_below(o->in, 64), len);
}

static void op_desc(struct ops *o)
{
	u32 ctx = pick_ctx(o);
	u32 qp = pick_qp(o);
	u32 dir = input_below(o->in, 2);
	struct h_queue *queue = &o->h->ctx[ctx].qp[qp].queue[dir];
	struct fw_desc desc = {
		.addr = queue->buffer + input_u16(o->in),
		.len = (u16)input_u16(o->in),
		.flags = (u16)input_u8(o->in),
		.mss = 100, .csum_start = 34, .csum_offset = 16,
	};
	u32 bits = input_u8(o->in);

	if (!queue->exists)
		return;
	if (bits & 1)
		desc.addr ^= (u64)input_u32(o->in) << 16;
	if (bits & 2) {
		h_desc_write(o->h, ctx, qp, dir, queue->prod++, &desc,
			     queue->seq + input_u8(o->in));
		queue->seq++;
	} else {
		h_post(o->h, ctx, qp, dir, &desc);
	}
	h_ring(o->h, ctx, qp, dir);
}

static void op_memory(struct ops *o)
{
	u32 ctx = pick_ctx(o);
	u32 used = o->h->board->region[ctx].used;
	u8 bytes[64];
	u32 len = input_bytes(o->in, bytes, sizeof(bytes));
	u32 at = input_u32(o->in);

	if (used > sizeof(bytes))
		memcpy(fake_ptr(o->h->board, FAKE_CTX_BUS(ctx) +
				at % (used - len)), bytes, len);
}

static void op_wire(struct ops *o)
{
	static const u8 peer[6] = { 2, 0, 0, 0, 0, 0x99 };
	static u8 frame[FRAME_MAX];
	u8 dst[6];
	u32 len;

	h_mac(dst, pick_ctx(o));
	if (input_below(o->in, 8) == 7)
		memset(dst, 0xff, 6);
	len = input_frame(o->in, frame, dst, peer);
	if (len)
		fake_wire_push(o->h->board, frame, len);
}

static void op_fail(struct ops *o)
{
	u32 tag = input_below(o->in, VICTIMS + 1);

	fake_fail_nth(o->h->board, tag == VICTIMS ? FW_DMA_HOST : tag,
		      input_u8(o->in));
}

static void op_hole(struct ops *o)
{
	u32 bits = input_u8(o->in);
	u32 ctx = pick_ctx(o);

	if (o->h->board->holes == FAKE_HOLES || bits & 4)
		fake_holes_clear(o->h->board);
	else
		fake_hole_add(o->h->board, FAKE_CTX_BUS(ctx) +
			      input_u16(o->in) * (u64)256, 4096, bits & 1,
			      bits & 2);
}

static void op_link(struct ops *o)
{
	u32 bits = input_u8(o->in);

	o->h->board->link = bits & 1;
	o->h->board->busy = bits >> 1;
}

static void op_host(struct ops *o)
{
	struct cdna_admin_completion done;
	struct cdna_event events[4];
	u32 bits = input_u8(o->in);
	u32 ctx = pick_ctx(o);

	if (bits & 1)
		h_bits(o->h);
	if (bits & 2)
		h_events(o->h, events, 4);
	while (bits & 4 && h_admin_poll(o->h, &done))
		;
	if (bits & 8 && o->h->ctx[ctx].status)
		h_rearm(o->h, ctx, bits >> 4 & 1);
}

static void (*const op_table[])(struct ops *o) = {
	op_step, op_clock, op_sram, op_mailbox, op_ring, op_admin,
	op_configure, op_queue_create, op_tx, op_rx, op_desc, op_memory,
	op_wire, op_fail, op_hole, op_link, op_host,
};

/* What the bystander sends arrives, and what is sent to him. */
static void bystander_works(struct h *h)
{
	static const u8 peer[6] = { 2, 0, 0, 0, 0, 0x77 };
	u32 before = h->nic->ctx[BYSTANDER].stats[CDNA_CSTAT_RX_FRAMES];
	u32 sent = h->nic->ctx[BYSTANDER].stats[CDNA_CSTAT_TX_FRAMES];
	u8 frame[100];

	frame_plain(frame, peer, h->ctx[BYSTANDER].mac, sizeof(frame), 1);
	h_tx_send(h, BYSTANDER, 0, frame, sizeof(frame));
	frame_plain(frame, h->ctx[BYSTANDER].mac, peer, sizeof(frame), 2);
	FAKE_CHECK(fake_wire_push(h->board, frame, sizeof(frame)));
	h_run(h);
	h_check(h);
	FAKE_CHECK(h->nic->ctx[BYSTANDER].stats[CDNA_CSTAT_TX_FRAMES] ==
		   sent + 1);
	FAKE_CHECK(h->nic->ctx[BYSTANDER].stats[CDNA_CSTAT_RX_FRAMES] >
		   before);
	FAKE_CHECK(h_rx_drain(h, BYSTANDER, 0) > 0);
}

static void nic_comes_back(struct h *h)
{
	fake_mbox_store(h->board, FW_PARTITION_MGMT, CDNA_MGMT_MBOX_CONTROL,
			CDNA_CONTROL_RESET);
	h_run(h);
	h_check(h);
	h->patience = 0;
	h->asq_tail = 0;
	h_enable(h);
	FAKE_CHECK(h_set_rings(h) == CDNA_SC_OK);
	h_up(h, BYSTANDER);
	h_rx_fill(h, BYSTANDER, 0, 64, 2048);
	bystander_works(h);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	struct ops o = { .in = &in };
	static struct h *h;
	u32 i;

	if (h)
		h_renew(h);
	else
		h = h_new(NULL);
	o.h = h;
	h_up(o.h, BYSTANDER);
	h_rx_fill(o.h, BYSTANDER, 0, 64, 2048);
	h_up(o.h, 0);
	o.h->patience = 3;
	for (i = 0; i < MAX_OPS && in.left; i++)
		op_table[input_below(&in, FW_ARRAY_SIZE(op_table))](&o);
	fake_holes_clear(o.h->board);
	o.h->board->link = true;
	o.h->board->busy = 0;
	h_run(o.h);
	h_check(o.h);
	/* Broadcasts of others may have used its buffers up. */
	h_rx_drain(o.h, BYSTANDER, 0);
	if (!o.reset && !o.h->nic->fatal) {
		h_rx_fill(o.h, BYSTANDER, 0,
			  h_room(o.h, BYSTANDER, 0, CDNA_DIR_RX), 2048);
		bystander_works(o.h);
	}
	nic_comes_back(o.h);
	return 0;
}
