// SPDX-License-Identifier: GPL-2.0-only
/* VERSION: first, once, and well-formed. */
#include "bed.h"

#include <errno.h>
#include <json-c/json.h>

static u32 version(struct bed *bed, u16 major, const char *json, u32 len,
		   struct bed_reply *reply)
{
	u8 body[MSG_MAX_BYTES] = { 0 };

	memcpy(body, &major, sizeof(major));
	if (len)
		memcpy(body + 4, json, len);
	return bed_call(bed, VFU_VERSION, body, 4 + len, reply);
}

static u32 version_json(struct bed *bed, const char *json)
{
	return version(bed, 0, json, (u32)strlen(json) + 1, NULL);
}

static void tells_what_it_is_capable_of(void **state)
{
	static const char qemu[] = {
		"{\"capabilities\": {\"migration\": {\"max_bitmap_size\": 268435456, \"pgsize\": 4096}, \"max_msg_fds\": 16, \"max_data_xfer_size\": 1048576, \"pgsizes\": 4096, \"max_dma_maps\": 65535, \"write_multiple\": true}}",
	};
	struct json_object *root, *caps, *value;
	struct bed_reply r;
	u16 v[2];

	assert_int_equal(version(*state, 0, qemu, sizeof(qemu), &r), 0);
	memcpy(v, r.body, sizeof(v));
	assert_int_equal(v[0], 0);
	assert_int_equal(v[1], 0);
	assert_int_equal(r.body[r.len - 1], 0);
	assert_int_equal(strlen((char *)r.body + 4), r.len - 5);
	/* QEMU has no room for a reply longer than its question. */
	assert_true(r.len <= 4 + sizeof(qemu));
	root = json_tokener_parse((char *)r.body + 4);
	assert_true(json_object_object_get_ex(root, "capabilities", &caps));
	assert_true(json_object_object_get_ex(caps, "max_msg_fds", &value));
	assert_true(json_object_get_int(value) <= 16);
	assert_true(json_object_object_get_ex(caps, "write_multiple", &value));
	assert_true(json_object_get_boolean(value));
	json_object_put(root);
}

static void takes_a_client_of_few_words(void **state)
{
	assert_int_equal(version(*state, 0, NULL, 0, NULL), 0);
}

static void refuses_another_major(void **state)
{
	assert_int_equal(version(*state, 1, NULL, 0, NULL), ENOTSUP);
	assert_int_equal(version(*state, 0, NULL, 0, NULL), 0);
}

static void refuses_a_second_version(void **state)
{
	assert_int_equal(version_json(*state, "{}"), 0);
	assert_int_equal(version_json(*state, "{}"), EINVAL);
}

static void refuses_anything_before_it(void **state)
{
	struct bed *bed = *state;
	u32 cmd;

	for (cmd = VFU_VERSION + 1; cmd < VFU_NR_CMDS; cmd++) {
		u8 body[64] = { 16 };

		assert_int_not_equal(bed_call(bed, cmd, body, 16, NULL), 0);
	}
	assert_int_equal(bed_map(bed, 0, 4096, 0, DMA_READ, -1), EINVAL);
	assert_int_equal(bed->d->dma.count, 0);
}

static void refuses_malformed_json(void **state)
{
	static const char * const bad[] = {
		"", "{", "[]", "\"x\"", "{}x", "garbage",
		"{\"capabilities\":3}",
		"{\"capabilities\":{\"max_msg_fds\":\"many\"}}",
		"{\"capabilities\":{\"max_msg_fds\":-1}}",
		"{\"capabilities\":{\"pgsizes\":1.5}}",
		"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":0}}}}}}}}}",
	};
	struct bed *bed = *state;
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(bad); i++)
		assert_int_equal(version_json(bed, bad[i]), EINVAL);
	assert_false(bed->d->negotiated);
	assert_int_equal(version_json(bed, "{}"), 0);
}

static void wants_one_nul_at_the_end(void **state)
{
	assert_int_equal(version(*state, 0, "{}", 2, NULL), EINVAL);
	assert_int_equal(version(*state, 0, "{}\0{}", 6, NULL), EINVAL);
	assert_int_equal(version(*state, 0, "{}\0\0", 4, NULL), EINVAL);
	assert_int_equal(version(*state, 0, "{}", 3, NULL), 0);
}

static void bounds_the_json(void **state)
{
	struct bed *bed = *state;
	static char json[MSG_MAX_BYTES];
	u32 len = MSG_MAX_BYTES - sizeof(struct msg_header) - 4;

	memset(json, ' ', sizeof(json));
	json[0] = '{';
	json[len - 2] = '}';
	json[len - 1] = '\0';
	assert_int_equal(version(bed, 0, json, len, NULL), 0);
}

static void refuses_a_short_one(void **state)
{
	u8 body[4] = { 0 };
	u32 len;

	for (len = 0; len < 4; len++)
		assert_int_equal(bed_call(*state, VFU_VERSION, body, len,
					  NULL), EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BED_TEST(tells_what_it_is_capable_of, bed_setup_connected),
		BED_TEST(takes_a_client_of_few_words, bed_setup_connected),
		BED_TEST(refuses_another_major, bed_setup_connected),
		BED_TEST(refuses_a_second_version, bed_setup_connected),
		BED_TEST(refuses_anything_before_it, bed_setup_connected),
		BED_TEST(refuses_malformed_json, bed_setup_connected),
		BED_TEST(wants_one_nul_at_the_end, bed_setup_connected),
		BED_TEST(bounds_the_json, bed_setup_connected),
		BED_TEST(refuses_a_short_one, bed_setup_connected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
