// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations of ethtool, all called under rtnl.
 *
 * Settings of all queue pairs apply to those that are not in use, too: they have
 * them when they are.
 */
#include <linux/ethtool.h>
#include <linux/log2.h>

#include "cdna_dim.h"
#include "cdna_ethtool.h"
#include "cdna_queue_pair.h"
#include "cdna_reconfig.h"
#include "cdna_rss.h"
#include "cdna_selftest.h"
#include "cdna_stats.h"
#include "cdna_vreg.h"

static void ethtool_get_drvinfo(struct net_device *netdev,
				struct ethtool_drvinfo *info)
{
	struct cdna_dev *dev = netdev_priv(netdev);

	strscpy(info->driver, CDNA_DRV_NAME);
	strscpy(info->bus_info, dev_name(dev->device));
	snprintf(info->fw_version, sizeof(info->fw_version), "interface %u.%u",
		 CDNA_ABI_GET_MAJOR(dev->caps.abi),
		 CDNA_ABI_GET_MINOR(dev->caps.abi));
}

static int ethtool_get_link_ksettings(struct net_device *netdev,
				      struct ethtool_link_ksettings *settings)
{
	const struct cdna_dev *dev = netdev_priv(netdev);
	bool known = netif_carrier_ok(netdev) && dev->speed;

	ethtool_link_ksettings_zero_link_mode(settings, supported);
	ethtool_link_ksettings_zero_link_mode(settings, advertising);
	settings->base.port = PORT_OTHER;
	settings->base.autoneg = AUTONEG_DISABLE;
	settings->base.duplex = known ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	settings->base.speed = known ? dev->speed : SPEED_UNKNOWN;
	return 0;
}

static void ethtool_get_ringparam(struct net_device *netdev,
				  struct ethtool_ringparam *ring,
				  struct kernel_ethtool_ringparam *kernel_ring,
				  struct netlink_ext_ack *extack)
{
	const struct cdna_dev *dev = netdev_priv(netdev);

	ring->rx_max_pending = dev->caps.max_ring;
	ring->tx_max_pending = dev->caps.max_ring;
	ring->rx_pending = dev->rx_slots;
	ring->tx_pending = dev->tx_slots;
}

static int ethtool_check_ring(const struct cdna_dev *dev, u32 slots,
			      struct netlink_ext_ack *extack)
{
	if (slots >= dev->caps.min_ring && slots <= dev->caps.max_ring &&
	    is_power_of_2(slots))
		return 0;
	NL_SET_ERR_MSG_FMT_MOD(extack,
			       "The number of slots must be a power of two from %u to %u",
			       dev->caps.min_ring, dev->caps.max_ring);
	return -EINVAL;
}

static int ethtool_set_ringparam(struct net_device *netdev,
				 struct ethtool_ringparam *ring,
				 struct kernel_ethtool_ringparam *kernel_ring,
				 struct netlink_ext_ack *extack)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	int ret;

	ret = ethtool_check_ring(dev, ring->tx_pending, extack);
	if (!ret)
		ret = ethtool_check_ring(dev, ring->rx_pending, extack);
	if (ret)
		return ret;
	if (ring->tx_pending == dev->tx_slots &&
	    ring->rx_pending == dev->rx_slots)
		return 0;
	ret = cdna_reconfig_rings(dev, ring->tx_pending, ring->rx_pending);
	if (ret)
		NL_SET_ERR_MSG_MOD(extack,
				   "Rings of these sizes could not be created; see the kernel log");
	return ret;
}

static int ethtool_get_qp_coalesce(struct net_device *netdev, u32 qp,
				   struct ethtool_coalesce *coalesce)
{
	const struct cdna_dev *dev = netdev_priv(netdev);

	if (qp >= dev->nr_qps)
		return -EINVAL;
	coalesce->rx_coalesce_usecs = dev->qp[qp].usecs;
	coalesce->rx_max_coalesced_frames = dev->qp[qp].frames;
	coalesce->use_adaptive_rx_coalesce = dev->qp[qp].adaptive;
	return 0;
}

static int ethtool_get_coalesce(struct net_device *netdev,
				struct ethtool_coalesce *coalesce,
				struct kernel_ethtool_coalesce *kernel_coalesce,
				struct netlink_ext_ack *extack)
{
	return ethtool_get_qp_coalesce(netdev, 0, coalesce);
}

