// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of the NIC, in the directory "cdna" of its PCI device, for
 * people and scripts without devlink.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "nic/cdna_nic.h"
#include "nic/cdna_sysfs.h"
#include "nic/cdna_throttle.h"

static ssize_t abi_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	const struct cdna_nic *nic = dev_get_drvdata(dev);
	u32 abi = nic->provider.info.abi;

	return sysfs_emit(buf, "%u.%u\n", CDNA_ABI_GET_MAJOR(abi),
			  CDNA_ABI_GET_MINOR(abi));
}
static DEVICE_ATTR_RO(abi);

static ssize_t fw_version_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	const struct cdna_nic *nic = dev_get_drvdata(dev);
	u32 version = nic->provider.info.fw_version;

	return sysfs_emit(buf, "%u.%u.%u\n", version >> 24,
			  version >> 16 & 0xff, version & 0xffff);
}
static DEVICE_ATTR_RO(fw_version);

static ssize_t contexts_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	const struct cdna_nic *nic = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", nic->provider.info.contexts);
}
static DEVICE_ATTR_RO(contexts);

static ssize_t dma_selftest_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	const struct cdna_nic *nic = dev_get_drvdata(dev);

	return sysfs_emit(buf, "ok %u blocks\n", nic->dma_blocks);
}
static DEVICE_ATTR_RO(dma_selftest);

static ssize_t irq_selftest_show(struct device *dev,
				 struct device_attribute *attr, char *buf)
{
	const struct cdna_nic *nic = dev_get_drvdata(dev);

	return sysfs_emit(buf, "ok %u vectors\n", nic->irq_vectors);
}
static DEVICE_ATTR_RO(irq_selftest);

static ssize_t link_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	const struct cdna_nic *nic = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n",
			  READ_ONCE(nic->events.link) ? "up" : "down");
}
static DEVICE_ATTR_RO(link);

static ssize_t health_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	const struct cdna_nic *nic = dev_get_drvdata(dev);
	const char *reason = cdna_health_reason(&nic->health);

	return reason ? sysfs_emit(buf, "dead: %s\n", reason) :
			sysfs_emit(buf, "alive\n");
}
static DEVICE_ATTR_RO(health);

/* Counters of the bit vectors (paper 3.2) */
#define SYSFS_COUNTER(name, value)					\
static ssize_t name##_show(struct device *dev,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	const struct cdna_nic *nic = dev_get_drvdata(dev);		\
									\
	return sysfs_emit(buf, "%llu\n", (u64)(value));			\
}									\
static DEVICE_ATTR_RO(name)

SYSFS_COUNTER(bits, READ_ONCE(nic->sources.bits));
SYSFS_COUNTER(bits_without_owner, READ_ONCE(nic->sources.spurious));
SYSFS_COUNTER(bit_vectors, READ_ONCE(nic->sources.vectors));
SYSFS_COUNTER(interrupts,
	      (u32)atomic_read(&nic->vector[CDNA_VECTOR_BITVEC].count));

static ssize_t interrupt_usecs_show(struct device *dev,
				    struct device_attribute *attr, char *buf)
{
	const struct cdna_nic *nic = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(nic->throttle.usecs));
}

static ssize_t interrupt_usecs_store(struct device *dev,
				     struct device_attribute *attr,
				     const char *buf, size_t count)
{
	u32 usecs;
	int err;

	err = kstrtou32(buf, 10, &usecs);
	if (err)
		return err;
	err = cdna_throttle_set(dev_get_drvdata(dev), usecs);
	return err ?: count;
}
static DEVICE_ATTR_RW(interrupt_usecs);

static struct attribute *sysfs_attrs[] = {
	&dev_attr_abi.attr,
	&dev_attr_bit_vectors.attr,
	&dev_attr_bits.attr,
	&dev_attr_bits_without_owner.attr,
	&dev_attr_contexts.attr,
	&dev_attr_dma_selftest.attr,
	&dev_attr_fw_version.attr,
	&dev_attr_health.attr,
	&dev_attr_interrupt_usecs.attr,
	&dev_attr_interrupts.attr,
	&dev_attr_irq_selftest.attr,
	&dev_attr_link.attr,
	NULL
};

/* Without attributes that the NIC's firmware has nothing for */
static umode_t sysfs_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	const struct cdna_nic *nic = dev_get_drvdata(kobj_to_dev(kobj));

	if (attr == &dev_attr_interrupt_usecs.attr && !cdna_throttle_known(nic))
		return 0;
	return attr->mode;
}

static const struct attribute_group sysfs_group = {
	.name = "cdna",
	.is_visible = sysfs_visible,
	.attrs = sysfs_attrs,
};

/* For pci_driver.dev_groups */
const struct attribute_group *cdna_sysfs_groups[] = {
	&sysfs_group,
	NULL
};
