// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive aggregation against what it stands for: random streams with random
 * disturbances. What arrives must be what was sent, in order, and whatever
 * was merged must be mergeable by rules written down a second time, here.
 */
#include "lro_stream.h"

#define FLOWS		4
#define ROUNDS		400u
#define PER_ROUND	64u
#define SLOTS		2048

/**
 * struct stream - a flow, and what is on its way
 * @next: the segment to be sent next
 * @mss: payload of its full segments
 * @sent: frames on their way, in order
 * @head: first of these
 * @tail: one past the last
 */
struct stream {
	struct frame_spec next;
	u32 mss;
	struct frame_spec sent[PER_ROUND];
	u32 head;
	u32 tail;
};

static struct stream streams[FLOWS];
static struct prng prng;
static bool strip;
static u32 merged;

static bool chance(u32 one_in)
{
	return !prng_below(&prng, one_in);
}

/* Disturb a segment in one of the ways that networks and peers have. */
static void disturb(struct frame_spec *spec)
{
	static const u8 flags[] = { FRAME_FIN, FRAME_SYN, FRAME_RST, FRAME_URG,
				    FRAME_ECE, FRAME_CWR };

	switch (prng_below(&prng, 18)) {
	case 0:
		spec->tcp_flags |= flags[prng_below(&prng, sizeof(flags))];
		break;
	case 1:
		spec->ttl ^= 1;
		break;
	case 2:
		spec->tos ^= (u8)(1 + prng_below(&prng, 3));
		break;
	case 3:
		spec->ip_id = (u16)(spec->ip_id + 1 - prng_below(&prng, 3));
		break;
	case 4:
		spec->frag ^= 0x4000;
		break;
	case 5:
		spec->frag |= 0x2000;
		break;
	case 6:
		spec->window++;
		break;
	case 7:
		spec->ack++;
		break;
	case 8:
		spec->tsval++;
		break;
	case 9:
		spec->timestamps = !spec->timestamps;
		break;
	case 10:
		spec->ip_options = 4;
		break;
	case 11:
		spec->bad_csum = true;
		break;
	case 12:
		spec->bad_ip_csum = true;
		break;
	case 13:
		spec->payload = 0;
		break;
	case 14:
		spec->payload++;
		break;
	case 15:
		spec->seq += prng_below(&prng, 2) ? 1 : 0xffffffff;
		break;
	case 16:
		spec->tci ^= (u16)(1 << 13);
		break;
	default:
		spec->payload = 1 + prng_below(&prng, spec->payload);
	}
}

/* What stays changed when a disturbance is over */
static void carry_on(struct stream *s, const struct frame_spec *sent)
{
	s->next.seq = sent->seq + sent->payload;
	s->next.ip_id = (u16)(sent->ip_id + (s->next.frag ? 0 : 1));
	if (chance(2)) {
		s->next.ack = sent->ack;
		s->next.window = sent->window;
		s->next.tsval = sent->tsval;
		s->next.ttl = sent->ttl;
		s->next.tos = sent->tos;
	}
}

static void send_one(u32 mtu)
{
	struct stream *s = &streams[prng_below(&prng, FLOWS)];
	struct frame_spec *spec = &s->sent[s->tail++];
	u32 len;

	*spec = s->next;
	spec->payload = s->mss;
	spec->fill = (u32)prng_next(&prng);
	if (chance(12))
		spec->tcp_flags |= FRAME_PSH;
	if (chance(8))
		disturb(spec);
	if (spec->ip == 6)
		spec->frag = 0;
	len = frame_build(frame, spec);
	if (len < 60)
		spec->pad = 60 - len;
	len = frame_build(frame, spec);
	assert_true(len <= mtu + 18);
	assert_true(fake_wire_push(h->board, frame, len));
	carry_on(s, spec);
}

/* Does a frame have what it takes to be part of a larger one? */
static bool plain(const struct frame_spec *spec)
{
	return (spec->tcp_flags & ~FRAME_PSH) == FRAME_ACK && spec->payload &&
	       !(spec->frag & ~0x4000) && !spec->bad_csum &&
	       (spec->ip == 6 || (!spec->ip_options && !spec->bad_ip_csum));
}

/* May @b follow @a directly in one frame that began with @first? */
static bool joins(const struct frame_spec *first, const struct frame_spec *a,
		  const struct frame_spec *b, u32 step)
{
	return plain(a) && plain(b) && !(a->tcp_flags & FRAME_PSH) &&
	       b->seq == a->seq + a->payload && b->ack == a->ack &&
	       b->window == a->window && b->timestamps == a->timestamps &&
	       b->tsval == a->tsval && b->ttl == a->ttl && b->tos == a->tos &&
	       b->frag == a->frag && b->tci == a->tci &&
	       a->payload == first->payload && b->payload <= first->payload &&
	       (a->ip == 6 || (u16)(b->ip_id - a->ip_id) == step);
}

static void check_joined(const struct frame_spec *sent, u32 count)
{
	u32 step = (u16)(sent[1].ip_id - sent[0].ip_id);
	u32 i;

	assert_true(step == 1 || sent[0].ip == 6 ||
		    (step == 0 && sent[0].frag & 0x4000));
	for (i = 1; i < count; i++)
		assert_true(joins(&sent[0], &sent[i - 1], &sent[i], step));
	merged += count;
}

