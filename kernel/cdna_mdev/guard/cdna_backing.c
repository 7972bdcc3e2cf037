// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of queues. What the guest gives is pinned for as long as the queue has
 * it; what the NIC reads is the host's own (I1).
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <cdna/rings.h>

#include "guard/cdna_backing.h"
#include "guard/cdna_dma.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_span.h"
#include "guard/cdna_verdict.h"
#include "guard/cdna_vring.h"

static size_t backing_ring_bytes(const struct cdna_queue *queue)
{
	return (size_t)queue->slots * queue->layout->size;
}

static size_t backing_comp_bytes(const struct cdna_queue *queue)
{
	return (size_t)queue->slots * sizeof(struct cdna_rx_completion);
}

/* Pages that the pin table may hold for this queue: what it has for good, and
 * what its descriptors can name twice over, so that buffers stay warm. The parts of a
 * virtqueue are no larger than what a ring of ours and its completions are.
 */
static unsigned int backing_pages(const struct cdna_queue *queue)
{
	return (PAGE_ALIGN(backing_ring_bytes(queue)) >> PAGE_SHIFT) +
	       (PAGE_ALIGN(backing_comp_bytes(queue)) >> PAGE_SHIFT) +
	       2 * queue->slots;
}

/* Release all pages that descriptors name. The NIC has forgotten them. */
static void backing_release_slots(struct cdna_queue *queue)
{
	struct cdna_pin *pin;
	u32 i;

	for (i = 0; i < queue->slots && queue->slot; i++) {
		pin = queue->slot[i];
		WRITE_ONCE(queue->slot[i], NULL);
		if (pin)
			cdna_pin_put(pin);
	}
}

/**
 * cdna_backing_free - undo cdna_backing_allocate(), however far it got
 * @queue: its gate is closed; the NIC does not use it
 */
void cdna_backing_free(struct cdna_queue *queue)
{
	struct device *dev = queue->domain->nic->dma_dev;

	backing_release_slots(queue);
	kvfree(queue->slot);
	queue->slot = NULL;
	if (queue->comp_list)
		cdna_dma_free(dev, PAGE_SIZE, queue->comp_list,
			      queue->comp_list_dma);
	queue->comp_list = NULL;
	cdna_vring_destroy(queue);
	cdna_span_unpin(&queue->comp_span);
	cdna_span_unpin(&queue->avail_span);
	if (queue->shadow)
		vunmap(queue->shadow);
	queue->shadow = NULL;
	cdna_span_unpin(&queue->shadow_span);
	if (queue->ring)
		cdna_dma_free(dev, backing_ring_bytes(queue), queue->ring,
			      queue->ring_dma);
	queue->ring = NULL;
	cdna_pin_limit(&queue->domain->pins, -(int)backing_pages(queue));
}

/* Where the NIC finds the pages that it completes into */
static int backing_allocate_list(struct cdna_queue *queue)
{
	u32 i;

	queue->comp_list = cdna_dma_alloc(queue->domain->nic->dma_dev, PAGE_SIZE,
					  &queue->comp_list_dma, CDNA_SPAN_GFP);
	if (!queue->comp_list)
		return -ENOMEM;
	for (i = 0; i < queue->comp_span.pages; i++)
		queue->comp_list[i] = cpu_to_le64(queue->comp_span.pin[i]->dma);
	return 0;
}

/* A shadow ring, and for receiving a completion ring */
static int backing_allocate_shadow(struct cdna_queue *queue,
				   const struct cdna_queue_params *params)
{
	struct cdna_domain *domain = queue->domain;
	int ret;

	ret = cdna_span_pin(domain, &queue->shadow_span, params->ring,
			    backing_ring_bytes(queue), false);
	if (ret)
		return ret;
	queue->shadow = cdna_span_map(&queue->shadow_span);
	if (!queue->shadow)
		return -ENOMEM;
	if (queue->dir != CDNA_DIR_RX)
		return 0;
	ret = cdna_span_pin(domain, &queue->comp_span, params->completions,
			    backing_comp_bytes(queue), true);
	return ret ? ret : backing_allocate_list(queue);
}

static int backing_allocate(struct cdna_queue *queue,
			    const struct cdna_queue_params *params)
{
	struct cdna_domain *domain = queue->domain;
	size_t bytes = backing_ring_bytes(queue);
	int ret;

	queue->slot = kvcalloc(queue->slots, sizeof(*queue->slot),
			       CDNA_SPAN_GFP);
	queue->ring = cdna_dma_alloc(domain->nic->dma_dev, bytes,
				     &queue->ring_dma, CDNA_SPAN_GFP);
	if (!queue->slot || !queue->ring)
		return -ENOMEM;

	if (!params->vring)
		return backing_allocate_shadow(queue, params);
	ret = cdna_vring_create(queue, params->vring, params->offloads);
	return ret ? ret : backing_allocate_list(queue);
}

/**
 * cdna_backing_allocate - get the memory of a queue
 * @queue: the queue, with its format and its number of slots
 * @params: what its guest requests
 *
 * Context: process context; pins pages, so without cdna_domain.lock.
 *
 * Return: 0 or an error; then the queue has none.
 */
int cdna_backing_allocate(struct cdna_queue *queue,
			  const struct cdna_queue_params *params)
{
	int ret;

	cdna_pin_limit(&queue->domain->pins, backing_pages(queue));
	ret = backing_allocate(queue, params);
	if (ret)
		cdna_backing_free(queue);
	return ret;
}
