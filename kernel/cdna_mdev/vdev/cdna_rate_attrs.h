/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes tx_max_mbps, tx_min_mbps and storm_fps of a mediated device.
 */
#ifndef CDNA_RATE_ATTRS_H
#define CDNA_RATE_ATTRS_H

struct attribute_group;

extern const struct attribute_group cdna_rate_group;

#endif /* CDNA_RATE_ATTRS_H */