/* Headers but for lengths, checksums and PSH, which the others had a say in */
static void check_header(const struct frame_info *info, u32 last_flags)
{
	u32 i;

	for (i = 0; i < info->payload; i++) {
		if (i == info->l3 + (info->ip == 4 ? 2u : 4u) ||
		    i == info->l3 + (info->ip == 4 ? 3u : 5u) ||
		    (info->ip == 4 && (i == info->l3 + 10 ||
				       i == info->l3 + 11)) ||
		    i == info->l4 + 16 || i == info->l4 + 17)
			continue;
		assert_int_equal(rx.data[i] & ~(i == info->l4 + 13 ?
						FRAME_PSH : 0),
				 other[i] & ~(i == info->l4 + 13 ?
					      FRAME_PSH : 0));
	}
	assert_int_equal(info->tcp_flags & FRAME_PSH, last_flags & FRAME_PSH);
}

static void check_merged_frame(const struct frame_spec *sent)
{
	struct frame_info info;
	u32 i, len;
	u8 *p;

	check_joined(sent, rx.first.segs);
	check_merged(&info);
	check_header(&info, sent[rx.first.segs - 1].tcp_flags);
	assert_int_equal(rx.first.mss, sent[0].payload);
	p = rx.data + info.payload;
	for (i = 0; i < rx.first.segs; i++) {
		struct frame_spec one = sent[i];

		one.tagged &= !strip;
		one.pad = 0;
		len = frame_build(other, &one);
		assert_memory_equal(p, other + len - one.payload, one.payload);
		p += one.payload;
	}
	assert_true(p == rx.data + rx.len);
}

static struct stream *stream_of(const struct frame_info *info)
{
	u32 flow = fw_get_be16(rx.data + info->l4) - 1000u;

	assert_true(flow < FLOWS);
	return &streams[flow];
}

static void check_one(void)
{
	struct frame_spec *sent, first;
	struct frame_info info;
	struct stream *s;
	u32 len;

	frame_parse(rx.data, rx.len, &info);
	s = stream_of(&info);
	sent = &s->sent[s->head];
	s->head += rx.first.segs;
	assert_true(rx.first.segs && s->head <= s->tail);
	assert_int_equal(!!(rx.first.flags & CDNA_RX_VLAN), strip);
	if (strip)
		assert_int_equal(rx.first.vlan_tci, sent[0].tci);
	first = sent[0];
	first.tagged &= !strip;
	len = frame_build(other, &first);
	if (rx.first.segs > 1) {
		check_merged_frame(sent);
		return;
	}
	assert_in_range(rx.len, len - first.pad, len);
	assert_memory_equal(rx.data, other, rx.len);
}

static void start_streams(u32 mtu)
{
	static const u32 sizes[] = { 1, 7, 100, 1400 };
	u32 i;

	for (i = 0; i < FLOWS; i++) {
		struct stream *s = &streams[i];

		s->next = segment(i & 1 ? 6 : 4, 0);
		s->next.tcp_flags = FRAME_ACK;
		s->next.ttl = 64;
		s->next.sport = (u16)(1000 + i);
		s->next.frag = i & 2 ? 0x4000 : 0;
		s->next.tagged = true;
		s->next.tci = 5;
		s->next.seq = 0xffff0000;
		s->mss = sizes[prng_below(&prng, FW_ARRAY_SIZE(sizes))];
		if (mtu > 1500)
			s->mss = 1500 + prng_below(&prng, mtu - 1600);
	}
}

/* Buffers of any size, enough for what one round can bring */
static void post_buffers(void)
{
	u32 room = h_room(h, 0, 0, CDNA_DIR_RX);

	for (; room; room--)
		h_rx_post(h, 0, 0, 1, 600 + prng_below(&prng, 3497));
	h_ring(h, 0, 0, CDNA_DIR_RX);
}

static void run_streams(u32 mtu, bool vlan_apart)
{
	struct h_config config = { .mtu = mtu };
	struct h_ring_spec spec = {
		.format = CDNA_FORMAT_COMPACT, .slots = SLOTS,
		.offloads = LRO_RX | (vlan_apart ? CDNA_OFFLOAD_RX_VLAN : 0),
	};
	u32 round, i;

	prng_seed(&prng, "lro");
	prng.state += mtu + vlan_apart;
	strip = vlan_apart;
	merged = 0;
	h = h_new(&config);
	h_ctx_up(h, 0);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 5), 0);
	assert_int_equal(h_queue_create(h, 0, 0, CDNA_DIR_RX, &spec), 0);
	for (round = 0; round < ROUNDS; round++) {
		if (round % 20 == 0)
			start_streams(mtu);
		post_buffers();
		for (i = 0; i < FLOWS; i++) {
			streams[i].head = 0;
			streams[i].tail = 0;
		}
		for (i = 1 + prng_below(&prng, PER_ROUND); i; i--)
			send_one(mtu);
		h_run(h);
		while (h_rx_next(h, 0, 0, &rx))
			check_one();
		for (i = 0; i < FLOWS; i++)
			assert_int_equal(streams[i].head, streams[i].tail);
		h_check(h);
	}
	/* It was worth the trouble. */
	assert_true(merged > ROUNDS * PER_ROUND / 8);
	h_free(h);
}

static void streams_arrive_as_they_were_sent(void **state)
{
	(void)state;
	run_streams(1500, false);
}

static void tags_come_apart(void **state)
{
	(void)state;
	run_streams(1500, true);
}

static void jumbo_frames_too(void **state)
{
	(void)state;
	run_streams(9000, false);
}

TEST_MAIN(
	TEST(streams_arrive_as_they_were_sent),
	TEST(tags_come_apart),
	TEST(jumbo_frames_too),
)
