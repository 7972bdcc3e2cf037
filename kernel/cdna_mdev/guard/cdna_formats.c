// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor formats: a NIC may announce some that the host cannot validate.
 * Those are not offered to guests.
 */
#include <linux/bits.h>
#include <linux/stddef.h>

#include "cdna_provider.h"
#include "guard/cdna_formats.h"
#include "guard/cdna_verdict.h"

static bool formats_field_is(const struct cdna_field *field, u32 offset, u32 bits)
{
	return field->offset == offset && field->bits == bits;
}

/* The host makes such descriptors itself, as struct cdna_desc_virtio. */
static bool formats_is_virtio(const struct cdna_layout *layout)
{
	return layout->size == sizeof(struct cdna_desc_virtio) &&
	       layout->dirs == (CDNA_DIR_TX_BIT | CDNA_DIR_RX_BIT) &&
	       formats_field_is(&layout->addr,
				offsetof(struct cdna_desc_virtio, addr), 64) &&
	       formats_field_is(&layout->len,
				offsetof(struct cdna_desc_virtio, len), 16) &&
	       formats_field_is(&layout->flags,
				offsetof(struct cdna_desc_virtio, flags), 16) &&
	       formats_field_is(&layout->seq,
				offsetof(struct cdna_desc_virtio, seq), 32) &&
	       layout->flag_eop == CDNA_DESC_EOP &&
	       layout->max_len >= CDNA_PAGE_SIZE &&
	       layout->max_chain >= CDNA_MAX_VIRTIO_CHAIN;
}

/**
 * cdna_formats_take - take the formats that can be validated
 * @formats: filled in
 * @info: what the NIC announces
 *
 * Return: how many there are that guests may choose.
 */
u32 cdna_formats_take(struct cdna_formats *formats,
		      const struct cdna_nic_info *info)
{
	struct cdna_layout layout;
	u32 i;

	formats->count = 0;
	formats->has_virtio = false;
	for (i = 0; i < info->formats; i++) {
		if (cdna_verdict_layout(&layout, &info->format[i]))
			continue;
		if (layout.id == CDNA_FORMAT_VIRTIO) {
			formats->has_virtio = formats_is_virtio(&layout);
			formats->virtio = layout;
			continue;
		}
		formats->layout[formats->count] = layout;
		formats->format[formats->count++] = info->format[i];
	}
	return formats->count;
}

/**
 * cdna_formats_find - the format of a queue
 * @formats: formats of the NIC
 * @id: number of the format, as a guest gave it
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 *
 * Return: the format, NULL if there is none for that direction.
 */
const struct cdna_layout *cdna_formats_find(const struct cdna_formats *formats,
					    u32 id, u32 dir)
{
	const struct cdna_layout *layout;
	u32 i;

	for (i = 0; i < formats->count; i++) {
		layout = &formats->layout[i];
		if (layout->id == id)
			return layout->dirs & BIT(dir) ? layout : NULL;
	}
	return NULL;
}
