// SPDX-License-Identifier: GPL-2.0-only
/*
 * I6: when revoke returns, nothing of that context happens any longer, however
 * much was under way; and the others do not notice. The same for reset,
 * release and a reset of the whole NIC.
 */
#include "test.h"
#include "traffic.h"

#define VICTIM		3
#define OTHER		4
#define LAST_POINT	40

/* The victim sends requests to the wire and to OTHER, and receives. */
static struct h *busy_nic(struct traffic *victim, struct traffic *other)
{
	struct h_ring_spec rx = {
		.format = CDNA_FORMAT_COMPACT, .slots = 256,
		.offloads = H_OFFLOADS_RX,
	};
	struct h *h = h_new(NULL);

	traffic_up(h, victim, VICTIM, TRAFFIC_SUPER);
	traffic_up(h, other, OTHER, 1000);
	assert_int_equal(h_queue_create(h, VICTIM, 0, CDNA_DIR_RX, &rx), 0);
	assert_int_equal(h_queue_create(h, OTHER, 0, CDNA_DIR_RX, &rx), 0);
	h_qp_up(h, VICTIM, 1, H_OFFLOADS_TX, H_OFFLOADS_RX);
	h_coalesce(h, VICTIM, 0, 50, 1000);
	h_rx_fill(h, VICTIM, 0, 256, 2048);
	h_rx_fill(h, VICTIM, 1, 100, 2048);
	h_rx_fill(h, OTHER, 0, 256, 2048);
	return h;
}

static void keep_busy(struct h *h, struct traffic *victim,
		      struct traffic *other)
{
	u8 frame[1000];
	u8 mac[6];

	traffic_refill(h, victim);
	traffic_refill(h, other);
	traffic_from_wire(h, VICTIM, 5, 700);
	if (h->nic->ctx[VICTIM].state == CDNA_CTX_ACTIVE &&
	    h_room(h, VICTIM, 1, CDNA_DIR_TX)) {
		h_mac(mac, OTHER);
		frame_plain(frame, mac, h->ctx[VICTIM].mac, sizeof(frame), 1);
		h_tx_send(h, VICTIM, 1, frame, sizeof(frame));
	}
	/* Slow enough that frames wait for the wire. */
	traffic_pace(h, 4000);
	h->board->now += 7000;
}

static void no_sign_of_the_victim(struct h *h, struct traffic *victim,
				  struct traffic *other)
{
	u64 bytes[256] = { 0 };
	u64 drained[256] = { 0 };
	u32 i;

	fake_mark(h->board, VICTIM);
	h_bits(h);
	memset(h->bits, 0, sizeof(h->bits));
	traffic_sent(h, drained);
	for (i = 0; i < 30; i++) {
		keep_busy(h, victim, other);
		/* The guest goes on as if nothing had happened. */
		fake_mbox_store(h->board, VICTIM, CDNA_MBOX(0, 0), i * 77);
		fake_mbox_store(h->board, VICTIM, CDNA_MBOX(0, 1), i);
		fake_mbox_store(h->board, VICTIM, CDNA_MBOX(1, 2), i);
		h_step(h);
		h_check(h);
		traffic_sent(h, bytes);
	}
	h_run_for(h, 20000000);
	traffic_pace(h, 1u << 20);
	h_run(h);
	traffic_sent(h, bytes);
	h_bits(h);
	assert_int_equal(fake_touched(h->board, VICTIM), 0);
	assert_false(h_bit_take(h, VICTIM * CDNA_MAX_QPS));
	assert_false(h_bit_take(h, VICTIM * CDNA_MAX_QPS + 1));
	assert_int_equal(bytes[VICTIM], 0);
	assert_true(bytes[OTHER] > 30 * 2000);
	assert_int_equal(h->board->violations, 0);
}

/* After each number of steps of traffic, in a run of its own */
static void stop_at_every_point(u32 opcode)
{
	u32 point;
	u32 i;

	for (point = 0; point < LAST_POINT; point++) {
		struct traffic victim;
		struct traffic other;
		struct h *h = busy_nic(&victim, &other);

		for (i = 0; i < point; i++) {
			keep_busy(h, &victim, &other);
			h_step(h);
			h_check(h);
		}
		/* With work at hand that the next step would do */
		keep_busy(h, &victim, &other);
		assert_int_equal(h_ctx_op(h, opcode, VICTIM), CDNA_SC_OK);
		no_sign_of_the_victim(h, &victim, &other);
		h_free(h);
	}
}

static void revoke_stops_all(void **state)
{
	(void)state;
	stop_at_every_point(CDNA_CMD_CTX_REVOKE);
}

