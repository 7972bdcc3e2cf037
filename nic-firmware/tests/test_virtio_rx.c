// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive queues of virtio chains: a header, a frame, a whole number of chains.
 */
#include "virtio_bed.h"

#define HDR	((u32)sizeof(struct cdna_virtio_hdr))

static void up(u32 offloads)
{
	virtio_up(CDNA_DIR_RX, VIRTIO(.offloads = offloads,
				      .used_offset = 4092));
}

/* The first @descs descriptors behind @from are as they were posted. */
static void check_untouched(u32 from, u32 descs)
{
	const struct h_queue *queue = virtio_queue(CDNA_DIR_RX);
	const u8 *p;
	u32 i, j;

	for (i = from; i < from + descs; i++) {
		p = fake_ptr(h->board, h_buffer(queue, i, queue->len[i]));
		for (j = 0; j < queue->len[i]; j++)
			assert_int_equal(p[j], 0xee);
	}
}

static void fills_one_chain(void **state)
{
	static const u32 sizes[] = { 14, 60, 61, 1513, 1514 };
	u32 i;

	(void)state;
	up(0);
	for (i = 0; i < FW_ARRAY_SIZE(sizes); i++)
		virtio_chain(1, 1514 + HDR);
	for (i = 0; i < FW_ARRAY_SIZE(sizes); i++) {
		virtio_push(sizes[i], i);
		virtio_gets(sizes[i], i, 1);
	}
	virtio_nothing();
}

/* The header in a buffer of its own, or over several, or with data behind it */
static void header_wherever_it_fits(void **state)
{
	static const u16 first[][3] = {
		{ 12, 2000, 1 }, { 5, 7, 2000 }, { 1, 13, 2000 },
		{ 11, 1, 2000 }, { 10, 10, 2000 },
	};
	u32 i;

	(void)state;
	up(0);
	for (i = 0; i < FW_ARRAY_SIZE(first); i++)
		h_chain_post(h, 0, 0, first[i], 3);
	h_ring(h, 0, 0, CDNA_DIR_RX);
	for (i = 0; i < FW_ARRAY_SIZE(first); i++) {
		virtio_push(1000, i);
		virtio_gets(1000, i, 1);
	}
}

static void chains_of_each_length(void **state)
{
	u32 n;

	(void)state;
	virtio_jumbo();
	up(0);
	for (n = 1; n <= CDNA_MAX_VIRTIO_CHAIN; n++) {
		virtio_chain(n, 220);
		virtio_push(n * 220 - HDR, n);
		virtio_gets(n * 220 - HDR, n, 1);
		assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons,
				 n * (n + 1) / 2);
	}
}

/* What the last chain has and the frame needs not is used all the same. */
static void unused_descriptors_are_consumed(void **state)
{
	u32 i;

	(void)state;
	up(CDNA_OFFLOAD_RX_CHAINS);
	for (i = 0; i < 6; i++)
		virtio_chain(10, 100);
	virtio_push(80, 1);
	virtio_gets(80, 1, 1);
	assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 10);
	check_untouched(1, 9);
	virtio_push(1000 - HDR, 2);
	virtio_gets(1000 - HDR, 2, 1);
	assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 20);
	virtio_push(1000 - HDR + 1, 3);
	virtio_gets(1000 - HDR + 1, 3, 2);
	assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 40);
	check_untouched(31, 9);
	virtio_push(60, 4);
	virtio_gets(60, 4, 1);
	assert_int_equal(h->nic->ctx[0].qp[0].stats[CDNA_QSTAT_RX_DESCS], 50);
	assert_int_equal(h->nic->ctx[0].qp[0].stats[CDNA_QSTAT_RX_FRAMES], 4);
}

static void from_one_buffer_to_many(void **state)
{
	u32 n, i;

	(void)state;
	up(CDNA_OFFLOAD_RX_CHAINS);
	for (n = 2; n <= FW_RING_CACHE; n++) {
		for (i = 0; i < n; i++)
			virtio_chain(1, 23);
		virtio_push(n * 23 - HDR, n);
		virtio_gets(n * 23 - HDR, n, n);
	}
	virtio_nothing();
}

