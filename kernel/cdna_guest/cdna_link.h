/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of the link.
 */
#ifndef CDNA_LINK_H
#define CDNA_LINK_H

#include "cdna_dev.h"

void cdna_link_update(struct cdna_dev *dev);
void cdna_link_stop(struct cdna_dev *dev);

#endif /* CDNA_LINK_H */
