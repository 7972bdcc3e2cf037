// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two MSI-X vectors.
 */
#include <linux/interrupt.h>

#include "nic/cdna_adminq.h"
#include "nic/cdna_events.h"
#include "nic/cdna_irq.h"
#include "nic/cdna_nic.h"
#include "nic/cdna_source.h"

static irqreturn_t irq_admin(int irq, void *data)
{
	struct cdna_vector *vector = data;

	atomic_inc(&vector->count);
	cdna_adminq_poll(vector->nic);
	cdna_events_kick(vector->nic);
	return IRQ_HANDLED;
}

static irqreturn_t irq_bitvec(int irq, void *data)
{
	struct cdna_vector *vector = data;

	atomic_inc(&vector->count);
	cdna_source_drain(vector->nic);
	return IRQ_HANDLED;
}

static int irq_request(struct cdna_nic *nic, u32 which, irq_handler_t handler,
		       const char *name)
{
	struct cdna_vector *vector = &nic->vector[which];

	vector->nic = nic;
	return pci_request_irq(nic->pdev, which, handler, NULL, vector,
			       "cdna-%s@pci:%s", name, pci_name(nic->pdev));
}

/**
 * cdna_irq_request - request both vectors
 * @nic: the NIC, with its admin queue and event ring allocated
 *
 * Return: 0 or an error after a message.
 */
int cdna_irq_request(struct cdna_nic *nic)
{
	int err;

	err = pci_alloc_irq_vectors(nic->pdev, CDNA_NR_VECTORS, CDNA_NR_VECTORS,
				    PCI_IRQ_MSIX);
	if (err < 0) {
		dev_err(cdna_nic_dev(nic), "cannot allocate %u MSI-X vectors: %pe\n",
			CDNA_NR_VECTORS, ERR_PTR(err));
		return err;
	}
	err = irq_request(nic, CDNA_VECTOR_ADMIN, irq_admin, "admin");
	if (err)
		goto err_vectors;
	err = irq_request(nic, CDNA_VECTOR_BITVEC, irq_bitvec, "bitvec");
	if (err)
		goto err_admin;
	return 0;

err_admin:
	pci_free_irq(nic->pdev, CDNA_VECTOR_ADMIN,
		     &nic->vector[CDNA_VECTOR_ADMIN]);
err_vectors:
	pci_free_irq_vectors(nic->pdev);
	return err;
}

/**
 * cdna_irq_free - undo cdna_irq_request()
 * @nic: the NIC
 *
 * When it returns, no handler runs and none will.
 *
 * Context: process; waits for handlers.
 */
void cdna_irq_free(struct cdna_nic *nic)
{
	pci_free_irq(nic->pdev, CDNA_VECTOR_BITVEC,
		     &nic->vector[CDNA_VECTOR_BITVEC]);
	pci_free_irq(nic->pdev, CDNA_VECTOR_ADMIN,
		     &nic->vector[CDNA_VECTOR_ADMIN]);
	pci_free_irq_vectors(nic->pdev);
}
