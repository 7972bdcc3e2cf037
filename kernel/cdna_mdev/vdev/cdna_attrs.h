/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes of a mediated device, for sysfs.
 */
#ifndef CDNA_ATTRS_H
#define CDNA_ATTRS_H

struct attribute_group;

extern const struct attribute_group cdna_attrs_group;

#endif /* CDNA_ATTRS_H */
