// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The core as a kernel module: what a board that is one, too, calls.
 */
#include <linux/export.h>
#include <linux/module.h>

#include "nic.h"

EXPORT_SYMBOL_GPL(fw_nic_init);
EXPORT_SYMBOL_GPL(fw_nic_reset);
EXPORT_SYMBOL_GPL(fw_nic_step);
EXPORT_SYMBOL_GPL(fw_nic_deadline);

MODULE_DESCRIPTION("CDNA NIC firmware core");
MODULE_LICENSE("Dual BSD/GPL");
