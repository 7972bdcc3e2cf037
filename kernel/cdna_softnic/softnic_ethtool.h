/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ethtool on a port.
 */
#ifndef SOFTNIC_ETHTOOL_H
#define SOFTNIC_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops softnic_ethtool_ops;

#endif /* SOFTNIC_ETHTOOL_H */