static void reset_stops_all(void **state)
{
	(void)state;
	stop_at_every_point(CDNA_CMD_CTX_RESET);
}

static void release_stops_all(void **state)
{
	(void)state;
	stop_at_every_point(CDNA_CMD_CTX_RELEASE);
}

/* A drain under way ends as aborted, before or with the revoke. */
static void revoke_aborts_a_drain(void **state)
{
	struct cdna_admin_completion done;
	struct cdna_admin_cmd cmd;
	struct traffic victim;
	struct traffic other;
	struct h *h = busy_nic(&victim, &other);
	bool aborted = false;
	bool revoked = false;
	u16 drain_tag;
	u16 revoke_tag;
	u32 i;

	(void)state;
	keep_busy(h, &victim, &other);
	h_step(h);
	h_cmd(&cmd, CDNA_CMD_QUEUE_DRAIN, VICTIM);
	drain_tag = h_admin_post(h, &cmd);
	h_step(h);
	assert_false(h_admin_poll(h, &done));
	h_cmd(&cmd, CDNA_CMD_CTX_REVOKE, VICTIM);
	revoke_tag = h_admin_post(h, &cmd);
	for (i = 0; i < 10; i++) {
		h_step(h);
		while (h_admin_poll(h, &done)) {
			if (fw_le16(done.tag) == drain_tag) {
				assert_int_equal(fw_le16(done.status),
						 CDNA_SC_ABORTED);
				aborted = true;
			} else if (fw_le16(done.tag) == revoke_tag) {
				assert_int_equal(fw_le16(done.status),
						 CDNA_SC_OK);
				revoked = true;
			}
		}
	}
	assert_true(aborted && revoked);
	no_sign_of_the_victim(h, &victim, &other);
	h_free(h);
}

/* After quiesce: nothing, wherever it was. */
static void quiesce_stops_all(void **state)
{
	struct cdna_queue_info info;
	struct traffic victim;
	struct traffic other;
	struct h *h = busy_nic(&victim, &other);
	u64 bytes[256] = { 0 };

	(void)state;
	traffic_refill(h, &victim);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, VICTIM),
			 CDNA_SC_OK);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_QUERY, VICTIM, 0,
				    CDNA_DIR_TX, &info), CDNA_SC_OK);
	assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
	assert_int_equal(fw_le32(info.prod),
			 h->ctx[VICTIM].qp[0].queue[0].prod);
	assert_true(fw_le32(info.cons) < fw_le32(info.prod));
	/* The last news may still wait for moderation: it is not lost. */
	h_run_for(h, 1000000);
	traffic_sent(h, bytes);
	no_sign_of_the_victim(h, &victim, &other);
	h_free(h);
}

/* CONTROL_RESET: no DMA at all until the NIC is enabled again. */
static void nic_reset_stops_everything(void **state)
{
	struct traffic victim;
	struct traffic other;
	struct h *h = busy_nic(&victim, &other);
	u32 raised;
	u32 i;

	(void)state;
	for (i = 0; i < 5; i++) {
		keep_busy(h, &victim, &other);
		h_step(h);
	}
	fake_mbox_store(h->board, FW_PARTITION_MGMT, CDNA_MGMT_MBOX_CONTROL,
			CDNA_CONTROL_RESET);
	h_step(h);
	fake_mark(h->board, VICTIM);
	fake_mark(h->board, OTHER);
	fake_mark(h->board, FW_DMA_HOST);
	raised = h->board->raised[0] + h->board->raised[1];
	traffic_from_wire(h, VICTIM, 5, 700);
	fake_mbox_store(h->board, VICTIM, 0, 1234);
	h_run_for(h, 20000000);
	h_check(h);
	assert_int_equal(fake_touched(h->board, VICTIM), 0);
	assert_int_equal(fake_touched(h->board, OTHER), 0);
	assert_int_equal(fake_touched(h->board, FW_DMA_HOST), 0);
	assert_int_equal(h->board->raised[0] + h->board->raised[1], raised);

	/* And it comes up again as if it were new. */
	h_enable(h);
	assert_int_equal(h_set_rings(h), CDNA_SC_OK);
	traffic_up(h, &victim, VICTIM, TRAFFIC_SUPER);
	traffic_refill(h, &victim);
	traffic_pace(h, 1u << 30);
	h_run(h);
	assert_true(fake_wire_pending(h->board) > 1000);
	h_free(h);
}

TEST_MAIN(
	TEST(revoke_stops_all),
	TEST(reset_stops_all),
	TEST(release_stops_all),
	TEST(revoke_aborts_a_drain),
	TEST(quiesce_stops_all),
	TEST(nic_reset_stops_everything),
)
