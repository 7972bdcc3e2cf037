/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of virtio queues: context 0 with queue pair 0 of these, and plain
 * frames to and from the wire.
 */
#ifndef VIRTIO_BED_H
#define VIRTIO_BED_H

#include "net.h"

static struct h_vrx vrx;

#define VIRTIO(...) \
	(&(struct h_ring_spec){ .format = CDNA_FORMAT_VIRTIO, \
				.page_list = true, __VA_ARGS__ })

static inline struct h_queue *virtio_queue(u32 dir)
{
	return &h->ctx[0].qp[0].queue[dir];
}

static inline const struct fw_queue *virtio_fw(u32 dir)
{
	return &h->nic->ctx[0].qp[0].queue[dir];
}

static inline u16 virtio_idx(u32 dir)
{
	return h_used_idx(h, &virtio_queue(dir)->used);
}

/* Make a queue, the context too if it is the first. */
static inline void virtio_up(u32 dir, const struct h_ring_spec *spec)
{
	if (h->nic->ctx[0].state != CDNA_CTX_ACTIVE)
		h_ctx_up(h, 0);
	assert_int_equal(h_queue_create(h, 0, 0, dir, spec), 0);
	h_run(h);
}

/* The MTU is 9000 from now on. */
static inline void virtio_jumbo(void)
{
	struct h_config config = { .mtu = 9000 };

	h_free(h);
	h = h_new(&config);
}

/* The only event reports this fault of a queue of context 0. */
static inline void virtio_expect_fault(u32 dir, u32 why, u32 index)
{
	struct cdna_event event[4];

	assert_int_equal(h_events(h, event, 4), 1);
	assert_int_equal(fw_le16(event[0].type), CDNA_EVENT_QUEUE_FAULT);
	assert_int_equal(fw_le16(event[0].context), 0);
	assert_int_equal(event[0].dir, dir);
	assert_int_equal(fw_le16(event[0].reason), why);
	assert_int_equal(fw_le32(event[0].index), index);
	assert_int_equal(virtio_fw(dir)->state, CDNA_QUEUE_FAULTED);
}

/* Transmit */

static inline void virtio_post(u32 len, u32 pieces, u32 fill)
{
	struct h_tx tx = { .data = frame, .len = len, .pieces = pieces };

	frame_plain(frame, net_peer, h->ctx[0].mac, len, fill);
	assert_true(h_tx_post(h, 0, 0, &tx));
}

static inline void virtio_send(u32 len, u32 pieces, u32 fill)
{
	virtio_post(len, pieces, fill);
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
}

static inline void virtio_wire(u32 len, u32 fill)
{
	frame_plain(frame, net_peer, h->ctx[0].mac, len, fill);
	assert_int_equal(fake_wire_next(h->board, seen, sizeof(seen)), len);
	assert_memory_equal(seen, frame, len);
}

/* Exactly so many more transmit chains have been reported. */
static inline void virtio_sent(u32 chains)
{
	u32 len;

	while (chains--) {
		assert_true(h_used_next(h, 0, 0, CDNA_DIR_TX, &len));
		assert_int_equal(len, 0);
	}
	assert_false(h_used_next(h, 0, 0, CDNA_DIR_TX, &len));
}

/* Receive */

/* A chain of @count buffers of @len bytes each */
static inline void virtio_chain(u32 count, u32 len)
{
	u16 each[FW_RING_CACHE];
	u32 i;

	assert_in_range(count, 1, FW_RING_CACHE);
	for (i = 0; i < count; i++)
		each[i] = (u16)len;
	h_chain_post(h, 0, 0, each, count);
	h_ring(h, 0, 0, CDNA_DIR_RX);
}

static inline void virtio_push(u32 len, u32 fill)
{
	frame_plain(frame, h->ctx[0].mac, net_peer, len, fill);
	assert_true(fake_wire_push(h->board, frame, len));
	h_run(h);
}

/* The next frame is that one, in so many chains, with nothing in its header. */
static inline void virtio_gets(u32 len, u32 fill, u32 chains)
{
	struct cdna_virtio_hdr hdr = { .num_buffers = fw_to_le16((u16)chains) };

	frame_plain(frame, h->ctx[0].mac, net_peer, len, fill);
	assert_true(h_vrx_next(h, 0, 0, &vrx));
	assert_int_equal(vrx.len, len);
	assert_memory_equal(vrx.data, frame, len);
	assert_int_equal(vrx.chains, chains);
	assert_memory_equal(&vrx.hdr, &hdr, sizeof(hdr));
}

static inline void virtio_nothing(void)
{
	assert_false(h_vrx_next(h, 0, 0, &vrx));
}

#endif /* VIRTIO_BED_H */
