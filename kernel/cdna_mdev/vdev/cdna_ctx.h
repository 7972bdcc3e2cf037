/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mediated side: a NIC's contexts, each a VFIO device with queues.
 *
 * Lock order, outermost first; Documentation/locking.rst has the reasons:
 *
 *   devlink's lock         held when it calls us, never taken under ours
 *   cdna_ctx.ctl_lock      what a guest or administrator asks for
 *   cdna_queue.trap_lock   one trap at a time in a queue
 *   cdna_parent.lock       which contexts there are
 *   cdna_ctx.lock          lifecycle and queues; also taken by dma_unmap, so
 *                          nobody pins or unpins under it
 *   cdna_ctx.map_lock      what the mailbox page is mapped to
 *   cdna_queue.lock        state of a queue, for a few instructions
 *   cdna_faults.lock       what the NIC told, the same
 *   cdna_protection.lock   records of faults, the same
 */
#ifndef CDNA_CTX_H
#define CDNA_CTX_H

#include <linux/eventfd.h>
#include <linux/if_ether.h>
#include <linux/kvm_types.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>
#include <net/devlink.h>
#include <asm/kvm_page_track.h>

#include <cdna/vdev.h>

#include "vdev/cdna_config.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_pin.h"
#include "cdna_provider.h"
#include "vdev/cdna_state.h"
#include "guard/cdna_verdict.h"

struct cdna_ctx;

/**
 * struct cdna_fault_record - a fault of a queue, kept when the queue is reset
 * @fault: enum cdna_vfault
 * @index: free-running index of the descriptor
 * @expected: sequence number that was due, 0 if that is not the reason
 * @seen: sequence number that was found
 * @count: how many faults the queue had since its mediated device was made
 */
struct cdna_fault_record {
	u32 fault;
	u32 index;
	u32 expected;
	u32 seen;
	u32 count;
};

/**
 * struct cdna_protection - what devlink is told about faults
 * @reporter: the health reporter
 * @work: tells it, without any lock held
 * @lock: protects the rest, and cdna_queue.last_fault; innermost
 * @total: faults so far
 * @told: of these, what devlink knows of
 * @reasons: faults by enum cdna_vfault
 * @last: the last one
 * @last_ctx: whose it was
 * @last_queue: which queue, CDNA_VQUEUE()
 */
struct cdna_protection {
	struct devlink_health_reporter *reporter;
	struct delayed_work work;
	spinlock_t lock;	/* the rest, records of faults */
	u64 total;
	u64 told;
	u64 reasons[CDNA_NR_VFAULTS];
	struct cdna_fault_record last;
	u16 last_ctx;
	u8 last_queue;
};

/**
 * struct cdna_parent - the contexts of one NIC
 * @nic: the NIC
 * @mdev: its place in the mdev core
 * @type: the only type of mediated device
 * @types: pointer to it, as the mdev core wants it
 * @formats: how many layouts
 * @layout: descriptor formats that the host can validate
 * @format: the same as the NIC announced them, for guests to read
 * @lock: protects @ctx, and that no two contexts have the same MAC
 * @ctx: contexts in use, by number
 * @link: the wire is up
 * @protection: faults of all contexts
 */
struct cdna_parent {
	struct cdna_provider *nic;
	struct mdev_parent mdev;
	struct mdev_type type;
	struct mdev_type *types[1];
	u32 formats;
	struct cdna_layout layout[CDNA_MAX_FORMATS];
	struct cdna_desc_format format[CDNA_MAX_FORMATS];
	struct mutex lock;	/* contexts and their MACs */
	struct cdna_ctx *ctx[CDNA_MAX_CONTEXTS];
	bool link;
	struct cdna_protection protection;
};

/**
 * struct cdna_span - guest memory that a queue has for as long as it lives
 * @pages: how many
 * @pin: references to them
 */
struct cdna_span {
	u32 pages;
	struct cdna_pin **pin;
};

