// SPDX-License-Identifier: GPL-2.0-only
/*
 * The capabilities of the device, read once. The host may be wrong or hostile,
 * so whatever it reports is bounded to what this driver supports.
 */
#include <linux/if_vlan.h>
#include <linux/log2.h>
#include <linux/unaligned.h>

#include "cdna_caps.h"
#include "cdna_vreg.h"

#define CAPS_FEATURES \
	(CDNA_VFEAT_TRAP_REG | CDNA_VFEAT_TRAP_PAGE | \
	 CDNA_VFEAT_HOST_MAILBOX | CDNA_VFEAT_MAC | CDNA_VFEAT_RSS)
#define CAPS_TX_OFFLOADS \
	(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6 | \
	 CDNA_OFFLOAD_TX_VLAN)
#define CAPS_RX_OFFLOADS \
	(CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO | CDNA_OFFLOAD_RX_VLAN)

/* Default sizes of rings, where the device allows them */
#define CAPS_TX_SLOTS		1024
#define CAPS_RX_SLOTS		1024

/* Both formats that this driver writes begin with the same fields, as cdna_tx.c
 * asserts. The device must describe them like this.
 */
static const struct cdna_field caps_addr = {
	offsetof(struct cdna_desc_compact, addr), 64
};

static const struct cdna_field caps_len = {
	offsetof(struct cdna_desc_compact, len), 16
};

static const struct cdna_field caps_flags = {
	offsetof(struct cdna_desc_compact, flags), 16
};

static const u8 caps_sizes[CDNA_NR_FORMATS] = {
	[CDNA_FORMAT_COMPACT] = sizeof(struct cdna_desc_compact),
	[CDNA_FORMAT_OFFLOAD] = sizeof(struct cdna_desc_offload),
};

static bool caps_same_field(const struct cdna_field *a,
			    const struct cdna_field *b)
{
	return a->offset == b->offset && a->bits == b->bits;
}

static bool caps_format_fits(const struct cdna_desc_format *format)
{
	return format->id < CDNA_NR_FORMATS &&
	       format->size == caps_sizes[format->id] &&
	       caps_same_field(&format->addr, &caps_addr) &&
	       caps_same_field(&format->len, &caps_len) &&
	       caps_same_field(&format->flags, &caps_flags) &&
	       le32_to_cpu(format->flag_eop) == CDNA_DESC_EOP &&
	       le16_to_cpu(format->max_len) >= CDNA_MAX_DESC_LEN &&
	       le16_to_cpu(format->max_chain);
}

static void caps_read_format(struct cdna_dev *dev, u32 n,
			     struct cdna_desc_format *format)
{
	u32 reg = CDNA_VREG_FORMAT_OF(n);
	u8 *bytes = (u8 *)format;
	u32 i;

	for (i = 0; i < sizeof(*format); i += sizeof(u32))
		put_unaligned_le32(cdna_vreg_read(dev, reg + i), bytes + i);
}

/* If there is a choice, transmit by the format that can request offloads, and
 * receive by the smallest one.
 */
static void caps_take_format(struct cdna_caps *caps, u32 *dirs,
			     const struct cdna_desc_format *format)
{
	u32 offers = le16_to_cpu(format->dirs);
	bool better;

	better = !(*dirs & CDNA_DIR_TX_BIT) ||
		 format->id == CDNA_FORMAT_OFFLOAD;
	if (offers & CDNA_DIR_TX_BIT && better) {
		caps->tx_format = format->id;
		caps->max_chain = min_t(u32, le16_to_cpu(format->max_chain),
					CDNA_MAX_CHAIN);
		/* Only the larger one has fields for them. */
		caps->tx_offloads = format->id == CDNA_FORMAT_OFFLOAD ?
				    le32_to_cpu(format->offloads) &
				    CAPS_TX_OFFLOADS : 0;
	}
	better = !(*dirs & CDNA_DIR_RX_BIT) ||
		 format->id == CDNA_FORMAT_COMPACT;
	if (offers & CDNA_DIR_RX_BIT && better)
		caps->rx_format = format->id;
	*dirs |= offers;
}

static int caps_formats_take(struct cdna_dev *dev)
{
	const u32 both = CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT;
	struct cdna_caps *caps = &dev->caps;
	struct cdna_desc_format format;
	u32 dirs = 0, count, i;

	count = min_t(u32, cdna_vreg_read(dev, CDNA_VREG_FORMATS),
		      CDNA_MAX_FORMATS);
	for (i = 0; i < count; i++) {
		caps_read_format(dev, i, &format);
		if (caps_format_fits(&format))
			caps_take_format(caps, &dirs, &format);
	}
	if ((dirs & both) == both)
		return 0;
	dev_err(dev->device,
		"this driver supports none of the NIC's %u descriptor formats in both directions; update the driver\n",
		count);
	return -EPROTO;
}

static int caps_rings(struct cdna_dev *dev)
{
	u32 min = cdna_vreg_read(dev, CDNA_VREG_MIN_RING);
	u32 max = cdna_vreg_read(dev, CDNA_VREG_MAX_RING);
	struct cdna_caps *caps = &dev->caps;

	caps->min_ring = clamp_t(u32, min, CDNA_MIN_RING, CDNA_MAX_RING);
	caps->max_ring = min_t(u32, max, CDNA_MAX_RING);
	if (min > CDNA_MAX_RING || max < caps->min_ring) {
		dev_err(dev->device,
			"the host allows rings of %u to %u slots; this driver supports %u to %u\n",
			min, max, CDNA_MIN_RING, CDNA_MAX_RING);
		return -EPROTO;
	}
	caps->min_ring = roundup_pow_of_two(caps->min_ring);
	caps->max_ring = rounddown_pow_of_two(caps->max_ring);
	if (caps->max_ring < caps->min_ring)
		caps->max_ring = caps->min_ring;
	dev->tx_slots = clamp_t(u32, CAPS_TX_SLOTS, caps->min_ring,
				caps->max_ring);
	dev->rx_slots = clamp_t(u32, CAPS_RX_SLOTS, caps->min_ring,
				caps->max_ring);
	return 0;
}

