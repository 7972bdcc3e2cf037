/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mediated side as a whole, for the module to wire up.
 */
#ifndef CDNA_PARENT_H
#define CDNA_PARENT_H

struct cdna_client;

extern const struct cdna_client cdna_parent_client;

int cdna_parent_init(void);
void cdna_parent_exit(void);

#endif /* CDNA_PARENT_H */
