// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit queues of virtio chains: what is sent, and when a chain is reported to
 * have been used.
 */
#include "control.h"
#include "virtio_bed.h"

static void up(u32 offloads)
{
	virtio_up(CDNA_DIR_TX, VIRTIO(.offloads = offloads,
				      .used_offset = 4092));
}

static void chains_of_each_length(void **state)
{
	const u64 *stats;
	u32 pieces;

	(void)state;
	virtio_jumbo();
	up(0);
	for (pieces = 1; pieces <= CDNA_MAX_VIRTIO_CHAIN; pieces++) {
		virtio_send(pieces * 220, pieces, pieces);
		virtio_wire(pieces * 220, pieces);
		virtio_sent(1);
		virtio_send(60 + pieces, pieces, 1);
		virtio_wire(60 + pieces, 1);
		virtio_sent(1);
	}
	stats = h->nic->ctx[0].qp[0].stats;
	assert_int_equal(stats[CDNA_QSTAT_TX_FRAMES], 80);
	assert_int_equal(stats[CDNA_QSTAT_TX_DESCS], 40 * 41);
}

static void many_in_a_step(void **state)
{
	u32 i;

	(void)state;
	up(0);
	for (i = 0; i < 60; i++)
		virtio_post(100 + i, 1 + i % 4, i);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	virtio_sent(60);
	for (i = 0; i < 60; i++)
		virtio_wire(100 + i, i);
	net_no_wire();
}

/* A chain is used as a whole, and not before all of it was posted. */
static void a_chain_in_parts(void **state)
{
	u32 i;

	(void)state;
	up(0);
	virtio_post(800, CDNA_MAX_VIRTIO_CHAIN, 3);
	for (i = 1; i < CDNA_MAX_VIRTIO_CHAIN; i++) {
		fake_mbox_store(h->board, 0, CDNA_MBOX(0, CDNA_MBOX_TX_PROD),
				i);
		h_run(h);
		net_no_wire();
		virtio_sent(0);
	}
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	virtio_wire(800, 3);
	virtio_sent(1);
}

/* One more than allowed, or without end: what is before it is sent. */
static void a_chain_too_long(void **state)
{
	u32 extra;

	for (extra = 1; extra < 60; extra += 29) {
		up(0);
		virtio_post(100, 3, 5);
		virtio_post(1500, CDNA_MAX_VIRTIO_CHAIN + extra, 6);
		virtio_post(100, 1, 7);
		h_ring(h, 0, 0, CDNA_DIR_TX);
		h_run(h);
		virtio_wire(100, 5);
		net_no_wire();
		virtio_sent(1);
		virtio_expect_fault(CDNA_DIR_TX, CDNA_FAULT_CHAIN,
				    3 + CDNA_MAX_VIRTIO_CHAIN - 1);
		assert_int_equal(virtio_fw(CDNA_DIR_TX)->ring.cons, 3);
		teardown(state);
		setup(state);
	}
}

static void a_chain_without_scatter_gather(void **state)
{
	(void)state;
	virtio_up(CDNA_DIR_TX, VIRTIO(.one_piece = true));
	virtio_post(1514, 1, 5);
	virtio_post(100, 2, 6);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	virtio_wire(1514, 5);
	net_no_wire();
	virtio_sent(1);
	virtio_expect_fault(CDNA_DIR_TX, CDNA_FAULT_CHAIN, 1);
}

/* What was dropped has been used, too: a runt stands for any bad request. */
static void dropped_chains_are_reported(void **state)
{
	struct h_tx bad = { .data = frame, .len = 100, .pieces = 2,
			    .flags = CDNA_DESC_CSUM, .csum_start = 90,
			    .csum_offset = 9 };
	struct fw_desc runt = { .len = 12, .flags = CDNA_DESC_EOP };

	(void)state;
	up(CDNA_OFFLOAD_TX_CSUM);
	runt.addr = virtio_queue(CDNA_DIR_TX)->buffer;
	runt.head = (u16)h_chain_begin(virtio_queue(CDNA_DIR_TX));
	h_post(h, 0, 0, CDNA_DIR_TX, &runt);
	virtio_post(1515, 40, 1);
	virtio_post(65550, 17, 1);
	frame_plain(frame, net_peer, h->ctx[0].mac, 100, 1);
	assert_true(h_tx_post(h, 0, 0, &bad));
	bad.flags = CDNA_DESC_TSO;
	assert_true(h_tx_post(h, 0, 0, &bad));
	virtio_send(100, 1, 2);
	virtio_sent(6);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_RUNT), 1);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_OVERSIZE), 2);
	assert_int_equal(net_drops(0, CDNA_DROP_TX_BAD_OFFLOAD), 2);
	virtio_wire(100, 2);
	net_no_wire();
}

