/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which MAC addresses of a NIC are in use.
 */
#ifndef CDNA_MAC_H
#define CDNA_MAC_H

#include <linux/types.h>

struct cdna_ctx;
struct cdna_table;

struct cdna_ctx *cdna_mac_find(struct cdna_table *table, const u8 *mac);
bool cdna_mac_is_free(struct cdna_table *table, const u8 *mac);
int cdna_mac_make(struct cdna_table *table, u32 id, u8 *mac);

#endif /* CDNA_MAC_H */
