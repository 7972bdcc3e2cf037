// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network interface of a context, in the host: what the guest transmits it
 * receives, and what it transmits the guest receives. Its carrier is up while one of
 * the guest's receive queues runs; the guest sees it up while the port is.
 *
 * It stays when the guest goes: what an administrator has done to it, for example
 * which bridge it is in, is there for the next start of the machine.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "softnic.h"
#include "softnic_ethtool.h"
#include "softnic_events.h"
#include "softnic_port.h"
#include "softnic_rx.h"

/* Bridges take the lowest address of their ports: this is none of the lowest. */
#define PORT_MAC_FIRST		0xfe
#define PORT_MAC_OTHER		0xfa	/* of a guest whose own begins so */

static int port_open(struct net_device *port)
{
	softnic_events_link(softnic_ctx_of(port), true);
	return 0;
}

static int port_stop(struct net_device *port)
{
	softnic_events_link(softnic_ctx_of(port), false);
	return 0;
}

static netdev_tx_t port_xmit(struct sk_buff *skb, struct net_device *port)
{
	/* By netconsole, maybe from within a lock that is needed here */
	if (unlikely(irqs_disabled())) {
		dev_core_stats_tx_dropped_inc(port);
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	skb_tx_timestamp(skb);
	softnic_rx_deliver(softnic_ctx_of(port), skb);
	return NETDEV_TX_OK;
}

/* What the guest cannot take merged is segmented by the host. */
static netdev_features_t port_features(struct sk_buff *skb,
				       struct net_device *port,
				       netdev_features_t features)
{
	if (skb_is_gso(skb) &&
	    !softnic_rx_merged_ok(softnic_ctx_of(port), skb))
		features &= ~NETIF_F_GSO_MASK;
	return features;
}

/* The same that the context's devlink port has, which is a sub-function's. */
static int port_phys_name(struct net_device *port, char *name, size_t len)
{
	int n = snprintf(name, len, "pf0sf%u", softnic_ctx_of(port)->id);

	return n >= len ? -EINVAL : 0;
}

static const struct net_device_ops port_ops = {
	.ndo_open = port_open,
	.ndo_stop = port_stop,
	.ndo_start_xmit = port_xmit,
	.ndo_features_check = port_features,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_get_phys_port_name = port_phys_name,
};

static void port_setup(struct net_device *port)
{
	ether_setup(port);
	port->netdev_ops = &port_ops;
	port->ethtool_ops = &softnic_ethtool_ops;
	port->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	port->priv_flags &= ~IFF_TX_SKB_SHARING;
	port->lltx = true;
	port->priv_flags |= IFF_NO_QUEUE | IFF_LIVE_ADDR_CHANGE;
	port->hw_features = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM |
			    NETIF_F_ALL_TSO | NETIF_F_HW_VLAN_CTAG_TX;
	port->features = port->hw_features | NETIF_F_HIGHDMA;
	port->vlan_features = port->features & ~NETIF_F_HW_VLAN_CTAG_TX;
	port->min_mtu = ETH_MIN_MTU;
}

/* The port's address, of that of its context */
static void port_address(u8 *addr, const u8 *mac)
{
	ether_addr_copy(addr, mac);
	addr[0] = mac[0] == PORT_MAC_FIRST ? PORT_MAC_OTHER : PORT_MAC_FIRST;
}

static void port_fill(struct net_device *port, struct softnic_ctx *ctx)
{
	const struct cdna_provider *provider = &ctx->nic->provider;

	*(struct softnic_ctx **)netdev_priv(port) = ctx;
	eth_hw_addr_set(port, ctx->port_mac);
	port->dev_port = ctx->id;
	port->mtu = provider->info.mtu;
	port->max_mtu = provider->info.mtu;
	SET_NETDEV_DEV(port, provider->dev);
}

/* The context has another address now: so has the port, if it still has its own. */
static int port_follow(struct softnic_ctx *ctx, const u8 *addr)
{
	struct sockaddr_storage to = { .ss_family = ctx->port->type };
	int ret = 0;

	ether_addr_copy((u8 *)to.__data, addr);
	rtnl_lock();
	if (ether_addr_equal(ctx->port->dev_addr, ctx->port_mac) &&
	    !ether_addr_equal(addr, ctx->port_mac)) {
		/* Newer kernels want it as it is, 6.12 as a struct sockaddr. */
		ret = dev_set_mac_address(ctx->port, (void *)&to, NULL);
		if (!ret)
			ether_addr_copy(ctx->port_mac, addr);
	}
	rtnl_unlock();
	return ret;
}

/**
 * softnic_port_create - make the port of a context, or have it follow its address
 * @ctx: the context
 * @mac: its address, of which the port's own is made
 *
 * Context: takes rtnl.
 * Return: 0 or an error.
 */
int softnic_port_create(struct softnic_ctx *ctx, const u8 *mac)
{
	char name[IFNAMSIZ];
	struct net_device *port;
	u8 addr[ETH_ALEN];
	int ret;

	lockdep_assert_held(&ctx->lock);

	port_address(addr, mac);
	if (ctx->port)
		return port_follow(ctx, addr);
	snprintf(name, sizeof(name), "cdna%u", ctx->id);
	port = alloc_netdev_mqs(sizeof(ctx), name,
				NET_NAME_PREDICTABLE, port_setup, CDNA_MAX_QPS,
				CDNA_MAX_QPS);
	if (!port)
		return -ENOMEM;
	ether_addr_copy(ctx->port_mac, addr);
	port_fill(port, ctx);
	netif_carrier_off(port);
	/* It is down, until port_open(), which may come before we are back. */
	softnic_events_link(ctx, false);
	ret = register_netdev(port);
	if (ret) {
		free_netdev(port);
		return ret;
	}
	WRITE_ONCE(ctx->port, port);
	return 0;
}

static int port_enslave(struct net_device *port, struct net_device *master)
{
	const struct net_device_ops *ops = master->netdev_ops;
	int ret;

	if (!ops->ndo_add_slave)
		return -EOPNOTSUPP;
	ret = ops->ndo_add_slave(master, port, NULL);
	return ret ? ret : dev_open(port, NULL);
}

static int port_set_master(struct net_device *port, const char *name)
{
	struct net_device *old = netdev_master_upper_dev_get(port);
	struct net_device *master = NULL;
	int ret = 0;

	if (*name) {
		master = __dev_get_by_name(dev_net(port), name);
		if (!master)
			return -ENODEV;
	}
	if (old == master)
		return master ? dev_open(port, NULL) : 0;
	if (old)
		ret = old->netdev_ops->ndo_del_slave(old, port);
	if (!ret && master)
		ret = port_enslave(port, master);
	return ret;
}

/**
 * softnic_port_bridge - put the port into a bridge, and up, or take it out
 * @ctx: the context
 * @name: the bridge, or another device with ports, in the port's network namespace;
 *	"" for none
 *
 * Context: takes rtnl.
 * Return: 0, -ENODEV if there is no such device or no port, or its error.
 */
int softnic_port_bridge(struct softnic_ctx *ctx, const char *name)
{
	int ret;

	lockdep_assert_held(&ctx->lock);

	if (!ctx->port)
		return -ENODEV;
	rtnl_lock();
	ret = port_set_master(ctx->port, name);
	rtnl_unlock();
	return ret;
}

/**
 * softnic_port_destroy - take the port away
 * @ctx: the context, which is FREE
 *
 * Context: takes rtnl.
 */
void softnic_port_destroy(struct softnic_ctx *ctx)
{
	struct net_device *port = ctx->port;

	lockdep_assert_held(&ctx->lock);

	if (!port)
		return;
	unregister_netdev(port);
	WRITE_ONCE(ctx->port, NULL);
	free_netdev(port);
}
