// SPDX-License-Identifier: GPL-2.0-only
/*
 * A command in flight has a slot, whose number is in the tag of its completion.
 * The caller sleeps on its slot; completions are taken in the interrupt. If the
 * NIC does not answer, the NIC is dead; the caller never hangs.
 */
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>

#include "cdna_trace.h"
#include "nic/cdna_adminq.h"
#include "nic/cdna_health.h"
#include "nic/cdna_nic.h"

/* How long the NIC may take for a command that is not a drain */
#define ADMINQ_COMMAND_MS	5000
#define ADMINQ_ENABLE_US	2000000

/* Drains may take long, so some slots are reserved for other commands. */
#define ADMINQ_MAX_DRAINS	(CDNA_ADMINQ_SLOTS * 3 / 4)

#define ADMINQ_SQ_BYTES \
	(CDNA_ADMINQ_SLOTS * sizeof(struct cdna_admin_cmd))
#define ADMINQ_CQ_BYTES \
	(sizeof(struct cdna_ring_header) + \
	 CDNA_ADMINQ_SLOTS * sizeof(struct cdna_admin_completion))

/* A tag has the slot's number in its low bits and counts uses in the others. */
static_assert(CDNA_ADMINQ_SLOTS <= 256, "slot numbers fill the tag");
#define ADMINQ_TAG_USE		CDNA_ADMINQ_SLOTS

static bool adminq_drains(u16 opcode)
{
	return opcode == CDNA_CMD_QUEUE_DRAIN;
}

static void adminq_put(struct cdna_adminq *q, struct cdna_adminq_slot *slot)
{
	lockdep_assert_held(&q->lock);

	slot->state = CDNA_ADMINQ_FREE;
	q->in_use--;
	wake_up(&q->room);
}

static struct cdna_adminq_slot *adminq_get(struct cdna_adminq *q, u16 opcode)
{
	struct cdna_adminq_slot *slot = q->slot;

	lockdep_assert_held(&q->lock);

	while (slot->state != CDNA_ADMINQ_FREE)
		slot++;
	slot->state = CDNA_ADMINQ_WAITED;
	slot->answered = false;
	slot->opcode = opcode;
	slot->tag += ADMINQ_TAG_USE;
	reinit_completion(&slot->done);
	q->in_use++;
	q->drains += adminq_drains(opcode);
	return slot;
}

/*
 * Return: the command's slot, NULL if none is free, or an error.
 */
static struct cdna_adminq_slot *
adminq_try_submit(struct cdna_adminq *q, const struct cdna_admin_cmd *cmd)
{
	struct cdna_admin_cmd *entry = &q->sq[q->tail % CDNA_ADMINQ_SLOTS];
	u16 opcode = le16_to_cpu(cmd->opcode);
	struct cdna_adminq_slot *slot;

	lockdep_assert_held(&q->lock);

	if (q->closed)
		return ERR_PTR(-ENODEV);
	if (adminq_drains(opcode) && q->drains == ADMINQ_MAX_DRAINS)
		return ERR_PTR(-EBUSY);
	if (q->in_use == CDNA_ADMINQ_SLOTS)
		return NULL;

	slot = adminq_get(q, opcode);
	*entry = *cmd;
	entry->tag = cpu_to_le16(slot->tag);
	cdna_nic_mbox(q->nic, CDNA_MGMT_MBOX_ASQ_TAIL, ++q->tail);
	return slot;
}

/**
 * cdna_adminq_submit - give the NIC a command
 * @nic: the NIC
 * @cmd: the command; its tag is filled in
 *
 * Context: process; sleeps until there is room.
 * Return: its slot, for cdna_adminq_wait(); -ENODEV if the NIC is dead; -EBUSY if it
 * is a drain, and too many are under way.
 */
struct cdna_adminq_slot *cdna_adminq_submit(struct cdna_nic *nic,
					    const struct cdna_admin_cmd *cmd)
{
	struct cdna_adminq *q = &nic->adminq;
	struct cdna_adminq_slot *slot;

	spin_lock_irq(&q->lock);
	wait_event_lock_irq(q->room, (slot = adminq_try_submit(q, cmd)),
			    q->lock);
	spin_unlock_irq(&q->lock);
	return slot;
}

/* The slot that a completion is for, NULL if there is none */
static struct cdna_adminq_slot *
adminq_find(struct cdna_adminq *q, const struct cdna_admin_completion *entry)
{
	u16 tag = le16_to_cpu(entry->tag);
	struct cdna_adminq_slot *slot = &q->slot[tag % CDNA_ADMINQ_SLOTS];

	if (slot->tag != tag || slot->opcode != le16_to_cpu(entry->opcode))
		return NULL;
	if (slot->state != CDNA_ADMINQ_WAITED &&
	    slot->state != CDNA_ADMINQ_ABANDONED)
		return NULL;
	return slot;
}

