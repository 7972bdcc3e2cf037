// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network driver for a context of a CDNA NIC, in its guest, or in the host that has
 * the NIC. This file is the module.
 *
 * Theory of operation
 * -------------------
 *
 * A context is a PCI function with two BARs. Accesses to the register page trap
 * into the host's user space: it holds the capabilities of the device and takes
 * commands. The mailbox page is the NIC's own: stores to it do not trap. The
 * driver shares memory with both: a status page that the NIC writes, a tail
 * page that the host reads, a doorbell page to which stores trap, and the rings
 * of each queue pair.
 *
 * In the host itself a context is a sub-function of the NIC, which the host's module
 * offers on the auxiliary bus: the same registers, commands and rings, but a call
 * where a guest traps. Only the files of the two buses know which one it is.
 *
 * A guest must not name memory to the NIC that is not its own, so it does not
 * write the descriptors that the NIC reads. It writes shadow rings, and the
 * host checks, translates and copies them: on a trap, up to the tail. Then the
 * NIC may fetch them, up to the mailbox. cdna_enqueue.c is the only file that
 * knows these steps.
 *
 * Host and NIC are not trusted. Each value that they write is read once and
 * bounded. After an invalid one, the queue pair is ignored until it is
 * restarted.
 *
 * Files
 * -----
 *
 * A file uses only files to the right of it or below it, and data that all
 * share: struct cdna_dev (cdna_dev.h), struct cdna_qp (cdna_queue_pair.h) and
 * its counters (cdna_counters.c). There are no circles.
 *
 *   module         cdna_main
 *   buses          cdna_pci  cdna_sf  cdna_probe
 *   operations     cdna_netdev  cdna_ethtool  cdna_selftest  cdna_stats
 *   control        cdna_reconfig  cdna_recover  cdna_faults
 *   queues         cdna_queues  cdna_link  cdna_filter  cdna_rss  cdna_qp
 *   data path      cdna_rx  cdna_lro  cdna_refill
 *                  cdna_tx  cdna_reclaim  cdna_enqueue  cdna_dim
 *   device         cdna_features  cdna_caps  cdna_vcmd  cdna_vreg
 *
 * What the lower files find reaches the recovery by its work: cdna_dev_kick()
 * and cdna_dev_request_restart() schedule it, and any context may call them.
 *
 * States
 * ------
 *
 * The interface follows its users and its device:
 *
 *           ndo_open               fault, invalid value, timeout, foreign reset
 *    down ------------> up (has queues) ------------> up without queues
 *     ^                 |  ^                               |        |
 *     |                 |  +-------------------------------+        |
 *     |    ndo_stop     |    recovery: immediately, or later        |
 *     +-----------------+-------------------------------------------+
 *
 *    attached -------------------------------------------> detached
 *        ^     revoked, NIC dead, gone, suspend, reset        |
 *        +----------------------------------------------------+
 *              restored, resume (not after a dead NIC)
 *
 * CDNA_DEV_UP is set while there are queues; cdna_recovery.detached has the
 * reason for being detached. A detached interface has no queues and no carrier.
 *
 * A queue pair is allocated, started, quiesced, and freed after the device was
 * reset. All pairs go through these states together (cdna_queues.c).
 *
 * Contexts and locks
 * ------------------
 *
 *   process    probe, ndo_* except transmit, ethtool, works: may sleep. rtnl
 *              covers the life of the queues; cdna_dev.cmd_lock, inside it or
 *              alone, covers one command
 *   NAPI       the poll of a queue pair, which owns both consumers and the
 *              producer of receive buffers
 *   transmit   ndo_start_xmit under the stack's lock of the queue, which owns
 *              its producer
 *   interrupt  schedules the poll or the recovery
 *
 * cdna_qp.lock is innermost. It covers trap and mailboxes, and disables
 * interrupts.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <cdna/version.h>

#include "cdna_pci.h"
#include "cdna_sf.h"

static int __init main_init(void)
{
	int ret;

	ret = pci_register_driver(&cdna_context_driver);
	if (ret)
		return ret;
	ret = cdna_sf_register();
	if (ret)
		pci_unregister_driver(&cdna_context_driver);
	return ret;
}
module_init(main_init);

static void __exit main_exit(void)
{
	cdna_sf_unregister();
	pci_unregister_driver(&cdna_context_driver);
}
module_exit(main_exit);

MODULE_DESCRIPTION("Network driver for a context of a CDNA NIC");
MODULE_VERSION(CDNA_VERSION);
MODULE_LICENSE("GPL");
