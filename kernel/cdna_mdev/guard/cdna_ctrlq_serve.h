/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands of a control virtqueue, one after another.
 */
#ifndef CDNA_CTRLQ_SERVE_H
#define CDNA_CTRLQ_SERVE_H

struct cdna_ctrlq;
struct cdna_vring;

#define CDNA_CTRLQ_RETRY_MS	100	/* until the host may have memory again */

unsigned int cdna_ctrlq_serve(struct cdna_ctrlq *ctrlq,
			      struct cdna_vring *vring);

#endif /* CDNA_CTRLQ_SERVE_H */
