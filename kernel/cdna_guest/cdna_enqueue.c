// SPDX-License-Identifier: GPL-2.0-only
/*
 * The enqueue wrapper, the only file that knows how the host and the NIC are
 * notified (paper 5.3). A batch of descriptors takes three steps:
 *
 *   tail      is stored in the tail page: up to here the host may take
 *   trap      by the doorbell page or the register: the host takes everything
 *             up to all tails. A NIC that translates addresses itself will
 *             need neither; until there is one, probe refuses a device without
 *             any
 *   mailbox   up to here the NIC may take; unless the host writes it
 *
 * A mailbox must never name more than the host has taken, nor go backwards, so
 * tails are read before the trap, and the values that were read are written to
 * the mailboxes after it, all under the pair's lock.
 *
 * A trap is expensive, so two kinds of descriptors wait for another trap.
 * Receive buffers wait for the next transmit as long as the NIC has enough of
 * them. What the processor that polls the pair transmits meanwhile waits for
 * the end of the poll: TCP answers there, and each acknowledgment would need a
 * trap of its own.
 *
 * The lock disables interrupts: netconsole may transmit a message that is
 * printed in an interrupt. Such a message does not wait: the poll that it
 * interrupts may never end. The stack transmits with interrupts enabled.
 */
#include <linux/io.h>

#include "cdna_enqueue.h"

#define ENQUEUE_NO_CPU			(-1)

static void enqueue_publish(struct cdna_qp *qp, u32 dir, u32 *tail, u32 prod)
{
	__le32 *page = &qp->dev->tails->tail[CDNA_VQUEUE(qp->id, dir)];

	/* Pairs with the host's smp_load_acquire() of the tail page: a reader
	 * that sees the tail sees the descriptors.
	 */
	smp_store_release(page, cpu_to_le32(prod));
	/* Pairs with enqueue_tail(): a processor that sees the tail there and
	 * traps has the host see it in the page.
	 */
	smp_store_release(tail, prod);
}

static u32 enqueue_tail(const u32 *tail)
{
	/* Pairs with enqueue_publish() */
	return smp_load_acquire(tail);
}

/* The doorbell page is memory for the driver, and a store to it traps. The
 * value does not matter, but tails must be in memory before it: pairs with the
 * host's smp_load_acquire() of the tail page.
 */
static void enqueue_ring_page(struct cdna_dev *dev, u32 value)
{
	dma_wmb();
	WRITE_ONCE(*dev->doorbell, value);
}

static void enqueue_trap(struct cdna_qp *qp, u32 value)
{
	struct cdna_dev *dev = qp->dev;

	if (dev->features & CDNA_VFEAT_TRAP_PAGE) {
		enqueue_ring_page(dev, value);
		cdna_qp_count(qp, CDNA_BY_ENQUEUE, CDNA_COUNT_TRAPS_PAGE);
	} else if (dev->features & CDNA_VFEAT_TRAP_REG) {
		dev->bus->trap(dev, value);
		cdna_qp_count(qp, CDNA_BY_ENQUEUE, CDNA_COUNT_TRAPS_REGISTER);
	}
}

static void enqueue_mailbox(struct cdna_qp *qp, u32 which, u32 value)
{
	u32 mbox = CDNA_MBOX(qp->id, which);

	/* writel() orders it after descriptors and tails. */
	writel(value, qp->dev->mbox + CDNA_MBOX_OFFSET(mbox));
	cdna_qp_count(qp, CDNA_BY_ENQUEUE, CDNA_COUNT_MAILBOX_WRITES);
}

static void enqueue_ring(struct cdna_qp *qp, u32 which, u32 *rung, u32 tail)
{
	if (*rung == tail)
		return;
	*rung = tail;
	if (!(qp->dev->features & CDNA_VFEAT_HOST_MAILBOX))
		enqueue_mailbox(qp, which, tail);
}

/* Hand over everything up to the present tails. */
static void enqueue_run(struct cdna_qp *qp)
{
	u32 tx, rx;

	lockdep_assert_held(&qp->lock);
	tx = enqueue_tail(&qp->tx.tail);
	rx = enqueue_tail(&qp->rx.tail);
	enqueue_trap(qp, tx);
	enqueue_ring(qp, CDNA_MBOX_TX_PROD, &qp->tx_rung, tx);
	enqueue_ring(qp, CDNA_MBOX_RX_PROD, &qp->rx_rung, rx);
}

/* Does the NIC have less than half a ring of buffers, and are there more? */
static bool enqueue_rx_low(const struct cdna_qp *qp)
{
	const struct cdna_rx_ring *rx = &qp->rx;

	/* The NIC may have more: a trap of any pair posts for all. */
	return rx->tail != qp->rx_rung &&
	       (s32)(qp->rx_rung - rx->cons) < (s32)(rx->slots / 2);
}

