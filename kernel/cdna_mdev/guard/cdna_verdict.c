// SPDX-License-Identifier: GPL-2.0-only
/*
 * Validation of descriptors, without access to memory, a VM or the NIC: the input
 * is a copy that no guest can change, the result is what is wrong with it.
 */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "guard/cdna_verdict.h"

static u64 verdict_get(const struct cdna_field *field, const void *desc)
{
	const u8 *at = (const u8 *)desc + field->offset;

	switch (field->bits) {
	case 8:
		return *at;
	case 16:
		return get_unaligned_le16(at);
	case 32:
		return get_unaligned_le32(at);
	case 64:
		return get_unaligned_le64(at);
	default:
		return 0;
	}
}

static void verdict_put(const struct cdna_field *field, void *desc, u64 value)
{
	u8 *at = (u8 *)desc + field->offset;

	switch (field->bits) {
	case 8:
		*at = value;
		break;
	case 16:
		put_unaligned_le16(value, at);
		break;
	case 32:
		put_unaligned_le32(value, at);
		break;
	case 64:
		put_unaligned_le64(value, at);
		break;
	}
}

/* Bytes that a field covers, as a mask of a descriptor's bytes; 0 if it has
 * none, all ones if it does not fit.
 */
static u64 verdict_field_mask(const struct cdna_field *field, u32 size)
{
	u32 bytes = field->bits / 8;

	if (!field->bits)
		return 0;
	if (field->bits != 8 && field->bits != 16 && field->bits != 32 &&
	    field->bits != 64)
		return ~0ull;
	if (field->offset + bytes > size)
		return ~0ull;
	return ((1ull << bytes) - 1) << field->offset;
}

static bool verdict_fields_fit(const struct cdna_layout *layout)
{
	const struct cdna_field *fields[] = {
		&layout->addr, &layout->len, &layout->flags, &layout->seq,
	};
	u64 used = 0, mask;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		mask = verdict_field_mask(fields[i], layout->size);
		if (mask & used)
			return false;
		used |= mask;
	}
	/* An all-ones mask in first place overlaps nothing. */
	return used != ~0ull;
}

/**
 * cdna_verdict_layout - check a descriptor format that the NIC announces
 * @layout: filled in
 * @format: as the NIC wrote it
 *
 * The sequence number must be wide enough to distinguish a stale descriptor from
 * a new one in the largest ring (I4).
 *
 * Return: 0, or -EINVAL if the host cannot validate such descriptors.
 */
int cdna_verdict_layout(struct cdna_layout *layout,
			const struct cdna_desc_format *format)
{
	*layout = (struct cdna_layout) {
		.id = format->id,
		.size = format->size,
		.dirs = le16_to_cpu(format->dirs),
		.addr = format->addr,
		.len = format->len,
		.flags = format->flags,
		.seq = format->seq,
		.flag_eop = le32_to_cpu(format->flag_eop),
		.flag_check = le32_to_cpu(format->flag_check),
		.max_len = le16_to_cpu(format->max_len),
		.max_chain = le16_to_cpu(format->max_chain),
		.offloads = le32_to_cpu(format->offloads),
	};

	if (layout->size < 16 || layout->size > CDNA_MAX_DESC_BYTES ||
	    layout->size & (layout->size - 1))
		return -EINVAL;
	if (!verdict_fields_fit(layout))
		return -EINVAL;
	if (layout->addr.bits != 64 || layout->len.bits < 16 ||
	    layout->len.bits > 32)
		return -EINVAL;
	if (layout->seq.bits != 16 && layout->seq.bits != 32)
		return -EINVAL;
	if (layout->flags.bits > 32 || (!layout->flags.bits &&
					(layout->flag_eop | layout->flag_check)))
		return -EINVAL;
	if (!layout->max_len || layout->max_len > CDNA_PAGE_SIZE ||
	    !layout->max_chain)
		return -EINVAL;
	return 0;
}

/* Follow the frames of a transmit ring: one more descriptor. */
static enum cdna_vfault verdict_chain(const struct cdna_layout *layout,
				      u64 flags, u32 *chain)
{
	/* Without such a flag, each descriptor is a frame. */
	if (!layout->flag_eop || flags & layout->flag_eop) {
		*chain = 0;
		return CDNA_VFAULT_NONE;
	}
	if (*chain + 1 >= layout->max_chain)
		return CDNA_VFAULT_CHAIN;
	(*chain)++;
	return CDNA_VFAULT_NONE;
}

/**
 * cdna_verdict_check - is this descriptor fit for the NIC?
 * @layout: its format
 * @dir: CDNA_DIR_TX or CDNA_DIR_RX
 * @desc: copy of the descriptor, @layout->size bytes
 * @chain: descriptors so far of a frame that is not complete; updated
 * @buffer: what it names, set if it is good
 *
 * Whether the machine owns that memory is checked by the pin table.
 *
 * Return: CDNA_VFAULT_NONE, or why it is refused (paper 3.3).
 */
enum cdna_vfault cdna_verdict_check(const struct cdna_layout *layout, u32 dir,
				    const void *desc, u32 *chain,
				    struct cdna_buffer *buffer)
{
	u64 addr = verdict_get(&layout->addr, desc);
	u64 len = verdict_get(&layout->len, desc);
	u64 flags = verdict_get(&layout->flags, desc);

	if (!len || len > layout->max_len)
		return CDNA_VFAULT_LENGTH;
	if ((addr & (CDNA_PAGE_SIZE - 1)) + len > CDNA_PAGE_SIZE)
		return CDNA_VFAULT_CROSSING;
	if (flags & layout->flag_check)
		return CDNA_VFAULT_FLAGS;

	buffer->addr = addr;
	buffer->len = len;
	if (dir != CDNA_DIR_TX)
		return CDNA_VFAULT_NONE;
	return verdict_chain(layout, flags, chain);
}

/**
 * cdna_verdict_stamp - make a guest's descriptor the NIC's
 * @layout: its format
 * @desc: copy of the descriptor; all other bytes stay as the guest wrote them
 * @addr: DMA address of the buffer
 * @seq: sequence number; the field takes its low bits
 */
void cdna_verdict_stamp(const struct cdna_layout *layout, void *desc, u64 addr,
			u32 seq)
{
	verdict_put(&layout->addr, desc, addr);
	verdict_put(&layout->seq, desc, seq);
}

/**
 * cdna_verdict_stamp_seq - make a stamped descriptor valid
 * @layout: its format
 * @desc: the descriptor, in the NIC's ring
 * @seq: sequence number; the field takes its low bits (I4)
 */
void cdna_verdict_stamp_seq(const struct cdna_layout *layout, void *desc,
			    u32 seq)
{
	verdict_put(&layout->seq, desc, seq);
}
