// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include <linux/array_size.h>
#include <linux/unaligned.h>

#include <cdna/regs.h>

#include "virtq_attack.h"
#include "virtq_truth.h"

#define MAX_SHIFT	10	/* of a queue's size */
#define MAX_DESCS	80	/* that are written of a table */
#define MAX_STEPS	40	/* with a ring */

static u32 attack_u8(struct attack_input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static u32 attack_u32(struct attack_input *in)
{
	u32 value;

	if (in->data) {
		value = attack_u8(in);
		value |= attack_u8(in) << 8;
		value |= attack_u8(in) << 16;
		return value | attack_u8(in) << 24;
	}
	/* xorshift64* */
	in->state ^= in->state >> 12;
	in->state ^= in->state << 25;
	in->state ^= in->state >> 27;
	return (in->state * 0x2545f4914f6cdd1dull) >> 32;
}

/* A choice, less than @bound, which is at most 65536. An input has a byte or two for it. */
u32 attack_below(struct attack_input *in, u32 bound)
{
	u32 value;

	if (!in->data)
		return ((u64)attack_u32(in) * bound) >> 32;
	value = attack_u8(in);
	if (bound > 256)
		value |= attack_u8(in) << 8;
	return value % bound;
}

/* True once in @odds */
bool attack_rare(struct attack_input *in, u32 odds)
{
	return attack_below(in, odds) == odds - 1;
}

static u64 attack_addr(struct attack_input *in)
{
	u32 kind = attack_below(in, 16);
	u64 addr = attack_u32(in);

	if (kind < 12)
		return RAM_AT + addr % RAM_BYTES;
	if (kind < 13)
		return RAM_AT + RAM_BYTES - addr % 32;
	if (kind < 14)
		return ~0ull - addr % 65536;
	return addr << attack_below(in, 33);
}

static u32 attack_len(struct attack_input *in)
{
	switch (attack_below(in, 16)) {
	case 0:
		return attack_below(in, 3);
	case 1:
		return CDNA_PAGE_SIZE * attack_below(in, 20);
	case 2:
		return 65520 + attack_below(in, 60);
	case 3:
		return attack_rare(in, 4) ? attack_u32(in) : 1514;
	case 4 ... 7:
		return 1 + attack_below(in, 16);
	default:
		return 1 + attack_below(in, 4096);
	}
}

/* A descriptor that names an indirect table */
static void attack_indirect(struct virtq_machine *m, struct attack_input *in,
			    u32 i)
{
	u32 entries = 1 + attack_below(in, attack_rare(in, 4) ? 80 : 8);
	u64 addr = RAM_AT + 16 * attack_below(in, 8);
	u16 flags = VRING_DESC_F_INDIRECT;
	u32 len = 16 * entries;

	if (attack_rare(in, 16))
		addr = attack_addr(in);
	if (attack_rare(in, 16))
		len = attack_len(in);
	if (attack_rare(in, 8))
		flags |= 1u << attack_below(in, 16);
	machine_desc(m, i, addr, len, flags, i);
}

/**
 * attack_desc() - write a descriptor that may be wrong
 * @m: the machine
 * @in: choices
 * @table: where its table is in memory, from RAM_AT; -1: it is the ring's
 * @i: which it is
 * @count: descriptors of that table that are written
 */
void attack_desc(struct virtq_machine *m, struct attack_input *in, s32 table,
		 u32 i, u32 count)
{
	u16 flags = m->vq.write ? VRING_DESC_F_WRITE : 0;
	u64 addr = attack_addr(in);
	u32 len = attack_len(in);
	u16 next = i + 1;

	/* A command, and then its answer */
	if (m->vq.control && i >= count / 2)
		flags = VRING_DESC_F_WRITE;
	if (table < 0 && m->vq.indirect && attack_below(in, 3) == 1) {
		attack_indirect(m, in, i);
		return;
	}
	if (attack_below(in, 8) > 2)
		flags |= VRING_DESC_F_NEXT;
	if (attack_rare(in, 16))
		next = attack_below(in, count + 2);
	if (attack_rare(in, 64))
		next = attack_below(in, 65536);
	if (attack_rare(in, 64))
		flags ^= 1u << attack_below(in, 4);
	if (next == count && !attack_rare(in, 8))
		flags &= ~VRING_DESC_F_NEXT;
	if (table < 0)
		machine_desc(m, i, addr, len, flags, next);
	else
		machine_entry(m, table, i, addr, len, flags, next);
}

static u32 attack_count(struct attack_input *in, u32 max)
{
	u32 count = 1 + attack_below(in, attack_rare(in, 8) ? MAX_DESCS : 6);

	return count < max ? count : max;
}

static void attack_fill(struct virtq_machine *m, struct attack_input *in)
{
	u32 count = attack_count(in, m->vq.size);
	u32 entries = attack_count(in, MAX_DESCS);
	u32 i;

	for (i = 0; i < count; i++)
		attack_desc(m, in, -1, i, count);
	for (i = 0; i < entries && m->vq.indirect; i++)
		attack_desc(m, in, 0, i, entries);
	machine_set_avail(m, m->vq.next);
	for (i = 1 + attack_below(in, 4); i; i--)
		machine_offer(m, attack_rare(in, 32) ? attack_below(in, 65536) :
			      attack_below(in, count));
	if (attack_rare(in, 32))
		machine_set_avail(m, attack_below(in, 65536));
	if (attack_rare(in, 64))
		m->error = -1 - (s32)attack_below(in, 100);
}

/* What interrupts and notifications do depends on indices only. */
static void attack_events(struct virtq_machine *m, struct attack_input *in)
{
	u16 ahead = attack_below(in, attack_rare(in, 4) ? 65536 : 4);
	u16 avail = le16_to_cpu(m->avail->idx);
	u16 used = attack_below(in, 65536);
	u16 old = m->vq.signalled;
	bool wants;

	VIRTQ_CHECK(cdna_virtq_notify_at(&m->vq, ahead) ==
		    ((u16)(avail - m->vq.next) > ahead));
	m->avail->ring[m->vq.size] = cpu_to_le16(attack_below(in, 65536));
	m->used->idx = cpu_to_le16(used);
	wants = cdna_virtq_wants(&m->vq);
	VIRTQ_CHECK(m->vq.signalled == used && (used != old || !wants));
	VIRTQ_CHECK(!cdna_virtq_wants(&m->vq));
}

static void attack_walk(struct virtq_machine *m, struct attack_input *in,
			struct attack_tally *tally)
{
	static struct cdna_virtq_chain chain;
	struct cdna_virtq *vq = &m->vq;
	u32 step;
	u16 next;
	int ret;

	for (step = 0; step < MAX_STEPS; step++) {
		next = vq->next;
		ret = cdna_virtq_next(vq, &chain);
		truth_check(m, next, ret, &chain);
		if (ret <= 0)
			break;
		tally->chains++;
		tally->drops += chain.drop;
		if (attack_rare(in, 16)) {
			cdna_virtq_unget(vq);
			VIRTQ_CHECK(vq->next == next);
		}
		if (attack_rare(in, 16))
			attack_events(m, in);
	}
	if (step < MAX_STEPS && ret < 0 && vq->fault)
		tally->faults[vq->fault]++;
	else if (step < MAX_STEPS && ret < 0)
		tally->unreadable++;
}

/**
 * attack_ring() - write a ring, walk it, and compare with what is right
 * @in: choices: the same ones make the same ring
 * @tally: what became of it is added
 */
void attack_ring(struct attack_input *in, struct attack_tally *tally)
{
	static const u8 shifts[] = { 0, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 3, 4, 8 };
	static struct virtq_machine *machines[MAX_SHIFT + 1];
	u32 shift = shifts[attack_below(in, ARRAY_SIZE(shifts))];
	u32 bits = attack_below(in, 256);
	struct virtq_machine *m;

	if (attack_rare(in, 128))
		shift = MAX_SHIFT;
	if (!machines[shift])
		machines[shift] = machine_new(1u << shift);
	m = machines[shift];
	machine_reset(m);
	m->vq.control = (bits & 0xf0) == 0xe0;
	m->vq.write = bits & 1 && !m->vq.control;
	m->vq.event_idx = bits & 2;
	m->vq.indirect = bits & 12;
	/* Near where indices wrap, or anywhere */
	m->vq.next = bits & 16 ? -(bits >> 5) : attack_below(in, 65536);
	attack_fill(m, in);
	attack_walk(m, in, tally);
	tally->rings++;
}
