// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP segmentation that may not be asked for, or that ends half way.
 */
#include "tso_bed.h"

static void bad_requests(void **state)
{
	struct frame_spec arp = { .ethertype = 0x0806, .payload = 3000 };
	struct frame_spec tcp = FRAME_TCP4(.payload = 3000);
	struct frame_spec spec;
	struct h *h = tso_new(1500);
	static struct request r;

	(void)state;
	request_build(&r, tcp, 0);
	refused(h, &r);
	request_build(&r, tcp, 1461);
	refused(h, &r);
	request_build(&r, FRAME_TCP6(.payload = 3000), 1441);
	refused(h, &r);
	request_build(&r, tcp, 65535);
	refused(h, &r);
	request_build(&r, FRAME_UDP4(.payload = 3000), 1000);
	refused(h, &r);
	request_build(&r, FRAME_TCP4(.payload = 0), 1000);
	refused(h, &r);
	request_build(&r, FRAME_TCP4(.payload = 3000, .pad = 1), 1000);
	refused(h, &r);
	request_build(&r, FRAME_TCP4(.payload = 3000,
				     .tcp_flags = FRAME_SYN), 1000);
	refused(h, &r);
	request_build(&r, FRAME_TCP4(.payload = 3000,
				     .tcp_flags = FRAME_RST), 1000);
	refused(h, &r);
	spec = tcp;
	spec.frag = 0x2000;
	request_build(&r, spec, 1000);
	r.info.l4 = 34;
	refused(h, &r);
	request_build(&r, arp, 1000);
	refused(h, &r);
	request_build(&r, tcp, 1000);
	r.info.l4 = 33;
	refused(h, &r);
	/* A length that the frame does not have, and none */
	request_build(&r, tcp, 1000);
	r.frame[17] ^= 1;
	refused(h, &r);
	request_build(&r, tcp, 1000);
	r.frame[16] = 0;
	r.frame[17] = 0;
	refused(h, &r);
	/* More than 64 KiB */
	request_build(&r, FRAME_TCP4(.payload = 65495), 1460);
	memset(r.frame + r.len, 0, 20);
	r.len += 20;
	refused(h, &r);
	h_free(h);
}

/* Only what the queue chose: v4 without v6 and the other way */
static void chosen_by_version(void **state)
{
	static const u32 offloads[] = { CDNA_OFFLOAD_TSO4, CDNA_OFFLOAD_TSO6 };
	static struct request r;
	struct prng prng = { 1 };
	u32 i, k;

	(void)state;
	for (i = 0; i < 2; i++)
		for (k = 0; k < 2; k++) {
			struct h *h = h_new(NULL);
			struct frame_spec spec = {
				.ip = k ? 6 : 4, .proto = 6, .payload = 2000,
			};

			h_ctx_up(h, 0);
			h_qp_up(h, 0, 0, offloads[i], 0);
			request_build(&r, spec, 1000);
			request_post(h, &r, &prng, false);
			h_run(h);
			assert_int_equal(fake_wire_pending(h->board),
					 i == k ? 2 : 0);
			h_free(h);
		}
}

/* The ring stops at the piece that cannot be read; segments before are sent. */
static void dma_error_in_the_middle(void **state)
{
	u32 piece;

	(void)state;
	for (piece = 0; piece < 10; piece++) {
		struct h *h = tso_new(1500);
		struct h_queue *queue = &h->ctx[0].qp[0].queue[0];
		struct frame_spec spec = FRAME_TCP4(.payload = 20000,
						    .partial = true);
		static u8 frame[FRAME_MAX];
		struct h_tx tx = {
			.data = frame, .pieces = 10, .csum_start = 34,
			.flags = CDNA_DESC_TSO | CDNA_DESC_CSUM,
			.csum_offset = 16, .mss = 1000,
		};
		struct cdna_event event;
		u32 sent;

		memcpy(spec.dst, peer, 6);
		h_mac(spec.src, 0);
		tx.len = frame_build(frame, &spec);
		assert_true(h_tx_post(h, 0, 0, &tx));
		h_ring(h, 0, 0, CDNA_DIR_TX);
		fake_hole_add(h->board, queue->buffer + piece * H_PAGE, H_PAGE,
			      true, true);
		h_run(h);
		h_check(h);
		assert_int_equal(h_events(h, &event, 1), 1);
		assert_int_equal(fw_le16(event.reason), CDNA_FAULT_DMA_DATA);
		assert_int_equal(fw_le32(event.index), piece);
		/* 2005.4 bytes a piece, 54 of the first are headers */
		sent = piece ? (piece * 2005 - 54) / 1000 : 0;
		assert_int_equal(h->board->sent, sent);
		assert_int_equal(h_tx_cons(h, 0, 0),
				 sent ? (54 + sent * 1000) / 2005 : 0);
		assert_false(h->nic->ctx[0].qp[0].tso.active);
		h_free(h);
	}
}

/* Destroyed half way: not a byte of the rest is fetched or sent. */
static void destroyed_half_way(void **state)
{
	static const u32 how[] = {
		CDNA_CMD_QUEUE_DESTROY, CDNA_CMD_CTX_REVOKE,
		CDNA_CMD_CTX_RESET, CDNA_CMD_CTX_RELEASE,
	};
	static struct request r;
	struct prng prng = { 3 };
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(how); i++) {
		struct h *h = tso_new(1500);
		u64 sent;

		assert_int_equal(h_limits(h, 0, 1, 0), 0);
		request_build(&r, FRAME_TCP4(.payload = 60000), 1000);
		request_post(h, &r, &prng, false);
		h_run(h);
		assert_true(h->nic->ctx[0].qp[0].tso.active);
		sent = h->board->sent;
		assert_true(sent > 0 && sent < 60);
		if (i)
			assert_int_equal(h_ctx_op(h, how[i], 0), 0);
		else
			assert_int_equal(h_queue_op(h, how[i], 0, 0,
						    CDNA_DIR_TX, NULL), 0);
		fake_mark(h->board, 0);
		h_run_for(h, 2000000000);
		assert_int_equal(h->board->sent, sent);
		assert_int_equal(fake_touched(h->board, 0), 0);
		assert_false(h->nic->ctx[0].qp[0].tso.active);
		h_check(h);
		h_free(h);
	}
}

TEST_MAIN(
	TEST(bad_requests),
	TEST(chosen_by_version),
	TEST(dma_error_in_the_middle),
	TEST(destroyed_half_way),
)
