// SPDX-License-Identifier: GPL-2.0-only
/*
 * I8: a context, however hostile or broken, cannot slow the others beyond its
 * fair share. Each hostile guest runs next to a good one that sends and
 * receives; the good one's rate is compared with what it has alone.
 */
#include "test.h"
#include "traffic.h"

#define GOOD		1
#define BAD		2
#define STEPS		400
#define PACE		16000
#define RX_PER_STEP	4

/* What a hostile context does before each step */
typedef void (*mischief)(struct h *h, u32 step);

/* What the good context got */
struct outcome {
	u64 sent;
	u32 received;
	u64 bad_dma;
};

static void good_up(struct h *h, struct traffic *t)
{
	struct h_ring_spec rx = { .slots = 256 };

	traffic_up(h, t, GOOD, 1000);
	assert_int_equal(h_queue_create(h, GOOD, 0, CDNA_DIR_RX, &rx), 0);
	h_rx_fill(h, GOOD, 0, 256, 2048);
}

static void bad_up(struct h *h)
{
	struct h_ring_spec tx = {
		.format = CDNA_FORMAT_OFFLOAD, .slots = 256,
		.offloads = H_OFFLOADS_TX,
	};
	struct h_ring_spec rx = { .slots = 64 };
	u32 qp;

	h_ctx_up(h, BAD);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++) {
		assert_int_equal(h_queue_create(h, BAD, qp, 0, &tx), 0);
		assert_int_equal(h_queue_create(h, BAD, qp, 1, &rx), 0);
	}
	assert_int_equal(h_bind(h, BAD, 0, BAD), 0);
}

static void play(mischief act, struct outcome *got)
{
	struct h *h = h_new(NULL);
	u64 bytes[256] = { 0 };
	struct traffic good;
	u32 i;

	memset(got, 0, sizeof(*got));
	good_up(h, &good);
	bad_up(h);
	fake_mark(h->board, BAD);
	for (i = 0; i < STEPS; i++) {
		traffic_refill(h, &good);
		traffic_from_wire(h, GOOD, RX_PER_STEP, 500);
		if (act)
			act(h, i);
		traffic_pace(h, PACE);
		h->board->now += 10000;
		h_step(h);
		traffic_sent(h, bytes);
		got->received += h_rx_drain(h, GOOD, 0);
		h_rx_fill(h, GOOD, 0, h_room(h, GOOD, 0, CDNA_DIR_RX), 2048);
	}
	h_check(h);
	got->sent = bytes[GOOD];
	got->bad_dma = fake_touched(h->board, BAD);
	assert_int_equal(h->nic->ctx[GOOD].state, CDNA_CTX_ACTIVE);
	h_free(h);
}

/*
 * @share: per cent of what it has alone that the good context keeps sending.
 * It receives everything in any case.
 */
static void survive(mischief act, u32 share)
{
	struct outcome alone;
	struct outcome beside;

	play(NULL, &alone);
	play(act, &beside);
	print_message("# alone %llu bytes, beside it %llu; received %u of %u\n",
		      (unsigned long long)alone.sent,
		      (unsigned long long)beside.sent, beside.received,
		      alone.received);
	assert_true(alone.sent > (u64)STEPS * (PACE - 1514) * 98 / 100);
	assert_int_equal(alone.received, STEPS * RX_PER_STEP);
	assert_true(beside.sent * 100 >= alone.sent * share);
	assert_int_equal(beside.received, alone.received);
}

/* Mailboxes further than the descriptors go: faults, again and again */
static void act_stale(struct h *h, u32 step)
{
	u32 qp = step % CDNA_MAX_QPS;
	struct h_ring_spec tx = { .slots = 64 };

	fake_mbox_store(h->board, BAD, CDNA_MBOX(qp, CDNA_MBOX_TX_PROD), 64);
	fake_mbox_store(h->board, BAD, CDNA_MBOX(qp, CDNA_MBOX_RX_PROD), ~step);
	/* Its host resets the queue each time it asks. */
	if (step % 50 == 49) {
		h->ctx[BAD].qp[0].queue[0].exists = false;
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, BAD, 0, 0, NULL);
		h_queue_create(h, BAD, 0, 0, &tx);
	}
}

static void stale_descriptors(void **state)
{
	(void)state;
	survive(act_stale, 98);
}

/* Every mailbox that it has, at every step */
static void act_flood(struct h *h, u32 step)
{
	u32 i;

	for (i = 0; i < CDNA_NR_MAILBOXES; i++)
		fake_mbox_store(h->board, BAD, i,
				i % CDNA_MBOXES_PER_QP == CDNA_MBOX_REARM ?
				step * 31 + i : 0);
}

static void mailbox_flood(void **state)
{
	struct outcome got;

	(void)state;
	survive(act_flood, 98);
	play(act_flood, &got);
	/* It gets no news, so there is little to write to it. */
	assert_true(got.bad_dma < 2 * STEPS * CDNA_MAX_QPS);
}

/* Mailboxes of partitions that have no context, or no active one */
static void act_stray(struct h *h, u32 step)
{
	u32 i;

	for (i = 0; i < CDNA_MAX_CONTEXTS; i++)
		if (i != GOOD)
			fake_mbox_store(h->board, i, step % CDNA_NR_MAILBOXES,
					step);
}

static void stray_mailboxes(void **state)
{
	(void)state;
	survive(act_stray, 98);
}

