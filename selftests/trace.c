// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "trace.h"

#define TRACING	"/sys/kernel/tracing"

static char trace_text[4 << 20];

static int put(const char *name, const char *value, int flags)
{
	char path[128];
	int fd, ret;

	/* systemd has mounted it already. */
	if (access(TRACING "/trace", F_OK))
		mount("tracefs", TRACING, "tracefs", 0, NULL);
	snprintf(path, sizeof(path), TRACING "/%s", name);
	fd = open(path, O_WRONLY | flags);
	if (fd < 0)
		return -1;
	ret = write(fd, value, strlen(value)) < 0 ? -1 : 0;
	close(fd);
	return ret;
}

/* Write a file of tracing; 0 or -1 */
int trace_put(const char *name, const char *value)
{
	return put(name, value, O_TRUNC);
}

/* Add a line to one that keeps the others */
int trace_add(const char *name, const char *value)
{
	return put(name, value, O_APPEND);
}

int trace_clear(void)
{
	return trace_put("trace", "\n");
}

/* The lines so far, or NULL; valid until the next call */
const char *trace_read(void)
{
	FILE *file = fopen(TRACING "/trace", "r");
	size_t n;

	if (!file)
		return NULL;
	n = fread(trace_text, 1, sizeof(trace_text) - 1, file);
	trace_text[n] = '\0';
	fclose(file);
	return trace_text;
}
