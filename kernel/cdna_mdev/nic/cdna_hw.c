// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps by which the NIC comes up and goes down, as far as registers are
 * concerned (data sheet, "Start-up").
 */
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>

#include "nic/cdna_nic.h"

#define HW_RESET_US		2000000
/* A NIC that was reset runs, serves nobody, and has nothing wrong. */
#define HW_RESET_MASK \
	(CDNA_STATUS_READY | CDNA_STATUS_ENABLED | CDNA_STATUS_FATAL)
#define HW_CONS_BYTES \
	(CDNA_MAX_CONTEXTS * CDNA_MAX_QPS * sizeof(struct cdna_host_cons))

/**
 * cdna_hw_check - is this a NIC, does it run, do we know its ABI?
 * @nic: the NIC, with its BAR mapped
 *
 * Return: 0, or -ENODEV after a message that says what to do.
 */
int cdna_hw_check(struct cdna_nic *nic)
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
		dev_err(dev, "this is no CDNA NIC: magic number %#010x, not %#010x\n",
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
 * cdna_hw_reset - all contexts free, admin queue off
 * @nic: the NIC
 *
 * Return: 0 when the NIC does no DMA any more; -EIO if it does not say so.
 */
int cdna_hw_reset(struct cdna_nic *nic)
{
	u32 status;

	cdna_nic_mbox(nic, CDNA_MGMT_MBOX_CONTROL, CDNA_CONTROL_RESET);
	if (read_poll_timeout(cdna_nic_read, status,
			      (status & HW_RESET_MASK) == CDNA_STATUS_READY,
			      1000, HW_RESET_US, false, nic, CDNA_REG_STATUS)) {
		dev_err(cdna_nic_dev(nic),
			"the NIC does not take a reset, status %#x\n", status);
		return -EIO;
	}
	return 0;
}

/**
 * cdna_hw_alloc - make what the NIC writes and no other file owns
 * @nic: the NIC
 *
 * Return: 0 or -ENOMEM.
 */
int cdna_hw_alloc(struct cdna_nic *nic)
{
	struct device *dev = cdna_nic_dev(nic);

	nic->identify = dma_alloc_coherent(dev, sizeof(*nic->identify),
					   &nic->identify_dma, GFP_KERNEL);
	if (!nic->identify)
		return -ENOMEM;
	nic->cons = dma_alloc_coherent(dev, HW_CONS_BYTES, &nic->cons_dma,
				       GFP_KERNEL);
	if (!nic->cons)
		goto err_identify;
	nic->provider.cons = nic->cons;
	return 0;

err_identify:
	dma_free_coherent(dev, sizeof(*nic->identify), nic->identify,
			  nic->identify_dma);
	return -ENOMEM;
}

/**
 * cdna_hw_free - free it
 * @nic: the NIC, stopped
 */
void cdna_hw_free(struct cdna_nic *nic)
{
	struct device *dev = cdna_nic_dev(nic);

	dma_free_coherent(dev, HW_CONS_BYTES, nic->cons, nic->cons_dma);
	dma_free_coherent(dev, sizeof(*nic->identify), nic->identify,
			  nic->identify_dma);
}

/**
 * cdna_hw_identify - ask the NIC what it is
 * @nic: the NIC, with its admin queue open; its provider's info is filled in
 *
 * Return: 0; -EPROTO if it says what cannot be; or an error of
 * cdna_adminq_run().
 */
int cdna_hw_identify(struct cdna_nic *nic)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_IDENTIFY),
		.identify.addr = cpu_to_le64(nic->identify_dma),
	};
	int err;

	err = cdna_adminq_run(nic, &cmd, NULL);
	if (err) {
		dev_err(cdna_nic_dev(nic),
			"the NIC does not identify itself: %pe\n",
			ERR_PTR(err));
		return err;
	}
	return cdna_identify_take(nic, nic->identify);
}

/**
 * cdna_hw_set_rings - tell the NIC where its events, bits and indices go
 * @nic: the NIC, with its admin queue open and these rings made
 *
 * Return: 0 or an error of cdna_adminq_run().
 */
int cdna_hw_set_rings(struct cdna_nic *nic)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_SET_RINGS),
		.set_rings.bitvec_addr = cpu_to_le64(nic->sources.dma),
		.set_rings.event_addr = cpu_to_le64(nic->events.dma),
		.set_rings.cons_addr = cpu_to_le64(nic->cons_dma),
		.set_rings.bitvec_slots = cpu_to_le32(CDNA_SOURCE_SLOTS),
		.set_rings.event_slots = cpu_to_le32(CDNA_EVENTS_SLOTS),
	};
	int err;

	err = cdna_adminq_run(nic, &cmd, NULL);
	if (err) {
		dev_err(cdna_nic_dev(nic),
			"the NIC does not take its rings: %pe\n", ERR_PTR(err));
		return err;
	}
	cdna_source_open(nic);
	return 0;
}
