// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bound of the interrupts that guests cause. Each guest chooses the moderation
 * of its own queue pairs, and all of them interrupt this host by the same bit
 * vectors (paper 3.2): so the host has a bound of its own.
 */
#include "nic/cdna_nic.h"
#include "nic/cdna_nic_cmd.h"
#include "nic/cdna_throttle.h"

/* Until an administrator says otherwise. The burst leaves round trips alone. */
#define THROTTLE_USECS		20
#define THROTTLE_BURST		32

/**
 * cdna_throttle_known - whether the NIC's firmware has a bound
 * @nic: the NIC
 *
 * Return: true from interface 1.3 on.
 */
bool cdna_throttle_known(const struct cdna_nic *nic)
{
	return CDNA_ABI_GET_MINOR(nic->provider.info.abi) >= 3;
}

/**
 * cdna_throttle_start - give a NIC that was reset its first bound
 * @nic: the NIC, with its admin queue open and its info read
 *
 * Older firmware has none: then nothing is done.
 *
 * Context: process; runs a command.
 * Return: 0 or an error of cdna_adminq_run().
 */
int cdna_throttle_start(struct cdna_nic *nic)
{
	int err;

	mutex_init(&nic->throttle.lock);
	if (!cdna_throttle_known(nic))
		return 0;
	err = cdna_throttle_set(nic, THROTTLE_USECS);
	if (err)
		dev_err(cdna_nic_dev(nic),
			"the NIC did not accept a bound of its interrupts: %pe\n",
			ERR_PTR(err));
	return err;
}

/**
 * cdna_throttle_set - change the bound
 * @nic: the NIC; cdna_throttle_known()
 * @usecs: least time between interrupts on average, at most
 *	CDNA_MAX_COALESCE_USECS; 0: no bound
 *
 * Context: process; runs a command.
 * Return: 0; -EINVAL: @usecs is out of range; or an error of cdna_adminq_run().
 */
int cdna_throttle_set(struct cdna_nic *nic, u32 usecs)
{
	int err;

	if (usecs > CDNA_MAX_COALESCE_USECS)
		return -EINVAL;
	mutex_lock(&nic->throttle.lock);
	err = cdna_nic_cmd_set_throttle(nic, usecs, usecs ? THROTTLE_BURST : 0);
	if (!err)
		WRITE_ONCE(nic->throttle.usecs, usecs);
	mutex_unlock(&nic->throttle.lock);
	return err;
}
