// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * The core as a kernel module, for boards that are kernel modules.
 */
#include <linux/module.h>

MODULE_DESCRIPTION("CDNA NIC firmware core");
MODULE_LICENSE("Dual BSD/GPL");
