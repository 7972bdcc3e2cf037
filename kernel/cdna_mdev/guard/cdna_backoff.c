// SPDX-License-Identifier: GPL-2.0-only
/*
 * Back off from what the host refused. The IOMMU layer logs each page that the limit
 * of locked memory does not allow (RLIMIT_MEMLOCK), and a guest chooses how often it
 * names such pages: so once one was refused, the host is not asked for some time.
 *
 * That time doubles if the next page after it is refused as well, and begins again
 * when there was none for as long again.
 */
#include <linux/minmax.h>

#include "guard/cdna_backoff.h"

/**
 * cdna_backoff_init - nothing was refused
 * @backoff: the context's
 */
void cdna_backoff_init(struct cdna_backoff *backoff)
{
	spin_lock_init(&backoff->lock);
	backoff->until = 0;
	backoff->ms = 0;
}

/**
 * cdna_backoff_refuses - whether to refuse without asking the host
 * @backoff: the context's
 * @now: milliseconds
 *
 * Return: true until the time is over.
 */
bool cdna_backoff_refuses(const struct cdna_backoff *backoff, u64 now)
{
	return now < READ_ONCE(backoff->until);
}

/**
 * cdna_backoff_failed - the host refused
 * @backoff: the context's
 * @now: milliseconds
 *
 * Several threads may have asked before one of them was refused: they count as one.
 */
void cdna_backoff_failed(struct cdna_backoff *backoff, u64 now)
{
	spin_lock(&backoff->lock);
	if (now >= backoff->until) {
		backoff->ms = now < backoff->until + backoff->ms ?
			      min(2 * backoff->ms, CDNA_BACKOFF_MAX_MS) :
			      CDNA_BACKOFF_MIN_MS;
		WRITE_ONCE(backoff->until, now + backoff->ms);
	}
	spin_unlock(&backoff->lock);
}
