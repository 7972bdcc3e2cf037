/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts towards the guest.
 */
#ifndef CDNA_TRIGGER_H
#define CDNA_TRIGGER_H

#include <linux/types.h>

struct cdna_ctx;
struct vfio_irq_set;

unsigned int cdna_trigger_count(unsigned int index);
int cdna_trigger_set(struct cdna_ctx *ctx, const struct vfio_irq_set *set,
		     const void *data);
void cdna_trigger_release(struct cdna_ctx *ctx);
void cdna_trigger_signal(struct cdna_ctx *ctx, unsigned int vector);
bool cdna_trigger_request(struct cdna_ctx *ctx);
void cdna_trigger_source(void *data);

#endif /* CDNA_TRIGGER_H */
