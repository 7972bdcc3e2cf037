// SPDX-License-Identifier: GPL-2.0-only
/*
 * Closed ranges: memory that a thread is taking away from the machine.
 *
 * The IOMMU layer calls dma_unmap of each device of a container, one after
 * another, in the thread that asked for the unmap. Then it looks whether pages of
 * the range are still pinned; if so, it calls all of them again, and after ten
 * such rounds it ends the host with a BUG(). So a range has to stay closed beyond
 * our own callback: until the callbacks of all other contexts have run and the IOMMU
 * layer has removed the range from its table.
 *
 * There is no callback for that moment, but the thread cannot return to user space
 * before it. So the range is closed by a file that nobody can see, and that is put
 * in the callback itself: the kernel releases a file that a thread puts when that
 * thread returns to user space, or ends. That is an order, not a time.
 *
 *                dma_unmap                the thread returns
 *        open ------------> closed -------------------------> open
 *                             |  the caller stops users and unpins,
 *                             |  until no page of it is pinned
 *
 * No page of a closed range is pinned. Pinning makes the page visible in the pin
 * table and then looks for calls; cdna_range_close() adds the call, and then its
 * caller walks the pin table. Either has a full barrier between the two, so at
 * least one of them sees the other. References to pages that are pinned already
 * are refused as well, so that the walk ends.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "guard/cdna_range.h"

/**
 * struct range_call - a thread that is taking memory away
 * @range: from which context; its device is kept allocated
 * @node: place in cdna_range.calls
 * @task: the thread, which has not returned to user space since
 * @first: first guest page number of what it takes away
 * @last: last one, inclusive
 */
struct range_call {
	struct cdna_range *range;
	struct list_head node;
	const struct task_struct *task;
	unsigned long first;
	unsigned long last;
};

/**
 * cdna_range_init - nothing is being taken away
 * @range: part of what @vfio is part of
 * @vfio: the device whose memory it is
 */
void cdna_range_init(struct cdna_range *range, struct vfio_device *vfio)
{
	range->vfio = vfio;
	spin_lock_init(&range->lock);
	INIT_LIST_HEAD(&range->calls);
	range->active = 0;
	range->broken = false;
	range->stopped = false;
}

/**
 * cdna_range_stop - have nothing pinned at all, or let pages be pinned again
 * @range: the ranges of a context
 * @stopped: which
 *
 * A thread that pins looks at it between two pages. If the gate of the context was shut
 * before, a thread that finds no page sees that, too.
 */
void cdna_range_stop(struct cdna_range *range, bool stopped)
{
	/* Pairs with the one in cdna_range_closed(). */
	smp_store_release(&range->stopped, stopped);
	/* Pairs with the one in span_pin_one(). */
	smp_mb();
}

/**
 * cdna_range_closed - whether a page is being taken away right now
 * @range: the ranges of a context
 * @gfn: guest page number
 *
 * Return: true if it must not be pinned, and no reference to it be taken.
 */
bool cdna_range_closed(struct cdna_range *range, unsigned long gfn)
{
	struct range_call *call;
	bool closed;

	/* Pairs with the one in cdna_range_stop(). */
	if (smp_load_acquire(&range->stopped))
		return true;
	if (likely(!READ_ONCE(range->active) && !READ_ONCE(range->broken)))
		return false;
	spin_lock(&range->lock);
	closed = range->broken;
	list_for_each_entry(call, &range->calls, node)
		closed |= gfn >= call->first && gfn <= call->last;
	spin_unlock(&range->lock);
	return closed;
}

/* The thread returns to user space: the IOMMU layer has removed the range. */
static int range_release(struct inode *inode, struct file *file)
{
	struct range_call *call = file->private_data;
	struct cdna_range *range = call->range;
	struct vfio_device *vfio = range->vfio;

	spin_lock(&range->lock);
	list_del(&call->node);
	WRITE_ONCE(range->active, range->active - 1);
	spin_unlock(&range->lock);
	kfree(call);
	put_device(&vfio->device);
	return 0;
}

static const struct file_operations range_fops = {
	.owner = THIS_MODULE,
	.release = range_release,
};

/* A kernel thread never returns to user space, and a file that it puts is released
 * at any time: it has none.
 */
static struct file *range_file(struct cdna_range *range)
{
	struct range_call *call;
	struct file *file;

	if (current->flags & PF_KTHREAD)
		return ERR_PTR(-EINVAL);
	call = kzalloc(sizeof(*call), GFP_KERNEL_ACCOUNT);
	if (!call)
		return ERR_PTR(-ENOMEM);
	call->range = range;
	call->task = current;
	file = anon_inode_getfile("[cdna-range]", &range_fops, call, O_RDONLY);
	if (IS_ERR(file))
		kfree(call);
	return file;
}

/* If the thread cannot be noted, nothing is pinned for the context any longer: the
 * context is lost, not the host.
 */
static void range_add(struct cdna_range *range, unsigned long first,
		      unsigned long last)
{
	struct file *file = range_file(range);
	struct range_call *call;

	if (IS_ERR(file)) {
		WRITE_ONCE(range->broken, true);
		return;
	}
	call = file->private_data;
	call->first = first;
	call->last = last;
	get_device(&range->vfio->device);
	spin_lock(&range->lock);
	list_add(&call->node, &range->calls);
	WRITE_ONCE(range->active, range->active + 1);
	spin_unlock(&range->lock);
	/* Released when the thread returns to user space. */
	fput(file);
}

/* Widen what this thread takes away, if it takes any.
 * Return: its call or NULL; @again: the range was closed by it before.
 */
static struct range_call *range_widen(struct cdna_range *range,
				      unsigned long first, unsigned long last,
				      bool *again)
{
	struct range_call *call, *found = NULL;

	spin_lock(&range->lock);
	list_for_each_entry(call, &range->calls, node) {
		if (call->task != current)
			continue;
		found = call;
		*again = first >= call->first && last <= call->last;
		call->first = min(first, call->first);
		call->last = max(last, call->last);
	}
	spin_unlock(&range->lock);
	return found;
}

/**
 * cdna_range_close - close a range until this thread returns to user space
 * @range: the ranges of a context
 * @first: guest page number
 * @last: guest page number, inclusive
 *
 * Context: process context, in the thread that takes the memory away; may sleep.
 *
 * Return: whether it is the first time since this thread entered the kernel.
 */
bool cdna_range_close(struct cdna_range *range, unsigned long first,
		      unsigned long last)
{
	bool again = false;

	might_sleep();
	if (!range_widen(range, first, last, &again))
		range_add(range, first, last);
	/* Pairs with the one in span_pin_one(). */
	smp_mb();
	return !again;
}
