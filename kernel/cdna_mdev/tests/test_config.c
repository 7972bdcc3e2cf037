// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/array_size.h>
#include <cdna/vdev.h>
#include <linux/pci_regs.h>
#include <linux/unaligned.h>

#include "vdev/cdna_config.h"
#include "vdev/cdna_virtio_layout.h"

static u32 get(const struct cdna_config *config, u32 offset, size_t bytes)
{
	u8 raw[4] = { 0 };

	assert_int_equal(cdna_config_read(config, offset, raw, bytes), 0);
	return get_unaligned_le32(raw);
}

static void identity(void **state)
{
	struct cdna_config config;

	(void)state;
	cdna_config_init(&config, CDNA_CONFIG_CDNA);
	assert_int_equal(get(&config, PCI_VENDOR_ID, 2), CDNA_PCI_VENDOR_ID);
	assert_int_equal(get(&config, PCI_DEVICE_ID, 2),
			 CDNA_PCI_DEVICE_ID_CONTEXT);
	assert_int_equal(get(&config, PCI_CLASS_DEVICE, 2), 0x0200);
	assert_int_equal(get(&config, PCI_CLASS_REVISION, 1), 1);
	assert_int_equal(get(&config, PCI_STATUS, 2), PCI_STATUS_CAP_LIST);
}

static void capability_list(void **state)
{
	struct cdna_config config;
	u32 at;

	(void)state;
	cdna_config_init(&config, CDNA_CONFIG_CDNA);
	at = get(&config, PCI_CAPABILITY_LIST, 1);
	assert_int_equal(get(&config, at, 1), PCI_CAP_ID_MSIX);
	assert_int_equal(get(&config, at + 1, 1), 0);
	assert_int_equal(get(&config, at + PCI_MSIX_FLAGS, 2) &
			 PCI_MSIX_FLAGS_QSIZE, CDNA_VDEV_NR_VECTORS - 1);
	assert_int_equal(get(&config, at + PCI_MSIX_TABLE, 4) &
			 PCI_MSIX_TABLE_BIR, CDNA_VDEV_BAR_MSIX);
}

/* Each structure of a virtio device in the BAR where it is, once */
static void virtio_structures(void **state)
{
	struct cdna_config config;
	u32 at, type, seen = 0;

	(void)state;
	cdna_config_init(&config, CDNA_CONFIG_VIRTIO);
	assert_int_equal(get(&config, PCI_VENDOR_ID, 2), 0x1af4);
	assert_int_equal(get(&config, PCI_DEVICE_ID, 2), 0x1041);
	assert_true(get(&config, PCI_REVISION_ID, 1) >= 1);
	at = get(&config, PCI_CAPABILITY_LIST, 1);
	assert_int_equal(get(&config, at, 1), PCI_CAP_ID_MSIX);
	assert_int_equal(get(&config, at + PCI_MSIX_FLAGS, 2) &
			 PCI_MSIX_FLAGS_QSIZE, CDNA_VIRTIO_NR_VECTORS - 1);
	while ((at = get(&config, at + 1, 1))) {
		assert_true(at % 4 == 0 && at <= 256 - 20);
		assert_int_equal(get(&config, at, 1), PCI_CAP_ID_VNDR);
		type = get(&config, at + 3, 1);
		assert_false(seen & 1u << type);
		seen |= 1u << type;
		assert_int_equal(get(&config, at + 2, 1),
				 type == 2 || type == 5 ? 20 : 16);
		if (type == 5)
			continue;
		assert_int_equal(get(&config, at + 4, 1),
				 type == 2 ? CDNA_VDEV_BAR_MAILBOX :
					     CDNA_VDEV_BAR_REGS);
		assert_true(get(&config, at + 8, 4) +
			    get(&config, at + 12, 4) <= 4096);
		if (type == 2)
			assert_int_equal(get(&config, at + 16, 4), 4);
	}
	/* Common, notification, interrupt status, device, window */
	assert_int_equal(seen, 0x3e);
}

