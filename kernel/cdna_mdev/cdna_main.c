// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host module: mediated devices made of the contexts of a CDNA NIC. Only
 * this file refers to both the mediated side and a provider.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <cdna/version.h>

#include "cdna_provider.h"
#include "nic/cdna_pci.h"
#include "vdev/cdna_client.h"

static int __init main_init(void)
{
	int err;

	err = cdna_client_init();
	if (err)
		return err;
	cdna_provider_set_client(&cdna_client);
	err = pci_register_driver(&cdna_pci_driver);
	if (err)
		goto err_client;
	return 0;

err_client:
	cdna_provider_set_client(NULL);
	cdna_client_exit();
	return err;
}
module_init(main_init);

static void __exit main_exit(void)
{
	pci_unregister_driver(&cdna_pci_driver);
	cdna_provider_set_client(NULL);
	cdna_client_exit();
}
module_exit(main_exit);

MODULE_DESCRIPTION("CDNA NIC contexts as mediated devices");
MODULE_VERSION(CDNA_VERSION);
MODULE_LICENSE("GPL");
