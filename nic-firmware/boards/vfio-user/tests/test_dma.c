// SPDX-License-Identifier: GPL-2.0-only
/* DMA: what the NIC may reach of what the client has mapped. */
#include "dma_bed.h"

#include <fcntl.h>

static void the_offset_counts(void **state)
{
	struct bed *bed = *state;
	int fd = bed_memory(GUEST);
	char text[6];

	assert_int_equal(pwrite(fd, "guest", 6, 3 * PAGE + 10), 6);
	assert_int_equal(bed_map(bed, BASE, 2 * PAGE, 2 * PAGE, 3, fd), 0);
	bed_bus_master(bed, true);
	assert_int_equal(dma_read(&bed->d->dma, BASE + PAGE + 10, text, 6), 0);
	assert_string_equal(text, "guest");
	assert_int_equal(dma_write(&bed->d->dma, BASE, "nic", 4), 0);
	assert_int_equal(pread(fd, text, 4, 2 * PAGE), 4);
	assert_string_equal(text, "nic");
	close(fd);
}

static void reaches_only_what_is_mapped(void **state)
{
	struct dma *dma = dma_of(state);
	u8 byte[8] = { 0 };

	assert_int_equal(dma_read(dma, BASE, byte, 1), FW_OK);
	assert_int_equal(dma_read(dma, BASE + GUEST - 1, byte, 1), FW_OK);
	assert_int_equal(dma_read(dma, BASE - 1, byte, 1), FW_EFAULT);
	assert_int_equal(dma_read(dma, BASE + GUEST, byte, 1), FW_EFAULT);
	assert_int_equal(dma_read(dma, BASE + GUEST - 1, byte, 2), FW_EFAULT);
	assert_int_equal(dma_write(dma, ~0ull, byte, 1), FW_EFAULT);
	assert_int_equal(dma_write(dma, ~0ull - 3, byte, 8), FW_EFAULT);
	assert_int_equal(dma_write(dma, 0, byte, 8), FW_EFAULT);
	assert_int_equal(dma->faults, 6);
}

static void every_width_moves(void **state)
{
	struct dma *dma = dma_of(state);
	u8 out[256], in[256];
	u32 at, len;

	for (at = 0; at < sizeof(out); at++)
		out[at] = (u8)(at ^ 0x5a);
	for (len = 0; len <= 33; len++) {
		for (at = 0; at < 9; at++) {
			memset(in, 0, sizeof(in));
			assert_int_equal(dma_write(dma, BASE + at, out + 3,
						   len), FW_OK);
			assert_int_equal(dma_read(dma, BASE + at, in, len),
					 FW_OK);
			assert_memory_equal(in, out + 3, len);
			assert_int_equal(in[len], 0);
		}
	}
}

static void only_a_bus_master_does_dma(void **state)
{
	struct dma *dma = dma_of(state);
	u8 byte = 0;

	bed_bus_master(*state, false);
	assert_int_equal(dma_read(dma, BASE, &byte, 1), FW_EFAULT);
	assert_int_equal(dma_write(dma, BASE, &byte, 1), FW_EFAULT);
	bed_bus_master(*state, true);
	assert_int_equal(dma_read(dma, BASE, &byte, 1), FW_OK);
}

static void permissions_hold(void **state)
{
	struct bed *bed = *state;
	int fd = bed_memory(GUEST);
	u8 byte = 1;

	assert_int_equal(bed_map(bed, 0, PAGE, 0, DMA_READ, fd), 0);
	assert_int_equal(bed_map(bed, PAGE, PAGE, 0, DMA_WRITE, fd), 0);
	bed_bus_master(bed, true);
	assert_int_equal(dma_write(&bed->d->dma, 0, &byte, 1), FW_EFAULT);
	assert_int_equal(dma_read(&bed->d->dma, 0, &byte, 1), FW_OK);
	assert_int_equal(dma_read(&bed->d->dma, PAGE, &byte, 1), FW_EFAULT);
	assert_int_equal(dma_write(&bed->d->dma, PAGE, &byte, 1), FW_OK);
	/* Nor across the border of the two. */
	assert_int_equal(dma_read(&bed->d->dma, PAGE - 1, &byte, 2),
			 FW_EFAULT);
	close(fd);
}

static void a_read_only_file_can_be_read(void **state)
{
	struct bed *bed = *state;
	int fd = bed_memory(PAGE), ro;
	char path[40];
	u8 byte = 1;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ro = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(ro >= 0);
	assert_int_equal(bed_map(bed, 0, PAGE, 0, DMA_READ, ro), 0);
	assert_int_not_equal(bed_map(bed, PAGE, PAGE, 0, 3, ro), 0);
	bed_bus_master(bed, true);
	assert_int_equal(dma_read(&bed->d->dma, 0, &byte, 1), FW_OK);
	close(ro);
	close(fd);
}

