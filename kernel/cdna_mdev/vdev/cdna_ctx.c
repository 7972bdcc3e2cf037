// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lifecycle of a context: what each event does. Where it leads is told by the
 * table in cdna_state.c.
 */
#include <linux/etherdevice.h>

#include "vdev/cdna_ctx.h"

/* Status page, tail page, and some slack */
#define CTX_PIN_LIMIT	8

/**
 * cdna_ctx_init - make a context that is FREE
 * @ctx: zeroed, but for its VFIO device
 */
void cdna_ctx_init(struct cdna_ctx *ctx)
{
	u32 i;

	mutex_init(&ctx->ctl_lock);
	mutex_init(&ctx->lock);
	mutex_init(&ctx->map_lock);
	mutex_init(&ctx->irq_lock);
	cdna_gate_init(&ctx->gate);
	cdna_unmap_init(ctx);
	cdna_fault_init(ctx);
	cdna_pin_init(&ctx->pins, &cdna_span_pin_ops, ctx, CTX_PIN_LIMIT);
	cdna_config_init(&ctx->config);
	cdna_doorbell_init(ctx);
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		cdna_queue_init(&ctx->queue[i], ctx, i / CDNA_NR_DIRS,
				i % CDNA_NR_DIRS);
}

/**
 * cdna_ctx_command - run a privileged command for a context
 * @ctx: the context; its number is filled in
 * @cmd: the command
 * @done: gets the completion, or NULL
 *
 * Return: 0 or an error, see struct cdna_provider_ops.
 */
int cdna_ctx_command(struct cdna_ctx *ctx, struct cdna_admin_cmd *cmd,
		     struct cdna_admin_completion *done)
{
	struct cdna_provider *nic = cdna_ctx_nic(ctx);

	cmd->context = cpu_to_le16(ctx->id);
	return nic->ops->command(nic, cmd, done);
}

static int ctx_opcode(struct cdna_ctx *ctx, u16 opcode)
{
	struct cdna_admin_cmd cmd = { .opcode = cpu_to_le16(opcode) };

	return cdna_ctx_command(ctx, &cmd, NULL);
}

/**
 * cdna_ctx_configure - give the NIC's context its identity
 * @ctx: FREE, or REVOKED with the NIC's context released; @ctx->mac is set
 *
 * Return: 0 or an error.
 */
int cdna_ctx_configure(struct cdna_ctx *ctx)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_CTX_CONFIGURE),
	};
	int ret;

	lockdep_assert_held(&ctx->lock);

	ether_addr_copy(cmd.configure.mac, ctx->mac);
	cmd.configure.access_vlan = cpu_to_le16(ctx->access_vlan);
	cmd.configure.flags = cpu_to_le32(ctx->trunk ? CDNA_CTXF_TRUNK : 0);
	ret = cdna_ctx_command(ctx, &cmd, NULL);
	if (!ret)
		WRITE_ONCE(ctx->state, CDNA_CTX_CONFIGURED);
	return ret;
}

/**
 * cdna_ctx_release - give the NIC's context back
 * @ctx: nobody has it open; FREE afterwards
 */
void cdna_ctx_release(struct cdna_ctx *ctx)
{
	lockdep_assert_held(&ctx->lock);

	if (ctx->state == CDNA_CTX_FREE)
		return;
	ctx_opcode(ctx, CDNA_CMD_CTX_RELEASE);
	WRITE_ONCE(ctx->state, CDNA_CTX_FREE);
}

/**
 * cdna_ctx_renew - leave nothing of a guest to the next one
 * @ctx: reset; nobody has it open any more
 *
 * What a guest stored into the mailbox page stays there until the NIC's context
 * is released. One that is revoked is released when it is given back.
 */
void cdna_ctx_renew(struct cdna_ctx *ctx)
{
	mutex_lock(&ctx->lock);
	if (ctx->state == CDNA_CTX_CONFIGURED &&
	    !cdna_provider_is_dead(cdna_ctx_nic(ctx))) {
		cdna_ctx_release(ctx);
		if (cdna_ctx_configure(ctx))
			dev_err(ctx->vdev.dev,
				"the NIC takes the context back no more; see its health reporter\n");
	}
	mutex_unlock(&ctx->lock);
}

/**
 * cdna_ctx_offers - features that a guest may accept
 * @ctx: the context, open
 *
 * Return: CDNA_VFEAT_*.
 */
u32 cdna_ctx_offers(struct cdna_ctx *ctx)
{
	struct cdna_provider *nic = cdna_ctx_nic(ctx);
	u32 features = CDNA_VFEAT_TRAP_REG;
	unsigned long pfn;

	if (cdna_doorbell_offered(ctx))
		features |= CDNA_VFEAT_TRAP_PAGE;
	if (nic->ops->mailbox_page(nic, ctx->id, &pfn))
		features |= CDNA_VFEAT_HOST_MAILBOX;
	if (READ_ONCE(ctx->guest_mac_allowed))
		features |= CDNA_VFEAT_MAC;
	return features;
}

