/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room of mediated devices: contexts of NICs as virtual PCI devices, for
 * virtual machines through VFIO, for administrators through sysfs and devlink.
 *
 * Theory of operation
 *
 * A provider registers a NIC, and cdna_client.c offers its contexts to the mdev
 * core. An administrator creates a mediated device: cdna_driver.c takes a free
 * context for it from the NIC's cdna_table. A virtual machine monitor opens it:
 * cdna_vfio.c bounds each access and hands it to the file of that region. A
 * guest's commands come through the register page, cdna_regs.c. What they do to
 * memory and to queues is the room of protection's concern (guard/cdna_domain.h):
 * a context embeds a cdna_domain, and gets its faults through operations.
 *
 * States of a context: cdna_state.c has the full table, cdna_ctx_event() is the
 * only door to it, and the functions that an event runs are named in its cells.
 *
 *             CONFIGURE               ACTIVATE
 *      FREE ------------> CONFIGURED ----------> ACTIVE ------> FAULTED
 *       ^                 |    ^  ^               |  |   FAULT   |  |
 *       |                 |    |  +---------------+--|-----------+  |
 *       |         REVOKE  |    |        RESET        |              |
 *       |                 v    | RESTORE             | REVOKE       |
 *       |                REVOKED <-------------------+--------------+
 *       |                 |
 *       +-----------------+-- RELEASE, from every state
 *
 *   FREE         no mediated device has it, or its address is just changing
 *   CONFIGURED   it has an address; no queue exists, no page is pinned for it
 *   ACTIVE       its guest gave status and tail page; queues come and go
 *   FAULTED      the NIC stopped it, or its own pages were unmapped, or the NIC
 *                is dead: nothing works until its guest resets it
 *   REVOKED      an administrator took it away: its guest reaches nothing (I6),
 *                not even by a reset
 *
 * QUIESCED is a state of the NIC: while the machine is stopped, an ACTIVE context
 * is paused (cdna_pause.c), so that its device can migrate (cdna_migrate.c).
 *
 * Who may sleep
 *
 * Everything but cdna_trigger_signal(), which raises an interrupt of the guest,
 * and cdna_trigger_source(), which runs in the NIC's interrupt.
 *
 * Locks, outermost first; Documentation/locking.rst has the reasons
 *
 *   devlink's lock           held when it calls us, never taken under ours
 *   cdna_domain.ctl_lock     requests of a guest or administrator
 *   cdna_queue.trap_lock     one trap at a time in a queue
 *   cdna_table.lock          which contexts there are
 *   cdna_domain.lock         lifecycle and queues; also taken by dma_unmap, so no
 *                            page is pinned or unpinned under it
 *   cdna_ctx.map_lock        what the mailbox page is mapped to
 *   cdna_ctx.irq_lock        changes of eventfds
 *   cdna_queue.lock, cdna_faults.lock, cdna_fault_reporter.lock: for a few
 *                            instructions
 */
#ifndef CDNA_CTX_H
#define CDNA_CTX_H

#include <linux/atomic.h>
#include <linux/eventfd.h>
#include <linux/if.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/vfio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <net/devlink.h>

#include <cdna/vdev.h>

#include "guard/cdna_cmd.h"
#include "guard/cdna_domain.h"
#include "vdev/cdna_config.h"
#include "vdev/cdna_fault_reporter.h"
#include "vdev/cdna_link_state.h"
#include "vdev/cdna_migrate.h"
#include "vdev/cdna_sf.h"
#include "vdev/cdna_state.h"
#include "vdev/cdna_virtio_layout.h"

struct cdna_group;
struct cdna_table;
struct cdna_virtio;

#define CDNA_VREG_ARGS \
	((CDNA_VREG_TRAP - CDNA_VREG_ARG_FEATURES) / sizeof(u32))
#define CDNA_VREG_RSS_ARGS		(sizeof(struct cdna_rss) / sizeof(u32))

