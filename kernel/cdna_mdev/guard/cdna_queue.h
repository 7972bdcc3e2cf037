/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queue: one ring of a queue pair. Its states are in cdna_queue_state.h.
 */
#ifndef CDNA_QUEUE_H
#define CDNA_QUEUE_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <cdna/vdev.h>

#include "cdna_provider.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_queue_state.h"
#include "guard/cdna_span.h"

struct cdna_domain;
struct cdna_layout;
struct cdna_pin;
struct cdna_vring;
struct cdna_vring_params;

/**
 * struct cdna_queue_params - what a guest requests
 * @format: id of the descriptor format
 * @slots: a power of two
 * @offloads: CDNA_OFFLOAD_*
 * @ring: guest-physical address of the shadow ring
 * @completions: guest-physical address of the completion ring, receive only
 * @vring: a virtqueue, in the place of @format, @ring and @completions; or NULL
 */
struct cdna_queue_params {
	u32 format;
	u32 slots;
	u32 offloads;
	u64 ring;
	u64 completions;
	const struct cdna_vring_params *vring;
};

/**
 * struct cdna_queue - one ring of a queue pair
 * @domain: whose
 * @qp: queue pair
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 * @backed: it has memory and exists in the NIC: all fields behind the gate are
 *	set; protected by cdna_domain.lock, as is the next
 * @left: it has memory that the NIC does not know any longer, for the traps that are
 *	inside its gate
 * @trap_lock: one trap at a time; pages are pinned under it
 * @look: who has the lock is to look at the virtqueue again
 * @gate: open while the queue can take descriptors; behind it are all fields
 *	down to @comp_list_dma
 * @layout: descriptor format
 * @slots: a power of two
 * @ring: the NIC's ring, in host memory (I1)
 * @ring_dma: where the NIC finds it
 * @shadow: the guest's ring, mapped; NULL if it has a virtqueue
 * @shadow_span: its pages; or those of a virtqueue's descriptor table
 * @avail_span: pages of a virtqueue's available ring
 * @vring: the virtqueue, NULL if the guest has a ring of ours; source handlers look
 *	at it under RCU
 * @slot: page that each descriptor names, NULL when it was released
 * @prod: free-running index one past the last descriptor enqueued
 * @release_lock: pages are released by one thread at a time
 * @released: the same index for the last whose page was released, under it
 * @seq: sequence number of the next descriptor
 * @chain: descriptors so far of a frame that is not complete
 * @comp_span: pages of the completion ring, or of a virtqueue's used ring
 * @comp_list: their DMA addresses, as the NIC reads them
 * @comp_list_dma: where the NIC finds that list
 * @lock: protects the fields that follow
 * @state: may be read without; changed by cdna_queue_event() only
 * @fault: what stopped it
 * @faults: how many since the device was opened
 * @accepted: @prod for others to read, without @lock
 * @descs: descriptors enqueued; written in traps only
 * @hits: pages found in the pin table; written in traps only
 */
struct cdna_queue {
	struct cdna_domain *domain;
	u8 qp;
	u8 dir;
	bool backed;
	bool left;
	struct mutex trap_lock;	/* one trap at a time */
	bool look;
	struct cdna_gate gate;

	const struct cdna_layout *layout;
	u32 slots;
	void *ring;
	dma_addr_t ring_dma;
	void *shadow;
	struct cdna_span shadow_span;
	struct cdna_span avail_span;
	struct cdna_vring __rcu *vring;
	struct cdna_pin **slot;
	u32 prod;
	spinlock_t release_lock;	/* @released */
	u32 released;
	u32 seq;
	u32 chain;
	struct cdna_span comp_span;
	__le64 *comp_list;
	dma_addr_t comp_list_dma;

	spinlock_t lock;	/* state and report */
	enum cdna_queue_state state;
	struct cdna_fault_info fault;
	u32 faults;
	u32 accepted;
	u64 descs;
	u64 hits;
};

void cdna_queue_init(struct cdna_queue *queue, struct cdna_domain *domain,
		     u8 qp, u8 dir);
bool cdna_queue_event(struct cdna_queue *queue, enum cdna_queue_event event,
		      const struct cdna_fault_info *fault);
void cdna_queue_report(struct cdna_queue *queue,
		       struct cdna_vdev_report *report);
enum cdna_vresult cdna_queue_create(struct cdna_domain *domain, u32 number,
				    const struct cdna_queue_params *params);
enum cdna_vresult cdna_queue_destroy(struct cdna_domain *domain, u32 number);
enum cdna_vresult cdna_queue_drain(struct cdna_domain *domain, u32 number);
void cdna_queue_withdraw(struct cdna_queue *queue);
void cdna_queue_strip(struct cdna_queue *queue);
void cdna_queue_release(struct cdna_queue *queue);

#endif /* CDNA_QUEUE_H */
