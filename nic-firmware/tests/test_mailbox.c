// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailboxes: taken through two levels of vectors, acted on only for active
 * contexts and only as far as sequence numbers go (I5).
 */
#include "control.h"

static void store_all(struct h *h, u32 partition, u32 value)
{
	u32 i;

	for (i = 0; i < CDNA_NR_MAILBOXES; i++)
		fake_mbox_store(h->board, partition, i, value);
}

static void expect_ignored(struct h *h, u32 ctx)
{
	u64 before = ctx_stat(h, ctx, CDNA_CSTAT_MAILBOXES_IGNORED);

	fake_mark(h->board, ctx);
	store_all(h, ctx, 1);
	h_run(h);
	assert_int_equal(fake_touched(h->board, ctx), 0);
	assert_int_equal(h->board->level2[ctx], 0);
	assert_int_equal(ctx_stat(h, ctx, CDNA_CSTAT_MAILBOXES_IGNORED),
			 before + CDNA_NR_MAILBOXES);
	h_check(h);
}

static void inactive_contexts_are_ignored(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	expect_ignored(h, 0);
	h_configure(h, 0, 0, 0);
	assert_int_equal(ctx_state(h, 0), CDNA_CTX_CONFIGURED);
	expect_ignored(h, 0);
	h_up(h, 1);
	h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 1);
	assert_int_equal(ctx_state(h, 1), CDNA_CTX_REVOKED);
	expect_ignored(h, 1);
	h_up(h, 2);
	fw_mark_ctx_fault(h->nic, &h->nic->ctx[2], CDNA_FAULT_DMA_STATUS);
	h_run(h);
	assert_int_equal(ctx_state(h, 2), CDNA_CTX_FAULTED);
	expect_ignored(h, 2);
	h_free(h);
}

static void ignored_stores_do_not_wait_for_activation(void **state)
{
	struct fw_desc desc = { .len = 64, .flags = CDNA_DESC_EOP };
	struct h *h = h_new(NULL);

	(void)state;
	h_configure(h, 0, 0, 0);
	store_all(h, 0, 1);
	h_run(h);
	h_activate(h, 0);
	h_qp_up(h, 0, 0, 0, 0);
	desc.addr = h->ctx[0].qp[0].queue[CDNA_DIR_TX].buffer;
	h_post(h, 0, 0, CDNA_DIR_TX, &desc);
	h_run(h);
	assert_int_equal(h_tx_cons(h, 0, 0), 0);
	h_free(h);
}

static void partitions_without_context_are_stray(void **state)
{
	struct h_config config = { .contexts = 4 };
	struct h *h = h_new(&config);
	u32 i;

	(void)state;
	for (i = 4; i < CDNA_MAX_CONTEXTS; i += 25)
		store_all(h, i, 1);
	h_run(h);
	assert_int_equal(nic_stat(h, CDNA_NSTAT_MAILBOXES_STRAY),
			 11 * CDNA_NR_MAILBOXES);
	for (i = 0; i < FW_EVENT_WORDS; i++)
		assert_int_equal(h->board->level1[i], 0);
	h_free(h);
}

static void queues_that_are_not_there_are_ignored(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	store_all(h, 0, 0);
	h_run(h);
	/* 7 queue pairs without queues; re-arming belongs to none of them. */
	assert_int_equal(ctx_stat(h, 0, CDNA_CSTAT_MAILBOXES_IGNORED), 14);
	assert_int_equal(ctx_stat(h, 0, CDNA_CSTAT_MAILBOXES),
			 CDNA_NR_MAILBOXES);
	h_free(h);
}

