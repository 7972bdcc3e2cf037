// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues: made and unmade at a guest's command, stopped when memory or the
 * context is taken away.
 */
#include <linux/dma-mapping.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "vdev/cdna_ctx.h"

/* Zeroed slots must not look valid: the first lap never expects 0 (I4). */
#define QUEUE_FIRST_SEQ		1

/**
 * cdna_queue_init - make a queue that does not exist yet
 * @queue: the queue
 * @ctx: whose
 * @qp: queue pair
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 */
void cdna_queue_init(struct cdna_queue *queue, struct cdna_ctx *ctx, u8 qp,
		     u8 dir)
{
	queue->ctx = ctx;
	queue->qp = qp;
	queue->dir = dir;
	mutex_init(&queue->trap_lock);
	cdna_gate_init(&queue->gate);
	spin_lock_init(&queue->lock);
}

static size_t queue_ring_bytes(const struct cdna_queue *queue)
{
	return (size_t)queue->slots * queue->layout->size;
}

static size_t queue_comp_bytes(const struct cdna_queue *queue)
{
	return (size_t)queue->slots * sizeof(struct cdna_rx_completion);
}

/* Pages that the pin table may hold for this queue: what it has for good, and
 * what its descriptors can name twice over, so that buffers stay warm.
 */
static unsigned int queue_pages(const struct cdna_queue *queue)
{
	return (PAGE_ALIGN(queue_ring_bytes(queue)) >> PAGE_SHIFT) +
	       (PAGE_ALIGN(queue_comp_bytes(queue)) >> PAGE_SHIFT) +
	       2 * queue->slots;
}

static void queue_limit(struct cdna_queue *queue, int sign)
{
	struct cdna_pins *pins = &queue->ctx->pins;

	spin_lock(&pins->lock);
	pins->limit += sign * (int)queue_pages(queue);
	spin_unlock(&pins->lock);
}

/* Give all pages back that descriptors name. The NIC has forgotten them. */
static void queue_release_all(struct cdna_queue *queue)
{
	struct cdna_pin *pin;
	u32 i;

	for (i = 0; i < queue->slots && queue->slot; i++) {
		pin = queue->slot[i];
		WRITE_ONCE(queue->slot[i], NULL);
		if (pin)
			cdna_pin_put(pin);
	}
}

/* Undo queue_allocate(), as far as it came. The gate is closed. */
static void queue_free(struct cdna_queue *queue)
{
	struct device *dev = cdna_ctx_nic(queue->ctx)->dma_dev;

	clear_bit(CDNA_VQUEUE(queue->qp, queue->dir), &queue->ctx->installed);
	queue_release_all(queue);
	kvfree(queue->slot);
	queue->slot = NULL;
	if (queue->comp_list)
		dma_free_coherent(dev, PAGE_SIZE, queue->comp_list,
				  queue->comp_list_dma);
	queue->comp_list = NULL;
	cdna_span_unpin(&queue->comp_span);
	if (queue->shadow)
		vunmap(queue->shadow);
	queue->shadow = NULL;
	cdna_span_unpin(&queue->shadow_span);
	if (queue->ring)
		dma_free_coherent(dev, queue_ring_bytes(queue), queue->ring,
				  queue->ring_dma);
	queue->ring = NULL;
	queue_limit(queue, -1);
}

static enum cdna_vresult queue_check(struct cdna_queue *queue)
{
	struct cdna_ctx *ctx = queue->ctx;
	const struct cdna_nic_info *info = &cdna_ctx_nic(ctx)->info;
	u32 format = cdna_ctx_arg(ctx, CDNA_VREG_ARG_FORMAT);
	u32 slots = cdna_ctx_arg(ctx, CDNA_VREG_ARG_SLOTS);
	u32 i;

	if (queue->qp >= info->qps || slots < info->min_ring ||
	    slots > info->max_ring || !is_power_of_2(slots))
		return CDNA_VRES_BAD_PARAM;
	for (i = 0; i < ctx->parent->formats; i++)
		if (ctx->parent->layout[i].id == format)
			break;
	if (i == ctx->parent->formats ||
	    !(ctx->parent->layout[i].dirs & BIT(queue->dir)))
		return CDNA_VRES_BAD_PARAM;
	if (cdna_ctx_arg(ctx, CDNA_VREG_ARG_OFFLOADS) & ~info->offloads)
		return CDNA_VRES_BAD_PARAM;

	queue->layout = &ctx->parent->layout[i];
	queue->slots = slots;
	return CDNA_VRES_OK;
}

