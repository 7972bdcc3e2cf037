// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random attacks, counted: guests that write any descriptor into their rings and
 * change it later, store anything anywhere in their part of the NIC, and have
 * their host make, drain and destroy queues meanwhile; and a hostile wire. Two
 * contexts nearby exchange frames with each other and with a peer: none may be
 * wrong, out of order or sent in their name (I5), and few may be lost (I8).
 *
 * HOSTILE_TRIES says how many descriptors and accesses; SEED repeats a run.
 */
#include "victims.h"

#define ATTACKERS	4	/* contexts 0 to 3 */
#define QPS		2
#define SLOTS		64u
#define TRIES		200000

static struct prng prng;
static u64 faults, renewed;
static u32 host_used;

static u32 below(u32 bound)
{
	return prng_below(&prng, bound);
}

static u64 bad_address(u32 ctx)
{
	switch (below(5)) {
	case 0:
		return FAKE_CTX_BUS(VICTIM) + below(FAKE_REGION_BYTES);
	case 1:
		return FAKE_HOST_BUS + below(FAKE_REGION_BYTES);
	case 2:
		return FAKE_CTX_BUS(ctx) + FAKE_REGION_BYTES - below(H_PAGE);
	case 3:
		return ~0ull - below(H_PAGE);
	default:
		return prng_next(&prng);
	}
}

/* Mostly one that works: otherwise the queue would stop at each first one. */
static void bad_desc(u32 ctx, const struct h_queue *queue, struct fw_desc *desc)
{
	u64 bits = prng_next(&prng);

	*desc = (struct fw_desc) {
		.addr = queue->buffer + below(SLOTS * H_PAGE),
		.len = (u16)(1 + below(below(8) ? 1600 : H_PAGE)),
		.flags = CDNA_DESC_EOP,
		.csum_start = (u16)(bits >> 48 & 63),
		.csum_offset = (u16)(bits >> 40 & 31),
		.mss = (u16)(bits >> 24),
		.vlan_tci = (u16)(bits >> 32),
	};
	if (!(bits & 7) && queue->format == CDNA_FORMAT_OFFLOAD)
		desc->flags = (u16)(bits >> 8 & CDNA_DESC_FLAGS);
	if (!(bits & 0x30))
		desc->flags &= (u16)~CDNA_DESC_EOP;
	if (below(64))
		return;
	if (bits & 0x1000)
		desc->addr = bad_address(ctx);
	if (bits & 0x2000)
		desc->len = (u16)prng_next(&prng);
	if (bits & 0x4000)
		desc->flags = (u16)prng_next(&prng);
}

static u32 room_of(u32 ctx, u32 qp, u32 dir)
{
	const struct fw_ring *ring = &h->nic->ctx[ctx].qp[qp].queue[dir].ring;

	return SLOTS - FW_MIN(h->ctx[ctx].qp[qp].queue[dir].prod - ring->cons,
			      SLOTS);
}

static void act_descriptors(u32 ctx, u32 qp, u32 dir)
{
	struct h_queue *queue = &h->ctx[ctx].qp[qp].queue[dir];
	u32 count = below(32) ? room_of(ctx, qp, dir) : below(3 * SLOTS);
	struct fw_desc desc;

	tries += count;
	while (count--) {
		bad_desc(ctx, queue, &desc);
		if (below(512)) {
			h_post(h, ctx, qp, dir, &desc);
			continue;
		}
		h_desc_write(h, ctx, qp, dir, queue->prod++, &desc,
			     queue->seq++ + below(3));
	}
	h_ring(h, ctx, qp, dir);
	tries++;
}

