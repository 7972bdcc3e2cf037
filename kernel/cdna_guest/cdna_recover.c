// SPDX-License-Identifier: GPL-2.0-only
/*
 * Surprises: stopped queues, link changes, a device that the host takes away
 * and gives back, a device that is gone.
 *
 * The host may tell of them as often as it likes: the log gets only so many.
 *
 * All of it is dealt with in one work, under rtnl. It looks at what is, not at
 * what was told: an event may tell of several things, and may come late.
 *
 * A fault costs the queues: the interface goes down inside at once, and comes
 * up again at once if that is rare, later if it is not. A device that is taken
 * away is detached from the stack, as in suspend, until it is back.
 */
#include <linux/interrupt.h>
#include <linux/rtnetlink.h>

#include "cdna_dev.h"
#include "cdna_vreg.h"

/* After a calm of so many seconds, the next fault is dealt with at once. */
#define RECOVER_CALM		60
#define RECOVER_MAX_BACKOFF	64

/**
 * struct recover_reason - a reason to be without a device
 * @text: what the administrator reads
 * @final: nothing brings it back
 */
struct recover_reason {
	const char *text;
	bool final;
};

static const struct recover_reason recover_reasons[CDNA_NR_AWAYS] = {
	[CDNA_AWAY_NOT] = { "" },
	[CDNA_AWAY_ASLEEP] = { "" },
	[CDNA_AWAY_REVOKED] = {
		"the host has revoked this device; the interface works again when the host restores it"
	},
	[CDNA_AWAY_NIC_DEAD] = {
		"the NIC does not answer the host; see the host's log, and restart this machine when the NIC works again",
		.final = true
	},
	[CDNA_AWAY_BROKEN] = {
		"the host reports a state of this device that this driver does not know; update the driver"
	},
	[CDNA_AWAY_GONE] = { "the device is gone", .final = true },
};

/* Why we should be without the device, if we should */
static enum cdna_away recover_judge(struct cdna_dev *dev, u32 state)
{
	enum cdna_away away = dev->recovery.away;

	if (recover_reasons[away].final)
		return away;
	if (test_bit(CDNA_DEV_GONE, &dev->flags))
		return CDNA_AWAY_GONE;
	switch (state) {
	case CDNA_CTX_CONFIGURED:
	case CDNA_CTX_ACTIVE:
	case CDNA_CTX_FAULTED:
	case CDNA_CTX_QUIESCED:
		return CDNA_AWAY_NOT;
	case CDNA_CTX_REVOKED:
		return CDNA_AWAY_REVOKED;
	default:
		/* Some machines read zeros where there is nothing. */
		return cdna_vreg_read(dev, CDNA_VREG_MAGIC) == CDNA_VDEV_MAGIC ?
		       CDNA_AWAY_BROKEN : CDNA_AWAY_GONE;
	}
}

/* The device goes, or the reason why it is away changes. */
static void recover_leave(struct cdna_dev *dev, enum cdna_away away)
{
	struct cdna_recovery *rec = &dev->recovery;

	if (!rec->away) {
		rec->detaches++;
		rec->backoff = 0;
		netif_device_detach(dev->netdev);
		cdna_netdev_down(dev);
	}
	rec->away = away;
	if (recover_reasons[away].text[0] && net_ratelimit())
		netdev_err(dev->netdev, "%s\n", recover_reasons[away].text);
}

static void recover_later(struct cdna_dev *dev, unsigned long delay)
{
	schedule_delayed_work(&dev->recovery.retry, delay);
}

/* Make queues, unless we did a moment ago: the more often, the later. Return:
 * whether there are any now.
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
	if (!cdna_netdev_up(dev))
		return true;
	if (net_ratelimit())
		netdev_err(dev->netdev, "cannot start; retrying in %u s\n",
			   rec->backoff);
	recover_later(dev, rec->backoff * HZ);
	return false;
}

/* The device is there again. The interface is attached when it has queues. */
static void recover_return(struct cdna_dev *dev)
{
	struct cdna_recovery *rec = &dev->recovery;
	enum cdna_away away = rec->away;

	if (!recover_up(dev))
		return;
	rec->away = CDNA_AWAY_NOT;
	netif_device_attach(dev->netdev);
	if (away != CDNA_AWAY_ASLEEP && net_ratelimit())
		netdev_info(dev->netdev, "the device is back\n");
}

/* Is there a reason to make the queues anew? */
static bool recover_wanted(struct cdna_dev *dev, u32 state, u32 fault)
{
	bool wanted = test_and_clear_bit(CDNA_DEV_RESTART, &dev->flags);

	if (!test_bit(CDNA_DEV_UP, &dev->flags))
		return false;
	if (wanted || fault || cdna_faults_broken(dev))
		return true;
	/* Not active: it was reset behind our back. */
	return state != CDNA_CTX_ACTIVE && state != CDNA_CTX_QUIESCED;
}

