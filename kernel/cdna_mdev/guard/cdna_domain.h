/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room of protection: everything between a guest's descriptors and what a NIC
 * does with memory. It deals with queues, pages and a provider's operations, not
 * with how a guest issues commands, or with what an administrator sees.
 *
 * Theory of operation
 *
 * A protection domain is a context of a NIC with the memory of one machine. Its
 * guest writes descriptors into shadow rings, which are guest memory. The NIC
 * reads rings of the host, which no guest reaches (I1). A trap copies what is
 * new from one to the other: it validates the copy, pins the page that each
 * descriptor names, puts the page's DMA address in, and stamps a sequence number
 * that makes the descriptor valid (I2, I4).
 *
 *                 shadow ring            NIC's ring
 *               +-------------+        +-------------+
 *      guest -->| descriptors |--trap->| descriptors |--> NIC
 *               +-------------+        +-------------+     |
 *                     tail page            | slot[]        | consumer table
 *                                          v               v
 *                                     pin table <---- released (I3)
 *
 * A page stays referenced until the NIC's trusted consumer index has passed its
 * descriptor. Pages without references stay pinned, as a cache, until room is
 * needed, until they were not used for a while (cdna_idle.c), or until the machine's
 * memory map changes: then cdna_unmap_range() stops the queues that use the range,
 * and returns when no page of it is pinned (I9).
 *
 *   cdna_enqueue.c      the trap: from the guest's ring to the NIC's ring; cdna_chains.c
 *                       does that for virtqueues, cdna_publish.c has what is common
 *   cdna_vring.c        a virtqueue in the place of a shadow ring; cdna_virtq.c walks it,
 *                       cdna_virtq_events.c is about what is used of it,
 *                       cdna_virtq_hdr.c reads what a frame asks for: pure
 *   cdna_ctrlq.c        a virtqueue of commands, which the host serves:
 *                       cdna_ctrlq_serve.c does that
 *   cdna_resume.c       a look at the rings without a trap
 *   cdna_release.c      releases pages up to the trusted consumer index
 *   cdna_verdict.c      is a descriptor valid? pure; cdna_formats.c has the layouts
 *   cdna_pin.c          the pin table; cdna_pin_evict.c and cdna_pin_drop.c are about
 *                       what leaves it; cdna_span.c pins through VFIO, and runs;
 *                       cdna_dma.c maps what it pins for the NIC
 *   cdna_gone.c         pages that the machine's process gives away without dma_unmap;
 *                       cdna_pin_renew.c unpins them, cdna_sharers.c in all contexts
 *   cdna_pin_huge.c     how many huge pages the pins keep
 *   cdna_idle.c         unpins what nobody uses
 *   cdna_backoff.c      how long not to pin after the host refused memory
 *   cdna_queue.c        queues and their states (cdna_queue_state.c)
 *   cdna_backing.c      memory of queues
 *   cdna_fault.c        what stops queues, found by the host or by the NIC
 *   cdna_unmap.c        memory that is taken away; cdna_range.c closes it
 *   cdna_doorbell.c     a page that KVM watches, so that a store is a trap
 *   cdna_gate.c         what keeps traps out while something is taken away
 *   cdna_cmd.c          the privileged commands, a function each
 *
 * Each file calls only files below itself: the domain the queues, queues their
 * memory, memory the pin table. What the mediated side has to know is handed
 * upwards through struct cdna_domain_ops.
 *
 * States of a domain
 *
 *                  cdna_domain_open()
 *      +--------+ ------------------------> +------+
 *      | closed |                           | open | traps and new queues
 *      +--------+ <------------------------ +------+
 *                  cdna_domain_strip(): nothing of the guest is left
 *                  cdna_domain_stop(): queues are faulted, the guest's pages
 *                                      are kept until it resets
 *
 * It is open while its gate is, which is while the context is ACTIVE; the states
 * of contexts are the mediated side's (vdev/cdna_ctx.h), those of queues are in
 * cdna_queue_state.h.
 *
 * Who may sleep
 *
 * All of it runs in process context. Traps may sleep, and pin pages; so may
 * commands of a guest. dma_unmap may sleep, and waits for no thread that pins.
 * Only the source handler, which is the mediated side's, runs in the NIC's
 * interrupt.
 *
 * Locks, outermost first; Documentation/locking.rst has the reasons
 *
 *   ctl_lock              requests of a guest or administrator; pins pages
 *   cdna_queue.trap_lock  one trap at a time in a queue; pins pages
 *   lock                  lifecycle and queues; taken by dma_unmap, so no page is
 *                         pinned or unpinned under it
 *   cdna_doorbell.lock    what KVM watches; inside KVM's slots_lock when a slot goes
 *   spinlocks             of a queue (its state, its releases), gate, pin table,
 *                         range, pending faults, back-off, the list of domains with idle
 *                         pages: short, none inside another
 */
#ifndef CDNA_DOMAIN_H
#define CDNA_DOMAIN_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include <cdna/vdev.h>

#include "cdna_provider.h"
#include "guard/cdna_backoff.h"
#include "guard/cdna_doorbell.h"
#include "guard/cdna_fault.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_idle.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_range.h"
#include "guard/cdna_sharers.h"
#include "guard/cdna_resume.h"

struct cdna_ctrlq;
struct cdna_domain;
struct cdna_formats;
struct vfio_device;

