// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts that are paused and resumed at any moment under traffic: each frame is
 * sent once and in order, none that was accepted is lost, none that was dropped is
 * not counted, and the neighbours get what they would get anyway.
 */
#include "control.h"
#include "traffic.h"
#include "tso_bed.h"

#define QPS		2
#define FRAMES		3000
#define NEIGHBOUR	1

/**
 * struct flow - numbered frames in one direction of a queue pair
 * @sent: how many
 * @next: the lowest number that may come next
 * @got: how many have come
 */
struct flow {
	u32 sent;
	u32 next;
	u32 got;
};

/**
 * struct load - a context under traffic
 * @h: the NIC
 * @ctx: the context
 * @tx: by queue pair
 * @rx: from the wire, for all queue pairs: one flow goes to one of them
 */
struct load {
	struct h *h;
	u32 ctx;
	struct flow tx[QPS];
	struct flow rx;
};

static u32 load_frame(const struct load *l, bool tx, u32 qp, u32 nr, u8 *frame)
{
	const u8 *mac = l->h->ctx[l->ctx].mac;
	u32 len = 60 + nr * 37 % 1400;

	frame_plain(frame, tx ? peer : mac, tx ? mac : peer, len, nr);
	fw_put_be32(frame + 14, nr);
	frame[18] = (u8)qp;
	frame[19] = (u8)l->ctx;
	return len;
}

static void load_up(struct load *l, struct h *h, u32 ctx)
{
	u32 qp;

	memset(l, 0, sizeof(*l));
	l->h = h;
	l->ctx = ctx;
	h_ctx_up(h, ctx);
	for (qp = 0; qp < QPS; qp++)
		h_qp_up(h, ctx, qp, 0, 0);
}

/* Post, without a look at whether the context is paused. */
static void load_post(struct load *l, struct prng *prng)
{
	static u8 frame[2048];
	u32 qp = prng_below(prng, QPS);
	u32 n = prng_below(prng, 6);
	u32 buffers = prng_below(prng, 9);

	while (n-- && h_room(l->h, l->ctx, qp, CDNA_DIR_TX) > 2 &&
	       l->tx[qp].sent < FRAMES) {
		struct h_tx tx = { .data = frame, .pieces = 2 };

		tx.len = load_frame(l, true, qp, l->tx[qp].sent, frame);
		assert_true(h_tx_post(l->h, l->ctx, qp, &tx));
		l->tx[qp].sent++;
	}
	h_ring(l->h, l->ctx, qp, CDNA_DIR_TX);
	if (h_room(l->h, l->ctx, qp, CDNA_DIR_RX) >= buffers)
		h_rx_fill(l->h, l->ctx, qp, buffers, 2048);
}

static void load_receive(struct load *l, struct prng *prng)
{
	static u8 frame[2048];
	u32 n = prng_below(prng, 4);
	u32 len;

	while (n-- && l->rx.sent < FRAMES) {
		len = load_frame(l, false, 0, l->rx.sent++, frame);
		assert_true(fake_wire_push(l->h->board, frame, len));
	}
}

static void flow_check(struct flow *flow, u32 nr)
{
	assert_true(nr >= flow->next && nr < flow->sent);
	flow->next = nr + 1;
	flow->got++;
}

/* What has come out at the wire, of whom ever */
static void load_sent(struct load *l, u32 loads)
{
	static u8 frame[2048], want[2048];
	u32 len, nr, qp, i;

	for (;;) {
		len = fake_wire_next(l->h->board, frame, sizeof(frame));
		if (!len)
			return;
		nr = fw_get_be32(frame + 14);
		qp = frame[18];
		for (i = 0; i < loads && l[i].ctx != frame[19]; i++)
			;
		assert_true(i < loads && qp < QPS);
		assert_int_equal(load_frame(&l[i], true, qp, nr, want), len);
		assert_memory_equal(frame, want, len);
		flow_check(&l[i].tx[qp], nr);
	}
}

