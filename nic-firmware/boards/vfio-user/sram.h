/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_SRAM_H
#define NICD_SRAM_H

#include <cdna/regs.h>

#include "core/base/board.h"

#define SRAM_PARTITIONS		(FW_PARTITION_MGMT + 1)

/**
 * struct sram - BAR0
 * @words: its memory, little-endian
 * @dirty: first-level event vector: a bit per partition
 * @events: second-level event vectors: a bit per mailbox
 * @stores: mailbox stores taken
 * @refused: stores that were refused: misaligned, wide, or to a register
 */
struct sram {
	__le32 words[CDNA_BAR_SRAM_SIZE / 4];
	u32 dirty[FW_EVENT_WORDS];
	u32 events[SRAM_PARTITIONS];
	u64 stores;
	u64 refused;
};

void sram_reset(struct sram *sram);
bool sram_guest_write(struct sram *sram, u32 offset, const u8 *src, u32 len);
void sram_guest_read(const struct sram *sram, u32 offset, u8 *dst, u32 len);
u32 sram_partitions(const struct sram *sram, u32 word);
u32 sram_take(struct sram *sram, u32 partition);
u32 sram_read(const struct sram *sram, u32 offset);
void sram_write(struct sram *sram, u32 offset, u32 value);

#endif /* NICD_SRAM_H */
