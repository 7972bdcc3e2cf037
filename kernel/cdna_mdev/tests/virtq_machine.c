// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include <linux/unaligned.h>

#include "virtq_machine.h"

/* What is in memory that no test wrote: no two near bytes are equal. */
static u8 pattern[RAM_BYTES];

bool machine_has(u64 addr, u64 len)
{
	return addr >= RAM_AT && addr - RAM_AT <= RAM_BYTES &&
	       len <= RAM_BYTES - (addr - RAM_AT);
}

static int machine_read(void *owner, u64 addr, void *to, u32 len)
{
	struct virtq_machine *m = owner;

	VIRTQ_CHECK(len && addr + len > addr);
	m->reads++;
	if (m->error)
		return m->error;
	if (!machine_has(addr, len))
		return -EFAULT;
	memcpy(to, m->ram + (addr - RAM_AT), len);
	if (m->hook)
		m->hook(m);
	return 0;
}

static const struct cdna_virtq_ops ops = { .read = machine_read };

static size_t avail_bytes(u16 size)
{
	return sizeof(struct vring_avail) + (size + 1u) * sizeof(u16);
}

static size_t used_bytes(u16 size)
{
	return sizeof(struct vring_used) +
	       size * sizeof(struct vring_used_elem) + sizeof(u16);
}

static void *machine_alloc(size_t bytes)
{
	void *memory = calloc(1, bytes);

	VIRTQ_CHECK(memory);
	return memory;
}

struct virtq_machine *machine_new(u16 size)
{
	struct virtq_machine *m = machine_alloc(sizeof(*m));
	u32 i;

	m->vq.size = size;
	m->desc = machine_alloc(size * sizeof(*m->desc));
	m->avail = machine_alloc(avail_bytes(size));
	m->used = machine_alloc(used_bytes(size));
	m->ram = machine_alloc(RAM_BYTES);
	for (i = 0; i < RAM_BYTES; i++)
		pattern[i] = (u8)(i * 7 + i / 256);
	m->dirty = RAM_BYTES;
	machine_reset(m);
	return m;
}

/* As new: the rings are empty, nothing is negotiated, a transmit queue. */
void machine_reset(struct virtq_machine *m)
{
	u16 size = m->vq.size;

	m->vq = (struct cdna_virtq) {
		.ops = &ops,
		.owner = m,
		.size = size,
		.desc = m->desc,
		.avail = m->avail,
		.used = m->used,
	};
	memset(m->desc, 0, size * sizeof(*m->desc));
	memset(m->avail, 0, avail_bytes(size));
	memset(m->used, 0, used_bytes(size));
	memcpy(m->ram, pattern, m->dirty);
	m->dirty = 0;
	m->error = 0;
	m->reads = 0;
	m->hook = NULL;
}

void machine_free(struct virtq_machine *m)
{
	free(m->desc);
	free(m->avail);
	free(m->used);
	free(m->ram);
	free(m);
}

/* Another thread may read meanwhile. */
static void desc_store(struct vring_desc *to, u64 addr, u32 len, u16 flags,
		       u16 next)
{
	WRITE_ONCE(to->addr, cpu_to_le64(addr));
	WRITE_ONCE(to->len, cpu_to_le32(len));
	WRITE_ONCE(to->flags, cpu_to_le16(flags));
	WRITE_ONCE(to->next, cpu_to_le16(next));
}

/* Write a descriptor into the ring's table. */
void machine_desc(struct virtq_machine *m, u32 i, u64 addr, u32 len, u16 flags,
		  u16 next)
{
	desc_store(&m->desc[i], addr, len, flags, next);
}

/* Write one into an indirect table, which is in memory at RAM_AT + @at. */
void machine_entry(struct virtq_machine *m, u32 at, u32 i, u64 addr, u32 len,
		   u16 flags, u16 next)
{
	u32 offset = at + i * sizeof(struct vring_desc);

	VIRTQ_CHECK(offset + sizeof(struct vring_desc) <= RAM_BYTES);
	desc_store((struct vring_desc *)(m->ram + offset), addr, len, flags,
		   next);
	if (m->dirty < offset + sizeof(struct vring_desc))
		m->dirty = offset + sizeof(struct vring_desc);
}

/* Make a chain available. */
void machine_offer(struct virtq_machine *m, u16 head)
{
	u16 index = le16_to_cpu(m->avail->idx);

	WRITE_ONCE(m->avail->ring[index & (m->vq.size - 1)], cpu_to_le16(head));
	machine_set_avail(m, index + 1);
}

void machine_set_avail(struct virtq_machine *m, u16 index)
{
	WRITE_ONCE(m->avail->idx, cpu_to_le16(index));
}
