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
/* Have it refuse a command, and no longer another one; 0: none. And likewise, but of these
 * commands not the first @skip, and at most @times
 */
int nic_refuse(unsigned int opcode);
int nic_refuse_some(unsigned int opcode, unsigned int skip, unsigned int times);

#endif /* SELFTEST_NIC_H */
