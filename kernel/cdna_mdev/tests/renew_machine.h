/* SPDX-License-Identifier: GPL-2.0-only */
/* A machine, its contexts, and what its process does with its memory. */
#ifndef RENEW_MACHINE_H
#define RENEW_MACHINE_H

#include <pthread.h>
#include <stdbool.h>

#include "guard/cdna_pin.h"

#define PAGES		64
#define CONTEXTS	2

static struct context {
	struct cdna_pins pins;
	struct cdna_pin *consumed;	/* by the NIC; not released yet */
} context[CONTEXTS];

static struct machine {
	pthread_mutex_t lock;		/* the IOMMU layer's */
	pthread_mutex_t renew;
	atomic_long_t seq;
	unsigned long now[PAGES];	/* what the process has; 0: nothing */
	unsigned long pinned[PAGES];	/* what the IOMMU layer has */
	int pins[PAGES];
	unsigned long last;
	int looks, given;
	bool unknown;			/* another process has it */
	bool meanwhile;			/* given away while it is being pinned */
} machine;

/* The process gives a page away, and the call returns. */
static void give(unsigned long gfn)
{
	__atomic_store_n(&machine.now[gfn], 0, __ATOMIC_RELAXED);
	__atomic_add_fetch(&machine.seq.v, 2, __ATOMIC_SEQ_CST);
}

/* It, or its guest, touches the memory again. Return: the page */
static unsigned long touch(unsigned long gfn)
{
	pthread_mutex_lock(&machine.lock);
	if (!machine.now[gfn])
		machine.now[gfn] = ++machine.last;
	pthread_mutex_unlock(&machine.lock);
	return machine.now[gfn];
}

static void something_else_is_given_away(void)
{
	__atomic_add_fetch(&machine.seq.v, 2, __ATOMIC_SEQ_CST);
}

#endif /* RENEW_MACHINE_H */
