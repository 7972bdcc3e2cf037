// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types of mediated devices. All are made of the same contexts.
 */
#include <linux/container_of.h>
#include <linux/mdev.h>

#include "vdev/cdna_type.h"

static struct cdna_type *type_of(struct mdev_type *mdev)
{
	return container_of(mdev, struct cdna_type, mdev);
}

static void type_add(struct cdna_types *types, struct cdna_table *table,
		     bool virtio, const char *name, const char *pretty)
{
	struct cdna_type *type = &types->type[types->count];

	type->table = table;
	type->virtio = virtio;
	type->mdev.sysfs_name = name;
	type->mdev.pretty_name = pretty;
	init_completion(&type->released);
	types->list[types->count++] = &type->mdev;
}

/**
 * cdna_type_init - the types that a NIC has
 * @types: zeroed; filled in
 * @table: contexts of the NIC
 * @virtio: it has what virtio devices need
 */
void cdna_type_init(struct cdna_types *types, struct cdna_table *table,
		    bool virtio)
{
	type_add(types, table, false, "context", "CDNA NIC context");
	if (virtio)
		type_add(types, table, true, "virtio",
			 "CDNA NIC context as a virtio network card");
}

static void type_released(struct kobject *kobj)
{
	struct cdna_type *type = container_of(kobj, struct cdna_type, mdev.kobj);

	type->core_ktype->release(kobj);
	complete(&type->released);
}

/**
 * cdna_type_watch - know when the mdev core is done with the types
 * @types: they are registered
 *
 * The mdev core has a kobject in what is the driver's, and may look at it after
 * mdev_unregister_parent() has returned: a kobject is released when its last user is
 * done, and with CONFIG_DEBUG_KOBJECT_RELEASE some seconds later.
 */
void cdna_type_watch(struct cdna_types *types)
{
	struct cdna_type *type;
	struct kobject *kobj;
	u32 i;

	for (i = 0; i < types->count; i++) {
		type = &types->type[i];
		kobj = &type->mdev.kobj;
		type->core_ktype = kobj->ktype;
		type->ktype = *kobj->ktype;
		type->ktype.release = type_released;
		kobj->ktype = &type->ktype;
	}
}

/**
 * cdna_type_wait - wait until the mdev core is done with the types
 * @types: they are no longer registered
 */
void cdna_type_wait(struct cdna_types *types)
{
	u32 i;

	for (i = 0; i < types->count; i++)
		wait_for_completion(&types->type[i].released);
}

/**
 * cdna_type_table - the contexts of a type's NIC
 * @mdev: the type
 *
 * Return: the contexts.
 */
struct cdna_table *cdna_type_table(struct mdev_type *mdev)
{
	return type_of(mdev)->table;
}

/**
 * cdna_type_is_virtio - what a mediated device is to be
 * @dev: the device
 *
 * Return: whether it is a virtio network card.
 */
bool cdna_type_is_virtio(struct device *dev)
{
	return type_of(to_mdev_device(dev)->type)->virtio;
}