static void load_take(struct load *l)
{
	static struct h_rx rx;
	static u8 want[2048];
	u32 qp, nr;

	for (qp = 0; qp < QPS; qp++) {
		while (h_rx_next(l->h, l->ctx, qp, &rx)) {
			nr = fw_get_be32(rx.data + 14);
			assert_int_equal(load_frame(l, false, 0, nr, want),
					 rx.len);
			assert_memory_equal(rx.data, want, rx.len);
			flow_check(&l->rx, nr);
		}
	}
}

static void load_turn(struct load *l, struct prng *prng)
{
	u32 i;

	for (i = 0; i < 2; i++) {
		load_post(&l[i], prng);
		load_receive(&l[i], prng);
	}
	l->h->board->busy = prng_below(prng, 3) ? 0 : prng_below(prng, 20);
	h_step(l->h);
	h_check(l->h);
	load_sent(l, 2);
	for (i = 0; i < 2; i++)
		load_take(&l[i]);
}

static void load_toggle(struct load *l)
{
	bool still = ctx_state(l->h, l->ctx) == CDNA_CTX_QUIESCED;

	assert_int_equal(h_ctx_op(l->h, still ? CDNA_CMD_CTX_RESUME :
						CDNA_CMD_CTX_QUIESCE, l->ctx),
			 CDNA_SC_OK);
	if (!still)
		assert_int_equal(l->h->nic->ctx[l->ctx].tx_running, 0);
}

static void load_account(const struct load *l)
{
	u64 *drops = &l->h->nic->ctx[l->ctx].stats[CDNA_CSTAT_DROP];
	u32 qp;

	for (qp = 0; qp < QPS; qp++) {
		assert_int_equal(l->tx[qp].sent, FRAMES);
		assert_int_equal(l->tx[qp].got, FRAMES);
	}
	assert_int_equal(l->rx.sent, FRAMES);
	assert_int_equal(l->rx.got + drops[CDNA_DROP_RX_NO_QUEUE] +
			 drops[CDNA_DROP_RX_NO_BUFFER] +
			 drops[CDNA_DROP_RX_BUSY], FRAMES);
}

static bool load_done(const struct load *l)
{
	return l->tx[0].got == FRAMES && l->tx[1].got == FRAMES &&
	       l->rx.sent == FRAMES;
}

static void each_frame_once_and_in_order(void **state)
{
	struct load l[2];
	struct h *h = h_new(NULL);
	struct prng prng;
	u32 toggles = 0;

	(void)state;
	prng_seed(&prng, __func__);
	load_up(&l[0], h, 0);
	load_up(&l[1], h, NEIGHBOUR);
	while (!load_done(&l[0]) || !load_done(&l[1])) {
		load_turn(l, &prng);
		if (prng_below(&prng, 8))
			continue;
		load_toggle(&l[0]);
		toggles++;
	}
	if (ctx_state(h, 0) == CDNA_CTX_QUIESCED)
		load_toggle(&l[0]);
	h_run(h);
	load_take(&l[0]);
	load_take(&l[1]);
	load_account(&l[0]);
	load_account(&l[1]);
	assert_true(toggles > 100);
	/* Frames for a context that was paused were dropped, and counted. */
	assert_true(ctx_stat(h, 0, CDNA_CSTAT_DROP +
			     CDNA_DROP_RX_NO_QUEUE) > 100);
	assert_int_equal(ctx_stat(h, NEIGHBOUR, CDNA_CSTAT_DROP +
				  CDNA_DROP_RX_NO_QUEUE), 0);
	h_free(h);
}

/*
 * In the middle of a request, which a full wire or a limit has brought to a stop:
 * its segments go on where they were.
 */
