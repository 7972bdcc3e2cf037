/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts over the host's own networking: a provider without a NIC.
 *
 * Theory of operation
 *
 * Each context has a port, a network interface of the host. What the guest transmits
 * is received by the port, and goes where the host sends it: a bridge, a namespace,
 * a route. What the host transmits on the port is received by the guest. The port
 * is to a context what a tap is to a process, with the guest's rings in place of the
 * file descriptor. Nothing here knows bridges, tags of switches or addresses of others.
 *
 *   guest transmits   trap -> cdna_mdev validates, pins -> softnic_tx_posted()
 *                     -> frame checked, made an sk_buff, which refers to the guest's
 *                     pages if it is a large one -> netif_receive_skb_list()
 *   guest receives    host -> port's ndo_start_xmit: softnic_rx_deliver() -> copied
 *                     into posted buffers -> completion, status -> eventfd -> irqfd
 *
 * No thread takes part: transmission is done in the trap, in the vCPU's thread, and
 * reception where the host transmits, which is another guest's trap or the softirq of
 * a NIC.
 *
 *   softnic_main.c     the device; brings everything up, and down in reverse
 *   softnic_ops.c      the table of operations that cdna_mdev calls
 *   softnic_cmd.c      admin commands of a context; softnic_cmd_queue.c of its queues
 *   softnic_ctx.c      what the life of a context does; its table is the firmware's
 *   softnic_port.c     the network interface; softnic_ethtool.c
 *   softnic_tx.c       from a transmit ring to the host; softnic_frame.c makes and
 *                      softnic_offload.c checks what is sent
 *   softnic_zc.c       frames that are sent from the guest's own pages
 *   softnic_rx.c       from the host to a receive queue; softnic_backlog.c keeps what
 *                      has no buffers yet, softnic_rx_ring.c fills the ring, and
 *                      softnic_rx_virtio.c that of a virtio queue
 *   softnic_queue.c    states of rings, by the firmware's table; softnic_ring.c reads
 *                      rings
 *   softnic_status.c   consumer indices and interrupts
 *   softnic_events.c   what is reported to cdna_mdev: faults, links, the end
 *   softnic_stats.c    counters
 *   softnic_rules.c    who may send and who receives what: pure
 *   softnic_desc.c     descriptors of all formats: pure
 *   softnic_virtio.c   received frames of virtio queues: pure
 *   softnic_used.c     used rings of virtio queues: pure
 *
 * Locks, outermost first; all are inside those of cdna_mdev
 *
 *   softnic_ctx.lock     mutex: one command of a context at a time
 *   softnic.mac_lock     mutex: addresses of all contexts are different
 *   softnic_qp.tx_lock   mutex: one transmission at a time; a queue ends under it
 *   softnic_zc.lock      spinlock, bottom halves disabled: frames that the host has
 *   softnic_qp.lock      spinlock, bottom halves disabled: states of rings, the
 *                        receive ring, status and interrupts of the pair
 *   softnic_ctx.rx_lock, .bucket_lock, softnic_news.lock   spinlocks, innermost
 *
 * rtnl is taken under softnic_ctx.lock to make a port, and never the other way round:
 * what the host asks of a port takes none of these mutexes.
 */
#ifndef SOFTNIC_H
#define SOFTNIC_H

#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <cdna/admin.h>
#include <cdna/regs.h>
#include <cdna/stats.h>

#include "base/bucket.h"
#include "cdna_provider.h"
#include "softnic_rules.h"
#include "softnic_used.h"

#define SOFTNIC_STORM_FPS	10000	/* default of what a context sends, and gets */

#define SOFTNIC_TSO	(CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6)
#define SOFTNIC_OFFLOADS_TX \
	(CDNA_OFFLOAD_TX_CSUM | SOFTNIC_TSO | \
	 CDNA_OFFLOAD_TX_VLAN | CDNA_OFFLOAD_SG)
#define SOFTNIC_OFFLOADS_RX \
	(CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO | CDNA_OFFLOAD_RX_VLAN | \
	 CDNA_OFFLOAD_RX_CHAINS)

#define SOFTNIC_LATER	(SOFTNIC_PASS + 1)	/* when there are more buffers */

/* Pages of the largest completion ring */
#define SOFTNIC_COMP_PAGES \
	(CDNA_MAX_RING * sizeof(struct cdna_rx_completion) / CDNA_PAGE_SIZE)

struct fw_rss;
struct softnic;
struct softnic_ctx;
struct softnic_zc;

