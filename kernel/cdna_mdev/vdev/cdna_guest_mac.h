/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MAC address that a guest chooses.
 */
#ifndef CDNA_GUEST_MAC_H
#define CDNA_GUEST_MAC_H

#include <linux/types.h>

#include <cdna/vdev.h>

struct cdna_ctx;

void cdna_guest_mac_allow(struct cdna_ctx *ctx, bool allowed);
bool cdna_guest_mac_claim(struct cdna_ctx *ctx, const u8 *mac);
void cdna_guest_mac_unclaim(struct cdna_ctx *ctx);
enum cdna_vresult cdna_guest_mac_set(struct cdna_ctx *ctx, const u8 *mac);
void cdna_guest_mac_forget(struct cdna_ctx *ctx);

#endif /* CDNA_GUEST_MAC_H */
