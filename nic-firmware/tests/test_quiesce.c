// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context that is paused and goes on: with its rings, its indices and what
 * was posted, where it stopped. While it does, nothing of it is written.
 */
#include "control.h"

static void quiesce(struct h *h, u32 ctx)
{
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, ctx), CDNA_SC_OK);
	assert_int_equal(ctx_state(h, ctx), CDNA_CTX_QUIESCED);
	assert_int_equal(h->nic->ctx[ctx].tx_running, 0);
	assert_int_equal(h->nic->ctx[ctx].rx_running, 0);
}

static void resume(struct h *h, u32 ctx)
{
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESUME, ctx), CDNA_SC_OK);
	assert_int_equal(ctx_state(h, ctx), CDNA_CTX_ACTIVE);
}

/* The wire is full, and stays so: what is for it waits in its ring. */
static void a_stuck_wire_is_not_waited_for(void **state)
{
	struct cdna_ctx_info info;
	struct h *h = h_new(NULL);
	u32 waiting;

	(void)state;
	up_but_stuck(h, 0, 3);
	h_rx_fill(h, 0, 1, 8, 2048);
	h_run(h);
	waiting = STUCK_FRAMES - h_tx_cons(h, 0, 0);
	quiesce(h, 0);
	receive_one(h, 0);
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 1), 0);
	assert_int_equal(ctx_stat(h, 0, CDNA_CSTAT_DROP +
				  CDNA_DROP_RX_NO_QUEUE), 1);
	h_ctx_query(h, 0, &info);
	assert_int_equal(info.tx_queues, 7);

	/* What the NIC had taken before leaves it. */
	wire_go(h);
	h_run_for(h, 1000000);
	assert_int_equal(h->board->sent, STUCK_FRAMES - waiting);
	assert_int_equal(h_tx_cons(h, 0, 2), 0);
	fake_wire_clear(h->board);
	resume(h, 0);
	h_run_for(h, 1000000);
	assert_int_equal(h->board->sent, STUCK_FRAMES + 2);
	assert_int_equal(h_tx_cons(h, 0, 0), STUCK_FRAMES);
	receive_one(h, 0);
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 1), 1);
	h_check(h);
	h_free(h);
}

static bool in_region(const struct h *h, u32 n, u64 addr, u64 len)
{
	return h->board->trace[n].write && h->board->trace[n].addr >= addr &&
	       h->board->trace[n].addr < addr + len;
}

/* All that is written for it is written before the host hears of the end. */
static void written_before(u32 senders)
{
	struct cdna_admin_completion done;
	u32 qp, n, last = 0, completed = 0;
	struct cdna_admin_cmd cmd;
	struct h *h = h_new(NULL);
	u16 tag;

	h_ctx_up(h, 0);
	for (qp = 0; qp < 4; qp++) {
		h_qp_up(h, 0, qp, 0, 0);
		h_rx_fill(h, 0, qp, 8, 2048);
	}
	h_run(h);
	for (qp = 0; qp < senders; qp++)
		send_one(h, 0, qp);
	h->board->traced = 0;
	h->board->tracing = true;
	h_cmd(&cmd, CDNA_CMD_CTX_QUIESCE, 0);
	tag = h_admin_post(h, &cmd);
	receive_one(h, 0);
	assert_int_equal(admin_wait(h, tag, &done), CDNA_SC_OK);
	h_run(h);
	for (n = 0; n < h->board->traced; n++) {
		if (in_region(h, n, FAKE_CTX_BUS(0), FAKE_REGION_BYTES))
			last = n + 1;
		if (in_region(h, n, h->acq.addr, 64 * (1 + H_ADMIN_SLOTS)))
			completed = n + 1;
	}
	assert_true(last && completed && last < completed);
	/* What was posted in the last moment goes when the context does. */
	resume(h, 0);
	h_run(h);
	for (qp = 0; qp < senders; qp++)
		assert_int_equal(h_tx_cons(h, 0, qp), 1);
	h_free(h);
}

static void nothing_is_written_afterwards(void **state)
{
	struct h *h = h_new(NULL);
	u32 n;

	(void)state;
	for (n = 0; n <= 4; n++)
		written_before(n);

	/* And nothing comes of what is received or stored. */
	h_ctx_up(h, 0);
	for (n = 0; n < 4; n++)
		h_qp_up(h, 0, n, 0, 0);
	quiesce(h, 0);
	h_run(h);
	fake_mark(h->board, 0);
	for (n = 0; n < 4; n++) {
		receive_one(h, 0);
		send_one(h, 0, n);
		h_rearm(h, 0, n);
	}
	h_run_for(h, 20000000);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0), CDNA_SC_OK);
	assert_int_equal(fake_touched(h->board, 0), 0);
	h_check(h);
	h_free(h);
}

