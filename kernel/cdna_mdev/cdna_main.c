// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host module: mediated devices made of the contexts of a CDNA NIC.
 */
#include <linux/module.h>
#include <linux/pci.h>

#include "cdna_pci.h"

static int __init main_init(void)
{
	return pci_register_driver(&cdna_pci_driver);
}
module_init(main_init);

static void __exit main_exit(void)
{
	pci_unregister_driver(&cdna_pci_driver);
}
module_exit(main_exit);

MODULE_DESCRIPTION("CDNA NIC contexts as mediated devices");
MODULE_LICENSE("GPL");
