/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sub-functions as devlink ports.
 */
#ifndef CDNA_PORT_SF_H
#define CDNA_PORT_SF_H

struct cdna_provider;
struct devlink_port;
struct devlink_port_new_attrs;
struct netlink_ext_ack;

int cdna_port_sf_new(struct cdna_provider *nic,
		     const struct devlink_port_new_attrs *attrs,
		     struct devlink_port **port, struct netlink_ext_ack *extack);
void cdna_port_sf_end(struct cdna_provider *nic);

#endif /* CDNA_PORT_SF_H */
