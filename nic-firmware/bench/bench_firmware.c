// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a frame costs in the core, on the fake board.
 *
 *	bench_firmware [FILE]		tables to stdout, JSON to FILE
 *	bench_firmware --hostile	tables of bench_work.c, bench_hostile.c
 *
 * Timed is fw_nic_step() from the mailbox stores on until the firmware has
 * nothing left to do: mailboxes, descriptors, both copies of each frame
 * (memory to NIC, NIC to wire, and back), status, interrupts. Not timed:
 * posting descriptors, reading completions, filling the wire. All contexts
 * together get the same number of frames at a time, and have the same number
 * of descriptors, each with its buffer: the same memory is touched, and only
 * the number of contexts differs. Machines are noisy: of a run, the median
 * batch counts, and most batches are too short to be interrupted; cases take
 * turns, round after round, and of the rounds the median counts.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "harness.h"

/* All contexts together: in a run, at a time, and in their rings */
#define FRAMES		65536
#define BATCH		1024
#define SLOTS		2048
#define SUPER_FRAMES	2048
#define SUPER_BATCH	64
#define SUPER_SLOTS	4096
#define MAX_BATCHES	64
#define WIRE_STREAMS	32
#define SUPER_PAYLOAD	(BENCH_SUPER_BYTES - 54)
#define MSS		1460

/**
 * struct bench - a case under way
 * @h: the NIC
 * @path: which way frames go
 * @bytes: of a frame; BENCH_SUPER_BYTES: segmentation or aggregation
 * @contexts: that send, or for BENCH_RX that receive
 * @receivers: contexts that need buffers
 * @ns: time in the firmware
 * @frame: a frame of each context
 */
struct bench {
	struct h *h;
	enum bench_path path;
	u32 bytes;
	u32 contexts;
	u32 receivers;
	u64 ns;
	u8 *frame[CDNA_MAX_CONTEXTS];
};

struct bench_result bench_result;

static u64 clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

static bool is_super(const struct bench *b)
{
	return b->bytes == BENCH_SUPER_BYTES;
}

/* Frames of a context at a time */
static u32 batch(const struct bench *b)
{
	return (is_super(b) ? SUPER_BATCH : BATCH) / b->contexts;
}

static u32 slots(const struct bench *b)
{
	return (is_super(b) ? SUPER_SLOTS : SLOTS) / b->contexts;
}

static void queues_up(struct bench *b, u32 ctx)
{
	struct h_ring_spec tx = {
		.format = CDNA_FORMAT_OFFLOAD, .slots = slots(b),
		.offloads = H_OFFLOADS_TX,
	};
	struct h_ring_spec rx = {
		.format = CDNA_FORMAT_COMPACT, .slots = slots(b),
		.offloads = is_super(b) ? CDNA_OFFLOAD_LRO : 0,
	};

	h_ctx_up(b->h, ctx);
	FAKE_CHECK(!h_queue_create(b->h, ctx, 0, CDNA_DIR_TX, &tx));
	FAKE_CHECK(!h_queue_create(b->h, ctx, 0, CDNA_DIR_RX, &rx));
	FAKE_CHECK(!h_bind(b->h, ctx, 0, ctx));
}

/* Frame of context @ctx: to the peer on the wire or to the next context */
static void make_frame(struct bench *b, u32 ctx)
{
	struct frame_spec spec = FRAME_TCP4(
		.payload = b->bytes - 54, .fill = ctx, .partial = is_super(b),
		.sport = (u16)(1000 + ctx));

	h_mac(spec.src, ctx);
	if (b->path == BENCH_LOCAL)
		h_mac(spec.dst, (ctx + 1) % b->receivers);
	else
		memcpy(spec.dst, "\x02\0\0\0\0\x01", 6);
	b->frame[ctx] = malloc(FRAME_MAX);
	FAKE_CHECK(b->frame[ctx]);
	FAKE_CHECK(frame_build(b->frame[ctx], &spec) == b->bytes);
}

static void push_wire(struct bench *b, u32 ctx, u32 payload, u32 seq)
{
	struct frame_spec spec = FRAME_TCP4(
		.payload = payload, .seq = seq, .sport = 5000,
		.dport = (u16)ctx);
	u8 frame[2048];
	u32 len;

	memcpy(spec.src, "\x02\0\0\0\0\x01", 6);
	h_mac(spec.dst, ctx);
	len = frame_build(frame, &spec);
	FAKE_CHECK(fake_wire_push(b->h->board, frame, len));
}

/*
 * What the wire repeats: frames, or streams that can be merged, to the
 * contexts in turn. As many for one context as for all, so that they are as
 * much memory.
 */
static void fill_wire(struct bench *b)
{
	u32 i;
	u32 at;

	for (i = 0; i < WIRE_STREAMS; i++) {
		u32 ctx = i % b->contexts;

		if (!is_super(b)) {
			push_wire(b, ctx, b->bytes - 54, 1);
			continue;
		}
		for (at = 0; at < SUPER_PAYLOAD; at += MSS)
			push_wire(b, ctx, FW_MIN(MSS, SUPER_PAYLOAD - at),
				  1 + at);
	}
}

static void bench_up(struct bench *b)
{
	u32 ctx;

	b->h = h_new(NULL);
	b->h->board->discard = true;
	b->h->board->huge_pages = true;
	b->receivers = b->path == BENCH_LOCAL && b->contexts == 1 ?
		       2 : b->contexts;
	for (ctx = 0; ctx < b->receivers; ctx++) {
		queues_up(b, ctx);
		make_frame(b, ctx);
	}
	if (b->path == BENCH_RX)
		fill_wire(b);
}

