// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Interrupts of a queue pair: when its driver has to hear of news, and which
 * source is raised for it.
 */
#include "ctx/intr.h"

#include "notify/bitvec.h"
#include "state.h"

static u64 intr_bit(u32 n)
{
	return 1ull << (n % 64);
}

static struct fw_qp *intr_qp(struct fw_nic *nic, u32 number)
{
	return &nic->ctx[number / CDNA_MAX_QPS].qp[number % CDNA_MAX_QPS];
}

static void intr_watch(struct fw_nic *nic, const struct fw_qp *qp)
{
	u32 n = fw_qp_number(qp);

	nic->intr.moderated[n / 64] |= intr_bit(n);
}

static void intr_unwatch(struct fw_nic *nic, const struct fw_qp *qp)
{
	u32 n = fw_qp_number(qp);

	nic->intr.moderated[n / 64] &= ~intr_bit(n);
}

/* Virtqueues have no re-arm mailbox: the host decides what a guest hears. */
static bool intr_arms_itself(const struct fw_qp *qp)
{
	return fw_queue_has_used(qp, CDNA_DIR_TX) ||
	       fw_queue_has_used(qp, CDNA_DIR_RX);
}

static bool intr_can(const struct fw_moderation *m)
{
	return m->armed && m->news && m->source != FW_NO_SOURCE;
}

/**
 * fw_intr_bind() - give a queue pair an interrupt source
 * @nic: the NIC
 * @qp: the queue pair
 * @bit: bit of the vector
 *
 * Return: FW_OK; FW_EINVAL: no such bit; FW_EEXIST: the bit is in use or the
 * queue pair has one
 */
int fw_intr_bind(struct fw_nic *nic, struct fw_qp *qp, u32 bit)
{
	struct fw_moderation *m = &qp->moderation;

	if (bit >= FW_NR_SOURCES)
		return FW_EINVAL;
	if (nic->intr.owner[bit] || m->source != FW_NO_SOURCE)
		return FW_EEXIST;
	nic->intr.owner[bit] = (u16)(fw_qp_number(qp) + 1);
	m->source = bit;
	m->armed = true;
	if (intr_can(m))
		intr_watch(nic, qp);
	return FW_OK;
}

/**
 * fw_intr_unbind() - remove a queue pair's interrupt source
 * @nic: the NIC
 * @qp: the queue pair
 *
 * What is pending but not written yet will not be written. The next source
 * informs the driver of all that it has not acknowledged: of news that moderation
 * held back, and of what this one may not have delivered (I7). Where nothing is
 * acknowledged, that may be the last interrupt.
 *
 * Return: FW_OK, or FW_ENOENT if it has none
 */
int fw_intr_unbind(struct fw_nic *nic, struct fw_qp *qp)
{
	struct fw_moderation *m = &qp->moderation;
	u32 bit = m->source;

	if (bit == FW_NO_SOURCE)
		return FW_ENOENT;
	intr_unwatch(nic, qp);
	fw_bitvec_clear(nic, bit);
	nic->intr.owner[bit] = 0;
	m->source = FW_NO_SOURCE;
	if (!m->armed || intr_arms_itself(qp))
		fw_intr_news(nic, qp, 1);
	return FW_OK;
}

/**
 * fw_intr_forget() - forget a queue pair's news and what is pending of it
 * @nic: the NIC
 * @qp: the queue pair
 */
void fw_intr_forget(struct fw_nic *nic, struct fw_qp *qp)
{
	struct fw_moderation *m = &qp->moderation;

	intr_unwatch(nic, qp);
	if (m->source != FW_NO_SOURCE)
		fw_bitvec_clear(nic, m->source);
	m->armed = true;
	m->news = 0;
}

static void intr_raise(struct fw_nic *nic, struct fw_qp *qp)
{
	struct fw_moderation *m = &qp->moderation;

	fw_bitvec_set(nic, m->source);
	m->armed = intr_arms_itself(qp);
	m->news = 0;
	intr_unwatch(nic, qp);
	qp->stats[CDNA_QSTAT_INTERRUPTS]++;
	fw_ctx_count(qp->ctx, CDNA_CSTAT_INTERRUPTS, 1);
}

