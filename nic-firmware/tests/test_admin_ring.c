// SPDX-License-Identifier: GPL-2.0-only
/*
 * The admin rings: room for completions, hostile tails, memory that cannot be
 * reached, and what the NIC says of itself.
 */
#include "host/admin.h"
#include "control.h"

static u32 taken(const struct h *h)
{
	return h->nic->admin.sq_head;
}

static void post_query(struct h *h)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_CTX_QUERY, 0);
	h_admin_post(h, &cmd);
}

static void no_command_without_room(void **state)
{
	struct h_config config = { .admin_slots = 4 };
	struct cdna_admin_completion done;
	struct h *h = h_new(&config);
	u32 base, i;

	(void)state;
	base = taken(h);
	for (i = 0; i < 4; i++)
		post_query(h);
	h_run(h);
	assert_int_equal(taken(h), base + 4);
	for (i = 0; i < 4; i++)
		post_query(h);
	h_run(h);
	/* The host has read none of them. */
	assert_int_equal(taken(h), base + 4);
	assert_true(h_admin_poll(h, &done));
	assert_int_equal(fw_le32(done.sq_head), base + 1);
	h_run(h);
	assert_int_equal(taken(h), base + 5);
	for (i = 1; i < 8; i++) {
		assert_true(h_admin_poll(h, &done));
		assert_int_equal(fw_le16(done.status), CDNA_SC_OK);
		h_run(h);
	}
	assert_false(h_admin_poll(h, &done));
	h_free(h);
}

static u16 post_drain(struct h *h, u32 ctx, u32 qp)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_QUEUE_DRAIN, ctx);
	cmd.queue.qp = (u8)qp;
	return h_admin_post(h, &cmd);
}

/* Drains that wait keep their room, and leave one slot for what ends them. */
static void drains_keep_their_room(void **state)
{
	struct h_config config = { .admin_slots = 4 };
	struct cdna_admin_completion done;
	struct h *h = h_new(&config);
	u32 base, i;

	(void)state;
	up_but_stuck(h, 0, 4);
	for (i = 0; i < 3; i++)
		post_drain(h, 0, i);
	h_run(h);
	assert_int_equal(h->nic->admin.pending, 3);
	assert_int_equal(admin_wait(h, post_drain(h, 0, 3), &done),
			 CDNA_SC_NO_SPACE);
	assert_int_equal(h->nic->admin.pending, 3);
	/* One completion that nobody reads, and three that will come: full. */
	base = taken(h);
	post_query(h);
	post_query(h);
	h_run(h);
	assert_int_equal(taken(h), base + 1);
	assert_true(h_admin_poll(h, &done));
	h_run(h);
	assert_int_equal(taken(h), base + 2);
	assert_true(h_admin_poll(h, &done));
	/* The revoke ends them, each with its completion. */
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 0), CDNA_SC_OK);
	assert_int_equal(h->nic->admin.pending, 0);
	h_check(h);
	h_free(h);
}

static void few_commands_in_a_step(void **state)
{
	struct h_config config = { .admin_slots = 256 };
	struct h *h = h_new(&config);
	u32 base, i;

	(void)state;
	base = taken(h);
	for (i = 0; i < 100; i++)
		post_query(h);
	assert_true(h_step(h));
	assert_int_equal(taken(h), base + FW_ADMIN_BATCH);
	h_run(h);
	assert_int_equal(taken(h), base + 100);
	h_free(h);
}

/* A command that takes long does not keep frames waiting for more of them. */
static void one_long_command_in_a_step(void **state)
{
	struct h_config config = { .admin_slots = 256 };
	struct h *h = h_new(&config);
	struct cdna_admin_cmd cmd;
	u32 base, i;

	(void)state;
	h_ctx_up(h, 0);
	base = taken(h);
	h_cmd(&cmd, CDNA_CMD_CTX_RSS, 0);
	cmd.rss.addr = fw_to_le64(h->scratch);
	post_query(h);
	for (i = 0; i < 4; i++)
		h_admin_post(h, &cmd);
	assert_true(h_step(h));
	assert_int_equal(taken(h), base + 2);
	assert_true(h_step(h));
	assert_int_equal(taken(h), base + 3);
	h_free(h);
}

