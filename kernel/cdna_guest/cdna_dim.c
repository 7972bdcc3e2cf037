// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adaptive interrupt moderation: the kernel's algorithm samples every poll.
 * When it finds better values, a work sets them in the NIC, by a command that
 * costs traps.
 */
#include "cdna_dim.h"
#include "cdna_vcmd.h"

#ifdef CDNA_DIM_SAMPLE_BY_REFERENCE
#define dim_compat_sample(sample)	(&(sample))
#else
#define dim_compat_sample(sample)	(sample)
#endif

static int dim_set_profile(struct cdna_qp *qp)
{
	struct dim_cq_moder moder;

	moder = net_dim_get_rx_moderation(qp->dim.mode, qp->dim.profile_ix);
	return cdna_vcmd_coalesce(qp->dev, qp->id, moder.usec, moder.pkts);
}

static void dim_work(struct work_struct *work)
{
	struct dim *dim = container_of(work, struct dim, work);
	struct cdna_qp *qp = container_of(dim, struct cdna_qp, dim);

	if (READ_ONCE(qp->adaptive))
		dim_set_profile(qp);
	dim->state = DIM_START_MEASURE;
}

/**
 * cdna_dim_apply - set the moderation of a queue pair in the NIC
 * @qp: queue pair of an active device
 *
 * These are its static values, or the present ones of the algorithm, which
 * reports only changes.
 *
 * Context: Process context. May sleep.
 * Return: 0, or -errno of cdna_vcmd_coalesce()
 */
int cdna_dim_apply(struct cdna_qp *qp)
{
	if (qp->adaptive)
		return dim_set_profile(qp);
	return cdna_vcmd_coalesce(qp->dev, qp->id, qp->usecs, qp->frames);
}

/**
 * cdna_dim_init - start the algorithm over
 * @qp: queue pair
 */
void cdna_dim_init(struct cdna_qp *qp)
{
	memset(&qp->dim, 0, sizeof(qp->dim));
	INIT_WORK(&qp->dim.work, dim_work);
	qp->dim.mode = DIM_CQ_PERIOD_MODE_START_FROM_EQE;
}

/**
 * cdna_dim_sample - give the algorithm the results of a poll
 * @qp: queue pair, which is being polled; the poll is about to complete
 */
void cdna_dim_sample(struct cdna_qp *qp)
{
	struct dim_sample sample = {};

	qp->dim_polls++;
	if (!READ_ONCE(qp->adaptive))
		return;
	dim_update_sample(qp->dim_polls, qp->dim_frames, qp->dim_bytes,
			  &sample);
	net_dim(&qp->dim, dim_compat_sample(sample));
}

/**
 * cdna_dim_quiesce - stop commands, and start over when the pair is started
 * @qp: queue pair, which is no longer polled
 *
 * Context: Process context. May sleep.
 */
void cdna_dim_quiesce(struct cdna_qp *qp)
{
	cancel_work_sync(&qp->dim.work);
	cdna_dim_init(qp);
}

/**
 * cdna_dim_set - switch adaptive moderation on or off
 * @qp: queue pair
 * @adaptive: on
 *
 * When it is off, this file no longer issues commands, so the caller may.
 *
 * Context: Process context. May sleep.
 */
void cdna_dim_set(struct cdna_qp *qp, bool adaptive)
{
	might_sleep();
	WRITE_ONCE(qp->adaptive, adaptive);
	if (adaptive)
		return;
	cancel_work_sync(&qp->dim.work);
	WRITE_ONCE(qp->dim.state, DIM_START_MEASURE);
}
