// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which guests may send what speaks for others: from addresses that are not
 * their own, and to the next station on the wire. Nobody may by default.
 */
#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/string_choices.h>
#include <linux/sysfs.h>

#include "vdev/cdna_addr.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_trust.h"

static ssize_t trust_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	const struct cdna_ctx *ctx = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n",
			  str_on_off(READ_ONCE(ctx->address.trusted)));
}

static ssize_t trust_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	bool trusted;
	int ret;

	if (kstrtobool(buf, &trusted))
		return -EINVAL;
	ret = cdna_addr_set_trust(dev_get_drvdata(dev), trusted);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(trust);

static struct attribute *trust_list[] = {
	&dev_attr_trust.attr,
	NULL
};

const struct attribute_group cdna_trust_group = {
	.attrs = trust_list,
};
