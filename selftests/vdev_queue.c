// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues of a context: their creation, descriptors, completions, interrupts.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vdev.h"

uint32_t vdev_activate(struct vdev *dev)
{
	/* Where it is offered, it has to be accepted. */
	dev->features |= vdev_read(dev, CDNA_VREG_FEATURES) &
			 CDNA_VFEAT_HOST_MAILBOX;
	vdev_write(dev, CDNA_VREG_ARG_FEATURES, dev->features);
	vdev_write64(dev, CDNA_VREG_ARG_STATUS_LO, dev->iova + MEM_STATUS);
	vdev_write64(dev, CDNA_VREG_ARG_TAILS_LO, dev->iova + MEM_TAILS);
	memset(dev->mem + MEM_STATUS, 0, 4096);
	memset(dev->mem + MEM_TAILS, 0, 4096);
	return vdev_command(dev, CDNA_VCMD_ACTIVATE);
}

uint32_t vdev_queue(struct vdev *dev, uint32_t qp, uint32_t dir, uint32_t slots)
{
	return vdev_queue_as(dev, CDNA_VQUEUE(qp, dir), slots,
			     CDNA_FORMAT_COMPACT,
			     dir == CDNA_DIR_TX ? CDNA_OFFLOAD_SG : 0);
}

uint32_t vdev_queue_as(struct vdev *dev, uint32_t number, uint32_t slots,
		       uint32_t format, uint32_t offloads)
{
	uint32_t dir = number % CDNA_NR_DIRS, ret;

	vdev_write(dev, CDNA_VREG_ARG_QUEUE, number);
	vdev_write(dev, CDNA_VREG_ARG_FORMAT, format);
	vdev_write(dev, CDNA_VREG_ARG_SLOTS, slots);
	vdev_write(dev, CDNA_VREG_ARG_OFFLOADS, offloads);
	vdev_write64(dev, CDNA_VREG_ARG_RING_LO, dev->iova +
		     (dir == CDNA_DIR_TX ? MEM_TX_RING : MEM_RX_RING));
	vdev_write64(dev, CDNA_VREG_ARG_COMP_LO, dev->iova + MEM_RX_COMP);
	ret = vdev_command(dev, CDNA_VCMD_QUEUE_CREATE);
	if (!ret && dir == CDNA_DIR_RX && !vdev_plugged(dev))
		fprintf(stderr, "the port is not in a bridge\n");
	return ret;
}

/* Queue pair 0 and half a ring of receive buffers */
uint32_t vdev_start(struct vdev *dev)
{
	uint32_t ret, i;

	dev->tx_prod = 0;
	dev->rx_prod = 0;
	dev->rx_seen = 0;
	ret = vdev_activate(dev);
	if (!ret)
		ret = vdev_queue(dev, 0, CDNA_DIR_TX, VDEV_SLOTS);
	if (!ret)
		ret = vdev_queue(dev, 0, CDNA_DIR_RX, VDEV_SLOTS);
	if (ret)
		return ret;
	for (i = 0; i < VDEV_SLOTS / 2; i++)
		vdev_repost(dev);
	vdev_trap(dev);
	vdev_ring(dev);
	return 0;
}

static struct cdna_tail_page *vdev_tails(struct vdev *dev)
{
	return (struct cdna_tail_page *)(dev->mem + MEM_TAILS);
}

/* Create transmit queue 0 again */
uint32_t vdev_remake_tx(struct vdev *dev, uint32_t format, uint32_t offloads)
{
	const uint32_t tx = CDNA_VQUEUE(0, CDNA_DIR_TX);
	uint32_t ret;

	vdev_write(dev, CDNA_VREG_ARG_QUEUE, tx);
	ret = vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY);
	dev->tx_prod = 0;
	vdev_tails(dev)->tail[tx] = 0;
	return ret ? ret : vdev_queue_as(dev, tx, VDEV_SLOTS, format,
					 offloads);
}