static int queue_allocate_comp(struct cdna_queue *queue)
{
	struct cdna_ctx *ctx = queue->ctx;
	u32 i;
	int ret;

	if (queue->dir != CDNA_DIR_RX)
		return 0;
	ret = cdna_span_pin(ctx, &queue->comp_span,
			    cdna_ctx_arg64(ctx, CDNA_VREG_ARG_COMP_LO),
			    queue_comp_bytes(queue));
	if (ret)
		return ret;
	queue->comp_list = dma_alloc_coherent(cdna_ctx_nic(ctx)->dma_dev,
					      PAGE_SIZE, &queue->comp_list_dma,
					      GFP_KERNEL_ACCOUNT);
	if (!queue->comp_list)
		return -ENOMEM;
	for (i = 0; i < queue->comp_span.pages; i++)
		queue->comp_list[i] = cpu_to_le64(queue->comp_span.pin[i]->dma);
	return 0;
}

static int queue_allocate(struct cdna_queue *queue)
{
	struct cdna_ctx *ctx = queue->ctx;
	size_t bytes = queue_ring_bytes(queue);
	int ret;

	queue->slot = kvcalloc(queue->slots, sizeof(*queue->slot),
			       GFP_KERNEL_ACCOUNT);
	queue->ring = dma_alloc_coherent(cdna_ctx_nic(ctx)->dma_dev, bytes,
					 &queue->ring_dma, GFP_KERNEL_ACCOUNT);
	if (!queue->slot || !queue->ring)
		return -ENOMEM;

	ret = cdna_span_pin(ctx, &queue->shadow_span,
			    cdna_ctx_arg64(ctx, CDNA_VREG_ARG_RING_LO), bytes);
	if (ret)
		return ret;
	queue->shadow = cdna_span_map(&queue->shadow_span);
	if (!queue->shadow)
		return -ENOMEM;
	return queue_allocate_comp(queue);
}

/* The queue pair's interrupt source comes with its first queue. */
static int queue_bind(struct cdna_queue *queue)
{
	struct cdna_ctx *ctx = queue->ctx;
	struct cdna_provider *nic = cdna_ctx_nic(ctx);
	int ret;

	if (ctx->bound & BIT(queue->qp))
		return 0;
	ret = nic->ops->source_bind(nic, ctx->id, queue->qp, cdna_trigger_source,
				    &ctx->queue[CDNA_VQUEUE(queue->qp, 0)]);
	if (!ret)
		ctx->bound |= BIT(queue->qp);
	return ret;
}

static int queue_tell_nic(struct cdna_queue *queue)
{
	struct cdna_ctx *ctx = queue->ctx;
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_QUEUE_CREATE),
		.queue = {
			.qp = queue->qp,
			.dir = queue->dir,
			.format = queue->layout->id,
			.size_log2 = ilog2(queue->slots),
			.offloads = cpu_to_le32(cdna_ctx_arg(ctx,
						CDNA_VREG_ARG_OFFLOADS)),
			.first_seq = cpu_to_le32(QUEUE_FIRST_SEQ),
			.ring.addr = cpu_to_le64(queue->ring_dma),
		},
	};

	if (queue->dir == CDNA_DIR_RX) {
		cmd.queue.completions = (struct cdna_ring_ref) {
			.addr = cpu_to_le64(queue->comp_list_dma),
			.pages = cpu_to_le16(queue->comp_span.pages),
			.flags = cpu_to_le16(CDNA_RING_PAGE_LIST),
		};
	}
	return cdna_ctx_command(ctx, &cmd, NULL);
}

static void queue_set_state(struct cdna_queue *queue, u8 state, u32 fault)
{
	spin_lock(&queue->lock);
	queue->state = state;
	queue->fault = fault;
	if (state == CDNA_QUEUE_RUNNING) {
		queue->fault_index = 0;
		queue->fault_expected = 0;
		queue->fault_seen = 0;
		queue->accepted = 0;
	}
	spin_unlock(&queue->lock);
}

static enum cdna_vresult queue_install(struct cdna_queue *queue)
{
	struct cdna_ctx *ctx = queue->ctx;

	lockdep_assert_held(&ctx->lock);

	if (ctx->state != CDNA_CTX_ACTIVE)
		return CDNA_VRES_BAD_STATE;
	if (queue_bind(queue) || queue_tell_nic(queue))
		return CDNA_VRES_NIC;

	queue->prod = 0;
	queue->released = 0;
	queue->chain = 0;
	queue->seq = QUEUE_FIRST_SEQ;
	queue_set_state(queue, CDNA_QUEUE_RUNNING, CDNA_VFAULT_NONE);
	cdna_gate_open(&queue->gate);
	set_bit(CDNA_VQUEUE(queue->qp, queue->dir), &ctx->installed);
	return CDNA_VRES_OK;
}

static enum cdna_vresult queue_result(int error)
{
	return error == -ENOMEM || error == -ENOSPC ? CDNA_VRES_NO_MEMORY :
						      CDNA_VRES_BAD_ADDRESS;
}