/* What is stored while it is paused needs not be stored again. */
static void mailboxes_are_looked_at_later(void **state)
{
	struct h *h = h_new(NULL);
	u64 ignored;

	(void)state;
	h_up(h, 0);
	send_run(h, 0);
	h_bits(h);
	h_bit_take(h, 0);
	quiesce(h, 0);
	ignored = ctx_stat(h, 0, CDNA_CSTAT_MAILBOXES_IGNORED);
	send_one(h, 0, 0);
	h_rx_fill(h, 0, 0, 8, 2048);
	h_rearm(h, 0, 0);
	h_run(h);
	assert_int_equal(h_tx_cons(h, 0, 0), 1);
	resume(h, 0);
	receive_one(h, 0);
	h_run(h);
	assert_int_equal(h_tx_cons(h, 0, 0), 2);
	assert_int_equal(h_rx_drain(h, 0, 0), 1);
	assert_true(h_bits(h) && h_bit_take(h, 0));
	assert_int_equal(ctx_stat(h, 0, CDNA_CSTAT_MAILBOXES_IGNORED),
			 ignored);
	h_free(h);
}

/* What they held before counts no more than it did. */
static void old_mailboxes_are_not(void **state)
{
	struct h_ring_spec spec = { 0 };
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 0);
	for (i = 0; i < 5; i++)
		send_run(h, 0);
	h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
	assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_TX, &spec), 0);
	quiesce(h, 0);
	resume(h, 0);
	send_run(h, 0);
	assert_int_equal(h->board->sent, 6);
	assert_int_equal(h->nic->ctx[0].qp[0].queue[0].state,
			 CDNA_QUEUE_RUNNING);
	h_free(h);
}

/* A lie that is stored meanwhile stops its queue later, and no other. */
static void lies_stop_their_queue(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_ctx_up(h, 0);
	h_qp_up(h, 0, 0, 0, 0);
	h_qp_up(h, 0, 1, 0, 0);
	quiesce(h, 0);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 5000);
	send_one(h, 0, 1);
	h_run(h);
	resume(h, 0);
	h_run(h);
	assert_int_equal(h->nic->ctx[0].qp[0].queue[0].state,
			 CDNA_QUEUE_FAULTED);
	assert_int_equal(h->nic->ctx[0].qp[0].queue[1].state,
			 CDNA_QUEUE_RUNNING);
	assert_int_equal(h_tx_cons(h, 0, 1), 1);
	h_check(h);
	h_free(h);
}

/* One that the host has drained, or destroys, does not come back to life. */
static void only_what_was_quiesced_goes_on(void **state)
{
	struct h *h = h_new(NULL);
	u32 qp, dir;

	(void)state;
	h_ctx_up(h, 0);
	for (qp = 0; qp < 4; qp++)
		h_qp_up(h, 0, qp, 0, 0);
	h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0, CDNA_DIR_TX, NULL);
	h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0, CDNA_DIR_RX, NULL);
	quiesce(h, 0);
	for (dir = 0; dir < CDNA_NR_DIRS; dir++) {
		assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 1, dir,
					    NULL), CDNA_SC_OK);
		assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 2,
					    dir, NULL), CDNA_SC_OK);
	}
	fake_mbox_store(h->board, 0, CDNA_MBOX(2, CDNA_MBOX_TX_PROD), 1);
	resume(h, 0);
	h_run(h);
	for (dir = 0; dir < CDNA_NR_DIRS; dir++) {
		assert_int_equal(h->nic->ctx[0].qp[0].queue[dir].state,
				 CDNA_QUEUE_STOPPED);
		assert_int_equal(h->nic->ctx[0].qp[1].queue[dir].state,
				 CDNA_QUEUE_STOPPED);
		assert_int_equal(h->nic->ctx[0].qp[2].queue[dir].state,
				 CDNA_QUEUE_NONE);
		assert_int_equal(h->nic->ctx[0].qp[3].queue[dir].state,
				 CDNA_QUEUE_RUNNING);
	}
	h_check(h);
	h_free(h);
}

static u16 post_drain(struct h *h, u32 ctx, u8 qp)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_QUEUE_DRAIN, (u16)ctx);
	cmd.queue.qp = qp;
	return h_admin_post(h, &cmd);
}

/*
 * A full wire holds up a drain. It does not hold up a pause: that ends both
 * immediately, and what was not sent is not sent later.
 */