static int ethtool_check_coalesce(const struct ethtool_coalesce *coalesce,
				  struct netlink_ext_ack *extack)
{
	if (coalesce->rx_coalesce_usecs > CDNA_MAX_COALESCE_USECS) {
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "rx-usecs must be from 0 to %u",
				       CDNA_MAX_COALESCE_USECS);
		return -EINVAL;
	}
	if (coalesce->rx_max_coalesced_frames > CDNA_MAX_RING) {
		NL_SET_ERR_MSG_FMT_MOD(extack,
				       "rx-frames must be from 0, which means no limit, to %u",
				       CDNA_MAX_RING);
		return -EINVAL;
	}
	return 0;
}

static int ethtool_set_one(struct cdna_dev *dev, u32 qp,
			   const struct ethtool_coalesce *coalesce)
{
	struct cdna_qp *pair = &dev->qp[qp];
	u32 frames = pair->frames;
	u32 usecs = pair->usecs;
	bool adaptive = pair->adaptive;
	int ret;

	cdna_dim_set(pair, coalesce->use_adaptive_rx_coalesce);
	pair->usecs = coalesce->rx_coalesce_usecs;
	pair->frames = coalesce->rx_max_coalesced_frames;
	/* Static values take effect when moderation is no longer adaptive. */
	if (!test_bit(CDNA_DEV_UP, &dev->flags) || qp >= dev->nr_qps ||
	    (adaptive && pair->adaptive))
		return 0;
	ret = cdna_dim_apply(pair);
	if (!ret)
		return 0;
	cdna_dim_set(pair, adaptive);
	pair->usecs = usecs;
	pair->frames = frames;
	return ret;
}

static int ethtool_set_coalesce(struct net_device *netdev,
				struct ethtool_coalesce *coalesce,
				struct kernel_ethtool_coalesce *kernel_coalesce,
				struct netlink_ext_ack *extack)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	int ret;
	u32 qp;

	ret = ethtool_check_coalesce(coalesce, extack);
	for (qp = 0; qp < dev->caps.max_qps && !ret; qp++)
		ret = ethtool_set_one(dev, qp, coalesce);
	return ret;
}

static int ethtool_set_qp_coalesce(struct net_device *netdev, u32 qp,
				   struct ethtool_coalesce *coalesce)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	int ret = -EINVAL;

	if (qp < dev->nr_qps)
		ret = ethtool_check_coalesce(coalesce, NULL);
	return ret ? ret : ethtool_set_one(dev, qp, coalesce);
}

static void ethtool_get_channels(struct net_device *netdev,
				 struct ethtool_channels *channels)
{
	const struct cdna_dev *dev = netdev_priv(netdev);

	channels->max_combined = dev->caps.max_qps;
	channels->combined_count = dev->nr_qps;
}

/* The stack has compared the numbers with those that are possible. */
static int ethtool_set_channels(struct net_device *netdev,
				struct ethtool_channels *channels)
{
	struct cdna_dev *dev = netdev_priv(netdev);

	if (!channels->combined_count)
		return -EINVAL;
	if (channels->combined_count == dev->nr_qps)
		return 0;
	return cdna_reconfig_pairs(dev, channels->combined_count);
}

#ifdef CDNA_RX_RING_COUNT_OP
static u32 ethtool_get_rx_ring_count(struct net_device *netdev)
{
	const struct cdna_dev *dev = netdev_priv(netdev);

	return dev->nr_qps;
}
#else
static int ethtool_get_rxnfc(struct net_device *netdev,
			     struct ethtool_rxnfc *info, u32 *rules)
{
	const struct cdna_dev *dev = netdev_priv(netdev);

	if (info->cmd != ETHTOOL_GRXRINGS)
		return -EOPNOTSUPP;
	info->data = dev->nr_qps;
	return 0;
}
#endif

static bool ethtool_scales(struct net_device *netdev)
{
	const struct cdna_dev *dev = netdev_priv(netdev);

	return dev->caps.features & CDNA_VFEAT_RSS;
}

static u32 ethtool_get_rxfh_key_size(struct net_device *netdev)
{
	return ethtool_scales(netdev) ? CDNA_RSS_KEY : 0;
}

static u32 ethtool_get_rxfh_indir_size(struct net_device *netdev)
{
	return ethtool_scales(netdev) ? CDNA_RSS_TABLE : 0;
}

static int ethtool_get_rxfh(struct net_device *netdev,
			    struct ethtool_rxfh_param *rxfh)
{
	const struct cdna_dev *dev = netdev_priv(netdev);
	u32 i;

	rxfh->hfunc = ETH_RSS_HASH_TOP;
	/* Both sizes are 0. An error would end a dump of all interfaces. */
	if (!ethtool_scales(netdev))
		return 0;
	for (i = 0; rxfh->indir && i < CDNA_RSS_TABLE; i++)
		rxfh->indir[i] = dev->rss.table[i];
	if (rxfh->key)
		memcpy(rxfh->key, dev->rss.key, CDNA_RSS_KEY);
	return 0;
}

