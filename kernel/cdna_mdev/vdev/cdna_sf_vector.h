/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts towards the network driver of this host.
 */
#ifndef CDNA_SF_VECTOR_H
#define CDNA_SF_VECTOR_H

#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

/**
 * struct cdna_sf_handler - who handles a vector
 * @fn: the handler
 * @data: its second argument
 */
struct cdna_sf_handler {
	irq_handler_t fn;
	void *data;
};

/**
 * struct cdna_sf_vector - an interrupt vector of a sub-function
 * @handler: NULL: nobody
 * @number: of the vector
 * @work: calls the handler if the vector is raised elsewhere than in an interrupt
 */
struct cdna_sf_vector {
	struct cdna_sf_handler __rcu *handler;
	u32 number;
	struct irq_work work;
};

struct cdna_sf_vector *cdna_sf_vector_alloc(void);
void cdna_sf_vector_free(struct cdna_sf_vector *vectors);
int cdna_sf_vector_request(struct cdna_sf_vector *vector, irq_handler_t fn,
			   void *data);
void cdna_sf_vector_release(struct cdna_sf_vector *vector);
bool cdna_sf_vector_raise(struct cdna_sf_vector *vector);

#endif /* CDNA_SF_VECTOR_H */
