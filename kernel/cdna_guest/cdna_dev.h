/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest driver's device: what all its files share.
 */
#ifndef CDNA_DEV_H
#define CDNA_DEV_H

#include <linux/etherdevice.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include <cdna/vdev.h>

#define CDNA_DRV_NAME			"cdna_guest"

struct cdna_qp;

/**
 * struct cdna_caps - what the device says that it can do, bounded at probe
 * @abi: version of the device's interface; its major part is ours
 * @features: CDNA_VFEAT_* that were offered at probe and that we can use
 * @offloads: CDNA_OFFLOAD_*, of both directions
 * @tx_offloads: those that transmit descriptors can ask for
 * @min_ring: slots
 * @max_ring: slots
 * @max_mtu: in bytes
 * @max_chain: most descriptors of a frame
 * @tx_format: CDNA_FORMAT_* of transmit rings
 * @rx_format: CDNA_FORMAT_* of receive rings
 * @mac: address that the host gave the context
 */
struct cdna_caps {
	u32 abi;
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
 * enum cdna_away - why the interface is without its device
 * @CDNA_AWAY_NOT: it is not
 * @CDNA_AWAY_ASLEEP: we have let it go: suspend, or a reset of the function
 * @CDNA_AWAY_REVOKED: the host has taken the context away
 * @CDNA_AWAY_NIC_DEAD: the NIC does not answer the host
 * @CDNA_AWAY_BROKEN: the host says what cannot be
 * @CDNA_AWAY_GONE: reads give all ones
 * @CDNA_NR_AWAYS: how many there are
 */
enum cdna_away {
	CDNA_AWAY_NOT,
	CDNA_AWAY_ASLEEP,
	CDNA_AWAY_REVOKED,
	CDNA_AWAY_NIC_DEAD,
	CDNA_AWAY_BROKEN,
	CDNA_AWAY_GONE,
	CDNA_NR_AWAYS,
};

/**
 * struct cdna_recovery - surprises, and what came of them
 * @work: looks at state, faults and link in process context, under rtnl
 * @retry: the same, later
 * @away: enum cdna_away; under rtnl
 * @backoff: seconds from the last restart to the next one, if that comes soon;
 *	under rtnl
 * @restarted: when the last one was, in jiffies of 64 bits; under rtnl
 * @restarts: how many there were
 * @faults: faults of queues that were seen
 * @timeouts: transmit timeouts
 * @detaches: times that the interface lost its device
 */
struct cdna_recovery {
	struct work_struct work;
	struct delayed_work retry;
	enum cdna_away away;
	u32 backoff;
	u64 restarted;
	u64 restarts;
	u64 faults;
	u64 timeouts;
	u64 detaches;
};

/**
 * struct cdna_dev - a context, as its guest drives it
 * @pdev: the PCI device
 * @netdev: the network interface, whose private area this is
 * @mbox: mailbox page
 * @regs: register page; every access traps
 * @caps: what the device can do
 * @features: CDNA_VFEAT_* that we accepted when we activated it
 * @cmd_lock: serializes commands: arguments, command, result
 * @status: status page, written by the NIC and believed by nobody
 * @status_dma: its address
 * @tails: tail page, read by the host
 * @tails_dma: its address
 * @doorbell: doorbell page, watched by the host
 * @doorbell_dma: its address
 * @qp: queue pairs
 * @nr_qps: how many
 * @tx_slots: slots of a transmit ring, a power of two
 * @rx_slots: slots of a receive ring, a power of two
 * @speed: of the link in Mb/s, 0 when not known
 * @link_told: the link was up when the log was last told of it
 * @filter: sets the receive filter in process context, under rtnl
 * @recovery: faults, link, revocation
 * @flags: CDNA_DEV_* bits
 */
struct cdna_dev {
	struct pci_dev *pdev;
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
	dma_addr_t doorbell_dma;

	struct cdna_qp *qp;
	u32 nr_qps;
	u32 tx_slots;
	u32 rx_slots;
	u32 speed;
	bool link_told;

	struct work_struct filter;
	struct cdna_recovery recovery;
	unsigned long flags;
};

#define CDNA_DEV_GONE			0	/* reads give all ones */
#define CDNA_DEV_UP			1	/* queues exist; under rtnl */
#define CDNA_DEV_RESTART		2	/* somebody wants a restart */

/* cdna_caps.c: what the device is, believed only within bounds */
int cdna_caps_identify(struct cdna_dev *dev);
int cdna_caps_same(struct cdna_dev *dev);

/* cdna_netdev.c: the interface's life. All but create and destroy are called
 * under rtnl.
 */
struct cdna_dev *cdna_netdev_create(struct pci_dev *pdev);
int cdna_netdev_register(struct cdna_dev *dev);
void cdna_netdev_unregister(struct cdna_dev *dev);
int cdna_netdev_up(struct cdna_dev *dev);
void cdna_netdev_down(struct cdna_dev *dev);
int cdna_netdev_restart(struct cdna_dev *dev);
int cdna_netdev_resize(struct cdna_dev *dev, u32 tx_slots, u32 rx_slots);
void cdna_netdev_link(struct cdna_dev *dev);

/* cdna_features.c: offloads. Under rtnl */
u32 cdna_features_offloads(const struct cdna_dev *dev, u32 dir);
netdev_features_t cdna_features_fix(struct net_device *netdev,
				    netdev_features_t features);
int cdna_features_set(struct net_device *netdev, netdev_features_t features);
void cdna_features_announce(struct cdna_dev *dev);

/* cdna_filter.c: which frames to groups are received */
void cdna_filter_work(struct work_struct *work);
int cdna_filter_set(struct cdna_dev *dev);

/* cdna_faults.c: why queues were stopped */
u32 cdna_faults_find(struct cdna_dev *dev);
bool cdna_faults_broken(const struct cdna_dev *dev);

/* cdna_recover.c: faults, link changes, resets, revocation */
void cdna_recover_init(struct cdna_dev *dev);
void cdna_recover_enable(struct cdna_dev *dev);
void cdna_recover_disable(struct cdna_dev *dev);
void cdna_recover_pause(struct cdna_dev *dev);
int cdna_recover_resume(struct cdna_dev *dev);
void cdna_recover_kick(struct cdna_dev *dev);
void cdna_recover_retry(struct cdna_dev *dev);
void cdna_recover_tx_timeout(struct net_device *netdev, unsigned int txqueue);
irqreturn_t cdna_recover_irq(int irq, void *data);

#endif /* CDNA_DEV_H */
