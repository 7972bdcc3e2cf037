// SPDX-License-Identifier: GPL-2.0-only
/*
 * The link that a guest sees. Contexts of a NIC reach each other whatever the
 * state of the wire, but a guest's kernel sends nothing without a carrier: so
 * the carrier is up, unless an administrator wants the guest to see the wire's,
 * or none. The words are those of `ip link set ... vf ... state`.
 */
#include <linux/array_size.h>
#include <linux/device.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <cdna/vdev.h>

#include "vdev/cdna_ctx.h"
#include "vdev/cdna_link_state.h"
#include "vdev/cdna_table.h"
#include "vdev/cdna_trigger.h"

static const char * const link_policy[] = {
	[CDNA_LINK_ENABLE] = "enable",
	[CDNA_LINK_DISABLE] = "disable",
	[CDNA_LINK_AUTO] = "auto",
};

/**
 * cdna_link_state_up - whether the guest sees a link that is up
 * @ctx: the context
 *
 * Context: any; takes no lock.
 *
 * Return: true if so.
 */
bool cdna_link_state_up(const struct cdna_ctx *ctx)
{
	switch (READ_ONCE(ctx->link_policy)) {
	case CDNA_LINK_ENABLE:
		return true;
	case CDNA_LINK_AUTO:
		return !test_bit(ctx->domain.id, ctx->table->down);
	default:
		return false;
	}
}

static ssize_t link_state_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	const struct cdna_ctx *ctx = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n",
			  link_policy[READ_ONCE(ctx->link_policy)]);
}

/* The guest looks at its link at each event. */
static ssize_t link_state_store(struct device *dev,
				struct device_attribute *attr,
				const char *buf, size_t count)
{
	struct cdna_ctx *ctx = dev_get_drvdata(dev);
	int policy = __sysfs_match_string(link_policy, ARRAY_SIZE(link_policy),
					  buf);

	if (policy < 0)
		return policy;
	WRITE_ONCE(ctx->link_policy, policy);
	if (READ_ONCE(ctx->state) != CDNA_CTX_REVOKED)
		cdna_trigger_event(ctx);
	return count;
}
static DEVICE_ATTR_RW(link_state);

static struct attribute *link_state_list[] = {
	&dev_attr_link_state.attr,
	NULL
};

const struct attribute_group cdna_link_state_group = {
	.attrs = link_state_list,
};
