// SPDX-License-Identifier: GPL-2.0-only
/*
 * A NIC can die: be unplugged, crash, restart. Whoever notices first calls
 * cdna_health_fail(); a work then does what takes time, once. See "Death" in
 * cdna_provider.h.
 */
#include "nic/cdna_nic.h"
#include "cdna_trace.h"

#define HEALTH_INTERVAL		HZ

static void health_death(struct work_struct *work)
{
	struct cdna_nic *nic = container_of(work, struct cdna_nic, death);

	trace_cdna_death(cdna_nic_dev(nic), nic->dying);
	dev_err(cdna_nic_dev(nic),
		"the NIC is dead: %s; its contexts are lost, unbind and bind the driver to start afresh\n",
		READ_ONCE(nic->dying));

	pci_clear_master(nic->pdev);
	pci_wait_for_pending_transaction(nic->pdev);
	/* Pairs with cdna_provider_is_dead(): DMA has ended before it. */
	smp_store_release(&nic->provider.dead, true);

	cdna_adminq_abort(nic);
	cdna_events_dead(nic);
	cdna_reporter_dead(nic);
}

/**
 * cdna_health_fail - the NIC is found to be dead
 * @nic: the NIC
 * @why: what it does, with the NIC as "it": a constant string
 *
 * Any context. The first reason counts.
 */
void cdna_health_fail(struct cdna_nic *nic, const char *why)
{
	if (!cmpxchg(&nic->dying, NULL, why))
		queue_work(nic->wq, &nic->death);
}

/* What is wrong with the NIC, NULL if nothing is. Two reads over the bus. */
static const char *health_look(const struct cdna_nic *nic)
{
	u32 status = cdna_nic_read(nic, CDNA_REG_STATUS);
	u32 boot_id = cdna_nic_read(nic, CDNA_REG_BOOT_ID);

	if (status == ~0u && boot_id == ~0u)
		return "its registers read all ones";
	if (status & CDNA_STATUS_FATAL)
		return "its firmware has stopped";
	if (boot_id != nic->boot_id)
		return "it has restarted";
	if (!(status & CDNA_STATUS_ENABLED))
		return "somebody else has reset it";
	return NULL;
}

static void health_watch(struct work_struct *work)
{
	struct cdna_nic *nic = container_of(to_delayed_work(work),
					    struct cdna_nic, watchdog);
	const char *why = health_look(nic);

	if (why)
		cdna_health_fail(nic, why);
	else
		queue_delayed_work(nic->wq, &nic->watchdog, HEALTH_INTERVAL);
}

/**
 * cdna_health_init - make it possible to call cdna_health_fail()
 * @nic: the NIC
 *
 * Return: 0 or -ENOMEM.
 */
int cdna_health_init(struct cdna_nic *nic)
{
	INIT_WORK(&nic->death, health_death);
	INIT_DELAYED_WORK(&nic->watchdog, health_watch);
	nic->wq = alloc_workqueue("cdna-%s", WQ_UNBOUND, 0,
				  pci_name(nic->pdev));
	return nic->wq ? 0 : -ENOMEM;
}

/**
 * cdna_health_destroy - undo cdna_health_init()
 * @nic: the NIC, with interrupts gone
 */
void cdna_health_destroy(struct cdna_nic *nic)
{
	cdna_health_stop(nic);
	destroy_workqueue(nic->wq);
}

/**
 * cdna_health_start - look once a second whether the NIC is alive
 * @nic: the NIC, with its admin queue open
 */
void cdna_health_start(struct cdna_nic *nic)
{
	queue_delayed_work(nic->wq, &nic->watchdog, HEALTH_INTERVAL);
}

/**
 * cdna_health_stop - do not look any more, and do not care
 * @nic: the NIC
 */
void cdna_health_stop(struct cdna_nic *nic)
{
	disable_delayed_work_sync(&nic->watchdog);
	disable_work_sync(&nic->death);
}
