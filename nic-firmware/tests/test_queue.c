// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: creation, draining, faults of one alone, and the quiesce of a
 * context, which drains them all.
 */
#include "control.h"

static void query(struct h *h, u32 ctx, u32 qp, u32 dir,
		  struct cdna_queue_info *info)
{
	assert_int_equal(h_queue_op(h, CDNA_ADMIN_QUEUE_QUERY, ctx, qp, dir,
				    info), CDNA_ADMIN_OK);
}

static u16 post_op(struct h *h, u32 opcode, u32 ctx, u32 qp)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, opcode, ctx);
	cmd.queue.qp = (u8)qp;
	return h_admin_post(h, &cmd);
}

static void created_in_every_shape(void **state)
{
	static const u32 slots[] = { 64, 128, 1024, 4096 };
	struct cdna_queue_info info;
	struct h *h = h_new(NULL);
	struct h_ring_spec spec;
	u32 i;

	(void)state;
	h_ctx_up(h, 0);
	for (i = 0; i < 16; i++) {
		spec = (struct h_ring_spec){
			.format = i & 1, .slots = slots[i / 4],
			.page_list = i & 2, .first_seq = 0xfff0,
		};
		/* The status page stands first and stays. */
		fake_alloc_reset(h->board, 0);
		fake_alloc(h->board, 0, H_PAGE, H_PAGE);
		assert_int_equal(h_queue_create(h, 0, i % 8, CDNA_DIR_TX,
						&spec), CDNA_ADMIN_OK);
		send_one(h, 0, i % 8);
		h_run(h);
		query(h, 0, i % 8, CDNA_DIR_TX, &info);
		assert_int_equal(info.state, CDNA_QUEUE_RUNNING);
		assert_int_equal(fw_le32(info.prod), 1);
		assert_int_equal(fw_le32(info.cons), 1);
		assert_int_equal(fw_le32(info.next_seq), 0xfff1);
		assert_int_equal(h_queue_create(h, 0, i % 8, CDNA_DIR_TX,
						&spec), CDNA_ADMIN_EXISTS);
		h_queue_op(h, CDNA_ADMIN_QUEUE_DESTROY, 0, i % 8, CDNA_DIR_TX,
			   NULL);
	}
	h_check(h);
	h_free(h);
}

static void page_lists_are_checked(void **state)
{
	struct cdna_admin_completion done;
	struct h *h = h_new(NULL);
	struct cdna_admin_cmd cmd;
	__le64 *list;
	u64 addr;

	(void)state;
	h_ctx_up(h, 0);
	addr = fake_alloc(h->board, FW_DMA_HOST, 64, 64);
	list = fake_ptr(h->board, addr);
	list[0] = fw_to_le64(FAKE_CTX_BUS(0) + 8);
	h_cmd(&cmd, CDNA_ADMIN_QUEUE_CREATE, 0);
	cmd.queue.size_log2 = 8;
	cmd.queue.ring.addr = fw_to_le64(addr);
	cmd.queue.ring.pages = fw_to_le16(1);
	cmd.queue.ring.flags = fw_to_le16(CDNA_RING_PAGE_LIST);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_ADMIN_BAD_PARAM);
	assert_int_equal(fw_le16(done.detail), 24);
	cmd.queue.ring.pages = fw_to_le16(2);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_ADMIN_BAD_PARAM);
	cmd.queue.ring.pages = fw_to_le16(1);
	cmd.queue.ring.addr = fw_to_le64(0x7000);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_ADMIN_DMA_ERROR);
	assert_int_equal(h_queue_op(h, CDNA_ADMIN_QUEUE_QUERY, 0, 0,
				    CDNA_DIR_TX, NULL), CDNA_ADMIN_NOT_FOUND);
	/* A receive queue without completion ring is none. */
	cmd.queue.dir = CDNA_DIR_RX;
	memset(&cmd.queue.ring, 0, sizeof(cmd.queue.ring));
	cmd.queue.ring.addr = fw_to_le64(FAKE_CTX_BUS(0));
	cmd.queue.completions.addr = fw_to_le64(8);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_ADMIN_BAD_PARAM);
	assert_int_equal(fw_le16(done.detail), 40);
	h_free(h);
}

