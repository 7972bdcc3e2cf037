// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the registers say before there is a command: whether this is a NIC that
 * we know, and whether it has been reset (Documentation/abi.rst, "Start-up").
 */
#include <linux/iopoll.h>

#include "nic/cdna_nic.h"

#define NIC_RESET_US		2000000
/* A NIC that was reset runs, serves nobody, and reports no error. */
#define NIC_RESET_MASK \
	(CDNA_STATUS_READY | CDNA_STATUS_ENABLED | CDNA_STATUS_FATAL)

/**
 * cdna_nic_check - check identity, firmware and ABI version
 * @nic: the NIC, with its BAR mapped
 *
 * Return: 0, or -ENODEV after a message that says what to do.
 */
int cdna_nic_check(struct cdna_nic *nic)
{
	struct device *dev = cdna_nic_dev(nic);
	u32 magic = cdna_nic_read(nic, CDNA_REG_MAGIC);
	u32 status = cdna_nic_read(nic, CDNA_REG_STATUS);
	u32 abi = cdna_nic_read(nic, CDNA_REG_ABI);

	if (magic == ~0u) {
		dev_err(dev, "the NIC does not answer: its registers read all ones\n");
		return -ENODEV;
	}
	if (magic != CDNA_MAGIC) {
		dev_err(dev, "not a CDNA NIC: magic number %#010x instead of %#010x\n",
			magic, CDNA_MAGIC);
		return -ENODEV;
	}
	if (CDNA_ABI_GET_MAJOR(abi) != CDNA_ABI_MAJOR) {
		dev_err(dev, "the NIC's firmware speaks ABI %u.%u and this driver %u.%u: update the %s\n",
			CDNA_ABI_GET_MAJOR(abi), CDNA_ABI_GET_MINOR(abi),
			CDNA_ABI_MAJOR, CDNA_ABI_MINOR,
			CDNA_ABI_GET_MAJOR(abi) > CDNA_ABI_MAJOR ?
			"driver" : "firmware");
		return -ENODEV;
	}
	if (!(status & CDNA_STATUS_READY)) {
		dev_err(dev, "the NIC's firmware is not ready, status %#x: reset the NIC\n",
			status);
		return -ENODEV;
	}
	nic->boot_id = cdna_nic_read(nic, CDNA_REG_BOOT_ID);
	return 0;
}

/**
 * cdna_nic_reset - free all contexts and turn the admin queue off
 * @nic: the NIC
 *
 * Context: process; polls for up to two seconds.
 * Return: 0 when the NIC does no DMA any longer; -EIO if it does not report
 * that.
 */
int cdna_nic_reset(struct cdna_nic *nic)
{
	u32 status;

	cdna_nic_mbox(nic, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_RESET);
	if (read_poll_timeout(cdna_nic_read, status,
			      (status & NIC_RESET_MASK) == CDNA_STATUS_READY,
			      1000, NIC_RESET_US, false, nic, CDNA_REG_STATUS)) {
		dev_err(cdna_nic_dev(nic),
			"the NIC did not complete a reset, status %#x\n", status);
		return -EIO;
	}
	return 0;
}
