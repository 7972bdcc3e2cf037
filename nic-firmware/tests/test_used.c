// SPDX-License-Identifier: GPL-2.0-only
/*
 * Used rings: what is written there and in which order, and what happens when
 * they cannot be reached.
 */
#include "control.h"
#include "virtio_bed.h"

#define RING_BYTES(slots)	(4 + 8 * (slots))

/* Nothing but index and entries was written. */
static void check_around(const struct h_used *used)
{
	u32 end = used->offset + RING_BYTES(used->slots);
	u32 pages = (end + H_PAGE - 1) / H_PAGE;
	const u8 *p;
	u32 i;

	for (i = 0; i < pages * H_PAGE; i++) {
		if (i == used->offset + 2)
			i = end;
		if (i == pages * H_PAGE)
			return;
		p = fake_ptr(h->board, used->page[i / H_PAGE] + i % H_PAGE);
		assert_int_equal(*p, 0xee);
	}
}

static void wraps_at(u32 offset, u32 slots, bool list)
{
	struct h_ring_spec spec = {
		.format = CDNA_FORMAT_VIRTIO, .slots = 64,
		.used_offset = offset, .used_slots = slots, .page_list = list,
	};
	u32 i, n;

	virtio_up(CDNA_DIR_TX, &spec);
	for (i = 0; i < 2 * slots + 3; i += n) {
		for (n = 0; n < FW_MIN(slots, 64u); n++)
			virtio_post(60, 1, i + n);
		h_ring(h, 0, 0, CDNA_DIR_TX);
		h_run(h);
		virtio_sent(n);
	}
	assert_int_equal(virtio_idx(CDNA_DIR_TX), i);
	check_around(&virtio_queue(CDNA_DIR_TX)->used);
	fake_wire_clear(h->board);
	h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
}

/* Wherever it is, entries being on two pages or not */
static void wraps_at_every_size(void **state)
{
	static const u32 offsets[] = { 0, 4, 64, 2044, 2052, 4088, 4092 };
	u32 i, slots;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(offsets); i++)
		for (slots = 1; slots <= CDNA_MAX_USED_RING; slots *= 4)
			wraps_at(offsets[i], slots, true);
	wraps_at(4088, 64, false);
	wraps_at(4, CDNA_MAX_USED_RING, false);
}

static void index_wraps_at_65536(void **state)
{
	u32 i;

	(void)state;
	virtio_up(CDNA_DIR_TX, VIRTIO(.used_slots = 256, .used_index = 65500));
	virtio_up(CDNA_DIR_RX, VIRTIO(.used_slots = 16, .used_offset = 4092,
				      .used_index = 65533));
	for (i = 0; i < 100; i++) {
		virtio_send(100, 2, i);
		virtio_sent(1);
		virtio_wire(100, i);
		virtio_chain(2, 80);
		virtio_push(140, i);
		virtio_gets(140, i, 1);
	}
	assert_int_equal(virtio_idx(CDNA_DIR_TX), 65500 + 100 - 65536);
	assert_int_equal(virtio_idx(CDNA_DIR_RX), 65533 + 100 - 65536);
}

/* A queue that comes from elsewhere: nothing is written before something is used. */
static void begins_at_any_index(void **state)
{
	static const u16 first[] = { 0, 1, 63, 64, 0x7fff, 0x8000, 0xffff };
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(first); i++) {
		virtio_up(CDNA_DIR_TX, VIRTIO(.used_index = first[i]));
		virtio_up(CDNA_DIR_RX, VIRTIO(.used_index = first[i]));
		assert_int_equal(virtio_idx(CDNA_DIR_TX), 0);
		assert_int_equal(virtio_idx(CDNA_DIR_RX), 0);
		virtio_send(100, 3, i);
		virtio_sent(1);
		virtio_wire(100, i);
		virtio_chain(1, 200);
		virtio_push(100, i);
		virtio_gets(100, i, 1);
		assert_int_equal(virtio_idx(CDNA_DIR_TX), (u16)(first[i] + 1));
		assert_int_equal(virtio_idx(CDNA_DIR_RX), (u16)(first[i] + 1));
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_RX, NULL);
	}
}

/* A frame of more chains than are left before the ring's end */
static void entries_of_a_frame_wrap(void **state)
{
	u32 i, n;

	(void)state;
	virtio_up(CDNA_DIR_RX, VIRTIO(.offloads = CDNA_OFFLOAD_RX_CHAINS,
				      .used_slots = 32, .used_offset = 4092));
	for (i = 0; i < 50; i++) {
		for (n = 0; n < 19; n++)
			virtio_chain(1, 64);
		virtio_push(19 * 64 - 12, i);
		virtio_gets(19 * 64 - 12, i, 19);
	}
	assert_int_equal(virtio_idx(CDNA_DIR_RX), 50 * 19);
	check_around(&virtio_queue(CDNA_DIR_RX)->used);
}

static u64 entry_addr(u32 dir)
{
	const struct h_used *used = &virtio_queue(dir)->used;

	return used->page[0] + used->offset + sizeof(struct cdna_used_ring);
}

static u64 idx_addr(u32 dir)
{
	const struct h_used *used = &virtio_queue(dir)->used;

	return used->page[0] + used->offset +
	       offsetof(struct cdna_used_ring, idx);
}

