/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt sources: the queue pair that a bit of the vector belongs to (paper
 * 3.2).
 */
#ifndef CDNA_SOURCE_H
#define CDNA_SOURCE_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "nic/cdna_bitvec.h"
#include "cdna_provider.h"

struct cdna_nic;

#define CDNA_SOURCE_SLOTS	64

/**
 * struct cdna_source - a bound interrupt source
 * @fn: what to call when its bit is set
 * @data: for @fn
 * @ctx: context
 * @qp: queue pair of @ctx
 */
struct cdna_source {
	cdna_source_fn fn;
	void *data;
	u16 ctx;
	u8 qp;
};

/**
 * struct cdna_sources - all sources of a NIC
 * @lock: serializes changes of @bit; held for these only
 * @bit: by bit of the vector; NULL: not bound
 * @memory: of the ring
 * @dma: DMA address of the ring
 * @open: the ring may be read
 * @ring: the bit-vector ring; only the interrupt uses it and all below
 * @vectors: slots taken
 * @bits: bits that were set, after pending slots were ORed
 * @spurious: those that no queue pair is bound to
 */
struct cdna_sources {
	struct mutex lock; /* serializes writers of @bit */
	struct cdna_source __rcu *bit[CDNA_MAX_SOURCES];
	void *memory;
	dma_addr_t dma;
	bool open;
	struct cdna_bitvec ring;
	u64 vectors;
	u64 bits;
	u64 spurious;
};

int cdna_source_alloc(struct cdna_nic *nic);
void cdna_source_open(struct cdna_nic *nic);
int cdna_source_bind(struct cdna_nic *nic, u16 ctx, u8 qp, cdna_source_fn fn,
		     void *data);
void cdna_source_unbind(struct cdna_nic *nic, u16 ctx, unsigned long qps);
void cdna_source_drain(struct cdna_nic *nic);

#endif /* CDNA_SOURCE_H */
