// SPDX-License-Identifier: GPL-2.0-only
/*
 * Neighbours that want as much of the core's time as they can get.
 */
#include <string.h>

#include "neighbour.h"

#define SLOTS		512
#define RX_SLOTS	256	/* as many as a step can fill */
#define REQUEST_PAYLOAD	1000
#define SMALL_BUFFER	64

static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };
static const u8 group[6] = { 0x01, 0x00, 0x5e, 0, 0, 1 };
static const u8 all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

const char *const neighbour_name[NEIGHBOUR_KINDS] = {
	[NEIGHBOUR_HONEST] = "1514 bytes to the wire",
	[NEIGHBOUR_WIRE] = "60 bytes to the wire",
	[NEIGHBOUR_SELF] = "60 bytes to itself",
	[NEIGHBOUR_LOCAL] = "60 bytes to a context",
	[NEIGHBOUR_TSO] = "segments of 1 byte",
	[NEIGHBOUR_BROADCAST] = "broadcast",
	[NEIGHBOUR_MULTICAST] = "multicast",
	[NEIGHBOUR_PIECES] = "60 bytes in 20 pieces",
	[NEIGHBOUR_FILTER] = "honest, and filters",
	[NEIGHBOUR_MAILBOX] = "honest, and mailboxes",
	[NEIGHBOUR_RX] = "honest, and receives",
	[NEIGHBOUR_BUFFERS] = "honest, 64-byte buffers",
};

static void queues_up(struct h *h, u32 ctx, enum neighbour_kind kind)
{
	bool pieces = ctx == NEIGHBOUR_HOSTILE && kind == NEIGHBOUR_PIECES;
	bool buffers = ctx == NEIGHBOUR_HOSTILE && kind == NEIGHBOUR_BUFFERS;
	struct h_ring_spec tx = {
		.format = CDNA_FORMAT_OFFLOAD,
		.slots = pieces ? CDNA_MAX_RING : SLOTS,
		.offloads = H_OFFLOADS_TX,
	};
	struct h_ring_spec rx = {
		.format = CDNA_FORMAT_COMPACT,
		.slots = buffers ? CDNA_MAX_RING : RX_SLOTS,
	};

	h_ctx_up(h, ctx);
	FAKE_CHECK(!h_filter(h, ctx, CDNA_FILTER_BROADCAST |
			     CDNA_FILTER_ALLMULTI, NULL));
	FAKE_CHECK(!h_queue_create(h, ctx, 0, CDNA_DIR_TX, &tx));
	FAKE_CHECK(!h_queue_create(h, ctx, 0, CDNA_DIR_RX, &rx));
	FAKE_CHECK(!h_bind(h, ctx, 0, ctx));
}

/* A frame from the peer to the neighbour, which the wire can repeat */
static void push_wire(struct h *h, u32 len)
{
	u8 frame[NEIGHBOUR_BYTES];
	u8 mac[6];

	h_mac(mac, NEIGHBOUR_HOSTILE);
	frame_plain(frame, mac, peer, len, 0);
	FAKE_CHECK(fake_wire_push(h->board, frame, len));
}

/**
 * neighbour_new() - a NIC with a bystander, a neighbour and other contexts
 * @kind: what the neighbour will do
 *
 * Return: the NIC, whose wire keeps nothing that is sent
 */
struct h *neighbour_new(enum neighbour_kind kind)
{
	struct h *h = h_new(NULL);
	u32 ctx;

	h->board->discard = true;
	h->board->huge_pages = true;
	for (ctx = 0; ctx < NEIGHBOUR_CONTEXTS; ctx++)
		queues_up(h, ctx, kind);
	if (kind == NEIGHBOUR_RX)
		push_wire(h, 60);
	if (kind == NEIGHBOUR_BUFFERS)
		push_wire(h, NEIGHBOUR_BYTES);
	return h;
}

static void send_plain(struct h *h, u32 ctx, const u8 *dst, u32 len,
		       u32 pieces)
{
	u8 frame[NEIGHBOUR_BYTES];
	struct h_tx tx = { .data = frame, .len = len, .pieces = pieces };
	u8 mac[6];

	h_mac(mac, ctx);
	frame_plain(frame, dst, mac, len, 0);
	while (h_tx_post(h, ctx, 0, &tx))
		;
	h_ring(h, ctx, 0, CDNA_DIR_TX);
}

static void send_segments(struct h *h)
{
	struct frame_spec spec = FRAME_TCP4(.payload = REQUEST_PAYLOAD,
					    .partial = true);
	u8 frame[2048];
	struct h_tx tx = {
		.data = frame, .flags = CDNA_DESC_TSO | CDNA_DESC_CSUM,
		.csum_start = 34, .csum_offset = 16, .mss = 1,
	};

	memcpy(spec.dst, peer, sizeof(peer));
	h_mac(spec.src, NEIGHBOUR_HOSTILE);
	tx.len = frame_build(frame, &spec);
	while (h_tx_post(h, NEIGHBOUR_HOSTILE, 0, &tx))
		;
	h_ring(h, NEIGHBOUR_HOSTILE, 0, CDNA_DIR_TX);
}

