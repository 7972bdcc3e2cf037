/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the environment may choose for a test: how long, how often, which seed,
 * and what follows from that.
 */
#ifndef SELFTEST_ENV_H
#define SELFTEST_ENV_H

#include <stdint.h>

uint64_t env_number(const char *name, uint64_t otherwise);
uint64_t env_random(uint64_t *state);

#endif /* SELFTEST_ENV_H */
