/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contexts of a NIC.
 */
#ifndef CDNA_TABLE_H
#define CDNA_TABLE_H

#include <linux/bitmap.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include <cdna/admin_group.h>
#include <cdna/regs.h>

#include "guard/cdna_formats.h"
#include "vdev/cdna_fault_reporter.h"
#include "vdev/cdna_group.h"
#include "vdev/cdna_type.h"

struct cdna_ctx;
struct cdna_provider;

/**
 * struct cdna_table - the contexts of one NIC
 * @nic: the NIC
 * @mdev: its place in the mdev core
 * @types: what a context can be to a guest
 * @formats: descriptor formats that the host can validate
 * @lock: protects @ctx, @group, and that no two contexts have the same MAC
 * @ctx: contexts in use, by number
 * @group: rate groups, the first being CDNA_NO_GROUP + 1 to the NIC
 * @closing: no sub-function can be made any longer; protected by devlink's lock
 * @down: contexts whose wire is down, a bit each
 * @reporter: reports faults of all contexts
 */
struct cdna_table {
	struct cdna_provider *nic;
	struct mdev_parent mdev;
	struct cdna_types types;
	struct cdna_formats formats;
	struct mutex lock;	/* contexts, their MACs and groups */
	struct cdna_ctx *ctx[CDNA_MAX_CONTEXTS];
	struct cdna_group group[CDNA_MAX_GROUPS];
	bool closing;
	DECLARE_BITMAP(down, CDNA_MAX_CONTEXTS);
	struct cdna_fault_reporter reporter;
};

int cdna_table_attach(struct cdna_table *table, struct cdna_ctx *ctx);
void cdna_table_detach(struct cdna_ctx *ctx);
bool cdna_table_is_sf(struct cdna_table *table, u32 i);
unsigned int cdna_table_free(struct cdna_table *table);

#endif /* CDNA_TABLE_H */
