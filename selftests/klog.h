/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's log, from some moment on.
 */
#ifndef SELFTEST_KLOG_H
#define SELFTEST_KLOG_H

/* A file for klog_lines(), at the end of the log; -1 if there is none */
int klog_open(void);
/* Lines that were not read yet and contain a word */
int klog_lines(int log, const char *word);

#endif /* SELFTEST_KLOG_H */