/**
 * struct cdna_queue - one ring of a queue pair
 * @ctx: whose
 * @qp: queue pair
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 * @trap_lock: one trap at a time; pages are pinned under it
 * @gate: open while the queue can take descriptors; behind it are all fields
 *	down to @comp_list
 * @layout: descriptor format
 * @slots: a power of two
 * @ring: the NIC's ring, in host memory (I1)
 * @ring_dma: where the NIC finds it
 * @shadow: the guest's ring, mapped
 * @shadow_span: its pages
 * @slot: page that each descriptor names, NULL when it was released
 * @prod: free-running index one past the last descriptor enqueued
 * @released: the same for the last whose page was released
 * @seq: sequence number of the next descriptor
 * @chain: descriptors so far of a frame that is not complete
 * @comp_span: pages of the completion ring
 * @comp_list: their DMA addresses, as the NIC reads them
 * @comp_list_dma: where the NIC finds that list
 * @lock: protects the fields that follow
 * @state: enum cdna_queue_state
 * @fault: enum cdna_vfault that stopped it
 * @fault_index: descriptor that stopped it
 * @fault_expected: sequence number that was due
 * @fault_seen: sequence number that was found
 * @faults: how many since the device was opened
 * @accepted: @prod for others to read, without @lock
 * @descs: descriptors enqueued; written in traps only
 * @hits: pages found in the pin table; written in traps only
 * @last_fault: protected by cdna_protection.lock
 */
struct cdna_queue {
	struct cdna_ctx *ctx;
	u8 qp;
	u8 dir;
	struct mutex trap_lock;	/* one trap at a time */
	struct cdna_gate gate;

	const struct cdna_layout *layout;
	u32 slots;
	void *ring;
	dma_addr_t ring_dma;
	void *shadow;
	struct cdna_span shadow_span;
	struct cdna_pin **slot;
	u32 prod;
	u32 released;
	u32 seq;
	u32 chain;
	struct cdna_span comp_span;
	__le64 *comp_list;
	dma_addr_t comp_list_dma;

	spinlock_t lock;	/* state and report */
	u8 state;
	u32 fault;
	u32 fault_index;
	u32 fault_expected;
	u32 fault_seen;
	u32 faults;
	u32 accepted;
	u64 descs;
	u64 hits;
	struct cdna_fault_record last_fault;
};

/**
 * struct cdna_doorbell - the doorbell page
 * @node: how KVM calls us; registered while @registered
 * @registered: set at open
 * @allowed: an administrator may say no; changes under @ctl_lock of the context
 * @lock: protects the rest; held while KVM is told to track, and taken when it
 *	says that a slot is gone
 * @wanted: the guest gave a page
 * @armed: KVM watches it
 * @tracked: how often KVM may believe that it tracks our pages
 * @spent: that was too often; no page is watched any more once this one is gone
 * @gfn: which page
 * @rearm: watches it again after its memory slot went and came back
 */
struct cdna_doorbell {
	struct kvm_page_track_notifier_node node;
	bool registered;
	bool allowed;
	struct mutex lock;	/* the rest */
	bool wanted;
	bool armed;
	u32 tracked;
	bool spent;
	gfn_t gfn;
	struct delayed_work rearm;
};

/**
 * struct cdna_unmap - memory that is being taken away (I9)
 * @lock: protects the rest
 * @active: dma_unmap calls under way
 * @first: first page of the last such range, in guest page numbers
 * @last: last page of it
 * @rounds: how often it was taken away, the last time counted
 * @settled: time in jiffies when the IOMMU layer has surely finished with it
 */
struct cdna_unmap {
	spinlock_t lock;	/* the rest */
	unsigned int active;
	unsigned long first;
	unsigned long last;
	unsigned int rounds;
	unsigned long settled;
};

/* Of each queue, by CDNA_VQUEUE(), and of the context itself */
#define CDNA_NR_FAULT_EVENTS	(CDNA_VDEV_NR_QUEUES + 1)

/**
 * struct cdna_faults - what the NIC told of a context
 * @work: deals with it
 * @lock: protects the rest
 * @pending: bit per entry of @event that is new
 * @event: the last one of each queue, and of the context
 */
