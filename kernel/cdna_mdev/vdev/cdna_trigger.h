/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts towards the guest.
 */
#ifndef CDNA_TRIGGER_H
#define CDNA_TRIGGER_H

#include <linux/types.h>

struct cdna_ctx;
struct vfio_irq_set;

/**
 * enum cdna_mute - why no vector of a device fires
 * @CDNA_MUTE_MASTER: it may not master the bus, and a vector is a store over it
 * @CDNA_MUTE_REVOKED: it was taken away (I6)
 */
enum cdna_mute {
	CDNA_MUTE_MASTER,
	CDNA_MUTE_REVOKED,
};

unsigned int cdna_trigger_count(const struct cdna_ctx *ctx, unsigned int index);
int cdna_trigger_set(struct cdna_ctx *ctx, const struct vfio_irq_set *set,
		     const void *data);
void cdna_trigger_release(struct cdna_ctx *ctx);
void cdna_trigger_mute(struct cdna_ctx *ctx, enum cdna_mute why);
void cdna_trigger_unmute(struct cdna_ctx *ctx, enum cdna_mute why);
void cdna_trigger_signal(struct cdna_ctx *ctx, unsigned int vector);
void cdna_trigger_event(struct cdna_ctx *ctx);
void cdna_trigger_count_source(struct cdna_ctx *ctx);
bool cdna_trigger_request(struct cdna_ctx *ctx);
void cdna_trigger_source(void *data);

#endif /* CDNA_TRIGGER_H */
