// SPDX-License-Identifier: GPL-2.0-only
/*
 * One bit of the vector is one interrupt source. A queue pair is bound to the
 * lowest free bit, so that vectors are dense. The drain is the only reader of
 * the table; it runs under RCU, and unbinding waits for it.
 */
#include <linux/bitops.h>
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "cdna_trace.h"
#include "nic/cdna_bitvec.h"
#include "nic/cdna_health.h"
#include "nic/cdna_nic.h"
#include "nic/cdna_nic_cmd.h"
#include "nic/cdna_source.h"

#define SOURCE_BYTES \
	(sizeof(struct cdna_ring_header) + \
	 CDNA_SOURCE_SLOTS * CDNA_MAX_BITVEC_WORDS * sizeof(__le64))

/* The bit of a queue pair, or the number of bits if it has none. */
static u32 source_find(struct cdna_nic *nic, u16 ctx, u8 qp)
{
	struct cdna_sources *sources = &nic->sources;
	const struct cdna_source *source;
	u32 bit;

	for (bit = 0; bit < nic->provider.info.sources; bit++) {
		source = rcu_dereference_protected(sources->bit[bit],
						   lockdep_is_held(&sources->lock));
		if (source && source->ctx == ctx && source->qp == qp)
			break;
	}
	return bit;
}

static u32 source_find_free(struct cdna_nic *nic)
{
	u32 bit;

	for (bit = 0; bit < nic->provider.info.sources; bit++)
		if (!rcu_access_pointer(nic->sources.bit[bit]))
			break;
	return bit;
}

/* Reserve the lowest free bit for a queue pair.
 * Return: the bit, or a negative errno
 */
static int source_add(struct cdna_nic *nic, struct cdna_source *source)
{
	struct cdna_sources *sources = &nic->sources;
	u32 bit;

	guard(mutex)(&sources->lock);

	if (source_find(nic, source->ctx, source->qp) <
	    nic->provider.info.sources)
		return -EBUSY;
	bit = source_find_free(nic);
	if (bit == nic->provider.info.sources)
		return -ENOSPC;
	rcu_assign_pointer(sources->bit[bit], source);
	return bit;
}

/* Give up the bit of a queue pair. Its function may still run.
 * Return: what has to be freed once it does not, or NULL
 */
static struct cdna_source *source_remove(struct cdna_nic *nic, u16 ctx, u8 qp)
{
	struct cdna_sources *sources = &nic->sources;
	u32 bit;

	guard(mutex)(&sources->lock);

	bit = source_find(nic, ctx, qp);
	if (bit == nic->provider.info.sources)
		return NULL;
	return rcu_replace_pointer(sources->bit[bit], NULL,
				   lockdep_is_held(&sources->lock));
}

static bool source_is_bound(struct cdna_nic *nic, u16 ctx, u8 qp)
{
	guard(mutex)(&nic->sources.lock);
	return source_find(nic, ctx, qp) < nic->provider.info.sources;
}

/**
 * cdna_source_bind - bind a queue pair to a bit, and a function to that bit
 * @nic: the NIC
 * @ctx: context
 * @qp: queue pair
 * @fn: what to call, in the interrupt
 * @data: for @fn
 *
 * The function is in place before the NIC knows the bit, so that no interrupt
 * is lost (I7). That also reserves the bit: no lock that others need is held while
 * the NIC runs the command.
 *
 * Context: process; runs a command. No other call for the same context meanwhile.
 * Return: as cdna_provider_ops.source_bind.
 */
int cdna_source_bind(struct cdna_nic *nic, u16 ctx, u8 qp, cdna_source_fn fn,
		     void *data)
{
	struct cdna_source *source;
	int bit, err;

	source = kmalloc(sizeof(*source), GFP_KERNEL);
	if (!source)
		return -ENOMEM;
	*source = (struct cdna_source) {
		.fn = fn, .data = data, .ctx = ctx, .qp = qp,
	};
	bit = source_add(nic, source);
	if (bit < 0) {
		kfree(source);
		return bit;
	}
	err = cdna_nic_cmd_source_bind(nic, ctx, qp, bit);
	if (err) {
		source_remove(nic, ctx, qp);
		synchronize_rcu();
		kfree(source);
	}
	return err;
}

