/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sub-functions: contexts of a CDNA NIC that the host drives itself, as devices of the
 * auxiliary bus. This is all that the host's module, which makes them, and the network
 * driver, which drives them, know of each other beside the interface of a context in a
 * guest (include/cdna/vdev.h), which is the same here:
 *
 *   registers and commands   read() and write(); they sleep
 *   trap                     trap(); what it causes happens soon, in a work
 *   mailboxes                a page, mapped; the host rings the producers'
 *                            (CDNA_VFEAT_HOST_MAILBOX)
 *   interrupts               request_vector()
 *   memory                   addresses are those that the DMA API gives for the
 *                            auxiliary device: no IOMMU translates them, and the
 *                            host's module maps each page for the NIC itself
 */
#ifndef _LINUX_CDNA_SF_H
#define _LINUX_CDNA_SF_H

#include <linux/auxiliary_bus.h>
#include <linux/container_of.h>
#include <linux/interrupt.h>
#include <linux/types.h>

/* What an auxiliary driver matches */
#define CDNA_SF_NAME			"sf"
#define CDNA_SF_MATCH			"cdna_mdev." CDNA_SF_NAME

/* What a driver checks before anything else: both modules may be of different builds */
#define CDNA_SF_VERSION			1

struct cdna_sf;

/**
 * struct cdna_sf_ops - what the host's module does for the network driver
 * @read: read register @reg, CDNA_VREG_*. May sleep
 * @write: write register @reg, but for CDNA_VREG_TRAP. May sleep
 * @trap: look at the tails soon. Any context
 * @set_master: let the context access memory, or not. May sleep
 * @request_vector: have @handler called with @data, in hard interrupt context, when
 *	vector @vector is raised; its first argument is @vector. One at a time for a
 *	vector. May sleep. Gives 0; -EINVAL if there is no such vector; or -EBUSY if it
 *	has a handler
 * @free_vector: when it returns, the handler does not run and will not. May sleep
 */
struct cdna_sf_ops {
	u32 (*read)(struct cdna_sf *sf, u32 reg);
	void (*write)(struct cdna_sf *sf, u32 reg, u32 value);
	void (*trap)(struct cdna_sf *sf);
	void (*set_master)(struct cdna_sf *sf, bool on);
	int (*request_vector)(struct cdna_sf *sf, u32 vector,
			      irq_handler_t handler, void *data);
	void (*free_vector)(struct cdna_sf *sf, u32 vector);
};

/**
 * struct cdna_sf - a sub-function
 * @aux: the device
 * @version: CDNA_SF_VERSION of the host's module; another one means that @ops and what
 *	follows are not what they are here
 * @ops: what the host's module does for it
 * @mailboxes: the page of its mailboxes, a CDNA_MBOX_OFFSET() each
 */
struct cdna_sf {
	struct auxiliary_device aux;
	u32 version;
	const struct cdna_sf_ops *ops;
	void __iomem *mailboxes;
};

static inline struct cdna_sf *to_cdna_sf(struct auxiliary_device *aux)
{
	return container_of(aux, struct cdna_sf, aux);
}

#endif /* _LINUX_CDNA_SF_H */