static void each_mailbox_reaches_its_ring(void **state)
{
	struct h *h = h_new(NULL);
	u32 qp;

	(void)state;
	h_ctx_up(h, 7);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++) {
		h_qp_up(h, 7, qp, 0, 0);
		h_rx_post(h, 7, qp, qp + 1, 2048);
		h_ring(h, 7, qp, CDNA_DIR_RX);
		send_one(h, 7, qp);
		send_one(h, 7, qp);
	}
	h_run(h);
	for (qp = 0; qp < CDNA_MAX_QPS; qp++) {
		struct fw_queue *queue = h->nic->ctx[7].qp[qp].queue;

		assert_int_equal(queue[CDNA_DIR_TX].ring.cons, 2);
		assert_int_equal(queue[CDNA_DIR_RX].ring.prod, qp + 1);
	}
	h_free(h);
}

/* 5 descriptors sent, 256 slots: values that no honest driver stores */
static void hostile_producers_stop_the_queue(void **state)
{
	static const u32 hostile[] = {
		4, 0, 5 + 257, 0x7fffffff, 0x80000000, 0x80000005, 0xffffffff,
	};
	struct cdna_queue_info info;
	struct h *h = h_new(NULL);
	u32 i, n;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(hostile); i++) {
		h_up(h, i);
		for (n = 0; n < 5; n++)
			send_one(h, i, 0);
		h_run(h);
		fake_mbox_store(h->board, i, CDNA_MBOX(0, CDNA_MBOX_TX_PROD),
				hostile[i]);
		h_run(h);
		h_queue_op(h, CDNA_CMD_QUEUE_QUERY, i, 0, CDNA_DIR_TX, &info);
		assert_int_equal(info.state, CDNA_QUEUE_FAULTED);
		assert_int_equal(info.fault, CDNA_FAULT_TOO_FAR);
		assert_int_equal(fw_le32(info.cons), 5);
		assert_int_equal(fw_le32(info.prod), 5);
		/* The other queue of the pair goes on. */
		h_queue_op(h, CDNA_CMD_QUEUE_QUERY, i, 0, CDNA_DIR_RX, &info);
		assert_int_equal(info.state, CDNA_QUEUE_RUNNING);
		h_check(h);
	}
	assert_int_equal(h->board->sent, 5 * FW_ARRAY_SIZE(hostile));
	h_free(h);
}

/* As far as allowed but not written: the sequence numbers tell. */
static void unwritten_descriptors_are_not_believed(void **state)
{
	struct cdna_queue_info info;
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	send_one(h, 0, 0);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 256);
	h_run(h);
	h_queue_op(h, CDNA_CMD_QUEUE_QUERY, 0, 0, CDNA_DIR_TX, &info);
	assert_int_equal(info.state, CDNA_QUEUE_FAULTED);
	assert_int_equal(info.fault, CDNA_FAULT_SEQUENCE);
	assert_int_equal(fw_le32(info.cons), 1);
	assert_int_equal(h->board->sent, 1);
	h_free(h);
}

static void random_stores_stay_inside(void **state)
{
	struct h *h = h_new(NULL);
	struct prng prng;
	u32 i;

	(void)state;
	prng_seed(&prng, __func__);
	for (i = 0; i < 4; i++)
		h_up(h, i);
	for (i = 0; i < 5000; i++) {
		u32 value = (u32)prng_next(&prng) >> prng_below(&prng, 32);

		fake_mbox_store(h->board, prng_below(&prng, 40),
				prng_below(&prng, CDNA_NR_MAILBOXES), value);
		if (!prng_below(&prng, 3))
			h_step(h);
		if (!(i % 64))
			h_check(h);
	}
	h_run(h);
	h_check(h);
	assert_int_equal(h->board->violations, 0);
	assert_int_equal(h->board->sent, 0);
	h_free(h);
}

static u64 dma_test_block(struct h *h)
{
	u64 addr = fake_alloc(h->board, FW_DMA_HOST,
			      sizeof(struct cdna_dma_test), 64);
	struct cdna_dma_test *block = fake_ptr(h->board, addr);
	u32 page = CDNA_MGMT_PAGE;
	u32 i;

	for (i = 0; i < CDNA_DMA_TEST_BYTES; i++)
		block->in[i] = (u8)(i * 7);
	memset(block->out, 0, sizeof(block->out));
	fake_sram_store(h->board, page + CDNA_MGMT_DMA_TEST_ADDR_LO, (u32)addr);
	fake_sram_store(h->board, page + CDNA_MGMT_DMA_TEST_ADDR_HI,
			(u32)(addr >> 32));
	return addr;
}

