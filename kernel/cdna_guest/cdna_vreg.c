// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads of the register page. Each one traps into the host's user space, so
 * none of this is on the data path.
 */
#include "cdna_vreg.h"

/**
 * cdna_vreg_read - read a register
 * @dev: the device
 * @reg: CDNA_VREG_*
 *
 * A device that is no longer there reads as all ones. Some registers may have
 * this value too, but not the magic number, so that one decides.
 *
 * Context: Any, but slow: the read traps into the host's user space.
 * Return: the register; all ones if the device is gone.
 */
u32 cdna_vreg_read(struct cdna_dev *dev, u32 reg)
{
	u32 value;

	if (test_bit(CDNA_DEV_GONE, &dev->flags))
		return ~0u;
	value = dev->bus->read(dev, reg);
	if (value == ~0u && dev->bus->read(dev, CDNA_VREG_MAGIC) == ~0u &&
	    !test_and_set_bit(CDNA_DEV_GONE, &dev->flags))
		cdna_dev_kick(dev);
	return value;
}

/**
 * cdna_vreg_enable_memory - switch memory decoding on again, if it is off
 * @dev: the device, found to be gone
 *
 * A device whose memory decoding is off reads as all ones, too, but its DMA
 * goes on. Decoding is needed to reset the device before memory is released.
 *
 * Context: Process context.
 * Return: whether it was off; then the device is not gone.
 */
bool cdna_vreg_enable_memory(struct cdna_dev *dev)
{
	if (!dev->bus->enable_memory(dev))
		return false;
	clear_bit(CDNA_DEV_GONE, &dev->flags);
	return true;
}

/**
 * cdna_vreg_check - check that this driver can drive the device
 * @dev: the device
 *
 * Return: 0, -ENODEV if there is no device, -EPROTO if it is of another kind or
 * version; then the log says which.
 */
int cdna_vreg_check(struct cdna_dev *dev)
{
	u32 magic = cdna_vreg_read(dev, CDNA_VREG_MAGIC);
	u32 abi = cdna_vreg_read(dev, CDNA_VREG_ABI);

	if (test_bit(CDNA_DEV_GONE, &dev->flags)) {
		dev_err(dev->device,
			"the device does not answer: all registers read as ones\n");
		return -ENODEV;
	}
	if (magic != CDNA_VDEV_MAGIC) {
		dev_err(dev->device,
			"this is not a context of a CDNA NIC: its magic number is %#x, not %#x\n",
			magic, CDNA_VDEV_MAGIC);
		return -EPROTO;
	}
	if (CDNA_ABI_GET_MAJOR(abi) != CDNA_VDEV_ABI_MAJOR) {
		dev_err(dev->device,
			"the host implements version %u.%u of this device's interface, the driver %u.%u; update the older one\n",
			CDNA_ABI_GET_MAJOR(abi), CDNA_ABI_GET_MINOR(abi),
			CDNA_VDEV_ABI_MAJOR, CDNA_VDEV_ABI_MINOR);
		return -EPROTO;
	}
	dev->caps.abi = abi;
	return 0;
}

/**
 * cdna_vreg_report - read the host's report on a queue
 * @dev: the device
 * @queue: CDNA_VQUEUE()
 * @report: filled in; all ones if the device is gone
 */
void cdna_vreg_report(struct cdna_dev *dev, u32 queue,
		      struct cdna_vdev_report *report)
{
	__le32 *word = (__le32 *)report;
	u32 reg = CDNA_VREG_REPORT_OF(queue);
	u32 i;

	for (i = 0; i < sizeof(*report) / sizeof(*word); i++)
		word[i] = cpu_to_le32(cdna_vreg_read(dev,
						     reg + i * sizeof(*word)));
}