/**
 * struct cdna_domain_ops - what the mediated side is notified of
 * @queue_fault: a queue was stopped. Process context, any lock may be held
 * @ctx_fault: the context has to stop, for an enum cdna_vfault: the NIC has
 *	stopped it, or its own pages were taken away. cdna_domain.lock is held
 */
struct cdna_domain_ops {
	void (*queue_fault)(struct cdna_queue *queue,
			    const struct cdna_fault_info *fault);
	void (*ctx_fault)(struct cdna_domain *domain, u32 reason);
};

/**
 * struct cdna_domain_pages - what a guest gives at activation
 * @status: the status page, which the NIC writes; NULL: @own is it
 * @tails: the tail page, which traps read; NULL if the guest has virtqueues
 * @own: a status page of the host, for a guest that knows of none
 * @own_dma: where the NIC finds it
 */
struct cdna_domain_pages {
	struct cdna_pin *status;
	struct cdna_pin *tails;
	void *own;
	dma_addr_t own_dma;
};

/**
 * struct cdna_domain - a context of a NIC, and the memory that it may reach
 * @vfio: the VFIO device: its machine's memory, and its KVM
 * @formats: descriptor formats of the NIC
 * @ctl_lock: one register command, reset, open or close at a time; pages are
 *	pinned under it
 * @paused: its machine is stopped: traps and commands have no effect, but for a reset;
 *	@ctl_lock protects it
 * @lock: protects @bound, @pages, opening and closing the gate, and which queues
 *	exist; no page is pinned or unpinned under it
 * @bound: bit per queue pair that has its interrupt source
 * @pages: what the guest gave
 * @stripped: the NIC has forgotten the context's guest; what it had may be left
 * @withdrawn: a page of @pages is about to be taken away
 * @ops: the mediated side
 * @source: what it calls when a queue pair has news; the argument is the first queue
 *	of the pair. Atomic context
 * @nic: the NIC
 * @id: number of the context
 * @gate: open while traps may use @tails; @features and @tails are behind it.
 *	What a trap needs is together from @ops on
 * @features: CDNA_VFEAT_* that the guest accepted
 * @tails: the tail page, mapped; NULL if the guest has virtqueues
 * @installed: bit per queue, by CDNA_VQUEUE(), that a trap has to look at; only
 *	a hint: its gate decides
 * @traps_page: traps by the doorbell page
 * @traps_reg: traps by the register
 * @out_of_bounds: consumer indices of the NIC beyond what was enqueued
 * @doorbell: the doorbell page
 * @resume: who looks at the rings without a trap
 * @range: memory that is being taken away
 * @faults: what the NIC reported and the host has not looked at
 * @pins: pages that the NIC may reach
 * @sharer: which other contexts may have the same pages
 * @backoff: the host refused memory: no page is pinned for some time
 * @idle: who unpins those that nobody uses
 * @ctrlq: control queue, NULL if its guests cannot have one
 * @queue: by CDNA_VQUEUE()
 */
struct cdna_domain {
	struct vfio_device *vfio;
	const struct cdna_formats *formats;
	struct mutex ctl_lock;	/* register commands, open, close */
	bool paused;
	struct mutex lock;	/* lifecycle; no page is pinned under it */
	u8 bound;
	struct cdna_domain_pages pages;
	bool stripped;
	bool withdrawn;

	const struct cdna_domain_ops *ops;
	cdna_source_fn source;
	struct cdna_provider *nic;
	u16 id;
	struct cdna_gate gate;
	u32 features;
	const __le32 *tails;
	unsigned long installed;
	atomic64_t traps_page;
	atomic64_t traps_reg;
	atomic64_t out_of_bounds;
	struct cdna_doorbell doorbell;
	struct cdna_resume resume;
	struct cdna_range range;
	struct cdna_faults faults;
	struct cdna_pins pins;
	struct cdna_sharer sharer;
	struct cdna_backoff backoff;
	struct cdna_idle idle;
	struct cdna_ctrlq *ctrlq;
	struct cdna_queue queue[CDNA_VDEV_NR_QUEUES];
};

void cdna_domain_init(struct cdna_domain *domain,
		      const struct cdna_domain_ops *ops, cdna_source_fn source,
		      const struct cdna_pin_ops *pin_ops,
		      struct vfio_device *vfio);
int cdna_domain_pin(struct cdna_domain *domain, struct cdna_domain_pages *pages,
		    u64 status, u64 tails);
int cdna_domain_own(struct cdna_domain *domain,
		    struct cdna_domain_pages *pages);
u64 cdna_domain_status(const struct cdna_domain_pages *pages);
void cdna_domain_unpin(struct cdna_domain *domain,
		       struct cdna_domain_pages *pages);
void cdna_domain_open(struct cdna_domain *domain,
		      const struct cdna_domain_pages *pages, u32 features);
bool cdna_domain_reopen(struct cdna_domain *domain);
void cdna_domain_stop(struct cdna_domain *domain, u32 reason);
void cdna_domain_withdraw(struct cdna_domain *domain);
void cdna_domain_strip(struct cdna_domain *domain,
		       void (*stop_nic)(struct cdna_domain *domain));
bool cdna_domain_release(struct cdna_domain *domain);
void cdna_domain_settle(struct cdna_domain *domain);

#endif /* CDNA_DOMAIN_H */
