// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive-side scaling: queues get what the table says.
 */
#include "rss_bed.h"

static void push(const struct known *from, u8 proto)
{
	u32 len = build(from, proto, false, 0);

	assert_true(fake_wire_push(h->board, frame, len));
	h_run(h);
}

/* Only queue pair @qp has got a frame. */
static void only(u32 qps, u32 qp)
{
	u32 i;

	for (i = 0; i < qps; i++)
		assert_int_equal(h_rx_drain(h, 0, i), i == qp);
}

static void ready(u32 qps)
{
	u32 i;

	up(qps, 0, 256);
	for (i = 0; i < qps; i++)
		h_rx_fill(h, 0, i, 200, 256);
}

static void queues_get_what_the_table_says(void **state)
{
	struct cdna_rss rss = all_of(5);
	u32 i;

	(void)state;
	ready(8);
	rss.other = 7;
	assert_int_equal(h_rss(h, 0, &rss), 0);
	for (i = 0; i < FW_ARRAY_SIZE(known); i++) {
		push(&known[i], 6);
		only(8, known[i].ports % CDNA_RSS_TABLE % 5);
		push(&known[i], 50);
		only(8, known[i].addresses % CDNA_RSS_TABLE % 5);
	}
	push_plain(60, 0);
	h_run(h);
	only(8, 7);
	/* One flow moves, another stays. */
	rss.table[known[0].ports % CDNA_RSS_TABLE] = 6;
	assert_int_equal(h_rss(h, 0, &rss), 0);
	push(&known[0], 6);
	only(8, 6);
	push(&known[1], 6);
	only(8, known[1].ports % CDNA_RSS_TABLE % 5);
}

/* Whatever is hashed: there is no other queue to choose. */
static void one_queue_gets_all(void **state)
{
	struct cdna_rss rss = all_of(1);
	u32 i;

	(void)state;
	ready(3);
	for (i = 0; i < CDNA_RSS_TABLE; i++)
		rss.table[i] = 2;
	rss.other = 2;
	assert_int_equal(h_rss(h, 0, &rss), 0);
	for (i = 0; i < FW_ARRAY_SIZE(known); i++) {
		push(&known[i], 17);
		only(3, 2);
	}
}

static void a_queue_that_does_not_run_gets_nothing(void **state)
{
	struct cdna_rss rss = all_of(8);
	u32 lost;

	(void)state;
	ready(2);
	rss.other = 4;
	assert_int_equal(h_rss(h, 0, &rss), 0);
	push_plain(60, 0);
	h_run(h);
	only(2, 2);
	lost = 1;
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_QUEUE), lost);
	rss.other = 1;
	assert_int_equal(h_rss(h, 0, &rss), 0);
	push_plain(60, 0);
	h_run(h);
	only(2, 1);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_QUEUE), lost);
}

/* The last of both commands counts, and activation undoes both. */
static void a_spread_ends_it(void **state)
{
	struct cdna_rss rss = all_of(1);
	struct h_ring_spec spec = {
		.format = CDNA_FORMAT_COMPACT, .slots = 256,
	};
	u32 i;

	(void)state;
	ready(2);
	assert_int_equal(h_spread(h, 0, 2), 0);
	push(&known[0], 6);
	only(2, 1);
	assert_int_equal(h_rss(h, 0, &rss), 0);
	push(&known[0], 6);
	only(2, 0);
	assert_int_equal(h_spread(h, 0, 2), 0);
	push(&known[0], 6);
	only(2, 1);
	assert_int_equal(h_rss(h, 0, &rss), 0);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESET, 0), 0);
	assert_int_equal(h_rss(h, 0, &rss), CDNA_SC_BAD_STATE);
	assert_int_equal(h_activate(h, 0), 0);
	for (i = 0; i < 2; i++) {
		assert_int_equal(h_queue_create(h, 0, i, CDNA_DIR_RX, &spec),
				 0);
		h_rx_fill(h, 0, i, 200, 256);
	}
	/* Without a table: all that came to one, by the NIC's own hash, before */
	for (i = 0; i < FW_ARRAY_SIZE(known); i++)
		push(&known[i], 6);
	assert_int_not_equal(h_rx_drain(h, 0, 1), 0);
}

/* It is as it was when the context goes on. */
static void a_pause_does_not_end_it(void **state)
{
	struct cdna_rss rss = all_of(8);

	(void)state;
	ready(8);
	assert_int_equal(h_rss(h, 0, &rss), 0);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0), 0);
	assert_int_equal(h_rss(h, 0, &rss), CDNA_SC_BAD_STATE);
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESUME, 0), 0);
	push(&known[2], 6);
	only(8, known[2].ports % CDNA_RSS_TABLE % 8);
}

/* What is refused has changed nothing: frames come where they did. */
static void what_is_wrong_is_refused(void **state)
{
	struct cdna_rss good = all_of(1);
	struct cdna_rss rss;
	u32 i;

	(void)state;
	ready(2);
	assert_int_equal(h_rss(h, 0, &good), 0);
	for (i = 0; i < CDNA_RSS_TABLE + 6; i++) {
		rss = all_of(2);
		rss.other = 1;
		memset(rss.table, 1, sizeof(rss.table));
		if (i < CDNA_RSS_TABLE)
			rss.table[i] = (u8)(i % 2 ? CDNA_MAX_QPS : 255);
		else if (i < CDNA_RSS_TABLE + 3)
			rss.reserved[i - CDNA_RSS_TABLE] = 1;
		else if (i == CDNA_RSS_TABLE + 3)
			rss.other = CDNA_MAX_QPS;
		else if (i == CDNA_RSS_TABLE + 4)
			rss.types = fw_to_le32(CDNA_RSS_TYPES + 1);
		else
			rss.types = fw_to_le32(0x80000000);
		assert_int_equal(h_rss(h, 0, &rss), CDNA_SC_BAD_PARAM);
		push(&known[0], 6);
		only(2, 0);
	}
	fake_fail_nth(h->board, FW_DMA_HOST, 2);
	rss = all_of(2);
	assert_int_equal(h_rss(h, 0, &rss), CDNA_SC_DMA_ERROR);
	push(&known[0], 6);
	only(2, 0);
}

TEST_MAIN(
	NET_TEST(queues_get_what_the_table_says),
	NET_TEST(one_queue_gets_all),
	NET_TEST(a_queue_that_does_not_run_gets_nothing),
	NET_TEST(a_spread_ends_it),
	NET_TEST(a_pause_does_not_end_it),
	NET_TEST(what_is_wrong_is_refused),
)
