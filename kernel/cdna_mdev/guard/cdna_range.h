/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ranges of guest memory that are being unmapped: no page of them may be used.
 */
#ifndef CDNA_RANGE_H
#define CDNA_RANGE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct vfio_device;

/**
 * struct cdna_range - memory that is being taken away (I9)
 * @vfio: the device whose memory it is
 * @lock: protects the rest
 * @calls: threads that are taking memory away, struct range_call
 * @active: how many; may be read without @lock
 * @broken: a thread could not be noted: nothing is pinned any longer. Only set
 * @stopped: nothing is pinned, because the context was revoked
 */
struct cdna_range {
	struct vfio_device *vfio;
	spinlock_t lock;	/* the rest */
	struct list_head calls;
	unsigned int active;
	bool broken;
	bool stopped;
};

void cdna_range_init(struct cdna_range *range, struct vfio_device *vfio);
bool cdna_range_close(struct cdna_range *range, unsigned long first,
		      unsigned long last);
void cdna_range_stop(struct cdna_range *range, bool stopped);
bool cdna_range_closed(struct cdna_range *range, unsigned long gfn);

#endif /* CDNA_RANGE_H */
