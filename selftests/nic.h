/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first NIC, its health, and cdna_refuser.ko, which makes it refuse commands.
 */
#ifndef SELFTEST_NIC_H
#define SELFTEST_NIC_H

#include <stdbool.h>
#include <stddef.h>

void nic_name(char *name, size_t size);
bool nic_is(const char *nic, const char *health);
int nic_rebind(const char *nic);
int nic_load_refuser(void);
int nic_refuse(unsigned int opcode);

#endif /* SELFTEST_NIC_H */
