/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long not to try again what the host refused: pure, but for its lock.
 */
#ifndef CDNA_BACKOFF_H
#define CDNA_BACKOFF_H

#include <linux/spinlock.h>
#include <linux/types.h>

#define CDNA_BACKOFF_MIN_MS	1000
#define CDNA_BACKOFF_MAX_MS	16000

/**
 * struct cdna_backoff - a context that was refused memory
 * @lock: protects changes of the rest
 * @until: when to try again, in milliseconds; 0 if nothing was refused
 * @ms: how long it had to wait the last time
 */
struct cdna_backoff {
	spinlock_t lock;	/* changes of the rest */
	u64 until;
	u32 ms;
};

void cdna_backoff_init(struct cdna_backoff *backoff);
bool cdna_backoff_refuses(const struct cdna_backoff *backoff, u64 now);
void cdna_backoff_failed(struct cdna_backoff *backoff, u64 now);

#endif /* CDNA_BACKOFF_H */
