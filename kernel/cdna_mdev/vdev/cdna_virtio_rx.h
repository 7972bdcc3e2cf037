/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which frames to other addresses a virtio network card receives.
 */
#ifndef CDNA_VIRTIO_RX_H
#define CDNA_VIRTIO_RX_H

#include <linux/types.h>

#include "guard/cdna_cmd.h"

struct cdna_ctx;

/**
 * struct cdna_virtio_rx - what a guest wants to receive
 * @modes: a bit each by VIRTIO_NET_CTRL_RX_*
 * @overflow: it listed more groups than are looked at
 * @mc_hash: those that it listed, as of struct cdna_admin_filter
 */
struct cdna_virtio_rx {
	u8 modes;
	bool overflow;
	u64 mc_hash[CDNA_CMD_MC_WORDS];
};

void cdna_virtio_rx_reset(struct cdna_virtio_rx *rx);
int cdna_virtio_rx_apply(struct cdna_ctx *ctx, const struct cdna_virtio_rx *rx);
bool cdna_virtio_rx_mode(struct cdna_ctx *ctx, u8 mode, bool on);
bool cdna_virtio_rx_table(struct cdna_ctx *ctx, const u8 *data, u32 len,
			  bool more);

#endif /* CDNA_VIRTIO_RX_H */
