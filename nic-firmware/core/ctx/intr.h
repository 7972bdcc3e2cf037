/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Interrupts of a queue pair: its source, and moderation by time and by count.
 */
#ifndef FW_INTR_H
#define FW_INTR_H

#include "notify/bitvec.h"

struct fw_nic;
struct fw_qp;

/**
 * struct fw_moderation - interrupt state of a queue pair
 * @source: bit of the vector, FW_NO_SOURCE if none is bound
 * @usecs: longest wait, in us
 * @frames: news that end the wait, 0: any
 * @event: number of the last status published
 * @raised: @event when the source was last raised
 * @armed: the driver asks for an interrupt
 * @news: frames since the source was last raised
 * @since: time of the first of them, in ns
 * @counted: this wait is in the statistics
 */
struct fw_moderation {
	u32 source;
	u32 usecs;
	u32 frames;
	u32 event;
	u32 raised;
	bool armed;
	bool counted;
	u32 news;
	u64 since;
};

#define FW_NO_SOURCE		0xffffffffu

/**
 * struct fw_intr - which queue pair has which source
 * @owner: (context * CDNA_MAX_QPS + queue pair) + 1 of each source, 0: free
 * @moderated: queue pairs with news that are armed, by the same number
 */
struct fw_intr {
	u16 owner[FW_NR_SOURCES];
	u64 moderated[FW_BITVEC_WORDS];
};

int fw_intr_bind(struct fw_nic *nic, struct fw_qp *qp, u32 bit);
int fw_intr_unbind(struct fw_nic *nic, struct fw_qp *qp);
void fw_intr_forget(struct fw_nic *nic, struct fw_qp *qp);
void fw_intr_news(struct fw_nic *nic, struct fw_qp *qp, u32 count);
void fw_intr_now(struct fw_nic *nic, struct fw_qp *qp);
void fw_intr_rearm(struct fw_nic *nic, struct fw_qp *qp, u32 event);
void fw_intr_service(struct fw_nic *nic);
u64 fw_intr_deadline(const struct fw_nic *nic);

#endif /* FW_INTR_H */
