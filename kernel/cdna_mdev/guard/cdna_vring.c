// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest's virtqueue as the source of a queue's descriptors: its three parts are
 * pinned and mapped for as long as the queue lives, and what the walker finds in them
 * becomes descriptors of CDNA_FORMAT_VIRTIO, which are then validated as a guest's own
 * would be.
 *
 * When to look
 *
 * A trap looks at both queues of a pair. So buffers that a guest has posted for receiving are
 * taken when it transmits, and it is asked for a notification of its own only when it
 * has posted half as many as the NIC has left. Two things are noticed in the source
 * handler, and have the rings looked at without the guest (cdna_resume.c): the NIC has
 * no buffer left at all; and it has consumed something while its ring was too full for
 * the next chain. In both cases each side writes first and then, after a barrier, looks
 * at what the other wrote.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "cdna_provider.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_release.h"
#include "guard/cdna_span.h"
#include "guard/cdna_virtq.h"
#include "guard/cdna_virtq_hdr.h"
#include "guard/cdna_vring.h"

/**
 * cdna_vring_read - copy memory of the machine that a chain names
 * @owner: the virtqueue, a struct cdna_vring
 * @addr: guest-physical address
 * @to: buffer of @len bytes
 * @len: bytes; @addr + @len does not wrap
 *
 * The walker reads headers and indirect tables with this: through the pin table, as the NIC
 * does what they name. The guest may change them meanwhile: only the copy counts (I2).
 *
 * Context: may sleep, and pins pages.
 *
 * Return: 0, or an error of pinning.
 */
int cdna_vring_read(void *owner, u64 addr, void *to, u32 len)
{
	struct cdna_vring *vring = owner;
	struct cdna_queue *queue = vring->queue;
	struct cdna_pin *pin;
	u32 n;

	for (; len; addr += n, to += n, len -= n) {
		n = min_t(u32, len, PAGE_SIZE - offset_in_page(addr));
		pin = cdna_span_get(queue->domain, addr, false, &queue->hits);
		if (IS_ERR(pin))
			return PTR_ERR(pin);
		memcpy(to, page_address(pin->page) + offset_in_page(addr), n);
		cdna_pin_put(pin);
	}
	return 0;
}

static const struct cdna_virtq_ops vring_ops = {
	.read = cdna_vring_read,
};

/* What the parts of a virtqueue take, each with its event index */
static size_t vring_desc_bytes(u16 size)
{
	return size * sizeof(struct vring_desc);
}

static size_t vring_avail_bytes(u16 size)
{
	return sizeof(struct vring_avail) + (size + 1) * sizeof(__le16);
}

static size_t vring_used_bytes(u16 size)
{
	return sizeof(struct cdna_used_ring) +
	       size * sizeof(struct cdna_used_elem) + sizeof(__le16);
}

/* Pin a part and map it. Return: where it is, or an error */
static void *vring_map(struct cdna_queue *queue, struct cdna_span *span,
		       void **map, u64 addr, size_t bytes, bool write)
{
	u32 offset = offset_in_page(addr);
	int ret;

	ret = cdna_span_pin(queue->domain, span, addr - offset, offset + bytes,
			    write);
	if (ret)
		return ERR_PTR(ret);
	*map = cdna_span_map(span);
	return *map ? *map + offset : ERR_PTR(-ENOMEM);
}

static int vring_map_all(struct cdna_vring *vring,
			 const struct cdna_vring_params *params)
{
	struct cdna_queue *queue = vring->queue;
	struct cdna_virtq *virtq = &vring->virtq;
	u16 size = params->size;
	void *at;

	at = vring_map(queue, &queue->shadow_span, &vring->map[0], params->desc,
		       vring_desc_bytes(size), false);
	if (IS_ERR(at))
		return PTR_ERR(at);
	virtq->desc = at;
	at = vring_map(queue, &queue->avail_span, &vring->map[1], params->avail,
		       vring_avail_bytes(size), false);
	if (IS_ERR(at))
		return PTR_ERR(at);
	virtq->avail = at;
	at = vring_map(queue, &queue->comp_span, &vring->map[2], params->used,
		       vring_used_bytes(size), true);
	if (IS_ERR(at))
		return PTR_ERR(at);
	virtq->used = at;
	vring->used_offset = offset_in_page(params->used);
	return 0;
}

