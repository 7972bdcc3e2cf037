/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the regions of the VFIO device are in its file.
 */
#ifndef CDNA_REGION_H
#define CDNA_REGION_H

#include <linux/types.h>

#define CDNA_REGION_SHIFT		40
#define CDNA_REGION_OFFSET(index)	((u64)(index) << CDNA_REGION_SHIFT)
#define CDNA_REGION_INDEX(pos)		((u64)(pos) >> CDNA_REGION_SHIFT)
#define CDNA_REGION_WITHIN(pos) \
	((u64)(pos) & (CDNA_REGION_OFFSET(1) - 1))

#endif /* CDNA_REGION_H */