const struct cdna_qp_status *vdev_status(struct vdev *dev)
{
	return (const struct cdna_qp_status *)(dev->mem + MEM_STATUS);
}

static void vdev_post(struct vdev *dev, size_t ring, uint32_t dir,
		      uint32_t *prod, struct cdna_desc_compact desc)
{
	struct cdna_desc_compact *slots = (void *)(dev->mem + ring);

	slots[*prod % VDEV_SLOTS] = desc;
	(*prod)++;
	__atomic_store_n(&vdev_tails(dev)->tail[CDNA_VQUEUE(0, dir)], *prod,
			 __ATOMIC_RELEASE);
}

void vdev_post_tx(struct vdev *dev, uint64_t addr, uint32_t len, uint32_t flags)
{
	vdev_post(dev, MEM_TX_RING, CDNA_DIR_TX, &dev->tx_prod,
		  (struct cdna_desc_compact) {
			  .addr = addr, .len = len, .flags = flags });
}

void vdev_post_rx(struct vdev *dev, uint64_t addr, uint32_t len)
{
	vdev_post(dev, MEM_RX_RING, CDNA_DIR_RX, &dev->rx_prod,
		  (struct cdna_desc_compact) { .addr = addr, .len = len });
}

void vdev_trap(struct vdev *dev)
{
	vdev_write(dev, CDNA_VREG_TRAP, 0);
}

void vdev_ring(struct vdev *dev)
{
	__sync_synchronize();
	dev->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = dev->tx_prod;
	dev->mbox[CDNA_MBOX(0, CDNA_MBOX_RX_PROD)] = dev->rx_prod;
}

/* Poll until @cond, for at most @ms; the value of @cond at the end */
#define WAIT_FOR(cond, ms)						\
	({								\
		int left = ms;						\
		bool ok;						\
									\
		while (!(ok = (cond)) && left-- > 0)			\
			usleep(1000);					\
		ok;							\
	})

static uint32_t load(const __le32 *from)
{
	return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}

bool vdev_tx_done(struct vdev *dev, int ms)
{
	return WAIT_FOR(load(&vdev_status(dev)->tx_cons) == dev->tx_prod, ms);
}

bool vdev_tx_reaches(struct vdev *dev, uint32_t cons, int ms)
{
	return WAIT_FOR(load(&vdev_status(dev)->tx_cons) == cons, ms);
}

bool vdev_interrupted(struct vdev *dev, unsigned int vector, int ms)
{
	struct pollfd wait = { .fd = dev->event[vector], .events = POLLIN };
	uint64_t count;

	return poll(&wait, 1, ms) == 1 &&
	       read(dev->event[vector], &count, sizeof(count)) == sizeof(count);
}

uint32_t vdev_wait_state(struct vdev *dev, uint32_t queue, uint32_t state,
			 int ms)
{
	WAIT_FOR(vdev_report(dev, queue).state == state, ms);
	return vdev_report(dev, queue).state;
}

/* Receive buffers are posted in a circle, so the index identifies them. */
const uint8_t *vdev_rx_buf(struct vdev *dev, uint32_t index)
{
	return dev->mem + MEM_RX_BUF + index % (VDEV_SLOTS / 2) * MEM_BUF;
}

void vdev_repost(struct vdev *dev)
{
	vdev_post_rx(dev, dev->iova + MEM_RX_BUF +
		     dev->rx_prod % (VDEV_SLOTS / 2) * MEM_BUF, MEM_BUF);
}

bool vdev_rx_next(struct vdev *dev, struct cdna_rx_completion *comp, int ms)
{
	const struct cdna_rx_completion *ring = (void *)(dev->mem +
							 MEM_RX_COMP);

	if (!WAIT_FOR(load(&vdev_status(dev)->rx_comp_prod) != dev->rx_seen,
		      ms))
		return false;
	*comp = ring[dev->rx_seen++ % VDEV_SLOTS];
	return true;
}
