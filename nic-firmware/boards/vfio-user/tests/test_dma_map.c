// SPDX-License-Identifier: GPL-2.0-only
/* DMA: what the client may map, and what it unmaps. */
#include "dma_bed.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>

static void malformed_maps_are_refused(void **state)
{
	static const struct {
		u64 iova, size, offset;
		u32 prot;
	} bad[] = {
		{ 0, 0, 0, 3 },
		{ 1, PAGE, 0, 3 },
		{ 0, PAGE + 1, 0, 3 },
		{ 0, PAGE, 1, 3 },
		{ 0, PAGE, 0, 0 },
		{ 0, PAGE, 0, 4 },
		{ 0, PAGE, 0, 0x80000003 },
		{ ~0ull - PAGE + 1, PAGE, 0, 3 },
		{ PAGE, ~0ull - PAGE + 1, 0, 3 },
		{ 0, 65 * PAGE, 0, 3 },
		{ 0, PAGE, GUEST, 3 },
		{ 0, 2 * PAGE, GUEST - PAGE, 3 },
		{ 0, PAGE, ~0ull - PAGE + 1, 3 },
		{ 0, PAGE, 1ull << 63, 3 },
		{ 0, PAGE, (1ull << 63) - PAGE, 3 },
	};
	struct bed *bed = *state;
	int fd = bed_memory(GUEST);
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(bad); i++)
		assert_int_equal(bed_map(bed, bad[i].iova, bad[i].size,
					 bad[i].offset, bad[i].prot, fd),
				 EINVAL);
	assert_int_equal(bed->d->dma.count, 0);
	close(fd);
}

static void what_is_no_memory_is_refused(void **state)
{
	static const char * const paths[] = {
		"/dev/zero", "/dev/null", "/proc/self/status", "/etc/passwd",
		"/",
	};
	int ends[2], fd;
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(paths); i++) {
		fd = open(paths[i], O_RDONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		assert_int_equal(bed_map(*state, 0, PAGE, 0, DMA_READ, fd),
				 EINVAL);
		close(fd);
	}
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(bed_map(*state, 0, PAGE, 0, DMA_READ, ends[0]),
			 EINVAL);
	close(ends[0]);
	close(ends[1]);
}

static void overlaps_are_refused(void **state)
{
	static const struct {
		u64 iova, size;
	} bad[] = {
		{ BASE, PAGE }, { BASE - PAGE, 2 * PAGE },
		{ BASE + GUEST - PAGE, PAGE }, { BASE - PAGE, GUEST },
		{ 0, 1 << 30 }, { BASE + PAGE, PAGE }, { BASE, GUEST },
	};
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(bad); i++)
		assert_int_equal(bed_map(*state, bad[i].iova, bad[i].size, 0,
					 3, -1), EEXIST);
	assert_int_equal(bed_map(*state, BASE - PAGE, PAGE, 0, 3, -1), 0);
	assert_int_equal(bed_map(*state, BASE + GUEST, PAGE, 0, 3, -1), 0);
}

static void maps_are_limited_in_number(void **state)
{
	struct bed *bed = *state;
	int fd = bed_memory(PAGE);
	u8 byte;
	u64 i;

	/* Backwards, so that each goes before the others. */
	for (i = DMA_MAX_MAPS; i-- > 0;)
		assert_int_equal(bed_map(bed, i * 2 * PAGE, PAGE, 0, 3, fd),
				 0);
	assert_int_equal(bed_map(bed, DMA_MAX_MAPS * 2 * PAGE, PAGE, 0, 3, fd),
			 ENOSPC);
	bed_bus_master(bed, true);
	for (i = 0; i < DMA_MAX_MAPS; i++) {
		assert_int_equal(dma_read(&bed->d->dma, i * 2 * PAGE, &byte,
					  1), FW_OK);
		assert_int_equal(dma_read(&bed->d->dma, i * 2 * PAGE + PAGE,
					  &byte, 1), FW_EFAULT);
	}
	assert_int_equal(bed_unmap(bed, 20 * PAGE, PAGE), 0);
	assert_int_equal(bed_map(bed, DMA_MAX_MAPS * 2 * PAGE, PAGE, 0, 3, fd),
			 0);
	close(fd);
}

