/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mdev driver.
 */
#ifndef CDNA_DRIVER_H
#define CDNA_DRIVER_H

struct mdev_driver;

extern struct mdev_driver cdna_driver;

#endif /* CDNA_DRIVER_H */
