// SPDX-License-Identifier: GPL-2.0-only
/*
 * Self-test, `ethtool -t`. The NIC fetches a frame to our own address from the
 * ring and drops it, so a test of the data path disturbs nobody.
 */
#include <linux/ethtool.h>
#include <linux/iopoll.h>

#include "cdna_link.h"
#include "cdna_queue_pair.h"
#include "cdna_reconfig.h"
#include "cdna_selftest.h"
#include "cdna_vreg.h"

#define SELFTEST_TIMEOUT_US	USEC_PER_SEC
#define SELFTEST_SLEEP_US	(10 * USEC_PER_MSEC)
#define SELFTEST_PATTERN	0xa5c3f069

/* A register without an effect reads as it was written. */
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
	cdna_link_update(dev);
	return netif_carrier_ok(dev->netdev) ? 0 : -ENETDOWN;
}

/* Interrupts and polls: a poll that began earlier sees the frame without an
 * interrupt.
 */
static u64 selftest_called(struct cdna_dev *dev)
{
	u64 counts[CDNA_NR_COUNTS];

	cdna_counters_read(dev->qp[0].counters, counts);
	return counts[CDNA_COUNT_INTERRUPTS] + counts[CDNA_COUNT_POLLS];
}

/* Send a frame to our own address, of a protocol for experiments. */
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

/* The NIC fetches a frame from the ring. */
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

/* The NIC reports the frame, by the vector of the queue pair. */
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

/* Destroy and create all queues. */
static int selftest_restart(struct cdna_dev *dev)
{
	if (!test_bit(CDNA_DEV_UP, &dev->flags))
		return -ENETDOWN;
	return cdna_reconfig_restart(dev);
}

/**
 * struct selftest - a part of the self-test
 * @name: as shown
 * @run: returns 0 or an error
 * @offline: disturbs traffic, so only run on request
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
 * cdna_selftest_count - the number of parts
 *
 * Return: the number of parts.
 */
int cdna_selftest_count(void)
{
	return ARRAY_SIZE(selftests);
}

/**
 * cdna_selftest_names - the names of the parts
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
 * @test: which parts were requested, and whether one failed
 * @data: for each part, 0 or a positive error number
 *
 * A part that was not requested shows 0. While the interface is down, the parts
 * that need queues or the link fail.
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
