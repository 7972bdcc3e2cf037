/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * devlink, as administrators run it.
 */
#ifndef RUN_DEVLINK_H
#define RUN_DEVLINK_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* Run devlink. Its output, with errors, is in text. Return: its status */
static inline int run_devlink(char *text, size_t size, const char *format, ...)
{
	char command[512] = "devlink ";
	size_t used = strlen(command);
	va_list args;
	FILE *pipe;
	int status;

	va_start(args, format);
	used += vsnprintf(command + used, sizeof(command) - used, format, args);
	va_end(args);
	snprintf(command + used, sizeof(command) - used, " 2>&1");
	pipe = popen(command, "r");
	if (!pipe)
		return -1;
	used = fread(text, 1, size - 1, pipe);
	text[used] = '\0';
	status = pclose(pipe);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* In a fixture with text, what devlink said last */
#define DEVLINK(...) run_devlink(self->text, sizeof(self->text), __VA_ARGS__)
#define SAYS(what) ({							\
	bool found = strstr(self->text, what);				\
	if (!found)							\
		TH_LOG("not in it: '%s'; it is: %s", what, self->text);	\
	found;								\
})

#endif /* RUN_DEVLINK_H */
