// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: what they say, and that a full ring loses no fault.
 */
#include "control.h"

#define MAX_EVENTS	64

/* Stop a context's first transmit queue by its mailbox. */
static void fault_queue(struct h *h, u32 ctx)
{
	fake_mbox_store(h->board, ctx, CDNA_MBOX(0, CDNA_MBOX_TX_PROD),
			h->ctx[ctx].qp[0].queue[CDNA_DIR_TX].slots + 1);
	h_run(h);
}

static void queue_fault_says_all(void **state)
{
	struct cdna_event event[MAX_EVENTS];
	struct fw_desc desc = { .len = 64, .flags = CDNA_DESC_EOP };
	struct h *h = h_new(NULL);
	u32 msis;

	(void)state;
	h_ctx_up(h, 5);
	h_qp_up(h, 5, 6, 0, 0);
	h->board->now = 123456789;
	msis = h->board->raised[CDNA_VECTOR_ADMIN];
	desc.addr = h->ctx[5].qp[6].queue[CDNA_DIR_RX].buffer;
	h_desc_write(h, 5, 6, CDNA_DIR_RX, 0, &desc, 0x77);
	fake_mbox_store(h->board, 5, CDNA_MBOX(6, CDNA_MBOX_RX_PROD), 1);
	receive_one(h, 5);
	h_run(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 1);
	assert_int_equal(fw_le16(event[0].type), CDNA_EVENT_QUEUE_FAULT);
	assert_int_equal(fw_le16(event[0].context), 5);
	assert_int_equal(event[0].qp, 6);
	assert_int_equal(event[0].dir, CDNA_DIR_RX);
	assert_int_equal(fw_le16(event[0].reason), CDNA_FAULT_SEQUENCE);
	assert_int_equal(fw_le32(event[0].index), 0);
	assert_int_equal(fw_le32(event[0].expected), 0);
	assert_int_equal(fw_le32(event[0].seen), 0x77);
	assert_int_equal(fw_le64(event[0].time_ns), 123456789);
	assert_int_equal(h->board->raised[CDNA_VECTOR_ADMIN], msis + 1);
	h_free(h);
}

static void both_queues_of_a_pair(void **state)
{
	struct cdna_event event[MAX_EVENTS];
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 0);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD), 999);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_RX_PROD), 999);
	h_run(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 2);
	assert_int_equal(event[0].dir, CDNA_DIR_TX);
	assert_int_equal(event[1].dir, CDNA_DIR_RX);
	h_free(h);
}

static void full_ring_loses_no_fault(void **state)
{
	struct h_config config = { .event_slots = 4 };
	struct cdna_event event[MAX_EVENTS];
	struct h *h = h_new(&config);
	bool seen[10] = { false };
	u32 total = 0;
	u32 n;
	u32 i;

	(void)state;
	for (i = 0; i < 10; i++) {
		h_up(h, i);
		fault_queue(h, i);
	}
	assert_int_equal(nic_stat(h, CDNA_NSTAT_EVENTS), 4);
	assert_int_equal(nic_stat(h, CDNA_NSTAT_EVENTS_DELAYED), 1);
	while ((n = h_events(h, event, MAX_EVENTS))) {
		assert_in_range(n, 1, 4);
		for (i = 0; i < n; i++) {
			u32 ctx = fw_le16(event[i].context);

			assert_int_equal(fw_le16(event[i].reason),
					 CDNA_FAULT_TOO_FAR);
			assert_in_range(ctx, 0, 9);
			assert_false(seen[ctx]);
			seen[ctx] = true;
			total++;
		}
		h_run(h);
	}
	assert_int_equal(total, 10);
	h_free(h);
}

/* A guest that faults and resets immediately does not hide from its host. */
static void fault_outlives_its_queue(void **state)
{
	struct h_ring_spec spec = { .format = CDNA_FORMAT_COMPACT };
	struct h_config config = { .event_slots = 4 };
	struct cdna_event event[MAX_EVENTS];
	struct h *h = h_new(&config);
	u32 i;

	(void)state;
	for (i = 0; i < 5; i++) {
		h_up(h, i);
		fault_queue(h, i);
	}
	assert_int_equal(h_ctx_op(h, CDNA_CMD_CTX_RESET, 4), CDNA_SC_OK);
	assert_int_equal(h_activate(h, 4), CDNA_SC_OK);
	assert_int_equal(h_queue_create(h, 4, 0, CDNA_DIR_TX, &spec),
			 CDNA_SC_OK);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 4);
	h_run(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 1);
	assert_int_equal(fw_le16(event[0].context), 4);
	assert_int_equal(fw_le16(event[0].reason), CDNA_FAULT_TOO_FAR);
	assert_int_equal(fw_le32(event[0].index), 256);
	h_free(h);
}

