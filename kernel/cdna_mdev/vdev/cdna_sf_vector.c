// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts towards the network driver of this host: a handler per vector, called where
 * a guest's eventfd would be signalled. It runs as the handler of an interrupt does,
 * wherever it was raised.
 */
#include <linux/preempt.h>
#include <linux/slab.h>

#include <cdna/vdev.h>

#include "vdev/cdna_sf_vector.h"

static void vector_run(struct cdna_sf_vector *vector)
{
	const struct cdna_sf_handler *handler;

	rcu_read_lock();
	handler = rcu_dereference(vector->handler);
	if (handler)
		handler->fn(vector->number, handler->data);
	rcu_read_unlock();
}

static void vector_work(struct irq_work *work)
{
	vector_run(container_of(work, struct cdna_sf_vector, work));
}

/**
 * cdna_sf_vector_alloc - the vectors of a sub-function, without handlers
 *
 * Return: CDNA_VDEV_NR_VECTORS of them, or NULL.
 */
struct cdna_sf_vector *cdna_sf_vector_alloc(void)
{
	struct cdna_sf_vector *vectors;
	u32 i;

	vectors = kcalloc(CDNA_VDEV_NR_VECTORS, sizeof(*vectors), GFP_KERNEL);
	for (i = 0; vectors && i < CDNA_VDEV_NR_VECTORS; i++) {
		vectors[i].number = i;
		vectors[i].work = IRQ_WORK_INIT_HARD(vector_work);
	}
	return vectors;
}

/**
 * cdna_sf_vector_free - undo it
 * @vectors: without handlers, or NULL; no one is raised any longer
 *
 * Context: may sleep.
 */
void cdna_sf_vector_free(struct cdna_sf_vector *vectors)
{
	u32 i;

	for (i = 0; vectors && i < CDNA_VDEV_NR_VECTORS; i++)
		irq_work_sync(&vectors[i].work);
	kfree(vectors);
}

/**
 * cdna_sf_vector_request - have a handler called when a vector is raised
 * @vector: the vector
 * @fn: the handler
 * @data: its second argument
 *
 * Context: may sleep. Not at the same time as cdna_sf_vector_release().
 *
 * Return: 0; -EBUSY if it has a handler; or -ENOMEM.
 */
int cdna_sf_vector_request(struct cdna_sf_vector *vector, irq_handler_t fn,
			   void *data)
{
	struct cdna_sf_handler *handler;

	if (rcu_access_pointer(vector->handler))
		return -EBUSY;
	handler = kmalloc(sizeof(*handler), GFP_KERNEL);
	if (!handler)
		return -ENOMEM;
	handler->fn = fn;
	handler->data = data;
	rcu_assign_pointer(vector->handler, handler);
	return 0;
}

/**
 * cdna_sf_vector_release - undo it
 * @vector: the vector; may have no handler
 *
 * Context: may sleep. When it returns, the handler does not run and will not.
 */
void cdna_sf_vector_release(struct cdna_sf_vector *vector)
{
	struct cdna_sf_handler *handler;

	handler = rcu_replace_pointer(vector->handler, NULL, true);
	synchronize_rcu();
	kfree(handler);
}

/**
 * cdna_sf_vector_raise - call a vector's handler, now or soon
 * @vector: the vector
 *
 * Context: any.
 *
 * Return: whether there is a handler.
 */
bool cdna_sf_vector_raise(struct cdna_sf_vector *vector)
{
	if (!rcu_access_pointer(vector->handler))
		return false;
	if (in_hardirq())
		vector_run(vector);
	else
		irq_work_queue(&vector->work);
	return true;
}
