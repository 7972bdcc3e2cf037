/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queue pair: rings, interrupt and NAPI of one vector.
 */
#ifndef CDNA_QP_H
#define CDNA_QP_H

#include <linux/dim.h>
#include <linux/u64_stats_sync.h>

#include "cdna_dev.h"

struct page_pool;

/**
 * enum cdna_count - what a queue pair counts; cdna_qp_count_names tells how
 * each is called
 * @CDNA_COUNT_TX_PACKETS: frames handed to the NIC, as they go on the wire
 * @CDNA_COUNT_TX_BYTES: their bytes, headers of segments counted once
 * @CDNA_COUNT_TX_CSUM: frames whose checksum is left to the NIC
 * @CDNA_COUNT_TX_GSO: requests to segment
 * @CDNA_COUNT_TX_GSO_SEGS: segments of these
 * @CDNA_COUNT_TX_VLAN: frames that the NIC puts a tag into
 * @CDNA_COUNT_TX_LINEARIZED: frames copied, being too scattered
 * @CDNA_COUNT_TX_DROP_MAP: frames dropped, that could not be mapped
 * @CDNA_COUNT_TX_DROP_LENGTH: frames dropped, of a length that cannot be sent
 * @CDNA_COUNT_TX_STOPS: times that the ring was full
 * @CDNA_COUNT_TX_WAKES: times that it had room again
 * @CDNA_COUNT_TX_INVALID_INDEX: consumer indices that could not be
 * @CDNA_COUNT_RX_PACKETS: frames received, merged ones counted as on the wire
 * @CDNA_COUNT_RX_BYTES: bytes received, headers of merged frames counted once
 * @CDNA_COUNT_RX_CSUM_OK: frames whose checksum the NIC has verified
 * @CDNA_COUNT_RX_CSUM_BAD: frames whose checksum is wrong
 * @CDNA_COUNT_RX_LRO: merged frames
 * @CDNA_COUNT_RX_LRO_SEGS: wire frames of these
 * @CDNA_COUNT_RX_VLAN: frames that the NIC took a tag out of
 * @CDNA_COUNT_RX_COPIED: small frames, copied so that the buffer stays
 * @CDNA_COUNT_RX_DROP_MEMORY: frames dropped for want of memory
 * @CDNA_COUNT_RX_POSTED: buffers posted
 * @CDNA_COUNT_RX_ALLOC_FAILED: times that there was no page for a buffer
 * @CDNA_COUNT_RX_INVALID_COMPLETION: indices or completions that could not be
 * @CDNA_COUNT_INTERRUPTS: interrupts
 * @CDNA_COUNT_POLLS: polls
 * @CDNA_COUNT_TRAPS_PAGE: traps by the doorbell page
 * @CDNA_COUNT_TRAPS_REGISTER: traps by the register
 * @CDNA_COUNT_TRAPS_REFILL: those of both that served receive buffers only
 * @CDNA_COUNT_TX_DEFERRED: transmits left to the trap at the end of a poll
 * @CDNA_COUNT_MAILBOX_WRITES: stores to producer mailboxes
 * @CDNA_NR_COUNTS: how many there are
 */
enum cdna_count {
	CDNA_COUNT_TX_PACKETS,
	CDNA_COUNT_TX_BYTES,
	CDNA_COUNT_TX_CSUM,
	CDNA_COUNT_TX_GSO,
	CDNA_COUNT_TX_GSO_SEGS,
	CDNA_COUNT_TX_VLAN,
	CDNA_COUNT_TX_LINEARIZED,
	CDNA_COUNT_TX_DROP_MAP,
	CDNA_COUNT_TX_DROP_LENGTH,
	CDNA_COUNT_TX_STOPS,
	CDNA_COUNT_TX_WAKES,
	CDNA_COUNT_TX_INVALID_INDEX,
	CDNA_COUNT_RX_PACKETS,
	CDNA_COUNT_RX_BYTES,
	CDNA_COUNT_RX_CSUM_OK,
	CDNA_COUNT_RX_CSUM_BAD,
	CDNA_COUNT_RX_LRO,
	CDNA_COUNT_RX_LRO_SEGS,
	CDNA_COUNT_RX_VLAN,
	CDNA_COUNT_RX_COPIED,
	CDNA_COUNT_RX_DROP_MEMORY,
	CDNA_COUNT_RX_POSTED,
	CDNA_COUNT_RX_ALLOC_FAILED,
	CDNA_COUNT_RX_INVALID_COMPLETION,
	CDNA_COUNT_INTERRUPTS,
	CDNA_COUNT_POLLS,
	CDNA_COUNT_TRAPS_PAGE,
	CDNA_COUNT_TRAPS_REGISTER,
	CDNA_COUNT_TRAPS_REFILL,
	CDNA_COUNT_TX_DEFERRED,
	CDNA_COUNT_MAILBOX_WRITES,
	CDNA_NR_COUNTS,
};

