// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network interface: made and unmade, up and down, and what an
 * administrator changes about it.
 *
 * It is up inside (CDNA_DEV_UP) while it has queues. Between going down and
 * coming up again, for a restart, the interface stays up for its users, with
 * its queues stopped and without a carrier.
 */
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "cdna_stats.h"
#include "cdna_vcmd.h"
#include "cdna_vreg.h"

#define NETDEV_TX_TIMEOUT	(5 * HZ)

static int netdev_start_qps(struct cdna_dev *dev)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < dev->nr_qps && !ret; i++)
		ret = cdna_qp_start(&dev->qp[i]);
	if (!ret)
		ret = cdna_filter_set(dev);
	if (!ret)
		return 0;
	for (i = 0; i < dev->nr_qps; i++)
		cdna_qp_quiet(&dev->qp[i]);
	return ret;
}

static int netdev_alloc_qps(struct cdna_dev *dev)
{
	int ret;
	u32 i;

	for (i = 0; i < dev->nr_qps; i++) {
		ret = cdna_qp_alloc(&dev->qp[i]);
		if (ret)
			goto err_free;
	}
	return 0;

err_free:
	netdev_err(dev->netdev,
		   "no memory for rings of %u and %u slots; make them smaller with ethtool -G\n",
		   dev->tx_slots, dev->rx_slots);
	while (i--)
		cdna_qp_free(&dev->qp[i]);
	return ret;
}

static void netdev_free_qps(struct cdna_dev *dev)
{
	u32 i;

	for (i = 0; i < dev->nr_qps; i++)
		cdna_qp_free(&dev->qp[i]);
}

/* No DMA may reach the memory of the queues: the host says that it has reset the
 * device, or there is none any more. Whatever else there is may not master the
 * bus.
 */
static void netdev_unmake(struct cdna_dev *dev)
{
	if (cdna_vcmd_reset(dev))
		pci_clear_master(dev->pdev);
	netdev_free_qps(dev);
}

/* A device that was reset has the address of the host again. */
static int netdev_restore_mac(struct cdna_dev *dev)
{
	const u8 *mac = dev->netdev->dev_addr;

	return ether_addr_equal(mac, dev->caps.mac) ?
	       0 : cdna_vcmd_set_mac(dev, mac);
}

/**
 * cdna_netdev_up - make the queues and let traffic go
 * @dev: the device, in any state
 *
 * Return: 0, or an error; then all is as before.
 */
int cdna_netdev_up(struct cdna_dev *dev)
{
	int ret;

	ASSERT_RTNL();

	ret = cdna_vcmd_reset(dev);
	if (ret)
		return ret;
	pci_set_master(dev->pdev);
	ret = netdev_alloc_qps(dev);
	if (ret)
		return ret;
	ret = cdna_vcmd_activate(dev);
	if (!ret)
		ret = netdev_restore_mac(dev);
	if (!ret)
		ret = netdev_start_qps(dev);
	if (ret) {
		netdev_unmake(dev);
		return ret;
	}

	/* Whoever wanted new queues has them. */
	clear_bit(CDNA_DEV_RESTART, &dev->flags);
	set_bit(CDNA_DEV_UP, &dev->flags);
	netif_tx_wake_all_queues(dev->netdev);
	cdna_netdev_link(dev);
	return 0;
}

/**
 * cdna_netdev_down - stop traffic and unmake the queues
 * @dev: the device; may be down already, or gone
 */
void cdna_netdev_down(struct cdna_dev *dev)
{
	u32 i;

	ASSERT_RTNL();

	netif_carrier_off(dev->netdev);
	if (!test_and_clear_bit(CDNA_DEV_UP, &dev->flags))
		return;
	netif_tx_disable(dev->netdev);
	for (i = 0; i < dev->nr_qps; i++)
		cdna_qp_quiet(&dev->qp[i]);
	netdev_unmake(dev);
}

/**
 * cdna_netdev_resize - give an interface rings of other sizes
 * @dev: the device
 * @tx_slots: of transmit rings, a power of two within the limits
 * @rx_slots: of receive rings, the same
 *
 * If they cannot be made, the old sizes stay. If not even those can, the
 * recovery goes on trying.
 *
 * Return: 0 or an error.
 */
int cdna_netdev_resize(struct cdna_dev *dev, u32 tx_slots, u32 rx_slots)
{
	bool up = test_bit(CDNA_DEV_UP, &dev->flags);
	u32 old_tx = dev->tx_slots;
	u32 old_rx = dev->rx_slots;
	int ret = 0;

	ASSERT_RTNL();

	if (up)
		cdna_netdev_down(dev);
	dev->tx_slots = tx_slots;
	dev->rx_slots = rx_slots;
	if (up)
		ret = cdna_netdev_up(dev);
	if (!ret)
		return 0;
	dev->tx_slots = old_tx;
	dev->rx_slots = old_rx;
	if (cdna_netdev_up(dev))
		cdna_recover_retry(dev);
	return ret;
}

