/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why queues were stopped.
 */
#ifndef CDNA_FAULTS_H
#define CDNA_FAULTS_H

#include "cdna_dev.h"

u32 cdna_faults_find(struct cdna_dev *dev);
bool cdna_faults_broken(const struct cdna_dev *dev);

#endif /* CDNA_FAULTS_H */