extern const char * const cdna_qp_count_names[CDNA_NR_COUNTS];

/**
 * enum cdna_counter - who counts; each has counters of its own, so that they
 * need no lock
 * @CDNA_BY_XMIT: ndo_start_xmit, under the transmit queue's lock
 * @CDNA_BY_POLL: NAPI
 * @CDNA_BY_ENQUEUE: the enqueue wrapper, under its lock
 * @CDNA_BY_IRQ: the interrupt handler
 * @CDNA_NR_COUNTERS: how many there are
 */
enum cdna_counter {
	CDNA_BY_XMIT,
	CDNA_BY_POLL,
	CDNA_BY_ENQUEUE,
	CDNA_BY_IRQ,
	CDNA_NR_COUNTERS,
};

/**
 * struct cdna_counters - counters with one writer
 * @syncp: for readers, where 64 bits are two loads
 * @value: by enum cdna_count
 */
struct cdna_counters {
	struct u64_stats_sync syncp;
	u64_stats_t value[CDNA_NR_COUNTS];
};

/**
 * struct cdna_tx_buf - what to give back when a transmit descriptor is used
 * @skb: a frame that ends here, or NULL
 * @dma: address of a mapping that ends here
 * @len: its bytes, 0 if none ends here
 * @page: it is one of pages, not of an skb's linear part
 */
struct cdna_tx_buf {
	struct sk_buff *skb;
	dma_addr_t dma;
	u32 len;
	bool page;
};

/**
 * struct cdna_tx_ring - transmit ring. Indices are free-running.
 * @desc: shadow ring
 * @desc_dma: its address
 * @desc_size: bytes of a descriptor
 * @slots: a power of two
 * @buf: by slot
 * @prod: one past the last descriptor written; of ndo_start_xmit
 * @tail: one past the last that the host may take
 * @cons: one past the last that was given back; of the poll
 */
struct cdna_tx_ring {
	void *desc;
	dma_addr_t desc_dma;
	u32 desc_size;
	u32 slots;
	struct cdna_tx_buf *buf;
	u32 prod;
	u32 tail;
	u32 cons ____cacheline_aligned_in_smp;
};

/**
 * struct cdna_rx_ring - receive ring, all of the poll. Indices are
 * free-running; the completion of a buffer stands in the slot of its number.
 * @desc: shadow ring
 * @desc_dma: its address
 * @desc_size: bytes of a descriptor
 * @slots: a power of two
 * @comp: completion ring
 * @comp_dma: its address
 * @page: by slot
 * @lro: the NIC was asked to merge frames
 * @pool: where pages come from
 * @prod: one past the last buffer written
 * @tail: one past the last that the host may take
 * @cons: one past the last completion dealt with
 * @retry: polls again when there was no page
 */
struct cdna_rx_ring {
	void *desc;
	dma_addr_t desc_dma;
	u32 desc_size;
	u32 slots;
	struct cdna_rx_completion *comp;
	dma_addr_t comp_dma;
	struct page **page;
	bool lro;
	struct page_pool *pool;
	u32 prod;
	u32 tail;
	u32 cons;
	struct delayed_work retry;
};

/**
 * struct cdna_qp - a queue pair
 * @dev: of which device
 * @id: its number
 * @irq: interrupt, while it is started
 * @usecs: interrupts wait that long for more news, if not @adaptive
 * @frames: unless there are so many
 * @adaptive: both follow the traffic
 * @broken: the device told nonsense: it is not listened to until a restart
 * @napi: polls both rings
 * @tx: transmit ring
 * @rx: receive ring
 * @lock: protects @holder, @tx_rung, @rx_rung, traps and producer mailboxes
 * @holder: processor whose transmits wait for the end of its poll, or -1
 * @tx_rung: last value of the transmit mailbox
 * @rx_rung: last value of the receive mailbox
 * @dim: finds out about moderation; the following are what it goes by, all of
 *	the poll
 * @looks: polls that came to an end
 * @moved_frames: frames sent and received
 * @moved_bytes: their bytes
 * @counters: by enum cdna_counter
 */