/* Chains of random buffers, frames of any size, all of it compared */
static void random_frames(u32 mtu, u32 buffers)
{
	struct h_queue *queue;
	struct prng prng;
	u16 len[CDNA_MAX_VIRTIO_CHAIN];
	u32 i, n, size, sent;

	prng_seed(&prng, "virtio_rx");
	virtio_up(CDNA_DIR_RX, VIRTIO(.offloads = CDNA_OFFLOAD_RX_CHAINS,
				      .used_slots = 128, .slots = 512,
				      .used_offset = 3000));
	queue = virtio_queue(CDNA_DIR_RX);
	for (sent = 0; sent < 1500; sent++) {
		while (queue->used.posted - queue->used.taken < 64 &&
		       h_room(h, 0, 0, CDNA_DIR_RX) >= 8) {
			n = 1 + prng_below(&prng, 8);
			for (i = 0; i < n; i++)
				len[i] = (u16)(mtu / buffers + 1 +
					       prng_below(&prng, 999));
			h_chain_post(h, 0, 0, len, n);
		}
		h_ring(h, 0, 0, CDNA_DIR_RX);
		size = 14 + prng_below(&prng, mtu + 1);
		virtio_push(size, sent);
		frame_plain(frame, h->ctx[0].mac, net_peer, size, sent);
		assert_true(h_vrx_next(h, 0, 0, &vrx));
		assert_int_equal(vrx.len, size);
		assert_memory_equal(vrx.data, frame, size);
	}
	virtio_nothing();
}

static void fills_random_chains(void **state)
{
	(void)state;
	random_frames(1500, 20);
}

static void fills_random_chains_with_jumbo_frames(void **state)
{
	(void)state;
	virtio_jumbo();
	random_frames(9000, 30);
}

/* Without RX_CHAINS: one chain or none. Its buffers stay. */
static void one_chain_only(void **state)
{
	u32 i;

	(void)state;
	up(0);
	for (i = 0; i < 4; i++)
		virtio_chain(2, 256);
	virtio_push(512 - HDR + 1, 1);
	virtio_nothing();
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 1);
	assert_int_equal(h->nic->ctx[0].qp[0].rx_missed, 1);
	assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 0);
	check_untouched(0, 8);
	virtio_push(512 - HDR, 2);
	virtio_gets(512 - HDR, 2, 1);
	check_untouched(2, 6);
}

/* What is bad behind that chain is of no matter yet. */
static void one_chain_before_a_bad_one(void **state)
{
	struct fw_desc bad = { .addr = FAKE_CTX_BUS(0), .len = 4097 };

	(void)state;
	up(0);
	virtio_chain(2, 256);
	h_post(h, 0, 0, CDNA_DIR_RX, &bad);
	h_ring(h, 0, 0, CDNA_DIR_RX);
	virtio_push(1000, 1);
	virtio_nothing();
	assert_int_equal(virtio_fw(CDNA_DIR_RX)->state, CDNA_QUEUE_RUNNING);
	virtio_push(500, 2);
	virtio_gets(500, 2, 1);
	virtio_push(60, 3);
	virtio_nothing();
	virtio_expect_fault(CDNA_DIR_RX, CDNA_FAULT_LENGTH, 2);
}

static void too_few_chains(void **state)
{
	(void)state;
	up(CDNA_OFFLOAD_RX_CHAINS);
	virtio_push(60, 0);
	virtio_nothing();
	virtio_chain(3, 100);
	virtio_chain(3, 100);
	virtio_push(600 - HDR + 1, 1);
	virtio_nothing();
	check_untouched(0, 6);
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 2);
	virtio_push(600 - HDR, 2);
	virtio_gets(600 - HDR, 2, 2);
}

/* Chains are whole or not there. */
static void a_chain_in_parts(void **state)
{
	static const u16 len[] = { 100, 100, 100 };

	(void)state;
	up(CDNA_OFFLOAD_RX_CHAINS);
	h_chain_post(h, 0, 0, len, 3);
	fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_RX_PROD), 2);
	virtio_push(60, 1);
	virtio_nothing();
	check_untouched(0, 3);
	h_ring(h, 0, 0, CDNA_DIR_RX);
	virtio_push(60, 2);
	virtio_gets(60, 2, 1);
	assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 3);
}

/* The NIC looks at so many descriptors for a frame, and no further. */
static void more_descriptors_than_are_looked_at(void **state)
{
	(void)state;
	up(CDNA_OFFLOAD_RX_CHAINS);
	virtio_chain(40, 20);
	virtio_chain(40, 20);
	virtio_push(800 - HDR + 1, 1);
	virtio_nothing();
	assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 1);
	virtio_push(800 - HDR, 2);
	virtio_gets(800 - HDR, 2, 1);
	assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 40);
}

static void a_chain_too_long(void **state)
{
	u32 n;

	for (n = CDNA_MAX_VIRTIO_CHAIN + 1; n <= FW_RING_CACHE; n += 23) {
		up(CDNA_OFFLOAD_RX_CHAINS);
		virtio_chain(2, 100);
		virtio_chain(n, 100);
		virtio_push(100, 1);
		virtio_gets(100, 1, 1);
		virtio_push(100, 2);
		virtio_nothing();
		virtio_expect_fault(CDNA_DIR_RX, CDNA_FAULT_CHAIN,
				    2 + CDNA_MAX_VIRTIO_CHAIN - 1);
		check_untouched(2, n);
		assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 2);
		teardown(state);
		setup(state);
	}
}