static u32 window_at(struct cdna_config *config)
{
	u32 at = get(config, PCI_CAPABILITY_LIST, 1);

	while (at && (get(config, at, 1) != PCI_CAP_ID_VNDR ||
		      get(config, at + 3, 1) != 5))
		at = get(config, at + 1, 1);
	assert_int_not_equal(at, 0);
	return at;
}

/* Which accesses to a BAR the window lets pass */
static void virtio_window(void **state)
{
	static const struct {
		u8 bar;
		u32 offset;
		u32 length;
		size_t count;
		bool passes;
	} tries[] = {
		{ 2, 0, 1, 1, true }, { 2, 0x14, 1, 4, true },
		{ 2, 2, 2, 2, true }, { 2, 4, 4, 4, true },
		{ 0, 8, 2, 2, true }, { 5, 0, 4, 4, true },
		{ 2, 0, 4, 4, true }, { 2, ~0u - 3, 4, 4, true },
		{ 2, 0, 4, 2, false }, { 2, 0, 2, 1, false },
		{ 2, 0, 0, 4, false }, { 2, 0, 3, 4, false },
		{ 2, 0, 8, 8, false }, { 2, 0, ~0u, 4, false },
		{ 2, 1, 2, 2, false }, { 2, 2, 4, 4, false },
		{ 6, 0, 4, 4, false }, { 7, 0, 4, 4, false },
		{ 255, 0, 4, 4, false },
	};
	struct cdna_config_window window;
	struct cdna_config config;
	u32 at, i;

	(void)state;
	cdna_config_init(&config, CDNA_CONFIG_VIRTIO);
	at = window_at(&config);
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		cdna_config_write(&config, at + 4, &tries[i].bar, 1);
		cdna_config_write(&config, at + 8, &tries[i].offset, 4);
		cdna_config_write(&config, at + 12, &tries[i].length, 4);
		assert_int_equal(cdna_config_window(&config, at + 16,
						    tries[i].count, &window),
				 tries[i].passes);
		assert_false(cdna_config_window(&config, at + 15,
						tries[i].count, &window));
		if (!tries[i].passes)
			continue;
		assert_int_equal(window.bar, tries[i].bar);
		assert_int_equal(window.offset, tries[i].offset);
		assert_int_equal(window.length, tries[i].length);
	}
	/* A device of ours has none. */
	config.kind = CDNA_CONFIG_CDNA;
	assert_false(cdna_config_window(&config, at + 16, 4, &window));
}

static void bar_sizing(void **state)
{
	const u32 want[6] = { 0xfffff000, 0, 0xfffff000, 0, 0xfffff000, 0 };
	struct cdna_config config;
	u32 bar, ones = 0xffffffff;

	(void)state;
	cdna_config_init(&config, CDNA_CONFIG_CDNA);
	for (bar = 0; bar < 6; bar++) {
		u32 offset = PCI_BASE_ADDRESS_0 + 4 * bar;

		assert_int_equal(cdna_config_write(&config, offset, &ones, 4),
				 0);
		assert_int_equal(get(&config, offset, 4), want[bar]);
	}
}

/* What an all-ones and an all-zeros write leave must differ only in writable
 * bits, whatever the width and alignment of the write.
 */