static void a_tag_is_not_inserted(void **state)
{
	static const u16 flags[] = { CDNA_DESC_VLAN, 0x10, 0x8000 };
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(flags); i++) {
		struct h_tx tx = { .data = frame, .len = 100,
				   .flags = flags[i] };

		up(CDNA_OFFLOAD_TX_CSUM);
		virtio_post(100, 1, 2);
		assert_true(h_tx_post(h, 0, 0, &tx));
		h_ring(h, 0, 0, CDNA_DIR_TX);
		h_run(h);
		virtio_wire(100, 2);
		net_no_wire();
		virtio_sent(1);
		virtio_expect_fault(CDNA_DIR_TX, CDNA_FAULT_FLAGS, 1);
		teardown(state);
		setup(state);
	}
}

static void sums(void **state)
{
	struct frame_spec spec = FRAME_UDP6(.payload = 700, .fill = 3,
					    .partial = true);
	struct h_tx tx = { .data = frame, .pieces = 33,
			   .flags = CDNA_DESC_CSUM, .csum_start = 54,
			   .csum_offset = 6 };
	struct frame_info info;

	(void)state;
	up(CDNA_OFFLOAD_TX_CSUM);
	memcpy(spec.dst, net_peer, 6);
	memcpy(spec.src, h->ctx[0].mac, 6);
	tx.len = frame_build(frame, &spec);
	assert_true(h_tx_post(h, 0, 0, &tx));
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	virtio_sent(1);
	assert_int_equal(fake_wire_next(h->board, seen, sizeof(seen)), tx.len);
	frame_parse(seen, tx.len, &info);
	assert_true(info.csum_ok);
	assert_memory_equal(seen + 62, frame + 62, 700);
}

/* Post a segmentation request. Return: its payload bytes */
static u32 post_tso(u32 ip, u32 payload, u32 pieces)
{
	struct frame_spec spec = {
		.ip = (u8)ip, .proto = 6, .payload = payload, .fill = 8,
		.partial = true, .seq = 0xfffff000,
	};
	struct h_tx tx = { .data = frame, .pieces = pieces, .mss = 1000,
			   .flags = CDNA_DESC_TSO | CDNA_DESC_CSUM,
			   .csum_start = ip == 4 ? 34 : 54,
			   .csum_offset = 16 };

	memcpy(spec.dst, net_peer, 6);
	memcpy(spec.src, h->ctx[0].mac, 6);
	tx.len = frame_build(frame, &spec);
	assert_true(h_tx_post(h, 0, 0, &tx));
	return payload;
}

/* Take the next segment. Return: payload bytes up to its end */
static u32 take_segment(u32 done)
{
	struct frame_info info;
	u32 i, len;

	len = fake_wire_next(h->board, seen, sizeof(seen));
	assert_true(len);
	frame_parse(seen, len, &info);
	assert_true(info.csum_ok && info.ip_csum_ok);
	assert_int_equal(info.seq, 0xfffff000 + done);
	for (i = 0; i < info.payload_len; i++)
		assert_int_equal(seen[info.payload + i],
				 frame_byte(8, done + i));
	return done + info.payload_len;
}

static void segments(void **state)
{
	static const u32 pieces[] = { 17, 23, 39, 40 };
	u32 i, ip, len, done;

	(void)state;
	up(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6);
	for (i = 0; i < FW_ARRAY_SIZE(pieces); i++)
		for (ip = 4; ip <= 6; ip += 2) {
			len = post_tso(ip, 64321, pieces[i]);
			h_ring(h, 0, 0, CDNA_DIR_TX);
			h_run(h);
			virtio_sent(1);
			for (done = 0; done < len; )
				done = take_segment(done);
			net_no_wire();
		}
}

/* Not before its last segment is in the NIC, though descriptors are used before */
static void reported_with_the_last_segment(void **state)
{
	struct h_queue *queue;
	u32 len, done = 0;

	(void)state;
	up(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4);
	queue = virtio_queue(CDNA_DIR_TX);
	wire_stop(h);
	len = post_tso(4, 64321, 40);
	while (h_room(h, 0, 0, CDNA_DIR_TX) >= 40)
		post_tso(4, 64321, 40);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	/* As many as wait for the wire are more than the first has. */
	assert_true(h->nic->ctx[0].qp[0].tso.active);
	assert_in_range(virtio_idx(CDNA_DIR_TX), 1, queue->used.posted - 1);
	assert_int_equal(virtio_idx(CDNA_DIR_TX),
			 virtio_fw(CDNA_DIR_TX)->ring.cons / 40);
	assert_true(virtio_fw(CDNA_DIR_TX)->ring.cons % 40);
	wire_go(h);
	h_run(h);
	virtio_sent(queue->used.posted);
	while (done < len)
		done = take_segment(done);
}

