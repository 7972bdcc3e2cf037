/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The data of a queue pair, which all files of the data path share.
 */
#ifndef CDNA_QUEUE_PAIR_H
#define CDNA_QUEUE_PAIR_H

#include <linux/dim.h>

#include "cdna_counters.h"
#include "cdna_dev.h"

struct page_pool;

/**
 * struct cdna_tx_buf - what to release when a transmit descriptor is consumed
 * @skb: a frame that ends here, or NULL
 * @dma: address of a mapping that ends here
 * @len: its bytes, 0 if none ends here
 * @page: it was mapped as a page, not as the linear part of an skb
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
 * @prod: one past the last descriptor written; written by ndo_start_xmit
 * @tail: one past the last that the host may take
 * @cons: one past the last that was reclaimed; written by the poll
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
 * struct cdna_rx_ring - receive ring, used by the poll only. Indices are
 * free-running; the completion of a buffer is in the slot of its number.
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
 * @cons: one past the last completion processed
 * @missed: last cdna_qp_status.rx_missed that was counted
 * @retry: schedules a poll after an allocation has failed
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
	u32 missed;
	struct delayed_work retry;
};

/**
 * struct cdna_qp - a queue pair
 * @dev: the device
 * @id: its number
 * @started: it has an interrupt, and is polled
 * @usecs: delay of interrupts if not @adaptive, in microseconds
 * @frames: completions that end the delay, 0: no limit
 * @adaptive: the driver chooses both
 * @broken: the device wrote something invalid: ignored until a restart
 * @napi: polls both rings
 * @tx: transmit ring
 * @rx: receive ring
 * @lock: protects @poll_cpu, @tx_rung, @rx_rung, traps and producer mailboxes
 * @poll_cpu: processor whose transmits wait for the end of its poll, or -1
 * @tx_rung: last value of the transmit mailbox
 * @rx_rung: last value of the receive mailbox
 * @dim: adaptive moderation; its input follows, written by the poll
 * @dim_polls: polls that completed
 * @dim_frames: frames sent and received
 * @dim_bytes: their bytes
 * @counters: by enum cdna_count_by
 * @irq_name: name of the interrupt in /proc/interrupts
 */
struct cdna_qp {
	struct cdna_dev *dev;
	u32 id;
	bool started;
	u32 usecs;
	u32 frames;
	bool adaptive;
	bool broken;
	struct napi_struct napi;
	struct cdna_tx_ring tx;
	struct cdna_rx_ring rx;
	spinlock_t lock;	/* traps, and what follows from them */
	int poll_cpu;
	u32 tx_rung;
	u32 rx_rung;
	struct dim dim;
	u16 dim_polls;
	u64 dim_frames;
	u64 dim_bytes;
	struct cdna_counters counters[CDNA_NR_COUNT_BYS];
	char irq_name[IFNAMSIZ + sizeof("-qp4294967295")];
};

static inline struct cdna_qp_status *cdna_qp_page(const struct cdna_qp *qp)
{
	return &qp->dev->status[qp->id];
}

/* The NIC may write a word of the status page at any time: it is read once. */
#define cdna_qp_status(qp, field) \
	le32_to_cpu(READ_ONCE((*cdna_qp_page(qp)).field))

static inline void cdna_qp_count_many(struct cdna_qp *qp,
				      enum cdna_count_by by,
				      enum cdna_count what, u64 n)
{
	cdna_counters_add(&qp->counters[by], what, n);
}

static inline void cdna_qp_count(struct cdna_qp *qp, enum cdna_count_by by,
				 enum cdna_count what)
{
	cdna_qp_count_many(qp, by, what, 1);
}

/* For adaptive moderation. The caller is the poll. */
static inline void cdna_qp_moved(struct cdna_qp *qp, u32 frames, u32 bytes)
{
	qp->dim_frames += frames;
	qp->dim_bytes += bytes;
}

/* The device wrote something invalid, counted as @what: ignore the queue pair
 * until it is restarted. The caller is the poll.
 */
static inline void cdna_qp_invalid(struct cdna_qp *qp, enum cdna_count what)
{
	qp->broken = true;
	cdna_qp_count(qp, CDNA_BY_POLL, what);
	cdna_dev_kick(qp->dev);
}

#endif /* CDNA_QUEUE_PAIR_H */