/**
 * cdna_source_unbind - undo cdna_source_bind() of several queue pairs
 * @nic: the NIC; may be dead
 * @ctx: context
 * @qps: bit per queue pair; they need not be bound
 *
 * The NIC gets its commands first, and the bits are free only after that: if the NIC
 * had raised one before, its next owner gets one call too many. The status of a
 * command does not matter: the function is removed in any case (I6). What takes
 * time, commands and one wait for the interrupt, is done without a lock that other
 * contexts need.
 *
 * Context: process, with no lock held that a handler takes; runs commands. No other
 * call for the same context meanwhile.
 */
void cdna_source_unbind(struct cdna_nic *nic, u16 ctx, unsigned long qps)
{
	struct cdna_source *gone[CDNA_MAX_QPS] = {};
	u32 qp;

	for_each_set_bit(qp, &qps, CDNA_MAX_QPS) {
		if (!source_is_bound(nic, ctx, qp))
			continue;
		cdna_nic_cmd_source_unbind(nic, ctx, qp);
		gone[qp] = source_remove(nic, ctx, qp);
	}
	synchronize_rcu();
	for (qp = 0; qp < CDNA_MAX_QPS; qp++)
		kfree(gone[qp]);
}

static void source_raise(void *arg, u32 bit)
{
	struct cdna_sources *sources = arg;
	const struct cdna_source *source;

	source = rcu_dereference(sources->bit[bit]);
	if (!source) {
		sources->spurious++;
		return;
	}
	trace_cdna_source(source->ctx, source->qp, bit);
	source->fn(source->data);
}

/**
 * cdna_source_drain - take all pending bit vectors and call the raised sources
 * @nic: the NIC
 *
 * Context: the interrupt handler of CDNA_VECTOR_BITVEC only, which never runs
 * twice at the same time: that protects the ring and the counters.
 */
void cdna_source_drain(struct cdna_nic *nic)
{
	struct cdna_sources *sources = &nic->sources;
	u64 vector[CDNA_MAX_BITVEC_WORDS] = {};
	int taken, bits;

	/* Pairs with cdna_source_open(). */
	if (!smp_load_acquire(&sources->open))
		return;
	taken = cdna_bitvec_take(&sources->ring, vector);
	if (taken < 0) {
		cdna_health_fail(nic, "its bit-vector ring overflowed");
		return;
	}
	if (!taken)
		return;
	cdna_nic_mbox(nic, CDNA_MGMT_MBOX_BITVEC_CONS, sources->ring.cons);
	sources->vectors += taken;
	atomic64_inc(&nic->provider.vectors);

	guard(rcu)();
	bits = cdna_bitvec_each(vector, nic->provider.info.sources,
				source_raise, sources);
	sources->bits += bits;
	trace_cdna_bitvec(cdna_nic_dev(nic), taken, bits);
}

/**
 * cdna_source_alloc - allocate the bit-vector ring, for vectors of any length
 * @nic: the NIC; the ring's address is in @nic->sources.dma
 *
 * Return: 0 or -ENOMEM.
 */
int cdna_source_alloc(struct cdna_nic *nic)
{
	struct cdna_sources *sources = &nic->sources;

	mutex_init(&sources->lock);
	sources->memory = dmam_alloc_coherent(cdna_nic_dev(nic), SOURCE_BYTES,
					      &sources->dma, GFP_KERNEL);
	return sources->memory ? 0 : -ENOMEM;
}

/**
 * cdna_source_open - let the interrupt read the ring
 * @nic: the NIC, whose info says how long its vectors are
 */
void cdna_source_open(struct cdna_nic *nic)
{
	struct cdna_sources *sources = &nic->sources;

	sources->ring = (struct cdna_bitvec) {
		.header = sources->memory,
		.slots = CDNA_SOURCE_SLOTS,
		.words = nic->provider.info.bitvec_words,
	};
	/* Pairs with cdna_source_drain(). */
	smp_store_release(&sources->open, true);
}
