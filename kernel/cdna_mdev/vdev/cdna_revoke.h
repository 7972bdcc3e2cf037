/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts that an administrator takes away, and returns.
 */
#ifndef CDNA_REVOKE_H
#define CDNA_REVOKE_H

struct cdna_ctx;

void cdna_revoke_init(struct cdna_ctx *ctx);
int cdna_revoke(struct cdna_ctx *ctx);
int cdna_revoke_undo(struct cdna_ctx *ctx);
void cdna_revoke_end(struct cdna_ctx *ctx);

#endif /* CDNA_REVOKE_H */