struct cdna_faults {
	struct work_struct work;
	spinlock_t lock;	/* the rest */
	unsigned long pending;
	struct cdna_event event[CDNA_NR_FAULT_EVENTS];
};

#define CDNA_VREG_ARGS \
	((CDNA_VREG_TRAP - CDNA_VREG_ARG_FEATURES) / sizeof(u32))

/**
 * struct cdna_ctx - a context as a mediated device
 * @vdev: the VFIO device
 * @parent: the NIC's contexts
 * @id: number of the context
 * @port: how devlink sees it
 * @ctl_lock: one register command, reset, open or close at a time; pages are
 *	pinned under it. Protects @config, @result, @arg and @opened
 * @config: configuration space
 * @arg: arguments of register commands
 * @result: of the last register command
 * @opened: someone has the device open
 * @lock: protects the fields down to @tails_pin, and which queues exist
 * @state: enum cdna_ctx_state; may be read without
 * @mac: MAC address; also protected by cdna_parent.lock
 * @access_vlan: VLAN of the context's untagged frames, 0 for none
 * @trunk: the context may use any VLAN tag; excludes @access_vlan
 * @guest_mac_allowed: the guest may choose an address; changes under @ctl_lock
 * @guest_mac: the one that it chose, as a number, or 0
 * @guest_mac_claim: the one that it is about to have; set under
 *	cdna_parent.lock, cleared under @ctl_lock
 * @bound: bit per queue pair that has its interrupt source
 * @status_pin: the status page
 * @tails_pin: the tail page
 * @gate: open while traps may use @tails; @features and @tails are behind it
 * @features: CDNA_VFEAT_* that the guest accepted
 * @tails: the tail page, mapped
 * @installed: bit per queue, by CDNA_VQUEUE(), that a trap has to look at; only
 *	a hint, its gate tells
 * @traps_page: traps by the doorbell page
 * @traps_reg: traps by the register
 * @doorbell: the doorbell page
 * @unmap: memory that is being taken away
 * @faults: what the NIC told and nobody has looked at
 * @pins: pages that the NIC may reach
 * @queue: by CDNA_VQUEUE(); what a trap needs stands together from @gate on
 * @map_lock: protects @detached against faults that map the mailbox page
 * @detached: the mailbox page is out of reach
 * @dummy: what is mapped instead
 * @irq_lock: protects changes of the eventfds; they are read under RCU
 * @trigger: eventfd of each MSI-X vector
 * @request: eventfd that asks the user to let go
 * @interrupts: eventfds signalled
 * @vectors: bit vectors that named one of its queue pairs; this and the next two
 *	are written in the NIC's interrupt only
 * @last_vector: cdna_provider.vectors at the last of them
 * @bits: queue pairs that they named
 * @reasons: faults by enum cdna_vfault, protected by cdna_protection.lock
 * @nic_lies: indices of the NIC that were out of bounds
 */
struct cdna_ctx {
	struct vfio_device vdev;
	struct cdna_parent *parent;
	u16 id;
	struct devlink_port port;

	struct mutex ctl_lock;	/* register commands, open, close */
	struct cdna_config config;
	u32 arg[CDNA_VREG_ARGS];
	u32 result;
	bool opened;

	struct mutex lock;	/* lifecycle; nobody pins under it */
	enum cdna_ctx_state state;
	u8 mac[ETH_ALEN];
	u16 access_vlan;
	bool trunk;
	bool guest_mac_allowed;
	u64 guest_mac;
	u64 guest_mac_claim;
	u8 bound;
	struct cdna_pin *status_pin;
	struct cdna_pin *tails_pin;

	struct cdna_gate gate;
	u32 features;
	const __le32 *tails;
	unsigned long installed;
	atomic64_t traps_page;
	atomic64_t traps_reg;
	struct cdna_doorbell doorbell;
	struct cdna_unmap unmap;
	struct cdna_faults faults;
	struct cdna_pins pins;
	struct cdna_queue queue[CDNA_VDEV_NR_QUEUES];

