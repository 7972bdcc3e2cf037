/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mediated side as a whole, for the module to wire up.
 */
#ifndef CDNA_CLIENT_H
#define CDNA_CLIENT_H

struct cdna_client;

extern const struct cdna_client cdna_client;

int cdna_client_init(void);
void cdna_client_exit(void);

#endif /* CDNA_CLIENT_H */
