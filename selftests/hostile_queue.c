// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hostile descriptors. Those of wild contexts are anything, and change while they
 * are taken; those of measured contexts are wrong in one way, which the host has to
 * find.
 */
#include <linux/if_ether.h>
#include <string.h>

#include "hostile.h"

#define REPORT_ACCEPTED	(offsetof(struct cdna_vdev_report, accepted))

/* Memory of the machine that is there, comes and goes, or was never there */
static uint64_t any_address(struct vdev *dev, struct rng *rng)
{
	switch (rng_below(rng, 32)) {
	case 0:
		return rng_next(rng);
	case 1:
		return ~0ull - rng_below(rng, 8192);
	case 2:
		return HOSTILE_READONLY_IOVA + rng_below(rng, 4096);
	case 3:
		return dev->iova + rng_below(rng, VDEV_MEMORY);
	case 4 ... 15:
		return HOSTILE_RANGE_IOVA +
		       rng_below(rng, HOSTILE_RANGE_BYTES / 4096) * 4096ull;
	default:
		return dev->iova + MEM_TX_BUF +
		       rng_below(rng, VDEV_SLOTS) * MEM_BUF;
	}
}

static uint32_t any_length(struct rng *rng)
{
	switch (rng_below(rng, 64)) {
	case 0:
		return 0;
	case 1:
		return rng_next(rng);
	default:
		return 14 + rng_below(rng, 1500);
	}
}

static uint32_t any_flags(struct rng *rng)
{
	switch (rng_below(rng, 64)) {
	case 0:
		return rng_next(rng);
	case 1:
		return 0;
	default:
		return CDNA_DESC_EOP;
	}
}

static struct cdna_desc_compact *slot_of(struct vdev *dev, uint32_t dir,
					 uint32_t index)
{
	struct cdna_desc_compact *ring =
		(void *)(dev->mem + (dir == CDNA_DIR_TX ? MEM_TX_RING :
							  MEM_RX_RING));

	return ring + index % VDEV_SLOTS;
}

static __le32 *tail_of(struct vdev *dev, uint32_t number)
{
	struct cdna_tail_page *tails = (void *)(dev->mem + MEM_TAILS);

	return &tails->tail[number];
}

/* A queue of a wild context gets new descriptors, up to an index that may be true */
void hostile_descriptors(struct vdev *dev, struct rng *rng)
{
	uint32_t number = rng_below(rng, 4), dir = number % CDNA_NR_DIRS;
	uint32_t count = rng_below(rng, VDEV_SLOTS / 2), tail, i;

	tail = vdev_read(dev, CDNA_VREG_REPORT_OF(number) + REPORT_ACCEPTED);
	for (i = 0; i < count; i++)
		*slot_of(dev, dir, tail + i) = (struct cdna_desc_compact) {
			.addr = any_address(dev, rng),
			.len = any_length(rng),
			.flags = any_flags(rng),
			.seq = rng_next(rng),
		};
	tail += rng_below(rng, 64) ? count : rng_below(rng, 4 * VDEV_SLOTS);
	__atomic_store_n(tail_of(dev, number), tail, __ATOMIC_RELEASE);
	vdev_trap(dev);
	tail = vdev_read(dev, CDNA_VREG_REPORT_OF(number) + REPORT_ACCEPTED);
	if (!rng_below(rng, 64))
		tail += rng_next(rng);
	dev->mbox[CDNA_MBOX(number / CDNA_NR_DIRS, dir)] = tail;
	hostile_tried(count + 4);
}

/* Change what was posted, and what the NIC writes, between good and bad. */
void hostile_scribble(struct vdev *dev, struct rng *rng)
{
	volatile struct cdna_desc_compact *slot;
	uint32_t i;

	for (i = 0; i < 64; i++) {
		slot = slot_of(dev, rng_below(rng, CDNA_NR_DIRS),
			       rng_below(rng, VDEV_SLOTS));
		slot->addr = any_address(dev, rng);
		slot->len = any_length(rng);
		slot->flags = any_flags(rng);
	}
	dev->mem[MEM_STATUS + rng_below(rng, 4096)] = rng_next(rng);
	if (!rng_below(rng, 16))
		*tail_of(dev, rng_below(rng, CDNA_VDEV_NR_QUEUES)) +=
			rng_below(rng, 8);
	hostile_tried(65);
}

/* A descriptor that is wrong in one way, for the host to find */
struct wrong {
	struct cdna_desc_compact desc;
	uint32_t dir;
	uint32_t fault;
};

static void make_unmapped(struct rng *rng, struct wrong *wrong)
{
	wrong->fault = CDNA_VFAULT_UNMAPPED;
	switch (rng_below(rng, 3)) {
	case 0:
		wrong->desc.addr = 0x7000000000ull +
				   rng_next(rng) % (1ull << 55) / 64 * 64;
		break;
	case 1:
		wrong->desc.addr = ~0ull - 63;
		break;
	default:
		wrong->desc.addr = VDEV_IOVA - 64 - rng_below(rng, 1 << 20) *
				   4096ull;
		break;
	}
}

