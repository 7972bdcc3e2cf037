/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drains of queues.
 */
#ifndef CDNA_DRAIN_H
#define CDNA_DRAIN_H

#include <linux/types.h>

struct cdna_nic;

int cdna_drain(struct cdna_nic *nic, u16 ctx, u8 dir, unsigned long qps);

#endif /* CDNA_DRAIN_H */
