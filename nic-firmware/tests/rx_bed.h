/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of receive: context 0 with receive queues, and plain frames for it.
 */
#ifndef RX_BED_H
#define RX_BED_H

#include "net.h"

static inline void up(u32 qps, u32 offloads, u32 slots)
{
	struct h_ring_spec spec = {
		.format = CDNA_FORMAT_COMPACT, .slots = slots,
		.offloads = offloads, .page_list = true,
	};
	u32 i;

	h_ctx_up(h, 0);
	for (i = 0; i < qps; i++)
		assert_int_equal(h_queue_create(h, 0, i, CDNA_DIR_RX, &spec),
				 0);
}

static inline void push_plain(u32 len, u32 fill)
{
	frame_plain(frame, h->ctx[0].mac, net_peer, len, fill);
	assert_true(fake_wire_push(h->board, frame, len));
}

#endif /* RX_BED_H */