static void rings_wrap(void **state)
{
	struct h_config config = { .admin_slots = 4 };
	struct h *h = h_new(&config);
	struct cdna_ctx_info info;
	u32 i;

	(void)state;
	h->nic->admin.sq_head = 0xfffffff0;
	h->nic->admin.sq_tail = 0xfffffff0;
	h->asq_tail = 0xfffffff0;
	for (i = 0; i < 100; i++)
		assert_int_equal(h_ctx_query(h, 0, &info), CDNA_SC_OK);
	assert_int_equal(taken(h), 0xfffffff0 + 100);
	h_free(h);
}

static void hostile_tails_are_ignored(void **state)
{
	struct h *h = h_new(NULL);
	u32 head = h->asq_tail;
	const u32 hostile[] = {
		head + H_ADMIN_SLOTS + 1, head - 1, head + 0x80000000, head - 2,
		head + 0x7fffffff,
	};
	struct cdna_ctx_info info;
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(hostile); i++) {
		mgmt_store(h, CDNA_MGMT_MBOX_ASQ_TAIL, hostile[i]);
		h_run(h);
		assert_int_equal(taken(h), head);
	}
	assert_int_equal(h_ctx_query(h, 0, &info), CDNA_SC_OK);
	h_free(h);
}

static void hostile_completion_consumer_is_ignored(void **state)
{
	struct h_config config = { .admin_slots = 4 };
	struct h *h = h_new(&config);
	u32 base, i;

	(void)state;
	base = taken(h);
	for (i = 0; i < 4; i++)
		post_query(h);
	h_run(h);
	/* Nor does a tail go back over commands that wait. */
	mgmt_store(h, CDNA_MGMT_MBOX_ASQ_TAIL, h->asq_tail + 2);
	h_run(h);
	mgmt_store(h, CDNA_MGMT_MBOX_ASQ_TAIL, h->asq_tail + 1);
	h_run(h);
	assert_int_equal(h->nic->admin.sq_tail, h->asq_tail + 2);
	mgmt_store(h, CDNA_MGMT_MBOX_ACQ_CONS, h->acq.cons + 5);
	mgmt_store(h, CDNA_MGMT_MBOX_ASQ_TAIL, h->asq_tail + 4);
	h_run(h);
	assert_int_equal(taken(h), base + 4);
	h_free(h);
}

static void recover(struct h *h)
{
	fake_holes_clear(h->board);
	mgmt_store(h, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_RESET);
	h_run(h);
	assert_int_equal(reg_load(h, CDNA_REG_STATUS) & ~CDNA_STATUS_LINK,
			 CDNA_STATUS_READY);
	h_enable(h);
	assert_int_equal(h_set_rings(h), CDNA_SC_OK);
}

/* A NIC that cannot receive a command to stop stops by itself. */
static void unreachable_rings_are_fatal(void **state)
{
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	for (i = 0; i < 2; i++) {
		h_up(h, 0);
		h_rx_fill(h, 0, 0, 8, 2048);
		h_run(h);
		fake_hole_add(h->board, i ? h->acq.addr : h->asq, 4096, true,
			      true);
		post_query(h);
		h_run(h);
		assert_true(reg_load(h, CDNA_REG_STATUS) & CDNA_STATUS_FATAL);
		assert_false(reg_load(h, CDNA_REG_STATUS) &
			     CDNA_STATUS_ENABLED);
		fake_mark(h->board, 0);
		send_one(h, 0, 0);
		/* Enabling alone does not bring it back. */
		mgmt_store(h, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_ENABLE);
		receive_one(h, 0);
		h_step(h);
		h_step(h);
		assert_int_equal(fake_touched(h->board, 0), 0);
		assert_false(reg_load(h, CDNA_REG_STATUS) &
			     CDNA_STATUS_ENABLED);
		fake_wire_clear(h->board);
		assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
		recover(h);
	}
	h_free(h);
}

