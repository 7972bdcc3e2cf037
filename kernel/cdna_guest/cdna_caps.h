/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The capabilities of the device.
 */
#ifndef CDNA_CAPS_H
#define CDNA_CAPS_H

#include "cdna_dev.h"

int cdna_caps_identify(struct cdna_dev *dev);
int cdna_caps_same(struct cdna_dev *dev);

#endif /* CDNA_CAPS_H */
