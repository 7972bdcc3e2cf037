// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recovery from stopped queues, link changes, revocation and the loss of the
 * device.
 *
 * The host may report such events as often as it likes, so messages are
 * rate-limited.
 *
 * One work handles all of them, under rtnl. It checks the present state, not
 * what was reported: one event may report several changes, and may be late.
 *
 * After a fault, the queues are destroyed immediately. They are created again
 * immediately if faults are rare, and later if they are not. While the device
 * is revoked, the interface is detached from the stack, as in suspend.
 */
#include <linux/rtnetlink.h>

#include "cdna_caps.h"
#include "cdna_faults.h"
#include "cdna_features.h"
#include "cdna_link.h"
#include "cdna_queues.h"
#include "cdna_recover.h"
#include "cdna_vreg.h"

/* After so many seconds without a restart, the next one is immediate again. */
#define RECOVER_CALM		60
#define RECOVER_MAX_BACKOFF	64

/**
 * struct recover_reason - what a reason to be detached means
 * @text: for the log; may be empty
 * @final: the device does not come back
 */
struct recover_reason {
	const char *text;
	bool final;
};

static const struct recover_reason recover_reasons[CDNA_NR_DETACHES] = {
	[CDNA_DETACH_NOT] = { "" },
	[CDNA_DETACH_PAUSED] = { "" },
	[CDNA_DETACH_REVOKED] = {
		"the host has revoked this device; the interface works again when the host restores it"
	},
	[CDNA_DETACH_NIC_DEAD] = {
		"the NIC does not answer the host; see the host's log, and restart this machine when the NIC works again",
		.final = true
	},
	[CDNA_DETACH_UNKNOWN] = {
		"the host reports a state of this device that this driver does not know; update the driver"
	},
	[CDNA_DETACH_GONE] = { "the device is gone", .final = true },
};

/* Return: why the interface should be detached, if it should */
static enum cdna_detach recover_judge(struct cdna_dev *dev, u32 state)
{
	enum cdna_detach reason = dev->recovery.detached;

	if (recover_reasons[reason].final)
		return reason;
	if (test_bit(CDNA_DEV_GONE, &dev->flags))
		return CDNA_DETACH_GONE;
	switch (state) {
	case CDNA_CTX_CONFIGURED:
	case CDNA_CTX_ACTIVE:
	case CDNA_CTX_FAULTED:
	case CDNA_CTX_QUIESCED:
		return CDNA_DETACH_NOT;
	case CDNA_CTX_REVOKED:
		return CDNA_DETACH_REVOKED;
	default:
		/* Some machines read zeros where there is nothing. */
		return cdna_vreg_read(dev, CDNA_VREG_MAGIC) == CDNA_VDEV_MAGIC ?
		       CDNA_DETACH_UNKNOWN : CDNA_DETACH_GONE;
	}
}

/* Detach the interface, or change the reason. */
static void recover_detach(struct cdna_dev *dev, enum cdna_detach reason)
{
	struct cdna_recovery *rec = &dev->recovery;

	if (!rec->detached) {
		rec->detaches++;
		rec->backoff = 0;
		netif_device_detach(dev->netdev);
		cdna_queues_down(dev);
	}
	rec->detached = reason;
	if (recover_reasons[reason].text[0] && net_ratelimit())
		netdev_err(dev->netdev, "%s\n", recover_reasons[reason].text);
}

static void recover_later(struct cdna_dev *dev, unsigned long delay)
{
	schedule_delayed_work(&dev->recovery.retry, delay);
}

/* Create queues, but not too often: the delay between restarts doubles. Return:
 * whether there are queues now, or none are needed.
 */
static bool recover_up(struct cdna_dev *dev)
{
	struct cdna_recovery *rec = &dev->recovery;
	u64 due = rec->restarted + rec->backoff * HZ;
	u64 now = get_jiffies_64();

	if (!netif_running(dev->netdev) || test_bit(CDNA_DEV_UP, &dev->flags))
		return true;
	if (rec->backoff && time_before64(now, due)) {
		recover_later(dev, due - now);
		return false;
	}
	if (time_after64(now, due + RECOVER_CALM * HZ))
		rec->backoff = 0;
	rec->backoff = rec->backoff ? min(rec->backoff * 2,
					  RECOVER_MAX_BACKOFF) : 1;
	rec->restarted = now;
	rec->restarts++;
	if (!cdna_queues_up(dev)) {
		/* If the machine has moved, switches do not know yet. */
		__netdev_notify_peers(dev->netdev);
		return true;
	}
	if (net_ratelimit())
		netdev_err(dev->netdev, "cannot start; retrying in %u s\n",
			   rec->backoff);
	recover_later(dev, rec->backoff * HZ);
	return false;
}

/* The device is back. Attach the interface when it has queues. */
static void recover_attach(struct cdna_dev *dev)
{
	struct cdna_recovery *rec = &dev->recovery;
	enum cdna_detach reason = rec->detached;

	if (!recover_up(dev))
		return;
	rec->detached = CDNA_DETACH_NOT;
	netif_device_attach(dev->netdev);
	if (reason != CDNA_DETACH_PAUSED && net_ratelimit())
		netdev_info(dev->netdev, "the device is back\n");
}

