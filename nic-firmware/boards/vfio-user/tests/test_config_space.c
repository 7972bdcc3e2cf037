// SPDX-License-Identifier: GPL-2.0-only
/* Configuration space: what it holds, and what the host may change. */
#include "bed.h"

#include <errno.h>
#include <linux/pci_regs.h>

static u16 read16(struct bed *bed, u32 offset)
{
	u16 value;

	assert_int_equal(bed_read(bed, BED_CONFIG, offset, &value, 2), 0);
	return value;
}

static void write16(struct bed *bed, u32 offset, u16 value)
{
	assert_int_equal(bed_write(bed, BED_CONFIG, offset, &value, 2), 0);
}

/* Return: its offset, 0 if there is none */
static u32 find_cap(struct bed *bed, u8 id)
{
	u8 at = (u8)read16(bed, PCI_CAPABILITY_LIST);
	int i;

	for (i = 0; at && i < 48; i++) {
		u16 head = read16(bed, at);

		if ((head & 0xff) == id)
			return at;
		at = (u8)(head >> 8);
	}
	return 0;
}

static void identity(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(bed_read32(bed, BED_CONFIG, PCI_VENDOR_ID),
			 CDNA_PCI_DEVICE_ID_NIC << 16 | CDNA_PCI_VENDOR_ID);
	assert_int_equal(bed_read32(bed, BED_CONFIG, PCI_CLASS_REVISION) >> 8,
			 0x020000);
	assert_int_equal(read16(bed, PCI_STATUS), PCI_STATUS_CAP_LIST);
	assert_int_equal(read16(bed, PCI_COMMAND), 0);
	/* No extended capability. */
	assert_int_equal(bed_read32(bed, BED_CONFIG, 0x100), 0);
}

static void msix_capability(void **state)
{
	struct bed *bed = *state;
	u32 cap = find_cap(bed, PCI_CAP_ID_MSIX);

	assert_int_not_equal(cap, 0);
	assert_int_equal(read16(bed, cap + PCI_MSIX_FLAGS),
			 CDNA_NR_VECTORS - 1);
	assert_int_equal(bed_read32(bed, BED_CONFIG, cap + PCI_MSIX_TABLE), 2);
	assert_int_equal(bed_read32(bed, BED_CONFIG, cap + PCI_MSIX_PBA),
			 0x2000 | 2);
	write16(bed, cap + PCI_MSIX_FLAGS, 0xffff);
	assert_int_equal(read16(bed, cap + PCI_MSIX_FLAGS), 0xc000 |
			 (CDNA_NR_VECTORS - 1));
}

static void pcie_capability(void **state)
{
	struct bed *bed = *state;
	u32 cap = find_cap(bed, PCI_CAP_ID_EXP);

	assert_int_not_equal(cap, 0);
	assert_int_equal(read16(bed, cap + PCI_EXP_FLAGS), 2);
	assert_true(bed_read32(bed, BED_CONFIG, cap + PCI_EXP_DEVCAP) &
		    PCI_EXP_DEVCAP_FLR);
}

static void bars_tell_their_size(void **state)
{
	static const struct {
		u32 bar, size;
	} bars[] = {
		{ 0, CDNA_BAR_SRAM_SIZE }, { 1, 0 }, { 2, CDNA_BAR_MSIX_SIZE },
		{ 3, 0 }, { 4, 0 }, { 5, 0 },
	};
	struct bed *bed = *state;
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(bars); i++) {
		u32 at = PCI_BASE_ADDRESS_0 + 4 * bars[i].bar;
		u32 mask = bars[i].size ? ~(bars[i].size - 1) : 0;

		assert_int_equal(bed_read32(bed, BED_CONFIG, at), 0);
		bed_write32(bed, BED_CONFIG, at, ~0u);
		assert_int_equal(bed_read32(bed, BED_CONFIG, at), mask);
		bed_write32(bed, BED_CONFIG, at, 0xfeedbeef);
		assert_int_equal(bed_read32(bed, BED_CONFIG, at),
				 0xfeedbeef & mask);
	}
	bed_write32(bed, BED_CONFIG, PCI_ROM_ADDRESS, ~0u);
	assert_int_equal(bed_read32(bed, BED_CONFIG, PCI_ROM_ADDRESS), 0);
}

/*
 * Any access reads and writes the bytes that it covers, whatever its place
 * and width, compared with a copy of the whole space.
 */
static void every_offset_and_width(void **state)
{
	static const u32 widths[] = { 1, 2, 3, 4, 8 };
	struct config_space *cs = &((struct bed *)*state)->d->cs;
	u8 whole[CONFIG_SPACE_BYTES], part[8];
	u32 w, at;

	assert_int_equal(bed_read(*state, BED_CONFIG, 0, whole,
				  sizeof(whole)), 0);
	for (w = 0; w < FW_ARRAY_SIZE(widths); w++) {
		for (at = 0; at + widths[w] <= sizeof(whole); at++) {
			config_space_read(cs, at, part, widths[w]);
			assert_memory_equal(part, whole + at, widths[w]);
		}
	}
	for (w = 0; w < FW_ARRAY_SIZE(widths); w++) {
		for (at = 0; at + widths[w] <= 0x140; at++) {
			u32 err = bed_read(*state, BED_CONFIG, at, part,
					   widths[w]);

			assert_int_equal(err, 0);
			assert_memory_equal(part, whole + at, widths[w]);
		}
	}
}