static void unmap_takes_it_away(void **state)
{
	struct dma *dma = dma_of(state);
	u8 byte;

	assert_int_equal(dma_read(dma, BASE, &byte, 1), FW_OK);
	assert_int_equal(bed_unmap(*state, BASE, GUEST), 0);
	assert_int_equal(dma_read(dma, BASE, &byte, 1), FW_EFAULT);
	assert_int_equal(bed_unmap(*state, BASE, GUEST), ENOENT);
}

static void unmap_takes_all_inside(void **state)
{
	struct bed *bed = *state;
	struct vfu_dma_unmap u = { .argsz = 24, .iova = PAGE,
				   .size = 8 * PAGE };
	struct bed_reply r;
	u64 i;

	for (i = 0; i < 10; i++)
		assert_int_equal(bed_map(bed, i * PAGE, PAGE, 0, 3, -1), 0);
	assert_int_equal(bed_call(bed, VFU_DMA_UNMAP, &u, sizeof(u), &r), 0);
	assert_int_equal(r.len, sizeof(u));
	memcpy(&u, r.body, sizeof(u));
	assert_int_equal(u.size, 8 * PAGE);
	assert_int_equal(bed->d->dma.count, 2);
	assert_int_equal(bed->d->dma.map[1].iova, 9 * PAGE);
}

static void unmap_splits_nothing(void **state)
{
	assert_int_equal(bed_unmap(*state, BASE, PAGE), EINVAL);
	assert_int_equal(bed_unmap(*state, BASE + PAGE, GUEST), EINVAL);
	assert_int_equal(bed_unmap(*state, 0, BASE + PAGE), EINVAL);
	assert_int_equal(bed_unmap(*state, BASE, 0), EINVAL);
	assert_int_equal(bed_unmap(*state, BASE, ~0ull), EINVAL);
	assert_int_equal(dma_of(state)->count, 1);
}

static void unmap_all(void **state)
{
	struct vfu_dma_unmap u = { .argsz = 24,
				   .flags = VFIO_DMA_UNMAP_FLAG_ALL,
				   .size = PAGE };

	assert_int_equal(bed_call(*state, VFU_DMA_UNMAP, &u, sizeof(u), NULL),
			 EINVAL);
	u.size = 0;
	assert_int_equal(bed_call(*state, VFU_DMA_UNMAP, &u, sizeof(u), NULL),
			 0);
	assert_int_equal(dma_of(state)->count, 0);
	u.flags = VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP;
	assert_int_equal(bed_call(*state, VFU_DMA_UNMAP, &u, sizeof(u), NULL),
			 EINVAL);
}

static void pipelined_maps_are_answered_in_order(void **state)
{
	struct bed *bed = *state;
	struct vfu_dma_map m = { .argsz = 32, .flags = 3, .size = PAGE };
	struct bed_reply r;
	u16 first = (u16)(bed->id + 1);
	int fd = bed_memory(PAGE), i;

	for (i = 0; i < 20; i++) {
		m.iova = (u64)i * PAGE;
		bed_send(bed, VFU_DMA_MAP, 0, &m, sizeof(m), &fd, i % 2);
	}
	for (i = 0; i < 20; i++) {
		assert_true(bed_receive(bed, &r));
		assert_int_equal(r.header.id, first + i);
		assert_int_equal(r.header.error, 0);
	}
	assert_int_equal(bed->d->dma.count, 20);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BED_TEST(malformed_maps_are_refused, bed_setup_ready),
		BED_TEST(what_is_no_memory_is_refused, bed_setup_ready),
		BED_TEST(overlaps_are_refused, setup_mapped),
		BED_TEST(maps_are_limited_in_number, bed_setup_ready),
		BED_TEST(unmap_takes_it_away, setup_mapped),
		BED_TEST(unmap_takes_all_inside, bed_setup_ready),
		BED_TEST(unmap_splits_nothing, setup_mapped),
		BED_TEST(unmap_all, setup_mapped),
		BED_TEST(pipelined_maps_are_answered_in_order,
			 bed_setup_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
