// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adaptive interrupt moderation: the kernel's own algorithm looks at every
 * poll, and a work tells the NIC, by a command that costs traps, when it has
 * found better values.
 */
#include "cdna_qp.h"
#include "cdna_vcmd.h"

#ifdef CDNA_DIM_SAMPLE_BY_REFERENCE
#define dim_compat_sample(sample)	(&(sample))
#else
#define dim_compat_sample(sample)	(sample)
#endif

static int dim_tell(struct cdna_qp *qp)
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
		dim_tell(qp);
	dim->state = DIM_START_MEASURE;
}

/**
 * cdna_dim_apply - tell the NIC what moderation begins with
 * @qp: queue pair of an active device: its own values, or what was found
 *
 * The algorithm speaks up only when it changes its mind.
 *
 * Return: 0, or -errno of cdna_vcmd_coalesce()
 */
int cdna_dim_apply(struct cdna_qp *qp)
{
	if (qp->adaptive)
		return dim_tell(qp);
	return cdna_vcmd_coalesce(qp->dev, qp->id, qp->usecs, qp->frames);
}

/**
 * cdna_dim_init - know nothing yet
 * @qp: queue pair
 */
void cdna_dim_init(struct cdna_qp *qp)
{
	memset(&qp->dim, 0, sizeof(qp->dim));
	INIT_WORK(&qp->dim.work, dim_work);
	qp->dim.mode = DIM_CQ_PERIOD_MODE_START_FROM_EQE;
}

/**
 * cdna_dim_look - take what a poll has found into account
 * @qp: queue pair, whose poll was completed; is still its owner
 */
void cdna_dim_look(struct cdna_qp *qp)
{
	struct dim_sample sample = {};

	qp->looks++;
	if (!READ_ONCE(qp->adaptive))
		return;
	dim_update_sample(qp->looks, qp->moved_frames, qp->moved_bytes,
			  &sample);
	net_dim(&qp->dim, dim_compat_sample(sample));
}

/**
 * cdna_dim_quiet - no commands from here on, and begin anew when it starts
 * @qp: queue pair, which is not polled any more
 */
void cdna_dim_quiet(struct cdna_qp *qp)
{
	cancel_work_sync(&qp->dim.work);
	cdna_dim_init(qp);
}

/**
 * cdna_dim_set - adaptive moderation or not
 * @qp: queue pair; without, no command of ours follows and the caller may give
 *	one
 * @adaptive: which
 */
void cdna_dim_set(struct cdna_qp *qp, bool adaptive)
{
	WRITE_ONCE(qp->adaptive, adaptive);
	if (adaptive)
		return;
	cancel_work_sync(&qp->dim.work);
	WRITE_ONCE(qp->dim.state, DIM_START_MEASURE);
}
