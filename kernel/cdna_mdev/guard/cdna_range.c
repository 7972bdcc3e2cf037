// SPDX-License-Identifier: GPL-2.0-only
/*
 * A closed range: while it is being unmapped, no new references to its pages are
 * given out; for a moment afterwards, pinning one of them waits.
 *
 * The IOMMU layer takes the range out some time after dma_unmap returned, and
 * complains loudly if it finds pages pinned again too often. A guest that names
 * such memory meanwhile has to wait this long.
 *
 * "Some time" is what other contexts of the machine take for the same range. If
 * that was longer, so that the range comes again, we wait longer, and hurry:
 * contexts of a hostile machine cannot keep the range alive by taking turns.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched.h>

#include "guard/cdna_range.h"

#define RANGE_SETTLE_MS		20
#define RANGE_MAX_ROUNDS	6	/* that double it */
#define RANGE_FORGET		(600 * HZ)

/**
 * cdna_range_init - nothing is being taken away
 * @range: the range
 */
void cdna_range_init(struct cdna_range *range)
{
	spin_lock_init(&range->lock);
	range->active = 0;
	range->first = 1;
	range->last = 0;
	range->rounds = 0;
	range->settled = jiffies;
}

static bool range_has(const struct cdna_range *range, unsigned long gfn)
{
	return gfn >= range->first && gfn <= range->last;
}

/**
 * cdna_range_hits - whether a page is being taken away right now
 * @range: the range
 * @gfn: guest page number
 *
 * Return: true if no reference to it may be taken.
 */
bool cdna_range_hits(struct cdna_range *range, unsigned long gfn)
{
	bool hits;

	if (likely(!READ_ONCE(range->active)))
		return false;
	spin_lock(&range->lock);
	hits = range->active && range_has(range, gfn);
	spin_unlock(&range->lock);
	return hits;
}

/**
 * cdna_range_settle - wait until a page that was taken away is certainly gone
 * @range: the range
 * @gfn: guest page number that is about to be pinned
 *
 * Context: may sleep; no lock is held that dma_unmap takes.
 */
void cdna_range_settle(struct cdna_range *range, unsigned long gfn)
{
	long wait = 0;

	spin_lock(&range->lock);
	if (range_has(range, gfn))
		wait = range->settled - jiffies;
	spin_unlock(&range->lock);
	if (wait > 0)
		schedule_timeout_uninterruptible(wait);
}

/* When the range has certainly been taken out, if dma_unmap returns now */
static unsigned long range_settled(const struct cdna_range *range)
{
	return jiffies + msecs_to_jiffies(RANGE_SETTLE_MS <<
					  (range->rounds - 1));
}

/**
 * cdna_range_begin - close a range
 * @range: the range
 * @first: guest page number
 * @last: guest page number, inclusive
 *
 * Return: whether it is the first time that this range is taken away.
 */
bool cdna_range_begin(struct cdna_range *range, unsigned long first,
		      unsigned long last)
{
	unsigned int rounds;

	spin_lock(&range->lock);
	if (first != range->first || last != range->last ||
	    time_after(jiffies, range->settled + RANGE_FORGET))
		range->rounds = 0;
	if (range->active++) {
		first = min(first, range->first);
		last = max(last, range->last);
	}
	range->first = first;
	range->last = last;
	if (range->rounds < RANGE_MAX_ROUNDS)
		range->rounds++;
	rounds = range->rounds;
	range->settled = range_settled(range);
	spin_unlock(&range->lock);
	return rounds == 1;
}

/**
 * cdna_range_end - no page of it is pinned any more
 * @range: the range, from cdna_range_begin()
 */
void cdna_range_end(struct cdna_range *range)
{
	spin_lock(&range->lock);
	range->active--;
	range->settled = range_settled(range);
	spin_unlock(&range->lock);
}
