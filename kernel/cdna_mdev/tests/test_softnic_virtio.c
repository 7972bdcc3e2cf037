// SPDX-License-Identifier: GPL-2.0-only
/*
 * Received frames of virtio queues: which chains they take, and their headers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/unaligned.h>

#include "softnic_virtio.h"

#define HDR	sizeof(struct cdna_virtio_hdr)

/* Fit a frame into chains of equal descriptors. Return: the last result */
static enum softnic_fit_result fit(struct softnic_fit *at, u32 bytes, bool many,
				   u32 len, u32 chain)
{
	enum softnic_fit_result result = SOFTNIC_FIT_MORE;
	u32 n = 0;

	*at = (struct softnic_fit) { .left = bytes, .many = many };
	while (result == SOFTNIC_FIT_MORE) {
		n++;
		result = softnic_virtio_fit(at, len, n % chain == 0);
		assert_int_equal(at->descs, n);
	}
	return result;
}

static void one_chain(void **state)
{
	struct softnic_fit at;

	(void)state;
	assert_int_equal(fit(&at, HDR + 60, false, 2048, 1), SOFTNIC_FIT_DONE);
	assert_int_equal(at.descs, 1);
	assert_int_equal(at.chains, 1);
	assert_int_equal(fit(&at, 2048, false, 2048, 1), SOFTNIC_FIT_DONE);
	assert_int_equal(fit(&at, 2049, false, 2048, 1), SOFTNIC_FIT_NEVER);
	/* Legacy buffers of a guest that takes merged frames */
	assert_int_equal(fit(&at, HDR + CDNA_MAX_FRAME_BYTES, false, 4096, 18),
			 SOFTNIC_FIT_DONE);
	assert_int_equal(at.chains, 1);
}

/* Descriptors that are not needed are used as well. */
static void rest_of_a_chain_is_skipped(void **state)
{
	struct softnic_fit at;

	(void)state;
	assert_int_equal(fit(&at, HDR + 60, false, 4096, 17), SOFTNIC_FIT_DONE);
	assert_int_equal(at.descs, 17);
	assert_int_equal(at.chains, 1);
	assert_int_equal(fit(&at, 4 * 1000 + 1, true, 1000, 3),
			 SOFTNIC_FIT_DONE);
	assert_int_equal(at.descs, 6);
	assert_int_equal(at.chains, 2);
}

static void several_chains(void **state)
{
	struct softnic_fit at;

	(void)state;
	assert_int_equal(fit(&at, HDR + 9014, true, 2048, 1), SOFTNIC_FIT_DONE);
	assert_int_equal(at.chains, 5);
	/* The largest frame, and the least buffers of Linux, each on two pages */
	assert_int_equal(fit(&at, HDR + CDNA_MAX_FRAME_BYTES, true, 1536 / 2, 2),
			 SOFTNIC_FIT_DONE);
	assert_int_equal(at.chains, 43);
	/* Each chain may be long. */
	assert_int_equal(fit(&at, 40 * 100, true, 100, 25), SOFTNIC_FIT_DONE);
	assert_int_equal(at.descs, 50);
}

static void what_is_bad_has_an_end(void **state)
{
	struct softnic_fit at;

	(void)state;
	/* A byte each */
	assert_int_equal(fit(&at, HDR + 1514, true, 1, 1), SOFTNIC_FIT_NEVER);
	assert_int_equal(at.descs, SOFTNIC_MAX_FIT);
	assert_int_equal(fit(&at, SOFTNIC_MAX_FIT, true, 1, 1),
			 SOFTNIC_FIT_DONE);
	/* Chains as long as they may be, and longer */
	assert_int_equal(fit(&at, HDR + 60, true, 100, CDNA_MAX_VIRTIO_CHAIN),
			 SOFTNIC_FIT_DONE);
	assert_int_equal(at.descs, CDNA_MAX_VIRTIO_CHAIN);
	assert_int_equal(fit(&at, HDR + 60, true, 100,
			     CDNA_MAX_VIRTIO_CHAIN + 1), SOFTNIC_FIT_NEVER);
	assert_int_equal(at.descs, CDNA_MAX_VIRTIO_CHAIN);
}

static void expect_hdr(const struct softnic_meta *meta, u32 offloads,
		       u32 chains, const u8 *bytes)
{
	struct cdna_virtio_hdr hdr = softnic_virtio_hdr(meta, offloads, chains);

	assert_memory_equal(&hdr, bytes, sizeof(hdr));
}

static void plain_frames(void **state)
{
	struct softnic_meta meta = {};

	(void)state;
	expect_hdr(&meta, CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO, 1,
		   (u8 []){ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 });
	expect_hdr(&meta, 0, 0x102,
		   (u8 []){ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1 });
}

/* Virtio drivers that want no sums do not know the flag either. */
static void verified_sums(void **state)
{
	struct softnic_meta meta = { .verified = true };

	(void)state;
	expect_hdr(&meta, CDNA_OFFLOAD_RX_CSUM, 1,
		   (u8 []){ 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 });
	expect_hdr(&meta, CDNA_OFFLOAD_LRO, 1,
		   (u8 []){ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 });
}

static void sums_to_be_made(void **state)
{
	struct softnic_meta meta = {
		.partial = true, .csum_start = 34, .csum_offset = 6,
	};

	(void)state;
	expect_hdr(&meta, CDNA_OFFLOAD_RX_CSUM, 1,
		   (u8 []){ 1, 0, 0, 0, 0, 0, 34, 0, 6, 0, 1, 0 });
}

static void merged_frames(void **state)
{
	struct softnic_meta meta = {
		.partial = true, .csum_start = 34, .csum_offset = 16,
		.gso_size = 1448, .hdr_len = 66,
	};

	(void)state;
	expect_hdr(&meta, CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO, 17,
		   (u8 []){ 1, 1, 66, 0, 0xa8, 5, 34, 0, 16, 0, 17, 0 });
	meta.ip6 = true;
	meta.csum_start = 0x136;
	meta.gso_size = 8948;
	expect_hdr(&meta, CDNA_OFFLOAD_LRO, 1,
		   (u8 []){ 1, 4, 66, 0, 0xf4, 0x22, 0x36, 1, 16, 0, 1, 0 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_chain),
		cmocka_unit_test(rest_of_a_chain_is_skipped),
		cmocka_unit_test(several_chains),
		cmocka_unit_test(what_is_bad_has_an_end),
		cmocka_unit_test(plain_frames),
		cmocka_unit_test(verified_sums),
		cmocka_unit_test(sums_to_be_made),
		cmocka_unit_test(merged_frames),
	};

	return cmocka_run_group_tests_name("softnic_virtio", tests, NULL, NULL);
}