static void every_offset_and_width(void **state)
{
	struct cdna_config power_on, ones, zeros, c;
	u8 set[8], clear[8] = { 0 };
	u32 offset, i;
	size_t width;

	(void)state;
	memset(set, 0xff, sizeof(set));
	cdna_config_init(&power_on, CDNA_CONFIG_CDNA);
	ones = power_on;
	zeros = power_on;
	for (i = 0; i < CDNA_CONFIG_BYTES; i++) {
		cdna_config_write(&ones, i, set, 1);
		cdna_config_write(&zeros, i, clear, 1);
	}
	for (width = 1; width <= 8; width++) {
		for (offset = 0; offset + width <= CDNA_CONFIG_BYTES; offset++) {
			c = power_on;
			assert_int_equal(cdna_config_write(&c, offset, set,
							   width), 0);
			for (i = 0; i < CDNA_CONFIG_BYTES; i++)
				assert_int_equal(c.byte[i],
						 i - offset < width ?
						 ones.byte[i] :
						 power_on.byte[i]);
			assert_int_equal(cdna_config_write(&c, offset, clear,
							   width), 0);
			for (i = 0; i < CDNA_CONFIG_BYTES; i++)
				assert_int_equal(c.byte[i],
						 i - offset < width ?
						 zeros.byte[i] :
						 power_on.byte[i]);
		}
	}
}

static void read_only_stays(void **state)
{
	const u32 fixed[] = {
		PCI_VENDOR_ID, PCI_DEVICE_ID, PCI_STATUS, PCI_CLASS_REVISION,
		PCI_SUBSYSTEM_VENDOR_ID, PCI_SUBSYSTEM_ID, PCI_CAPABILITY_LIST,
		PCI_ROM_ADDRESS, PCI_INTERRUPT_PIN, PCI_HEADER_TYPE,
	};
	struct cdna_config power_on, c;
	u8 set[4] = { 0xff, 0xff, 0xff, 0xff };
	u32 i;

	(void)state;
	cdna_config_init(&power_on, CDNA_CONFIG_CDNA);
	for (i = 0; i < ARRAY_SIZE(fixed); i++) {
		c = power_on;
		cdna_config_write(&c, fixed[i], set, 1);
		assert_memory_equal(&c, &power_on, sizeof(c));
	}
}

static void mastering(void **state)
{
	struct cdna_config config;
	u8 set[4] = { 0xff, 0xff, 0xff, 0xff };
	u8 clear[4] = { 0 };

	(void)state;
	cdna_config_init(&config, CDNA_CONFIG_CDNA);
	assert_false(cdna_config_masters(&config));
	/* Not by the byte beside it, but by any write that covers it */
	cdna_config_write(&config, PCI_COMMAND + 1, set, 1);
	assert_false(cdna_config_masters(&config));
	cdna_config_write(&config, PCI_COMMAND, set, 1);
	assert_true(cdna_config_masters(&config));
	cdna_config_write(&config, PCI_COMMAND - 2, clear, 4);
	assert_false(cdna_config_masters(&config));
}

static void bounds(void **state)
{
	const u64 outside[] = {
		256, 257, 4096, 0xffffffff, 0xffffffffffull, ~0ull, ~0ull - 3,
	};
	struct cdna_config config;
	u8 raw[8] = { 0 };
	u32 i;

	(void)state;
	cdna_config_init(&config, CDNA_CONFIG_CDNA);
	for (i = 0; i < ARRAY_SIZE(outside); i++) {
		assert_int_equal(cdna_config_read(&config, outside[i], raw, 1),
				 -EINVAL);
		assert_int_equal(cdna_config_write(&config, outside[i], raw, 4),
				 -EINVAL);
	}
	assert_int_equal(cdna_config_read(&config, 255, raw, 1), 0);
	assert_int_equal(cdna_config_read(&config, 255, raw, 2), -EINVAL);
	assert_int_equal(cdna_config_write(&config, 253, raw, 4), -EINVAL);
	assert_int_equal(cdna_config_read(&config, 0, raw, 0), -EINVAL);
	assert_int_equal(cdna_config_read(&config, 1, raw, ~0ull), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity),
		cmocka_unit_test(capability_list),
		cmocka_unit_test(virtio_structures),
		cmocka_unit_test(virtio_window),
		cmocka_unit_test(bar_sizing),
		cmocka_unit_test(every_offset_and_width),
		cmocka_unit_test(read_only_stays),
		cmocka_unit_test(mastering),
		cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
