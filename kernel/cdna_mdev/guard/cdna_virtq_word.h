/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 16-bit fields of a virtqueue, which the guest may change at any time.
 */
#ifndef CDNA_VIRTQ_WORD_H
#define CDNA_VIRTQ_WORD_H

#include <asm/byteorder.h>

#include "guard/cdna_virtq.h"

static inline u16 cdna_virtq_get(const __virtio16 *word)
{
	return le16_to_cpu((__force __le16)READ_ONCE(*word));
}

static inline void cdna_virtq_put(__virtio16 *word, u16 value)
{
	WRITE_ONCE(*word, (__force __virtio16)cpu_to_le16(value));
}

/* How far the guest is ahead: more than the queue's size if it is wrong. */
static inline u16 cdna_virtq_ahead(const struct cdna_virtq *vq)
{
	return cdna_virtq_get(&vq->avail->idx) - vq->next;
}

#endif /* CDNA_VIRTQ_WORD_H */
