// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context's lifecycle: every state by every event against a table of its
 * own, and what each change promises (I6).
 */
#include "ctx/context.h"
#include "control.h"

/*
 * Documentation/abi.rst, "States of a context", written down again. Rows are
 * enum cdna_ctx_state, columns CONFIGURE, ACTIVATE, QUIESCE, RESUME, RESET,
 * fault, REVOKE, RELEASE. The new state: F C A X (faulted) Q R; '-': refused
 * with BAD_STATE; '.': nothing happens, without an error.
 */
static const char expected[CDNA_NR_CTX_STATES][FW_NR_CTX_EVENTS + 1] = {
	"C----.--",	/* FREE */
	"-A--C.RF",	/* CONFIGURED */
	"--Q-CXRF",	/* ACTIVE */
	"----C.RF",	/* FAULTED */
	"-AQACXRF",	/* QUIESCED */
	"-----.RF",	/* REVOKED */
};

static const char state_letter[] = "FCAXQR";

static u32 do_event(struct h *h, u32 ctx, u32 event)
{
	static const u16 opcode[FW_NR_CTX_EVENTS] = {
		[FW_CTX_QUIESCE] = CDNA_CMD_CTX_QUIESCE,
		[FW_CTX_RESUME] = CDNA_CMD_CTX_RESUME,
		[FW_CTX_RESET] = CDNA_CMD_CTX_RESET,
		[FW_CTX_REVOKE] = CDNA_CMD_CTX_REVOKE,
		[FW_CTX_RELEASE] = CDNA_CMD_CTX_RELEASE,
	};

	switch (event) {
	case FW_CTX_CONFIGURE:
		return h_configure(h, ctx, 0, 0);
	case FW_CTX_ACTIVATE:
		return h_activate(h, ctx);
	case FW_CTX_FAULT:
		fw_mark_ctx_fault(h->nic, &h->nic->ctx[ctx],
				  CDNA_FAULT_DMA_STATUS);
		fw_ctx_service(h->nic);
		return CDNA_SC_OK;
	default:
		return h_ctx_op(h, opcode[event], ctx);
	}
}

static void bring_to(struct h *h, u32 ctx, u32 state)
{
	if (state == CDNA_CTX_FREE)
		return;
	h_configure(h, ctx, 0, 0);
	if (state == CDNA_CTX_CONFIGURED)
		return;
	h_activate(h, ctx);
	h_qp_up(h, ctx, 0, 0, 0);
	if (state == CDNA_CTX_FAULTED)
		do_event(h, ctx, FW_CTX_FAULT);
	if (state == CDNA_CTX_QUIESCED)
		do_event(h, ctx, FW_CTX_QUIESCE);
	if (state == CDNA_CTX_REVOKED)
		do_event(h, ctx, FW_CTX_REVOKE);
}

static void check_cell(u32 before, u32 event)
{
	struct cdna_partition_info info;
	struct h *h = h_new(NULL);
	char want = expected[before][event];
	u32 status, after;

	bring_to(h, 1, before);
	assert_int_equal(ctx_state(h, 1), before);
	status = do_event(h, 1, event);
	h_run(h);
	after = ctx_state(h, 1);
	if (want == '-')
		assert_int_equal(status, CDNA_SC_BAD_STATE);
	else
		assert_int_equal(status, CDNA_SC_OK);
	if (want == '-' || want == '.')
		want = state_letter[before];
	assert_int_equal(state_letter[after], want);
	/* What the driver reads is the same, and all of it is consistent. */
	h_partition_info(h, 1, &info);
	assert_int_equal(fw_le32(info.state), after);
	assert_int_equal(fw_le32(info.abi),
			 after == CDNA_CTX_FREE ? 0 : CDNA_ABI_VERSION);
	assert_int_equal(h->nic->pool.owners, after != CDNA_CTX_FREE);
	h_check(h);
	h_free(h);
}

static void every_state_by_every_event(void **state)
{
	u32 before, event;

	(void)state;
	for (before = 0; before < CDNA_NR_CTX_STATES; before++) {
		for (event = 0; event < FW_NR_CTX_EVENTS; event++)
			check_cell(before, event);
	}
}