static void dma_test_runs_before_enable(void **state)
{
	struct h_config config = { .no_enable = true };
	struct h *h = h_new(&config);
	u64 addr = dma_test_block(h);
	const struct cdna_dma_test *block = fake_ptr(h->board, addr);
	u32 i;

	(void)state;
	mgmt_store(h, CDNA_MGMT_MBOX_DMA_TEST, 0);
	h_run(h);
	assert_int_equal(reg_load(h, CDNA_REG_DMA_TEST), 0);
	/* As at start-up: together with a reset. */
	mgmt_store(h, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_RESET);
	mgmt_store(h, CDNA_MGMT_MBOX_DMA_TEST, 0x1234565a);
	h_run(h);
	assert_int_equal(reg_load(h, CDNA_REG_DMA_TEST), 0x1234565a);
	for (i = 0; i < CDNA_DMA_TEST_BYTES; i++)
		assert_int_equal(block->out[i], (u8)(i * 7) ^ 0x5a);
	fake_hole_add(h->board, addr, 1, true, false);
	mgmt_store(h, CDNA_MGMT_MBOX_DMA_TEST, 1);
	h_run(h);
	assert_int_equal(reg_load(h, CDNA_REG_DMA_TEST), CDNA_DMA_TEST_FAILED);
	fake_holes_clear(h->board);
	fake_hole_add(h->board, addr + 64, 1, false, true);
	mgmt_store(h, CDNA_MGMT_MBOX_DMA_TEST, 2);
	h_run(h);
	assert_int_equal(reg_load(h, CDNA_REG_DMA_TEST), CDNA_DMA_TEST_FAILED);
	h_free(h);
}

static void irq_test_raises_only_what_exists(void **state)
{
	struct h_config config = { .no_enable = true };
	struct h *h = h_new(&config);
	u32 i;

	(void)state;
	for (i = 0; i < CDNA_NR_VECTORS; i++) {
		mgmt_store(h, CDNA_MGMT_MBOX_IRQ_TEST, i);
		h_run(h);
		assert_int_equal(h->board->raised[i], 1);
	}
	mgmt_store(h, CDNA_MGMT_MBOX_IRQ_TEST, CDNA_NR_VECTORS);
	h_run(h);
	mgmt_store(h, CDNA_MGMT_MBOX_IRQ_TEST, 0xffffffff);
	h_run(h);
	assert_int_equal(h->board->raised[0] + h->board->raised[1], 2);
	h_free(h);
}

static void management_mailboxes_without_meaning(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 0);
	for (i = CDNA_MGMT_MBOX_IRQ_TEST + 1; i < CDNA_NR_MAILBOXES; i++)
		mgmt_store(h, i, 0xffffffff);
	mgmt_store(h, CDNA_MGMT_MBOX_CONTROL, ~(u32)(CDNA_CONTROL_RESET |
						     CDNA_CONTROL_ENABLE));
	h_run(h);
	assert_int_equal(ctx_state(h, 0), CDNA_CTX_ACTIVE);
	send_one(h, 0, 0);
	h_run(h);
	assert_int_equal(h->board->sent, 1);
	h_free(h);
}

TEST_MAIN(
	TEST(inactive_contexts_are_ignored),
	TEST(ignored_stores_do_not_wait_for_activation),
	TEST(partitions_without_context_are_stray),
	TEST(queues_that_are_not_there_are_ignored),
	TEST(each_mailbox_reaches_its_ring),
	TEST(hostile_producers_stop_the_queue),
	TEST(unwritten_descriptors_are_not_believed),
	TEST(random_stores_stay_inside),
	TEST(dma_test_runs_before_enable),
	TEST(irq_test_raises_only_what_exists),
	TEST(management_mailboxes_without_meaning),
)
