// SPDX-License-Identifier: GPL-2.0-only
/* What the function says that it has. */
#include "bed.h"

#include <errno.h>
#include <linux/vfio.h>

static void device_info(void **state)
{
	struct vfio_device_info q = { .argsz = 16 };
	struct bed_reply r;
	u32 info[4];

	assert_int_equal(bed_call(*state, VFU_DEVICE_GET_INFO, &q, 16, &r), 0);
	assert_int_equal(r.len, 16);
	memcpy(info, r.body, 16);
	assert_int_equal(info[0], 16);
	assert_int_equal(info[1], VFIO_DEVICE_FLAGS_PCI |
				  VFIO_DEVICE_FLAGS_RESET);
	assert_int_equal(info[2], VFIO_PCI_NUM_REGIONS);
	assert_int_equal(info[3], VFIO_PCI_NUM_IRQS);
	q.argsz = 15;
	assert_int_equal(bed_call(*state, VFU_DEVICE_GET_INFO, &q, 16, &r),
			 EINVAL);
}

static void regions(void **state)
{
	static const u64 size[VFIO_PCI_NUM_REGIONS] = {
		[0] = 2 << 20, [2] = 16384, [7] = 4096,
	};
	struct vfio_region_info q = { .argsz = sizeof(q) };
	struct bed_reply r;

	for (q.index = 0; q.index < VFIO_PCI_NUM_REGIONS; q.index++) {
		struct vfio_region_info info;

		assert_int_equal(bed_call(*state, VFU_DEVICE_GET_REGION_INFO,
					  &q, sizeof(q), &r), 0);
		assert_int_equal(r.len, sizeof(info));
		memcpy(&info, r.body, sizeof(info));
		assert_int_equal(info.index, q.index);
		assert_int_equal(info.size, size[q.index]);
		/* Not to be mapped: QEMU would stop posting writes. */
		assert_int_equal(info.flags, size[q.index] ? 3 : 0);
	}
}

static void regions_out_of_bounds(void **state)
{
	static const u32 bad[] = { VFIO_PCI_NUM_REGIONS, 10, 0x80000000u, ~0u };
	struct vfio_region_info q = { .argsz = sizeof(q) };
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(bad); i++) {
		q.index = bad[i];
		assert_int_equal(bed_call(*state, VFU_DEVICE_GET_REGION_INFO,
					  &q, sizeof(q), NULL), EINVAL);
	}
	q.index = 0;
	q.argsz = sizeof(q) - 1;
	assert_int_equal(bed_call(*state, VFU_DEVICE_GET_REGION_INFO, &q,
				  sizeof(q), NULL), EINVAL);
}

static void interrupts(void **state)
{
	struct vfio_irq_info q = { .argsz = sizeof(q) };
	struct bed_reply r;

	for (q.index = 0; q.index < VFIO_PCI_NUM_IRQS; q.index++) {
		struct vfio_irq_info info;

		assert_int_equal(bed_call(*state, VFU_DEVICE_GET_IRQ_INFO, &q,
					  sizeof(q), &r), 0);
		memcpy(&info, r.body, sizeof(info));
		if (q.index == VFIO_PCI_MSIX_IRQ_INDEX) {
			assert_int_equal(info.count, CDNA_NR_VECTORS);
			assert_true(info.flags & VFIO_IRQ_INFO_EVENTFD);
		} else {
			assert_int_equal(info.count, 0);
		}
	}
	assert_int_equal(bed_call(*state, VFU_DEVICE_GET_IRQ_INFO, &q,
				  sizeof(q), NULL), EINVAL);
	q.index = 0;
	q.argsz = 0;
	assert_int_equal(bed_call(*state, VFU_DEVICE_GET_IRQ_INFO, &q,
				  sizeof(q), NULL), EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BED_TEST(device_info, bed_setup_ready),
		BED_TEST(regions, bed_setup_ready),
		BED_TEST(regions_out_of_bounds, bed_setup_ready),
		BED_TEST(interrupts, bed_setup_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
