/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations of ethtool.
 */
#ifndef CDNA_ETHTOOL_H
#define CDNA_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops cdna_ethtool_ops;

#endif /* CDNA_ETHTOOL_H */