/* A frame that is one, from any address to any */
static void act_frame(u32 ctx, u32 qp)
{
	struct h_queue *queue = &h->ctx[ctx].qp[qp].queue[0];
	struct frame_spec spec = {
		.ip = (u8)(below(3) * 2 + 2), .proto = below(2) ? 6 : 17,
		.ethertype = (u16)below(65536), .tagged = !below(4),
		.tci = (u16)below(65536), .payload = below(1400),
	};
	struct fw_desc desc = { .flags = CDNA_DESC_EOP };
	static u8 frame[FRAME_MAX];

	if (spec.ip == 2)
		spec.ip = 0;
	h_mac(spec.src, below(16) ? ctx : VICTIM + below(2));
	h_mac(spec.dst, below(VICTIM + 4));
	if (!below(8))
		memset(spec.dst, 0xff, 6);
	desc.len = (u16)frame_build(frame, &spec);
	desc.addr = queue->buffer + queue->prod % SLOTS * H_PAGE;
	memcpy(fake_ptr(h->board, desc.addr), frame, desc.len);
	h_post(h, ctx, qp, CDNA_DIR_TX, &desc);
	h_ring(h, ctx, qp, CDNA_DIR_TX);
	tries += 2;
}

/* Its own page, pages that are nobody's, and registers: the host has the rest. */
static void act_sram(u32 ctx)
{
	u32 page = CDNA_PARTITION(ctx), n = below(64);

	if (!below(4))
		page = CDNA_PARTITION(VICTIM + 2 +
				      below(CDNA_MAX_CONTEXTS - VICTIM - 2));
	else if (!below(8))
		page = CDNA_REGISTER_PAGE;
	tries += n;
	while (n--)
		fake_sram_store(h->board, page + 4 * below(below(2) ?
				CDNA_NR_MAILBOXES : H_PAGE / 4),
				(u32)prng_next(&prng));
}

/* Rings, status and buffers, while the NIC uses them */
static void act_scribble(u32 ctx)
{
	u32 used = h->board->region[ctx].used, n = below(64);
	u64 value;

	tries += n;
	while (n-- && used > sizeof(value)) {
		value = prng_next(&prng);
		memcpy(fake_ptr(h->board, FAKE_CTX_BUS(ctx) +
				below(used - sizeof(value))), &value,
		       sizeof(value));
	}
}

static void act_wire(void)
{
	struct frame_spec spec = {
		.src = { 6, (u8)below(256) }, .ip = below(2) ? 4 : 6,
		.proto = below(4) ? 6 : 17, .tagged = !below(4),
		.tci = (u16)below(65536), .timestamps = below(2),
		.payload = below(1400), .seq = below(2) * 1000,
		.bad_csum = !below(8), .frag = (u16)(below(8) ? 0 : below(65536)),
	};
	static u8 frame[FRAME_MAX];
	u32 len, damage = below(4);

	h_mac(spec.dst, below(VICTIM + 4));
	len = frame_build(frame, &spec);
	while (damage--)
		frame[12 + below(len - 12)] = (u8)below(256);
	fake_wire_push(h->board, frame, below(8) ? len : 1 + below(len));
	tries++;
}

static void queue_up(u32 ctx, u32 qp, u32 dir)
{
	struct h_ring_spec spec = {
		.format = below(2), .slots = SLOTS, .page_list = below(2),
		.first_seq = (u32)prng_next(&prng), .one_piece = !below(4),
	};

	spec.offloads = dir ? H_OFFLOADS_RX : H_OFFLOADS_TX;
	if (spec.format == CDNA_FORMAT_COMPACT && !dir)
		spec.offloads = 0;
	h_queue_create(h, ctx, qp, dir, &spec);
	/* The NIC has read the list of its pages. */
	h->board->region[CDNA_MAX_CONTEXTS].used = host_used;
	tries++;
}

/* All of a context again, by one of the ways there are */
static void ctx_renew(u32 ctx)
{
	u32 i;

	h->board->fail_in = 0;
	if (below(2)) {
		h_ctx_op(h, CDNA_CMD_CTX_REVOKE, ctx);
		h_ctx_op(h, CDNA_CMD_CTX_RELEASE, ctx);
	} else {
		h_ctx_op(h, CDNA_CMD_CTX_RESET, ctx);
	}
	if (h->nic->ctx[ctx].state == CDNA_CTX_FREE)
		h_configure(h, ctx, below(4) ? 0 : 5, 0);
	fake_alloc_reset(h->board, ctx);
	assert_int_equal(h_activate(h, ctx), 0);
	h_filter(h, ctx, CDNA_FILTER_BROADCAST, NULL);
	for (i = 0; i < QPS * CDNA_NR_DIRS; i++)
		queue_up(ctx, i / CDNA_NR_DIRS, i % CDNA_NR_DIRS);
	h_bind(h, ctx, 0, ctx * CDNA_MAX_QPS);
	renewed++;
}

