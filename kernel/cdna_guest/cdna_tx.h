/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A transmit ring, as its two ends see it: cdna_tx.c puts frames in,
 * cdna_reclaim.c takes them out.
 */
#ifndef CDNA_TX_H
#define CDNA_TX_H

#include "cdna_qp.h"

static inline struct cdna_tx_buf *cdna_tx_buf(const struct cdna_tx_ring *tx,
					      u32 index)
{
	return &tx->buf[index & (tx->slots - 1)];
}

static inline u32 cdna_tx_room(const struct cdna_tx_ring *tx)
{
	/* Pairs with reclaim_set_cons(): slots before it are empty. */
	u32 cons = smp_load_acquire(&tx->cons);

	return tx->slots - (READ_ONCE(tx->prod) - cons);
}

/* The queue is stopped when there is not room for any frame, and woken when
 * there is room for two.
 */
static inline u32 cdna_tx_stop_at(const struct cdna_qp *qp)
{
	return qp->dev->caps.max_chain;
}

static inline u32 cdna_tx_wake_at(const struct cdna_qp *qp)
{
	return 2 * qp->dev->caps.max_chain;
}

void cdna_reclaim_unmap(struct cdna_qp *qp, struct cdna_tx_buf *buf);

#endif /* CDNA_TX_H */