struct cdna_qp {
	struct cdna_dev *dev;
	u32 id;
	int irq;
	u32 usecs;
	u32 frames;
	bool adaptive;
	bool broken;
	struct napi_struct napi;
	struct cdna_tx_ring tx;
	struct cdna_rx_ring rx;
	spinlock_t lock;	/* traps, and what follows of them */
	int holder;
	u32 tx_rung;
	u32 rx_rung;
	struct dim dim;
	u16 looks;
	u64 moved_frames;
	u64 moved_bytes;
	struct cdna_counters counters[CDNA_NR_COUNTERS];
};

/* cdna_qp.c: memory, interrupt and poll. cdna_qp_init() comes once, at probe;
 * counters live from there on. cdna_qp_alloc() sees dev->tx_slots and
 * dev->rx_slots; cdna_qp_start() makes the queues of an active device, posts
 * buffers and enables NAPI and the interrupt; cdna_qp_quiet() disables both and
 * stops the transmit queue; after that and cdna_vcmd_reset(), when no DMA is
 * left, cdna_qp_free() gives back what is still posted, and the memory.
 */
void cdna_qp_init(struct cdna_qp *qp, struct cdna_dev *dev, u32 id);
int cdna_qp_alloc(struct cdna_qp *qp);
int cdna_qp_start(struct cdna_qp *qp);
void cdna_qp_quiet(struct cdna_qp *qp);
void cdna_qp_free(struct cdna_qp *qp);
void cdna_qp_invalid(struct cdna_qp *qp, enum cdna_count what);
void cdna_qp_read_counts(struct cdna_qp *qp, u64 *counts);
void cdna_qp_add_stats(struct cdna_qp *qp, struct rtnl_link_stats64 *stats);

static inline struct cdna_qp_status *cdna_qp_page(const struct cdna_qp *qp)
{
	return &qp->dev->status[qp->id];
}

/* The NIC may write a word of the status page at any time: it is read once. */
#define cdna_qp_status(qp, field) \
	le32_to_cpu(READ_ONCE((*cdna_qp_page(qp)).field))

static inline void cdna_qp_count_many(struct cdna_qp *qp,
				      enum cdna_counter by,
				      enum cdna_count what, u64 n)
{
	struct cdna_counters *counters = &qp->counters[by];

	u64_stats_update_begin(&counters->syncp);
	u64_stats_add(&counters->value[what], n);
	u64_stats_update_end(&counters->syncp);
}

static inline void cdna_qp_count(struct cdna_qp *qp, enum cdna_counter by,
				 enum cdna_count what)
{
	cdna_qp_count_many(qp, by, what, 1);
}

static inline void cdna_qp_moved(struct cdna_qp *qp, u32 frames, u32 bytes)
{
	qp->moved_frames += frames;
	qp->moved_bytes += bytes;
}

/* cdna_dim.c */
void cdna_dim_init(struct cdna_qp *qp);
int cdna_dim_apply(struct cdna_qp *qp);
void cdna_dim_look(struct cdna_qp *qp);
void cdna_dim_quiet(struct cdna_qp *qp);
void cdna_dim_set(struct cdna_qp *qp, bool adaptive);

/* cdna_reclaim.c */
int cdna_reclaim_alloc(struct cdna_qp *qp);
int cdna_reclaim_start(struct cdna_qp *qp);
void cdna_reclaim_run(struct cdna_qp *qp, int budget);
void cdna_reclaim_free(struct cdna_qp *qp);

/* cdna_tx.c */
netdev_tx_t cdna_tx_xmit(struct sk_buff *skb, struct net_device *netdev);
netdev_features_t cdna_tx_features_check(struct sk_buff *skb,
					 struct net_device *netdev,
					 netdev_features_t features);

/* cdna_rx.c, cdna_lro.c */
int cdna_rx_poll(struct cdna_qp *qp, int budget);
bool cdna_lro_accept(struct sk_buff *skb, u32 hdr_len, u32 mss, u32 segs);

/* cdna_refill.c */
int cdna_refill_alloc(struct cdna_qp *qp);
int cdna_refill_start(struct cdna_qp *qp);
void cdna_refill_quiet(struct cdna_qp *qp);
void cdna_refill_run(struct cdna_qp *qp);
void cdna_refill_free(struct cdna_qp *qp);

#endif /* CDNA_QP_H */
