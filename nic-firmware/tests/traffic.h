/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts that send as fast as they can, for scenarios.
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include "harness.h"

/**
 * struct traffic - a context that always has something to send
 * @ctx: context, queue pair 0
 * @payload: TCP payload of a frame; more than an MTU: segmentation
 * @dst: where to
 * @offered: frames posted
 */
struct traffic {
	u32 ctx;
	u32 payload;
	u8 dst[6];
	u64 offered;
};

#define TRAFFIC_SMALL		10	/* payload of a 64-byte frame */
#define TRAFFIC_SUPER		65480	/* of a 64 KiB request */
#define TRAFFIC_SLOTS		4096

void traffic_up(struct h *h, struct traffic *t, u32 ctx, u32 payload);
void traffic_refill(struct h *h, struct traffic *t);
void traffic_from_wire(struct h *h, u32 ctx, u32 count, u32 payload);
void traffic_sent(struct h *h, u64 *bytes);
void traffic_pace(struct h *h, u64 bytes);

#endif /* TRAFFIC_H */
