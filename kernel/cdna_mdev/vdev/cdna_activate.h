/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Activation of a context.
 */
#ifndef CDNA_ACTIVATE_H
#define CDNA_ACTIVATE_H

#include <linux/types.h>

#include <cdna/vdev.h>

struct cdna_ctx;

/**
 * struct cdna_activation - what a guest gives with CDNA_VCMD_ACTIVATE
 * @features: CDNA_VFEAT_* that it accepts
 * @status: guest-physical address of the status page
 * @tails: guest-physical address of the tail page
 * @doorbell: guest-physical address of the doorbell page, if it accepts
 *	CDNA_VFEAT_TRAP_PAGE
 */
struct cdna_activation {
	u32 features;
	u64 status;
	u64 tails;
	u64 doorbell;
};

u32 cdna_activate_offers(struct cdna_ctx *ctx);
enum cdna_vresult cdna_activate(struct cdna_ctx *ctx,
				const struct cdna_activation *act);
enum cdna_vresult cdna_activate_own(struct cdna_ctx *ctx);

#endif /* CDNA_ACTIVATE_H */
