// SPDX-License-Identifier: GPL-2.0-only
/*
 * The used ring of a virtio queue, Virtio 1.2, section 2.7.8. It is guest memory that
 * begins anywhere in a page: an entry may lie on two, and each of its words is on one.
 * Nothing of it is read, and what the guest does to it is its own affair.
 */
#include <asm/barrier.h>
#include <asm/byteorder.h>
#include <linux/compiler.h>
#include <linux/stddef.h>

#include "softnic_used.h"

static void *used_at(const struct softnic_used *used, u32 byte)
{
	u32 at = used->offset + byte;

	return (u8 *)used->page[at / CDNA_PAGE_SIZE] + at % CDNA_PAGE_SIZE;
}

/**
 * softnic_used_pages - how many pages a used ring takes
 * @offset: where it is in the first of them
 * @slots: entries
 *
 * Return: the number; the host's field behind the entries may be on one more.
 */
u32 softnic_used_pages(u32 offset, u32 slots)
{
	u32 bytes = offset + sizeof(struct cdna_used_ring) +
		    slots * sizeof(struct cdna_used_elem);

	return (bytes + CDNA_PAGE_SIZE - 1) / CDNA_PAGE_SIZE;
}

/**
 * softnic_used_put - write an entry that the guest is not to see yet
 * @used: the used ring
 * @ahead: how many were written since the last softnic_used_publish()
 * @id: index of the chain's head
 * @len: bytes that were written into the chain
 */
void softnic_used_put(const struct softnic_used *used, u32 ahead, u32 id,
		      u32 len)
{
	u32 slot = (used->next + ahead) & (used->slots - 1);
	u32 at = sizeof(struct cdna_used_ring) +
		 slot * sizeof(struct cdna_used_elem);
	__le32 *to;

	to = used_at(used, at + offsetof(struct cdna_used_elem, id));
	WRITE_ONCE(*to, cpu_to_le32(id));
	to = used_at(used, at + offsetof(struct cdna_used_elem, len));
	WRITE_ONCE(*to, cpu_to_le32(len));
}

/**
 * softnic_used_publish - let the guest see entries
 * @used: the used ring
 * @entries: how many were written
 */
void softnic_used_publish(struct softnic_used *used, u32 entries)
{
	__le16 *to = used_at(used, offsetof(struct cdna_used_ring, idx));

	used->next += entries;
	/* Pairs with the guest, which reads the index first: entries, and what the
	 * chains hold, come before it.
	 */
	smp_store_release(to, cpu_to_le16(used->next));
}
