/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probe and removal, as far as all buses have them in common.
 */
#ifndef CDNA_PROBE_H
#define CDNA_PROBE_H

#include "cdna_dev.h"

int cdna_probe_start(struct cdna_dev *dev);
int cdna_probe_finish(struct cdna_dev *dev);
void cdna_probe_abort(struct cdna_dev *dev);
void cdna_probe_undo(struct cdna_dev *dev);

#endif /* CDNA_PROBE_H */
