/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands to the device, one function each. They are serialized by
 * cdna_dev.cmd_lock, and log why they failed.
 */
#ifndef CDNA_VCMD_H
#define CDNA_VCMD_H

#include "cdna_dev.h"

#define CDNA_VCMD_MC_WORDS		4	/* of 64 bits */

/**
 * struct cdna_vcmd_queue - arguments of CDNA_VCMD_QUEUE_CREATE
 * @queue: CDNA_VQUEUE()
 * @format: CDNA_FORMAT_*
 * @slots: a power of two
 * @offloads: CDNA_OFFLOAD_*
 * @ring: address of the shadow ring
 * @comp: address of the completion ring, for receive
 */
struct cdna_vcmd_queue {
	u32 queue;
	u32 format;
	u32 slots;
	u32 offloads;
	dma_addr_t ring;
	dma_addr_t comp;
};

int cdna_vcmd_reset(struct cdna_dev *dev);
int cdna_vcmd_activate(struct cdna_dev *dev);
int cdna_vcmd_queue_create(struct cdna_dev *dev,
			   const struct cdna_vcmd_queue *queue);
int cdna_vcmd_coalesce(struct cdna_dev *dev, u32 qp, u32 usecs, u32 frames);
int cdna_vcmd_filter(struct cdna_dev *dev, u32 flags, const u64 *mc_hash);
int cdna_vcmd_set_mac(struct cdna_dev *dev, const u8 *mac);
int cdna_vcmd_set_rss(struct cdna_dev *dev, const struct cdna_rss *rss);

#endif /* CDNA_VCMD_H */
