/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The used ring of a virtio queue: pure.
 */
#ifndef SOFTNIC_USED_H
#define SOFTNIC_USED_H

#include <linux/types.h>

#include <cdna/desc.h>
#include <cdna/regs.h>

/* What the largest takes, from the end of its first page on, with the host's field */
#define SOFTNIC_USED_PAGES	4

/**
 * struct softnic_used - a used ring, which is guest memory
 * @page: where its pages are
 * @offset: where it is in the first of them, a multiple of 4
 * @slots: entries, a power of two
 * @next: free-running: the index that was published
 */
struct softnic_used {
	void *page[SOFTNIC_USED_PAGES];
	u16 offset;
	u16 slots;
	u16 next;
};

u32 softnic_used_pages(u32 offset, u32 slots);
void softnic_used_put(const struct softnic_used *used, u32 ahead, u32 id,
		      u32 len);
void softnic_used_publish(struct softnic_used *used, u32 entries);

#endif /* SOFTNIC_USED_H */
