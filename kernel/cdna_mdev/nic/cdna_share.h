/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a context gets of that which all contexts of a NIC share, as pure logic.
 */
#ifndef CDNA_SHARE_H
#define CDNA_SHARE_H

#include <linux/types.h>

u32 cdna_share_qps(u32 qps, u32 sources, u32 contexts);

#endif /* CDNA_SHARE_H */
