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
	int pages;
	int messages;
	enum dma_data_direction dir;
};

static struct device device;

dma_addr_t dma_map_page_attrs(struct device *dev, struct page *page,
			      size_t offset, size_t bytes,
			      enum dma_data_direction dir, unsigned long attrs)
{
	(void)page;
	assert_int_equal(attrs, DMA_ATTR_SKIP_CPU_SYNC);
	assert_int_equal(offset, 0);
	assert_int_equal(bytes, PAGE_SIZE);
	dev->dir = dir;
	dev->mapped += !dev->full;
	return dev->full ? ~0ull : ADDR;
}

void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t bytes,
			  enum dma_data_direction dir, unsigned long attrs)
{
	assert_int_equal(attrs, DMA_ATTR_SKIP_CPU_SYNC);
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

/* A page is known by its address, and memory by where it is. */
u64 page_to_phys(struct page *page)
{
	return (uintptr_t)page;
}

u64 virt_to_phys(void *memory)
{
	return (uintptr_t)memory;
}

void *alloc_pages_exact(size_t bytes, gfp_t gfp)
{
	assert_true(gfp & __GFP_ZERO);
	device.pages++;
	return device.full ? NULL : calloc(1, bytes);
}

void free_pages_exact(void *memory, size_t bytes)
{
	(void)bytes;
	device.pages--;
	free(memory);
}

void *dma_alloc_coherent(struct device *dev, size_t bytes, dma_addr_t *dma,
			 gfp_t gfp)
{
	(void)gfp;
	*dma = ADDR;
	dev->mapped++;
	return calloc(1, bytes);
}

void dma_free_coherent(struct device *dev, size_t bytes, void *memory,
		       dma_addr_t dma)
{
	(void)bytes;
	assert_true(dma == ADDR);
	dev->mapped--;
	free(memory);
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

/* A provider that is code of this kernel */
static void no_device(void **state)
{
	dma_addr_t dma = 7;
	void *memory;
	u64 addr = 7;

	(void)state;
	memset(&device, 0, sizeof(device));
	assert_int_equal(cdna_dma_map(NULL, (struct page *)(uintptr_t)ADDR, true,
				      &addr), 0);
	assert_true(addr == ADDR);
	cdna_dma_unmap(NULL, addr, true);

	memory = cdna_dma_alloc(NULL, 64, &dma, GFP_KERNEL);
	assert_non_null(memory);
	assert_true(dma == (uintptr_t)memory);
	cdna_dma_free(NULL, 64, memory, dma);
	assert_int_equal(device.pages, 0);
	device.full = true;
	assert_null(cdna_dma_alloc(NULL, 64, &dma, GFP_KERNEL));
	assert_int_equal(device.mapped, 0);
}

static void rings_of_a_device(void **state)
{
	dma_addr_t dma = 7;
	void *memory;

	(void)state;
	memset(&device, 0, sizeof(device));
	memory = cdna_dma_alloc(&device, 64, &dma, GFP_KERNEL);
	assert_true(dma == ADDR);
	assert_int_equal(device.mapped, 1);
	cdna_dma_free(&device, 64, memory, dma);
	assert_int_equal(device.mapped, 0);
	assert_int_equal(device.pages, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directions),
		cmocka_unit_test(no_room),
		cmocka_unit_test(copies_are_refused),
		cmocka_unit_test(no_device),
		cmocka_unit_test(rings_of_a_device),
	};

	return cmocka_run_group_tests_name("dma", tests, NULL, NULL);
}