/**
 * cdna_queue_create - CDNA_VCMD_QUEUE_CREATE
 * @ctx: whose; the arguments are in its registers
 *
 * Everything is pinned before cdna_ctx.lock is taken.
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_queue_create(struct cdna_ctx *ctx)
{
	u32 number = cdna_ctx_arg(ctx, CDNA_VREG_ARG_QUEUE);
	struct cdna_queue *queue;
	enum cdna_vresult res;
	int ret;

	if (number >= CDNA_VDEV_NR_QUEUES)
		return CDNA_VRES_BAD_PARAM;
	queue = &ctx->queue[number];
	if (READ_ONCE(ctx->state) != CDNA_CTX_ACTIVE ||
	    queue->state != CDNA_QUEUE_NONE)
		return CDNA_VRES_BAD_STATE;
	res = queue_check(queue);
	if (res)
		return res;

	queue_limit(queue, 1);
	ret = queue_allocate(queue);
	if (ret) {
		res = queue_result(ret);
	} else {
		mutex_lock(&ctx->lock);
		res = queue_install(queue);
		mutex_unlock(&ctx->lock);
	}
	if (res)
		queue_free(queue);
	return res;
}

static int queue_command(struct cdna_queue *queue, u16 opcode,
			 struct cdna_admin_completion *done)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(opcode),
		.queue = { .qp = queue->qp, .dir = queue->dir },
	};

	return cdna_ctx_command(queue->ctx, &cmd, done);
}

/**
 * cdna_queue_stop - stop a queue and forget its memory
 * @queue: the queue; may be stopped already
 * @drain: send first what a transmit queue has posted
 *
 * When it returns, the NIC does not reach the queue's memory any more: it
 * said so, or it is dead and cut off.
 */
void cdna_queue_stop(struct cdna_queue *queue, bool drain)
{
	lockdep_assert_held(&queue->ctx->lock);

	cdna_gate_close(&queue->gate);
	if (!queue->ring || queue->state == CDNA_QUEUE_NONE)
		return;
	if (drain && queue->dir == CDNA_DIR_TX &&
	    queue->state == CDNA_QUEUE_RUNNING)
		queue_command(queue, CDNA_CMD_QUEUE_DRAIN, NULL);
	queue_command(queue, CDNA_CMD_QUEUE_DESTROY, NULL);
	queue_free(queue);
}

/**
 * cdna_queue_teardown - a queue whose context the NIC has reset or revoked
 * @queue: the queue; may not exist
 */
void cdna_queue_teardown(struct cdna_queue *queue)
{
	lockdep_assert_held(&queue->ctx->lock);

	cdna_gate_close(&queue->gate);
	if (queue->ring && queue->state != CDNA_QUEUE_NONE)
		queue_free(queue);
	queue_set_state(queue, CDNA_QUEUE_NONE, CDNA_VFAULT_NONE);
}

/**
 * cdna_queue_destroy - CDNA_VCMD_QUEUE_DESTROY
 * @ctx: whose
 * @number: CDNA_VQUEUE(), as the guest gave it
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_queue_destroy(struct cdna_ctx *ctx, u32 number)
{
	struct cdna_queue *queue;
	enum cdna_vresult res = CDNA_VRES_OK;

	if (number >= CDNA_VDEV_NR_QUEUES)
		return CDNA_VRES_BAD_PARAM;
	queue = &ctx->queue[number];

	mutex_lock(&ctx->lock);
	if (queue->state == CDNA_QUEUE_NONE) {
		res = CDNA_VRES_BAD_STATE;
	} else {
		cdna_queue_stop(queue, false);
		queue_set_state(queue, CDNA_QUEUE_NONE, CDNA_VFAULT_NONE);
	}
	mutex_unlock(&ctx->lock);
	return res;
}

/**
 * cdna_queue_drain - CDNA_VCMD_QUEUE_DRAIN
 * @ctx: whose
 * @number: CDNA_VQUEUE(), as the guest gave it
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_queue_drain(struct cdna_ctx *ctx, u32 number)
{
	enum cdna_vresult res = CDNA_VRES_BAD_STATE;
	struct cdna_queue *queue;

	if (number >= CDNA_VDEV_NR_QUEUES)
		return CDNA_VRES_BAD_PARAM;
	queue = &ctx->queue[number];

	mutex_lock(&ctx->lock);
	if (queue->state == CDNA_QUEUE_RUNNING) {
		cdna_gate_close(&queue->gate);
		res = queue_command(queue, CDNA_CMD_QUEUE_DRAIN, NULL) ?
		      CDNA_VRES_NIC : CDNA_VRES_OK;
		/* Sent or not, it takes no more. */
		queue_set_state(queue, CDNA_QUEUE_STOPPED, 0);
	}
	mutex_unlock(&ctx->lock);
	return res;
}