static void a_map_without_memory_faults(void **state)
{
	struct bed *bed = *state;
	u8 byte = 1;

	assert_int_equal(bed_map(bed, 0, PAGE, 0, DMA_READ, -1), 0);
	bed_bus_master(bed, true);
	assert_int_equal(dma_read(&bed->d->dma, 0, &byte, 1), FW_EFAULT);
	assert_int_equal(bed_unmap(bed, 0, PAGE), 0);
}

static void a_transfer_crosses_neighbours(void **state)
{
	struct bed *bed = *state;
	int a = bed_memory(PAGE), b = bed_memory(PAGE);
	char text[8];

	assert_int_equal(bed_map(bed, PAGE, PAGE, 0, 3, b), 0);
	assert_int_equal(bed_map(bed, 0, PAGE, 0, 3, a), 0);
	bed_bus_master(bed, true);
	assert_int_equal(dma_write(&bed->d->dma, PAGE - 3, "across", 7), 0);
	assert_int_equal(dma_read(&bed->d->dma, PAGE - 3, text, 7), 0);
	assert_string_equal(text, "across");
	assert_int_equal(pread(b, text, 4, 0), 4);
	assert_string_equal(text, "oss");
	close(a);
	close(b);
}

/* It cuts its file after we mapped it: a fault and the end, not a crash. */
static void a_truncating_client_is_dropped(void **state)
{
	struct bed *bed = *state;
	int fd = bed_memory(GUEST);
	static u8 big[3 * PAGE];

	/* cmocka has put its own handler over the board's. */
	assert_true(dma_guard_install());
	assert_int_equal(bed_map(bed, 0, GUEST, 0, 3, fd), 0);
	bed_bus_master(bed, true);
	assert_int_equal(dma_write(&bed->d->dma, 0, big, sizeof(big)), FW_OK);
	assert_int_equal(ftruncate(fd, (off_t)PAGE), 0);
	/* In the middle of a copy */
	assert_int_equal(dma_read(&bed->d->dma, 0, big, sizeof(big)),
			 FW_EFAULT);
	assert_int_equal(dma_write(&bed->d->dma, 0, big, 4), FW_EFAULT);
	assert_true(bed_is_closed(bed));
	assert_int_equal(bed->d->counts.dropped, 1);
	assert_int_equal(bed->d->dma.count, 0);
	close(fd);

	/* And the next client finds a NIC that works. */
	close(bed->fd);
	bed->fd = bed_connect(bed);
	bed_negotiate(bed);
	fd = bed_memory(GUEST);
	assert_int_equal(bed_map(bed, 0, GUEST, 0, 3, fd), 0);
	bed_bus_master(bed, true);
	assert_int_equal(dma_write(&bed->d->dma, 0, big, sizeof(big)), FW_OK);
	close(fd);
}

static void a_truncated_write_faults_too(void **state)
{
	struct bed *bed = *state;
	int fd = bed_memory(GUEST);
	u32 word = 1;

	assert_true(dma_guard_install());
	assert_int_equal(bed_map(bed, 0, GUEST, 0, 3, fd), 0);
	assert_int_equal(bed_map(bed, GUEST, PAGE, 0, 3, fd), 0);
	bed_bus_master(bed, true);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(dma_write(&bed->d->dma, 8, &word, 4), FW_EFAULT);
	assert_int_equal(dma_read(&bed->d->dma, GUEST, &word, 4), FW_EFAULT);
	close(fd);
}

static void a_hole_in_the_file_is_memory(void **state)
{
	struct bed *bed = *state;
	u64 size = 1ull << 40;
	int fd = bed_memory(size);
	u32 word = 7;

	assert_int_equal(bed_map(bed, 0, size, 0, 3, fd), 0);
	bed_bus_master(bed, true);
	assert_int_equal(dma_write(&bed->d->dma, size - 4, &word, 4), FW_OK);
	assert_int_equal(dma_read(&bed->d->dma, size / 2, &word, 4), FW_OK);
	assert_int_equal(word, 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BED_TEST(the_offset_counts, bed_setup_ready),
		BED_TEST(reaches_only_what_is_mapped, setup_mapped),
		BED_TEST(every_width_moves, setup_mapped),
		BED_TEST(only_a_bus_master_does_dma, setup_mapped),
		BED_TEST(permissions_hold, bed_setup_ready),
		BED_TEST(a_read_only_file_can_be_read, bed_setup_ready),
		BED_TEST(a_map_without_memory_faults, bed_setup_ready),
		BED_TEST(a_transfer_crosses_neighbours, bed_setup_ready),
		BED_TEST(a_truncating_client_is_dropped, bed_setup_ready),
		BED_TEST(a_truncated_write_faults_too, bed_setup_ready),
		BED_TEST(a_hole_in_the_file_is_memory, bed_setup_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