static void release_forgets(void **state)
{
	struct h_config config = { .event_slots = 4 };
	struct cdna_event event[MAX_EVENTS];
	struct h *h = h_new(&config);
	u32 i;

	(void)state;
	for (i = 0; i < 5; i++) {
		h_up(h, i);
		fault_queue(h, i);
	}
	h_ctx_op(h, CDNA_CMD_CTX_RELEASE, 4);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 4);
	h_run(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 0);
	h_free(h);
}

static void link_changes_are_told(void **state)
{
	struct cdna_event event[MAX_EVENTS];
	struct h *h = h_new(NULL);

	(void)state;
	h->board->link = false;
	h_run(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 1);
	assert_int_equal(fw_le16(event[0].type), CDNA_EVENT_LINK);
	assert_int_equal(fw_le32(event[0].arg), 0);
	h_run(h);
	h->board->link = true;
	h_run(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 1);
	assert_int_equal(fw_le32(event[0].arg), CDNA_LINK_UP);
	/* Told once: the next event is another. */
	h_up(h, 0);
	fault_queue(h, 0);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 1);
	assert_int_equal(fw_le16(event[0].type), CDNA_EVENT_QUEUE_FAULT);
	h_free(h);
}

static void what_came_before_the_ring_is_told(void **state)
{
	struct h_config config = { .no_rings = true };
	struct cdna_event event[MAX_EVENTS];
	struct h *h = h_new(&config);

	(void)state;
	h->board->link = false;
	h_run(h);
	assert_int_equal(h_set_rings(h), CDNA_SC_OK);
	h_run(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 1);
	assert_int_equal(fw_le16(event[0].type), CDNA_EVENT_LINK);
	h_free(h);
}

static void context_fault_is_told(void **state)
{
	struct cdna_event event[MAX_EVENTS];
	struct h *h = h_new(NULL);

	(void)state;
	h_up(h, 2);
	fake_hole_add(h->board, h->ctx[2].status, 4096, true, true);
	send_one(h, 2, 0);
	h_run(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 1);
	assert_int_equal(fw_le16(event[0].type), CDNA_EVENT_CONTEXT_FAULT);
	assert_int_equal(fw_le16(event[0].context), 2);
	assert_int_equal(fw_le16(event[0].reason), CDNA_FAULT_DMA_STATUS);
	h_free(h);
}

static void health_is_told_once(void **state)
{
	struct cdna_event event[MAX_EVENTS];
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 0);
	fake_hole_add(h->board, h->cons, 4096, true, true);
	send_one(h, 0, 0);
	for (i = 0; i < 20; i++)
		h_step(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 1);
	assert_int_equal(fw_le16(event[0].type), CDNA_EVENT_FIRMWARE);
	assert_int_equal(fw_le32(event[0].arg), CDNA_HEALTH_HOST_DMA);
	for (i = 0; i < 20; i++)
		h_step(h);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 0);
	h_free(h);
}

static void unreachable_ring_keeps_events(void **state)
{
	struct cdna_event event[MAX_EVENTS];
	struct h *h = h_new(NULL);
	u32 i;

	(void)state;
	h_up(h, 1);
	fake_hole_add(h->board, h->event.addr, 8192, false, true);
	fault_queue(h, 1);
	assert_int_equal(h_events(h, event, MAX_EVENTS), 0);
	fake_holes_clear(h->board);
	h_run(h);
	for (i = h_events(h, event, MAX_EVENTS); i; i--) {
		if (fw_le16(event[i - 1].type) == CDNA_EVENT_QUEUE_FAULT)
			break;
	}
	assert_true(i > 0);
	assert_int_equal(fw_le16(event[i - 1].context), 1);
	h_free(h);
}

TEST_MAIN(
	TEST(queue_fault_says_all),
	TEST(both_queues_of_a_pair),
	TEST(full_ring_loses_no_fault),
	TEST(fault_outlives_its_queue),
	TEST(release_forgets),
	TEST(link_changes_are_told),
	TEST(what_came_before_the_ring_is_told),
	TEST(context_fault_is_told),
	TEST(health_is_told_once),
	TEST(unreachable_ring_keeps_events),
)
