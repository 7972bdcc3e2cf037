/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls; it brings no header of its own for C. */
#ifndef LIBFUZZER_H
#define LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* LIBFUZZER_H */