static void adminq_complete(struct cdna_adminq *q,
			    const struct cdna_admin_completion *entry)
{
	struct cdna_adminq_slot *slot = adminq_find(q, entry);

	lockdep_assert_held(&q->lock);

	if (!slot) {
		cdna_health_fail(q->nic, "it completed a command that it was not given");
		return;
	}
	q->drains -= adminq_drains(slot->opcode);
	if (slot->state == CDNA_ADMINQ_ABANDONED) {
		adminq_put(q, slot);
		return;
	}
	slot->result = *entry;
	slot->answered = true;
	slot->state = CDNA_ADMINQ_DONE;
	complete(&slot->done);
}

/* The producer, as the NIC wrote it; entries below it are read after it. */
static u32 adminq_producer(const struct cdna_adminq *q)
{
	u32 prod = le32_to_cpu(READ_ONCE(q->cq->prod));

	dma_rmb();
	return prod;
}

static void adminq_take(struct cdna_adminq *q)
{
	const struct cdna_admin_completion *ring = (void *)(q->cq + 1);
	struct cdna_admin_completion entry;
	u32 prod = adminq_producer(q);

	if (prod == q->cons)
		return;
	if (prod - q->cons > CDNA_ADMINQ_SLOTS) {
		cdna_health_fail(q->nic, "its admin completion ring overflowed");
		return;
	}
	while (q->cons != prod) {
		entry = ring[q->cons++ % CDNA_ADMINQ_SLOTS];
		adminq_complete(q, &entry);
	}
	cdna_nic_mbox(q->nic, CDNA_MGMT_MBOX_ACQ_CONS, q->cons);
}

/**
 * cdna_adminq_poll - process pending completions
 * @nic: the NIC
 *
 * Context: any.
 */
void cdna_adminq_poll(struct cdna_nic *nic)
{
	struct cdna_adminq *q = &nic->adminq;
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	if (!q->closed)
		adminq_take(q);
	spin_unlock_irqrestore(&q->lock, flags);
}

/* The outcome of a command; its slot is released unless it is still in use. */
static int adminq_result(struct cdna_adminq *q, struct cdna_adminq_slot *slot,
			 struct cdna_admin_completion *done)
{
	int err = -ENODEV;

	lockdep_assert_held(&q->lock);

	if (slot->state == CDNA_ADMINQ_WAITED) {
		slot->state = CDNA_ADMINQ_ABANDONED;
		return -ETIMEDOUT;
	}
	if (slot->answered) {
		if (done)
			*done = slot->result;
		err = cdna_provider_errno(le16_to_cpu(slot->result.status));
	}
	adminq_put(q, slot);
	return err;
}

/**
 * cdna_adminq_fail - report that the NIC is dead, and wait until it is
 * @nic: the NIC
 * @why: as for cdna_health_fail()
 *
 * A caller may free memory that was given to the NIC. So this returns only once
 * DMA is cut off. That precedes closing the queue, which the death of the NIC does,
 * or the removal of the driver.
 *
 * Context: process; sleeps.
 */
void cdna_adminq_fail(struct cdna_nic *nic, const char *why)
{
	struct cdna_adminq *q = &nic->adminq;

	cdna_health_fail(nic, why);
	wait_event(q->room, READ_ONCE(q->closed));
}

/**
 * cdna_adminq_wait - wait for the completion of a command
 * @nic: the NIC
 * @slot: from cdna_adminq_submit()
 * @cmd: the command
 * @done: its completion, or NULL
 * @end: for how long, in jiffies
 *
 * Context: process; sleeps.
 * Return: as cdna_provider_ops.command, or -ETIMEDOUT: the command goes on.
 */
int cdna_adminq_wait(struct cdna_nic *nic, struct cdna_adminq_slot *slot,
		     const struct cdna_admin_cmd *cmd,
		     struct cdna_admin_completion *done, unsigned long end)
{
	long left = max_t(long, end - jiffies, 0);
	struct cdna_adminq *q = &nic->adminq;
	u64 start = ktime_get_ns();
	int err;

	/* Check once more after a timeout: an interrupt may have been lost. */
	if (!wait_for_completion_timeout(&slot->done, left))
		cdna_adminq_poll(nic);

	spin_lock_irq(&q->lock);
	err = adminq_result(q, slot, done);
	spin_unlock_irq(&q->lock);
	trace_cdna_command(cdna_nic_dev(nic), cmd, err, ktime_get_ns() - start);
	return err;
}

