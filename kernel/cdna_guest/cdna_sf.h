/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A context as a sub-function of a NIC of this host.
 */
#ifndef CDNA_SF_H
#define CDNA_SF_H

#include <linux/kconfig.h>

#if IS_ENABLED(CONFIG_AUXILIARY_BUS)
int cdna_sf_register(void);
void cdna_sf_unregister(void);
#else
static inline int cdna_sf_register(void) { return 0; }
static inline void cdna_sf_unregister(void) { }
#endif

#endif /* CDNA_SF_H */
