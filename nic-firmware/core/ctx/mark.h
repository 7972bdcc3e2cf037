/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Marks: what was found, in the middle of other work, to have come to its end.
 */
#ifndef FW_MARK_H
#define FW_MARK_H

#include <cdna/rings.h>

#include "base/port.h"

struct fw_nic;
struct fw_ctx;
struct fw_qp;

/**
 * struct fw_marks - contexts of which something is marked
 * @any: there are some
 * @ctx: bit per context
 */
struct fw_marks {
	bool any;
	u32 ctx[(FW_MAX_CONTEXTS + 31) / 32];
};

void fw_mark_fault(struct fw_nic *nic, struct fw_qp *qp, u32 dir);
void fw_mark_fault_at(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
		      enum cdna_fault why, u32 index);
void fw_mark_drained(struct fw_nic *nic, struct fw_qp *qp);
void fw_mark_ctx_fault(struct fw_nic *nic, struct fw_ctx *ctx,
		       enum cdna_fault why);

#endif /* FW_MARK_H */
