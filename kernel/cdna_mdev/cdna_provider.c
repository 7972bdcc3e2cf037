// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where providers and the mediated side meet, see cdna_provider.h.
 */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>

#include "cdna_provider.h"

/* The mediated side; set before the first provider comes */
static const struct cdna_client *provider_client;

/**
 * cdna_provider_set_client - set the side that offers the contexts of NICs to guests
 * @client: its callbacks; NULL when it goes
 *
 * Context: once per module, while no provider is registered.
 */
void cdna_provider_set_client(const struct cdna_client *client)
{
	provider_client = client;
}

/**
 * cdna_provider_register - offer the contexts of a NIC as mediated devices
 * @nic: all but @nic->client and @nic->client_data filled in
 *
 * Context: process context, no lock held.
 *
 * Return: 0 or an error; then nothing of @nic is used any longer.
 */
int cdna_provider_register(struct cdna_provider *nic)
{
	int ret;

	might_sleep();
	nic->client = provider_client;
	ret = nic->client->add(nic);
	if (ret)
		nic->client = NULL;
	return ret;
}
EXPORT_SYMBOL_GPL(cdna_provider_register);

/**
 * cdna_provider_unregister - withdraw them
 * @nic: as given to cdna_provider_register()
 *
 * Asks their users to release them and waits until they have. Afterwards no
 * operation of @nic is called.
 *
 * Context: process context, no lock held, not from a callback.
 */
void cdna_provider_unregister(struct cdna_provider *nic)
{
	might_sleep();
	nic->client->remove(nic);
	nic->client = NULL;
}
EXPORT_SYMBOL_GPL(cdna_provider_unregister);

/**
 * cdna_provider_errno - the errno nearest to an admin status
 * @status: enum cdna_admin_status, in host byte order
 *
 * Return: 0 or a negative errno.
 */
int cdna_provider_errno(u16 status)
{
	static const int errnos[] = {
		[CDNA_SC_OK] = 0,
		[CDNA_SC_BAD_OPCODE] = -EOPNOTSUPP,
		[CDNA_SC_BAD_CONTEXT] = -ECHRNG,
		[CDNA_SC_BAD_STATE] = -EBADFD,
		[CDNA_SC_BAD_PARAM] = -EINVAL,
		[CDNA_SC_EXISTS] = -EEXIST,
		[CDNA_SC_NOT_FOUND] = -ENOENT,
		[CDNA_SC_NO_SPACE] = -ENOSPC,
		[CDNA_SC_DMA_ERROR] = -EFAULT,
		[CDNA_SC_ABORTED] = -ECANCELED,
	};

	return status < ARRAY_SIZE(errnos) ? errnos[status] : -EPROTO;
}
EXPORT_SYMBOL_GPL(cdna_provider_errno);