/**
 * struct softnic_ring - one ring of a queue pair
 * @state: enum cdna_queue_state
 * @fault: enum cdna_fault that stopped it
 * @format: CDNA_FORMAT_*
 * @offloads: CDNA_OFFLOAD_*
 * @slots: a power of two
 * @memory: the ring, which cdna_mdev writes (I1)
 * @prod: free-running index one past the last descriptor posted
 * @cons: the same for the last one taken
 * @done: of a transmit ring: the same for the last one whose page the host does not
 *	read any longer
 * @most: of a receive ring: how many there were of late, when most were
 * @first_seq: sequence number of descriptor 0
 * @resumes: it was stopped because its context is paused, and goes on when that does
 * @used: with CDNA_FORMAT_VIRTIO: its used ring
 * @chains: entries in it that the guest is not to see before the host knows of them
 */
struct softnic_ring {
	u8 state;
	u8 fault;
	u8 format;
	u16 offloads;
	u32 slots;
	const void *memory;
	u32 prod;
	u32 cons;
	u32 done;
	u32 most;
	u32 first_seq;
	bool resumes;
	struct softnic_used used;
	u32 chains;
};

/**
 * struct softnic_intr - interrupts of a queue pair
 * @usecs: longest wait after the first news
 * @frames: news that end the wait, 0: any
 * @event: number of the last status published
 * @told: @event when the re-arm mailbox was last looked at
 * @news: frames since the last interrupt
 * @due: the guest wants an interrupt, and has not got it; or the host, of a virtio
 *	queue
 * @timer: ends the wait
 */
struct softnic_intr {
	u32 usecs;
	u32 frames;
	u32 event;
	u32 told;
	u32 news;
	bool due;
	struct hrtimer timer;
};

/**
 * struct softnic_source - what to call when a queue pair has news
 * @fn: the function
 * @data: for it
 * @rcu: to free it
 */
struct softnic_source {
	cdna_source_fn fn;
	void *data;
	struct rcu_head rcu;
};

/**
 * struct softnic_qp - a queue pair
 * @ctx: its context
 * @id: 0 to CDNA_MAX_QPS - 1
 * @tx_lock: one transmission at a time; protects what it moves in the transmit ring
 * @lock: protects all that follows, but for what @tx_lock does
 * @ring: by CDNA_DIR_*
 * @zc: frames that are sent from pages, NULL: all are copied
 * @comp: pages of the completion ring
 * @comp_prod: free-running: completions written
 * @spread: it may receive
 * @rx_missed: free-running: frames dropped because there were too few buffers
 * @backlog: frames that wait for receive buffers
 * @backlog_bytes: of memory that these have
 * @status: the guest's status of this pair, NULL without
 * @paused: the context is paused: no memory of the guest is written
 * @unpublished: frames that the host was done with meanwhile
 * @intr: interrupts
 * @source: what to call for one, NULL without
 */
struct softnic_qp {
	struct softnic_ctx *ctx;
	u8 id;
	struct mutex tx_lock;	/* one transmission at a time */
	spinlock_t lock;	/* rings, status, interrupts */
	struct softnic_ring ring[CDNA_NR_DIRS];
	struct softnic_zc *zc;
	void *comp[SOFTNIC_COMP_PAGES];
	u32 comp_prod;
	bool spread;
	u32 rx_missed;
	struct sk_buff_head backlog;
	u32 backlog_bytes;
	struct cdna_qp_status *status;
	bool paused;
	u32 unpublished;
	struct softnic_intr intr;
	struct softnic_source __rcu *source;
};

/**
 * enum softnic_stat - what a NIC does not count
 * @SOFTNIC_STAT_ZC: frames sent from the guest's pages
 * @SOFTNIC_STAT_ZC_COPIED: of them, those that the host copied later
 * @SOFTNIC_STAT_ZC_REFUSED: frames copied because the host has too many already
 * @SOFTNIC_STAT_RX_KEPT: frames that waited for receive buffers
 * @SOFTNIC_NR_STATS: how many there are
 */
enum softnic_stat {
	SOFTNIC_STAT_ZC,
	SOFTNIC_STAT_ZC_COPIED,
	SOFTNIC_STAT_ZC_REFUSED,
	SOFTNIC_STAT_RX_KEPT,
	SOFTNIC_NR_STATS,
};

/**
 * struct softnic_counters - counters of a context, for each processor
 * @own: by enum softnic_stat
 * @ctx: by enum cdna_ctx_stat
 * @qp: by queue pair and enum cdna_qp_stat
 */
struct softnic_counters {
	u64 own[SOFTNIC_NR_STATS];
	u64 ctx[CDNA_NR_STATS];
	u64 qp[CDNA_MAX_QPS][CDNA_NR_QSTATS];
};

