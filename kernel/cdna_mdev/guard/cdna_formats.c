// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor formats: a NIC may announce some that the host cannot validate.
 * Those are not offered to guests.
 */
#include <linux/bits.h>

#include "cdna_provider.h"
#include "guard/cdna_formats.h"
#include "guard/cdna_verdict.h"

/**
 * cdna_formats_take - take the formats that can be validated
 * @formats: filled in
 * @info: what the NIC announces
 *
 * Return: how many there are.
 */
u32 cdna_formats_take(struct cdna_formats *formats,
		      const struct cdna_nic_info *info)
{
	u32 i;

	formats->count = 0;
	for (i = 0; i < info->formats; i++) {
		if (cdna_verdict_layout(&formats->layout[formats->count],
					&info->format[i]))
			continue;
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
