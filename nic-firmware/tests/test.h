/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For unit tests: cmocka, the harness, and a main().
 *
 *	static void sends_a_frame(void **state) { ... }
 *
 *	TEST_MAIN(
 *		TEST(sends_a_frame),
 *	)
 */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness.h"

/* Fail the test that runs, not the program. */
static inline void test_fail(const char *what, const char *file, int line)
{
	print_error("check failed: %s\n", what);
	_fail(file, line);
}

/* @a is within @permille of @b. */
static inline void test_near(u64 a, u64 b, u32 permille)
{
	u64 off = a > b ? a - b : b - a;

	if (off * 1000 > b * permille)
		fail_msg("%llu is too far from %llu", (unsigned long long)a,
			 (unsigned long long)b);
}

#define TEST(name)	cmocka_unit_test(name)

#define TEST_MAIN(...) \
	int main(void) \
	{ \
		const struct CMUnitTest tests[] = { __VA_ARGS__ }; \
		\
		fake_fail = test_fail; \
		return cmocka_run_group_tests(tests, NULL, NULL); \
	}

#endif /* TEST_H */