static void bad_rings_are_not_enabled(void **state)
{
	static const struct {
		u32 offset;
		u32 value;
	} bad[] = {
		{ CDNA_MGMT_ADMIN_SIZE, 0 }, { CDNA_MGMT_ADMIN_SIZE, 2 },
		{ CDNA_MGMT_ADMIN_SIZE, 48 }, { CDNA_MGMT_ADMIN_SIZE, 512 },
		{ CDNA_MGMT_ADMIN_SIZE, 0xffffffff },
		{ CDNA_MGMT_ASQ_BASE_LO, 0x20 },
		{ CDNA_MGMT_ACQ_BASE_LO, 0x41 },
	};
	struct h *h = h_new(NULL);
	u32 page = CDNA_MGMT_PAGE;
	u32 i, good;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(bad); i++) {
		mgmt_store(h, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_RESET);
		h_run(h);
		good = fake_sram_load(h->board, page + bad[i].offset);
		fake_sram_store(h->board, page + bad[i].offset, bad[i].value);
		mgmt_store(h, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_ENABLE);
		h_run(h);
		assert_false(reg_load(h, CDNA_REG_STATUS) &
			     CDNA_STATUS_ENABLED);
		fake_sram_store(h->board, page + bad[i].offset, good);
	}
	mgmt_store(h, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_ENABLE);
	h_run(h);
	assert_true(reg_load(h, CDNA_REG_STATUS) & CDNA_STATUS_ENABLED);
	h_free(h);
}

static void identify_says_what_it_is(void **state)
{
	struct h_config config = { .contexts = 9, .mtu = 9000 };
	struct h *h = h_new(&config);
	const struct cdna_identify *id = fake_ptr(h->board, h->scratch);
	struct cdna_admin_cmd cmd;

	(void)state;
	h_cmd(&cmd, CDNA_CMD_IDENTIFY, 0);
	cmd.identify.addr = fw_to_le64(h->scratch);
	assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_OK);
	assert_int_equal(fw_le32(id->abi), CDNA_ABI_VERSION);
	assert_int_equal(fw_le16(id->contexts), 9);
	assert_int_equal(fw_le16(id->qps), CDNA_MAX_QPS);
	assert_int_equal(fw_le16(id->sources), FW_NR_SOURCES);
	assert_int_equal(fw_le16(id->bitvec_words), FW_NR_SOURCES / 64);
	assert_int_equal(fw_le16(id->mtu), 9000);
	assert_int_equal(fw_le32(id->speed), 10000);
	assert_int_equal(fw_le32(id->fw_bytes), sizeof(struct fw_nic));
	assert_int_equal(fw_le16(id->formats), CDNA_NR_ALL_FORMATS);
	assert_int_equal(id->mac[5], 0xfe);
	assert_int_equal(id->format[0].size, 16);
	assert_int_equal(id->format[0].seq.bits, 16);
	assert_int_equal(id->format[1].size, 32);
	assert_int_equal(id->format[1].seq.bits, 32);
	assert_int_equal(fw_le32(id->format[1].flag_eop), CDNA_DESC_EOP);
	assert_int_equal(id->format[2].id, CDNA_FORMAT_VIRTIO);
	assert_int_equal(fw_le16(id->format[2].max_chain),
			 CDNA_MAX_VIRTIO_CHAIN);
	assert_true(fw_le32(id->offloads) & CDNA_OFFLOAD_RX_CHAINS);
	cmd.identify.addr = fw_to_le64(0x5000);
	assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_DMA_ERROR);
	h_free(h);
}

