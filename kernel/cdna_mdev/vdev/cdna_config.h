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
 * enum cdna_config_kind - what a guest sees
 * @CDNA_CONFIG_CDNA: a device of ours
 * @CDNA_CONFIG_VIRTIO: a virtio network card (Virtio 1.2, section 5.1)
 */
enum cdna_config_kind {
	CDNA_CONFIG_CDNA,
	CDNA_CONFIG_VIRTIO,
};

/**
 * struct cdna_config - configuration space of one device
 * @kind: which device
 * @byte: contents
 */
struct cdna_config {
	enum cdna_config_kind kind;
	u8 byte[CDNA_CONFIG_BYTES];
};

/**
 * struct cdna_config_window - an access to a BAR through configuration space
 * @bar: which
 * @offset: in there, a multiple of @length
 * @length: bytes: 1, 2 or 4
 */
struct cdna_config_window {
	u8 bar;
	u32 offset;
	u32 length;
};

void cdna_config_init(struct cdna_config *config, enum cdna_config_kind kind);
int cdna_config_read(const struct cdna_config *config, u64 offset, void *to,
		     size_t count);
int cdna_config_write(struct cdna_config *config, u64 offset, const void *from,
		      size_t count);
bool cdna_config_window(const struct cdna_config *config, u64 offset,
			size_t count, struct cdna_config_window *window);
bool cdna_config_masters(const struct cdna_config *config);
u32 cdna_config_bar(const struct cdna_config *config, u32 bar);

#endif /* CDNA_CONFIG_H */
