/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The line between NICs and the mediated devices made of their contexts. One
 * side, a provider, deals with how its NIC is reached (PCI, or a software
 * NIC in this host); the other, the client, with VFIO, guests and pinned pages.
 *
 * Theory of operation
 *
 *          vdev, guard: the client                  nic: a provider
 *
 *      cdna_provider_set_client()
 *                                 <-- add() ----- cdna_provider_register()
 *      operations                 -------------->
 *                                 <------------   fault(), link(), dead()
 *      mute()                     -------------->
 *                                 <-- remove() -- cdna_provider_unregister()
 *
 * Neither side calls the other by name: both know this file only. A provider
 * brings its NIC up, fills in a struct cdna_provider and registers it. From then
 * on and until cdna_provider_unregister() has returned the client may call the
 * operations. The provider calls the client's callbacks from the moment that
 * cdna_provider_register() has returned until the client mutes it, which it does
 * at the end of its remove(), when no context is in use any longer and before it
 * frees what the callbacks look at.
 *
 * Who may sleep
 *
 *   operations           process context; may sleep
 *   source handler       atomic: must not sleep. A NIC calls it in its interrupt, one
 *                        at a time; a provider without one, on any processor, and on
 *                        several at a time
 *   client's callbacks   process context, one at a time: may sleep and run
 *                        commands, but must not unregister the provider
 *
 * Locks
 *
 * Provider locks are innermost: the client may hold any mutex of its own when
 * it calls an operation. The provider holds none when it calls the client's
 * callbacks. A source handler runs under RCU only. source_unbind() waits for
 * handlers, so no lock that a handler takes may be held around it.
 *
 * Death
 *
 * When the NIC stops answering, is unplugged or has restarted behind our
 * back, the provider first cuts off its DMA, then marks it dead; commands in
 * flight and later ones fail with -ENODEV immediately, and the client's dead()
 * callback runs. A dead NIC reaches no memory: pages may be unpinned. Nothing
 * but a new probe revives it.
 */
#ifndef CDNA_PROVIDER_H
#define CDNA_PROVIDER_H

#include <asm/barrier.h>
#include <asm/byteorder.h>
#include <linux/atomic.h>
#include <linux/types.h>

#include <cdna/admin.h>
#include <cdna/desc.h>
#include <cdna/regs.h>
#include <cdna/rings.h>
#include <cdna/stats.h>

struct cdna_provider;
struct netlink_ext_ack;
struct device;
struct devlink;
struct devlink_port;
struct devlink_port_new_attrs;

/**
 * struct cdna_fault_info - what stopped a queue
 * @reason: enum cdna_vfault
 * @index: free-running index of the descriptor
 * @expected: sequence number that was due, 0 if that is not the reason
 * @seen: sequence number that was found
 */
struct cdna_fault_info {
	u32 reason;
	u32 index;
	u32 expected;
	u32 seen;
};

#define CDNA_DRAIN_MS			2000	/* longest wait for a drain */
#define CDNA_ALL_CONTEXTS		0xffff	/* in place of a number */

/**
 * typedef cdna_source_fn - an interrupt source has news
 * @data: as given to source_bind()
 *
 * Atomic context. It may come once more than the NIC raised the source, never
 * less (I7).
 */
typedef void (*cdna_source_fn)(void *data);