/**
 * cdna_enqueue_reset - let both rings begin at 0
 * @qp: queue pair whose queues do not exist in the device
 */
void cdna_enqueue_reset(struct cdna_qp *qp)
{
	enqueue_publish(qp, CDNA_DIR_TX, &qp->tx.tail, 0);
	enqueue_publish(qp, CDNA_DIR_RX, &qp->rx.tail, 0);
	qp->tx_rung = 0;
	qp->rx_rung = 0;
	qp->poll_cpu = ENQUEUE_NO_CPU;
}

/**
 * cdna_enqueue_tx - hand over a batch of frames
 * @qp: queue pair
 * @prod: free-running index one past its last descriptor
 *
 * Traps, unless this processor is in the poll of the pair, which traps at its
 * end.
 *
 * Context: Bottom halves or interrupts disabled.
 */
void cdna_enqueue_tx(struct cdna_qp *qp, u32 prod)
{
	bool may_wait = !irqs_disabled();
	unsigned long flags;

	enqueue_publish(qp, CDNA_DIR_TX, &qp->tx.tail, prod);
	spin_lock_irqsave(&qp->lock, flags);
	if (may_wait && qp->poll_cpu == smp_processor_id())
		cdna_qp_count(qp, CDNA_BY_ENQUEUE, CDNA_COUNT_TX_DEFERRED);
	else if (qp->tx.tail != qp->tx_rung)
		enqueue_run(qp);
	spin_unlock_irqrestore(&qp->lock, flags);
}

/**
 * cdna_enqueue_rx - have the next trap hand over receive buffers
 * @qp: queue pair
 * @prod: free-running index one past the last one
 *
 * Context: NAPI poll of the queue pair.
 */
void cdna_enqueue_rx(struct cdna_qp *qp, u32 prod)
{
	enqueue_publish(qp, CDNA_DIR_RX, &qp->rx.tail, prod);
}

/**
 * cdna_enqueue_hold - defer transmits until cdna_enqueue_release()
 * @qp: queue pair, whose poll begins
 *
 * Only those of this processor are deferred: it is the one that ends the poll.
 *
 * Context: NAPI poll of the queue pair, or netpoll.
 */
void cdna_enqueue_hold(struct cdna_qp *qp)
{
	unsigned long flags;

	spin_lock_irqsave(&qp->lock, flags);
	qp->poll_cpu = smp_processor_id();
	spin_unlock_irqrestore(&qp->lock, flags);
}

/**
 * cdna_enqueue_release - trap once for all that was deferred, if necessary
 * @qp: queue pair, whose poll ends
 *
 * Context: NAPI poll of the queue pair, or netpoll.
 */
void cdna_enqueue_release(struct cdna_qp *qp)
{
	unsigned long flags;

	spin_lock_irqsave(&qp->lock, flags);
	qp->poll_cpu = ENQUEUE_NO_CPU;
	if (READ_ONCE(qp->tx.tail) != qp->tx_rung) {
		enqueue_run(qp);
	} else if (enqueue_rx_low(qp)) {
		cdna_qp_count(qp, CDNA_BY_ENQUEUE, CDNA_COUNT_TRAPS_REFILL);
		enqueue_run(qp);
	}
	spin_unlock_irqrestore(&qp->lock, flags);
}

/**
 * cdna_enqueue_rearm - request an interrupt for the next event
 * @qp: queue pair
 * @event: last cdna_qp_status.event that was processed
 *
 * Pairs with fw_intr_rearm() in a NIC that notices the store: it compares @event
 * with the last one that it published, and interrupts immediately if that is later,
 * so there is no need to look at the status again.
 *
 * Where the trap rings mailboxes, the store may not be noticed: who publishes news
 * looks at the mailbox afterwards, and so do we at the news after the store. One of
 * the two sees what the other wrote.
 *
 * Context: NAPI poll of the queue pair, or netpoll.
 */
void cdna_enqueue_rearm(struct cdna_qp *qp, u32 event)
{
	u32 mbox = CDNA_MBOX(qp->id, CDNA_MBOX_REARM);

	writel(event, qp->dev->mbox + CDNA_MBOX_OFFSET(mbox));
	if (!(qp->dev->features & CDNA_VFEAT_HOST_MAILBOX))
		return;
	/* Pairs with the one of the host between news and mailbox, which has
	 * processors even if this kernel was built for one.
	 */
	virt_mb();
	if (cdna_qp_status(qp, event) != event)
		napi_schedule(&qp->napi);
}