static void vring_free(struct cdna_vring *vring)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vring->map); i++)
		if (vring->map[i])
			vunmap(vring->map[i]);
	kvfree(vring);
}

/**
 * cdna_vring_create - take a guest's virtqueue
 * @queue: whose descriptors come from it; its spans are filled in
 * @params: the virtqueue, within bounds
 * @offloads: CDNA_OFFLOAD_* of the queue
 *
 * Context: pins pages, so without cdna_domain.lock.
 *
 * Return: 0 or an error; then there is none, but the spans are to be unpinned.
 */
int cdna_vring_create(struct cdna_queue *queue,
		      const struct cdna_vring_params *params, u32 offloads)
{
	struct cdna_vring *vring = kvzalloc(sizeof(*vring), CDNA_SPAN_GFP);
	int ret;

	if (!vring)
		return -ENOMEM;
	vring->queue = queue;
	vring->offloads = offloads;
	spin_lock_init(&vring->news_lock);
	vring->virtq.ops = &vring_ops;
	vring->virtq.owner = vring;
	vring->virtq.size = params->size;
	vring->virtq.control = params->control;
	vring->virtq.write = !params->control && queue->dir == CDNA_DIR_RX;
	vring->virtq.indirect = params->indirect;
	vring->virtq.event_idx = params->event_idx;
	vring->virtq.next = params->place.next;
	vring->virtq.done = params->place.used;
	vring->virtq.signalled = params->place.used;
	vring->virtq.signalled_valid = params->place.moved;
	ret = vring_map_all(vring, params);
	if (ret) {
		vring_free(vring);
		return ret;
	}
	cdna_virtq_settle(&vring->virtq);
	/* The source handler may look at it from now on. */
	rcu_assign_pointer(queue->vring, vring);
	return 0;
}

/**
 * cdna_vring_destroy - undo it
 * @queue: its gate is closed; it may have no virtqueue. Its spans stay
 *
 * Context: may sleep: waits for source handlers.
 */
void cdna_vring_destroy(struct cdna_queue *queue)
{
	struct cdna_vring *vring = rcu_replace_pointer(queue->vring, NULL, true);

	if (!vring)
		return;
	synchronize_rcu();
	vring_free(vring);
}

/* A chain that cannot be sent is a runt of one piece: the NIC drops and completes it. */
static void vring_translate(struct cdna_vring *vring)
{
	struct cdna_virtq_chain *chain = &vring->chain;
	struct cdna_desc_virtio first = {};
	u32 i;

	if (!vring->virtq.write && !chain->drop &&
	    !cdna_virtq_hdr_request(chain->hdr, vring->offloads, &first)) {
		first = (struct cdna_desc_virtio) {};
		chain->pieces = 1;
		chain->piece[0].len = min_t(u32, chain->piece[0].len,
					    sizeof(chain->hdr));
	}
	for (i = 0; i < chain->pieces; i++) {
		vring->piece[i] = i ? (struct cdna_desc_virtio) {} : first;
		vring->piece[i].addr = cpu_to_le64(chain->piece[i].addr);
		vring->piece[i].len = cpu_to_le16(chain->piece[i].len);
		vring->piece[i].head = cpu_to_le16(chain->head);
	}
	vring->piece[i - 1].flags |= cpu_to_le16(CDNA_DESC_EOP);
}

