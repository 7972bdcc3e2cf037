/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where in a notify page a store is for which virtqueue; pure.
 */
#ifndef CDNA_NOTIFY_H
#define CDNA_NOTIFY_H

#include <cdna/desc.h>

#define CDNA_NOTIFY_STRIDE		4	/* bytes of the page */
#define CDNA_NOTIFY_AT(queue)		((queue) * CDNA_NOTIFY_STRIDE)
#define CDNA_NOTIFY_PAIR(offset)	((offset) / CDNA_NOTIFY_AT(CDNA_NR_DIRS))

#endif /* CDNA_NOTIFY_H */
