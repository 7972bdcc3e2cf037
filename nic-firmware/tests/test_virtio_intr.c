// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of queue pairs with a virtio queue: armed without re-arming,
 * moderated as any other.
 */
#include "control.h"
#include "virtio_bed.h"

#define US	1000ull

static void up(void)
{
	virtio_up(CDNA_DIR_TX, VIRTIO());
	virtio_up(CDNA_DIR_RX, VIRTIO());
	assert_int_equal(h_bind(h, 0, 0, 9), 0);
	h_run(h);
	assert_int_equal(msis(h), 0);
}

static void rearm_with(u32 event)
{
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_REARM), event);
	h_run(h);
}

static u32 event_now(void)
{
	struct cdna_qp_status status;

	h_status(h, 0, 0, &status);
	return fw_le32(status.event);
}

static void each_completion_is_news(void **state)
{
	u32 i;

	(void)state;
	up();
	for (i = 0; i < 10; i++) {
		virtio_send(60, 1, i);
		assert_true(h_bit_take(h, 9));
		virtio_chain(1, 200);
		h_run(h);
		assert_false(h_bit_take(h, 9));
		virtio_push(60, i);
		assert_true(h_bit_take(h, 9));
	}
	assert_int_equal(msis(h), 20);
	assert_int_equal(net_stat(0, CDNA_CSTAT_INTERRUPTS), 20);
	/* Nothing is raised for nothing. */
	h_run_for(h, 10000 * US);
	assert_int_equal(msis(h), 20);
	assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
}

/* One virtio queue is enough, whichever it is and whatever the other one is. */
static void one_queue_is_enough(void **state)
{
	struct h_ring_spec other = { .format = CDNA_FORMAT_COMPACT };
	u32 dir, i;

	for (dir = 0; dir < CDNA_NR_DIRS; dir++) {
		virtio_up(dir, VIRTIO());
		assert_int_equal(h_queue_create(h, 0, 0, !dir, &other), 0);
		assert_int_equal(h_bind(h, 0, 0, 9), 0);
		for (i = 1; i < 5; i++) {
			virtio_send(60, 1, i);
			assert_int_equal(msis(h), i);
		}
		/* Once it is gone, the pair is as any other. */
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, dir, NULL);
		if (dir == CDNA_DIR_TX)
			assert_int_equal(h_queue_create(h, 0, 0, dir, &other),
					 0);
		for (i = 0; i < 5; i++)
			virtio_send(60, 1, i);
		assert_int_equal(msis(h), 5);
		h_rearm(h, 0, 0);
		virtio_send(60, 1, i);
		assert_int_equal(msis(h), 6);
		teardown(state);
		setup(state);
	}
}

static void moderated_by_time(void **state)
{
	u64 start;
	u32 i;

	(void)state;
	up();
	assert_int_equal(h_coalesce(h, 0, 0, 50, 0), CDNA_SC_OK);
	for (i = 0; i < 3; i++) {
		h->board->now += 1000 * US;
		start = h->board->now;
		virtio_send(60, 1, 1);
		h->board->now += 20 * US;
		virtio_send(60, 1, 2);
		assert_int_equal(msis(h), i);
		assert_int_equal(fw_nic_deadline(h->nic), start + 50 * US);
		h->board->now = start + 50 * US - 1;
		h_run(h);
		assert_int_equal(msis(h), i);
		h->board->now = start + 50 * US;
		h_run(h);
		assert_int_equal(msis(h), i + 1);
		assert_int_equal(fw_nic_deadline(h->nic), ~0ull);
	}
}

static void moderated_by_count(void **state)
{
	u32 i;

	(void)state;
	up();
	assert_int_equal(h_coalesce(h, 0, 0, 10000, 4), CDNA_SC_OK);
	for (i = 0; i < 23; i++) {
		assert_int_equal(msis(h), i / 4);
		virtio_chain(1, 200);
		if (i % 2)
			virtio_send(60, 1, i);
		else
			virtio_push(60, i);
	}
	assert_int_equal(msis(h), 5);
}

/* The mailbox means nothing: a store there neither delays news nor is news. */
static void a_store_to_rearm_is_ignored(void **state)
{
	u32 i;

	(void)state;
	up();
	assert_int_equal(h_coalesce(h, 0, 0, 50, 0), CDNA_SC_OK);
	virtio_send(60, 1, 1);
	rearm_with(event_now());
	h_run_for(h, 50 * US);
	assert_int_equal(msis(h), 1);
	for (i = 0; i < 100; i++)
		rearm_with(i * 0x9e3779b9u);
	h_run_for(h, 1000 * US);
	assert_int_equal(msis(h), 1);
}

/* An interrupt may be lost with its source: the next source tells again. */
static void another_source_tells_all(void **state)
{
	struct h_config config = { .bitvec_slots = 4 };
	u32 i;

	(void)state;
	h_free(h);
	h = h_new(&config);
	up();
	/* The ring of vectors is full; the last bit waits for room. */
	for (i = 0; i < 5; i++)
		virtio_send(60, 1, i);
	assert_int_equal(msis(h), 4);
	assert_int_equal(h_unbind(h, 0, 0), CDNA_SC_OK);
	assert_int_equal(h_bind(h, 0, 0, 3), CDNA_SC_OK);
	h_bits(h);
	h_run(h);
	assert_true(h_bit_take(h, 3));
}

/* Faults and the end of a quiesced context are reported immediately. */
static void not_moderated(void **state)
{
	(void)state;
	up();
	assert_int_equal(h_coalesce(h, 0, 0, 10000, 4096), CDNA_SC_OK);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 4097);
	h_run(h);
	assert_int_equal(msis(h), 1);
	virtio_chain(1, 200);
	virtio_push(60, 1);
	assert_int_equal(msis(h), 1);
	h_ctx_op(h, CDNA_CMD_CTX_QUIESCE, 0);
	assert_int_equal(msis(h), 2);
	assert_int_equal(virtio_idx(CDNA_DIR_RX), 1);
}

TEST_MAIN(
	NET_TEST(each_completion_is_news),
	NET_TEST(one_queue_is_enough),
	NET_TEST(moderated_by_time),
	NET_TEST(moderated_by_count),
	NET_TEST(a_store_to_rearm_is_ignored),
	NET_TEST(another_source_tells_all),
	NET_TEST(not_moderated),
)
