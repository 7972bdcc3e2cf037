// SPDX-License-Identifier: GPL-2.0-only
/*
 * The window of a virtio network card in configuration space, which leads to its BARs.
 */
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "virtio.h"

#define CONFIG		VFIO_PCI_CONFIG_REGION_INDEX

FIXTURE(window) {
	struct virtio virtio;
};

FIXTURE_SETUP(window)
{
	ASSERT_EQ(0, virtio_new(&self->virtio, 0xd1));
}

FIXTURE_TEARDOWN(window)
{
	vdev_close(&self->virtio.dev);
	EXPECT_EQ(0, vdev_remove(self->virtio.dev.uuid));
}

static uint64_t config(struct virtio *virtio, uint32_t at, size_t bytes)
{
	uint64_t value = 0;

	if (pread(virtio->dev.fd, &value, bytes, vdev_offset(CONFIG, at)) !=
	    bytes)
		return ~0ull;
	return value;
}

static void set_config(struct virtio *virtio, uint32_t at, size_t bytes,
		       uint64_t value)
{
	if (pwrite(virtio->dev.fd, &value, bytes, vdev_offset(CONFIG, at)) !=
	    bytes)
		perror("configuration space");
}

/* Have the window in configuration space be about a part of a BAR. Return: where its data
 * are, 0 if there is none
 */
static uint32_t window(struct virtio *virtio, uint8_t bar, uint32_t offset,
		       uint32_t length)
{
	uint32_t at = config(virtio, PCI_CAPABILITY_LIST, 1), n;

	for (n = 0; at && n < 48; n++) {
		if (config(virtio, at, 1) == PCI_CAP_ID_VNDR &&
		    config(virtio, at + VIRTIO_PCI_CAP_CFG_TYPE, 1) ==
		    VIRTIO_PCI_CAP_PCI_CFG)
			break;
		at = config(virtio, at + PCI_CAP_LIST_NEXT, 1);
	}
	if (!at)
		return 0;
	set_config(virtio, at + VIRTIO_PCI_CAP_BAR, 1, bar);
	set_config(virtio, at + VIRTIO_PCI_CAP_OFFSET, 4, offset);
	set_config(virtio, at + VIRTIO_PCI_CAP_LENGTH, 4, length);
	return at + sizeof(struct virtio_pci_cap);
}

/* A boot ROM's driver reaches BARs through configuration space (section 4.1.4.9). */
TEST_F(window, leads_to_registers)
{
	struct virtio *virtio = &self->virtio;
	const struct virtio_area *common =
		&virtio->area[VIRTIO_PCI_CAP_COMMON_CFG];
	const struct virtio_area *device =
		&virtio->area[VIRTIO_PCI_CAP_DEVICE_CFG];
	uint32_t status = common->offset + VIRTIO_REG(device_status);
	uint32_t data, i;

	for (i = 0; i < sizeof(virtio->dev.mac); i++) {
		data = window(virtio, device->bar, device->offset + i, 1);
		ASSERT_NE(0, data);
		EXPECT_EQ(virtio->dev.mac[i], config(virtio, data, 1));
	}
	data = window(virtio, common->bar, status, 1);
	set_config(virtio, data, 1, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	EXPECT_EQ(VIRTIO_CONFIG_S_ACKNOWLEDGE,
		  virtio_get(virtio, device_status));
	EXPECT_EQ(VIRTIO_CONFIG_S_ACKNOWLEDGE, config(virtio, data, 1));
	set_config(virtio, data, 1, 0);
	EXPECT_EQ(0, virtio_get(virtio, device_status));
	/* What there is not: no effect, and zeros */
	data = window(virtio, common->bar, CDNA_VDEV_BAR_REGS_SIZE, 4);
	set_config(virtio, data, 4, ~0u);
	EXPECT_EQ(0, config(virtio, data, 4));
	data = window(virtio, CONFIG, 0, 4);
	EXPECT_EQ(0, config(virtio, data, 4));
	data = window(virtio, 200, 0, 4);
	EXPECT_EQ(0, config(virtio, data, 4));
}

TEST_HARNESS_MAIN
