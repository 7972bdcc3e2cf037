/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contexts as devlink ports.
 */
#ifndef CDNA_PORT_H
#define CDNA_PORT_H

struct cdna_ctx;

int cdna_port_create(struct cdna_ctx *ctx);
void cdna_port_destroy(struct cdna_ctx *ctx);

#endif /* CDNA_PORT_H */
