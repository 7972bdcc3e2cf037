// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics of a context: a directory of counters beside its attributes.
 */
#include <linux/sysfs.h>

#include "cdna_ctx.h"

static u64 stats_sum(struct cdna_ctx *ctx, size_t field)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		sum += READ_ONCE(*(u64 *)((u8 *)&ctx->queue[i] + field));
	return sum;
}

static u64 stats_faults(struct cdna_ctx *ctx)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		sum += READ_ONCE(ctx->queue[i].faults);
	return sum;
}

#define STATS_COUNTER(name, value)					\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	struct cdna_ctx *ctx = dev_get_drvdata(dev);			\
									\
	return sysfs_emit(buf, "%llu\n", (u64)(value));			\
}									\
static DEVICE_ATTR_RO(name)

STATS_COUNTER(descriptors,
	      stats_sum(ctx, offsetof(struct cdna_queue, descs)));
STATS_COUNTER(traps_page, atomic64_read(&ctx->traps_page));
STATS_COUNTER(traps_register, atomic64_read(&ctx->traps_reg));
STATS_COUNTER(pins_now, READ_ONCE(ctx->pins.count));
STATS_COUNTER(pins_limit, READ_ONCE(ctx->pins.limit));
STATS_COUNTER(pin_hits, stats_sum(ctx, offsetof(struct cdna_queue, hits)));
STATS_COUNTER(pin_misses, atomic_long_read(&ctx->pins.misses));
STATS_COUNTER(pin_evictions, atomic_long_read(&ctx->pins.evicted));
STATS_COUNTER(faults, stats_faults(ctx));
STATS_COUNTER(interrupts, atomic64_read(&ctx->interrupts));
STATS_COUNTER(nic_out_of_bounds, atomic64_read(&ctx->nic_lies));

static struct attribute *stats_attrs[] = {
	&dev_attr_descriptors.attr,
	&dev_attr_traps_page.attr,
	&dev_attr_traps_register.attr,
	&dev_attr_pins_now.attr,
	&dev_attr_pins_limit.attr,
	&dev_attr_pin_hits.attr,
	&dev_attr_pin_misses.attr,
	&dev_attr_pin_evictions.attr,
	&dev_attr_faults.attr,
	&dev_attr_interrupts.attr,
	&dev_attr_nic_out_of_bounds.attr,
	NULL
};

const struct attribute_group cdna_stats_group = {
	.name = "statistics",
	.attrs = stats_attrs,
};
