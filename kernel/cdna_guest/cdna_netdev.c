// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network interface: its operations, assembled from the files below, and
 * its registration.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "cdna_ethtool.h"
#include "cdna_features.h"
#include "cdna_filter.h"
#include "cdna_link.h"
#include "cdna_netdev.h"
#include "cdna_queues.h"
#include "cdna_reconfig.h"
#include "cdna_recover.h"
#include "cdna_stats.h"
#include "cdna_tx.h"
#include "cdna_vcmd.h"

#define NETDEV_TX_TIMEOUT	(5 * HZ)

static int netdev_open(struct net_device *netdev)
{
	return cdna_queues_up(netdev_priv(netdev));
}

static int netdev_stop(struct net_device *netdev)
{
	struct cdna_dev *dev = netdev_priv(netdev);

	cdna_queues_down(dev);
	cdna_link_stop(dev);
	return 0;
}

/* A frame takes as many buffers as it needs, so no ring depends on the MTU. */
static int netdev_change_mtu(struct net_device *netdev, int mtu)
{
	WRITE_ONCE(netdev->mtu, mtu);
	return 0;
}

/* The NIC accepts frames from addresses that the host allows the context. A
 * device that is up gets the address now, any other when it comes up.
 */
static int netdev_set_mac(struct net_device *netdev, void *p)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	const struct sockaddr *addr = p;
	const u8 *mac = addr->sa_data;
	int ret;

	ret = eth_prepare_mac_addr_change(netdev, p);
	if (ret || ether_addr_equal(mac, netdev->dev_addr))
		return ret;
	if (!(dev->caps.features & CDNA_VFEAT_MAC) &&
	    !ether_addr_equal(mac, dev->caps.mac)) {
		if (net_ratelimit())
			netdev_err(netdev,
				   "the host owns the MAC address; %s\n",
				   dev->bus->mac_owner);
		return -EPERM;
	}
	if (test_bit(CDNA_DEV_UP, &dev->flags))
		ret = cdna_vcmd_set_mac(dev, mac);
	if (!ret)
		eth_commit_mac_addr_change(netdev, p);
	return ret;
}

static void netdev_set_rx_mode(struct net_device *netdev)
{
	struct cdna_dev *dev = netdev_priv(netdev);

	mod_delayed_work(system_wq, &dev->filter, 0);
}

static int netdev_set_features(struct net_device *netdev,
			       netdev_features_t features)
{
	netdev_features_t old = netdev->features;
	int ret;

	if (!cdna_features_need_queues(old ^ features))
		return 0;
	netdev->features = features;
	ret = cdna_reconfig_restart(netdev_priv(netdev));
	if (!ret)
		return 0;
	/* The recovery may have queues of the new features by now. */
	netdev->features = old;
	cdna_reconfig_restart(netdev_priv(netdev));
	return ret;
}

/* A transmit queue does not move. The caller is the watchdog. */
static void netdev_tx_timeout(struct net_device *netdev, unsigned int txqueue)
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
	cdna_dev_request_restart(dev);
}

static const struct net_device_ops netdev_ops = {
	.ndo_open = netdev_open,
	.ndo_stop = netdev_stop,
	.ndo_start_xmit = cdna_tx_xmit,
	.ndo_features_check = cdna_tx_features_check,
	.ndo_set_rx_mode = netdev_set_rx_mode,
	.ndo_set_mac_address = netdev_set_mac,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_change_mtu = netdev_change_mtu,
	.ndo_tx_timeout = netdev_tx_timeout,
	.ndo_get_stats64 = cdna_stats_get64,
	.ndo_fix_features = cdna_features_fix,
	.ndo_set_features = netdev_set_features,
};

static void netdev_set_limits(struct cdna_dev *dev)
{
	struct net_device *netdev = dev->netdev;

	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = dev->caps.max_mtu;
	netdev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	netdev->mtu = min_t(u32, ETH_DATA_LEN, dev->caps.max_mtu);
	netdev->watchdog_timeo = NETDEV_TX_TIMEOUT;
	/* Headers may be on two pages, and payload that begins within a page
	 * touches one more than it fills. With a shorter chain, there is no
	 * segmentation.
	 */
	if (dev->caps.max_chain > 3)
		netif_set_tso_max_size(netdev,
				       min_t(u32, GSO_LEGACY_MAX_SIZE,
					     (dev->caps.max_chain - 3) *
					     CDNA_PAGE_SIZE));
}

/**
 * cdna_netdev_create - allocate an interface with its device
 * @device: the device that it belongs to
 * @bus: how that is reached
 *
 * Return: the device, or NULL if there is no memory. free_netdev() frees it.
 */
struct cdna_dev *cdna_netdev_create(struct device *device,
				    const struct cdna_bus_ops *bus)
{
	struct net_device *netdev;
	struct cdna_dev *dev;

	netdev = alloc_etherdev_mqs(sizeof(*dev), CDNA_MAX_QPS, CDNA_MAX_QPS);
	if (!netdev)
		return NULL;
	SET_NETDEV_DEV(netdev, device);
	dev = netdev_priv(netdev);
	dev->device = device;
	dev->bus = bus;
	dev->netdev = netdev;
	mutex_init(&dev->cmd_lock);
	INIT_DELAYED_WORK(&dev->filter, cdna_filter_work);
	cdna_recover_init(dev);
	return dev;
}

/**
 * cdna_netdev_register - register the interface with the stack
 * @dev: the device, identified
 *
 * Context: Process context. Takes rtnl.
 * Return: 0 or an error.
 */
int cdna_netdev_register(struct cdna_dev *dev)
{
	struct net_device *netdev = dev->netdev;
	int ret;

	netdev->netdev_ops = &netdev_ops;
	netdev->stat_ops = &cdna_stats_ops;
	netdev->ethtool_ops = &cdna_ethtool_ops;
	netdev_set_limits(dev);
	cdna_features_announce(dev);
	eth_hw_addr_set(netdev, dev->caps.mac);
	netif_carrier_off(netdev);
	ret = netif_set_real_num_queues(netdev, dev->nr_qps, dev->nr_qps);
	return ret ? ret : register_netdev(netdev);
}

/**
 * cdna_netdev_unregister - remove the interface, with traffic or without
 * @dev: the device
 *
 * No DMA is left when it returns.
 *
 * Context: Process context. Takes rtnl.
 */
void cdna_netdev_unregister(struct cdna_dev *dev)
{
	unregister_netdev(dev->netdev);
	cancel_delayed_work_sync(&dev->filter);
}