static void bench_down(struct bench *b)
{
	u32 ctx;

	for (ctx = 0; ctx < b->receivers; ctx++)
		free(b->frame[ctx]);
	h_free(b->h);
}

static void post_tx(struct bench *b, u32 ctx)
{
	struct h_tx tx = { .data = b->frame[ctx], .len = b->bytes };
	u32 i;

	if (is_super(b)) {
		tx.flags = CDNA_DESC_TSO | CDNA_DESC_CSUM;
		tx.csum_start = 34;
		tx.csum_offset = 16;
		tx.mss = MSS;
	}
	for (i = 0; i < batch(b); i++)
		FAKE_CHECK(h_tx_post(b->h, ctx, 0, &tx));
	h_ring(b->h, ctx, 0, CDNA_DIR_TX);
}

/* The driver's part of receiving, without looking at the frames */
static void refill_rx(struct bench *b, u32 ctx)
{
	struct h_qp *qp = &b->h->ctx[ctx].qp[0];
	struct cdna_qp_status status;

	h_status(b->h, ctx, 0, &status);
	qp->comp_cons = fw_le32(status.rx_comp_prod);
	h_rx_fill(b->h, ctx, 0, h_room(b->h, ctx, 0, CDNA_DIR_RX),
		  is_super(b) ? H_PAGE : 2048);
}

/* One batch of every context: prepare it, then time the firmware. */
static void bench_batch(struct bench *b)
{
	u32 ctx;
	u64 start;

	for (ctx = 0; ctx < b->receivers; ctx++) {
		if (b->path != BENCH_TX)
			refill_rx(b, ctx);
		if (b->path != BENCH_RX && ctx < b->contexts)
			post_tx(b, ctx);
		h_rearm(b->h, ctx, 0);
	}
	h_bits(b->h);
	if (b->path == BENCH_RX)
		b->h->board->repeat = (u64)batch(b) * b->contexts *
			(is_super(b) ? (SUPER_PAYLOAD + MSS - 1) / MSS : 1);
	start = clock_ns();
	h_run(b->h);
	b->ns += clock_ns() - start;
}

static u64 delivered(const struct bench *b)
{
	u64 bytes = 0;
	u32 ctx;

	if (b->path == BENCH_TX)
		return b->h->board->sent_bytes;
	for (ctx = 0; ctx < b->receivers; ctx++)
		bytes += b->h->nic->ctx[ctx].stats[CDNA_CSTAT_RX_BYTES];
	return bytes;
}

static double bench_case(enum bench_path path, u32 bytes, u32 contexts)
{
	struct bench b = { .path = path, .bytes = bytes,
			   .contexts = contexts };
	u32 frames = batch(&b) * contexts;
	u32 batches = (is_super(&b) ? SUPER_FRAMES : FRAMES) / frames;
	u32 warm = slots(&b) / batch(&b) + 1;
	double ns[MAX_BATCHES];
	u32 i;

	FAKE_CHECK(batches <= MAX_BATCHES);
	bench_up(&b);
	/* Once around the rings before it counts */
	for (i = 0; i < warm; i++)
		bench_batch(&b);
	for (i = 0; i < batches; i++) {
		b.ns = 0;
		bench_batch(&b);
		ns[i] = (double)b.ns;
	}
	/* A number for frames that were dropped would say nothing. */
	FAKE_CHECK(delivered(&b) >=
		   (u64)(batches + warm) * frames * (bytes - 54));
	bench_down(&b);
	return bench_median(ns, batches) / frames;
}

/*
 * For profilers, one case over and over: bench_firmware --only PATH BYTES
 * CONTEXTS, with PATH tx, rx or local.
 */
static int only(char **argv)
{
	enum bench_path path = argv[0][0] == 't' ? BENCH_TX :
			 argv[0][0] == 'r' ? BENCH_RX : BENCH_LOCAL;
	u32 bytes = (u32)atoi(argv[1]);
	u32 contexts = (u32)atoi(argv[2]);
	u32 i;

	for (i = 0; i < 3 * BENCH_ROUNDS; i++)
		printf("%.1f\n", bench_case(path, bytes, contexts));
	return 0;
}

static void measure(u32 path, u32 size, u32 count, u32 round)
{
	bench_result.ns[path][size][count][round] =
		bench_case(path, bench_size[size], bench_count[count]);
}

/* Beside each other: what work costs, what a bystander keeps */
static void hostile(void)
{
	u32 round;

	for (round = 0; round < BENCH_HOSTILE_ROUNDS; round++) {
		bench_work_round(round);
		bench_hostile_round(round);
	}
	bench_work_print();
	bench_hostile_print();
}

int main(int argc, char **argv)
{
	u32 total = BENCH_NR_PATHS * BENCH_NR_SIZES * BENCH_NR_COUNTS;
	u32 round;
	u32 i;

	if (argc == 5 && !strcmp(argv[1], "--only"))
		return only(argv + 2);
	if (argc == 2 && !strcmp(argv[1], "--hostile")) {
		hostile();
		return 0;
	}
	for (round = 0; round < BENCH_ROUNDS; round++)
		for (i = 0; i < total; i++)
			measure(i / BENCH_NR_COUNTS / BENCH_NR_SIZES,
				i / BENCH_NR_COUNTS % BENCH_NR_SIZES,
				i % BENCH_NR_COUNTS, round);
	bench_print_table();
	bench_print_rules();
	hostile();
	return argc > 1 ? bench_write_json(argv[1]) : 0;
}