static void new_queue_clears_the_host_table(void **state)
{
	struct h_ring_spec spec = { .format = CDNA_FORMAT_OFFLOAD };
	struct h *h = h_new(NULL);
	u32 tx, rx;

	(void)state;
	h_up(h, 0);
	send_one(h, 0, 0);
	h_run(h);
	h_host_cons(h, 0, 0, &tx, &rx);
	assert_int_equal(tx, 1);
	h_queue_op(h, CDNA_ADMIN_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
	h->board->traced = 0;
	h->board->tracing = true;
	h_queue_create(h, 0, 0, CDNA_DIR_TX, &spec);
	assert_true(traced_at(h, h->cons, 2048) <
		    traced_at(h, h->acq.addr, 1024));
	h_host_cons(h, 0, 0, &tx, &rx);
	assert_int_equal(tx, 0);
	h_free(h);
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
		assert_int_equal(h_queue_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 0,
					    dir, &info), CDNA_ADMIN_OK);
		assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
		assert_int_equal(fw_le32(info.cons), 1);
		assert_int_equal(fw_le32(info.next_seq), 1);
		assert_int_equal(fw_le32(info.comp_prod), dir);
		/* Again: it still is. */
		assert_int_equal(h_queue_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 0,
					    dir, &info), CDNA_ADMIN_OK);
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
	assert_int_equal(h_limits(h, 0, 1, 0), CDNA_ADMIN_OK);
	for (i = 0; i < 200; i++)
		send_one(h, 0, 0);
	h->board->traced = 0;
	h->board->tracing = true;
	tag = post_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 0);
	assert_int_equal(admin_wait(h, tag, &done), CDNA_ADMIN_OK);
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
	tag = post_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 1);
	h_run(h);
	assert_false(h_admin_poll(h, &done));
	assert_int_equal(h_queue_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 1,
				    CDNA_DIR_TX, NULL), CDNA_ADMIN_BAD_STATE);
	assert_int_equal(h_ctx_query(h, 0, &info), CDNA_ADMIN_OK);
	/* What is posted from now on is not part of it. */
	send_one(h, 0, 1);
	wire_go(h);
	h->board->discard = true;
	h_run_for(h, 1000000);
	assert_int_equal(admin_wait(h, tag, &done), CDNA_ADMIN_OK);
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
	assert_int_equal(h_queue_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 0,
				    CDNA_DIR_TX, &info), CDNA_ADMIN_OK);
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
		CDNA_ADMIN_QUEUE_DESTROY, CDNA_ADMIN_CTX_RESET,
		CDNA_ADMIN_CTX_REVOKE, CDNA_ADMIN_CTX_RELEASE,
	};
	struct cdna_admin_completion done;
	struct h *h;
	u32 i;
	u16 tag;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(opcode); i++) {
		h = h_new(NULL);
		up_but_stuck(h, 0, 2);
		tag = post_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 1);
		h_run(h);
		post_op(h, opcode[i], 0, i ? 0 : 1);
		assert_int_equal(admin_wait(h, tag, &done), CDNA_ADMIN_ABORTED);
		assert_int_equal(fw_le32(done.queue.cons), 0);
		assert_true(h_admin_poll(h, &done));
		assert_int_equal(fw_le16(done.opcode), opcode[i]);
		assert_int_equal(fw_le16(done.status), CDNA_ADMIN_OK);
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
	tag = post_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 0);
	assert_int_equal(admin_wait(h, tag, &done), CDNA_ADMIN_ABORTED);
	assert_int_equal(done.queue.state, CDNA_QUEUE_FAULTED);
	assert_int_equal(done.queue.fault, CDNA_FAULT_SEQUENCE);
	assert_int_equal(fw_le32(done.queue.cons), 1);
	assert_int_equal(h_queue_op(h, CDNA_ADMIN_QUEUE_DRAIN, 0, 0,
				    CDNA_DIR_TX, NULL), CDNA_ADMIN_BAD_STATE);
	h_free(h);
}

static void fault_stops_one_ring_alone(void **state)
{
	struct h_ring_spec spec = { .format = CDNA_FORMAT_OFFLOAD };
	struct cdna_queue_info info;
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	h_up(h, 1);
	h_qp_up(h, 0, 1, 0, 0);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 9999);
	h_run(h);
	send_one(h, 0, 1);
	send_one(h, 1, 0);
	h_rx_fill(h, 0, 0, 4, 2048);
	receive_one(h, 0);
	h_run(h);
	query(h, 0, 0, CDNA_DIR_TX, &info);
	assert_int_equal(info.state, CDNA_QUEUE_FAULTED);
	query(h, 0, 0, CDNA_DIR_RX, &info);
	assert_int_equal(info.state, CDNA_QUEUE_RUNNING);
	assert_int_equal(h->board->sent, 2);
	/* A queue made anew in its place works. */
	h_queue_op(h, CDNA_ADMIN_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
	assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_TX, &spec), 0);
	send_one(h, 0, 0);
	h_run(h);
	assert_int_equal(h->board->sent, 3);
	assert_int_equal(h_tx_cons(h, 0, 0), 1);
	h_check(h);
	h_free(h);
}