/* Data, entry, the host's consumer, index, the status, the interrupt */
static void in_this_order(void **state)
{
	u32 entry, idx, cons, status, vector;
	u32 dir;

	(void)state;
	virtio_up(CDNA_DIR_TX, VIRTIO(.used_offset = 8));
	virtio_up(CDNA_DIR_RX, VIRTIO(.used_offset = 8));
	assert_int_equal(h_bind(h, 0, 0, 0), 0);
	virtio_chain(1, 200);
	virtio_post(100, 1, 1);
	h_run(h);
	h->board->tracing = true;
	for (dir = 0; dir < CDNA_NR_DIRS; dir++) {
		h->board->traced = 0;
		if (dir == CDNA_DIR_TX) {
			h_ring(h, 0, 0, CDNA_DIR_TX);
			h_run(h);
		} else {
			virtio_push(100, 1);
			assert_true(traced_at(h, virtio_queue(dir)->buffer,
					      H_PAGE) <
				    traced_at(h, entry_addr(dir), 8));
		}
		entry = traced_at(h, entry_addr(dir), 8);
		idx = traced_at(h, idx_addr(dir), 2);
		cons = traced_at(h, h->cons, 2048);
		status = traced_at(h, h->ctx[0].status, 64);
		vector = traced_at(h, h->bitvec.addr, 4096);
		assert_true(entry < cons && cons < idx && idx < status &&
			    status < vector);
		assert_int_equal(h->board->trace[entry].tag, 0);
		assert_int_equal(h->board->trace[idx].tag, 0);
	}
}

/* Many entries in a step are one index. */
static void index_once_in_a_step(void **state)
{
	u32 i, n = 0;

	(void)state;
	virtio_up(CDNA_DIR_TX, VIRTIO());
	for (i = 0; i < 20; i++)
		virtio_post(100, 1, i);
	h->board->traced = 0;
	h->board->tracing = true;
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	for (i = 0; i < h->board->traced; i++)
		n += h->board->trace[i].addr == idx_addr(CDNA_DIR_TX);
	assert_int_equal(n, 1);
	virtio_sent(20);
}

/* Context 0 has ended: nothing is written for it any longer. */
static void expect_ended(void)
{
	struct cdna_event event[4];

	assert_int_equal(h->nic->ctx[0].state, CDNA_CTX_FAULTED);
	assert_int_equal(h_events(h, event, 4), 1);
	assert_int_equal(fw_le16(event[0].type), CDNA_EVENT_CONTEXT_FAULT);
	assert_int_equal(fw_le16(event[0].reason), CDNA_FAULT_DMA_STATUS);
	fake_holes_clear(h->board);
	fake_mark(h->board, 0);
	virtio_push(100, 1);
	net_send(1, net_peer, NET_UNTAGGED);
	net_push(h->ctx[1].mac, NET_UNTAGGED);
	net_gets(1, h->ctx[1].mac, net_peer, NET_UNTAGGED);
	assert_int_equal(fake_touched(h->board, 0), 0);
}

enum part { FIRST_WORD, SECOND_WORD, INDEX };

/* The entry is on two pages. */
static void unreachable(u32 dir, enum part part)
{
	const struct h_used *used;
	u64 addr;

	net_up(1, 0, 0, 0);
	virtio_up(CDNA_DIR_TX, VIRTIO(.used_offset = 4088));
	virtio_up(CDNA_DIR_RX, VIRTIO(.used_offset = 4088));
	used = &virtio_queue(dir)->used;
	addr = part == FIRST_WORD ? used->page[0] + 4092 :
	       part == SECOND_WORD ? used->page[1] : used->page[0] + 4090;
	fake_hole_add(h->board, addr, 2, false, true);
	virtio_chain(1, 200);
	if (dir == CDNA_DIR_RX)
		virtio_push(100, 1);
	else
		virtio_send(100, 1, 1);
	assert_int_equal(virtio_idx(dir), 0);
	expect_ended();
}

static void unreachable_parts(void **state)
{
	u32 dir, part;

	for (part = FIRST_WORD; part <= INDEX; part++)
		for (dir = 0; dir < CDNA_NR_DIRS; dir++) {
			unreachable(dir, part);
			teardown(state);
			setup(state);
		}
}

/* Nothing is written there after its end; the next one begins at index 0. */
static void ends_with_its_queue(void **state)
{
	u32 i;

	(void)state;
	for (i = 0; i < 3; i++) {
		virtio_up(CDNA_DIR_TX, VIRTIO());
		virtio_up(CDNA_DIR_RX, VIRTIO());
		virtio_chain(1, 200);
		virtio_send(100, 1, i);
		virtio_wire(100, i);
		virtio_push(100, i);
		virtio_sent(1);
		virtio_gets(100, i, 1);
		virtio_post(100, 1, i);
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_RX, NULL);
		h_ring(h, 0, 0, CDNA_DIR_TX);
		virtio_push(100, i);
		assert_int_equal(virtio_idx(CDNA_DIR_TX), 1);
		assert_int_equal(virtio_idx(CDNA_DIR_RX), 1);
	}
	/* Nor in one of another format that comes after it. */
	assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_TX,
					&(struct h_ring_spec){ 0 }), 0);
	virtio_send(100, 1, 9);
	virtio_wire(100, 9);
	assert_int_equal(h->nic->ctx[0].qp[0].queue[0].used.slots, 0);
}

TEST_MAIN(
	NET_TEST(wraps_at_every_size),
	NET_TEST(index_wraps_at_65536),
	NET_TEST(begins_at_any_index),
	NET_TEST(entries_of_a_frame_wrap),
	NET_TEST(in_this_order),
	NET_TEST(index_once_in_a_step),
	NET_TEST(unreachable_parts),
	NET_TEST(ends_with_its_queue),
)
