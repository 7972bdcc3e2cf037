// SPDX-License-Identifier: GPL-2.0-only
/*
 * Has time pass for transmit queues, as with a NIC that needs long: whenever the
 * driver looks for what was sent and the queue is stopped, the last transmit was
 * AGER_AGE ago. What the stack's watchdog must think of that afterwards is counted;
 * neither a slow NIC nor the watchdog is waited for.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/netdevice.h>

#include "cdna_queue_pair.h"

#define AGER_AGE	(60 * HZ)	/* longer than any timeout */

static uint moved;
module_param(moved, uint, 0400);
MODULE_PARM_DESC(moved, "looks at a stopped queue that found something sent");

static uint stuck;
module_param(stuck, uint, 0400);
MODULE_PARM_DESC(stuck, "after how many of these the queue looked stuck");

static uint revived;
module_param(revived, uint, 0400);
MODULE_PARM_DESC(revived, "looks that found nothing, and the queue looked alive");

/**
 * struct ager_look - one look for what was sent
 * @qp: where
 * @txq: the queue, as the stack knows it
 * @started: time of the last transmit, as it was
 * @aged: as it is now
 * @cons: what had been sent until then
 */
struct ager_look {
	const struct cdna_qp *qp;
	struct netdev_queue *txq;
	unsigned long started;
	unsigned long aged;
	u32 cons;
};

static int ager_enter(struct kretprobe_instance *instance,
		      struct pt_regs *regs)
{
	const struct cdna_qp *qp = (void *)regs_get_kernel_argument(regs, 0);
	struct netdev_queue *txq = netdev_get_tx_queue(qp->dev->netdev,
						       qp->id);
	struct ager_look *look = (void *)instance->data;

	if (!netif_xmit_stopped(txq))
		return 1;	/* do not look at the end of it */
	*look = (struct ager_look) {
		.qp = qp, .txq = txq, .cons = READ_ONCE(qp->tx.cons),
		.started = READ_ONCE(txq->trans_start),
		.aged = jiffies - AGER_AGE,
	};
	WRITE_ONCE(txq->trans_start, look->aged);
	return 0;
}

static int ager_leave(struct kretprobe_instance *instance,
		      struct pt_regs *regs)
{
	struct ager_look *look = (void *)instance->data;
	bool old = READ_ONCE(look->txq->trans_start) == look->aged;

	if (READ_ONCE(look->qp->tx.cons) != look->cons) {
		moved++;
		stuck += old;
	} else {
		revived += !old;
	}
	if (old)
		WRITE_ONCE(look->txq->trans_start, look->started);
	return 0;
}

static struct kretprobe ager_probe = {
	.kp.symbol_name = "cdna_reclaim_run",
	.entry_handler = ager_enter,
	.handler = ager_leave,
	.data_size = sizeof(struct ager_look),
};

static int __init ager_init(void)
{
	return register_kretprobe(&ager_probe);
}
module_init(ager_init);

static void __exit ager_exit(void)
{
	unregister_kretprobe(&ager_probe);
}
module_exit(ager_exit);

MODULE_DESCRIPTION("Transmit queues that have been stopped for long");
MODULE_LICENSE("GPL");
