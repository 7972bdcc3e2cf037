// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the NIC says that it is. All of it is bounded here, once; nobody else
 * reads struct cdna_identify.
 */
#include <linux/etherdevice.h>

#include "nic/cdna_nic.h"

/**
 * struct identify_bound - a number that the NIC tells, and what it may be
 * @what: its name
 * @value: the number
 * @min: smallest that this driver can deal with
 * @max: largest
 */
struct identify_bound {
	const char *what;
	u32 value;
	u32 min;
	u32 max;
};

static void identify_decode(struct cdna_nic_info *info,
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
		.formats = le16_to_cpu(id->formats),
	};
	ether_addr_copy(info->mac, id->mac);
	memcpy(info->format, id->format, sizeof(info->format));
}

static int identify_check(struct cdna_nic *nic)
{
	const struct cdna_nic_info *info = &nic->provider.info;
	const struct identify_bound bounds[] = {
		{ "contexts", info->contexts, 1, CDNA_MAX_CONTEXTS },
		{ "queue pairs", info->qps, 1, CDNA_MAX_QPS },
		{ "words of a bit vector", info->bitvec_words, 1,
		  CDNA_MAX_BITVEC_WORDS },
		{ "interrupt sources", info->sources, 1,
		  info->bitvec_words * 64 },
		{ "slots at least", info->min_ring, CDNA_MIN_RING,
		  CDNA_MAX_RING },
		{ "slots at most", info->max_ring, info->min_ring,
		  CDNA_MAX_RING },
		{ "bytes of MTU", info->mtu, CDNA_MIN_MTU, CDNA_MAX_MTU },
		{ "addresses of a context", info->max_macs, 1,
		  CDNA_MAX_CTX_MACS },
		{ "descriptor formats", info->formats, 1, CDNA_MAX_FORMATS },
	};
	const struct identify_bound *b;

	for (b = bounds; b < bounds + ARRAY_SIZE(bounds); b++) {
		if (b->value >= b->min && b->value <= b->max)
			continue;
		dev_err(cdna_nic_dev(nic),
			"the NIC announces %u %s, this driver knows %u to %u\n",
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

/**
 * cdna_identify_take - take what the NIC says that it is
 * @nic: the NIC; its provider's info is filled in
 * @id: as it wrote it
 *
 * Return: 0, or -EPROTO after a message if that cannot be.
 */
int cdna_identify_take(struct cdna_nic *nic, const struct cdna_identify *id)
{
	const struct cdna_nic_info *info = &nic->provider.info;
	int err;

	identify_decode(&nic->provider.info, id);
	err = identify_check(nic);
	if (err)
		return err;
	dev_info(cdna_nic_dev(nic),
		 "firmware %u.%u.%u, ABI %u.%u, %u contexts of %u queue pairs, %pM\n",
		 info->fw_version >> 24, info->fw_version >> 16 & 0xff,
		 info->fw_version & 0xffff, CDNA_ABI_GET_MAJOR(info->abi),
		 CDNA_ABI_GET_MINOR(info->abi), info->contexts, info->qps,
		 info->mac);
	return 0;
}
