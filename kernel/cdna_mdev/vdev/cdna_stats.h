/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Statistics of a context, for sysfs.
 */
#ifndef CDNA_MDEV_STATS_H
#define CDNA_MDEV_STATS_H

struct attribute_group;

extern const struct attribute_group cdna_stats_group;
extern const struct attribute_group cdna_stats_fault_group;
extern const struct attribute_group cdna_stats_drop_group;

void cdna_stats_init(void);

#endif /* CDNA_MDEV_STATS_H */