/* Drop what the guest gave at activation. The NIC does not use it any more. */
static void ctx_forget_pages(struct cdna_ctx *ctx)
{
	ctx->tails = NULL;
	if (ctx->tails_pin)
		cdna_pin_put(ctx->tails_pin);
	ctx->tails_pin = NULL;
	if (ctx->status_pin)
		cdna_pin_put(ctx->status_pin);
	ctx->status_pin = NULL;
}

static void ctx_unbind(struct cdna_ctx *ctx)
{
	struct cdna_provider *nic = cdna_ctx_nic(ctx);
	u32 qp;

	for (qp = 0; qp < CDNA_MAX_QPS; qp++)
		if (ctx->bound & BIT(qp))
			nic->ops->source_unbind(nic, ctx->id, qp);
	ctx->bound = 0;
}

/* Stop everything at once: no trap is in progress, the NIC has stopped (or is
 * dead and cut off), no source will call, no page is referenced.
 */
static void ctx_strip(struct cdna_ctx *ctx, u16 opcode)
{
	u32 i;

	lockdep_assert_held(&ctx->lock);

	cdna_gate_close(&ctx->gate);
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		cdna_gate_close(&ctx->queue[i].gate);
	cdna_identity_forget(ctx);
	ctx_opcode(ctx, opcode);
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		cdna_queue_teardown(&ctx->queue[i]);
	ctx_unbind(ctx);
	ctx_forget_pages(ctx);
}

static int ctx_tell_activate(struct cdna_ctx *ctx, u64 status)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_CTX_ACTIVATE),
		.activate.status_addr = cpu_to_le64(status),
	};
	struct cdna_admin_cmd filter = {
		.opcode = cpu_to_le16(CDNA_CMD_SET_FILTER),
		.filter.flags = cpu_to_le32(CDNA_FILTER_BROADCAST),
	};
	int ret;

	ret = cdna_ctx_command(ctx, &cmd, NULL);
	return ret ? ret : cdna_ctx_command(ctx, &filter, NULL);
}

static enum cdna_vresult ctx_install(struct cdna_ctx *ctx,
				     struct cdna_pin *status,
				     struct cdna_pin *tails)
{
	int next;

	lockdep_assert_held(&ctx->lock);

	next = cdna_state_next(ctx->state, CDNA_EV_ACTIVATE);
	if (next < 0)
		return CDNA_VRES_BAD_STATE;
	if (ctx_tell_activate(ctx, status->dma))
		return CDNA_VRES_NIC;

	ctx->status_pin = status;
	ctx->tails_pin = tails;
	ctx->tails = page_address(tails->page);
	ctx->features = cdna_ctx_arg(ctx, CDNA_VREG_ARG_FEATURES);
	WRITE_ONCE(ctx->state, next);
	cdna_gate_open(&ctx->gate);
	return CDNA_VRES_OK;
}

static struct cdna_pin *ctx_arg_page(struct cdna_ctx *ctx, u32 reg)
{
	return cdna_span_page(ctx, cdna_ctx_arg64(ctx, reg));
}

static enum cdna_vresult ctx_take_pages(struct cdna_ctx *ctx)
{
	struct cdna_pin *status, *tails;
	enum cdna_vresult res;

	status = ctx_arg_page(ctx, CDNA_VREG_ARG_STATUS_LO);
	if (IS_ERR(status))
		return CDNA_VRES_BAD_ADDRESS;
	tails = ctx_arg_page(ctx, CDNA_VREG_ARG_TAILS_LO);
	if (IS_ERR(tails)) {
		cdna_pin_put(status);
		return CDNA_VRES_BAD_ADDRESS;
	}

	mutex_lock(&ctx->lock);
	res = ctx_install(ctx, status, tails);
	mutex_unlock(&ctx->lock);
	if (res) {
		cdna_pin_put(tails);
		cdna_pin_put(status);
	}
	return res;
}

/**
 * cdna_ctx_activate - CDNA_VCMD_ACTIVATE
 * @ctx: the context; the arguments are in its registers
 *
 * Return: an enum cdna_vresult.
 */
enum cdna_vresult cdna_ctx_activate(struct cdna_ctx *ctx)
{
	u32 features = cdna_ctx_arg(ctx, CDNA_VREG_ARG_FEATURES);
	u64 doorbell = cdna_ctx_arg64(ctx, CDNA_VREG_ARG_DOORBELL_LO);
	enum cdna_vresult res;

	if (cdna_state_next(READ_ONCE(ctx->state), CDNA_EV_ACTIVATE) < 0 ||
	    !cdna_config_masters(&ctx->config))
		return CDNA_VRES_BAD_STATE;
	if (features & ~cdna_ctx_offers(ctx) || !PAGE_ALIGNED(doorbell))
		return CDNA_VRES_BAD_PARAM;

	res = ctx_take_pages(ctx);
	if (!res && features & CDNA_VFEAT_TRAP_PAGE &&
	    cdna_doorbell_set(ctx, doorbell)) {
		cdna_ctx_reset(ctx);
		res = CDNA_VRES_BAD_ADDRESS;
	}
	return res;
}

