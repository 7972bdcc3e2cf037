// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rates of a context as attributes of its mediated device, with which mdevctl
 * and libvirt define it.
 */
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include "cdna_provider.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_port_rate.h"
#include "vdev/cdna_rate.h"
#include "vdev/cdna_rate_attrs.h"

/**
 * struct rate_attr - an attribute for a limit
 * @attr: the attribute
 * @which: of the limits
 */
struct rate_attr {
	struct device_attribute attr;
	enum cdna_rate which;
};

static enum cdna_rate rate_of(struct device_attribute *attr)
{
	return container_of(attr, struct rate_attr, attr)->which;
}

static ssize_t rate_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	struct cdna_ctx *ctx = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n",
			  READ_ONCE(*cdna_rate_field(&ctx->limits,
						     rate_of(attr))));
}

static ssize_t rate_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct cdna_ctx *ctx = dev_get_drvdata(dev);
	const char *objection;
	u32 value;
	int ret;

	ret = kstrtou32(buf, 10, &value);
	if (ret)
		return ret;
	ret = cdna_port_rate_set(ctx, rate_of(attr), value, &objection);
	if (ret && objection)
		dev_err(dev, "the limit is refused: %s\n", objection);
	return ret ?: count;
}

static struct rate_attr rate_tx_max = {
	.attr = __ATTR(tx_max_mbps, 0644, rate_show, rate_store),
	.which = CDNA_RATE_TX_MAX,
};

static struct rate_attr rate_tx_min = {
	.attr = __ATTR(tx_min_mbps, 0644, rate_show, rate_store),
	.which = CDNA_RATE_TX_MIN,
};

static struct rate_attr rate_storm = {
	.attr = __ATTR(storm_fps, 0644, rate_show, rate_store),
	.which = CDNA_RATE_STORM,
};

static struct rate_attr rate_rx_max = {
	.attr = __ATTR(rx_max_mbps, 0644, rate_show, rate_store),
	.which = CDNA_RATE_RX_MAX,
};

static umode_t rate_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	const struct cdna_ctx *ctx = dev_get_drvdata(kobj_to_dev(kobj));
	const struct cdna_provider *nic = ctx->domain.nic;

	if (attr == &rate_tx_max.attr.attr && !nic->info.max_rate_mbps)
		return 0;
	if (attr == &rate_tx_min.attr.attr && !cdna_rate_has_min(nic))
		return 0;
	if (attr == &rate_rx_max.attr.attr && !cdna_rate_has_rx(nic))
		return 0;
	return attr->mode;
}

static struct attribute *rate_list[] = {
	&rate_tx_max.attr.attr,
	&rate_tx_min.attr.attr,
	&rate_storm.attr.attr,
	&rate_rx_max.attr.attr,
	NULL
};

const struct attribute_group cdna_rate_group = {
	.is_visible = rate_visible,
	.attrs = rate_list,
};
