// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consumer indices: first to the host's table, which pages are released by, then to
 * the guest's status page; then an interrupt, if the guest wants one.
 *
 * A guest says so in the re-arm mailbox, which is memory: no store into it is
 * noticed. Each side writes first, executes a full barrier, and looks at what the
 * other wrote, so one of the two sees the other's (Documentation/abi-guest.rst).
 *
 * A virtio queue has a used ring, which is written before all of these, and no such mailbox:
 * the host gets each interrupt, and decides whether the guest does.
 */
#include <linux/hrtimer.h>
#include <linux/slab.h>

#include "softnic.h"
#include "softnic_compat.h"
#include "softnic_ring.h"
#include "softnic_status.h"

/* The guest may write it at any time. */
static u32 status_rearmed(const struct softnic_qp *qp)
{
	const __le32 *mbox = page_address(qp->ctx->partition);

	return le32_to_cpu(READ_ONCE(mbox[CDNA_MBOX(qp->id,
						    CDNA_MBOX_REARM)]));
}

/**
 * softnic_status_raise - interrupt the guest, whether it wants that or not
 * @qp: queue pair; its lock is held
 */
void softnic_status_raise(struct softnic_qp *qp)
{
	const struct softnic_source *source;
	struct softnic_ctx *ctx = qp->ctx;

	lockdep_assert_held(&qp->lock);

	qp->intr.due = false;
	qp->intr.news = 0;
	rcu_read_lock();
	source = rcu_dereference(qp->source);
	if (source) {
		atomic64_inc(&ctx->nic->provider.vectors);
		source->fn(source->data);
		softnic_count(ctx, CDNA_CSTAT_INTERRUPTS, 1);
		softnic_count_qp(qp, CDNA_QSTAT_INTERRUPTS, 1);
	}
	rcu_read_unlock();
}

static enum hrtimer_restart status_waited(struct hrtimer *timer)
{
	struct softnic_qp *qp = container_of(timer, struct softnic_qp,
					     intr.timer);

	spin_lock(&qp->lock);
	if (qp->intr.due)
		softnic_status_raise(qp);
	spin_unlock(&qp->lock);
	return HRTIMER_NORESTART;
}

/* The guest wants an interrupt if it has processed what was the last news when the
 * mailbox was looked at before, or what came later. For virtio queues, the host knows what
 * the guest wants, and gets all.
 */
static bool status_is_wanted(struct softnic_qp *qp)
{
	struct softnic_intr *intr = &qp->intr;
	u32 told = intr->told;

	if (softnic_ring_is_virtio(&qp->ring[CDNA_DIR_TX]) ||
	    softnic_ring_is_virtio(&qp->ring[CDNA_DIR_RX]))
		return true;
	/* Pairs with the one in the guest between mailbox and event. */
	smp_mb();

	intr->told = intr->event;
	return intr->event - status_rearmed(qp) - 1 < intr->event - told;
}

static void status_moderate(struct softnic_qp *qp, u32 news)
{
	struct softnic_intr *intr = &qp->intr;

	intr->due |= status_is_wanted(qp);
	intr->news += news;
	if (!intr->due)
		return;
	if (!intr->usecs || (intr->frames && intr->news >= intr->frames)) {
		softnic_status_raise(qp);
	} else if (!hrtimer_is_queued(&intr->timer)) {
		softnic_count(qp->ctx, CDNA_CSTAT_INTERRUPTS_MODERATED, 1);
		hrtimer_start(&intr->timer,
			      ns_to_ktime((u64)intr->usecs * NSEC_PER_USEC),
			      HRTIMER_MODE_REL_SOFT);
	}
}

static void status_to_host(struct softnic_qp *qp)
{
	struct cdna_host_cons *cons =
		&qp->ctx->nic->cons[qp->ctx->id * CDNA_MAX_QPS + qp->id];

	/* Pairs with cdna_provider_cons(): pages are released by it. */
	smp_store_release(&cons->tx_cons,
			  cpu_to_le32(qp->ring[CDNA_DIR_TX].done));
	/* So it is here. */
	smp_store_release(&cons->rx_cons,
			  cpu_to_le32(qp->ring[CDNA_DIR_RX].cons));
}

/* A guest that polls its used ring may unmap a buffer as soon as it sees the index, and
 * the host must not find the buffer in use then: so that knows first.
 */
static void status_to_used(struct softnic_ring *ring)
{
	if (!ring->chains)
		return;
	softnic_used_publish(&ring->used, ring->chains);
	ring->chains = 0;
}

