// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the NIC publishes: to the host, then to the guest, then the interrupt
 * (architecture: a guest never knows more than its host).
 */
#include "control.h"

static void trace(struct h *h)
{
	h->board->traced = 0;
	h->board->tracing = true;
}

static void host_then_guest_then_vector(void **state)
{
	struct h *h = h_new(NULL);
	u32 host, guest, vector;

	(void)state;
	h_up(h, 4);
	trace(h);
	send_one(h, 4, 0);
	h_run(h);
	host = traced_at(h, h->cons, 4096);
	guest = traced_at(h, h->ctx[4].status, 4096);
	vector = traced_at(h, h->bitvec.addr, 4096);
	assert_true(host < guest && guest < vector);
	assert_int_equal(h->board->trace[host].tag, FW_DMA_HOST);
	assert_int_equal(h->board->trace[guest].tag, 4);
	h_free(h);
}

static void indices_and_states(void **state)
{
	struct cdna_qp_status status;
	struct h *h = h_new(NULL);
	u32 event, tx, rx;

	(void)state;
	h_up(h, 1);
	h_run(h);
	h_status(h, 1, 0, &status);
	event = fw_le32(status.event);
	assert_int_equal(fw_le32(status.tx_state), CDNA_QUEUE_RUNNING);
	assert_int_equal(fw_le32(status.rx_state), CDNA_QUEUE_RUNNING);
	h_rx_fill(h, 1, 0, 8, 2048);
	send_one(h, 1, 0);
	send_one(h, 1, 0);
	receive_one(h, 1);
	h_run(h);
	h_status(h, 1, 0, &status);
	assert_int_equal(fw_le32(status.tx_cons), 2);
	assert_int_equal(fw_le32(status.rx_cons), 1);
	assert_int_equal(fw_le32(status.rx_comp_prod), 1);
	assert_true(fw_le32(status.event) > event);
	h_host_cons(h, 1, 0, &tx, &rx);
	assert_int_equal(tx, 2);
	assert_int_equal(rx, 1);
	h_status(h, 1, 1, &status);
	assert_int_equal(fw_le32(status.event), 0);
	h_free(h);
}

static void one_publication_for_a_batch(void **state)
{
	struct cdna_qp_status status;
	struct h *h = h_new(NULL);
	u32 before, i;

	(void)state;
	h_up(h, 0);
	h_run(h);
	h_status(h, 0, 0, &status);
	before = fw_le32(status.event);
	for (i = 0; i < 100; i++)
		send_one(h, 0, 0);
	h_run(h);
	h_status(h, 0, 0, &status);
	assert_int_equal(fw_le32(status.tx_cons), 100);
	assert_in_range(fw_le32(status.event) - before, 1, 3);
	h_free(h);
}

static void quiet_steps_touch_nothing(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	for (i = 0; i < 8; i++)
		h_up(h, i);
	send_one(h, 3, 0);
	h_run(h);
	trace(h);
	for (i = 0; i < 100; i++)
		h_step(h);
	assert_int_equal(h->board->traced, 0);
	h_free(h);
}

static void unreachable_host_table_holds_the_guest(void **state)
{
	struct h *h = h_new(NULL);
	u32 tx, rx;

	(void)state;
	h_up(h, 0);
	h_run(h);
	fake_hole_add(h->board, h->cons, 4096, true, true);
	send_one(h, 0, 0);
	h_run(h);
	assert_int_equal(h_tx_cons(h, 0, 0), 0);
	assert_int_equal(h->board->raised[CDNA_VECTOR_BITVEC], 0);
	fake_holes_clear(h->board);
	h_run(h);
	assert_int_equal(h_tx_cons(h, 0, 0), 1);
	h_host_cons(h, 0, 0, &tx, &rx);
	assert_int_equal(tx, 1);
	assert_int_equal(h->board->raised[CDNA_VECTOR_BITVEC], 1);
	h_free(h);
}

static void unreachable_status_page_stops_the_context(void **state)
{
	struct h *h = h_new(NULL);
	struct cdna_ctx_info info;
	u32 tx, rx;

	(void)state;
	h_up(h, 0);
	h_up(h, 1);
	h_rx_fill(h, 0, 0, 4, 2048);
	h_run(h);
	fake_hole_add(h->board, h->ctx[0].status, 4096, true, true);
	send_one(h, 0, 0);
	h_step(h);
	assert_int_equal(ctx_state(h, 0), CDNA_CTX_FAULTED);
	fake_mark(h->board, 0);
	h_run(h);
	h_step(h);
	assert_int_equal(fake_touched(h->board, 0), 0);
	assert_int_equal(h_ctx_query(h, 0, &info), CDNA_SC_OK);
	assert_int_equal(info.state, CDNA_CTX_FAULTED);
	assert_int_equal(info.fault, CDNA_FAULT_DMA_STATUS);
	/* What was sent was sent: the host may unpin it. */
	h_host_cons(h, 0, 0, &tx, &rx);
	assert_int_equal(tx, 1);
	/* Nothing of it is touched any longer; its neighbour goes on. */
	fake_mark(h->board, 0);
	receive_one(h, 0);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 2);
	send_one(h, 1, 0);
	h_run(h);
	assert_int_equal(fake_touched(h->board, 0), 0);
	assert_int_equal(h_tx_cons(h, 1, 0), 1);
	assert_int_equal(ctx_stat(h, 0, CDNA_CSTAT_FAULT +
				  CDNA_FAULT_DMA_STATUS), 1);
	h_check(h);
	h_free(h);
}

static void faulted_context_recovers(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	fake_hole_add(h->board, h->ctx[0].status, 4096, true, true);
	send_one(h, 0, 0);
	h_run(h);
	assert_int_equal(ctx_state(h, 0), CDNA_CTX_FAULTED);
	fake_holes_clear(h->board);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESET, 0), CDNA_SC_OK);
	h_unbind(h, 0, 0);
	assert_int_equal(h_activate(h, 0), CDNA_SC_OK);
	h_qp_up(h, 0, 0, 0, 0);
	send_one(h, 0, 0);
	h_run(h);
	assert_int_equal(h_tx_cons(h, 0, 0), 1);
	h_check(h);
	h_free(h);
}

TEST_MAIN(
	TEST(host_then_guest_then_vector),
	TEST(indices_and_states),
	TEST(one_publication_for_a_batch),
	TEST(quiet_steps_touch_nothing),
	TEST(unreachable_host_table_holds_the_guest),
	TEST(unreachable_status_page_stops_the_context),
	TEST(faulted_context_recovers),
)
