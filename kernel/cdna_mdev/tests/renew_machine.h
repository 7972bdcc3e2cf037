/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine, its contexts, and what its process does with its memory. */
#ifndef RENEW_MACHINE_H
#define RENEW_MACHINE_H

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

#include "guard/cdna_gone.h"
#include "guard/cdna_pin.h"

#define PAGES		64
#define CONTEXTS	3	/* the last one is another machine's, with the same opener */
#define VERSIONS	(1 << 18)

/* A page of the host. The address of one is what stands for it. */
static char given[VERSIONS];

static struct machine {
	pthread_mutex_t lock;		/* the IOMMU layer's */
	char *now[PAGES];		/* what the process has; NULL: nothing */
	char *pinned[PAGES];		/* what the IOMMU layer has */
	int pins[PAGES];
	int meanwhile;			/* times a page is given away while it is being pinned */
} ours, another;

static struct context {
	struct cdna_pins pins;
	struct cdna_pin *consumed;	/* by the NIC; not released yet */
	struct machine *machine;
} context[CONTEXTS];

/* As cdna_gone.c, of the host's own pages */
bool cdna_gone(const struct page *page)
{
	bool gone = __atomic_load_n((const char *)page, __ATOMIC_ACQUIRE);

	if (gone)
		sched_yield();
	return gone;
}

static char *page_new(void)
{
	static int last;

	return &given[__atomic_fetch_add(&last, 1, __ATOMIC_RELAXED) % VERSIONS];
}

/* The process gives a page away, and the call returns. */
static void give_of(struct machine *m, unsigned long gfn)
{
	char *page;

	pthread_mutex_lock(&m->lock);
	page = m->now[gfn];
	m->now[gfn] = NULL;
	if (page)
		__atomic_store_n(page, 1, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&m->lock);
}

static void give(unsigned long gfn)
{
	give_of(&ours, gfn);
}

/* It, or its guest, touches the memory again. Return: the page */
static const struct page *touch(unsigned long gfn)
{
	const char *page;

	pthread_mutex_lock(&ours.lock);
	if (!ours.now[gfn])
		ours.now[gfn] = page_new();
	page = ours.now[gfn];
	pthread_mutex_unlock(&ours.lock);
	return (const struct page *)page;
}

/* The IOMMU layer. Include this file after cmocka.h. */
static int do_pin(void *owner, struct cdna_pin *pin)
{
	struct machine *m = ((struct context *)owner)->machine;
	unsigned long gfn = pin->gfn;
	bool again;

	pthread_mutex_lock(&m->lock);
	if (!m->now[gfn] && !m->pins[gfn])
		m->now[gfn] = page_new();
	if (!m->pins[gfn]++)
		m->pinned[gfn] = m->now[gfn];
	pin->page = (struct page *)m->pinned[gfn];
	again = m->meanwhile && m->meanwhile--;
	pthread_mutex_unlock(&m->lock);
	if (again)
		give_of(m, gfn);
	sched_yield();
	return 0;
}

static void do_unpin(void *owner, struct cdna_pin *pin, bool evicted)
{
	struct machine *m = ((struct context *)owner)->machine;

	(void)evicted;
	sched_yield();
	pthread_mutex_lock(&m->lock);
	assert_int_not_equal(m->pins[pin->gfn]--, 0);
	pthread_mutex_unlock(&m->lock);
}

#endif /* RENEW_MACHINE_H */
