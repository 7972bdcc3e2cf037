// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive buffers: pages of a page pool, posted in batches.
 *
 * A page of any size holds one buffer of CDNA_PAGE_SIZE, so no buffer crosses a
 * page. The completion of a buffer overwrites an earlier one, so the buffer is
 * posted only after that one was processed.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include <net/page_pool/helpers.h>

#include "cdna_enqueue.h"
#include "cdna_features.h"
#include "cdna_refill.h"
#include "cdna_vcmd.h"

#define REFILL_BATCH			16
#define REFILL_RETRY			(HZ / 10)

static struct page **refill_slot(const struct cdna_rx_ring *rx, u32 index)
{
	return &rx->page[index & (rx->slots - 1)];
}

static void refill_describe(const struct cdna_rx_ring *rx, u32 index,
			    dma_addr_t dma)
{
	struct cdna_desc_compact *desc = rx->desc + (index & (rx->slots - 1)) *
					 rx->desc_size;

	memset(desc, 0, rx->desc_size);
	desc->addr = cpu_to_le64(dma);
	desc->len = cpu_to_le16(CDNA_PAGE_SIZE);
}

/**
 * cdna_refill_run - fill the receive ring
 * @qp: queue pair
 *
 * Does not trap. If an allocation fails, a poll is scheduled for later: without
 * buffers, there may be no other interrupt.
 *
 * Context: NAPI poll of the queue pair.
 */
void cdna_refill_run(struct cdna_qp *qp)
{
	struct cdna_rx_ring *rx = &qp->rx;
	u32 room = rx->slots - (rx->prod - rx->cons);
	struct page *page;
	u32 i;

	if (qp->broken || room < REFILL_BATCH)
		return;
	for (i = 0; i < room; i++) {
		page = page_pool_dev_alloc_pages(rx->pool);
		if (!page) {
			cdna_qp_count(qp, CDNA_BY_POLL,
				      CDNA_COUNT_RX_ALLOC_FAILED);
			schedule_delayed_work(&rx->retry, REFILL_RETRY);
			break;
		}
		*refill_slot(rx, rx->prod) = page;
		refill_describe(rx, rx->prod++, page_pool_get_dma_addr(page));
	}
	cdna_qp_count_many(qp, CDNA_BY_POLL, CDNA_COUNT_RX_POSTED, i);
	cdna_enqueue_rx(qp, rx->prod);
}

static void refill_retry(struct work_struct *work)
{
	struct cdna_qp *qp = container_of(to_delayed_work(work),
					  struct cdna_qp, rx.retry);

	local_bh_disable();
	napi_schedule(&qp->napi);
	local_bh_enable();
}

static int refill_pool(struct cdna_qp *qp)
{
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV,
		.pool_size = qp->rx.slots,
		.nid = NUMA_NO_NODE,
		.dev = qp->dev->device,
		.napi = &qp->napi,
		.netdev = qp->dev->netdev,
		.queue_idx = qp->id,
		.dma_dir = DMA_FROM_DEVICE,
		.max_len = CDNA_PAGE_SIZE,
	};
	struct page_pool *pool = page_pool_create(&params);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	qp->rx.pool = pool;
	return 0;
}

/**
 * cdna_refill_alloc - allocate the receive ring, without buffers
 * @qp: queue pair
 *
 * Context: Process context. May sleep.
 * Return: 0, or -errno; what was allocated is for cdna_refill_free()
 */
int cdna_refill_alloc(struct cdna_qp *qp)
{
	bool offload = qp->dev->caps.rx_format == CDNA_FORMAT_OFFLOAD;
	struct device *dev = qp->dev->device;
	struct cdna_rx_ring *rx = &qp->rx;

	INIT_DELAYED_WORK(&rx->retry, refill_retry);
	rx->slots = qp->dev->rx_slots;
	rx->desc_size = offload ? sizeof(struct cdna_desc_offload) :
				  sizeof(struct cdna_desc_compact);
	rx->prod = 0;
	rx->cons = 0;
	rx->missed = 0;
	rx->page = kvcalloc(rx->slots, sizeof(*rx->page), GFP_KERNEL);
	rx->desc = dma_alloc_coherent(dev, rx->slots * rx->desc_size,
				      &rx->desc_dma, GFP_KERNEL | __GFP_NOWARN);
	rx->comp = dma_alloc_coherent(dev, rx->slots * sizeof(*rx->comp),
				      &rx->comp_dma, GFP_KERNEL | __GFP_NOWARN);
	if (!rx->page || !rx->desc || !rx->comp)
		return -ENOMEM;
	return refill_pool(qp);
}

/**
 * cdna_refill_start - create the receive queue, for the interface's features
 * @qp: queue pair of an active device; its first poll posts buffers
 *
 * Context: Process context. May sleep.
 * Return: 0, or -errno of cdna_vcmd_queue_create()
 */
int cdna_refill_start(struct cdna_qp *qp)
{
	u32 offloads = cdna_features_offloads(qp->dev, CDNA_DIR_RX);
	const struct cdna_vcmd_queue queue = {
		.queue = CDNA_VQUEUE(qp->id, CDNA_DIR_RX),
		.format = qp->dev->caps.rx_format,
		.slots = qp->rx.slots,
		.offloads = offloads,
		.ring = qp->rx.desc_dma,
		.comp = qp->rx.comp_dma,
	};

	qp->rx.lro = offloads & CDNA_OFFLOAD_LRO;
	return cdna_vcmd_queue_create(qp->dev, &queue);
}

/**
 * cdna_refill_quiesce - stop polls that a failed allocation has scheduled
 * @qp: queue pair, which is no longer polled
 *
 * Context: Process context. May sleep.
 */
void cdna_refill_quiesce(struct cdna_qp *qp)
{
	cancel_delayed_work_sync(&qp->rx.retry);
}

/**
 * cdna_refill_free - release buffers and memory
 * @qp: queue pair without DMA, which may be allocated only in part
 */
void cdna_refill_free(struct cdna_qp *qp)
{
	struct device *dev = qp->dev->device;
	struct cdna_rx_ring *rx = &qp->rx;

	for (; rx->cons != rx->prod; rx->cons++)
		page_pool_put_full_page(rx->pool, *refill_slot(rx, rx->cons),
					false);
	if (rx->pool)
		page_pool_destroy(rx->pool);
	rx->pool = NULL;
	if (rx->comp)
		dma_free_coherent(dev, rx->slots * sizeof(*rx->comp), rx->comp,
				  rx->comp_dma);
	rx->comp = NULL;
	if (rx->desc)
		dma_free_coherent(dev, rx->slots * rx->desc_size, rx->desc,
				  rx->desc_dma);
	rx->desc = NULL;
	kvfree(rx->page);
	rx->page = NULL;
}
