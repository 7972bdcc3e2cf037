// SPDX-License-Identifier: GPL-2.0-only
/*
 * Self-test, `ethtool -t`. A frame to our own address is one that the NIC takes
 * out of the ring and drops, so that a test of the data path disturbs nobody.
 */
#include <linux/ethtool.h>
#include <linux/iopoll.h>

#include "cdna_stats.h"
#include "cdna_vreg.h"

#define SELFTEST_TIMEOUT_US	USEC_PER_SEC
#define SELFTEST_SLEEP_US	(10 * USEC_PER_MSEC)
#define SELFTEST_PATTERN	0xa5c3f069

/* What is stored is what is read, in a register without an effect. */
static int selftest_registers(struct cdna_dev *dev)
{
	const u32 reg = CDNA_VREG_ARG_SLOTS;
	int ret = 0;
	u32 value;

	if (cdna_vreg_read(dev, CDNA_VREG_MAGIC) != CDNA_VDEV_MAGIC ||
	    cdna_vreg_read(dev, CDNA_VREG_ABI) != dev->caps.abi)
		return -EIO;
	mutex_lock(&dev->cmd_lock);
	for (value = SELFTEST_PATTERN; value && !ret; value <<= 8) {
		writel(value, dev->regs + reg);
		if (cdna_vreg_read(dev, reg) != value)
			ret = -EIO;
	}
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

static int selftest_link(struct cdna_dev *dev)
{
	cdna_netdev_link(dev);
	return netif_carrier_ok(dev->netdev) ? 0 : -ENETDOWN;
}

/* Interrupts, and polls: one may have begun before, and not have ended. */
static u64 selftest_called(struct cdna_dev *dev)
{
	u64 counts[CDNA_NR_COUNTS];

	cdna_qp_read_counts(&dev->qp[0], counts);
	return counts[CDNA_COUNT_INTERRUPTS] + counts[CDNA_COUNT_POLLS];
}

/* A frame to ourselves, of a protocol for experiments */
static int selftest_try(struct cdna_dev *dev)
{
	struct net_device *netdev = dev->netdev;
	struct sk_buff *skb;

	skb = netdev_alloc_skb(netdev, ETH_ZLEN + NET_IP_ALIGN);
	if (!skb)
		return -ENOMEM;
	skb_reserve(skb, NET_IP_ALIGN);
	skb_put_zero(skb, ETH_ZLEN);
	skb_reset_mac_header(skb);
	ether_addr_copy(eth_hdr(skb)->h_dest, netdev->dev_addr);
	ether_addr_copy(eth_hdr(skb)->h_source, netdev->dev_addr);
	eth_hdr(skb)->h_proto = htons(ETH_P_802_EX1);
	skb->protocol = htons(ETH_P_802_EX1);
	skb->dev = netdev;
	skb_set_queue_mapping(skb, 0);
	return dev_direct_xmit(skb, 0) == NET_XMIT_SUCCESS ? 0 : -EBUSY;
}

/* The queue may be full. */
static int selftest_send(struct cdna_dev *dev)
{
	int ret, late;

	late = read_poll_timeout(selftest_try, ret, ret != -EBUSY,
				 SELFTEST_SLEEP_US, SELFTEST_TIMEOUT_US, false,
				 dev);
	return late ? late : ret;
}

static u32 selftest_tx_cons(struct cdna_dev *dev)
{
	return le32_to_cpu(READ_ONCE(dev->status[0].tx_cons));
}

/* The NIC takes a frame out of the ring. */
static int selftest_transmit(struct cdna_dev *dev)
{
	u32 old, new;
	int ret;

	if (!test_bit(CDNA_DEV_UP, &dev->flags))
		return -ENETDOWN;
	old = selftest_tx_cons(dev);
	ret = selftest_send(dev);
	if (ret)
		return ret;
	return read_poll_timeout(selftest_tx_cons, new, new != old,
				 SELFTEST_SLEEP_US, SELFTEST_TIMEOUT_US, false,
				 dev);
}

/* And says so, by the vector of the queue pair. */
static int selftest_interrupt(struct cdna_dev *dev)
{
	u64 old, new;
	int ret;

	if (!test_bit(CDNA_DEV_UP, &dev->flags))
		return -ENETDOWN;
	old = selftest_called(dev);
	ret = selftest_send(dev);
	if (ret)
		return ret;
	return read_poll_timeout(selftest_called, new, new != old,
				 SELFTEST_SLEEP_US, SELFTEST_TIMEOUT_US, false,
				 dev);
}

/* Unmake and make all queues. */
static int selftest_restart(struct cdna_dev *dev)
{
	if (!test_bit(CDNA_DEV_UP, &dev->flags))
		return -ENETDOWN;
	return cdna_netdev_restart(dev);
}

/**
 * struct selftest - a part of the self-test
 * @name: as shown
 * @run: returns 0 or an error
 * @offline: disturbs traffic: only when asked for
 */
struct selftest {
	const char *name;
	int (*run)(struct cdna_dev *dev);
	bool offline;
};

static const struct selftest selftests[] = {
	{ "Registers (online)", selftest_registers },
	{ "Link (online)", selftest_link },
	{ "Transmit (online)", selftest_transmit },
	{ "Interrupt (online)", selftest_interrupt },
	{ "Restart of queues (offline)", selftest_restart, .offline = true },
};

/**
 * cdna_selftest_count - how many parts there are
 *
 * Return: ditto.
 */
int cdna_selftest_count(void)
{
	return ARRAY_SIZE(selftests);
}

/**
 * cdna_selftest_names - their names
 * @data: room for cdna_selftest_count() of them
 */
void cdna_selftest_names(u8 *data)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(selftests); i++)
		ethtool_puts(&data, selftests[i].name);
}

/**
 * cdna_selftest_run - ethtool_ops.self_test
 * @netdev: the interface
 * @test: which parts are wanted, and whether one failed
 * @data: for each part, 0 or a positive error number
 *
 * A part that was not wanted shows 0. A transmit test of an interface that is
 * down fails, and so does what needs the link.
 */
void cdna_selftest_run(struct net_device *netdev, struct ethtool_test *test,
		       u64 *data)
{
	struct cdna_dev *dev = netdev_priv(netdev);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(selftests); i++) {
		data[i] = 0;
		if (selftests[i].offline && !(test->flags & ETH_TEST_FL_OFFLINE))
			continue;
		data[i] = -selftests[i].run(dev);
		if (data[i])
			test->flags |= ETH_TEST_FL_FAILED;
	}
}
