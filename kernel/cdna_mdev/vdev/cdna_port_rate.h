/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rates of a context as devlink's rate object of its port.
 */
#ifndef CDNA_PORT_RATE_H
#define CDNA_PORT_RATE_H

#include <linux/types.h>

#include "vdev/cdna_rate.h"

struct cdna_ctx;
struct netlink_ext_ack;

int cdna_port_rate_add(struct cdna_ctx *ctx);
void cdna_port_rate_remove(struct cdna_ctx *ctx);
int cdna_port_rate_create(struct cdna_ctx *ctx);
void cdna_port_rate_destroy(struct cdna_ctx *ctx);
int cdna_port_rate_set(struct cdna_ctx *ctx, enum cdna_rate which, u32 value,
		       const char **objection);
int cdna_port_rate_mbps(u64 bytes, u32 *mbps, struct netlink_ext_ack *extack);
int cdna_port_rate_max(void *leaf, u64 bytes, struct netlink_ext_ack *extack);
int cdna_port_rate_min(void *leaf, u64 bytes, struct netlink_ext_ack *extack);

#endif /* CDNA_PORT_RATE_H */
