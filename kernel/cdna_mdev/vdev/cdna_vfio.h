/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the regions of the VFIO device stand in its file.
 */
#ifndef CDNA_VFIO_H
#define CDNA_VFIO_H

#define CDNA_VFIO_SHIFT			40
#define CDNA_VFIO_OFFSET(index)		((u64)(index) << CDNA_VFIO_SHIFT)
#define CDNA_VFIO_INDEX(pos)		((u64)(pos) >> CDNA_VFIO_SHIFT)
#define CDNA_VFIO_WITHIN(pos) \
	((u64)(pos) & (CDNA_VFIO_OFFSET(1) - 1))

#endif /* CDNA_VFIO_H */