static void set_rings_once_and_first(void **state)
{
	struct h_config config = { .no_rings = true };
	struct cdna_admin_completion done;
	struct h *h = h_new(&config);
	struct cdna_admin_cmd cmd;
	static const u32 bad[] = { 0, 2, 3, 96, 2048, 0x80000000, 0xffffffff };
	u32 i;

	(void)state;
	assert_int_equal(h_configure(h, 0, 0, 0), CDNA_SC_BAD_STATE);
	h_cmd(&cmd, CDNA_CMD_SET_RINGS, 0);
	cmd.set_rings.bitvec_addr = fw_to_le64(FAKE_HOST_BUS + 0x10000);
	cmd.set_rings.event_addr = fw_to_le64(FAKE_HOST_BUS + 0x20000);
	cmd.set_rings.cons_addr = fw_to_le64(FAKE_HOST_BUS + 0x30000);
	for (i = 0; i < FW_ARRAY_SIZE(bad); i++) {
		cmd.set_rings.bitvec_slots = fw_to_le32(bad[i]);
		cmd.set_rings.event_slots = fw_to_le32(64);
		assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_BAD_PARAM);
		assert_int_equal(fw_le16(done.detail), 32);
		cmd.set_rings.bitvec_slots = fw_to_le32(64);
		cmd.set_rings.event_slots = fw_to_le32(bad[i]);
		assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_BAD_PARAM);
		assert_int_equal(fw_le16(done.detail), 36);
	}
	cmd.set_rings.event_slots = fw_to_le32(64);
	cmd.set_rings.cons_addr = fw_to_le64(0x1000);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_DMA_ERROR);
	cmd.set_rings.cons_addr = fw_to_le64(0xfffffffffffffff8);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_BAD_PARAM);
	assert_int_equal(fw_le16(done.detail), 24);
	cmd.set_rings.cons_addr = fw_to_le64(FAKE_HOST_BUS + 0x30000);
	cmd.set_rings.bitvec_addr = 0;
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_BAD_PARAM);
	assert_int_equal(fw_le16(done.detail), 8);
	assert_int_equal(h_set_rings(h), CDNA_SC_OK);
	assert_int_equal(h_set_rings(h), CDNA_SC_BAD_STATE);
	assert_int_equal(h_configure(h, 0, 0, 0), CDNA_SC_OK);
	h_free(h);
}

static void statistics_are_read(void **state)
{
	struct cdna_admin_completion done;
	u64 value[CDNA_NR_STATS];
	struct cdna_admin_cmd cmd;
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 1);
	send_one(h, 1, 0);
	h_run(h);
	h_read_stats(h, CDNA_STATS_NIC, 0, 0, value);
	assert_int_equal(value[CDNA_NSTAT_WIRE_TX_FRAMES], 1);
	h_read_stats(h, CDNA_STATS_CONTEXT, 1, 0, value);
	assert_int_equal(value[CDNA_CSTAT_TX_FRAMES], 1);
	assert_int_equal(value[CDNA_CSTAT_TX_BYTES], SEND_LEN);
	h_read_stats(h, CDNA_STATS_QP, 1, 0, value);
	assert_int_equal(value[CDNA_QSTAT_TX_DESCS], 1);
	h_read_stats(h, CDNA_STATS_QP, 1, 1, value);
	assert_int_equal(value[CDNA_QSTAT_TX_DESCS], 0);
	h_cmd(&cmd, CDNA_CMD_READ_STATS, 1);
	cmd.stats.addr = fw_to_le64(h->scratch);
	assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_BAD_PARAM);
	assert_int_equal(fw_le16(done.detail), 4);
	cmd.stats.addr = fw_to_le64(0x2000);
	cmd.stats.what = fw_to_le16(CDNA_STATS_QP);
	assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_DMA_ERROR);
	cmd.stats.qp = fw_to_le16(CDNA_MAX_QPS);
	assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_BAD_PARAM);
	h_free(h);
}

TEST_MAIN(
	TEST(no_command_without_room),
	TEST(drains_keep_their_room),
	TEST(few_commands_in_a_step),
	TEST(one_long_command_in_a_step),
	TEST(rings_wrap),
	TEST(hostile_tails_are_ignored),
	TEST(hostile_completion_consumer_is_ignored),
	TEST(unreachable_rings_are_fatal),
	TEST(bad_rings_are_not_enabled),
	TEST(identify_says_what_it_is),
	TEST(set_rings_once_and_first),
	TEST(statistics_are_read),
)
