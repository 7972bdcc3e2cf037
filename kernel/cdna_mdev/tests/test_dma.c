// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/dma-mapping.h>

#include "guard/cdna_dma.h"

#define ADDR	0x1234000ull

/* The host between memory and a device: whether it has room, and makes copies. */
struct device {
	bool full;
	bool bounces;
	int mapped;
	int messages;
	enum dma_data_direction dir;
};

static struct device device;

dma_addr_t dma_map_page(struct device *dev, struct page *page, size_t offset,
			size_t bytes, enum dma_data_direction dir)
{
	(void)page;
	assert_int_equal(offset, 0);
	assert_int_equal(bytes, PAGE_SIZE);
	dev->dir = dir;
	dev->mapped += !dev->full;
	return dev->full ? ~0ull : ADDR;
}

void dma_unmap_page(struct device *dev, dma_addr_t addr, size_t bytes,
		    enum dma_data_direction dir)
{
	assert_true(addr == ADDR);
	assert_int_equal(bytes, PAGE_SIZE);
	assert_int_equal(dir, dev->dir);
	dev->mapped--;
}

bool dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	(void)dev;
	return addr == ~0ull;
}

bool dma_need_sync(struct device *dev, dma_addr_t addr)
{
	assert_true(addr == ADDR);
	return dev->bounces;
}

void shim_dev_err(struct device *dev)
{
	dev->messages++;
}

static void directions(void **state)
{
	u64 dma = 0;

	(void)state;
	memset(&device, 0, sizeof(device));
	assert_int_equal(cdna_dma_map(&device, NULL, true, &dma), 0);
	assert_int_equal(device.dir, DMA_FROM_DEVICE);
	assert_true(dma == ADDR);
	cdna_dma_unmap(&device, dma, true);
	assert_int_equal(cdna_dma_map(&device, NULL, false, &dma), 0);
	assert_int_equal(device.dir, DMA_TO_DEVICE);
	cdna_dma_unmap(&device, dma, false);
	assert_int_equal(device.mapped, 0);
}

static void no_room(void **state)
{
	u64 dma = 7;

	(void)state;
	memset(&device, 0, sizeof(device));
	device.full = true;
	assert_int_equal(cdna_dma_map(&device, NULL, true, &dma), -ENOMEM);
	assert_true(dma == 7);
	assert_int_equal(device.mapped, 0);
}

/* Neither side would see what the other writes. */
static void copies_are_refused(void **state)
{
	u64 dma = 7;

	(void)state;
	memset(&device, 0, sizeof(device));
	device.bounces = true;
	assert_int_equal(cdna_dma_map(&device, NULL, false, &dma), -EOPNOTSUPP);
	assert_int_equal(cdna_dma_map(&device, NULL, true, &dma), -EOPNOTSUPP);
	assert_true(dma == 7);
	assert_int_equal(device.mapped, 0);
	assert_int_not_equal(device.messages, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directions),
		cmocka_unit_test(no_room),
		cmocka_unit_test(copies_are_refused),
	};

	return cmocka_run_group_tests_name("dma", tests, NULL, NULL);
}
