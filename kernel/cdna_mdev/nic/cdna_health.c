// SPDX-License-Identifier: GPL-2.0-only
/*
 * A NIC can die: it is unplugged, it crashes, or it restarts. The first caller
 * of cdna_health_fail() sets the reason, which makes the NIC dying; a work then
 * does what takes time and makes it dead. See the states in cdna_nic.h.
 */
#include "cdna_trace.h"
#include "nic/cdna_health.h"
#include "nic/cdna_nic.h"

#define HEALTH_INTERVAL		HZ

static void health_death(struct work_struct *work)
{
	struct cdna_nic *nic = container_of(work, struct cdna_nic,
					    health.death);

	trace_cdna_death(cdna_nic_dev(nic), nic->health.reason);
	dev_err(cdna_nic_dev(nic),
		"the NIC is dead: %s; its contexts are lost, unbind and bind the driver to recover\n",
		cdna_health_reason(&nic->health));

	pci_clear_master(nic->pdev);
	pci_wait_for_pending_transaction(nic->pdev);
	/* Pairs with cdna_provider_is_dead(): DMA has ended before it. */
	smp_store_release(&nic->provider.dead, true);
	nic->health.dead(nic);
}

/**
 * cdna_health_fail - report that the NIC is dead
 * @nic: the NIC
 * @why: what it does, with the NIC as "it": a constant string
 *
 * The first reason is kept.
 *
 * Context: any.
 */
void cdna_health_fail(struct cdna_nic *nic, const char *why)
{
	if (!cmpxchg(&nic->health.reason, NULL, why))
		queue_work(nic->wq, &nic->health.death);
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
		return "something else has reset it";
	return NULL;
}

static void health_watch(struct work_struct *work)
{
	struct cdna_nic *nic = container_of(to_delayed_work(work),
					    struct cdna_nic, health.watchdog);
	const char *why = health_look(nic);

	if (why)
		cdna_health_fail(nic, why);
	else
		queue_delayed_work(nic->wq, &nic->health.watchdog,
				   HEALTH_INTERVAL);
}

/**
 * cdna_health_init - make it possible to call cdna_health_fail()
 * @nic: the NIC
 * @dead: what to call once it is dead
 *
 * Return: 0 or -ENOMEM.
 */
int cdna_health_init(struct cdna_nic *nic, cdna_health_fn dead)
{
	struct cdna_health *health = &nic->health;

	health->dead = dead;
	INIT_WORK(&health->death, health_death);
	INIT_DELAYED_WORK(&health->watchdog, health_watch);
	nic->wq = alloc_workqueue("cdna-%s", WQ_UNBOUND, 0,
				  pci_name(nic->pdev));
	return nic->wq ? 0 : -ENOMEM;
}

/**
 * cdna_health_destroy - undo cdna_health_init()
 * @nic: the NIC, with its interrupts freed
 *
 * Context: process; waits for the works.
 */
void cdna_health_destroy(struct cdna_nic *nic)
{
	cdna_health_stop(nic);
	destroy_workqueue(nic->wq);
}

/**
 * cdna_health_start - check once a second whether the NIC is alive
 * @nic: the NIC, with its admin queue open
 */
void cdna_health_start(struct cdna_nic *nic)
{
	queue_delayed_work(nic->wq, &nic->health.watchdog, HEALTH_INTERVAL);
}

/**
 * cdna_health_stop - end the checks, and ignore later failures
 * @nic: the NIC
 *
 * When it returns, cdna_health.dead() does not run and will not.
 *
 * Context: process; waits for the works.
 */
void cdna_health_stop(struct cdna_nic *nic)
{
	disable_delayed_work_sync(&nic->health.watchdog);
	disable_work_sync(&nic->health.death);
}