	struct mutex map_lock;	/* mapping of the mailbox page */
	bool detached;
	struct page *dummy;

	struct mutex irq_lock;	/* eventfds */
	struct eventfd_ctx __rcu *trigger[CDNA_VDEV_NR_VECTORS];
	struct eventfd_ctx __rcu *request;

	atomic64_t interrupts;
	u64 vectors;
	u64 last_vector;
	u64 bits;
	u64 reasons[CDNA_NR_VFAULTS];
	atomic64_t nic_lies;
};

static inline struct cdna_ctx *cdna_ctx_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct cdna_ctx, vdev);
}

static inline struct cdna_provider *cdna_ctx_nic(const struct cdna_ctx *ctx)
{
	return ctx->parent->nic;
}

/* An argument of a register command; ctl_lock is held */
static inline u32 cdna_ctx_arg(const struct cdna_ctx *ctx, u32 reg)
{
	lockdep_assert_held(&ctx->ctl_lock);
	return ctx->arg[(reg - CDNA_VREG_ARG_FEATURES) / sizeof(u32)];
}

static inline u64 cdna_ctx_arg64(const struct cdna_ctx *ctx, u32 reg_lo)
{
	return cdna_ctx_arg(ctx, reg_lo) |
	       (u64)cdna_ctx_arg(ctx, reg_lo + sizeof(u32)) << 32;
}

/* cdna_parent.c */
int cdna_parent_attach(struct cdna_parent *parent, struct cdna_ctx *ctx);
void cdna_parent_detach(struct cdna_ctx *ctx);
unsigned int cdna_parent_free(struct cdna_parent *parent);

/* cdna_identity.c */
int cdna_identity_make_mac(struct cdna_parent *parent, u32 id, u8 *mac);
int cdna_identity_set_mac(struct cdna_ctx *ctx, const u8 *mac);
int cdna_identity_set_vlan(struct cdna_ctx *ctx, u16 access_vlan, bool trunk);
int cdna_identity_allow(struct cdna_ctx *ctx, bool allowed);
void cdna_identity_forget(struct cdna_ctx *ctx);
enum cdna_vresult cdna_identity_command(struct cdna_ctx *ctx);

/* cdna_vdev.c */
extern struct mdev_driver cdna_vdev_driver;

/* cdna_port.c */
int cdna_port_create(struct cdna_ctx *ctx);
void cdna_port_destroy(struct cdna_ctx *ctx);

/* cdna_protection.c */
int cdna_protection_create(struct cdna_parent *parent);
void cdna_protection_destroy(struct cdna_parent *parent);
void cdna_protection_fault(struct cdna_queue *queue, u32 fault, u32 index,
			   u32 expected, u32 seen);

/* cdna_stats.c */
extern const struct attribute_group cdna_stats_group;
extern const struct attribute_group cdna_stats_fault_group;
void cdna_stats_init(void);

/* cdna_vfio.c */
extern const struct vfio_device_ops cdna_vfio_ops;

/* cdna_ctx.c */
void cdna_ctx_init(struct cdna_ctx *ctx);
int cdna_ctx_command(struct cdna_ctx *ctx, struct cdna_admin_cmd *cmd,
		     struct cdna_admin_completion *done);
int cdna_ctx_configure(struct cdna_ctx *ctx);
void cdna_ctx_release(struct cdna_ctx *ctx);
void cdna_ctx_renew(struct cdna_ctx *ctx);
enum cdna_vresult cdna_ctx_activate(struct cdna_ctx *ctx);
u32 cdna_ctx_offers(struct cdna_ctx *ctx);
void cdna_ctx_withdraw(struct cdna_ctx *ctx);
int cdna_ctx_reset(struct cdna_ctx *ctx);
int cdna_ctx_revoke(struct cdna_ctx *ctx);
int cdna_ctx_restore(struct cdna_ctx *ctx);
void cdna_ctx_faulted(struct cdna_ctx *ctx, u32 fault);
void cdna_ctx_dead(struct cdna_ctx *ctx);

