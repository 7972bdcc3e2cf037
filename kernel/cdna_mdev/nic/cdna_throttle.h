/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CDNA_THROTTLE_H
#define CDNA_THROTTLE_H

#include <linux/mutex.h>
#include <linux/types.h>

struct cdna_nic;

/**
 * struct cdna_throttle - how often the NIC may interrupt the host
 * @lock: held across the command, so that @usecs is what the NIC has
 * @usecs: least time between interrupts of bit vectors on average; 0: no bound
 */
struct cdna_throttle {
	struct mutex lock;	/* what the NIC has */
	u32 usecs;
};

bool cdna_throttle_known(const struct cdna_nic *nic);
int cdna_throttle_start(struct cdna_nic *nic);
int cdna_throttle_set(struct cdna_nic *nic, u32 usecs);

#endif /* CDNA_THROTTLE_H */
