// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: creation, faults of one alone, and an end in the middle.
 */
#include "control.h"

static void query(struct h *h, u32 ctx, u32 qp, u32 dir,
		  struct cdna_queue_info *info)
{
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_QUERY, ctx, qp, dir,
				    info), CDNA_SC_OK);
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
		/* The status page comes first and stays. */
		fake_alloc_reset(h->board, 0);
		fake_alloc(h->board, 0, H_PAGE, H_PAGE);
		assert_int_equal(h_queue_create(h, 0, i % 8, CDNA_DIR_TX,
						&spec), CDNA_SC_OK);
		send_one(h, 0, i % 8);
		h_run(h);
		query(h, 0, i % 8, CDNA_DIR_TX, &info);
		assert_int_equal(info.state, CDNA_QUEUE_RUNNING);
		assert_int_equal(fw_le32(info.prod), 1);
		assert_int_equal(fw_le32(info.cons), 1);
		assert_int_equal(fw_le32(info.next_seq), 0xfff1);
		assert_int_equal(h_queue_create(h, 0, i % 8, CDNA_DIR_TX,
						&spec), CDNA_SC_EXISTS);
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, i % 8, CDNA_DIR_TX,
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
	h_cmd(&cmd, CDNA_CMD_QUEUE_CREATE, 0);
	cmd.queue.size_log2 = 8;
	cmd.queue.ring.addr = fw_to_le64(addr);
	cmd.queue.ring.pages = fw_to_le16(1);
	cmd.queue.ring.flags = fw_to_le16(CDNA_RING_PAGE_LIST);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_BAD_PARAM);
	assert_int_equal(fw_le16(done.detail), 24);
	cmd.queue.ring.pages = fw_to_le16(2);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_BAD_PARAM);
	cmd.queue.ring.pages = fw_to_le16(1);
	cmd.queue.ring.addr = fw_to_le64(0x7000);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_DMA_ERROR);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_QUERY, 0, 0,
				    CDNA_DIR_TX, NULL), CDNA_SC_NOT_FOUND);
	/* A receive queue without completion ring is none. */
	cmd.queue.dir = CDNA_DIR_RX;
	memset(&cmd.queue.ring, 0, sizeof(cmd.queue.ring));
	cmd.queue.ring.addr = fw_to_le64(FAKE_CTX_BUS(0));
	cmd.queue.completions.addr = fw_to_le64(8);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_BAD_PARAM);
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
	h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
	h->board->traced = 0;
	h->board->tracing = true;
	h_queue_create(h, 0, 0, CDNA_DIR_TX, &spec);
	assert_true(traced_at(h, h->cons, 2048) <
		    traced_at(h, h->acq.addr, 1024));
	h_host_cons(h, 0, 0, &tx, &rx);
	assert_int_equal(tx, 0);
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
	/* A new queue in its place works. */
	h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
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
	h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
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

TEST_MAIN(
	TEST(created_in_every_shape),
	TEST(page_lists_are_checked),
	TEST(new_queue_clears_the_host_table),
	TEST(fault_stops_one_ring_alone),
	TEST(destroyed_in_the_middle_of_a_segmentation),
)
