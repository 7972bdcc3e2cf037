// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which features of a virtio network card make sense together.
 */
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>

#include "vdev/cdna_virtio_rules.h"

/**
 * struct virtio_rule - a feature that needs another one
 * @bit: of the feature
 * @needs: of the one that the guest must have accepted as well
 */
struct virtio_rule {
	u8 bit;
	u8 needs;
};

/* Virtio 1.2, section 5.1.3.1, of what is offered; and there is no status field, in which a
 * guest could be asked, without VIRTIO_NET_F_STATUS.
 */
static const struct virtio_rule virtio_rules[] = {
	{ VIRTIO_NET_F_HOST_TSO4, VIRTIO_NET_F_CSUM },
	{ VIRTIO_NET_F_HOST_TSO6, VIRTIO_NET_F_CSUM },
	{ VIRTIO_NET_F_GUEST_TSO4, VIRTIO_NET_F_GUEST_CSUM },
	{ VIRTIO_NET_F_GUEST_TSO6, VIRTIO_NET_F_GUEST_CSUM },
	{ VIRTIO_NET_F_CTRL_RX, VIRTIO_NET_F_CTRL_VQ },
	{ VIRTIO_NET_F_CTRL_RX_EXTRA, VIRTIO_NET_F_CTRL_VQ },
	{ VIRTIO_NET_F_CTRL_MAC_ADDR, VIRTIO_NET_F_CTRL_VQ },
	{ VIRTIO_NET_F_CTRL_VLAN, VIRTIO_NET_F_CTRL_VQ },
	{ VIRTIO_NET_F_MQ, VIRTIO_NET_F_CTRL_VQ },
	{ VIRTIO_NET_F_RSS, VIRTIO_NET_F_CTRL_VQ },
	{ VIRTIO_NET_F_NOTF_COAL, VIRTIO_NET_F_CTRL_VQ },
	{ VIRTIO_NET_F_GUEST_ANNOUNCE, VIRTIO_NET_F_CTRL_VQ },
};

/**
 * cdna_virtio_features_agree - whether all that some features need is among them
 * @features: a bit each
 *
 * Return: true if so, and if they are those of a device of Virtio 1.
 */
bool cdna_virtio_features_agree(u64 features)
{
	u32 i;

	if (!(features & BIT_ULL(VIRTIO_F_VERSION_1)))
		return false;
	for (i = 0; i < ARRAY_SIZE(virtio_rules); i++)
		if (features & BIT_ULL(virtio_rules[i].bit) &&
		    !(features & BIT_ULL(virtio_rules[i].needs)))
			return false;
	return true;
}
