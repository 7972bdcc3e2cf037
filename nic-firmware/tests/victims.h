/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two contexts that exchange numbered frames with each other and with a peer, while
 * others attack; and what counts as harm done to them.
 */
#ifndef VICTIMS_H
#define VICTIMS_H

#include "test.h"

#define VICTIM		8	/* a context; the other is the next one */
#define VICTIM_SLOTS	1024

/**
 * struct stream - numbered frames from one address to another
 * @src: from
 * @dst: to
 * @sent: frames
 * @next: number of the next one to be received
 * @received: frames
 */
struct stream {
	u8 src[6];
	u8 dst[6];
	u32 sent;
	u32 next;
	u32 received;
};

enum { A_TO_B, B_TO_A, A_TO_WIRE, WIRE_TO_A, NR_STREAMS };

static struct stream streams[NR_STREAMS];
static struct h *h;
static u64 tries, harmful;

static void harm(const char *what)
{
	if (harmful++ < 10)
		print_message("# harmful: %s, after %llu tries\n", what,
			      (unsigned long long)tries);
}

/* Frame number @nr of a stream */
static u32 stream_frame(const struct stream *s, u32 nr, u8 *frame)
{
	u32 len = 60 + nr * 37 % 1400;

	frame_plain(frame, s->dst, s->src, len, nr);
	fw_put_be32(frame + 14, nr);
	return len;
}

/* A frame that says to be of stream @s */
static void stream_check(struct stream *s, const u8 *data, u32 len)
{
	static u8 want[2048];
	u32 nr = fw_get_be32(data + 14);

	if (nr >= s->sent || nr < s->next)
		return harm("a frame that nobody sent, or twice");
	if (stream_frame(s, nr, want) != len || memcmp(want, data, len))
		return harm("a frame with wrong contents");
	s->next = nr + 1;
	s->received++;
}

static bool stream_is(const struct stream *s, const u8 *data, u32 len)
{
	return len >= 18 && !memcmp(data + 6, s->src, 6) &&
	       !memcmp(data, s->dst, 6);
}

/* Whatever leaves with a victim's address is what the victim sent. */
static void wire_sees(void *arg, const u8 *frame, u32 len)
{
	(void)arg;
	if (stream_is(&streams[A_TO_WIRE], frame, len))
		stream_check(&streams[A_TO_WIRE], frame, len);
	else if (len < 14 || !memcmp(frame + 6, streams[A_TO_B].src, 6) ||
		 !memcmp(frame + 6, streams[B_TO_A].src, 6))
		harm("a frame on the wire in a victim's name");
}

static void victim_receives(u32 ctx, struct stream *a, struct stream *b)
{
	static struct h_rx rx;

	while (h_rx_next(h, ctx, 0, &rx)) {
		if (stream_is(a, rx.data, rx.len))
			stream_check(a, rx.data, rx.len);
		else if (stream_is(b, rx.data, rx.len))
			stream_check(b, rx.data, rx.len);
	}
	h_rx_fill(h, ctx, 0, h_room(h, ctx, 0, CDNA_DIR_RX), 2048);
	h_rearm(h, ctx, 0);
}

static void victim_sends(u32 ctx, struct stream *s)
{
	static u8 frame[2048];
	struct h_tx tx = { .data = frame };

	tx.len = stream_frame(s, s->sent, frame);
	if (!h_tx_post(h, ctx, 0, &tx))
		return;
	h_ring(h, ctx, 0, CDNA_DIR_TX);
	s->sent++;
}

static void victims_send(void)
{
	struct stream *s = &streams[WIRE_TO_A];
	static u8 frame[2048];

	victim_sends(VICTIM, &streams[A_TO_B]);
	victim_sends(VICTIM + 1, &streams[B_TO_A]);
	victim_sends(VICTIM, &streams[A_TO_WIRE]);
	if (fake_wire_push(h->board, frame, stream_frame(s, s->sent, frame)))
		s->sent++;
}

static void victims_up(void)
{
	static const u8 peer[6] = { 2, 0, 0, 0, 0, 0x77 };
	struct h_ring_spec tx = { .format = CDNA_FORMAT_OFFLOAD };
	struct h_ring_spec rx = { .slots = VICTIM_SLOTS };
	u32 i;

	memset(streams, 0, sizeof(streams));
	for (i = VICTIM; i <= VICTIM + 1; i++) {
		h_ctx_up(h, i);
		assert_int_equal(h_queue_create(h, i, 0, 0, &tx), 0);
		assert_int_equal(h_queue_create(h, i, 0, 1, &rx), 0);
		h_rx_fill(h, i, 0, VICTIM_SLOTS, 2048);
	}
	h_mac(streams[A_TO_B].src, VICTIM);
	h_mac(streams[A_TO_B].dst, VICTIM + 1);
	h_mac(streams[B_TO_A].src, VICTIM + 1);
	h_mac(streams[B_TO_A].dst, VICTIM);
	h_mac(streams[A_TO_WIRE].src, VICTIM);
	memcpy(streams[A_TO_WIRE].dst, peer, 6);
	memcpy(streams[WIRE_TO_A].src, peer, 6);
	h_mac(streams[WIRE_TO_A].dst, VICTIM);
	h->board->sink = wire_sees;
}

#endif /* VICTIMS_H */