/**
 * struct cdna_provider_ops - what a NIC does for its mediated devices
 * @command: run one privileged command and wait for its completion. The tag
 *	is filled in. @done gets the completion and may be NULL. Callers run
 *	concurrently; a drain does not hold up the others. Gives 0 when the NIC
 *	did it; cdna_provider_errno() of the status when it refused, with details
 *	in @done; -ENODEV when the NIC is dead, and its DMA cut off. Without an
 *	answer from the NIC @done is left alone
 * @drain: have the NIC finish what was posted to the queues of direction @dir of
 *	the pairs @qps, a bit each, then stop them: all at the same time. Gives 0
 *	when they have stopped; else what @command gives, -EBUSY when too many
 *	drains are under way, or -ETIMEDOUT after CDNA_DRAIN_MS in total: drains
 *	go on until their queue or context is destroyed, reset or revoked
 * @mailbox_page: page frame number of the partition of context @ctx, to be
 *	mapped uncached unless it is memory (@partitions_in_memory). Gives 0, or
 *	-EOPNOTSUPP if the NIC has no such page
 * @ring_mailbox: store into mailbox @mbox of context @ctx for the guest. Process
 *	context; comes from a trap, under the lock of the queue's traps, so that a
 *	provider may transmit in it. One whose partitions are not in memory also gets
 *	what a process stores without having mapped the page: anything, at any time
 * @load: load the aligned word at @offset of the partition of context @ctx for
 *	the guest: a slow trip over the bus. Gives 0 if the NIC has no partitions
 * @forget: no mediated device has context @ctx any longer, which is FREE: what the
 *	provider keeps of it beyond CDNA_CMD_CTX_RELEASE, so that a device which is
 *	closed and opened again finds it, is not for the next one. May be NULL
 * @bridge: put the network interface that context @ctx has in the host into the bridge
 *	@name of its network namespace, and up; with "", take it out of where it is.
 *	Gives 0, -ENODEV if there is no such bridge, or its error. NULL where contexts
 *	have no interface
 * @read_stats: copy the counters of context @ctx, by enum cdna_ctx_stat, which count
 *	since it was configured. Gives 0 or what @command gives
 * @source_bind: bind queue pair @qp of context @ctx to the lowest free bit of
 *	the vector, and @fn to that bit. @fn may be called before it returns.
 *	Gives 0, -EBUSY if the pair is bound, -ENOSPC without a free bit, or
 *	what @command gives
 * @source_unbind: undo it for several pairs, a bit each in @qps; does nothing for a
 *	pair that is not bound. When it returns, their @fn does not run and will not
 *	(I6), even if the NIC is dead. Both are called by one thread at a time for
 *	a context, and by any number for different ones, which do not wait for
 *	each other
 * @fail: the NIC did not do what it must, @why, a constant string with the NIC as
 *	"it". When it returns, the NIC is dead and its DMA has been cut off: the
 *	client may free what the NIC was using
 * @mute: when it returns, no callback of the client runs and none will. It
 *	waits for one that does: hold no lock that a callback takes
 */
struct cdna_provider_ops {
	int (*command)(struct cdna_provider *nic,
		       const struct cdna_admin_cmd *cmd,
		       struct cdna_admin_completion *done);
	int (*drain)(struct cdna_provider *nic, u16 ctx, u8 dir,
		     unsigned long qps);
	int (*mailbox_page)(struct cdna_provider *nic, u16 ctx,
			    unsigned long *pfn);
	void (*ring_mailbox)(struct cdna_provider *nic, u16 ctx, u32 mbox,
			     u32 value);
	u32 (*load)(struct cdna_provider *nic, u16 ctx, u32 offset);
	void (*forget)(struct cdna_provider *nic, u16 ctx);
	int (*bridge)(struct cdna_provider *nic, u16 ctx, const char *name);
	int (*read_stats)(struct cdna_provider *nic, u16 ctx,
			  u64 value[CDNA_NR_STATS]);
	int (*source_bind)(struct cdna_provider *nic, u16 ctx, u8 qp,
			   cdna_source_fn fn, void *data);
	void (*source_unbind)(struct cdna_provider *nic, u16 ctx,
			      unsigned long qps);
	void (*fail)(struct cdna_provider *nic, const char *why);
	void (*mute)(struct cdna_provider *nic);
};

