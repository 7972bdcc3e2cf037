// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's log, from some moment on.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "klog.h"

int klog_open(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	return log;
}

/* EPIPE: lines were lost since the last one that was read. */
int klog_lines(int log, const char *word)
{
	char line[8192];
	int lines = 0;
	ssize_t n;

	for (;;) {
		n = read(log, line, sizeof(line) - 1);
		if (n < 0 && errno == EPIPE)
			continue;
		if (n <= 0)
			return lines;
		line[n] = '\0';
		lines += !!strstr(line, word);
	}
}
