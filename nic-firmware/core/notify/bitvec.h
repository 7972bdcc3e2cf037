/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Interrupts as the host sees them: a bit vector of sources, written into a
 * ring in host memory, and one MSI-X (paper 3.2).
 */
#ifndef FW_BITVEC_H
#define FW_BITVEC_H

#include <cdna/regs.h>

#include "base/bucket.h"
#include "notify/notify.h"

struct fw_nic;

#define FW_BITVEC_WORDS		(FW_MAX_CONTEXTS * CDNA_MAX_QPS / 64)
#define FW_NR_SOURCES		(FW_BITVEC_WORDS * 64)

/**
 * struct fw_bitvec - interrupt bit vectors
 * @ring: bit-vector ring
 * @throttle: how often the interrupt may be raised, as the host has set it
 * @pending: the vector to be written next; it gathers while the ring is full, or
 *	while it is too early for the next interrupt
 * @any: @pending has a bit set
 * @waited: @pending has been counted as coalesced
 */
struct fw_bitvec {
	struct fw_notify ring;
	struct fw_bucket throttle;
	u64 pending[FW_BITVEC_WORDS];
	bool any;
	bool waited;
};

void fw_bitvec_set(struct fw_nic *nic, u32 bit);
void fw_bitvec_clear(struct fw_nic *nic, u32 bit);
void fw_bitvec_service(struct fw_nic *nic);
u64 fw_bitvec_deadline(const struct fw_nic *nic);

#endif /* FW_BITVEC_H */
