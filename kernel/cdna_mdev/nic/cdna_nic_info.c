// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the NIC reports about itself. All of it is bounded here, once; no other
 * file reads struct cdna_identify.
 */
#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>

#include "nic/cdna_nic.h"
#include "nic/cdna_nic_cmd.h"
#include "nic/cdna_nic_info.h"
#include "nic/cdna_share.h"

/**
 * struct info_bound - a number that the NIC reports, and its bounds
 * @what: its name
 * @value: the number
 * @min: smallest that this driver supports
 * @max: largest
 */
struct info_bound {
	const char *what;
	u32 value;
	u32 min;
	u32 max;
};

static void info_decode(struct cdna_nic_info *info,
			const struct cdna_identify *id)
{
	*info = (struct cdna_nic_info) {
		.abi = le32_to_cpu(id->abi),
		.fw_version = le32_to_cpu(id->fw_version),
		.contexts = le16_to_cpu(id->contexts),
		.qps = le16_to_cpu(id->qps),
		.sources = le16_to_cpu(id->sources),
		.bitvec_words = le16_to_cpu(id->bitvec_words),
		.min_ring = le16_to_cpu(id->min_ring),
		.max_ring = le16_to_cpu(id->max_ring),
		.mtu = le16_to_cpu(id->mtu),
		.max_macs = le16_to_cpu(id->max_macs),
		.speed = le32_to_cpu(id->speed),
		.offloads = le32_to_cpu(id->offloads),
		.max_coalesce_usecs = le32_to_cpu(id->max_coalesce_usecs),
		.max_rate_mbps = le32_to_cpu(id->max_rate_mbps),
		.fw_bytes = le32_to_cpu(id->fw_bytes),
		.groups = min_t(u32, le32_to_cpu(id->groups), CDNA_MAX_GROUPS),
		.formats = le16_to_cpu(id->formats),
	};
	ether_addr_copy(info->mac, id->mac);
	memcpy(info->format, id->format, sizeof(info->format));
}

static int info_check(struct cdna_nic *nic)
{
	const struct cdna_nic_info *info = &nic->provider.info;
	const struct info_bound bounds[] = {
		{ "contexts", info->contexts, 1, CDNA_MAX_CONTEXTS },
		{ "queue pairs", info->qps, 1, CDNA_MAX_QPS },
		{ "words per bit vector", info->bitvec_words, 1,
		  CDNA_MAX_BITVEC_WORDS },
		{ "interrupt sources", info->sources, info->contexts,
		  info->bitvec_words * 64 },
		{ "minimum ring slots", info->min_ring, CDNA_MIN_RING,
		  CDNA_MAX_RING },
		{ "maximum ring slots", info->max_ring, info->min_ring,
		  CDNA_MAX_RING },
		{ "bytes of MTU", info->mtu, CDNA_MIN_MTU, CDNA_MAX_MTU },
		{ "addresses per context", info->max_macs, 1,
		  CDNA_MAX_CTX_MACS },
		{ "descriptor formats", info->formats, 1, CDNA_MAX_FORMATS },
	};
	const struct info_bound *b;

	for (b = bounds; b < bounds + ARRAY_SIZE(bounds); b++) {
		if (b->value >= b->min && b->value <= b->max)
			continue;
		dev_err(cdna_nic_dev(nic),
			"the NIC reports %u %s, this driver supports %u to %u\n",
			b->value, b->what, b->min, b->max);
		return -EPROTO;
	}
	if (!is_valid_ether_addr(info->mac)) {
		dev_err(cdna_nic_dev(nic), "the NIC's MAC address %pM is invalid\n",
			info->mac);
		return -EPROTO;
	}
	return 0;
}

static void info_log(const struct cdna_nic *nic)
{
	const struct cdna_nic_info *info = &nic->provider.info;

	dev_info(cdna_nic_dev(nic),
		 "firmware %u.%u.%u, ABI %u.%u, %u contexts of %u queue pairs, %pM\n",
		 info->fw_version >> 24, info->fw_version >> 16 & 0xff,
		 info->fw_version & 0xffff, CDNA_ABI_GET_MAJOR(info->abi),
		 CDNA_ABI_GET_MINOR(info->abi), info->contexts, info->qps,
		 info->mac);
}

/**
 * cdna_nic_info_read - ask the NIC what it is
 * @nic: the NIC, with its admin queue open; its provider's info is filled in
 *
 * The NIC's answer stays allocated until the driver is unbound: it may be late.
 *
 * Context: process; runs a command.
 * Return: 0; -EPROTO if something is out of bounds; -ENOMEM; or an error of
 * cdna_adminq_run().
 */
int cdna_nic_info_read(struct cdna_nic *nic)
{
	struct cdna_nic_info *info = &nic->provider.info;
	struct cdna_identify *identify;
	dma_addr_t dma;
	int err;

	identify = dmam_alloc_coherent(cdna_nic_dev(nic), sizeof(*identify),
				       &dma, GFP_KERNEL);
	if (!identify)
		return -ENOMEM;
	err = cdna_nic_cmd_identify(nic, dma);
	if (err) {
		dev_err(cdna_nic_dev(nic),
			"the NIC failed to identify itself: %pe\n",
			ERR_PTR(err));
		return err;
	}
	info_decode(info, identify);
	err = info_check(nic);
	if (err)
		return err;
	info->qps = cdna_share_qps(info->qps, info->sources, info->contexts);
	info_log(nic);
	return 0;
}
