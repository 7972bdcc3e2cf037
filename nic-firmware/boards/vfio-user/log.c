// SPDX-License-Identifier: GPL-2.0-only
/*
 * The log: standard error or a file. What a client or a peer can cause is
 * limited in rate, so that neither can fill a disk; a trace is not, because
 * a user asked for it.
 */
#include "log.h"

#include <stdarg.h>

#include "clock.h"

#define LOG_CLIENT_PER_SEC	10

/* A process has one log, as it has one standard error. */
static FILE *log_out;
static u64 log_second;
static unsigned int log_count;
static unsigned int log_suppressed;

/**
 * log_open() - log to a file from now on
 * @path: appended to; NULL: standard error
 *
 * Return: false if it cannot be opened, with errno set.
 */
bool log_open(const char *path)
{
	FILE *out;

	if (!path)
		return true;
	out = fopen(path, "ae");
	if (!out)
		return false;
	setvbuf(out, NULL, _IOLBF, 0);
	log_out = out;
	return true;
}

void log_close(void)
{
	if (log_out)
		fclose(log_out);
	log_out = NULL;
}

/**
 * log_file() - the stream behind the log
 *
 * Return: for those who print tables.
 */
FILE *log_file(void)
{
	return log_out ? log_out : stderr;
}

static void log_line(const char *prefix, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static void log_line(const char *prefix, const char *fmt, va_list args)
{
	u64 now = clock_now_ns();
	FILE *out = log_file();

	fprintf(out, "[%6llu.%06llu] cdna-nicd: %s",
		(unsigned long long)(now / CLOCK_NS_PER_SEC),
		(unsigned long long)(now % CLOCK_NS_PER_SEC / 1000), prefix);
	vfprintf(out, fmt, args);
	fputc('\n', out);
}

void log_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_line("error: ", fmt, args);
	va_end(args);
}

void log_info(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_line("", fmt, args);
	va_end(args);
}

/* Whether one more line in this second is fine */
static bool log_may(void)
{
	u64 second = clock_now_ns() / CLOCK_NS_PER_SEC;

	if (second != log_second) {
		if (log_suppressed)
			log_info("%u more lines were suppressed",
				 log_suppressed);
		log_second = second;
		log_count = 0;
		log_suppressed = 0;
	}
	if (log_count < LOG_CLIENT_PER_SEC) {
		log_count++;
		return true;
	}
	log_suppressed++;
	return false;
}

/**
 * log_client() - tell something that a client or a peer can cause at will
 * @fmt: as for printf()
 */
void log_client(const char *fmt, ...)
{
	va_list args;

	if (!log_may())
		return;
	va_start(args, fmt);
	log_line("", fmt, args);
	va_end(args);
}

void log_trace(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_line("", fmt, args);
	va_end(args);
}