/**
 * cdna_netdev_restart - make the queues anew, if there are any
 * @dev: the device
 *
 * Return: 0, or an error; the recovery then goes on trying.
 */
int cdna_netdev_restart(struct cdna_dev *dev)
{
	return cdna_netdev_resize(dev, dev->tx_slots, dev->rx_slots);
}

/**
 * cdna_netdev_link - look at the link
 * @dev: the device
 */
void cdna_netdev_link(struct cdna_dev *dev)
{
	u32 link = cdna_vreg_read(dev, CDNA_VREG_LINK);
	u32 speed = cdna_vreg_read(dev, CDNA_VREG_SPEED);
	struct net_device *netdev = dev->netdev;
	bool up;

	up = link & CDNA_LINK_UP && test_bit(CDNA_DEV_UP, &dev->flags) &&
	     !test_bit(CDNA_DEV_GONE, &dev->flags);
	dev->speed = speed <= INT_MAX ? speed : 0;
	if (up)
		netif_carrier_on(netdev);
	else
		netif_carrier_off(netdev);
	/* Not of restarts, which take the carrier away for a moment. */
	if (up != dev->link_told && net_ratelimit())
		netdev_info(netdev, "link is %s\n", up ? "up" : "down");
	dev->link_told = up;
}

static int netdev_open(struct net_device *netdev)
{
	return cdna_netdev_up(netdev_priv(netdev));
}

static int netdev_stop(struct net_device *netdev)
{
	struct cdna_dev *dev = netdev_priv(netdev);

	cdna_netdev_down(dev);
	dev->link_told = false;
	return 0;
}

/* A frame takes as many buffers as it needs: no ring depends on the MTU. */
static int netdev_change_mtu(struct net_device *netdev, int mtu)
{
	WRITE_ONCE(netdev->mtu, mtu);
	return 0;
}

/* The NIC takes frames from addresses that the host lets the context have. One
 * that is up hears of the change at once, any other when it comes up.
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
				   "the host owns the MAC address; with the machine shut down, set mac_address of its mediated device on the host, or guest_mac to on\n");
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

	schedule_work(&dev->filter);
}

static void netdev_get_stats64(struct net_device *netdev,
			       struct rtnl_link_stats64 *stats)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	u32 i;

	for (i = 0; i < dev->nr_qps; i++)
		cdna_qp_add_stats(&dev->qp[i], stats);
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
	.ndo_tx_timeout = cdna_recover_tx_timeout,
	.ndo_get_stats64 = netdev_get_stats64,
	.ndo_fix_features = cdna_features_fix,
	.ndo_set_features = cdna_features_set,
};

static void netdev_set_limits(struct cdna_dev *dev)
{
	struct net_device *netdev = dev->netdev;

	netdev->min_mtu = CDNA_MIN_MTU;
	netdev->max_mtu = dev->caps.max_mtu;
	netdev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	netdev->mtu = min_t(u32, ETH_DATA_LEN, dev->caps.max_mtu);
	netdev->watchdog_timeo = NETDEV_TX_TIMEOUT;
	/* Headers may stand on two pages; payload that begins within a page
	 * touches one more than it fills. With less, there is no segmentation.
	 */
	if (dev->caps.max_chain > 3)
		netif_set_tso_max_size(netdev,
				       min_t(u32, GSO_LEGACY_MAX_SIZE,
					     (dev->caps.max_chain - 3) *
					     CDNA_PAGE_SIZE));
}

/**
 * cdna_netdev_create - allocate an interface with its device
 * @pdev: the PCI device
 *
 * Return: the device, or NULL if there is no memory. free_netdev() frees it.
 */
struct cdna_dev *cdna_netdev_create(struct pci_dev *pdev)
{
	struct net_device *netdev;
	struct cdna_dev *dev;

	netdev = alloc_etherdev_mqs(sizeof(*dev), CDNA_MAX_QPS, CDNA_MAX_QPS);
	if (!netdev)
		return NULL;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	dev = netdev_priv(netdev);
	dev->pdev = pdev;
	dev->netdev = netdev;
	mutex_init(&dev->cmd_lock);
	INIT_WORK(&dev->filter, cdna_filter_work);
	cdna_recover_init(dev);
	return dev;
}

/**
 * cdna_netdev_register - show the interface to its users
 * @dev: the device, identified
 *
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
	ret = netif_set_real_num_tx_queues(netdev, dev->nr_qps);
	if (!ret)
		ret = netif_set_real_num_rx_queues(netdev, dev->nr_qps);
	return ret ? ret : register_netdev(netdev);
}

/**
 * cdna_netdev_unregister - take the interface away, with traffic or without
 * @dev: the device; no DMA is left when it returns
 */
void cdna_netdev_unregister(struct cdna_dev *dev)
{
	unregister_netdev(dev->netdev);
	cancel_work_sync(&dev->filter);
}