/**
 * neighbour_change_filter() - as many commands as the NIC takes in a step
 * @h: the NIC, of neighbour_new()
 */
void neighbour_change_filter(struct h *h)
{
	struct cdna_admin_completion done;
	struct cdna_admin_cmd cmd;
	u32 i;

	while (h_admin_poll(h, &done))
		;
	for (i = 0; i < NEIGHBOUR_COMMANDS; i++) {
		h_cmd(&cmd, CDNA_CMD_SET_FILTER, NEIGHBOUR_HOSTILE);
		cmd.filter.flags = fw_to_le32(i % 2 ? CDNA_FILTER_BROADCAST :
						      CDNA_FILTER_ALLMULTI);
		h_admin_post(h, &cmd);
	}
}

/* To those of a queue pair that exists what they hold, to the others junk */
static void store_mailboxes(struct h *h)
{
	u32 mbox;

	for (mbox = CDNA_MBOXES_PER_QP;
	     mbox < CDNA_MAX_QPS * CDNA_MBOXES_PER_QP; mbox++)
		fake_mbox_store(h->board, NEIGHBOUR_HOSTILE, mbox, mbox);
	h_ring(h, NEIGHBOUR_HOSTILE, 0, CDNA_DIR_RX);
}

/**
 * neighbour_receive() - what a driver does that posts its buffers again
 * @h: the NIC, of neighbour_new()
 * @ctx: the context
 * @len: bytes of a buffer
 */
void neighbour_receive(struct h *h, u32 ctx, u32 len)
{
	struct h_qp *qp = &h->ctx[ctx].qp[0];
	struct cdna_qp_status status;

	h_status(h, ctx, 0, &status);
	qp->comp_cons = fw_le32(status.rx_comp_prod);
	h_rx_fill(h, ctx, 0, h_room(h, ctx, 0, CDNA_DIR_RX), len);
}

/**
 * neighbour_send() - fill the neighbour's ring with what it sends
 * @h: the NIC, of neighbour_new()
 * @kind: what the neighbour does
 */
void neighbour_send(struct h *h, enum neighbour_kind kind)
{
	u8 mac[6];

	switch (kind) {
	case NEIGHBOUR_WIRE:
		send_plain(h, NEIGHBOUR_HOSTILE, peer, 60, 0);
		break;
	case NEIGHBOUR_SELF:
	case NEIGHBOUR_LOCAL:
		h_mac(mac, kind == NEIGHBOUR_SELF ? NEIGHBOUR_HOSTILE :
						    NEIGHBOUR_FIRST_OTHER);
		send_plain(h, NEIGHBOUR_HOSTILE, mac, 60, 0);
		break;
	case NEIGHBOUR_TSO:
		send_segments(h);
		break;
	case NEIGHBOUR_BROADCAST:
		send_plain(h, NEIGHBOUR_HOSTILE, all, 60, 0);
		break;
	case NEIGHBOUR_MULTICAST:
		send_plain(h, NEIGHBOUR_HOSTILE, group, 60, 0);
		break;
	case NEIGHBOUR_PIECES:
		send_plain(h, NEIGHBOUR_HOSTILE, peer, 60, CDNA_MAX_CHAIN);
		break;
	default:
		send_plain(h, NEIGHBOUR_HOSTILE, peer, NEIGHBOUR_BYTES, 0);
		break;
	}
}

/**
 * neighbour_load() - give all contexts enough to do for a step
 * @h: the NIC, of neighbour_new()
 * @kind: what the neighbour does
 */
void neighbour_load(struct h *h, enum neighbour_kind kind)
{
	u32 ctx;

	send_plain(h, NEIGHBOUR_BYSTANDER, peer, NEIGHBOUR_BYTES, 0);
	neighbour_send(h, kind);
	for (ctx = NEIGHBOUR_HOSTILE; ctx < NEIGHBOUR_CONTEXTS; ctx++)
		neighbour_receive(h, ctx, kind == NEIGHBOUR_BUFFERS ?
				  SMALL_BUFFER : 2048);
	if (kind == NEIGHBOUR_FILTER)
		neighbour_change_filter(h);
	if (kind == NEIGHBOUR_MAILBOX)
		store_mailboxes(h);
	if (kind == NEIGHBOUR_RX || kind == NEIGHBOUR_BUFFERS)
		h->board->repeat = FW_SCHED_FRAMES;
	for (ctx = 0; ctx < NEIGHBOUR_CONTEXTS; ctx++)
		h_rearm(h, ctx, 0);
	h_bits(h);
}

/**
 * neighbour_sent() - frames, of segmentation the segments, that were sent
 * @h: the NIC
 * @ctx: the context
 *
 * Return: how many, to the wire, to contexts, or to nobody
 */
u64 neighbour_sent(const struct h *h, u32 ctx)
{
	const u64 *stats = h->nic->ctx[ctx].qp[0].stats;

	return stats[CDNA_QSTAT_TX_FRAMES] + stats[CDNA_QSTAT_TX_SEGMENTS];
}