/**
 * cdna_adminq_run - run a command and wait for its completion
 * @nic: the NIC
 * @cmd: the command; its tag is filled in
 * @done: its completion, or NULL
 *
 * A NIC that does not answer within five seconds is declared dead.
 *
 * Context: process, with no spinlock held; sleeps.
 * Return: as cdna_provider_ops.command.
 */
int cdna_adminq_run(struct cdna_nic *nic, const struct cdna_admin_cmd *cmd,
		    struct cdna_admin_completion *done)
{
	struct cdna_adminq_slot *slot;
	int err;

	might_sleep();
	slot = cdna_adminq_submit(nic, cmd);
	if (IS_ERR(slot))
		return PTR_ERR(slot);
	err = cdna_adminq_wait(nic, slot, cmd, done, jiffies +
			       msecs_to_jiffies(ADMINQ_COMMAND_MS));
	if (err != -ETIMEDOUT)
		return err;
	cdna_adminq_fail(nic, "it does not complete commands");
	return -ENODEV;
}

/**
 * cdna_adminq_abort - fail all commands in flight, and all later ones
 * @nic: the NIC, whose DMA is cut off
 *
 * Context: process.
 */
void cdna_adminq_abort(struct cdna_nic *nic)
{
	struct cdna_adminq *q = &nic->adminq;
	struct cdna_adminq_slot *slot;

	spin_lock_irq(&q->lock);
	WRITE_ONCE(q->closed, true);
	for (slot = q->slot; slot < q->slot + CDNA_ADMINQ_SLOTS; slot++) {
		if (slot->state == CDNA_ADMINQ_ABANDONED) {
			adminq_put(q, slot);
		} else if (slot->state == CDNA_ADMINQ_WAITED) {
			slot->state = CDNA_ADMINQ_DONE;
			complete(&slot->done);
		}
	}
	wake_up_all(&q->room);
	spin_unlock_irq(&q->lock);
}

static int adminq_enable(struct cdna_nic *nic)
{
	struct cdna_adminq *q = &nic->adminq;
	u32 status;

	cdna_nic_write_addr(nic, CDNA_MGMT_ASQ_BASE_LO, q->sq_dma);
	cdna_nic_write_addr(nic, CDNA_MGMT_ACQ_BASE_LO, q->cq_dma);
	cdna_nic_write(nic, CDNA_MGMT_ADMIN_SIZE, CDNA_ADMINQ_SLOTS);
	cdna_nic_mbox(nic, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_ENABLE);

	if (read_poll_timeout(cdna_nic_read, status,
			      status & CDNA_STATUS_ENABLED, 1000,
			      ADMINQ_ENABLE_US, false, nic, CDNA_REG_STATUS) ||
	    status == ~0u) {
		dev_err(cdna_nic_dev(nic),
			"the NIC did not accept the admin queue, status %#x\n",
			status);
		return -EIO;
	}
	return 0;
}

/**
 * cdna_adminq_alloc - allocate the admin queue, closed
 * @nic: the NIC
 *
 * Return: 0 or -ENOMEM.
 */
int cdna_adminq_alloc(struct cdna_nic *nic)
{
	struct cdna_adminq *q = &nic->adminq;
	u32 i;

	q->nic = nic;
	q->closed = true;
	spin_lock_init(&q->lock);
	init_waitqueue_head(&q->room);
	for (i = 0; i < CDNA_ADMINQ_SLOTS; i++) {
		q->slot[i].tag = i;
		init_completion(&q->slot[i].done);
	}

	q->sq = dmam_alloc_coherent(cdna_nic_dev(nic), ADMINQ_SQ_BYTES,
				    &q->sq_dma, GFP_KERNEL);
	q->cq = dmam_alloc_coherent(cdna_nic_dev(nic), ADMINQ_CQ_BYTES,
				    &q->cq_dma, GFP_KERNEL);
	return q->sq && q->cq ? 0 : -ENOMEM;
}

/**
 * cdna_adminq_open - give the NIC the admin queue and accept commands
 * @nic: the NIC, reset; its interrupts arrive
 *
 * Context: process; polls for up to two seconds.
 * Return: 0, or -EIO if the NIC does not accept it.
 */
int cdna_adminq_open(struct cdna_nic *nic)
{
	int err;

	err = adminq_enable(nic);
	if (err)
		return err;
	spin_lock_irq(&nic->adminq.lock);
	nic->adminq.closed = false;
	spin_unlock_irq(&nic->adminq.lock);
	return 0;
}
