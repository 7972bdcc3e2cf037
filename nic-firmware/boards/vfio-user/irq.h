/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_IRQ_H
#define NICD_IRQ_H

#include <cdna/regs.h>

#include "core/base/port.h"

/**
 * struct irq - MSI-X vectors
 * @fd: eventfd per vector, -1 while there is none
 * @pending: was raised while it could not be sent
 * @open: the function may send: it is a bus master
 * @sent: messages sent
 * @latched: of these raised, kept pending first
 */
struct irq {
	int fd[CDNA_NR_VECTORS];
	bool pending[CDNA_NR_VECTORS];
	bool open;
	u64 sent[CDNA_NR_VECTORS];
	u64 latched[CDNA_NR_VECTORS];
};

void irq_init(struct irq *irq);
void irq_close_all(struct irq *irq);
void irq_clear_pending(struct irq *irq);
bool irq_is_eventfd(int fd);
void irq_set(struct irq *irq, u32 vector, int fd);
void irq_set_open(struct irq *irq, bool open);
void irq_raise(struct irq *irq, u32 vector);
u32 irq_pending_mask(const struct irq *irq);

#endif /* NICD_IRQ_H */
