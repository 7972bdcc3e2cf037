/* SPDX-License-Identifier: GPL-2.0-only */
/* Doubly linked lists, as far as the pin table needs them. */
#ifndef SHIM_LIST_H
#define SHIM_LIST_H

#include <linux/types.h>

struct list_head {
	struct list_head *next, *prev;
};

#define list_first_entry(head, type, member) \
	((type *)((char *)(head)->next - offsetof(type, member)))

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add_tail(struct list_head *item, struct list_head *head)
{
	item->next = head;
	item->prev = head->prev;
	head->prev->next = item;
	head->prev = item;
}

static inline void list_del(struct list_head *item)
{
	item->next->prev = item->prev;
	item->prev->next = item->next;
}

static inline void list_move_tail(struct list_head *item,
				  struct list_head *head)
{
	list_del(item);
	list_add_tail(item, head);
}

#endif /* SHIM_LIST_H */
