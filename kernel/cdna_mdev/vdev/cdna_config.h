/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI configuration space of the virtual device: pure, a table of what a
 * guest may write.
 */
#ifndef CDNA_CONFIG_H
#define CDNA_CONFIG_H

#include <linux/types.h>

#define CDNA_CONFIG_BYTES	256

/**
 * struct cdna_config - configuration space of one device
 * @byte: contents
 */
struct cdna_config {
	u8 byte[CDNA_CONFIG_BYTES];
};

void cdna_config_init(struct cdna_config *config);
int cdna_config_read(const struct cdna_config *config, u64 offset, void *to,
		     size_t count);
int cdna_config_write(struct cdna_config *config, u64 offset, const void *from,
		      size_t count);
bool cdna_config_masters(const struct cdna_config *config);

#endif /* CDNA_CONFIG_H */