/**
 * cdna_ctx_reset - no queues, no pages; CONFIGURED again unless revoked
 * @ctx: the context
 *
 * Return: 0, or -EBUSY if its state does not allow it.
 */
int cdna_ctx_reset(struct cdna_ctx *ctx)
{
	int next;

	lockdep_assert_held(&ctx->ctl_lock);

	cdna_doorbell_forget(ctx);
	mutex_lock(&ctx->lock);
	next = cdna_state_next(ctx->state, CDNA_EV_RESET);
	if (next >= 0 && ctx->state != CDNA_CTX_REVOKED) {
		ctx_strip(ctx, CDNA_CMD_CTX_RESET);
		WRITE_ONCE(ctx->state, next);
	}
	mutex_unlock(&ctx->lock);
	return next < 0 ? next : 0;
}

/**
 * cdna_ctx_revoke - take a context away from its guest (I6)
 * @ctx: the context
 *
 * Return: 0, or -EBUSY if its state does not allow it.
 */
int cdna_ctx_revoke(struct cdna_ctx *ctx)
{
	int next;

	mutex_lock(&ctx->ctl_lock);
	cdna_doorbell_forget(ctx);
	mutex_lock(&ctx->lock);
	next = cdna_state_next(ctx->state, CDNA_EV_REVOKE);
	if (next >= 0 && ctx->state != next) {
		cdna_map_detach(ctx);
		ctx_strip(ctx, CDNA_CMD_CTX_REVOKE);
		WRITE_ONCE(ctx->state, next);
		/* The last one: the guest looks at its state. */
		cdna_trigger_signal(ctx, CDNA_VDEV_VECTOR_EVENT);
	}
	mutex_unlock(&ctx->lock);
	if (next >= 0)
		cdna_pin_flush(&ctx->pins, 0, ULONG_MAX);
	mutex_unlock(&ctx->ctl_lock);
	return next < 0 ? next : 0;
}

/**
 * cdna_ctx_restore - give a revoked context back
 * @ctx: the context; nothing happens unless it is REVOKED
 *
 * Return: 0 or an error.
 */
int cdna_ctx_restore(struct cdna_ctx *ctx)
{
	int ret = 0;

	mutex_lock(&ctx->ctl_lock);
	mutex_lock(&ctx->lock);
	if (ctx->state == CDNA_CTX_REVOKED) {
		ctx_opcode(ctx, CDNA_CMD_CTX_RELEASE);
		ret = cdna_ctx_configure(ctx);
		if (!ret) {
			cdna_map_attach(ctx);
			cdna_trigger_signal(ctx, CDNA_VDEV_VECTOR_EVENT);
		}
	}
	mutex_unlock(&ctx->lock);
	mutex_unlock(&ctx->ctl_lock);
	return ret;
}

static void ctx_fault_all(struct cdna_ctx *ctx, u32 fault)
{
	struct cdna_queue *queue;
	u32 i;

	lockdep_assert_held(&ctx->lock);

	cdna_gate_close(&ctx->gate);
	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++) {
		queue = &ctx->queue[i];
		cdna_fault_queue(queue, fault, READ_ONCE(queue->accepted),
				 0, 0);
	}
	WRITE_ONCE(ctx->state, cdna_state_next(ctx->state, CDNA_EV_FAULT));
	if (ctx->state == CDNA_CTX_FAULTED)
		cdna_trigger_signal(ctx, CDNA_VDEV_VECTOR_EVENT);
}

/**
 * cdna_ctx_withdraw - the context's own pages are taken away (I9)
 * @ctx: the context; its queues are stopped, and its gate is closed
 */
void cdna_ctx_withdraw(struct cdna_ctx *ctx)
{
	ctx_fault_all(ctx, CDNA_VFAULT_WITHDRAWN);
	ctx_opcode(ctx, CDNA_CMD_CTX_RESET);
	ctx_forget_pages(ctx);
}

/**
 * cdna_ctx_faulted - the NIC says that it stopped the context
 * @ctx: the context
 * @fault: enum cdna_vfault
 *
 * What it says may be older than the context's last reset: it is asked.
 */
void cdna_ctx_faulted(struct cdna_ctx *ctx, u32 fault)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_CTX_QUERY),
	};
	struct cdna_admin_completion done;

	mutex_lock(&ctx->lock);
	if (ctx->state == CDNA_CTX_ACTIVE &&
	    !cdna_ctx_command(ctx, &cmd, &done) &&
	    done.ctx.state == CDNA_CTX_FAULTED)
		ctx_fault_all(ctx, fault);
	mutex_unlock(&ctx->lock);
}

/**
 * cdna_ctx_dead - the NIC is dead and reaches no memory any more
 * @ctx: the context
 */
void cdna_ctx_dead(struct cdna_ctx *ctx)
{
	mutex_lock(&ctx->lock);
	cdna_map_detach(ctx);
	ctx_fault_all(ctx, CDNA_VFAULT_NIC_DEAD);
	mutex_unlock(&ctx->lock);
}
