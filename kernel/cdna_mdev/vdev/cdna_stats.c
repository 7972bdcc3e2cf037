// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics of a context: directories of counters beside its attributes.
 */
#include <linux/device.h>
#include <linux/math64.h>
#include <linux/sysfs.h>

#include <cdna/names.h>

#include "guard/cdna_ctrlq.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_pin_huge.h"
#include "guard/cdna_queue.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_drops.h"
#include "vdev/cdna_stats.h"

static u64 stats_sum(struct cdna_ctx *ctx, size_t field)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		sum += READ_ONCE(*(u64 *)((u8 *)&ctx->domain.queue[i] + field));
	return sum;
}

static u64 stats_faults(struct cdna_ctx *ctx)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < CDNA_VDEV_NR_QUEUES; i++)
		sum += READ_ONCE(ctx->domain.queue[i].faults);
	if (ctx->domain.ctrlq)
		sum += READ_ONCE(ctx->domain.ctrlq->queue.faults);
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
STATS_COUNTER(traps_page, atomic64_read(&ctx->domain.traps_page));
STATS_COUNTER(traps_register, atomic64_read(&ctx->domain.traps_reg));
STATS_COUNTER(pins_now, READ_ONCE(ctx->domain.pins.count));
STATS_COUNTER(pins_limit, READ_ONCE(ctx->domain.pins.limit));
STATS_COUNTER(pin_hits, stats_sum(ctx, offsetof(struct cdna_queue, hits)));
STATS_COUNTER(pin_misses, atomic_long_read(&ctx->domain.pins.misses));
STATS_COUNTER(pin_evictions, atomic_long_read(&ctx->domain.pins.evicted));
STATS_COUNTER(pin_drops, atomic_long_read(&ctx->domain.pins.dropped));
STATS_COUNTER(faults, stats_faults(ctx));
STATS_COUNTER(interrupts, atomic64_read(&ctx->interrupts));
STATS_COUNTER(bit_vectors, atomic64_read(&ctx->vectors));
STATS_COUNTER(bits, atomic64_read(&ctx->bits));
STATS_COUNTER(nic_out_of_bounds, atomic64_read(&ctx->domain.out_of_bounds));

/* How well interrupts are shared among the queue pairs of a context */
static ssize_t bits_per_vector_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	struct cdna_ctx *ctx = dev_get_drvdata(dev);
	u64 vectors = atomic64_read(&ctx->vectors);
	u64 hundredths;
	u32 rest;

	if (!vectors)
		return sysfs_emit(buf, "0.00\n");
	hundredths = div64_u64(atomic64_read(&ctx->bits) * 100, vectors);
	hundredths = div_u64_rem(hundredths, 100, &rest);
	return sysfs_emit(buf, "%llu.%02u\n", hundredths, rest);
}
static DEVICE_ATTR_RO(bits_per_vector);

/* What the pins keep of the host's memory, in units of 2 MiB; to find that takes as long as
 * there are pages
 */
static ssize_t pins_huge_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct cdna_ctx *ctx = dev_get_drvdata(dev);
	int huge = cdna_pin_huge(&ctx->domain.pins);

	return huge < 0 ? huge : sysfs_emit(buf, "%d\n", huge);
}

static DEVICE_ATTR_ADMIN_RO(pins_huge);

static struct attribute *stats_attrs[] = {
	&dev_attr_descriptors.attr,
	&dev_attr_traps_page.attr,
	&dev_attr_traps_register.attr,
	&dev_attr_pins_now.attr,
	&dev_attr_pins_limit.attr,
	&dev_attr_pins_huge.attr,
	&dev_attr_pin_hits.attr,
	&dev_attr_pin_misses.attr,
	&dev_attr_pin_evictions.attr,
	&dev_attr_pin_drops.attr,
	&dev_attr_faults.attr,
	&dev_attr_interrupts.attr,
	&dev_attr_bit_vectors.attr,
	&dev_attr_bits.attr,
	&dev_attr_bits_per_vector.attr,
	&dev_attr_nic_out_of_bounds.attr,
	NULL
};

const struct attribute_group cdna_stats_group = {
	.name = "statistics",
	.attrs = stats_attrs,
};

/* One attribute for each reason that has a name, made from the names */
static struct dev_ext_attribute stats_fault[CDNA_NR_VFAULTS];
static struct attribute *stats_fault_attrs[CDNA_NR_VFAULTS + 1];
static struct dev_ext_attribute stats_drop[CDNA_NR_DROPS];
static struct attribute *stats_drop_attrs[CDNA_NR_DROPS + 1];

const struct attribute_group cdna_stats_fault_group = {
	.name = "faults",
	.attrs = stats_fault_attrs,
};

const struct attribute_group cdna_stats_drop_group = {
	.name = "drops",
	.attrs = stats_drop_attrs,
};

static size_t stats_reason(struct device_attribute *attr,
			   const struct dev_ext_attribute *first)
{
	return container_of(attr, struct dev_ext_attribute, attr) - first;
}

static ssize_t stats_fault_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	struct cdna_ctx *ctx = dev_get_drvdata(dev);
	size_t reason = stats_reason(attr, stats_fault);

	return sysfs_emit(buf, "%llu\n",
			  READ_ONCE(ctx->fault_log.reasons[reason]));
}

static ssize_t stats_drop_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct cdna_ctx *ctx = dev_get_drvdata(dev);
	u64 drops[CDNA_NR_DROPS];
	int ret;

	mutex_lock(&ctx->domain.lock);
	ret = cdna_drops_read(ctx, drops);
	mutex_unlock(&ctx->domain.lock);
	return ret ?: sysfs_emit(buf, "%llu\n",
				 drops[stats_reason(attr, stats_drop)]);
}

static void stats_add(struct dev_ext_attribute *reason, struct attribute **list,
		      const struct device_attribute *like)
{
	reason->attr = *like;
	while (*list)
		list++;
	*list = &reason->attr.attr;
}

/**
 * cdna_stats_init - make the attributes of @cdna_stats_fault_group and
 *	@cdna_stats_drop_group
 *
 * Once, before there are mediated devices.
 */
void cdna_stats_init(void)
{
	struct device_attribute fault = __ATTR(, 0444, stats_fault_show, NULL);
	/* Whose reading costs the NIC a command is for root. */
	struct device_attribute drop = __ATTR(, 0400, stats_drop_show, NULL);
	u32 i;

	for (i = 0; i < CDNA_NR_VFAULTS; i++) {
		fault.attr.name = cdna_name_fault(i);
		if (fault.attr.name)
			stats_add(&stats_fault[i], stats_fault_attrs, &fault);
	}
	for (i = 0; i < CDNA_NR_DROPS; i++) {
		drop.attr.name = cdna_name_drop(i);
		if (drop.attr.name)
			stats_add(&stats_drop[i], stats_drop_attrs, &drop);
	}
}
