/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The version of all that is built from this tree: both kernel modules, the
 * firmware and cdna-nicd. Interfaces have versions of their own, in regs.h and
 * vdev.h.
 */
#ifndef CDNA_VERSION_H
#define CDNA_VERSION_H

#define CDNA_VERSION_MAJOR	1
#define CDNA_VERSION_MINOR	0
#define CDNA_VERSION_PATCH	0

/* The same as text */
#define CDNA_VERSION \
	CDNA_VERSION_DOTTED(CDNA_VERSION_MAJOR, CDNA_VERSION_MINOR, \
			    CDNA_VERSION_PATCH)
#define CDNA_VERSION_DOTTED(major, minor, patch) \
	CDNA_VERSION_TEXT(major.minor.patch)
#define CDNA_VERSION_TEXT(version)	#version

#endif /* CDNA_VERSION_H */
