/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that we build for, 6.12 and newer. Kbuild
 * looks into the kernel's headers and defines:
 *
 * CDNA_VFIO_REGION_INFO_OP: region information is an operation of its own, not
 * an ioctl that the driver decodes.
 *
 * CDNA_DEVLINK_PERIOD_IN_OPS: the grace period of a health reporter is in its
 * operations, not in the call that makes it.
 */
#ifndef CDNA_COMPAT_H
#define CDNA_COMPAT_H

#ifndef CDNA_VFIO_REGION_INFO_OP
#define CDNA_VFIO_REGION_INFO_OP	0
#endif

#ifndef CDNA_DEVLINK_PERIOD_IN_OPS
#define CDNA_DEVLINK_PERIOD_IN_OPS	0
#endif

/* Make a health reporter without a grace period. */
#if CDNA_DEVLINK_PERIOD_IN_OPS
#define cdna_compat_reporter_create(devlink, ops, priv) \
	devlink_health_reporter_create(devlink, ops, priv)
#else
#define cdna_compat_reporter_create(devlink, ops, priv) \
	devlink_health_reporter_create(devlink, ops, 0, priv)
#endif

#endif /* CDNA_COMPAT_H */