/* A segmentation under way ends with its queue, not with the next one. */
static void destroyed_in_the_middle_of_a_segmentation(void **state)
{
	struct h_ring_spec spec = {
		.format = CDNA_FORMAT_OFFLOAD, .offloads = H_OFFLOADS_TX,
	};
	static u8 frame[FRAME_MAX];
	struct frame_spec tcp = FRAME_TCP4(.payload = 60000, .partial = true);
	struct h_tx tx = {
		.data = frame, .flags = CDNA_DESC_TSO, .csum_start = 34,
		.csum_offset = 16, .mss = 1000,
	};
	struct h *h = h_new(NULL);
	u32 i, waiting;

	(void)state;
	h_up(h, 0);
	memcpy(tcp.src, h->ctx[0].mac, 6);
	tcp.dst[0] = 0x02;
	tx.len = frame_build(frame, &tcp);
	wire_stop(h);
	for (i = 0; i < 6; i++)
		assert_true(h_tx_post(h, 0, 0, &tx));
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	assert_true(h->nic->ctx[0].qp[0].tso.active);
	waiting = h->nic->wireq.tail - h->nic->wireq.head;
	h_queue_op(h, CDNA_ADMIN_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
	assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_TX, &spec), 0);
	send_one(h, 0, 0);
	wire_go(h);
	h_run(h);
	assert_int_equal(h->board->sent, waiting + 1);
	for (i = 0; i < waiting; i++)
		fake_wire_next(h->board, frame, sizeof(frame));
	assert_int_equal(fake_wire_next(h->board, frame, sizeof(frame)),
			 SEND_LEN);
	h_check(h);
	h_free(h);
}

static void quiesce_stops_receive_and_drains_transmit(void **state)
{
	struct cdna_admin_completion done;
	struct cdna_ctx_info info;
	struct h *h = h_new(NULL);
	u16 tag;

	(void)state;
	up_but_stuck(h, 0, 3);
	h_rx_fill(h, 0, 1, 8, 2048);
	h_run(h);
	tag = post_op(h, CDNA_ADMIN_CTX_QUIESCE, 0, 0);
	h_run(h);
	assert_int_equal(ctx_state(h, 0), CDNA_CTX_QUIESCED);
	assert_int_equal(h->nic->ctx[0].rx_running, 0);
	assert_int_equal(h->nic->ctx[0].tx_running, 7);
	assert_int_equal(h_ctx_op(h, CDNA_ADMIN_CTX_QUIESCE, 0),
			 CDNA_ADMIN_BAD_STATE);
	receive_one(h, 0);
	h_run(h);
	assert_int_equal(h_rx_drain(h, 0, 1), 0);
	wire_go(h);
	h->board->discard = true;
	/* Two of the three are drained soon: that is not all. */
	assert_int_equal(admin_wait(h, tag, &done), CDNA_ADMIN_OK);
	assert_int_equal(h->nic->ctx[0].tx_running, 0);
	h_run(h);
	assert_int_equal(h->board->sent, STUCK_FRAMES + 2);
	assert_int_equal(h_tx_cons(h, 0, 2), 1);
	h_ctx_query(h, 0, &info);
	assert_int_equal(info.tx_queues, 7);
	assert_int_equal(h_ctx_op(h, CDNA_ADMIN_CTX_QUIESCE, 0),
			 CDNA_ADMIN_OK);
	fake_mark(h->board, 0);
	receive_one(h, 0);
	send_one(h, 0, 1);
	h_run(h);
	assert_int_equal(fake_touched(h->board, 0), 0);
	h_check(h);
	h_free(h);
}

static void activation_ends_a_quiesce(void **state)
{
	struct cdna_admin_completion done;
	struct cdna_ctx_info info;
	struct h *h = h_new(NULL);
	u16 tag;

	(void)state;
	up_but_stuck(h, 0, 2);
	tag = post_op(h, CDNA_ADMIN_CTX_QUIESCE, 0, 0);
	h_run(h);
	memset(&done, 0, sizeof(done));
	{
		struct cdna_admin_cmd cmd;

		h_cmd(&cmd, CDNA_ADMIN_CTX_ACTIVATE, 0);
		cmd.activate.status_addr = fw_to_le64(h->ctx[0].status);
		h_admin_post(h, &cmd);
	}
	assert_int_equal(admin_wait(h, tag, &done), CDNA_ADMIN_ABORTED);
	h_ctx_query(h, 0, &info);
	assert_int_equal(info.state, CDNA_CTX_ACTIVE);
	assert_int_equal(info.tx_queues, 0);
	h_check(h);
	h_free(h);
}

TEST_MAIN(
	TEST(created_in_every_shape),
	TEST(page_lists_are_checked),
	TEST(new_queue_clears_the_host_table),
	TEST(drain_of_an_idle_queue_is_done),
	TEST(drain_sends_what_was_posted),
	TEST(drain_completes_later_and_blocks_nothing),
	TEST(drain_leaves_a_frame_without_end),
	TEST(drain_is_aborted),
	TEST(fault_aborts_a_drain),
	TEST(fault_stops_one_ring_alone),
	TEST(destroyed_in_the_middle_of_a_segmentation),
	TEST(quiesce_stops_receive_and_drains_transmit),
	TEST(activation_ends_a_quiesce),
)
