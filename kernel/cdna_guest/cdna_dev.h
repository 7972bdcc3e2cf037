/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest driver's device: data that all its files share. The theory of
 * operation is at the head of cdna_main.c.
 */
#ifndef CDNA_DEV_H
#define CDNA_DEV_H

#include <linux/etherdevice.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/workqueue.h>

#include <cdna/vdev.h>

#include "cdna_bus.h"

#define CDNA_DRV_NAME			"cdna_guest"

struct cdna_qp;

/**
 * struct cdna_caps - capabilities of the device, bounded at probe
 * @abi: version of the device's interface, of our major version
 * @max_qps: number of queue pairs that the device allows
 * @features: CDNA_VFEAT_* that were offered at probe and that we can use
 * @offloads: CDNA_OFFLOAD_*, of both directions
 * @tx_offloads: those that transmit descriptors can request
 * @min_ring: slots
 * @max_ring: slots
 * @max_mtu: in bytes
 * @max_chain: largest number of descriptors of a frame
 * @tx_format: CDNA_FORMAT_* of transmit rings
 * @rx_format: CDNA_FORMAT_* of receive rings
 * @mac: address that the host assigned to the context
 */
struct cdna_caps {
	u32 abi;
	u32 max_qps;
	u32 features;
	u32 offloads;
	u32 tx_offloads;
	u32 min_ring;
	u32 max_ring;
	u32 max_mtu;
	u32 max_chain;
	u8 tx_format;
	u8 rx_format;
	u8 mac[ETH_ALEN];
};

/**
 * enum cdna_detach - why the interface is without its device
 * @CDNA_DETACH_NOT: it is not
 * @CDNA_DETACH_PAUSED: the driver stopped it: suspend, or a reset of the
 *	function
 * @CDNA_DETACH_REVOKED: the host has revoked the context
 * @CDNA_DETACH_NIC_DEAD: the NIC does not answer the host
 * @CDNA_DETACH_UNKNOWN: the host reports a state that this driver does not know
 * @CDNA_DETACH_GONE: reads return all ones
 * @CDNA_NR_DETACHES: number of reasons
 */
enum cdna_detach {
	CDNA_DETACH_NOT,
	CDNA_DETACH_PAUSED,
	CDNA_DETACH_REVOKED,
	CDNA_DETACH_NIC_DEAD,
	CDNA_DETACH_UNKNOWN,
	CDNA_DETACH_GONE,
	CDNA_NR_DETACHES,
};

/**
 * enum cdna_link_log - what the log said last about the link
 * @CDNA_LINK_LOG_NONE: nothing
 * @CDNA_LINK_LOG_DOWN: that it is down
 * @CDNA_LINK_LOG_UP: that it is up
 */
enum cdna_link_log {
	CDNA_LINK_LOG_NONE,
	CDNA_LINK_LOG_DOWN,
	CDNA_LINK_LOG_UP,
};

/**
 * struct cdna_recovery - state of the recovery
 * @work: checks state, faults and link in process context, under rtnl
 * @retry: the same, later
 * @detached: why the interface is detached; under rtnl
 * @backoff: least number of seconds from the last restart to the next one;
 *	under rtnl
 * @restarted: time of the last restart, in 64-bit jiffies; under rtnl
 * @restarts: number of restarts
 * @faults: number of stopped queues that were found
 * @timeouts: number of transmit timeouts
 * @detaches: times that the interface was detached
 */
struct cdna_recovery {
	struct work_struct work;
	struct delayed_work retry;
	enum cdna_detach detached;
	u32 backoff;
	u64 restarted;
	u64 restarts;
	u64 faults;
	u64 timeouts;
	u64 detaches;
};

/**
 * struct cdna_dev - a context, as its guest drives it
 * @device: the device, for memory and messages
 * @bus: how it is reached
 * @netdev: the network interface, whose private area this is
 * @mbox: mailbox page
 * @regs: register page of a PCI function; each access traps
 * @caps: capabilities of the device
 * @features: CDNA_VFEAT_* accepted at its activation
 * @cmd_lock: serializes commands: arguments, command, result
 * @status: status page, written by the NIC; not trusted
 * @status_dma: its address
 * @tails: tail page, read by the host
 * @tails_dma: its address
 * @doorbell: doorbell page, watched by the host; no device accesses it
 * @qp: queue pairs, as many as the device allows
 * @nr_qps: number of those in use; under rtnl
 * @tx_slots: slots of a transmit ring, a power of two
 * @rx_slots: slots of a receive ring, a power of two
 * @rss: which of them receives which flow; under rtnl
 * @speed: of the link in Mb/s, 0 if unknown
 * @link_logged: what the log said last about the link; under rtnl
 * @filter: sets the receive filter in process context
 * @filter_backoff: number of seconds from the last failure of that to the next
 *	attempt; under rtnl
 * @recovery: faults, link, revocation
 * @flags: CDNA_DEV_* bits
 */
struct cdna_dev {
	struct device *device;
	const struct cdna_bus_ops *bus;
	struct net_device *netdev;
	void __iomem *mbox;
	void __iomem *regs;
	struct cdna_caps caps;
	u32 features;
	struct mutex cmd_lock;	/* one command at a time */

	struct cdna_qp_status *status;
	dma_addr_t status_dma;
	struct cdna_tail_page *tails;
	dma_addr_t tails_dma;
	u32 *doorbell;

	struct cdna_qp *qp;
	u32 nr_qps;
	u32 tx_slots;
	u32 rx_slots;
	struct cdna_rss rss;
	u32 speed;
	enum cdna_link_log link_logged;

	struct delayed_work filter;
	u32 filter_backoff;
	struct cdna_recovery recovery;
	unsigned long flags;
};

#define CDNA_DEV_GONE			0	/* reads return all ones */
#define CDNA_DEV_UP			1	/* queues exist; under rtnl */
#define CDNA_DEV_RESTART		2	/* a restart was requested */
#define CDNA_DEV_MERGE_LENT		3	/* XDP took merging; under rtnl */

/**
 * cdna_dev_kick - have the recovery look at the device soon
 * @dev: the device
 *
 * Context: Any.
 */
static inline void cdna_dev_kick(struct cdna_dev *dev)
{
	schedule_work(&dev->recovery.work);
}

/**
 * cdna_dev_request_restart - have the recovery create new queues soon
 * @dev: the device
 *
 * Context: Any.
 */
static inline void cdna_dev_request_restart(struct cdna_dev *dev)
{
	set_bit(CDNA_DEV_RESTART, &dev->flags);
	cdna_dev_kick(dev);
}

#endif /* CDNA_DEV_H */
