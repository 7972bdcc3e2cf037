/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The auxiliary device of a sub-function.
 */
#ifndef CDNA_SF_DEVICE_H
#define CDNA_SF_DEVICE_H

#include <linux/cdna_sf.h>
#include <linux/device.h>
#include <linux/types.h>

struct cdna_ctx;

/**
 * struct cdna_sf_device - a sub-function's auxiliary device
 * @sf: what its driver sees
 * @ctx: the context, while the device is registered
 * @dma_limits: limits of DMA: none
 */
struct cdna_sf_device {
	struct cdna_sf sf;
	struct cdna_ctx *ctx;
	struct device_dma_parameters dma_limits;
};

int cdna_sf_device_add(struct cdna_ctx *ctx);
bool cdna_sf_device_driven(struct cdna_ctx *ctx);
void cdna_sf_device_del(struct cdna_ctx *ctx);

#endif /* CDNA_SF_DEVICE_H */
