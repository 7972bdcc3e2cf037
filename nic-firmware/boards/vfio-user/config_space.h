/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_CONFIG_SPACE_H
#define NICD_CONFIG_SPACE_H

#include "core/base/port.h"

#define CONFIG_SPACE_BYTES	4096

/* What a write of the host did, beside storing */
#define CONFIG_SPACE_FLR	0x1	/* function-level reset was asked for */
#define CONFIG_SPACE_COMMAND	0x2	/* the command register changed */

/**
 * struct config_space - PCI configuration space
 * @byte: what a read returns
 * @writable: bits that a write changes
 */
struct config_space {
	u8 byte[CONFIG_SPACE_BYTES];
	u8 writable[CONFIG_SPACE_BYTES];
};

void config_space_reset(struct config_space *cs);
bool config_space_bus_master(const struct config_space *cs);
u32 config_space_write(struct config_space *cs, u32 offset, const u8 *src,
		       u32 len);
void config_space_read(const struct config_space *cs, u32 offset, u8 *dst,
		       u32 len);

#endif /* NICD_CONFIG_SPACE_H */
