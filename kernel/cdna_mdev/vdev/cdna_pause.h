/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device that is paused while its machine is stopped.
 */
#ifndef CDNA_PAUSE_H
#define CDNA_PAUSE_H

struct cdna_ctx;

void cdna_pause_begin(struct cdna_ctx *ctx);
void cdna_pause_end(struct cdna_ctx *ctx);

#endif /* CDNA_PAUSE_H */
