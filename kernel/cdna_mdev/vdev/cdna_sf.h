/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts that the host drives itself.
 */
#ifndef CDNA_MDEV_SF_H
#define CDNA_MDEV_SF_H

#include <linux/types.h>

struct cdna_ctx;
struct cdna_sf_device;
struct cdna_table;

/**
 * struct cdna_sf_ctx - what a context has if it is a sub-function
 * @device: the auxiliary device, while there is one; protected by devlink's lock
 * @vector: its interrupt vectors
 */
struct cdna_sf_ctx {
	struct cdna_sf_device *device;
	struct cdna_sf_vector *vector;
};

void cdna_sf_hold(void);
void cdna_sf_drop(void);
int cdna_sf_begin(void);
void cdna_sf_end(void);
struct cdna_ctx *cdna_sf_create(struct cdna_table *table);
void cdna_sf_destroy(struct cdna_ctx *ctx);

#endif /* CDNA_MDEV_SF_H */
