/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The descriptor formats of a NIC that the host can validate.
 */
#ifndef CDNA_FORMATS_H
#define CDNA_FORMATS_H

#include <linux/types.h>

#include <cdna/desc.h>

#include "guard/cdna_verdict.h"

struct cdna_nic_info;

/**
 * struct cdna_formats - formats of a NIC
 * @count: how many
 * @layout: checked, in host byte order
 * @format: the same as the NIC announced them, for guests to read
 * @has_virtio: it has CDNA_FORMAT_VIRTIO, too
 * @virtio: that one
 */
struct cdna_formats {
	u32 count;
	struct cdna_layout layout[CDNA_MAX_FORMATS];
	struct cdna_desc_format format[CDNA_MAX_FORMATS];
	bool has_virtio;
	struct cdna_layout virtio;
};

u32 cdna_formats_take(struct cdna_formats *formats,
		      const struct cdna_nic_info *info);
const struct cdna_layout *cdna_formats_find(const struct cdna_formats *formats,
					    u32 id, u32 dir);

#endif /* CDNA_FORMATS_H */
