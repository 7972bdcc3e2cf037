/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rate groups as devlink's rate objects of a NIC.
 */
#ifndef CDNA_PORT_GROUP_H
#define CDNA_PORT_GROUP_H

#include <linux/types.h>

struct cdna_provider;
struct netlink_ext_ack;

int cdna_port_group_new(struct cdna_provider *nic, void **group,
			struct netlink_ext_ack *extack);
int cdna_port_group_del(void *group, struct netlink_ext_ack *extack);
int cdna_port_group_max(void *group, u64 bytes, struct netlink_ext_ack *extack);
int cdna_port_group_min(void *group, u64 bytes, struct netlink_ext_ack *extack);
int cdna_port_group_join(void *leaf, void *group,
			 struct netlink_ext_ack *extack);
void cdna_port_group_end(struct cdna_provider *nic);

#endif /* CDNA_PORT_GROUP_H */
