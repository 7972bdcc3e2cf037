/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts as devlink ports.
 */
#ifndef CDNA_PORT_H
#define CDNA_PORT_H

#include <linux/types.h>

struct cdna_ctx;
struct devlink_port;
struct devlink_port_ops;
struct netlink_ext_ack;

int cdna_port_create(struct cdna_ctx *ctx);
void cdna_port_destroy(struct cdna_ctx *ctx);
int cdna_port_register(struct cdna_ctx *ctx,
		       const struct devlink_port_ops *ops);
struct cdna_ctx *cdna_port_ctx(struct devlink_port *port);
int cdna_port_get_hw_addr(struct devlink_port *port, u8 *hw_addr,
			  int *hw_addr_len, struct netlink_ext_ack *extack);
int cdna_port_set_hw_addr(struct devlink_port *port, const u8 *hw_addr,
			  int hw_addr_len, struct netlink_ext_ack *extack);

#endif /* CDNA_PORT_H */