static void every_store_keeps_what_is_fixed(void **state)
{
	static const u8 ones[8] = { 255, 255, 255, 255, 255, 255, 255, 255 };
	struct config_space cs, reset;
	u32 width, at, i;

	(void)state;
	config_space_reset(&reset);
	for (width = 1; width <= 8; width++) {
		for (at = 0; at + width <= CONFIG_SPACE_BYTES; at++) {
			cs = reset;
			config_space_write(&cs, at, ones, width);
			for (i = 0; i < CONFIG_SPACE_BYTES; i++) {
				u8 in = i >= at && i < at + width ? 255 : 0;

				assert_int_equal(cs.byte[i], reset.byte[i] |
						 (reset.writable[i] & in));
			}
		}
	}
}

static void stores_that_straddle(void **state)
{
	struct bed *bed = *state;
	u32 value = 0xffffffff;

	/* Half of the command register and half of the device's identity. */
	assert_int_equal(bed_write(bed, BED_CONFIG, 2, &value, 4), 0);
	assert_int_equal(read16(bed, PCI_DEVICE_ID), CDNA_PCI_DEVICE_ID_NIC);
	assert_int_equal(read16(bed, PCI_COMMAND), 0x0546);
	assert_true(bed->d->dma.open);
	assert_int_equal(bed_write(bed, BED_CONFIG, 4095, &value, 1), 0);
	assert_int_equal(bed_write(bed, BED_CONFIG, 4094, &value, 4), EINVAL);
}

static void command_gates_the_bus(void **state)
{
	struct bed *bed = *state;

	assert_false(bed->d->dma.open);
	write16(bed, PCI_COMMAND, PCI_COMMAND_MASTER);
	assert_true(bed->d->dma.open);
	assert_true(bed->d->irq.open);
	write16(bed, PCI_COMMAND, PCI_COMMAND_MEMORY);
	assert_false(bed->d->dma.open);
	assert_false(bed->d->irq.open);
}

static void flr_resets_the_function(void **state)
{
	struct bed *bed = *state;
	u32 ctl = find_cap(bed, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
	u16 was = read16(bed, ctl);
	int fd = bed_memory(4096);

	assert_int_equal(bed_map(bed, 0, 4096, 0, 3, fd), 0);
	bed_bus_master(bed, true);
	bed_write32(bed, BED_CONFIG, PCI_BASE_ADDRESS_0, 0xfe000000);
	bed_write32(bed, BED_BAR0, CDNA_PARTITION(1) + 0x100, 5);
	bed_write32(bed, BED_BAR2, 0, 5);
	irq_raise(&bed->d->irq, 9);
	bed->d->irq.pending[1] = true;

	write16(bed, ctl, was | PCI_EXP_DEVCTL_BCR_FLR);
	assert_int_equal(bed->d->counts.resets, 1);
	assert_int_equal(read16(bed, ctl), was);
	assert_int_equal(read16(bed, PCI_COMMAND), 0);
	assert_int_equal(bed_read32(bed, BED_CONFIG, PCI_BASE_ADDRESS_0), 0);
	assert_int_equal(bed_read32(bed, BED_BAR0, CDNA_PARTITION(1) + 0x100),
			 0);
	assert_int_equal(bed_read32(bed, BED_BAR2, 0), 0);
	assert_int_equal(bed_read32(bed, BED_BAR2, 0x2000), 0);
	assert_false(bed->d->dma.open);
	/* The maps are the client's. */
	assert_int_equal(bed->d->dma.count, 1);
	close(fd);
}

static void only_its_bit_is_an_flr(void **state)
{
	struct bed *bed = *state;
	u32 ctl = find_cap(bed, PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
	u8 high = PCI_EXP_DEVCTL_BCR_FLR >> 8;

	write16(bed, ctl, 0x7fff);
	bed_write(bed, BED_CONFIG, ctl, &high, 1);
	bed_write(bed, BED_CONFIG, ctl + 2, &high, 1);
	assert_int_equal(bed->d->counts.resets, 0);
	bed_write(bed, BED_CONFIG, ctl + 1, &high, 1);
	assert_int_equal(bed->d->counts.resets, 1);
	/* A wide store that covers it. */
	bed_write32(bed, BED_CONFIG, ctl, PCI_EXP_DEVCTL_BCR_FLR);
	assert_int_equal(bed->d->counts.resets, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BED_TEST(identity, bed_setup_ready),
		BED_TEST(msix_capability, bed_setup_ready),
		BED_TEST(pcie_capability, bed_setup_ready),
		BED_TEST(bars_tell_their_size, bed_setup_ready),
		BED_TEST(every_offset_and_width, bed_setup_ready),
		BED_TEST(every_store_keeps_what_is_fixed, bed_setup_ready),
		BED_TEST(stores_that_straddle, bed_setup_ready),
		BED_TEST(command_gates_the_bus, bed_setup_ready),
		BED_TEST(flr_resets_the_function, bed_setup_ready),
		BED_TEST(only_its_bit_is_an_flr, bed_setup_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
