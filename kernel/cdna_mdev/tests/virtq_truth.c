// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include <linux/unaligned.h>

#include <cdna/regs.h>

#include "virtq_truth.h"

#define PAGE		((u64)CDNA_PAGE_SIZE)

/* A descriptor, and whether it was in an indirect table */
struct link {
	u64 addr;
	u32 len;
	u16 flags;
	bool in_table;
};

/**
 * struct truth - a chain
 * @link: its descriptors, up to where it ends or cannot be followed
 * @links: how many
 * @faults: BIT of each enum cdna_vfault that it deserves
 * @unreadable: something of it is not memory
 */
struct truth {
	struct link link[CDNA_VIRTQ_MAX_SIZE + 2];
	u32 links;
	u32 faults;
	bool unreadable;
};

/* A buffer that pieces are made of: no table's, and not what a control chain has to be
 * answered in
 */
static bool is_buffer(const struct virtq_machine *m, const struct link *link)
{
	return !(link->flags & 4) && !(m->vq.control && link->flags & 2);
}

static u32 bit(enum cdna_vfault fault)
{
	return 1u << (fault - CDNA_VFAULT_NIC_LAST);
}

/* What is never wrong, even if the guest changes the ring meanwhile */
void truth_bounds(const struct cdna_virtq *vq,
		  const struct cdna_virtq_chain *chain)
{
	u64 bytes = 0;
	u32 i;

	VIRTQ_CHECK(chain->head < vq->size);
	VIRTQ_CHECK(chain->pieces >= 1);
	VIRTQ_CHECK(chain->pieces <= CDNA_MAX_VIRTIO_CHAIN);
	for (i = 0; i < chain->pieces; i++) {
		const struct cdna_virtq_piece *piece = &chain->piece[i];

		VIRTQ_CHECK(piece->len >= 1);
		VIRTQ_CHECK(piece->addr % PAGE + piece->len <= PAGE);
		bytes += piece->len;
	}
	VIRTQ_CHECK(bytes == chain->bytes);
	if (vq->control)
		VIRTQ_CHECK(bytes >= CDNA_VIRTQ_CTRL_BYTES);
	else if (vq->write)
		VIRTQ_CHECK(!chain->drop && bytes >= CDNA_VIRTQ_HDR_BYTES);
	else if (chain->drop)
		VIRTQ_CHECK(chain->pieces == 1 && bytes <= CDNA_VIRTQ_HDR_BYTES);
	else
		VIRTQ_CHECK(bytes <= CDNA_MAX_FRAME_BYTES);
}

static void truth_add(struct truth *t, const struct vring_desc *desc,
		      bool in_table)
{
	t->link[t->links++] = (struct link) {
		.addr = le64_to_cpu(desc->addr),
		.len = le32_to_cpu(desc->len),
		.flags = le16_to_cpu(desc->flags),
		.in_table = in_table,
	};
}

/* Return: whether the chain goes on in the table that @link names */
static bool truth_table(struct virtq_machine *m, struct truth *t,
			const struct link *link, const u8 **table)
{
	u32 entries = link->len / 16;
	u32 copied = entries < CDNA_VIRTQ_SCRATCH ? entries : CDNA_VIRTQ_SCRATCH;

	if (!m->vq.indirect || link->in_table || link->flags & 1)
		t->faults |= bit(CDNA_VFAULT_FLAGS);
	if (link->len % 16 || entries > m->vq.size)
		t->faults |= bit(CDNA_VFAULT_CHAIN);
	if (m->error || !machine_has(link->addr, copied * 16))
		t->unreadable = true;
	if (t->faults || t->unreadable || !entries)
		return false;
	*table = m->ram + (link->addr - RAM_AT);
	return true;
}

/* Collect the chain, as far as it can be followed. */
static void truth_collect(struct virtq_machine *m, struct truth *t, u32 index)
{
	const u8 *table = (const u8 *)m->desc;
	u32 entries = m->vq.size;
	const struct link *link;
	struct vring_desc copy;
	bool in_table = false;

	while (t->links < m->vq.size + 2u) {
		if (index >= entries) {
			t->faults |= bit(CDNA_VFAULT_CHAIN);
			return;
		}
		if (in_table && !machine_has(RAM_AT + (table - m->ram) +
					     index * sizeof(copy),
					     sizeof(copy))) {
			t->unreadable = true;
			return;
		}
		memcpy(&copy, table + index * sizeof(copy), sizeof(copy));
		truth_add(t, &copy, in_table);
		link = &t->link[t->links - 1];
		if (link->flags & 4) {
			if (!truth_table(m, t, link, &table))
				return;
			entries = link->len / 16;
			in_table = true;
			index = 0;
		} else if (link->flags & 1) {
			index = le16_to_cpu(copy.next);
		} else {
			return;
		}
	}
}

