// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver's side: the kernel's virtio_ring.c.
 */
#include "ring.h"

#define ALIGN_TO	64	/* of the used ring, as virtio_pci does */

/* Symbols that tools/virtio wants of its user */
void *__kmalloc_fake, *__kfree_ignore_start, *__kfree_ignore_end;

static bool notify(struct virtqueue *vq)
{
	struct ring *ring = vq->priv;

	ring->notified++;
	ring->walker_sleeps = false;
	return true;
}

static void interrupted(struct virtqueue *vq)
{
	struct ring *ring = vq->priv;

	ring->driver_sleeps = false;
}

/**
 * ring_driver_begin - create a queue
 * @ring: as zero but for what varies and the limit
 * @memory: RING_SLOT_BYTES for each chain
 */
void ring_driver_begin(struct ring *ring, u8 *memory)
{
	const struct ring_case *how = &ring->how;
	u32 bytes = vring_size(how->size, ALIGN_TO), i;
	/* Where the parts of a ring are on two pages varies. */
	u32 offset = ALIGN_TO * ring_below(CDNA_PAGE_SIZE / ALIGN_TO);
	u8 *at;

	ring->vdev.features = 1ull << VIRTIO_F_VERSION_1 |
		(u64)how->indirect << VIRTIO_RING_F_INDIRECT_DESC |
		(u64)how->event_idx << VIRTIO_RING_F_EVENT_IDX;
	INIT_LIST_HEAD(&ring->vdev.vqs);
	spin_lock_init(&ring->vdev.vqs_list_lock);
	if (posix_memalign(&ring->memory, CDNA_PAGE_SIZE, offset + bytes))
		abort();
	at = (u8 *)ring->memory + offset;
	memset(at, 0, bytes);
	vring_init(&ring->vring, how->size, at, ALIGN_TO);
	ring->vq = vring_new_virtqueue(0, how->size, ALIGN_TO, &ring->vdev, true,
				       false, at, notify, interrupted, "ring");
	ring->vq->priv = ring;
	for (i = 0; i < RING_MAX_SIZE; i++)
		ring->chain[i].memory = memory + i * RING_SLOT_BYTES;
}

static struct ring_chain *unused_chain(struct ring *ring)
{
	u32 i = ring_below(ring->how.size);

	while (ring->chain[i].in_ring)
		i = (i + 1) % ring->how.size;
	return &ring->chain[i];
}

static void set_buffers(struct scatterlist *sg, const struct ring_buffer *buffer,
			u32 count)
{
	u32 i;

	if (!count)
		return;
	sg_init_table(sg, count);
	for (i = 0; i < count; i++)
		sg_set_buf(&sg[i], buffer[i].at, buffer[i].len);
}

static int add_chain(struct ring *ring, struct ring_chain *chain)
{
	static struct scatterlist out[RING_MAX_SIZE], in[RING_MAX_SIZE];
	struct scatterlist *sgs[] = { chain->outs ? out : in, in };

	set_buffers(out, chain->buffer, chain->outs);
	set_buffers(in, chain->buffer + chain->outs, chain->ins);
	return virtqueue_add_sgs(ring->vq, sgs, !!chain->outs, !!chain->ins,
				 chain, GFP_ATOMIC);
}

/* Return: false if there is no room in the ring */
static bool add(struct ring *ring)
{
	u32 room = ring->vq->num_free;
	struct ring_chain *chain;

	if (ring->added - ring->got == ring->how.size || ring->added == ring->limit)
		return false;
	chain = unused_chain(ring);
	ring_chain_make(chain, ring->how.kind, ring->how.size);
	if (add_chain(ring, chain)) {
		ring_expect(ring, room < chain->outs + chain->ins,
			    "the ring is full too early");
		return false;
	}
	chain->in_ring = true;
	ring->order[ring->added++ % RING_MAX_SIZE] = chain;
	return true;
}

/* The driver notifies if the specification says so. */
static void kick(struct ring *ring)
{
	u32 before = ring->notified;
	bool wanted;

	wanted = ring->how.event_idx ?
		 ring_passes(ring->event, ring->kicked, ring->added) :
		 !ring->unwanted;
	virtqueue_kick(ring->vq);
	ring->kicked = ring->added;
	ring_expect(ring, ring->notified - before == wanted,
		    wanted ? "no notification" : "a notification");
}

static bool get(struct ring *ring)
{
	struct ring_chain *chain;
	unsigned int len;

	chain = virtqueue_get_buf(ring->vq, &len);
	ring_expect(ring, !chain == (ring->got == ring->used),
		    chain ? "a chain came back too early" : "a chain is lost");
	if (!chain)
		return false;
	ring_expect(ring, chain->in_ring, "a chain came back twice");
	ring_expect(ring, chain == ring->back[ring->got % RING_MAX_SIZE],
		    "another chain came back");
	ring_expect(ring, len == chain->written, "another length came back");
	ring_expect(ring, ring_chain_has(chain),
		    "what was written is elsewhere");
	chain->in_ring = false;
	ring->got++;
	return true;
}

/* As a driver does before it waits for an interrupt */
static void sleep_if_idle(struct ring *ring)
{
	bool delayed = ring_below(2), idle;

	kick(ring);
	idle = delayed ? virtqueue_enable_cb_delayed(ring->vq) :
			 virtqueue_enable_cb(ring->vq);
	ring_expect(ring, delayed || idle == (ring->got == ring->used),
		    "enabling interrupts misses a chain");
	ring->quiet = false;
	ring->driver_sleeps = idle && ring->added > ring->got;
}

void ring_driver_step(struct ring *ring)
{
	u32 n = 1 + ring_below(ring->how.size);

	switch (ring_below(8)) {
	case 0 ... 2:
		while (n-- && add(ring))
			;
		if (ring_below(4))
			kick(ring);
		break;
	case 3 ... 5:
		while (n-- && get(ring))
			;
		break;
	case 6:
		virtqueue_disable_cb(ring->vq);
		ring->quiet = true;
		break;
	default:
		sleep_if_idle(ring);
	}
}

void ring_driver_end(struct ring *ring)
{
	ring_expect(ring, !get(ring) && ring->vq->num_free == ring->how.size,
		    "not all descriptors are free in the end");
	vring_del_virtqueue(ring->vq);
	free(ring->memory);
}
