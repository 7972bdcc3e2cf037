// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a ring's memory is: in a row, or a list of pages.
 */
#include "test.h"

#define CTX		5

/* fw_ring_map() with a page list of the given entries. */
static int map(struct h *h, u64 bytes, u64 addr, u32 pages, u32 flags,
	       u64 *page)
{
	struct cdna_ring_ref ref = {
		.addr = fw_to_le64(addr), .pages = fw_to_le16((u16)pages),
		.flags = fw_to_le16((u16)flags),
	};

	return fw_ring_map(h->nic, page, FW_RING_MAX_PAGES, bytes, &ref);
}

static void maps_contiguous(void **state)
{
	struct h *h = h_new(NULL);
	u64 page[FW_RING_MAX_PAGES];
	u32 i;

	(void)state;
	assert_int_equal(map(h, 131072, 0x12340, 0, 0, page), FW_OK);
	for (i = 0; i < FW_RING_MAX_PAGES; i++)
		assert_int_equal(page[i], 0x12340 + i * 4096);
	assert_int_equal(map(h, 1024, 0xfffffffffffffc00 - 64, 0, 0, page),
			 FW_OK);
	assert_int_equal(map(h, 2048, 0xfffffffffffffc00, 0, 0, page),
			 FW_EINVAL);
	assert_int_equal(map(h, 1024, 0x12344, 0, 0, page), FW_EINVAL);
	assert_int_equal(map(h, 1024, 0x12340, 1, 0, page), FW_EINVAL);
	assert_int_equal(map(h, 1024, 0x12340, 0, 2, page), FW_EINVAL);
	assert_int_equal(map(h, 131073, 0x12340, 0, 0, page), FW_EINVAL);
	assert_int_equal(map(h, 1ull << 40, 0x12340, 0, 0, page), FW_EINVAL);
	assert_int_equal(map(h, 0, 0x12340, 0, 0, page), FW_EINVAL);
	h_free(h);
}

static void maps_page_lists(void **state)
{
	struct h *h = h_new(NULL);
	u64 list = fake_alloc(h->board, FW_DMA_HOST, 32 * 8, 8);
	__le64 *entry = fake_ptr(h->board, list);
	u64 page[FW_RING_MAX_PAGES];
	u32 i;

	(void)state;
	for (i = 0; i < 32; i++)
		entry[i] = fw_to_le64((u64)(i * 7 + 1) << 36 | 0x5000);
	assert_int_equal(map(h, 131072, list, 32, 1, page), FW_OK);
	for (i = 0; i < 32; i++)
		assert_int_equal(page[i], (u64)(i * 7 + 1) << 36 | 0x5000);
	assert_int_equal(map(h, 1024, list, 1, 1, page), FW_OK);
	assert_int_equal(map(h, 4097, list, 2, 1, page), FW_OK);
	assert_int_equal(map(h, 4097, list, 1, 1, page), FW_EINVAL);
	assert_int_equal(map(h, 4096, list, 2, 1, page), FW_EINVAL);
	assert_int_equal(map(h, 1024, list, 0, 1, page), FW_EINVAL);
	assert_int_equal(map(h, 1024, list + 4, 1, 1, page), FW_EINVAL);
	assert_int_equal(map(h, 1024, list, 1, 3, page), FW_EINVAL);
	assert_int_equal(map(h, 1024, 0, 1, 1, page), FW_EFAULT);
	/* The list is the host's memory, not the context's. */
	assert_int_equal(map(h, 1024, FAKE_CTX_BUS(CTX), 1, 1, page),
			 FW_EFAULT);
	entry[1] = fw_to_le64(0x5010);
	assert_int_equal(map(h, 8192, list, 2, 1, page), FW_EINVAL);
	h_free(h);
}

TEST_MAIN(
	TEST(maps_contiguous),
	TEST(maps_page_lists),
)
