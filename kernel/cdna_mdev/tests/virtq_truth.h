/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is right to make of a chain that does not change meanwhile: all of it is
 * collected first, and judged by rules that do not depend on an order.
 */
#ifndef VIRTQ_TRUTH_H
#define VIRTQ_TRUTH_H

#include "virtq_machine.h"

void truth_bounds(const struct cdna_virtq *vq,
		  const struct cdna_virtq_chain *chain);
void truth_check(struct virtq_machine *m, u16 next, int ret,
		 const struct cdna_virtq_chain *chain);

#endif /* VIRTQ_TRUTH_H */
