// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "env.h"

/*
 * The number in an environment variable, or another one if that is unset or
 * empty. Any other value ends the program.
 */
uint64_t env_number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	unsigned long long number;
	char *end;

	if (!text || !*text)
		return otherwise;
	errno = 0;
	number = strtoull(text, &end, 0);
	if (errno || *end || *text == '-') {
		printf("Bail out! %s has to be a number, not '%s'\n", name,
		       text);
		exit(1);
	}
	return number;
}

/* The next of pseudo-random numbers (xorshift64), whose state is not 0 */
uint64_t env_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}
