/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the NIC is alive. Everything else of this room may report that it is
 * not, so this depends on none of it: what follows from death is handed down as
 * a function.
 */
#ifndef CDNA_HEALTH_H
#define CDNA_HEALTH_H

#include <linux/compiler.h>
#include <linux/workqueue.h>

struct cdna_nic;

/**
 * typedef cdna_health_fn - the NIC is dead: its DMA has ended, and it is marked
 * @nic: the NIC
 *
 * Context: process, once in the life of a NIC.
 */
typedef void (*cdna_health_fn)(struct cdna_nic *nic);

/**
 * struct cdna_health - health of a NIC
 * @watchdog: checks once a second whether the NIC is alive
 * @death: runs once the NIC was found dead
 * @dead: what @death calls last
 * @reason: why the NIC is dead, set once; NULL while it is alive
 */
struct cdna_health {
	struct delayed_work watchdog;
	struct work_struct death;
	cdna_health_fn dead;
	const char *reason;
};

/**
 * cdna_health_reason - why the NIC is dead or dying
 * @health: health of the NIC
 *
 * Context: any.
 * Return: a phrase with the NIC as "it", or NULL while the NIC is alive.
 */
static inline const char *cdna_health_reason(const struct cdna_health *health)
{
	return READ_ONCE(health->reason);
}

int cdna_health_init(struct cdna_nic *nic, cdna_health_fn dead);
void cdna_health_destroy(struct cdna_nic *nic);
void cdna_health_start(struct cdna_nic *nic);
void cdna_health_stop(struct cdna_nic *nic);
void cdna_health_fail(struct cdna_nic *nic, const char *why);

#endif /* CDNA_HEALTH_H */
