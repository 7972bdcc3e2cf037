// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NIC as a whole: power-on, reset from any situation, bounded steps,
 * deadlines, the clock and the link.
 */
#include "ctx/context.h"
#include "switch/wire.h"
#include "control.h"

static void configuration_is_bounded(void **state)
{
	static const struct fw_config good = {
		.contexts = 1, .mac = { 2, 0, 0, 0, 0, 1 }, .mtu = 1500,
	};
	struct fake_board *board = fake_new();
	struct fw_nic *nic = malloc(sizeof(*nic));
	struct fw_config config;

	(void)state;
	assert_non_null(nic);
	assert_int_equal(fw_nic_init(nic, &fake_ops, board, &good), FW_OK);
	config = good;
	config.contexts = 0;
	assert_int_equal(fw_nic_init(nic, &fake_ops, board, &config),
			 FW_EINVAL);
	config.contexts = FW_MAX_CONTEXTS + 1;
	assert_int_equal(fw_nic_init(nic, &fake_ops, board, &config),
			 FW_EINVAL);
	config = good;
	config.mtu = CDNA_MIN_MTU - 1;
	assert_int_equal(fw_nic_init(nic, &fake_ops, board, &config),
			 FW_EINVAL);
	config.mtu = CDNA_MAX_MTU + 1;
	assert_int_equal(fw_nic_init(nic, &fake_ops, board, &config),
			 FW_EINVAL);
	config = good;
	config.mac[0] = 3;
	assert_int_equal(fw_nic_init(nic, &fake_ops, board, &config),
			 FW_EINVAL);
	memset(config.mac, 0, 6);
	assert_int_equal(fw_nic_init(nic, &fake_ops, board, &config),
			 FW_EINVAL);
	free(nic);
	fake_free(board);
}

static void registers_say_what_it_is(void **state)
{
	struct h_config config = { .contexts = 7, .no_enable = true };
	struct h *h = h_new(&config);

	(void)state;
	assert_int_equal(reg_load(h, CDNA_REG_ABI), CDNA_ABI_VERSION);
	assert_int_equal(reg_load(h, CDNA_REG_MAGIC), CDNA_MAGIC);
	assert_int_equal(reg_load(h, CDNA_REG_CONTEXTS), 7);
	assert_int_equal(reg_load(h, CDNA_REG_FW_VERSION), FW_VERSION);
	assert_int_equal(reg_load(h, CDNA_REG_BOOT_ID), 1);
	assert_int_equal(reg_load(h, CDNA_REG_DMA_TEST), 0);
	assert_int_equal(reg_load(h, CDNA_REG_STATUS),
			 CDNA_STATUS_READY | CDNA_STATUS_LINK);
	h_enable(h);
	assert_int_equal(reg_load(h, CDNA_REG_STATUS),
			 CDNA_STATUS_READY | CDNA_STATUS_LINK |
			 CDNA_STATUS_ENABLED);
	h->board->link = false;
	h_run(h);
	assert_int_equal(reg_load(h, CDNA_REG_STATUS),
			 CDNA_STATUS_READY | CDNA_STATUS_ENABLED);
	h_free(h);
}

/* Contexts in every state, drains under way, frames everywhere. */
static void make_a_mess(struct h *h)
{
	struct cdna_admin_cmd cmd;
	u32 i;

	up_but_stuck(h, 0, 3);
	h_cmd(&cmd, CDNA_CMD_CTX_QUIESCE, 0);
	h_admin_post(h, &cmd);
	for (i = 1; i < 6; i++)
		h_up(h, i);
	h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 1);
	fw_mark_ctx_fault(h->nic, &h->nic->ctx[2], CDNA_FAULT_DMA_STATUS);
	fw_ctx_service(h->nic);
	h_coalesce(h, 3, 0, 10000, 0);
	h_rx_fill(h, 3, 0, 8, 2048);
	receive_one(h, 3);
	h_run(h);
	for (i = 3; i < 6; i++) {
		send_one(h, i, 0);
		receive_one(h, i);
	}
}

static void expect_power_on(struct h *h)
{
	u32 i;

	for (i = 0; i < FW_MAX_CONTEXTS; i++) {
		assert_int_equal(ctx_state(h, i), CDNA_CTX_FREE);
		assert_int_equal(fake_sram_load(h->board, CDNA_PARTITION(i) +
						CDNA_PARTITION_INFO), 0);
	}
	assert_int_equal(reg_load(h, CDNA_REG_STATUS),
			 CDNA_STATUS_READY | CDNA_STATUS_LINK);
	assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
	assert_int_equal(h->nic->demux.used, 0);
	h_check(h);
}

