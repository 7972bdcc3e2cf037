// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues that are drained.
 */
#include "control.h"

static u16 post_op(struct h *h, u32 opcode, u32 ctx, u32 qp)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, opcode, ctx);
	cmd.queue.qp = (u8)qp;
	return h_admin_post(h, &cmd);
}

static void drain_of_an_idle_queue_is_done(void **state)
{
	struct cdna_queue_info info;
	struct h *h = h_new(NULL);
	u32 dir;

	(void)state;
	h_up(h, 0);
	send_one(h, 0, 0);
	h_rx_fill(h, 0, 0, 8, 2048);
	receive_one(h, 0);
	h_run(h);
	for (dir = 0; dir < CDNA_NR_DIRS; dir++) {
		assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0,
					    dir, &info), CDNA_SC_OK);
		assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
		assert_int_equal(fw_le32(info.cons), 1);
		assert_int_equal(fw_le32(info.next_seq), 1);
		assert_int_equal(fw_le32(info.comp_prod), dir);
		/* Again: it still is. */
		assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0,
					    dir, &info), CDNA_SC_OK);
	}
	/* Withdrawn: no byte reaches the buffers. */
	fake_mark(h->board, 0);
	receive_one(h, 0);
	h_run(h);
	assert_int_equal(fake_touched(h->board, 0), 0);
	assert_int_equal(ctx_stat(h, 0, CDNA_CSTAT_DROP +
				  CDNA_DROP_RX_NO_QUEUE), 1);
	h_free(h);
}

static void drain_sends_what_was_posted(void **state)
{
	struct cdna_admin_completion done;
	struct h *h = h_new(NULL);
	u32 tx, rx, i;
	u16 tag;

	(void)state;
	h_up(h, 0);
	/* Slow enough that a second passes without the drain. */
	assert_int_equal(h_limits(h, 0, 1, 0), CDNA_SC_OK);
	for (i = 0; i < 200; i++)
		send_one(h, 0, 0);
	h->board->traced = 0;
	h->board->tracing = true;
	tag = post_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0);
	assert_int_equal(admin_wait(h, tag, &done), CDNA_SC_OK);
	assert_int_equal(done.queue.state, CDNA_QUEUE_STOPPED);
	assert_int_equal(fw_le32(done.queue.cons), 200);
	assert_int_equal(h->board->sent, 200);
	/* Published before the completion. */
	assert_true(traced_at(h, h->cons, 2048) <
		    traced_at(h, h->acq.addr, 2048));
	assert_int_equal(h_tx_cons(h, 0, 0), 200);
	h_host_cons(h, 0, 0, &tx, &rx);
	assert_int_equal(tx, 200);
	h_check(h);
	h_free(h);
}

static void drain_completes_later_and_blocks_nothing(void **state)
{
	struct cdna_admin_completion done;
	struct cdna_ctx_info info;
	struct h *h = h_new(NULL);
	u16 tag;

	(void)state;
	up_but_stuck(h, 0, 2);
	tag = post_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 1);
	h_run(h);
	assert_false(h_admin_poll(h, &done));
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 1,
				    CDNA_DIR_TX, NULL), CDNA_SC_BAD_STATE);
	assert_int_equal(h_ctx_query(h, 0, &info), CDNA_SC_OK);
	/* What is posted from now on is not part of it. */
	send_one(h, 0, 1);
	wire_go(h);
	h->board->discard = true;
	h_run_for(h, 1000000);
	assert_int_equal(admin_wait(h, tag, &done), CDNA_SC_OK);
	assert_int_equal(fw_le32(done.queue.cons), 1);
	assert_int_equal(fw_le32(done.queue.prod), 1);
	h_check(h);
	h_free(h);
}

static void drain_leaves_a_frame_without_end(void **state)
{
	struct fw_desc desc = { .len = 100 };
	struct cdna_queue_info info;
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	send_one(h, 0, 0);
	desc.addr = h->ctx[0].qp[0].queue[CDNA_DIR_TX].buffer;
	h_post(h, 0, 0, CDNA_DIR_TX, &desc);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0,
				    CDNA_DIR_TX, &info), CDNA_SC_OK);
	assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
	assert_int_equal(fw_le32(info.cons), 1);
	assert_int_equal(fw_le32(info.prod), 2);
	assert_int_equal(fw_le32(info.next_seq), 1);
	h_check(h);
	h_free(h);
}

/* What ends a drain before it is done, and its completion comes first. */
static void drain_is_aborted(void **state)
{
	static const u32 opcode[] = {
		CDNA_CMD_QUEUE_DESTROY, CDNA_CMD_CTX_RESET,
		CDNA_CMD_CTX_REVOKE, CDNA_CMD_CTX_RELEASE,
	};
	struct cdna_admin_completion done;
	struct h *h;
	u32 i;
	u16 tag;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(opcode); i++) {
		h = h_new(NULL);
		up_but_stuck(h, 0, 2);
		tag = post_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 1);
		h_run(h);
		post_op(h, opcode[i], 0, i ? 0 : 1);
		assert_int_equal(admin_wait(h, tag, &done), CDNA_SC_ABORTED);
		assert_int_equal(fw_le32(done.queue.cons), 0);
		assert_true(h_admin_poll(h, &done));
		assert_int_equal(fw_le16(done.opcode), opcode[i]);
		assert_int_equal(fw_le16(done.status), CDNA_SC_OK);
		h_check(h);
		h_free(h);
	}
}

static void fault_aborts_a_drain(void **state)
{
	struct fw_desc desc = { .len = 100, .flags = CDNA_DESC_EOP };
	struct cdna_admin_completion done;
	struct h *h = h_new(NULL);
	u16 tag;

	(void)state;
	h_up(h, 0);
	send_one(h, 0, 0);
	desc.addr = h->ctx[0].qp[0].queue[CDNA_DIR_TX].buffer;
	h_desc_write(h, 0, 0, CDNA_DIR_TX, 1, &desc, 0x12345);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 2);
	tag = post_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0);
	assert_int_equal(admin_wait(h, tag, &done), CDNA_SC_ABORTED);
	assert_int_equal(done.queue.state, CDNA_QUEUE_FAULTED);
	assert_int_equal(done.queue.fault, CDNA_FAULT_SEQUENCE);
	assert_int_equal(fw_le32(done.queue.cons), 1);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0,
				    CDNA_DIR_TX, NULL), CDNA_SC_BAD_STATE);
	h_free(h);
}

TEST_MAIN(
	TEST(drain_of_an_idle_queue_is_done),
	TEST(drain_sends_what_was_posted),
	TEST(drain_completes_later_and_blocks_nothing),
	TEST(drain_leaves_a_frame_without_end),
	TEST(drain_is_aborted),
	TEST(fault_aborts_a_drain),
)
