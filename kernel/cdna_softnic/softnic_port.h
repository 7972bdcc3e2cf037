/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The network interface of a context.
 */
#ifndef SOFTNIC_PORT_H
#define SOFTNIC_PORT_H

#include <linux/types.h>

struct softnic_ctx;

int softnic_port_create(struct softnic_ctx *ctx, const u8 *mac);
int softnic_port_bridge(struct softnic_ctx *ctx, const char *name);
void softnic_port_destroy(struct softnic_ctx *ctx);

#endif /* SOFTNIC_PORT_H */
