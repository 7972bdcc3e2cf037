/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that we build for, 6.12 and newer. Kbuild
 * looks into the kernel's headers and defines:
 *
 * CDNA_VFIO_REGION_INFO_OP: region information is an operation of its own, not
 * an ioctl that the driver decodes.
 */
#ifndef CDNA_COMPAT_H
#define CDNA_COMPAT_H

#ifndef CDNA_VFIO_REGION_INFO_OP
#define CDNA_VFIO_REGION_INFO_OP	0
#endif

#endif /* CDNA_COMPAT_H */