/* A command, and after that what it is answered in */
static void truth_judge_control(struct truth *t)
{
	bool answers = false;
	u64 bytes = 0;
	u32 i;

	for (i = 0; i < t->links; i++) {
		if (t->link[i].flags & 4)
			continue;
		if (t->link[i].flags & 2)
			answers = true;
		else if (answers)
			t->faults |= bit(CDNA_VFAULT_FLAGS);
		else
			bytes += t->link[i].len;
	}
	if (bytes < 2 || !answers)
		t->faults |= bit(CDNA_VFAULT_LENGTH);
}

static void truth_judge(const struct virtq_machine *m, struct truth *t)
{
	u32 buffers = 0, i;
	u64 bytes = 0, n;

	for (i = 0; i < t->links; i++) {
		const struct link *link = &t->link[i];

		if (!link->len)
			t->faults |= bit(CDNA_VFAULT_LENGTH);
		if (link->addr > ~0ull - link->len)
			t->faults |= bit(CDNA_VFAULT_UNMAPPED);
		if (link->flags & 4)
			continue;
		buffers++;
		if (m->vq.control)
			continue;
		if (!!(link->flags & 2) != m->vq.write)
			t->faults |= bit(CDNA_VFAULT_FLAGS);
		n = CDNA_VIRTQ_HDR_BYTES - bytes;
		if (n > link->len)
			n = link->len;
		if (!m->vq.write && n &&
		    (m->error || !machine_has(link->addr, n)))
			t->unreadable = true;
		bytes = bytes + link->len > CDNA_VIRTQ_HDR_BYTES ?
			CDNA_VIRTQ_HDR_BYTES : bytes + link->len;
	}
	if (m->vq.control)
		truth_judge_control(t);
	if (buffers > m->vq.size)
		t->faults |= bit(CDNA_VFAULT_CHAIN);
	if (m->vq.write && bytes < CDNA_VIRTQ_HDR_BYTES)
		t->faults |= bit(CDNA_VFAULT_LENGTH);
}

/* How many pieces and bytes are behind the first @skip bytes */
static void truth_measure(const struct virtq_machine *m, const struct truth *t,
			  u32 skip, u64 *pieces, u64 *bytes)
{
	u64 n, addr, len;
	u32 i;

	*pieces = 0;
	*bytes = 0;
	for (i = 0; i < t->links; i++) {
		if (!is_buffer(m, &t->link[i]))
			continue;
		n = skip < t->link[i].len ? skip : t->link[i].len;
		skip -= n;
		addr = t->link[i].addr + n;
		len = t->link[i].len - n;
		*bytes += len;
		if (len)
			*pieces += (addr + len - 1) / PAGE - addr / PAGE + 1;
	}
}

/* The header is what is in memory where the chain begins. */
static void truth_hdr(const struct virtq_machine *m, const struct truth *t,
		      const u8 *hdr)
{
	u32 at = 0, i, n;

	for (i = 0; i < t->links && at < CDNA_VIRTQ_HDR_BYTES; i++) {
		if (t->link[i].flags & 4)
			continue;
		for (n = 0; n < t->link[i].len && at < CDNA_VIRTQ_HDR_BYTES; n++)
			VIRTQ_CHECK(m->ram[t->link[i].addr + n - RAM_AT] ==
				    hdr[at++]);
	}
}

/* Pieces are the bytes of the buffers in order, and end only where they must. */
static void truth_pieces(const struct virtq_machine *m, const struct truth *t,
			 u32 skip, const struct cdna_virtq_chain *chain)
{
	u32 piece = 0, i;
	u64 addr, left, n;

	for (i = 0; i < t->links && piece < chain->pieces; i++) {
		if (!is_buffer(m, &t->link[i]))
			continue;
		n = skip < t->link[i].len ? skip : t->link[i].len;
		skip -= n;
		addr = t->link[i].addr + n;
		left = t->link[i].len - n;
		while (left && piece < chain->pieces) {
			n = PAGE - addr % PAGE;
			n = n < left ? n : left;
			VIRTQ_CHECK(chain->piece[piece].addr == addr);
			VIRTQ_CHECK(chain->piece[piece].len == n);
			piece++;
			addr += n;
			left -= n;
		}
	}
	VIRTQ_CHECK(piece == chain->pieces);
}