/* News of a context, for cdna_mdev: after one bit per queue */
#define SOFTNIC_NEWS_LINK	BIT(CDNA_MAX_QPS * CDNA_NR_DIRS)

/**
 * struct softnic_news - what to report of a context to cdna_mdev
 * @lock: protects the rest
 * @pending: bit per queue, and SOFTNIC_NEWS_LINK
 * @link: the port is up
 * @fault: by queue
 */
struct softnic_news {
	spinlock_t lock;	/* all of it */
	u32 pending;
	bool link;
	struct cdna_event fault[CDNA_MAX_QPS * CDNA_NR_DIRS];
};

/**
 * struct softnic_ctx - a context
 * @nic: the device
 * @id: number
 * @lock: one command at a time; protects @state, @port, @port_mac, and changes of the others
 * @state: enum cdna_ctx_state
 * @port: its network interface, from the first CONFIGURE on until it is forgotten
 * @port_mac: the address that it was given, unless the host has changed it
 * @partition: the guest's mailbox page
 * @rules: who may send and who receives what; NULL while it is FREE
 * @rx_lock: changes of the next three and of the carrier go together
 * @rx_running: bit per queue pair: its receive ring is served, and may receive
 * @rx_paused: the same: it was, and will be when the context goes on
 * @lro: bit per queue pair: it takes merged frames
 * @rss: which queue pair receives which flow; NULL: the host's own hash says
 * @bucket_lock: protects the buckets
 * @storm: how many multicast and broadcast frames it may send
 * @multicast: how many multicast frames it gets
 * @broadcast: the same for broadcast
 * @zc_bytes: of the guest's pages, that the host has
 * @zc_held: it has had some for long: queues end without waiting, and frames are copied,
 *	until it has none
 * @counters: for each processor
 * @news: what to report to cdna_mdev
 * @qp: queue pairs
 */
struct softnic_ctx {
	struct softnic *nic;
	u16 id;
	struct mutex lock;	/* one command at a time */
	u8 state;
	struct net_device *port;
	u8 port_mac[ETH_ALEN];
	struct page *partition;
	struct softnic_rules __rcu *rules;
	spinlock_t rx_lock;	/* changes of the next three, carrier */
	unsigned long rx_running;
	unsigned long rx_paused;
	unsigned long lro;
	struct fw_rss __rcu *rss;
	spinlock_t bucket_lock;	/* the buckets */
	struct fw_bucket storm;
	struct fw_bucket multicast;
	struct fw_bucket broadcast;
	atomic_t zc_bytes;
	bool zc_held;
	struct softnic_counters __percpu *counters;
	struct softnic_news news;
	struct softnic_qp qp[CDNA_MAX_QPS];
};

/**
 * struct softnic - the device
 * @provider: what cdna_mdev sees of it
 * @cons: the consumer table
 * @wq: reports to cdna_mdev what is new
 * @tell: the work that does; its callbacks come one at a time
 * @cut: it reaches no more memory of guests than it does
 * @failed: it did not do what it must: to be reported
 * @zc_queues: transmit queues that send from pages, and those that ended while the
 *	host had frames of theirs
 * @mac_lock: no two contexts have the same address
 * @ctx: contexts, @provider.info.contexts of them
 */
struct softnic {
	struct cdna_provider provider;
	struct cdna_host_cons *cons;
	struct workqueue_struct *wq;
	struct work_struct tell;
	bool cut;
	bool failed;
	atomic_t zc_queues;
	struct mutex mac_lock;	/* addresses differ */
	struct softnic_ctx *ctx;
};

static inline struct softnic *softnic_of(struct cdna_provider *provider)
{
	return container_of(provider, struct softnic, provider);
}

/* Whose port it is: all that a port has of its own */
static inline struct softnic_ctx *softnic_ctx_of(const struct net_device *port)
{
	struct softnic_ctx **ctx = netdev_priv(port);

	return *ctx;
}

static inline void softnic_count(struct softnic_ctx *ctx, u32 stat, u64 n)
{
	this_cpu_add(ctx->counters->ctx[stat], n);
}

static inline void softnic_count_own(struct softnic_ctx *ctx,
				     enum softnic_stat stat, u64 n)
{
	this_cpu_add(ctx->counters->own[stat], n);
}

static inline void softnic_count_qp(struct softnic_qp *qp, u32 stat, u64 n)
{
	this_cpu_add(qp->ctx->counters->qp[qp->id][stat], n);
}

static inline void softnic_drop(struct softnic_ctx *ctx, enum cdna_drop why)
{
	softnic_count(ctx, CDNA_CSTAT_DROP + why, 1);
}

#endif /* SOFTNIC_H */
