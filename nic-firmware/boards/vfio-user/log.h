/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_LOG_H
#define NICD_LOG_H

#include <stdbool.h>
#include <stdio.h>

bool log_open(const char *path);
void log_close(void);
FILE *log_file(void);
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_client(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_trace(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* NICD_LOG_H */