/* What its host does about a queue, or a context, that has stopped */
static void act_host(u32 ctx, u32 qp, u32 dir)
{
	static const u32 ops[] = {
		CDNA_CMD_QUEUE_DRAIN, CDNA_CMD_QUEUE_DESTROY,
	};
	struct fw_ctx *there = &h->nic->ctx[ctx];

	if (there->state != CDNA_CTX_ACTIVE || !below(256) ||
	    h->board->region[ctx].used > FAKE_REGION_BYTES / 2)
		return ctx_renew(ctx);
	if (there->qp[qp].queue[dir].state == CDNA_QUEUE_RUNNING && below(64))
		return;
	faults += there->qp[qp].queue[dir].state == CDNA_QUEUE_FAULTED;
	h_queue_op(h, ops[!!below(8)], ctx, qp, dir, NULL);
	queue_up(ctx, qp, dir);
}

static void attack(void)
{
	u32 ctx = below(ATTACKERS), qp = below(QPS), dir = below(CDNA_NR_DIRS);

	act_host(ctx, qp, dir);
	switch (below(8)) {
	case 0:
		return act_sram(ctx);
	case 1:
		return act_scribble(ctx);
	case 2:
		return act_wire();
	case 3:
		return act_frame(ctx, qp);
	case 4:
		fake_fail_nth(h->board, ctx, below(16));
		return act_descriptors(ctx, qp, dir);
	default:
		return act_descriptors(ctx, qp, dir);
	}
}

/* A context without right to it does no DMA (I6). */
static void step_checked(void)
{
	bool dead[ATTACKERS];
	u32 i;

	for (i = 0; i < ATTACKERS; i++) {
		dead[i] = h->nic->ctx[i].state != CDNA_CTX_ACTIVE;
		fake_mark(h->board, i);
	}
	h_step(h);
	for (i = 0; i < ATTACKERS; i++)
		if (dead[i] && fake_touched(h->board, i))
			harm("DMA of a context that is stopped");
}

static void random_attacks(void **state)
{
	const char *text = getenv("HOSTILE_TRIES");
	u64 end = text ? strtoull(text, NULL, 0) : TRIES;
	struct cdna_event events[16];
	u32 i, round;

	(void)state;
	prng_seed(&prng, "attack");
	h = h_new(NULL);
	victims_up();
	host_used = h->board->region[CDNA_MAX_CONTEXTS].used;
	for (round = 0; tries < end; round++) {
		for (i = 1 + below(4); i; i--)
			attack();
		victims_send();
		step_checked();
		h->board->now += 10000;
		h_run(h);
		victim_receives(VICTIM, &streams[B_TO_A], &streams[WIRE_TO_A]);
		victim_receives(VICTIM + 1, &streams[A_TO_B], &streams[A_TO_B]);
		h_bits(h);
		h_events(h, events, 16);
		if (round % 16 == 0)
			h_check(h);
	}
	print_message("# tries %llu, harmful %llu\n", (unsigned long long)tries,
		      (unsigned long long)harmful);
	print_message("# %llu queues stopped, %llu contexts made again\n",
		      (unsigned long long)faults, (unsigned long long)renewed);
	for (i = 0; i < NR_STREAMS; i++) {
		print_message("# stream %u: %u of %u frames\n", i,
			      streams[i].received, streams[i].sent);
		assert_true(streams[i].sent > round / 2);
		assert_true(streams[i].received * 10ull >=
			    streams[i].sent * 9ull);
	}
	assert_true(faults > tries / 100000 && renewed > tries / 1000000);
	assert_int_equal(harmful, 0);
	assert_int_equal(h->nic->fatal, 0);
	h_check(h);
	h_free(h);
}

TEST_MAIN(
	TEST(random_attacks),
)