/**
 * struct cdna_client - what a provider calls of the mediated side
 * @add: offer the contexts of @nic as mediated devices. Gives 0 or an error;
 *	then nothing of @nic is used any longer
 * @remove: undo it: ask their users to release them, and wait until they have.
 *	Afterwards no operation of @nic is called
 * @fault: the NIC stopped a queue or a context: @event is a copy whose type is
 *	CDNA_EVENT_QUEUE_FAULT or CDNA_EVENT_CONTEXT_FAULT, whose context is
 *	below cdna_nic_info.contexts, and for queue faults whose queue pair and
 *	direction are in bounds. Nothing else of it is checked
 * @link: the wire of context @ctx, or of all with CDNA_ALL_CONTEXTS, went up or
 *	down. It is up at first
 * @dead: the NIC is dead, see above; comes once and last. Also comes when the
 *	NIC died before cdna_provider_register() returned
 * @rate_max: an administrator sets tx_max of a rate object of devlink's, a leaf
 *	that the client made; bytes per second, 0: no limit. Only for providers that
 *	have cdna_nic_info.max_rate_mbps, and with devlink's lock held
 * @rate_min: the same for tx_share; 0: nothing is promised
 * @group_new: an administrator makes a node of devlink's rates. Sets @group, by which
 *	the others name it; gives 0 or an error. Also with devlink's lock held, as the
 *	next ones
 * @group_del: the node, which no leaf has as its parent, is gone
 * @group_max: as @rate_max, for all contexts together whose parent is the node
 * @group_min: the same for tx_share
 * @group_join: a leaf gets a parent; NULL: it has none
 * @sf_new: an administrator adds a port: the host is to drive a context itself. Sets
 *	@port; gives 0 or an error. Only for providers whose contexts have mailbox pages
 */
struct cdna_client {
	int (*add)(struct cdna_provider *nic);
	void (*remove)(struct cdna_provider *nic);
	void (*fault)(struct cdna_provider *nic,
		      const struct cdna_event *event);
	void (*link)(struct cdna_provider *nic, u16 ctx, bool up);
	void (*dead)(struct cdna_provider *nic);
	int (*rate_max)(void *leaf, u64 bytes, struct netlink_ext_ack *extack);
	int (*rate_min)(void *leaf, u64 bytes, struct netlink_ext_ack *extack);
	int (*group_new)(struct cdna_provider *nic, void **group,
			 struct netlink_ext_ack *extack);
	int (*group_del)(void *group, struct netlink_ext_ack *extack);
	int (*group_max)(void *group, u64 bytes,
			 struct netlink_ext_ack *extack);
	int (*group_min)(void *group, u64 bytes,
			 struct netlink_ext_ack *extack);
	int (*group_join)(void *leaf, void *group,
			  struct netlink_ext_ack *extack);
	int (*sf_new)(struct cdna_provider *nic,
		      const struct devlink_port_new_attrs *attrs,
		      struct devlink_port **port,
		      struct netlink_ext_ack *extack);
};

/**
 * struct cdna_nic_info - what the NIC is, bounded and in host byte order
 * @abi: CDNA_ABI_VERSION of the NIC; the major number is ours
 * @fw_version: major << 24 | minor << 16 | patch
 * @contexts: 1 to CDNA_MAX_CONTEXTS
 * @qps: queue pairs of a context, 1 to CDNA_MAX_QPS, each with a source of its own
 * @sources: bits of the vector, @contexts times @qps to CDNA_MAX_SOURCES
 * @bitvec_words: 64-bit words of a vector, 1 to CDNA_MAX_BITVEC_WORDS
 * @min_ring: smallest ring, in slots, at least CDNA_MIN_RING
 * @max_ring: largest, in slots, at most CDNA_MAX_RING
 * @mtu: of the wire, in bytes, CDNA_MIN_MTU to CDNA_MAX_MTU
 * @max_macs: addresses of a context, with its own, 1 to CDNA_MAX_CTX_MACS
 * @speed: link speed in Mb/s, 0 when not known
 * @offloads: CDNA_OFFLOAD_*
 * @max_coalesce_usecs: longest moderation that the NIC takes
 * @max_rate_mbps: highest rate limit that it takes
 * @fw_bytes: memory that the firmware's state takes
 * @groups: rate groups that it has, at most CDNA_MAX_GROUPS
 * @mac: the NIC's own address, unicast
 * @formats: how many descriptor formats follow, 1 to CDNA_MAX_FORMATS
 * @format: as the NIC wrote them, not checked
 */
struct cdna_nic_info {
	u32 abi;
	u32 fw_version;
	u32 contexts;
	u32 qps;
	u32 sources;
	u32 bitvec_words;
	u32 min_ring;
	u32 max_ring;
	u32 mtu;
	u32 max_macs;
	u32 speed;
	u32 offloads;
	u32 max_coalesce_usecs;
	u32 max_rate_mbps;
	u32 fw_bytes;
	u32 groups;
	u8 mac[6];
	u32 formats;
	struct cdna_desc_format format[CDNA_MAX_FORMATS];
};