/**
 * fw_intr_news() - a queue pair's status was published with news
 * @nic: the NIC
 * @qp: the queue pair
 * @count: frames
 */
void fw_intr_news(struct fw_nic *nic, struct fw_qp *qp, u32 count)
{
	struct fw_moderation *m = &qp->moderation;

	if (!m->news) {
		m->since = nic->now;
		m->counted = false;
	}
	/* More than CDNA_MAX_RING makes no difference. */
	m->news = FW_MIN(m->news + FW_MIN(count, 0x10000u), 0x10000u);
	if (intr_can(m))
		intr_watch(nic, qp);
}

/**
 * fw_intr_now() - raise a queue pair's source whatever moderation says
 * @nic: the NIC
 * @qp: the queue pair
 *
 * For faults, which are rare: a stopped queue has one. The driver may be
 * looking at the ring already, so this does not count as a notification.
 */
void fw_intr_now(struct fw_nic *nic, struct fw_qp *qp)
{
	if (qp->moderation.source != FW_NO_SOURCE)
		intr_raise(nic, qp);
}

/**
 * fw_intr_rearm() - the driver asks for an interrupt after @event
 * @nic: the NIC
 * @qp: the queue pair
 * @event: last event that it has dealt with, or anything: guests write it
 *
 * A driver that is behind is interrupted immediately, subject to moderation:
 * there was news between its last look and this. But only once for each
 * event, so that a loop of stores cannot become a loop of interrupts. A pair
 * that arms itself has acknowledged nothing by a store.
 */
void fw_intr_rearm(struct fw_nic *nic, struct fw_qp *qp, u32 event)
{
	struct fw_moderation *m = &qp->moderation;

	if (intr_arms_itself(qp))
		return;
	m->armed = true;
	if (event == m->event)
		m->news = 0;
	else if (m->news)
		fw_intr_news(nic, qp, 0);
	else if (m->event != m->raised)
		fw_intr_news(nic, qp, 1);
}

/* A context that is being stopped learns the last news without a wait. */
static bool intr_due(const struct fw_nic *nic, const struct fw_qp *qp)
{
	const struct fw_moderation *m = &qp->moderation;

	if (qp->ctx->state == CDNA_CTX_QUIESCED)
		return true;
	if (m->frames && m->news >= m->frames)
		return true;
	return nic->now - m->since >= (u64)m->usecs * 1000;
}

static void intr_moderate(struct fw_nic *nic, struct fw_qp *qp)
{
	struct fw_moderation *m = &qp->moderation;

	if (!intr_can(m)) {
		intr_unwatch(nic, qp);
	} else if (intr_due(nic, qp)) {
		intr_raise(nic, qp);
		m->raised = m->event;
	} else if (!m->counted) {
		m->counted = true;
		fw_ctx_count(qp->ctx, CDNA_CSTAT_INTERRUPTS_MODERATED, 1);
	}
}

/**
 * fw_intr_service() - raise what is due
 * @nic: the NIC
 */
void fw_intr_service(struct fw_nic *nic)
{
	u64 left;
	u32 i;

	for (i = 0; i < FW_BITVEC_WORDS; i++) {
		for (left = nic->intr.moderated[i]; left; left &= left - 1)
			intr_moderate(nic, intr_qp(nic, i * 64 +
						   fw_ffs64(left)));
	}
}

/**
 * fw_intr_deadline() - when moderation next allows an interrupt
 * @nic: the NIC
 *
 * Return: time in ns, ~0 if none is held back
 */
u64 fw_intr_deadline(const struct fw_nic *nic)
{
	const struct fw_moderation *m;
	u64 first = ~0ull;
	u64 left;
	u32 n;
	u32 i;

	for (i = 0; i < FW_BITVEC_WORDS; i++) {
		for (left = nic->intr.moderated[i]; left; left &= left - 1) {
			n = i * 64 + fw_ffs64(left);
			m = &nic->ctx[n / CDNA_MAX_QPS]
				.qp[n % CDNA_MAX_QPS].moderation;
			first = FW_MIN(first, m->since + (u64)m->usecs * 1000);
		}
	}
	return first;
}