/* The guest reads the event first: what it finds then is at least as new. */
static void status_to_guest(struct softnic_qp *qp)
{
	struct cdna_qp_status *to = qp->status;

	WRITE_ONCE(to->tx_cons, cpu_to_le32(qp->ring[CDNA_DIR_TX].done));
	WRITE_ONCE(to->rx_cons, cpu_to_le32(qp->ring[CDNA_DIR_RX].cons));
	WRITE_ONCE(to->tx_state, cpu_to_le32(qp->ring[CDNA_DIR_TX].state));
	WRITE_ONCE(to->rx_state, cpu_to_le32(qp->ring[CDNA_DIR_RX].state));
	WRITE_ONCE(to->rx_missed, cpu_to_le32(qp->rx_missed));
	/* Completions come before their index, and all of it before the event. */
	smp_store_release(&to->rx_comp_prod, cpu_to_le32(qp->comp_prod));
	/* The guest reads it first. */
	smp_store_release(&to->event, cpu_to_le32(++qp->intr.event));
}

/**
 * softnic_status_publish - publish indices and states of a queue pair
 * @qp: queue pair; its lock is held
 * @news: frames sent or received, which the guest may want to be interrupted for
 */
void softnic_status_publish(struct softnic_qp *qp, u32 news)
{
	lockdep_assert_held(&qp->lock);

	status_to_host(qp);
	if (!qp->status || qp->paused)
		return;
	status_to_used(&qp->ring[CDNA_DIR_TX]);
	status_to_used(&qp->ring[CDNA_DIR_RX]);
	status_to_guest(qp);
	if (news)
		status_moderate(qp, news);
}

/**
 * softnic_status_pause - write no memory of the guest from now on, or do so again
 * @qp: queue pair
 * @paused: its context is paused
 *
 * An interrupt that was held back is raised before.
 *
 * Return: frames sent that were not reported to the guest meanwhile.
 */
u32 softnic_status_pause(struct softnic_qp *qp, bool paused)
{
	u32 news;

	spin_lock_bh(&qp->lock);
	if (paused && qp->intr.due)
		softnic_status_raise(qp);
	qp->paused = paused;
	news = qp->unpublished;
	qp->unpublished = 0;
	spin_unlock_bh(&qp->lock);
	return news;
}

/**
 * softnic_status_missed - a frame was dropped because there were too few buffers
 * @qp: queue pair; its lock is held
 *
 * It does not count as an event: a guest that re-arms would poll for nothing.
 */
void softnic_status_missed(struct softnic_qp *qp)
{
	lockdep_assert_held(&qp->lock);

	qp->rx_missed++;
	if (qp->status)
		WRITE_ONCE(qp->status->rx_missed, cpu_to_le32(qp->rx_missed));
}

/**
 * softnic_status_attach - a guest has given its status page
 * @qp: queue pair, without queues
 * @status: the part of this pair
 *
 * Events count from 0, and so does what the guest has processed.
 */
void softnic_status_attach(struct softnic_qp *qp, struct cdna_qp_status *status)
{
	__le32 *mbox = page_address(qp->ctx->partition);

	spin_lock_bh(&qp->lock);
	qp->intr.event = 0;
	qp->intr.told = 0;
	qp->intr.news = 0;
	qp->intr.due = false;
	WRITE_ONCE(mbox[CDNA_MBOX(qp->id, CDNA_MBOX_REARM)], 0);
	memset(status, 0, sizeof(*status));
	qp->status = status;
	spin_unlock_bh(&qp->lock);
}

/**
 * softnic_status_detach - use the status page no longer
 * @qp: queue pair, without queues
 *
 * Context: process; waits for the timer.
 */
void softnic_status_detach(struct softnic_qp *qp)
{
	spin_lock_bh(&qp->lock);
	qp->paused = false;
	qp->unpublished = 0;
	qp->status = NULL;
	qp->intr.due = false;
	spin_unlock_bh(&qp->lock);
	hrtimer_cancel(&qp->intr.timer);
}

/**
 * softnic_status_init - no status, no interrupts
 * @qp: queue pair
 */
void softnic_status_init(struct softnic_qp *qp)
{
	softnic_compat_hrtimer(&qp->intr.timer, status_waited);
}

/**
 * softnic_status_bind - what to call when a queue pair has news
 * @qp: queue pair
 * @fn: the function
 * @data: for it
 *
 * Return: 0, -EBUSY if it has one, or -ENOMEM.
 */
int softnic_status_bind(struct softnic_qp *qp, cdna_source_fn fn, void *data)
{
	struct softnic_source *source;

	if (rcu_access_pointer(qp->source))
		return -EBUSY;
	source = kmalloc(sizeof(*source), GFP_KERNEL);
	if (!source)
		return -ENOMEM;
	source->fn = fn;
	source->data = data;
	rcu_assign_pointer(qp->source, source);
	return 0;
}

/**
 * softnic_status_unbind - undo it for several queue pairs
 * @ctx: their context
 * @qps: bit per queue pair; they need not be bound
 *
 * Context: process; when it returns, their functions do not run (I6).
 */
void softnic_status_unbind(struct softnic_ctx *ctx, unsigned long qps)
{
	struct softnic_source *source;
	u32 i;

	for_each_set_bit(i, &qps, CDNA_MAX_QPS) {
		source = rcu_replace_pointer(ctx->qp[i].source, NULL, true);
		if (source)
			kfree_rcu(source, rcu);
	}
	synchronize_rcu();
}