/* A long random walk keeps to the table too, neighbours undisturbed. */
static void random_walks_keep_to_the_table(void **state)
{
	struct h *h = h_new(NULL);
	u32 at = CDNA_CTX_FREE;
	struct prng prng;
	u32 i, event;
	char want;

	(void)state;
	prng_seed(&prng, __func__);
	h_up(h, 0);
	for (i = 0; i < 3000; i++) {
		event = prng_below(&prng, FW_NR_CTX_EVENTS);
		want = expected[at][event];
		do_event(h, 1, event);
		if (want != '-' && want != '.')
			at = (u32)(strchr(state_letter, want) - state_letter);
		assert_int_equal(ctx_state(h, 1), at);
		if (at == CDNA_CTX_ACTIVE && prng_below(&prng, 2)) {
			fake_alloc_reset(h->board, 1);
			h->ctx[1].status = 0;
			h_ctx_op(h, CDNA_CMD_CTX_RESET, 1);
			h_activate(h, 1);
			h_unbind(h, 1, 0);
			h_qp_up(h, 1, 0, 0, 0);
			send_one(h, 1, 0);
		}
		h_check(h);
	}
	send_one(h, 0, 0);
	h_run(h);
	assert_int_equal(h_tx_cons(h, 0, 0), 1);
	h_free(h);
}

static void post_some(struct h *h, u32 ctx)
{
	u32 i;

	h_rx_fill(h, ctx, 0, 16, 2048);
	for (i = 0; i < 8; i++)
		send_one(h, ctx, 0);
}

/* Nothing reaches the memory of a context that was reset, revoked, released. */
static void no_dma_afterwards(void **state)
{
	static const u32 opcode[] = {
		CDNA_CMD_CTX_RESET, CDNA_CMD_CTX_REVOKE,
		CDNA_CMD_CTX_RELEASE,
	};
	struct h *h;
	u32 i, n;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(opcode); i++) {
		h = h_new(NULL);
		h_up(h, 2);
		wire_stop(h);
		post_some(h, 2);
		h_run(h);
		post_some(h, 2);
		h->board->traced = 0;
		h->board->tracing = true;
		assert_int_equal(h_ctx_op(h, opcode[i], 2), CDNA_SC_OK);
		/* Not even the host hears of it again. */
		for (n = 0; n < h->board->traced; n++)
			assert_false(h->board->trace[n].addr >= h->cons &&
				     h->board->trace[n].addr < h->cons + 2048);
		fake_mark(h->board, 2);
		wire_go(h);
		for (n = 0; n < 4; n++)
			receive_one(h, 2);
		fake_mbox_store(h->board, 2, CDNA_MBOX(0, 0), 99);
		h_run_for(h, 1000000);
		assert_int_equal(fake_touched(h->board, 2), 0);
		/* Frames that waited for the wire went with it. */
		assert_int_equal(h->board->sent, 0);
		h_check(h);
		h_free(h);
	}
}

static void revoke_frees_the_address(void **state)
{
	struct h *h = h_new(NULL);
	struct cdna_admin_cmd cmd;

	(void)state;
	h_up(h, 2);
	h_cmd(&cmd, CDNA_CMD_CTX_CONFIGURE, 3);
	h_mac(cmd.configure.mac, 2);
	assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_EXISTS);
	assert_int_equal(ctx_state(h, 3), CDNA_CTX_FREE);
	h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 2);
	assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_OK);
	/* Releasing the former owner does not take it from the new one. */
	h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 2);
	assert_int_equal(h_configure(h, 2, 0, 0), CDNA_SC_EXISTS);
	h_free(h);
}

static void sources_stay_until_release(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	h_up(h, 1);
	h_ctx_op(h, CDNA_CMD_CTX_REVOKE, 0);
	assert_int_equal(h_bind(h, 1, 1, 0), CDNA_SC_EXISTS);
	h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 0);
	assert_int_equal(h_bind(h, 1, 1, 0), CDNA_SC_OK);
	h_free(h);
}

static void release_leaves_nothing(void **state)
{
	static const u8 second[6] = { 0x02, 1, 2, 3, 4, 5 };
	struct h *h = h_new(NULL);
	struct fw_ctx *ctx = &h->nic->ctx[6];
	u32 i;

	(void)state;
	/* What a former owner's guest still stores is not the next one's. */
	fake_mbox_store(h->board, 6, 0, 1);
	h_run(h);
	assert_int_equal(h_configure(h, 6, 0, CDNA_CTXF_ALLOW_PROMISC), 0);
	assert_int_equal(ctx->stats[CDNA_CSTAT_MAILBOXES], 0);
	assert_int_equal(h_activate(h, 6), 0);
	h_qp_up(h, 6, 0, 0, 0);
	h_mac_op(h, CDNA_CMD_MAC_ADD, 6, second);
	h_vlan_op(h, CDNA_CMD_VLAN_ADD, 6, 100);
	h_filter(h, 6, CDNA_FILTER_FLAGS, NULL);
	h_limits(h, 6, 10, 10);
	h_coalesce(h, 6, 0, 100, 100);
	for (i = 0; i < CDNA_PARTITION_SIZE; i += 4) {
		if (i < CDNA_PARTITION_INFO || i >= CDNA_PARTITION_INFO + 60)
			fake_sram_store(h->board, CDNA_PARTITION(6) + i, ~0u);
	}
	h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 6);
	for (i = 0; i < CDNA_PARTITION_SIZE; i += 4)
		assert_int_equal(fake_sram_load(h->board,
						CDNA_PARTITION(6) + i), 0);
	assert_int_equal(h_configure(h, 6, 0, 0), CDNA_SC_OK);
	assert_int_equal(ctx->nr_macs, 1);
	assert_int_equal(ctx->filter, 0);
	assert_int_equal(ctx->vlans[100 / 64], 0);
	assert_int_equal(ctx->sched.rate.rate, 0);
	assert_int_equal(ctx->qp[0].moderation.usecs, 0);
	assert_int_equal(ctx->stats[CDNA_CSTAT_MAILBOXES], 0);
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_ADD, 0, second),
			 CDNA_SC_BAD_STATE);
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_ADD, 6, second),
			 CDNA_SC_OK);
	h_free(h);
}