/* A contiguous frame, with two tags, may touch one page more than it fills. */
static u32 caps_chain_of(u32 mtu)
{
	return DIV_ROUND_UP(mtu + VLAN_ETH_HLEN + VLAN_HLEN,
			    CDNA_PAGE_SIZE) + 1;
}

static int caps_mtu(struct cdna_dev *dev)
{
	u32 mtu = cdna_vreg_read(dev, CDNA_VREG_MTU);
	struct cdna_caps *caps = &dev->caps;

	caps->max_mtu = min_t(u32, mtu, CDNA_MAX_MTU);
	if (mtu < CDNA_MIN_MTU) {
		dev_err(dev->device, "the host reports an MTU of %u, which is too small\n",
			mtu);
		return -EPROTO;
	}
	if (!(caps->offloads & CDNA_OFFLOAD_SG) ||
	    caps->max_chain < caps_chain_of(caps->max_mtu)) {
		dev_err(dev->device,
			"the NIC does not accept frames of %u descriptors, which this driver needs\n",
			caps_chain_of(caps->max_mtu));
		return -EOPNOTSUPP;
	}
	return 0;
}

/* @mac has room for both registers. */
static void caps_read_mac(struct cdna_dev *dev, u8 *mac)
{
	put_unaligned_le32(cdna_vreg_read(dev, CDNA_VREG_MAC_LO), mac);
	put_unaligned_le32(cdna_vreg_read(dev, CDNA_VREG_MAC_HI), mac + 4);
}

static int caps_mac(struct cdna_dev *dev)
{
	u8 mac[2 * sizeof(u32)];

	caps_read_mac(dev, mac);
	if (!is_valid_ether_addr(mac)) {
		dev_err(dev->device,
			"the host reports the invalid MAC address %pM; set mac_address of the mediated device on the host\n",
			mac);
		return -EADDRNOTAVAIL;
	}
	ether_addr_copy(dev->caps.mac, mac);
	return 0;
}

/* Segmentation includes checksums, so it depends on them. */
static void caps_offloads(struct cdna_dev *dev)
{
	u32 nic = cdna_vreg_read(dev, CDNA_VREG_OFFLOADS);
	struct cdna_caps *caps = &dev->caps;

	caps->tx_offloads &= nic;
	if (!(caps->tx_offloads & CDNA_OFFLOAD_TX_CSUM))
		caps->tx_offloads &= ~(CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6);
	caps->offloads = caps->tx_offloads |
			 (nic & (CAPS_RX_OFFLOADS | CDNA_OFFLOAD_SG));
}

static int caps_features(struct cdna_dev *dev)
{
	dev->caps.features = cdna_vreg_read(dev, CDNA_VREG_FEATURES) &
			     CAPS_FEATURES;
	if (dev->caps.features & CDNA_VFEAT_TRAP_REG)
		return 0;
	dev_err(dev->device,
		"the host offers no trap register; update the driver\n");
	return -EOPNOTSUPP;
}

/**
 * cdna_caps_identify - read the capabilities of the device
 * @dev: the device, which cdna_vreg_check() has passed; @dev->caps, the number
 *	of queue pairs, one for each processor, and ring sizes are filled in
 *
 * Context: Process context.
 * Return: 0 or an error, which was logged.
 */
int cdna_caps_identify(struct cdna_dev *dev)
{
	u32 qps = cdna_vreg_read(dev, CDNA_VREG_QPS);
	int ret;

	if (!qps) {
		dev_err(dev->device, "the host allows no queues\n");
		return -EPROTO;
	}
	dev->caps.max_qps = min_t(u32, qps, CDNA_MAX_QPS);
	dev->nr_qps = min(dev->caps.max_qps, num_online_cpus());
	ret = caps_features(dev);
	if (!ret)
		ret = caps_formats_take(dev);
	if (ret)
		return ret;
	caps_offloads(dev);
	ret = caps_rings(dev);
	if (!ret)
		ret = caps_mtu(dev);
	if (!ret)
		ret = caps_mac(dev);
	/* If the device is gone, what was read may be all ones. */
	if (!ret && test_bit(CDNA_DEV_GONE, &dev->flags))
		ret = -ENODEV;
	return ret;
}

/**
 * cdna_caps_same - check that this is still the device that was identified
 * @dev: the device, after another driver may have used it
 *
 * Context: Process context.
 * Return: 0 or an error, which was logged.
 */
int cdna_caps_same(struct cdna_dev *dev)
{
	u8 mac[2 * sizeof(u32)];
	int ret;

	ret = cdna_vreg_check(dev);
	if (ret)
		return ret;
	caps_read_mac(dev, mac);
	if (ether_addr_equal(mac, dev->caps.mac))
		return 0;
	dev_err(dev->device,
		"the device has the MAC address %pM now, not %pM; reload the driver\n",
		mac, dev->caps.mac);
	return -ENODEV;
}
