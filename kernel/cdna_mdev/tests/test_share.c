// SPDX-License-Identifier: GPL-2.0-only
/*
 * Few interrupt sources: guests that each take all they are offered leave as much
 * to the last one as the first one had (I8).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <cdna/regs.h>

#include "nic/cdna_share.h"

/* Contexts take sources one after the other. Return: those that got none */
static u32 take_all(u32 qps, u32 sources, u32 contexts)
{
	u32 share = cdna_share_qps(qps, sources, contexts);
	u32 left = sources, without = 0, i;

	assert_in_range(share, 1, qps);
	for (i = 0; i < contexts; i++) {
		if (left < share)
			without++;
		else
			left -= share;
	}
	/* Nobody could have one more: the NIC or the sources end. */
	assert_true(share == qps || left < contexts);
	return without;
}

static void everybody_gets_a_share(void **state)
{
	u32 qps, sources, contexts;

	(void)state;
	for (qps = 1; qps <= CDNA_MAX_QPS; qps++)
		for (sources = 1; sources <= 300; sources++)
			for (contexts = 1; contexts <= sources; contexts++)
				assert_int_equal(take_all(qps, sources,
							  contexts), 0);
}

static void a_large_nic_keeps_nothing_back(void **state)
{
	(void)state;
	assert_int_equal(cdna_share_qps(8, 256, 32), 8);
	assert_int_equal(cdna_share_qps(8, 255, 32), 7);
	assert_int_equal(cdna_share_qps(8, 32, 32), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_gets_a_share),
		cmocka_unit_test(a_large_nic_keeps_nothing_back),
	};

	return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}