/* Used means used: the bytes are in the NIC, and a full wire holds them back. */
static void reported_when_it_is_in_the_nic(void **state)
{
	u32 sent, waits;

	(void)state;
	virtio_up(CDNA_DIR_TX, VIRTIO(.slots = 1024, .used_slots = 512));
	wire_stop(h);
	for (sent = 0; sent < 400; sent++)
		virtio_post(100, 2, sent);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	waits = h->nic->wireq.tail - h->nic->wireq.head;
	assert_in_range(waits, 1, 399);
	virtio_sent(waits);
	memset(fake_ptr(h->board, virtio_queue(CDNA_DIR_TX)->buffer), 0xff,
	       2 * waits * H_PAGE);
	wire_go(h);
	h_run(h);
	virtio_sent(400 - waits);
	for (sent = 0; sent < 400; sent++)
		virtio_wire(100, sent);
}

static void buffers_out_of_reach(void **state)
{
	(void)state;
	up(0);
	virtio_send(100, 1, 1);
	virtio_wire(100, 1);
	fake_hole_add(h->board, virtio_queue(CDNA_DIR_TX)->buffer + 30 * H_PAGE,
		      H_PAGE, true, false);
	virtio_send(1500, CDNA_MAX_VIRTIO_CHAIN, 2);
	net_no_wire();
	virtio_sent(1);
	virtio_expect_fault(CDNA_DIR_TX, CDNA_FAULT_DMA_DATA, 30);
	assert_int_equal(virtio_fw(CDNA_DIR_TX)->ring.cons, 1);
}

/* A drain sends whole chains; one without end is left, and not reported. */
static void drained_with_a_chain_under_way(void **state)
{
	struct fw_desc open = { .len = 100 };
	struct cdna_queue_info info;
	u32 i;

	(void)state;
	up(0);
	for (i = 0; i < 5; i++)
		virtio_post(200, 7, i);
	open.addr = virtio_queue(CDNA_DIR_TX)->buffer;
	open.head = (u16)h_chain_begin(virtio_queue(CDNA_DIR_TX));
	h_post(h, 0, 0, CDNA_DIR_TX, &open);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	assert_int_equal(h_queue_op(h, CDNA_CMD_QUEUE_DRAIN, 0, 0, CDNA_DIR_TX,
				    &info), CDNA_SC_OK);
	assert_int_equal(info.state, CDNA_QUEUE_STOPPED);
	assert_int_equal(fw_le32(info.cons), 35);
	assert_int_equal(fw_le32(info.prod), 36);
	virtio_sent(5);
	for (i = 0; i < 5; i++)
		virtio_wire(200, i);
}

/* Destroyed in the middle of a segmentation: it is not reported. */
static void destroyed_with_a_chain_under_way(void **state)
{
	u16 idx;

	(void)state;
	up(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4);
	wire_stop(h);
	while (h_room(h, 0, 0, CDNA_DIR_TX) >= 40)
		post_tso(4, 64321, 40);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	assert_true(h->nic->ctx[0].qp[0].tso.active);
	idx = virtio_idx(CDNA_DIR_TX);
	h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
	fake_mark(h->board, 0);
	wire_go(h);
	h_run(h);
	assert_int_equal(virtio_idx(CDNA_DIR_TX), idx);
	fake_wire_clear(h->board);
	up(0);
	virtio_send(100, 3, 4);
	virtio_wire(100, 4);
	virtio_sent(1);
}

TEST_MAIN(
	NET_TEST(chains_of_each_length),
	NET_TEST(many_in_a_step),
	NET_TEST(a_chain_in_parts),
	NET_TEST(a_chain_too_long),
	NET_TEST(a_chain_without_scatter_gather),
	NET_TEST(dropped_chains_are_reported),
	NET_TEST(a_tag_is_not_inserted),
	NET_TEST(sums),
	NET_TEST(segments),
	NET_TEST(reported_with_the_last_segment),
	NET_TEST(reported_when_it_is_in_the_nic),
	NET_TEST(buffers_out_of_reach),
	NET_TEST(drained_with_a_chain_under_way),
	NET_TEST(destroyed_with_a_chain_under_way),
)