static void reset_forgets_everything(void **state)
{
	struct h *h = h_new(NULL);
	u32 i, msis;
	u64 sent;

	(void)state;
	for (i = 0; i < 3; i++) {
		make_a_mess(h);
		fake_mark(h->board, FW_DMA_HOST);
		fake_mark(h->board, 3);
		msis = h->board->raised[0] + h->board->raised[1];
		sent = h->board->sent;
		/* Once as the board does it, then by mailbox. */
		if (!i)
			fw_nic_reset(h->nic);
		else
			mgmt_store(h, CDNA_MGMT_MBOX_CONTROL,
				   CDNA_CONTROL_RESET);
		fake_wire_clear(h->board);
		wire_go(h);
		h_run_for(h, 1000000);
		assert_int_equal(fake_touched(h->board, FW_DMA_HOST), 0);
		assert_int_equal(fake_touched(h->board, 3), 0);
		assert_int_equal(h->board->raised[0] + h->board->raised[1],
				 msis);
		assert_int_equal(h->board->sent, sent);
		expect_power_on(h);
		/* And it can be brought up again. */
		fake_alloc_reset(h->board, 0);
		h->ctx[0].status = 0;
		h_enable(h);
		assert_int_equal(h_set_rings(h), CDNA_SC_OK);
	}
	h_up(h, 9);
	send_one(h, 9, 0);
	h_run(h);
	assert_int_equal(h_tx_cons(h, 9, 0), 1);
	h_free(h);
}

static void commands_before_enable_are_not_taken(void **state)
{
	struct h_config config = { .no_enable = true };
	struct h *h = h_new(&config);

	(void)state;
	fake_mark(h->board, FW_DMA_HOST);
	mgmt_store(h, CDNA_MGMT_MBOX_ASQ_TAIL, 4);
	mgmt_store(h, CDNA_MGMT_MBOX_ACQ_CONS, 1);
	mgmt_store(h, CDNA_MGMT_MBOX_EVENT_CONS, 1);
	mgmt_store(h, CDNA_MGMT_MBOX_BITVEC_CONS, 1);
	h_run(h);
	assert_int_equal(fake_touched(h->board, FW_DMA_HOST), 0);
	h_enable(h);
	assert_int_equal(h_set_rings(h), CDNA_SC_OK);
	h_free(h);
}

static void enabling_twice_changes_nothing(void **state)
{
	struct h *h = h_new(NULL);
	struct cdna_ctx_info info;
	u32 i;

	(void)state;
	h_up(h, 0);
	for (i = 0; i < 2 * H_ADMIN_SLOTS; i++)
		h_ctx_query(h, 0, &info);
	mgmt_store(h, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_ENABLE);
	h_run(h);
	assert_int_equal(h->nic->admin.sq_head, h->asq_tail);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0),
			 CDNA_SC_OK);
	h_free(h);
}

static void steps_are_bounded(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h->board->discard = true;
	for (i = 0; i < 8; i++) {
		h_up(h, i);
		h_rx_fill(h, i, 0, 200, 2048);
	}
	h_run(h);
	for (i = 0; i < 8 * 200; i++)
		send_one(h, i % 8, 0);
	for (i = 0; i < 1000; i++)
		receive_one(h, i % 8);
	assert_true(h_step(h));
	assert_in_range(h->board->sent, 1, FW_SCHED_FRAMES);
	assert_in_range(nic_stat(h, CDNA_NSTAT_WIRE_RX_FRAMES), 1,
			FW_RX_BATCH);
	h_run(h);
	assert_int_equal(h->board->sent, 8 * 200);
	h_free(h);
}

static void deadlines(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	h_run(h);
	assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
	/* A busy wire is asked again. */
	wire_stop(h);
	send_one(h, 0, 0);
	h_run(h);
	assert_int_equal(fw_nic_deadline(h->nic),
			 h->board->now + FW_WIRE_RETRY_NS);
	wire_go(h);
	h_run(h);
	assert_int_equal(h->board->sent, 1);
	assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
	h_free(h);
}

static void clock_does_not_run_backwards(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	h_coalesce(h, 0, 0, 100, 0);
	h->board->now = 5000000;
	send_one(h, 0, 0);
	h_run(h);
	h->board->now = 1000;
	h_run(h);
	assert_int_equal(h->board->raised[CDNA_VECTOR_BITVEC], 0);
	assert_int_equal(h->nic->now, 5000000);
	h->board->now = 5100000;
	h_run(h);
	assert_int_equal(h->board->raised[CDNA_VECTOR_BITVEC], 1);
	h_free(h);
}

static void log_is_optional(void **state)
{
	struct h *h = h_new(NULL);
	struct fw_board_ops ops = fake_ops;

	(void)state;
	ops.log = NULL;
	h->nic->ops = &ops;
	mgmt_store(h, CDNA_MGMT_MBOX_ASQ_TAIL, 0xdeadbeef);
	h_run(h);
	h->nic->ops = &fake_ops;
	h_free(h);
}

static void state_fits_the_paper(void **state)
{
	(void)state;
	assert_in_range(sizeof(struct fw_nic) / FW_MAX_CONTEXTS * 32, 1,
			12u << 20);
}

TEST_MAIN(
	TEST(configuration_is_bounded),
	TEST(registers_say_what_it_is),
	TEST(reset_forgets_everything),
	TEST(commands_before_enable_are_not_taken),
	TEST(enabling_twice_changes_nothing),
	TEST(steps_are_bounded),
	TEST(deadlines),
	TEST(clock_does_not_run_backwards),
	TEST(log_is_optional),
	TEST(state_fits_the_paper),
)
