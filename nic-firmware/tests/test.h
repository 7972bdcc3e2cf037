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