/**
 * struct cdna_ctx - a context as a mediated device
 * @vfio: the VFIO device
 * @table: the NIC's contexts
 * @port: how devlink sees it
 * @config: configuration space; this and the next six are protected by
 *	cdna_domain.ctl_lock
 * @virtio: what its guest has written, NULL: the device is not a virtio one
 * @arg: arguments of register commands
 * @rss_arg: those of CDNA_VCMD_SET_RSS, which do not migrate: the driver has to store
 *	them again anyway, with its queues
 * @result: of the last register command
 * @migrate: its migration
 * @opened: a process has the device open; written under cdna_domain.lock as well
 * @sf: what it has as a sub-function of the host; without vectors, it is not one
 * @domain: its memory and its queues; cdna_domain.lock protects the fields down
 *	to @guest_mac
 * @state: may be read without a lock; changed by cdna_ctx_event() only
 * @on_nic: the NIC's context is not FREE
 * @revoking: it is revoked, and its machine's pages are not released yet
 * @limits: what the administrator gave; @limits.tx_min_mbps is also protected by
 *	cdna_table.lock, and all may be read without a lock
 * @group: the rate group that it is a member of, or NULL; also protected by
 *	cdna_table.lock
 * @address: what the administrator gave; @address.mac is also protected by
 *	cdna_table.lock
 * @guest_mac: the MAC address that the guest chose, as a number, or 0
 * @guest_mac_allowed: the guest may choose one
 * @bridge: the bridge that its network interface in the host was put into, or ""
 * @guest_mac_claim: the one that it is about to have; set under cdna_table.lock and
 *	cdna_domain.lock, cleared under cdna_domain.ctl_lock, or by a revocation
 * @link_policy: which link the guest sees; may be read and written without a lock
 * @revoke_work: releases what a revoked guest had
 * @revoked: it has done so
 * @map_lock: protects @detached against faults that map the mailbox page
 * @detached: the mailbox page is out of reach
 * @dummy: what is mapped instead
 * @irq_lock: protects changes of the eventfds; they are read under RCU
 * @trigger: eventfd of each MSI-X vector
 * @request: eventfd that asks the user to release the device
 * @muted: why no vector fires, a bit each of enum cdna_mute
 * @interrupts: eventfds signalled
 * @vectors: bit vectors that named one of its queue pairs
 * @last_vector: cdna_provider.vectors at the last of them
 * @bits: queue pairs that they named
 * @fault_log: its faults, for the reporter
 * @drops: frames that were dropped until the provider's context was last released, by
 *	enum cdna_drop; protected by cdna_domain.lock
 */
struct cdna_ctx {
	struct vfio_device vfio;
	struct cdna_table *table;
	struct devlink_port port;

	struct cdna_config config;
	struct cdna_virtio *virtio;
	u32 arg[CDNA_VREG_ARGS];
	__le32 rss_arg[CDNA_VREG_RSS_ARGS];
	u32 result;
	struct cdna_migrate migrate;
	bool opened;

	struct cdna_sf_ctx sf;

	struct cdna_domain domain;
	enum cdna_ctx_state state;
	bool on_nic;
	bool revoking;
	struct cdna_limits limits;
	struct cdna_group *group;
	struct cdna_address address;
	u64 guest_mac;
	bool guest_mac_allowed;
	char bridge[IFNAMSIZ];
	u64 guest_mac_claim;

	enum cdna_link_policy link_policy;
	struct work_struct revoke_work;
	wait_queue_head_t revoked;

	struct mutex map_lock;	/* mapping of the mailbox page */
	bool detached;
	struct page *dummy;

	struct mutex irq_lock;	/* eventfds */
	struct eventfd_ctx __rcu *trigger[CDNA_VIRTIO_NR_VECTORS];
	struct eventfd_ctx __rcu *request;
	unsigned long muted;

	atomic64_t interrupts;
	atomic64_t vectors;
	atomic64_t last_vector;
	atomic64_t bits;
	struct cdna_fault_log fault_log;
	u64 drops[CDNA_NR_DROPS];
};

/**
 * struct cdna_ctx_detail - what some events come with
 * @pages: CDNA_EV_ACTIVATE: what the guest gives
 * @features: CDNA_EV_ACTIVATE: CDNA_VFEAT_* that it accepts
 * @fault: CDNA_EV_FAULT: enum cdna_vfault
 */
struct cdna_ctx_detail {
	const struct cdna_domain_pages *pages;
	u32 features;
	u32 fault;
};

void cdna_ctx_init(struct cdna_ctx *ctx, cdna_source_fn source,
		   const struct cdna_pin_ops *pin_ops);
int cdna_ctx_event(struct cdna_ctx *ctx, enum cdna_ctx_event event,
		   const struct cdna_ctx_detail *detail);
int cdna_ctx_reset(struct cdna_ctx *ctx);
void cdna_ctx_set_opened(struct cdna_ctx *ctx, bool opened);
void cdna_ctx_set_master(struct cdna_ctx *ctx, bool masters);
void cdna_ctx_renew(struct cdna_ctx *ctx);
void cdna_ctx_dead(struct cdna_ctx *ctx);

#endif /* CDNA_CTX_H */
