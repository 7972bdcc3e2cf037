// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings that the NIC fills in host memory: nothing unread is overwritten,
 * whatever the indices and whatever the consumer mailbox says (I7).
 */
#include "control.h"

#define SLOTS	8u
#define BYTES	32u

static u64 setup(struct h *h, struct fw_notify *ring, u32 index)
{
	u32 bytes = (u32)sizeof(struct cdna_ring_header) + SLOTS * BYTES;
	u64 addr = fake_alloc(h->board, FW_DMA_HOST, bytes, 64);

	memset(fake_ptr(h->board, addr), 0, bytes);
	fw_notify_setup(ring, addr, SLOTS, BYTES);
	ring->prod = index;
	ring->cons = index;
	return addr;
}

static int push(struct h *h, struct fw_notify *ring, u8 value)
{
	u8 slot[BYTES];

	memset(slot, value, sizeof(slot));
	return fw_notify_push(h->nic, ring, slot);
}

static u32 prod(struct h *h, u64 addr)
{
	const struct cdna_ring_header *header = fake_ptr(h->board, addr);

	return fw_le32(header->prod);
}

static u8 slot_value(struct h *h, u64 addr, u32 index)
{
	const u8 *slots = fake_ptr(h->board, addr);

	return slots[sizeof(struct cdna_ring_header) + index % SLOTS * BYTES];
}

static void fills_and_refuses_when_full(void **state)
{
	struct h *h = h_new(NULL);
	struct fw_notify ring;
	u64 addr = setup(h, &ring, 0);
	u32 i;

	(void)state;
	for (i = 0; i < SLOTS; i++) {
		assert_int_equal(fw_notify_room(&ring), SLOTS - i);
		assert_int_equal(push(h, &ring, (u8)(i + 1)), FW_OK);
		assert_int_equal(prod(h, addr), i + 1);
	}
	assert_int_equal(push(h, &ring, 99), FW_ENOSPC);
	assert_int_equal(prod(h, addr), SLOTS);
	for (i = 0; i < SLOTS; i++)
		assert_int_equal(slot_value(h, addr, i), i + 1);
	fw_notify_consumed(&ring, 3);
	assert_int_equal(fw_notify_room(&ring), 3);
	h_free(h);
}

static void indices_wrap(void **state)
{
	struct h *h = h_new(NULL);
	struct fw_notify ring;
	u64 addr = setup(h, &ring, 0xfffffffd);
	u32 i;

	(void)state;
	for (i = 0; i < SLOTS; i++)
		assert_int_equal(push(h, &ring, (u8)(i + 1)), FW_OK);
	assert_int_equal(push(h, &ring, 99), FW_ENOSPC);
	assert_int_equal(prod(h, addr), 5);
	for (i = 0; i < SLOTS; i++)
		assert_int_equal(slot_value(h, addr, 0xfffffffd + i), i + 1);
	fw_notify_consumed(&ring, 0xffffffff);
	assert_int_equal(fw_notify_room(&ring), 2);
	fw_notify_consumed(&ring, 5);
	assert_int_equal(fw_notify_room(&ring), SLOTS);
	h_free(h);
}

static void consumer_is_bounded(void **state)
{
	static const u32 hostile[] = {
		4, 6 + SLOTS, 0x7fffffff, 0x80000000, 0x80000005, 0xffffffff,
	};
	struct h *h = h_new(NULL);
	struct fw_notify ring;
	u32 i;

	(void)state;
	setup(h, &ring, 0);
	for (i = 0; i < 5; i++)
		push(h, &ring, 1);
	fw_notify_consumed(&ring, 5);
	push(h, &ring, 1);
	/* Between 5 and 6, nothing else is believed. */
	for (i = 0; i < FW_ARRAY_SIZE(hostile); i++) {
		fw_notify_consumed(&ring, hostile[i]);
		assert_int_equal(ring.cons, 5);
	}
	fw_notify_consumed(&ring, 6);
	assert_int_equal(ring.cons, 6);
	h_free(h);
}

static void slot_is_written_before_producer(void **state)
{
	struct h *h = h_new(NULL);
	const struct fake_dma *dma = h->board->trace;
	struct fw_notify ring;
	u64 addr = setup(h, &ring, 0);

	(void)state;
	h->board->traced = 0;
	h->board->tracing = true;
	push(h, &ring, 1);
	assert_int_equal(h->board->traced, 2);
	assert_int_equal(dma[0].addr, addr + sizeof(struct cdna_ring_header));
	assert_int_equal(dma[0].len, BYTES);
	assert_int_equal(dma[1].addr, addr);
	assert_int_equal(dma[1].len, 4);
	assert_true(dma[0].write && dma[1].write);
	assert_int_equal(dma[0].tag, FW_DMA_HOST);
	h_free(h);
}

static void failed_dma_uses_no_slot(void **state)
{
	struct h *h = h_new(NULL);
	struct fw_notify ring;
	u64 addr = setup(h, &ring, 0);
	u32 nth;

	(void)state;
	for (nth = 1; nth <= 2; nth++) {
		fake_fail_nth(h->board, FW_DMA_HOST, nth);
		assert_int_equal(push(h, &ring, 7), FW_EFAULT);
		assert_int_equal(prod(h, addr), 0);
		assert_int_equal(fw_notify_room(&ring), SLOTS);
		assert_int_equal(nic_stat(h, CDNA_NSTAT_HOST_DMA_ERRORS), nth);
	}
	assert_int_equal(push(h, &ring, 8), FW_OK);
	assert_int_equal(prod(h, addr), 1);
	assert_int_equal(slot_value(h, addr, 0), 8);
	h_free(h);
}

static void not_set_up_has_no_room(void **state)
{
	struct h *h = h_new(NULL);
	struct fw_notify ring = { 0 };

	(void)state;
	fw_notify_consumed(&ring, 5);
	assert_int_equal(fw_notify_room(&ring), 0);
	fake_mark(h->board, FW_DMA_HOST);
	assert_int_equal(push(h, &ring, 1), FW_ENOSPC);
	assert_int_equal(fake_touched(h->board, FW_DMA_HOST), 0);
	h_free(h);
}

TEST_MAIN(
	TEST(fills_and_refuses_when_full),
	TEST(indices_wrap),
	TEST(consumer_is_bounded),
	TEST(slot_is_written_before_producer),
	TEST(failed_dma_uses_no_slot),
	TEST(not_set_up_has_no_room),
)
