/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rate groups of a NIC: contexts that have limits together.
 */
#ifndef CDNA_GROUP_H
#define CDNA_GROUP_H

#include <linux/types.h>

#include "vdev/cdna_rate.h"

struct cdna_ctx;
struct cdna_table;

/**
 * struct cdna_group - a rate group
 * @table: the NIC's contexts
 * @exists: an administrator has made it
 * @tx_max_mbps: most that its members transmit together; 0: no limit
 * @tx_min_mbps: what they can count on together; 0: nothing
 */
struct cdna_group {
	struct cdna_table *table;
	bool exists;
	u32 tx_max_mbps;
	u32 tx_min_mbps;
};

/**
 * struct cdna_promise - what would be promised
 * @ctx: the context that would have another minimum or group; NULL: none
 * @ctx_min: its minimum
 * @ctx_group: its group; NULL: none
 * @group: the group that would have other limits; NULL: none
 * @group_max: its maximum
 * @group_min: its minimum
 */
struct cdna_promise {
	const struct cdna_ctx *ctx;
	u32 ctx_min;
	const struct cdna_group *ctx_group;
	const struct cdna_group *group;
	u32 group_max;
	u32 group_min;
};

const char *cdna_group_objection(const struct cdna_table *table,
				 const struct cdna_promise *change);
bool cdna_group_any(struct cdna_table *table);
struct cdna_group *cdna_group_new(struct cdna_table *table);
int cdna_group_del(struct cdna_group *group);
int cdna_group_set(struct cdna_group *group, enum cdna_rate which, u32 value,
		   const char **objection);
int cdna_group_join(struct cdna_ctx *ctx, struct cdna_group *group,
		    const char **objection);
void cdna_group_leave(struct cdna_ctx *ctx);
int cdna_group_apply(struct cdna_ctx *ctx);

#endif /* CDNA_GROUP_H */
