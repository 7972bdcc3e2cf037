/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address of a context, as an administrator sets it.
 */
#ifndef CDNA_ADDR_H
#define CDNA_ADDR_H

#include <linux/types.h>

struct cdna_ctx;

int cdna_addr_set_mac(struct cdna_ctx *ctx, const u8 *mac);
int cdna_addr_set_vlan(struct cdna_ctx *ctx, u16 access_vlan, bool trunk);
int cdna_addr_set_trust(struct cdna_ctx *ctx, bool trusted);

#endif /* CDNA_ADDR_H */
