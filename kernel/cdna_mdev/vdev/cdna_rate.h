/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much a context may transmit and receive, and how much it can count on.
 */
#ifndef CDNA_RATE_H
#define CDNA_RATE_H

#include <linux/types.h>

struct cdna_ctx;
struct cdna_limits;
struct cdna_provider;

/**
 * enum cdna_rate - the limits of a context
 * @CDNA_RATE_TX_MAX: most that it transmits
 * @CDNA_RATE_TX_MIN: what it transmits whatever others do
 * @CDNA_RATE_STORM: most frames to groups that it transmits
 * @CDNA_RATE_RX_MAX: most that it receives
 */
enum cdna_rate {
	CDNA_RATE_TX_MAX,
	CDNA_RATE_TX_MIN,
	CDNA_RATE_STORM,
	CDNA_RATE_RX_MAX,
};

bool cdna_rate_has_min(const struct cdna_provider *nic);
bool cdna_rate_has_rx(const struct cdna_provider *nic);
u32 *cdna_rate_field(struct cdna_limits *limits, enum cdna_rate which);
int cdna_rate_apply(struct cdna_ctx *ctx);
int cdna_rate_set(struct cdna_ctx *ctx, enum cdna_rate which, u32 value,
		  const char **objection);

#endif /* CDNA_RATE_H */