/* Are new queues needed? */
static bool recover_needs_restart(struct cdna_dev *dev, u32 state, u32 fault)
{
	bool wanted = test_and_clear_bit(CDNA_DEV_RESTART, &dev->flags);

	if (!test_bit(CDNA_DEV_UP, &dev->flags))
		return false;
	if (wanted || fault || cdna_faults_broken(dev))
		return true;
	/* Otherwise, something else has reset the device. */
	return state != CDNA_CTX_ACTIVE && state != CDNA_CTX_QUIESCED;
}

static void recover_check(struct cdna_dev *dev)
{
	struct cdna_recovery *rec = &dev->recovery;
	u32 fault = CDNA_VFAULT_NONE;
	enum cdna_detach reason;
	u32 state;

	state = cdna_vreg_read(dev, CDNA_VREG_STATE);
	reason = recover_judge(dev, state);
	if (reason == CDNA_DETACH_GONE && rec->detached != reason &&
	    cdna_vreg_enable_memory(dev)) {
		set_bit(CDNA_DEV_RESTART, &dev->flags);
		state = cdna_vreg_read(dev, CDNA_VREG_STATE);
		reason = recover_judge(dev, state);
	}
	if (!reason && test_bit(CDNA_DEV_UP, &dev->flags))
		fault = cdna_faults_find(dev);
	if (fault == CDNA_VFAULT_NIC_DEAD)
		reason = CDNA_DETACH_NIC_DEAD;
	if (reason) {
		if (reason != rec->detached)
			recover_detach(dev, reason);
		return;
	}
	if (recover_needs_restart(dev, state, fault)) {
		if (net_ratelimit())
			netdev_warn(dev->netdev, "restarting\n");
		cdna_queues_down(dev);
	}
	if (rec->detached)
		recover_attach(dev);
	else
		recover_up(dev);
	cdna_features_return(dev);
	cdna_link_update(dev);
}

static void recover_check_locked(struct cdna_dev *dev)
{
	rtnl_lock();
	recover_check(dev);
	rtnl_unlock();
}

static void recover_work(struct work_struct *work)
{
	recover_check_locked(container_of(work, struct cdna_dev,
					  recovery.work));
}

static void recover_retry(struct work_struct *work)
{
	recover_check_locked(container_of(to_delayed_work(work),
					  struct cdna_dev, recovery.retry));
}

/**
 * cdna_recover_irq - handle the event interrupt: the host reports a change
 * @irq: the event vector's
 * @data: struct cdna_dev
 *
 * Context: Hard interrupt.
 * Return: IRQ_HANDLED.
 */
irqreturn_t cdna_recover_irq(int irq, void *data)
{
	cdna_dev_kick(data);
	return IRQ_HANDLED;
}

/**
 * cdna_recover_retry - have the recovery create queues after a failure
 * @dev: the device, whose interface should be up, but has no queues
 *
 * Context: Process context, under rtnl.
 */
void cdna_recover_retry(struct cdna_dev *dev)
{
	netdev_err(dev->netdev,
		   "the interface is without queues; retrying\n");
	dev->recovery.backoff = max(dev->recovery.backoff, 1);
	dev->recovery.restarted = get_jiffies_64();
	cdna_dev_kick(dev);
}

/**
 * cdna_recover_pause - stop the device, and detach the interface
 * @dev: the device
 *
 * When it returns, no DMA is left, and the driver no longer accesses the
 * device.
 *
 * Context: Process context. Takes rtnl.
 */
void cdna_recover_pause(struct cdna_dev *dev)
{
	cdna_recover_disable(dev);
	rtnl_lock();
	if (!dev->recovery.detached)
		recover_detach(dev, CDNA_DETACH_PAUSED);
	rtnl_unlock();
}

/**
 * cdna_recover_resume - use the device again after cdna_recover_pause()
 * @dev: the device, which may have been reset since
 *
 * Context: Process context. Takes rtnl.
 * Return: 0, or an error if this driver cannot drive the device; then the
 * interface remains detached.
 */
int cdna_recover_resume(struct cdna_dev *dev)
{
	int ret;

	/* Reads of a device that is being reset may have been all ones. */
	clear_bit(CDNA_DEV_GONE, &dev->flags);
	ret = cdna_caps_same(dev);
	rtnl_lock();
	if (!ret && dev->recovery.detached == CDNA_DETACH_GONE)
		dev->recovery.detached = CDNA_DETACH_PAUSED;
	if (ret)
		recover_detach(dev, CDNA_DETACH_GONE);
	else
		recover_check(dev);
	rtnl_unlock();
	cdna_recover_enable(dev);
	return ret;
}

/**
 * cdna_recover_init - prepare the recovery, disabled
 * @dev: the device
 */
void cdna_recover_init(struct cdna_dev *dev)
{
	INIT_WORK(&dev->recovery.work, recover_work);
	INIT_DELAYED_WORK(&dev->recovery.retry, recover_retry);
	cdna_recover_disable(dev);
}

/**
 * cdna_recover_enable - enable the recovery, and have it look at the device
 * @dev: the device
 *
 * Context: Process context.
 */
void cdna_recover_enable(struct cdna_dev *dev)
{
	enable_work(&dev->recovery.work);
	enable_delayed_work(&dev->recovery.retry);
	cdna_dev_kick(dev);
}

/**
 * cdna_recover_disable - disable the recovery, and wait until it is idle
 * @dev: the device
 *
 * Context: Process context, without rtnl, which the work takes. May sleep.
 */
void cdna_recover_disable(struct cdna_dev *dev)
{
	disable_work_sync(&dev->recovery.work);
	disable_delayed_work_sync(&dev->recovery.retry);
}