static void segmentation_goes_on(void **state)
{
	static struct request r;
	struct prng prng;
	struct h *h;
	u32 i, again;

	(void)state;
	prng_seed(&prng, __func__);
	for (i = 0; i < 40; i++) {
		h = tso_new(1500);
		request_build(&r, FRAME_TCP4(.payload = 60000, .fill = i),
			      50 + prng_below(&prng, 50));
		if (i & 1)
			wire_stop(h);
		else
			assert_int_equal(h_limits(h, 0, 1, 0), CDNA_SC_OK);
		request_post(h, &r, &prng, i & 2);
		for (again = 0; again < 3; again++) {
			h_run(h);
			assert_true(h->nic->ctx[0].qp[0].tso.active);
			assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0),
					 CDNA_SC_OK);
			assert_int_equal(h->nic->ctx[0].tx_running, 0);
			h_run(h);
			assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESUME, 0),
					 CDNA_SC_OK);
		}
		wire_go(h);
		h_limits(h, 0, 0, 0);
		h_run_for(h, 10000000);
		request_check(h, &r);
		h_free(h);
	}
}

/* A request that is being drained ends in the middle, and nothing of it follows. */
static void a_drained_request_ends(void **state)
{
	static struct request r;
	struct cdna_admin_cmd cmd;
	struct prng prng;
	struct h *h;

	(void)state;
	prng_seed(&prng, __func__);
	h = tso_new(1500);
	request_build(&r, FRAME_TCP4(.payload = 60000), 50);
	wire_stop(h);
	request_post(h, &r, &prng, false);
	h_run(h);
	h_cmd(&cmd, CDNA_CMD_QUEUE_DRAIN, 0);
	h_admin_post(h, &cmd);
	h_run(h);
	assert_true(h->nic->ctx[0].qp[0].tso.active);
	h_cmd(&cmd, CDNA_CMD_CTX_QUIESCE, 0);
	h_admin_post(h, &cmd);
	h_run(h);
	assert_false(h->nic->ctx[0].qp[0].tso.active);
	assert_int_equal(ctx_state(h, 0), CDNA_CTX_QUIESCED);
	wire_go(h);
	h_run_for(h, 10000000);
	fake_wire_clear(h->board);
	h_cmd(&cmd, CDNA_CMD_CTX_RESUME, 0);
	h_admin_post(h, &cmd);
	h_run_for(h, 10000000);
	assert_int_equal(ctx_state(h, 0), CDNA_CTX_ACTIVE);
	assert_int_equal(fake_wire_pending(h->board), 0);
	h_check(h);
	h_free(h);
}

/* Who is paused now and then gets no more of the wire than who is not. */
static void a_pause_gains_nothing(void **state)
{
	static const u32 payload[] = { TRAFFIC_SMALL, 1400, TRAFFIC_SUPER };
	u64 bytes[256];
	struct traffic t[2];
	u32 i, step;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(payload); i++) {
		struct h *h = h_new(NULL);

		memset(bytes, 0, sizeof(bytes));
		traffic_up(h, &t[0], 0, payload[i]);
		traffic_up(h, &t[1], 1, TRAFFIC_SUPER);
		for (step = 0; step < 600; step++) {
			traffic_refill(h, &t[0]);
			traffic_refill(h, &t[1]);
			traffic_pace(h, 12000);
			h->board->now += 10000;
			h_step(h);
			h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0);
			h_ctx_op(h, CDNA_CMD_CTX_RESUME, 0);
			if (step == 50)
				memset(bytes, 0, sizeof(bytes));
			traffic_sent(h, bytes);
		}
		print_message("# %llu and %llu bytes\n",
			      (unsigned long long)bytes[0],
			      (unsigned long long)bytes[1]);
		assert_true(bytes[1] && bytes[0] <= bytes[1] + bytes[1] / 20);
		h_free(h);
	}
}

TEST_MAIN(
	TEST(each_frame_once_and_in_order),
	TEST(segmentation_goes_on),
	TEST(a_drained_request_ends),
	TEST(a_pause_gains_nothing),
)