static void recover_look(struct cdna_dev *dev)
{
	struct cdna_recovery *rec = &dev->recovery;
	u32 fault = CDNA_VFAULT_NONE;
	enum cdna_away away;
	u32 state;

	state = cdna_vreg_read(dev, CDNA_VREG_STATE);
	away = recover_judge(dev, state);
	if (away == CDNA_AWAY_GONE && rec->away != away &&
	    cdna_vreg_enable_memory(dev)) {
		set_bit(CDNA_DEV_RESTART, &dev->flags);
		state = cdna_vreg_read(dev, CDNA_VREG_STATE);
		away = recover_judge(dev, state);
	}
	if (!away && test_bit(CDNA_DEV_UP, &dev->flags))
		fault = cdna_faults_find(dev);
	if (fault == CDNA_VFAULT_NIC_DEAD)
		away = CDNA_AWAY_NIC_DEAD;
	if (away) {
		if (away != rec->away)
			recover_leave(dev, away);
		return;
	}
	if (recover_wanted(dev, state, fault)) {
		if (net_ratelimit())
			netdev_warn(dev->netdev, "restarting\n");
		cdna_netdev_down(dev);
	}
	if (rec->away)
		recover_return(dev);
	else
		recover_up(dev);
	cdna_netdev_link(dev);
}

static void recover_look_locked(struct cdna_dev *dev)
{
	rtnl_lock();
	recover_look(dev);
	rtnl_unlock();
}

static void recover_work(struct work_struct *work)
{
	recover_look_locked(container_of(work, struct cdna_dev,
					 recovery.work));
}

static void recover_retry(struct work_struct *work)
{
	recover_look_locked(container_of(to_delayed_work(work),
					 struct cdna_dev, recovery.retry));
}

/**
 * cdna_recover_irq - the host tells of a fault or a change
 * @irq: the event vector's
 * @data: struct cdna_dev
 *
 * Return: IRQ_HANDLED.
 */
irqreturn_t cdna_recover_irq(int irq, void *data)
{
	cdna_recover_kick(data);
	return IRQ_HANDLED;
}

/**
 * cdna_recover_kick - have someone look at the device soon
 * @dev: the device
 *
 * Any context.
 */
void cdna_recover_kick(struct cdna_dev *dev)
{
	schedule_work(&dev->recovery.work);
}

/**
 * cdna_recover_retry - an interface that should be up could not be
 * @dev: the device; its queues are stopped, and there is no carrier
 */
void cdna_recover_retry(struct cdna_dev *dev)
{
	netdev_err(dev->netdev,
		   "the interface is without queues; retrying\n");
	dev->recovery.backoff = max(dev->recovery.backoff, 1);
	dev->recovery.restarted = get_jiffies_64();
	cdna_recover_kick(dev);
}

/**
 * cdna_recover_tx_timeout - a transmit queue does not move
 * @netdev: the interface
 * @txqueue: which
 */
void cdna_recover_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	struct cdna_qp_status *status = &dev->status[txqueue];
	u32 queue = CDNA_VQUEUE(txqueue, CDNA_DIR_TX);

	dev->recovery.timeouts++;
	netdev_err(netdev,
		   "transmit queue %u does not move: posted %u, sent %u, state %u\n",
		   txqueue, le32_to_cpu(READ_ONCE(dev->tails->tail[queue])),
		   le32_to_cpu(READ_ONCE(status->tx_cons)),
		   le32_to_cpu(READ_ONCE(status->tx_state)));
	set_bit(CDNA_DEV_RESTART, &dev->flags);
	cdna_recover_kick(dev);
}

/**
 * cdna_recover_pause - be without the device for a while, by our own will
 * @dev: the device; no DMA is left when it returns, and nobody touches it
 */
void cdna_recover_pause(struct cdna_dev *dev)
{
	cdna_recover_disable(dev);
	rtnl_lock();
	if (!dev->recovery.away)
		recover_leave(dev, CDNA_AWAY_ASLEEP);
	rtnl_unlock();
}

/**
 * cdna_recover_resume - have the device again
 * @dev: the device, as cdna_recover_pause() left it, or reset since
 *
 * Return: 0, or an error if that is no device that we can drive; it is then
 * left alone.
 */
int cdna_recover_resume(struct cdna_dev *dev)
{
	int ret;

	/* Reads of a device that is being reset may have been all ones. */
	clear_bit(CDNA_DEV_GONE, &dev->flags);
	ret = cdna_caps_same(dev);
	rtnl_lock();
	if (!ret && dev->recovery.away == CDNA_AWAY_GONE)
		dev->recovery.away = CDNA_AWAY_ASLEEP;
	if (ret)
		recover_leave(dev, CDNA_AWAY_GONE);
	else
		recover_look(dev);
	rtnl_unlock();
	cdna_recover_enable(dev);
	return ret;
}

/**
 * cdna_recover_init - surprises wait until cdna_recover_enable()
 * @dev: the device
 */
void cdna_recover_init(struct cdna_dev *dev)
{
	INIT_WORK(&dev->recovery.work, recover_work);
	INIT_DELAYED_WORK(&dev->recovery.retry, recover_retry);
	cdna_recover_disable(dev);
}

/**
 * cdna_recover_enable - from now on, surprises are dealt with
 * @dev: the device
 */
void cdna_recover_enable(struct cdna_dev *dev)
{
	enable_work(&dev->recovery.work);
	enable_delayed_work(&dev->recovery.retry);
	cdna_recover_kick(dev);
}

/**
 * cdna_recover_disable - from now on, they wait again
 * @dev: the device; rtnl is not held
 */
void cdna_recover_disable(struct cdna_dev *dev)
{
	disable_work_sync(&dev->recovery.work);
	disable_delayed_work_sync(&dev->recovery.retry);
}