static void drains_end(void **state)
{
	struct cdna_admin_completion done;
	struct h *h = h_new(NULL);
	struct cdna_admin_cmd cmd;
	u16 drain;

	(void)state;
	up_but_stuck(h, 0, 2);
	drain = post_drain(h, 0, 1);
	h_run(h);
	assert_false(h_admin_poll(h, &done));
	h_cmd(&cmd, CDNA_CMD_CTX_QUIESCE, 0);
	h_admin_post(h, &cmd);
	assert_int_equal(admin_wait(h, drain, &done), CDNA_SC_OK);
	assert_int_equal(fw_le32(done.queue.prod), 1);
	assert_int_equal(fw_le32(done.queue.cons), 0);
	assert_int_equal(done.queue.state, CDNA_QUEUE_STOPPED);
	assert_true(h_admin_poll(h, &done));
	assert_int_equal(fw_le16(done.opcode), CDNA_CMD_CTX_QUIESCE);
	assert_int_equal(fw_le16(done.status), CDNA_SC_OK);
	assert_int_equal(h->nic->ctx[0].tx_running, 0);
	wire_go(h);
	resume(h, 0);
	h_run_for(h, 1000000);
	assert_int_equal(h->board->sent, STUCK_FRAMES);
	assert_int_equal(h->nic->ctx[0].qp[1].queue[0].state,
			 CDNA_QUEUE_STOPPED);
	h_check(h);
	h_free(h);
}

/* As many drains as may be under way do not refuse it, in whichever context. */
static void drains_do_not_refuse_it(void **state)
{
	struct cdna_admin_completion done;
	struct h *h = h_new(NULL);
	u32 ctx, n, pending;

	(void)state;
	up_but_stuck(h, 0, 2);
	for (ctx = 1; ctx < 6; ctx++) {
		h_ctx_up(h, ctx);
		for (n = 0; n < 3; n++) {
			h_qp_up(h, ctx, n, 0, 0);
			send_one(h, ctx, n);
		}
	}
	h_run(h);
	for (n = 0; h->nic->admin.pending + 1 < H_ADMIN_SLOTS; n++) {
		post_drain(h, 1 + n / 3, (u8)(n % 3));
		h_run(h);
	}
	assert_false(h_admin_poll(h, &done));
	pending = h->nic->admin.pending;
	quiesce(h, 0);
	assert_int_equal(h->nic->admin.pending, pending);
	h_check(h);
	h_free(h);
}

/* What ends a context that is paused leaves nothing of that. */
static void what_ends_it(void **state)
{
	static const u32 opcode[] = {
		CDNA_CMD_CTX_RESET, CDNA_CMD_CTX_REVOKE, CDNA_CMD_CTX_RELEASE,
	};
	struct h *h;
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(opcode); i++) {
		h = h_new(NULL);
		up_but_stuck(h, 0, 3);
		quiesce(h, 0);
		send_one(h, 0, 1);
		h_run(h);
		assert_int_equal(h_ctx_op(h, opcode[i], 0), CDNA_SC_OK);
		assert_int_equal(h->nic->ctx[0].held, 0);
		assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESUME, 0),
				 CDNA_SC_BAD_STATE);
		fake_mark(h->board, 0);
		wire_go(h);
		h_run_for(h, 1000000);
		assert_int_equal(fake_touched(h->board, 0), 0);
		assert_int_equal(h->board->sent, 0);
		h_check(h);
		h_free(h);
	}
}

static void activation_ends_a_quiesce(void **state)
{
	struct h *h = h_new(NULL);
	struct cdna_ctx_info info;

	(void)state;
	up_but_stuck(h, 0, 2);
	quiesce(h, 0);
	send_one(h, 0, 1);
	h_run(h);
	assert_int_equal(h_activate(h, 0), CDNA_SC_OK);
	h_ctx_query(h, 0, &info);
	assert_int_equal(info.state, CDNA_CTX_ACTIVE);
	assert_int_equal(info.tx_queues, 0);
	assert_int_equal(h->nic->ctx[0].held, 0);
	h_check(h);
	h_free(h);
}

/* The last indices cannot be published: it has not stopped in good order. */
static void a_page_that_is_gone(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	fake_hole_add(h->board, h->ctx[0].status, 4096, true, true);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0),
			 CDNA_SC_ABORTED);
	assert_int_equal(ctx_state(h, 0), CDNA_CTX_FAULTED);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESUME, 0),
			 CDNA_SC_BAD_STATE);
	fake_holes_clear(h->board);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESET, 0), CDNA_SC_OK);
	h_check(h);
	h_free(h);
}

TEST_MAIN(
	TEST(a_stuck_wire_is_not_waited_for),
	TEST(nothing_is_written_afterwards),
	TEST(mailboxes_are_looked_at_later),
	TEST(old_mailboxes_are_not),
	TEST(lies_stop_their_queue),
	TEST(only_what_was_quiesced_goes_on),
	TEST(drains_end),
	TEST(drains_do_not_refuse_it),
	TEST(what_ends_it),
	TEST(activation_ends_a_quiesce),
	TEST(a_page_that_is_gone),
)