static void secondary_addresses(void **state)
{
	u8 mac[6] = { 0x02, 9, 9, 9, 9, 0 };
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 0);
	h_up(h, 1);
	for (i = 1; i < CDNA_MAX_CTX_MACS; i++) {
		mac[5] = (u8)i;
		assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_ADD, 0, mac), 0);
	}
	mac[5] = 200;
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_ADD, 0, mac),
			 CDNA_SC_NO_SPACE);
	mac[5] = 3;
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_ADD, 1, mac),
			 CDNA_SC_EXISTS);
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_DEL, 1, mac),
			 CDNA_SC_NOT_FOUND);
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_DEL, 0, mac),
			 CDNA_SC_OK);
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_DEL, 0, mac),
			 CDNA_SC_NOT_FOUND);
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_ADD, 1, mac),
			 CDNA_SC_OK);
	/* Its own address is its identity. */
	assert_int_equal(h_mac_op(h, CDNA_CMD_MAC_DEL, 0, h->ctx[0].mac),
			 CDNA_SC_BAD_PARAM);
	h_free(h);
}

static void vlans_are_a_set(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_DEL, 0, 4094),
			 CDNA_SC_NOT_FOUND);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 4094),
			 CDNA_SC_OK);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 4094),
			 CDNA_SC_EXISTS);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_DEL, 0, 4094),
			 CDNA_SC_OK);
	h_free(h);
}

static void partition_info_tells_the_driver(void **state)
{
	struct cdna_partition_info info;
	struct h *h = h_new(NULL);
	u8 mac[6];

	(void)state;
	h_mac(mac, 3);
	h_configure(h, 3, 42, 0);
	h_partition_info(h, 3, &info);
	assert_memory_equal(info.mac, mac, 6);
	assert_int_equal(fw_le16(info.access_vlan), 42);
	assert_int_equal(fw_le32(info.mtu), 1500);
	assert_int_equal(fw_le32(info.speed), 10000);
	assert_int_equal(fw_le32(info.link), CDNA_LINK_UP);
	assert_int_equal(fw_le32(info.max_qps), CDNA_MAX_QPS);
	assert_int_equal(fw_le32(info.max_ring), CDNA_MAX_RING);
	h->board->link = false;
	h_run(h);
	h_partition_info(h, 3, &info);
	assert_int_equal(fw_le32(info.link), 0);
	h_partition_info(h, 4, &info);
	assert_int_equal(fw_le32(info.abi), 0);
	h_free(h);
}

static void refused_activation_changes_nothing(void **state)
{
	struct cdna_admin_cmd cmd;
	struct h *h = h_new(NULL);

	(void)state;
	h_configure(h, 0, 0, 0);
	h_cmd(&cmd, CDNA_CMD_CTX_ACTIVATE, 0);
	cmd.activate.status_addr = fw_to_le64(FAKE_CTX_BUS(1));
	assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_DMA_ERROR);
	assert_int_equal(ctx_state(h, 0), CDNA_CTX_CONFIGURED);
	assert_int_equal(h->nic->ctx[0].status_addr, 0);
	h_free(h);
}

TEST_MAIN(
	TEST(every_state_by_every_event),
	TEST(random_walks_keep_to_the_table),
	TEST(no_dma_afterwards),
	TEST(revoke_frees_the_address),
	TEST(sources_stay_until_release),
	TEST(release_leaves_nothing),
	TEST(secondary_addresses),
	TEST(vlans_are_a_set),
	TEST(partition_info_tells_the_driver),
	TEST(refused_activation_changes_nothing),
)