/* What is left of a chain that is dropped: as much of a header as is in its first page */
static void truth_drop(const struct link *first,
		       const struct cdna_virtq_piece *piece)
{
	u64 len = PAGE - first->addr % PAGE;

	if (len > CDNA_VIRTQ_HDR_BYTES)
		len = CDNA_VIRTQ_HDR_BYTES;
	if (len > first->len)
		len = first->len;
	VIRTQ_CHECK(piece->addr == first->addr && piece->len == len);
}

static void truth_control(const struct virtq_machine *m, const struct truth *t,
			  const struct cdna_virtq_chain *chain)
{
	u64 pieces, bytes;
	u32 i = 0;

	truth_measure(m, t, 0, &pieces, &bytes);
	VIRTQ_CHECK(chain->drop == (pieces > CDNA_MAX_VIRTIO_CHAIN));
	VIRTQ_CHECK(chain->drop || chain->bytes == bytes);
	truth_pieces(m, t, 0, chain);
	while (t->link[i].flags & 4 || !(t->link[i].flags & 2))
		i++;
	VIRTQ_CHECK(i < t->links && chain->answer == t->link[i].addr);
}

static void truth_chain(const struct virtq_machine *m, const struct truth *t,
			const struct cdna_virtq_chain *chain)
{
	u32 skip = m->vq.write ? 0 : CDNA_VIRTQ_HDR_BYTES;
	u64 pieces, bytes;

	truth_bounds(&m->vq, chain);
	if (m->vq.control) {
		truth_control(m, t, chain);
		return;
	}
	truth_measure(m, t, skip, &pieces, &bytes);
	if (m->vq.write) {
		if (pieces > CDNA_MAX_VIRTIO_CHAIN)
			pieces = CDNA_MAX_VIRTIO_CHAIN;
		VIRTQ_CHECK(chain->pieces == pieces);
	} else {
		VIRTQ_CHECK(chain->drop ==
			    (!pieces || pieces > CDNA_MAX_VIRTIO_CHAIN ||
			     bytes > CDNA_MAX_FRAME_BYTES));
	}
	if (chain->drop) {
		truth_drop(&t->link[t->link[0].flags & 4 ? 1 : 0],
			   &chain->piece[0]);
		return;
	}
	if (!m->vq.write) {
		VIRTQ_CHECK(chain->pieces == pieces && chain->bytes == bytes);
		truth_hdr(m, t, chain->hdr);
	}
	truth_pieces(m, t, skip, chain);
}

/**
 * truth_check() - is what cdna_virtq_next() made of a chain right?
 * @m: the machine, which has not changed
 * @next: the queue's index before
 * @ret: what was returned
 * @chain: the chain
 */
void truth_check(struct virtq_machine *m, u16 next, int ret,
		 const struct cdna_virtq_chain *chain)
{
	u16 ahead = le16_to_cpu(m->avail->idx) - next;
	u16 head = le16_to_cpu(m->avail->ring[next & (m->vq.size - 1)]);
	struct cdna_virtq *vq = &m->vq;
	static struct truth t;

	VIRTQ_CHECK(vq->next == (u16)(next + (ret == 1)));
	t.links = 0;
	t.faults = 0;
	t.unreadable = false;
	if (!ahead) {
		VIRTQ_CHECK(ret == 0);
		return;
	}
	if (ahead > vq->size) {
		t.faults = bit(CDNA_VFAULT_TAIL);
	} else {
		truth_collect(m, &t, head);
		truth_judge(m, &t);
	}
	if (ret == -1 && vq->fault) {
		VIRTQ_CHECK(t.faults & bit(vq->fault) && !vq->error);
		return;
	}
	if (ret == -1) {
		VIRTQ_CHECK(t.unreadable && vq->error < 0);
		return;
	}
	VIRTQ_CHECK(ret == 1 && !t.faults && !t.unreadable);
	VIRTQ_CHECK(chain->head == head);
	truth_chain(m, &t, chain);
}
