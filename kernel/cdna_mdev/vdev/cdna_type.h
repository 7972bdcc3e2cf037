/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types of mediated devices: what a context of a NIC can be to a guest.
 */
#ifndef CDNA_TYPE_H
#define CDNA_TYPE_H

#include <linux/completion.h>
#include <linux/kobject.h>
#include <linux/mdev.h>
#include <linux/types.h>

struct cdna_table;
struct device;

#define CDNA_NR_TYPES	2

/**
 * struct cdna_type - a type
 * @mdev: as the mdev core knows it
 * @table: contexts of the NIC
 * @virtio: a virtio network card; else a device of ours
 * @core_ktype: what the mdev core does with the kobject of @mdev
 * @ktype: the same, and its release completes @released
 * @released: nobody uses @mdev any longer
 */
struct cdna_type {
	struct mdev_type mdev;
	struct cdna_table *table;
	bool virtio;
	const struct kobj_type *core_ktype;
	struct kobj_type ktype;
	struct completion released;
};

/**
 * struct cdna_types - the types of a NIC
 * @count: how many
 * @type: the types
 * @list: pointers to them, as the mdev core needs them
 */
struct cdna_types {
	u32 count;
	struct cdna_type type[CDNA_NR_TYPES];
	struct mdev_type *list[CDNA_NR_TYPES];
};

void cdna_type_init(struct cdna_types *types, struct cdna_table *table,
		    bool virtio);
void cdna_type_watch(struct cdna_types *types);
void cdna_type_wait(struct cdna_types *types);
struct cdna_table *cdna_type_table(struct mdev_type *mdev);
bool cdna_type_is_virtio(struct device *dev);

#endif /* CDNA_TYPE_H */
