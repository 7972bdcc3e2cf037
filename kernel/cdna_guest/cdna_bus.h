/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a device is reached: as a PCI function of a machine, or as a sub-function of a NIC
 * of this host.
 */
#ifndef CDNA_BUS_H
#define CDNA_BUS_H

#include <linux/interrupt.h>
#include <linux/types.h>

struct cdna_dev;

/**
 * struct cdna_bus_ops - what the two buses do differently
 * @mac_owner: who may change a MAC address that the host owns, and how, for messages
 * @read: read register @reg. Process context
 * @write: write register @reg, but for the trap's. Process context
 * @trap: have the host take what is new in all rings, which the tails say before. Any
 *	context
 * @set_master: let the device access memory, or not
 * @enable_memory: a device that seems to be gone may only be switched off: switch it on
 *	again. Gives whether it was
 * @request_irq: have @handler called with @data, interrupts disabled, when vector
 *	@vector is raised. Gives the number of the interrupt, 0 if it has none; or an
 *	error
 * @free_irq: undo it, and wait for a handler that runs
 */
struct cdna_bus_ops {
	const char *mac_owner;
	u32 (*read)(struct cdna_dev *dev, u32 reg);
	void (*write)(struct cdna_dev *dev, u32 reg, u32 value);
	void (*trap)(struct cdna_dev *dev, u32 value);
	void (*set_master)(struct cdna_dev *dev, bool on);
	bool (*enable_memory)(struct cdna_dev *dev);
	int (*request_irq)(struct cdna_dev *dev, u32 vector,
			   irq_handler_t handler, const char *name, void *data);
	void (*free_irq)(struct cdna_dev *dev, u32 vector, void *data);
};

#endif /* CDNA_BUS_H */