/* The stack has compared the table with the queue pairs in use. */
static void ethtool_take_rxfh(struct cdna_rss *rss,
			      const struct ethtool_rxfh_param *rxfh)
{
	u32 i;

	for (i = 0; rxfh->indir && i < CDNA_RSS_TABLE; i++)
		rss->table[i] = rxfh->indir[i];
	if (rxfh->key)
		memcpy(rss->key, rxfh->key, CDNA_RSS_KEY);
}

static int ethtool_set_rxfh(struct net_device *netdev,
			    struct ethtool_rxfh_param *rxfh,
			    struct netlink_ext_ack *extack)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	const struct cdna_rss old = dev->rss;
	int ret = 0;

	if (!ethtool_scales(netdev) ||
	    (test_bit(CDNA_DEV_UP, &dev->flags) &&
	     !(dev->features & CDNA_VFEAT_RSS))) {
		NL_SET_ERR_MSG_MOD(extack,
				   "The host does not let this machine choose");
		return -EOPNOTSUPP;
	}
	if (rxfh->hfunc != ETH_RSS_HASH_NO_CHANGE &&
	    rxfh->hfunc != ETH_RSS_HASH_TOP) {
		NL_SET_ERR_MSG_MOD(extack, "The only hash is Toeplitz");
		return -EOPNOTSUPP;
	}
	ethtool_take_rxfh(&dev->rss, rxfh);
	if (test_bit(CDNA_DEV_UP, &dev->flags))
		ret = cdna_rss_set(dev);
	if (ret)
		dev->rss = old;
	return ret;
}

static int ethtool_get_sset_count(struct net_device *netdev, int set)
{
	switch (set) {
	case ETH_SS_STATS:
		return cdna_stats_count(netdev_priv(netdev));
	case ETH_SS_TEST:
		return cdna_selftest_count();
	default:
		return -EOPNOTSUPP;
	}
}

static void ethtool_get_strings(struct net_device *netdev, u32 set, u8 *data)
{
	if (set == ETH_SS_STATS)
		cdna_stats_names(netdev_priv(netdev), data);
	else if (set == ETH_SS_TEST)
		cdna_selftest_names(data);
}

static void ethtool_get_stats(struct net_device *netdev,
			      struct ethtool_stats *stats, u64 *data)
{
	cdna_stats_values(netdev_priv(netdev), data);
}

static int ethtool_get_regs_len(struct net_device *netdev)
{
	return CDNA_VDEV_BAR_REGS_SIZE;
}

/* The whole register page: no read of it has an effect. */
static void ethtool_get_regs(struct net_device *netdev,
			     struct ethtool_regs *regs, void *data)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	u32 *word = data;
	u32 reg;

	regs->version = dev->caps.abi;
	for (reg = 0; reg < CDNA_VDEV_BAR_REGS_SIZE; reg += sizeof(*word))
		*word++ = cdna_vreg_read(dev, reg);
}

const struct ethtool_ops cdna_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_RX_USECS |
				     ETHTOOL_COALESCE_RX_MAX_FRAMES |
				     ETHTOOL_COALESCE_USE_ADAPTIVE_RX,
	.get_drvinfo = ethtool_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = ethtool_get_link_ksettings,
	.get_ringparam = ethtool_get_ringparam,
	.set_ringparam = ethtool_set_ringparam,
	.get_coalesce = ethtool_get_coalesce,
	.set_coalesce = ethtool_set_coalesce,
	.get_per_queue_coalesce = ethtool_get_qp_coalesce,
	.set_per_queue_coalesce = ethtool_set_qp_coalesce,
	.get_channels = ethtool_get_channels,
	.set_channels = ethtool_set_channels,
#ifdef CDNA_RX_RING_COUNT_OP
	.get_rx_ring_count = ethtool_get_rx_ring_count,
#else
	.get_rxnfc = ethtool_get_rxnfc,
#endif
	.get_rxfh_key_size = ethtool_get_rxfh_key_size,
	.get_rxfh_indir_size = ethtool_get_rxfh_indir_size,
	.get_rxfh = ethtool_get_rxfh,
	.set_rxfh = ethtool_set_rxfh,
	.get_sset_count = ethtool_get_sset_count,
	.get_strings = ethtool_get_strings,
	.get_ethtool_stats = ethtool_get_stats,
	.get_regs_len = ethtool_get_regs_len,
	.get_regs = ethtool_get_regs,
	.get_ts_info = ethtool_op_get_ts_info,
	.self_test = cdna_selftest_run,
};