/* Flags count in a receive ring, too. */
static void flags_are_checked(void **state)
{
	static const u16 flags[] = { CDNA_DESC_VLAN, 0x10, 0x8000 };
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(flags); i++) {
		struct fw_desc bad = {
			.addr = FAKE_CTX_BUS(0), .len = 100,
			.flags = flags[i] | CDNA_DESC_EOP,
		};

		up(CDNA_OFFLOAD_RX_CHAINS);
		virtio_chain(1, 100);
		h_post(h, 0, 0, CDNA_DIR_RX, &bad);
		h_ring(h, 0, 0, CDNA_DIR_RX);
		virtio_push(80, 1);
		virtio_gets(80, 1, 1);
		virtio_push(80, 2);
		virtio_expect_fault(CDNA_DIR_RX, CDNA_FAULT_FLAGS, 1);
		teardown(state);
		setup(state);
	}
}

/* The header, or any part of the frame, cannot be written. */
static void buffers_out_of_reach(void **state)
{
	const struct h_queue *queue;
	u32 nth;

	for (nth = 0; nth < 6; nth++) {
		up(CDNA_OFFLOAD_RX_CHAINS);
		queue = virtio_queue(CDNA_DIR_RX);
		virtio_chain(3, 12);
		virtio_chain(3, 300);
		fake_hole_add(h->board, h_buffer(queue, nth, queue->len[nth]),
			      1, false, true);
		virtio_push(12 * 2 + 900, 1);
		virtio_nothing();
		assert_int_equal(virtio_idx(CDNA_DIR_RX), 0);
		virtio_expect_fault(CDNA_DIR_RX, CDNA_FAULT_DMA_DATA, nth);
		assert_int_equal(virtio_fw(CDNA_DIR_RX)->ring.cons, 0);
		assert_int_equal(net_drops(0, CDNA_DROP_RX_NO_BUFFER), 1);
		teardown(state);
		setup(state);
	}
}

/* Chains and completion rings get the same broadcast. */
static void beside_other_formats(void **state)
{
	u32 len, i;

	(void)state;
	net_up(1, 0, 0, 0);
	up(CDNA_OFFLOAD_RX_CHAINS);
	net_up(2, 0, 0, 0);
	for (i = 0; i < 5; i++)
		virtio_chain(1, 64);
	net_push(net_broadcast, NET_UNTAGGED);
	net_gets(1, net_broadcast, net_peer, NET_UNTAGGED);
	net_gets(2, net_broadcast, net_peer, NET_UNTAGGED);
	len = net_frame(frame, net_broadcast, net_peer, NET_UNTAGGED);
	assert_true(h_vrx_next(h, 0, 0, &vrx));
	assert_int_equal(vrx.chains, 2);
	assert_int_equal(vrx.len, len);
	assert_memory_equal(vrx.data, frame, len);
}

/* Withdrawn chains are neither written nor reported. */
static void drained(void **state)
{
	struct cdna_queue_info info;

	(void)state;
	up(CDNA_OFFLOAD_RX_CHAINS);
	virtio_chain(3, 100);
	virtio_chain(3, 100);
	virtio_push(60, 1);
	virtio_gets(60, 1, 1);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0, CDNA_DIR_RX,
				    &info), CDNA_SC_OK);
	assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
	assert_int_equal(fw_le32(info.cons), 3);
	assert_int_equal(fw_le32(info.prod), 6);
	assert_int_equal(fw_le32(info.comp_prod), 0);
	virtio_push(60, 2);
	virtio_nothing();
	check_untouched(3, 3);
}

TEST_MAIN(
	NET_TEST(fills_one_chain),
	NET_TEST(header_wherever_it_fits),
	NET_TEST(chains_of_each_length),
	NET_TEST(unused_descriptors_are_consumed),
	NET_TEST(from_one_buffer_to_many),
	NET_TEST(fills_random_chains),
	NET_TEST(fills_random_chains_with_jumbo_frames),
	NET_TEST(one_chain_only),
	NET_TEST(one_chain_before_a_bad_one),
	NET_TEST(too_few_chains),
	NET_TEST(a_chain_in_parts),
	NET_TEST(more_descriptors_than_are_looked_at),
	NET_TEST(a_chain_too_long),
	NET_TEST(flags_are_checked),
	NET_TEST(buffers_out_of_reach),
	NET_TEST(beside_other_formats),
	NET_TEST(drained),
)
