/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A gate: threads pass while it is open. Once it is shut and all that went in have
 * come out, it is closed, and what is behind it belongs to who closed it.
 */
#ifndef CDNA_GATE_H
#define CDNA_GATE_H

#include <linux/spinlock.h>
#include <linux/wait.h>

/**
 * struct cdna_gate - a gate
 * @lock: protects the rest
 * @open: threads may go in
 * @inside: how many are in
 * @empty: the last one came out
 */
struct cdna_gate {
	spinlock_t lock;	/* the rest */
	bool open;
	unsigned int inside;
	wait_queue_head_t empty;
};

void cdna_gate_init(struct cdna_gate *gate);
void cdna_gate_open(struct cdna_gate *gate);
void cdna_gate_shut(struct cdna_gate *gate);
void cdna_gate_wait(struct cdna_gate *gate);
bool cdna_gate_is_closed(struct cdna_gate *gate);
bool cdna_gate_is_open(const struct cdna_gate *gate);
bool cdna_gate_enter(struct cdna_gate *gate);
void cdna_gate_leave(struct cdna_gate *gate);

#endif /* CDNA_GATE_H */
