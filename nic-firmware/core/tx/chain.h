/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Descriptor chains of a transmit queue: their bytes, and how they end.
 */
#ifndef FW_CHAIN_H
#define FW_CHAIN_H

#include <cdna/stats.h>

#include "base/pool.h"

struct fw_nic;
struct fw_qp;

/*
 * What sending a frame or a segment returns: bytes to charge (more than
 * 0), or one of these.
 */
#define FW_TX_EMPTY		0	/* nothing complete to send */
#define FW_TX_NO_MEMORY		(-1)	/* packet memory refused */
#define FW_TX_STOPPED		(-2)	/* the queue faulted */

/**
 * struct fw_chain - the descriptors of a frame, from the consumer on
 * @descs: how many; the first one has the flags and offload fields
 * @len: bytes of all of them
 */
struct fw_chain {
	u32 descs;
	u32 len;
};

/**
 * struct fw_chain_cursor - a place in a descriptor chain
 * @desc: descriptors behind the consumer
 * @offset: bytes into that one
 */
struct fw_chain_cursor {
	u32 desc;
	u32 offset;
};

bool fw_chain_copy(struct fw_nic *nic, struct fw_qp *qp,
		   struct fw_chain_cursor *cur, u8 *dst, u32 len);
bool fw_chain_fill(struct fw_nic *nic, struct fw_qp *qp,
		   struct fw_chain_cursor *cur, struct fw_frame *frame, u32 at);
void fw_chain_used(struct fw_nic *nic, struct fw_qp *qp,
		   const struct fw_chain *chain);
s32 fw_chain_drop(struct fw_nic *nic, struct fw_qp *qp,
		  const struct fw_chain *chain, enum cdna_drop why);
s32 fw_chain_switch(struct fw_nic *nic, struct fw_qp *qp,
		    struct fw_frame *frame);

#endif /* FW_CHAIN_H */