/* Broadcasts as fast as it can, from all queues */
static void act_broadcast(struct h *h, u32 step)
{
	static const u8 all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct h_tx tx;
	u8 frame[64];
	u32 qp;

	(void)step;
	tx = (struct h_tx){ .data = frame, .len = sizeof(frame) };
	frame_plain(frame, all, h->ctx[BAD].mac, sizeof(frame), 0);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++) {
		while (h_tx_post(h, BAD, qp, &tx))
			;
		h_ring(h, BAD, qp, CDNA_DIR_TX);
	}
}

static void broadcast_storm_is_bounded(void **state)
{
	struct outcome alone;
	struct outcome beside;
	u64 ns = STEPS * 10000ull;
	/* The rate over the run, and a burst before it */
	u64 bound = FW_STORM_FPS * ns / 1000000000 + FW_STORM_FPS / 10;

	(void)state;
	play(NULL, &alone);
	play(act_broadcast, &beside);
	assert_true(beside.received >= alone.received);
	assert_true(beside.received > alone.received);
	assert_true(beside.received - alone.received <= bound);
	/* A storm that is dropped costs its sender, not the others. */
	assert_true(beside.sent * 100 >= alone.sent * 90);
}

/* Frames for it from the wire, and no buffers: its drops, nobody else's */
static void act_no_buffers(struct h *h, u32 step)
{
	(void)step;
	traffic_from_wire(h, BAD, 40, 1000);
}

static void no_receive_buffers(void **state)
{
	struct h *h;

	(void)state;
	survive(act_no_buffers, 98);
	h = h_new(NULL);
	bad_up(h);
	act_no_buffers(h, 0);
	h_run(h);
	assert_int_equal(h->nic->ctx[BAD].stats[CDNA_CSTAT_DROP +
						CDNA_DROP_RX_NO_BUFFER], 40);
	h_check(h);
	h_free(h);
}

/* Chains that never end */
static void act_endless(struct h *h, u32 step)
{
	struct fw_desc desc = { .len = 100 };
	u32 qp;

	(void)step;
	for (qp = 0; qp < CDNA_MAX_QPS; qp++) {
		desc.addr = h->ctx[BAD].qp[qp].queue[0].buffer;
		if (h_room(h, BAD, qp, CDNA_DIR_TX))
			h_post(h, BAD, qp, CDNA_DIR_TX, &desc);
		h_ring(h, BAD, qp, CDNA_DIR_TX);
	}
}

static void endless_chains(void **state)
{
	struct h *h;
	u32 i;

	(void)state;
	survive(act_endless, 98);

	/* One that is not complete is waited for, without turning around. */
	h = h_new(NULL);
	bad_up(h);
	act_endless(h, 0);
	h_run(h);
	fake_mark(h->board, BAD);
	assert_false(h_step(h));
	assert_int_equal(fake_touched(h->board, BAD), 0);
	for (i = 0; i < CDNA_MAX_CHAIN; i++) {
		act_endless(h, i);
		h_run(h);
	}
	assert_int_equal(h->nic->ctx[BAD].qp[0].queue[0].ring.fault.reason,
			 CDNA_FAULT_CHAIN);
	h_check(h);
	h_free(h);
}

/* Addresses that DMA cannot reach, in every queue, reset and tried again */
static void act_bad_dma(struct h *h, u32 step)
{
	struct fw_desc desc = { .len = 100, .flags = CDNA_DESC_EOP };
	u32 qp = step % CDNA_MAX_QPS;
	struct h_ring_spec tx = { .slots = 64 };

	if (h->nic->ctx[BAD].qp[qp].queue[0].state == CDNA_QUEUE_FAULTED) {
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, BAD, qp, 0, NULL);
		/* Memory for rings is not endless here. */
		if (step < 200)
			h_queue_create(h, BAD, qp, 0, &tx);
		return;
	}
	if (h->nic->ctx[BAD].qp[qp].queue[0].state != CDNA_QUEUE_RUNNING)
		return;
	desc.addr = 0xdead000000000ull + step;
	h_post(h, BAD, qp, CDNA_DIR_TX, &desc);
	h_ring(h, BAD, qp, CDNA_DIR_TX);
}

static void unreachable_memory(void **state)
{
	(void)state;
	survive(act_bad_dma, 98);
}

/* Frames that are refused, without end: spoofed, short, wrong offload */
static void act_refused(struct h *h, u32 step)
{
	struct frame_spec spec = FRAME_TCP4(.payload = 900);
	u8 frame[2048];
	struct h_tx tx = { .data = frame };
	u32 qp;

	(void)step;
	spec.dst[0] = 0x02;
	spec.src[0] = 0x02;
	tx.len = frame_build(frame, &spec);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++) {
		tx.flags = qp % 2 ? CDNA_DESC_TSO : 0;
		if (qp == 2)
			tx.len = 9;
		while (h_tx_post(h, BAD, qp, &tx))
			;
		h_ring(h, BAD, qp, CDNA_DIR_TX);
	}
}

/* Refused frames are work as well: they count toward its fair share. */
static void refused_frames(void **state)
{
	(void)state;
	survive(act_refused, 90);
}

TEST_MAIN(
	TEST(stale_descriptors),
	TEST(mailbox_flood),
	TEST(stray_mailboxes),
	TEST(broadcast_storm_is_bounded),
	TEST(no_receive_buffers),
	TEST(endless_chains),
	TEST(unreachable_memory),
	TEST(refused_frames),
)
