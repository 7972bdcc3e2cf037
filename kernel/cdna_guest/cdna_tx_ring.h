/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A transmit ring, as its two ends see it: cdna_tx.c fills it, cdna_reclaim.c
 * empties it.
 */
#ifndef CDNA_TX_RING_H
#define CDNA_TX_RING_H

#include "cdna_queue_pair.h"

static inline struct cdna_tx_buf *
cdna_tx_ring_buf(const struct cdna_tx_ring *tx, u32 index)
{
	return &tx->buf[index & (tx->slots - 1)];
}

static inline u32 cdna_tx_ring_room(const struct cdna_tx_ring *tx)
{
	/* Pairs with reclaim_set_cons(): slots before it are empty. */
	u32 cons = smp_load_acquire(&tx->cons);

	return tx->slots - (READ_ONCE(tx->prod) - cons);
}

/* The queue is stopped when it has no room for the largest frame, and woken
 * when it has room for two of them.
 */
static inline u32 cdna_tx_ring_stop_at(const struct cdna_qp *qp)
{
	return qp->dev->caps.max_chain;
}

static inline u32 cdna_tx_ring_wake_at(const struct cdna_qp *qp)
{
	return 2 * qp->dev->caps.max_chain;
}

#endif /* CDNA_TX_RING_H */