/* cdna_unmap.c */
void cdna_unmap_init(struct cdna_ctx *ctx);
void cdna_unmap_range(struct cdna_ctx *ctx, u64 iova, u64 bytes);
bool cdna_unmap_hits(struct cdna_ctx *ctx, unsigned long gfn);
void cdna_unmap_settle(struct cdna_ctx *ctx, unsigned long gfn);

/* cdna_queue.c */
void cdna_queue_init(struct cdna_queue *queue, struct cdna_ctx *ctx, u8 qp,
		     u8 dir);
enum cdna_vresult cdna_queue_create(struct cdna_ctx *ctx);
enum cdna_vresult cdna_queue_destroy(struct cdna_ctx *ctx, u32 number);
enum cdna_vresult cdna_queue_drain(struct cdna_ctx *ctx, u32 number);
void cdna_queue_teardown(struct cdna_queue *queue);
void cdna_queue_stop(struct cdna_queue *queue, bool drain);

/* cdna_fault.c */
void cdna_fault_queue(struct cdna_queue *queue, u32 fault, u32 index,
		      u32 expected, u32 seen);
void cdna_fault_report(struct cdna_queue *queue,
		       struct cdna_vdev_report *report);
void cdna_fault_init(struct cdna_ctx *ctx);
void cdna_fault_event(struct cdna_ctx *ctx, const struct cdna_event *event);
void cdna_fault_end(struct cdna_ctx *ctx);

/* cdna_span.c */
int cdna_span_pin(struct cdna_ctx *ctx, struct cdna_span *span, u64 addr,
		  size_t bytes);
void cdna_span_unpin(struct cdna_span *span);
void *cdna_span_map(const struct cdna_span *span);
bool cdna_span_uses(const struct cdna_span *span, unsigned long first,
		    unsigned long last);
struct cdna_pin *cdna_span_get(struct cdna_ctx *ctx, u64 addr, u64 *hits);
struct cdna_pin *cdna_span_page(struct cdna_ctx *ctx, u64 addr);
enum cdna_vfault cdna_span_fault(int error);
extern const struct cdna_pin_ops cdna_span_pin_ops;

/* cdna_enqueue.c */
void cdna_enqueue_trap(struct cdna_ctx *ctx);

/* cdna_doorbell.c */
void cdna_doorbell_init(struct cdna_ctx *ctx);
int cdna_doorbell_allow(struct cdna_ctx *ctx, bool allowed);
void cdna_doorbell_open(struct cdna_ctx *ctx);
void cdna_doorbell_close(struct cdna_ctx *ctx);
bool cdna_doorbell_offered(const struct cdna_ctx *ctx);
int cdna_doorbell_set(struct cdna_ctx *ctx, u64 addr);
void cdna_doorbell_forget(struct cdna_ctx *ctx);

/* cdna_trigger.c */
unsigned int cdna_trigger_count(unsigned int index);
int cdna_trigger_set(struct cdna_ctx *ctx, const struct vfio_irq_set *set,
		     const void *data);
void cdna_trigger_release(struct cdna_ctx *ctx);
void cdna_trigger_signal(struct cdna_ctx *ctx, unsigned int vector);
bool cdna_trigger_request(struct cdna_ctx *ctx);
void cdna_trigger_source(void *data);

/* cdna_map.c */
int cdna_map_mmap(struct cdna_ctx *ctx, struct vm_area_struct *vma);
void cdna_map_detach(struct cdna_ctx *ctx);
void cdna_map_attach(struct cdna_ctx *ctx);
void cdna_map_clean(struct cdna_ctx *ctx);

/* cdna_regs.c */
void cdna_regs_reset(struct cdna_ctx *ctx);
u32 cdna_regs_read(struct cdna_ctx *ctx, u32 offset);
void cdna_regs_write(struct cdna_ctx *ctx, u32 offset, u32 value);

#endif /* CDNA_CTX_H */
