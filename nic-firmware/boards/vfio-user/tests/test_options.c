// SPDX-License-Identifier: GPL-2.0-only
/* The command line: what is taken, and what is refused. */
#include "bed.h"

static enum options_result parse(struct options *opt, const char *const *words)
{
	char *argv[16] = { (char *)(uintptr_t)"cdna-nicd" };
	int argc = 1;

	while (*words)
		argv[argc++] = (char *)(uintptr_t)*words++;
	/* 0 starts getopt again. */
	optind = 0;
	return options_parse(opt, argc, argv);
}

#define PARSE(opt, ...) \
	parse(opt, (const char *const[]){ __VA_ARGS__, NULL })

static void defaults_are_sensible(void **state)
{
	struct options a, b;

	(void)state;
	assert_int_equal(PARSE(&a, "--socket", "/tmp/a"), OPTIONS_RUN);
	assert_string_equal(a.socket, "/tmp/a");
	assert_int_equal(a.config.contexts, FW_MAX_CONTEXTS);
	assert_int_equal(a.config.mtu, 1500);
	assert_null(a.wire);
	assert_null(a.pcap);
	assert_false(a.trace);
	/* Local, unicast, the same for the same path, another for another. */
	assert_int_equal(a.config.mac[0], 0x02);
	assert_int_equal(PARSE(&b, "--socket", "/tmp/a"), OPTIONS_RUN);
	assert_memory_equal(a.config.mac, b.config.mac, 6);
	assert_int_equal(PARSE(&b, "--socket", "/tmp/b"), OPTIONS_RUN);
	assert_memory_not_equal(a.config.mac, b.config.mac, 6);
}

static void all_options_are_taken(void **state)
{
	static const u8 mac[] = { 0x02, 0xab, 0, 1, 0xFE, 0xff };
	struct options opt;

	(void)state;
	assert_int_equal(PARSE(&opt, "--socket=/tmp/a", "--wire", "unix:/w",
			       "--mac", "02:AB:00:01:fe:ff", "--contexts", "7",
			       "--mtu=9000", "--speed", "25000", "--pcap", "p",
			       "--trace", "--log", "l"), OPTIONS_RUN);
	assert_string_equal(opt.wire, "unix:/w");
	assert_memory_equal(opt.config.mac, mac, 6);
	assert_int_equal(opt.config.contexts, 7);
	assert_int_equal(opt.config.mtu, 9000);
	assert_int_equal(opt.config.speed, 25000);
	assert_string_equal(opt.pcap, "p");
	assert_string_equal(opt.log, "l");
	assert_true(opt.trace);
}

static void bad_values_are_refused(void **state)
{
	static const char * const bad[][2] = {
		{ "--mac", "" }, { "--mac", "02:00:00:00:00" },
		{ "--mac", "02:00:00:00:00:00:00" },
		{ "--mac", "01:00:00:00:00:01" },
		{ "--mac", "00:00:00:00:00:00" },
		{ "--mac", "02:0:00:00:00:01" },
		{ "--mac", "02:000:00:00:00:01" },
		{ "--mac", "02-00-00-00-00-01" },
		{ "--mac", " 2:00:00:00:00:01" },
		{ "--mac", "02: 1:00:00:00:01" },
		{ "--mac", "02:00:00:00:00:01 " },
		{ "--contexts", "0" }, { "--contexts", "257" },
		{ "--contexts", "-1" }, { "--contexts", "" },
		{ "--contexts", "1x" }, { "--contexts", "99999999999999999999" },
		{ "--mtu", "575" }, { "--mtu", "9001" }, { "--mtu", "65536" },
		{ "--speed", "0" }, { "--speed", "4294967297" },
		{ "--wire", "eth0" }, { "--socket", "" },
		{ "--frobnicate", "1" }, { "stray", "word" },
	};
	struct options opt;
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(bad); i++)
		assert_int_equal(PARSE(&opt, "--socket", "/tmp/a", bad[i][0],
				       bad[i][1]), OPTIONS_BAD);
}

static void a_socket_is_needed(void **state)
{
	char path[200];
	struct options opt;

	(void)state;
	assert_int_equal(PARSE(&opt, "--trace"), OPTIONS_BAD);
	memset(path, 'x', sizeof(path));
	path[108] = '\0';
	assert_int_equal(PARSE(&opt, "--socket", path), OPTIONS_BAD);
	path[107] = '\0';
	assert_int_equal(PARSE(&opt, "--socket", path), OPTIONS_RUN);
}

static void a_missing_value_is_refused(void **state)
{
	struct options opt;

	(void)state;
	assert_int_equal(PARSE(&opt, "--socket"), OPTIONS_BAD);
	assert_int_equal(PARSE(&opt, "--socket", "/tmp/a", "--trace=yes"),
			 OPTIONS_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_sensible),
		cmocka_unit_test(all_options_are_taken),
		cmocka_unit_test(bad_values_are_refused),
		cmocka_unit_test(a_socket_is_needed),
		cmocka_unit_test(a_missing_value_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
