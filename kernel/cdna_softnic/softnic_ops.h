/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations that cdna_mdev calls.
 */
#ifndef SOFTNIC_OPS_H
#define SOFTNIC_OPS_H

#include "cdna_provider.h"

extern const struct cdna_provider_ops softnic_ops;

#endif /* SOFTNIC_OPS_H */