/**
 * struct cdna_provider - a NIC, as its mediated devices see it
 * @ops: how to make it do things
 * @dev: parent of the mediated devices, and what messages are logged for
 * @devlink: registered; the client adds ports and health reporters to it
 * @dma_dev: device to map memory for: DMA addresses in descriptors, rings and
 *	page lists are of this device. NULL: there is none, and the provider's code
 *	in this kernel takes physical addresses
 * @partitions_in_memory: partitions are pages of ordinary memory in which no store
 *	is noticed. The trap rings producer mailboxes (CDNA_VFEAT_HOST_MAILBOX, which
 *	a guest has to accept), and the provider looks at re-arm mailboxes after it has
 *	published news
 * @info: what it is; does not change
 * @cons: the trusted consumer table, CDNA_MAX_QPS entries per context, written
 *	by the NIC at any time: read with cdna_provider_cons()
 * @vectors: bit vectors handed out so far, for source handlers, which run during
 *	one: pending slots that were ORed are one vector. A provider without vectors
 *	counts each source that it raises
 * @dead: set once, after the NIC's DMA was cut off
 * @client: set by cdna_provider_register() before it returns
 * @client_data: the client's own
 */
struct cdna_provider {
	const struct cdna_provider_ops *ops;
	struct device *dev;
	struct devlink *devlink;
	struct device *dma_dev;
	bool partitions_in_memory;
	struct cdna_nic_info info;
	const struct cdna_host_cons *cons;
	atomic64_t vectors;
	bool dead;
	const struct cdna_client *client;
	void *client_data;
};

/**
 * cdna_provider_is_dead - whether the NIC was found dead
 * @nic: the NIC
 *
 * Pairs with the release in the provider: a caller that sees it set may unpin.
 */
static inline bool cdna_provider_is_dead(const struct cdna_provider *nic)
{
	/* Pairs with the release in cdna_health.c. */
	return smp_load_acquire(&nic->dead);
}

/**
 * cdna_provider_resumes - whether a context may be paused and resumed
 * @nic: the NIC
 *
 * Return: true if it knows CDNA_CMD_CTX_RESUME.
 */
static inline bool cdna_provider_resumes(const struct cdna_provider *nic)
{
	return CDNA_ABI_GET_MINOR(nic->info.abi) >= 4;
}

/**
 * cdna_provider_moves_rings - whether a used ring may begin at any index
 * @nic: the NIC
 *
 * Return: true if so: a virtio device can come from elsewhere, with its rings.
 */
static inline bool cdna_provider_moves_rings(const struct cdna_provider *nic)
{
	return CDNA_ABI_GET_MINOR(nic->info.abi) >= 8;
}

/**
 * cdna_provider_cons - trusted consumer index of a queue (I3)
 * @nic: the NIC
 * @ctx: context, below cdna_nic_info.contexts
 * @qp: queue pair, below CDNA_MAX_QPS
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 *
 * Pages are released, and completions looked at, after the read that allows it. The
 * caller bounds the value by what it has enqueued.
 *
 * Return: free-running index one past the last descriptor used.
 */
static inline u32 cdna_provider_cons(const struct cdna_provider *nic, u16 ctx,
				     u8 qp, u32 dir)
{
	const struct cdna_host_cons *cons =
		&nic->cons[ctx * CDNA_MAX_QPS + qp];
	const __le32 *index = dir == CDNA_DIR_TX ? &cons->tx_cons :
						   &cons->rx_cons;

	u32 value = le32_to_cpu(READ_ONCE(*index));

	/* Pairs with the NIC, which has done its DMA before it writes this. What
	 * releases a page is conditional on the value, so it comes later, too.
	 */
	dma_rmb();
	return value;
}

int cdna_provider_errno(u16 status);
void cdna_provider_set_client(const struct cdna_client *client);
int cdna_provider_register(struct cdna_provider *nic);
void cdna_provider_unregister(struct cdna_provider *nic);

#endif /* CDNA_PROVIDER_H */
