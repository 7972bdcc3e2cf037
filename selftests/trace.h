/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's tracing: what happened, and in which order.
 */
#ifndef SELFTEST_TRACE_H
#define SELFTEST_TRACE_H

int trace_put(const char *name, const char *value);
int trace_add(const char *name, const char *value);
int trace_clear(void);
const char *trace_read(void);

#endif /* SELFTEST_TRACE_H */