/**
 * cdna_vring_next - the next chain that the guest has made available
 * @vring: the virtqueue; cdna_queue.trap_lock is held
 *
 * Its descriptors are in cdna_vring.piece. cdna_virtq_unget() puts it back.
 *
 * Return: how many these are; 0 if there is no chain; or a negative enum
 * cdna_vfault: the virtqueue is not what it has to be.
 */
int cdna_vring_next(struct cdna_vring *vring)
{
	int ret = cdna_virtq_next(&vring->virtq, &vring->chain);

	if (ret < 0)
		return vring->virtq.error ?
		       -(int)cdna_span_fault(vring->virtq.error) :
		       -(int)vring->virtq.fault;
	if (!ret)
		return 0;
	vring_translate(vring);
	return vring->chain.pieces;
}

/**
 * cdna_vring_begin - look for chains: there may be room for what there was none
 * @vring: the virtqueue; cdna_queue.trap_lock is held
 */
void cdna_vring_begin(struct cdna_vring *vring)
{
	WRITE_ONCE(vring->stalled, false);
}

/**
 * cdna_vring_rest - nothing was left: ask to be notified
 * @vring: the virtqueue; cdna_queue.trap_lock is held
 *
 * Return: true if there is something now.
 */
bool cdna_vring_rest(struct cdna_vring *vring)
{
	struct cdna_queue *queue = vring->queue;
	u32 posted, ahead = 0;

	/* About as many pieces as the last one has */
	if (queue->dir == CDNA_DIR_RX) {
		posted = queue->prod - cdna_release_queue(queue);
		ahead = min(posted / (4 * max(vring->chain.pieces, 1u)),
			    vring->virtq.size / 2u);
	}
	return cdna_virtq_notify_at(&vring->virtq, ahead);
}

/**
 * cdna_vring_stall - the NIC's ring is too full for the next chain
 * @vring: the virtqueue; cdna_queue.trap_lock is held
 * @released: what cdna_release_queue() returned before
 *
 * Return: true if the NIC has consumed something since: try again.
 */
bool cdna_vring_stall(struct cdna_vring *vring, u32 released)
{
	WRITE_ONCE(vring->stalled, true);
	/* Pairs with the one in cdna_vring_news(). */
	smp_mb();
	return cdna_release_queue(vring->queue) != released;
}

/* Is it empty, or was it too full? Then the guest's ring is to be looked at. */
static bool vring_must_resume(struct cdna_queue *queue,
			      const struct cdna_vring *vring)
{
	struct cdna_domain *domain = queue->domain;

	if (READ_ONCE(vring->stalled))
		return true;
	return queue->dir == CDNA_DIR_RX &&
	       cdna_provider_cons(domain->nic, domain->id, queue->qp,
				  queue->dir) == READ_ONCE(queue->prod);
}

/**
 * cdna_vring_news - the NIC has consumed something of a queue's pair
 * @queue: a queue of the pair; it may have no virtqueue
 * @resume: gets its bit, by CDNA_VQUEUE(), if the guest's ring is to be looked at
 *	without the guest
 *
 * Context: atomic: a source handler.
 *
 * Return: whether its guest wants an interrupt.
 */
bool cdna_vring_news(struct cdna_queue *queue, unsigned long *resume)
{
	struct cdna_vring *vring;
	unsigned long flags;
	bool wants = false;

	rcu_read_lock();
	vring = rcu_dereference(queue->vring);
	if (vring && READ_ONCE(queue->state) == CDNA_QUEUE_RUNNING) {
		/* Pairs with the one in cdna_vring_stall(); and with the guest's,
		 * between its event index and the used index.
		 */
		smp_mb();
		if (vring_must_resume(queue, vring))
			*resume |= BIT(CDNA_VQUEUE(queue->qp, queue->dir));
		spin_lock_irqsave(&vring->news_lock, flags);
		wants = cdna_virtq_wants(&vring->virtq);
		spin_unlock_irqrestore(&vring->news_lock, flags);
	}
	rcu_read_unlock();
	return wants;
}
