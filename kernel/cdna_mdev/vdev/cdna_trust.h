/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attribute "trust" of a mediated device.
 */
#ifndef CDNA_TRUST_H
#define CDNA_TRUST_H

struct attribute_group;

extern const struct attribute_group cdna_trust_group;

#endif /* CDNA_TRUST_H */