static void make_wrong(struct vdev *dev, struct rng *rng, struct wrong *wrong)
{
	uint32_t within = 1 + rng_below(rng, 4095);

	*wrong = (struct wrong) {
		.desc = { .addr = dev->iova + MEM_TX_BUF, .len = 64,
			  .flags = CDNA_DESC_EOP },
		.dir = rng_below(rng, 4) ? CDNA_DIR_TX : CDNA_DIR_RX,
	};
	switch (rng_below(rng, 5)) {
	case 0:
		wrong->desc.len = rng_below(rng, 2) ? 0 :
				  4097 + rng_below(rng, 65536 - 4097);
		wrong->fault = CDNA_VFAULT_LENGTH;
		break;
	case 1:
		wrong->desc.addr += within;
		wrong->desc.len = 4097 - within + rng_below(rng, within);
		wrong->fault = CDNA_VFAULT_CROSSING;
		break;
	case 2:
		wrong->dir = CDNA_DIR_TX;
		wrong->desc.flags |= 2u << rng_below(rng, 15);
		wrong->fault = CDNA_VFAULT_FLAGS;
		break;
	case 3:
		wrong->dir = CDNA_DIR_RX;
		wrong->desc.addr = HOSTILE_READONLY_IOVA;
		wrong->fault = CDNA_VFAULT_READONLY;
		break;
	default:
		make_unmapped(rng, wrong);
		break;
	}
}

/* The host has to stop at @index, before which all are valid. */
static void expect_stop(struct vdev *dev, uint32_t dir, uint32_t index,
			uint32_t fault)
{
	struct cdna_vdev_report report = vdev_report(dev, dir);

	if (report.accepted == index && report.index == index &&
	    report.state == CDNA_QUEUE_FAULTED && report.fault == fault)
		return;
	hostile_harm("queue %u: descriptor %u should stop it with %u; %u were taken; state %u, fault %u at %u",
		     dir, index, fault, report.accepted, report.state,
		     report.fault, report.index);
}

static bool ready(struct vdev *dev)
{
	uint32_t ret;

	if (vdev_read(dev, CDNA_VREG_STATE) == CDNA_CTX_ACTIVE &&
	    vdev_report(dev, CDNA_DIR_RX).state == CDNA_QUEUE_RUNNING) {
		ret = vdev_remake_tx(dev, CDNA_FORMAT_COMPACT,
				     CDNA_OFFLOAD_SG);
	} else {
		vdev_command(dev, CDNA_VCMD_RESET);
		ret = vdev_start(dev);
	}
	if (ret)
		hostile_harm("%s: cannot begin again: result %u", dev->uuid,
			     ret);
	return !ret;
}

/* Its memory is taken away under it; then it must be possible to begin again. */
static void withdraw(struct vdev *dev)
{
	pthread_mutex_lock(&hostile.unmap);
	if (vdev_unmap(dev, dev->iova, VDEV_MEMORY))
		hostile_harm("%s: memory cannot be unmapped", dev->uuid);
	pthread_mutex_unlock(&hostile.unmap);
	if (vdev_read(dev, CDNA_VREG_STATE) == CDNA_CTX_ACTIVE)
		hostile_harm("%s: uses memory that was unmapped", dev->uuid);
	if (vdev_map(dev, dev->mem, dev->iova, VDEV_MEMORY, 3))
		hostile_harm("%s: memory cannot be mapped", dev->uuid);
	hostile_tried(3);
}

static void post(struct vdev *dev, const struct wrong *wrong, bool valid)
{
	const struct cdna_desc_compact good = {
		.addr = dev->iova + MEM_TX_BUF, .len = 64,
		.flags = CDNA_DESC_EOP,
	};
	const struct cdna_desc_compact *desc = valid ? &good : &wrong->desc;

	if (wrong->dir == CDNA_DIR_TX)
		vdev_post_tx(dev, desc->addr, desc->len, desc->flags);
	else
		vdev_post_rx(dev, desc->addr, desc->len);
}

/* Bogus descriptors one at a time, where each has one right answer */
void hostile_measured(struct vdev *dev, struct rng *rng)
{
	uint32_t good = rng_below(rng, VDEV_SLOTS / 4), stop, i;
	struct wrong wrong;

	if (!rng_below(rng, 64))
		withdraw(dev);
	if (!ready(dev))
		return;
	make_wrong(dev, rng, &wrong);
	for (i = 0; i < good; i++)
		post(dev, &wrong, true);
	stop = wrong.dir == CDNA_DIR_TX ? dev->tx_prod : dev->rx_prod;
	if (wrong.dir == CDNA_DIR_TX && !rng_below(rng, 8)) {
		/* A frame that does not end */
		for (i = 0; i < CDNA_MAX_CHAIN; i++)
			vdev_post_tx(dev, dev->iova + MEM_TX_BUF, 64, 0);
		stop += CDNA_MAX_CHAIN - 1;
		wrong.fault = CDNA_VFAULT_CHAIN;
	} else {
		post(dev, &wrong, false);
	}
	/* What follows must not be taken, either. */
	post(dev, &wrong, true);
	vdev_trap(dev);
	expect_stop(dev, wrong.dir, stop, wrong.fault);
	dev->mbox[CDNA_MBOX(0, wrong.dir)] = stop;
	hostile_tried(good + 16);
}
