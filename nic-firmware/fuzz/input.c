// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fuzzer's input, taken piece by piece.
 */
#include <string.h>

#include "input.h"

/* A byte, or 0 at the end */
u32 input_u8(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

u32 input_u16(struct input *in)
{
	u32 low = input_u8(in);

	return low | input_u8(in) << 8;
}

u32 input_u32(struct input *in)
{
	u32 low = input_u16(in);

	return low | input_u16(in) << 16;
}

/* Less than @bound, which is at most 65536 */
u32 input_below(struct input *in, u32 bound)
{
	return (bound > 256 ? input_u16(in) : input_u8(in)) % bound;
}

/* As many bytes as the input says, at most @max. Return: how many */
u32 input_bytes(struct input *in, u8 *dst, u32 max)
{
	u32 len = input_u16(in) % (max + 1);
	u32 i;

	for (i = 0; i < len; i++)
		dst[i] = (u8)input_u8(in);
	return len;
}

static bool input_bit(u32 bits, u32 n)
{
	return bits >> n & 1;
}

static void input_spec(struct input *in, u32 kind, struct frame_spec *spec)
{
	static const u8 protos[] = { 6, 6, 6, 17, 1, 0, 44, 43 };
	u32 bits = input_u16(in);

	spec->ip = input_bit(bits, 0) ? 6 : 4;
	if ((bits & 0x30e) == 0x30e)
		spec->ip = 0;
	spec->proto = protos[bits >> 4 & 7];
	spec->tagged = input_bit(bits, 1) && input_bit(bits, 2);
	spec->tci = spec->tagged ? (u16)input_u16(in) : 0;
	spec->tpid = input_bit(bits, 3) && input_bit(bits, 8) ? 0x88a8 : 0;
	spec->timestamps = input_bit(bits, 7);
	spec->tsval = input_bit(bits, 7) ? input_u8(in) : 0;
	spec->bad_csum = (bits & 0xf000) == 0x1000;
	spec->bad_ip_csum = (bits & 0xf000) == 0x2000;
	spec->zero_csum = (bits & 0xf000) == 0x3000;
	spec->partial = (bits & 0xc000) == 0x8000;
	if ((bits & 0xf000) == 0x4000)
		spec->frag = (u16)input_u16(in);
	if ((bits & 0xf000) == 0x5000)
		spec->ip_options = (u8)(4 * input_below(in, 11));
	if ((bits & 0xf000) == 0x6000) {
		spec->tos = (u8)input_u8(in);
		spec->ttl = (u8)input_u8(in);
		spec->ip_id = (u16)input_u16(in);
	}
	if (bits & 0x400)
		spec->tcp_flags = (u8)input_u8(in);
	spec->sport = (u16)(1000 + (bits >> 11 & 1));
	spec->seq = kind & 0x10 ? input_u16(in) : in->next_seq;
	spec->ack = input_bit(bits, 9) ? input_u8(in) : 0;
	spec->payload = input_u16(in) % 1461;
	spec->pad = spec->payload < 8 ? input_below(in, 20) : 0;
	spec->fill = spec->seq;
	in->next_seq = spec->seq + spec->payload;
}

/**
 * input_frame() - a frame: raw bytes, or one that is mostly well-formed
 * @in: the input
 * @frame: where, FRAME_MAX bytes
 * @dst: destination of a well-formed one
 * @src: source of a well-formed one
 *
 * Return: its length, which may be 0 for a raw one
 */
u32 input_frame(struct input *in, u8 *frame, const u8 *dst, const u8 *src)
{
	struct frame_spec spec = { .ip = 4 };
	u32 kind = input_u8(in);
	u32 damages = kind >> 2 & 3;
	u32 len;

	if (kind & 1)
		return input_bytes(in, frame, 2048);
	memcpy(spec.dst, dst, 6);
	memcpy(spec.src, src, 6);
	input_spec(in, kind, &spec);
	len = frame_build(frame, &spec);
	while (damages--) {
		u32 at = input_u8(in);

		frame[at % len] = (u8)input_u8(in);
	}
	if (kind & 2)
		input_fix_csum(frame, len);
	if (kind & 0x40) {
		u32 cut = input_u8(in);

		len -= FW_MIN(len, cut);
	}
	return len;
}

/* Receive-side scaling that is good, or nearly so */
void input_rss(struct input *in, struct cdna_rss *rss)
{
	u32 n = 1 + input_below(in, CDNA_MAX_QPS + 1);
	u32 i;

	memset(rss, 0, sizeof(*rss));
	input_bytes(in, rss->key, sizeof(rss->key));
	rss->types = fw_to_le32(input_u8(in) & CDNA_RSS_TYPES);
	rss->other = (u8)input_below(in, n);
	for (i = 0; i < CDNA_RSS_TABLE; i++)
		rss->table[i] = (u8)((i * 7 + rss->key[0]) % n);
}

/* A ring of any format. Return: CDNA_DIR_* */
u32 input_ring_spec(struct input *in, struct h_ring_spec *spec)
{
	u32 bits = input_u8(in);
	u32 dir = bits & 1;

	*spec = (struct h_ring_spec){
		.format = bits >> 1 & 1,
		.slots = 64u << (bits >> 2 & 1),
		.offloads = dir == CDNA_DIR_RX ? H_OFFLOADS_RX : H_OFFLOADS_TX,
		.page_list = bits >> 3 & 1,
		.first_seq = bits & 16 ? ~0u - 10 : 0,
		.one_piece = bits & 32,
	};
	if (bits & 64) {
		spec->format = CDNA_FORMAT_VIRTIO;
		spec->offloads &= ~(u32)(CDNA_OFFLOAD_TX_VLAN |
					 CDNA_OFFLOAD_RX_VLAN);
		if (dir == CDNA_DIR_RX && bits & 32)
			spec->offloads |= CDNA_OFFLOAD_RX_CHAINS;
		spec->used_offset = bits & 8 ? 4092 : 0;
	} else if (spec->format == CDNA_FORMAT_COMPACT && dir == CDNA_DIR_TX) {
		spec->offloads = 0;
	}
	return dir;
}

/*
 * Make the checksums of damaged headers right, so that what is behind the
 * checks is reached. Only where everything is at its usual place.
 */
void input_fix_csum(u8 *frame, u32 len)
{
	struct frame_info info = { .ip = 4, .l3 = 14, .proto = 6 };
	u32 total;
	u16 sum;

	if (len < 54 || fw_get_be16(frame + 12) != 0x0800 || frame[14] != 0x45)
		return;
	fw_put_be16(frame + 24, 0);
	fw_put_be16(frame + 24, (u16)~frame_csum(frame + 14, 20, 0));
	total = fw_get_be16(frame + 16);
	if (total < 40 || total > len - 14 || frame[23] != 6)
		return;
	info.l4 = 34;
	fw_put_be16(frame + 50, 0);
	sum = frame_l4_csum(frame, &info, total - 20);
	fw_put_be16(frame + 50, (u16)~sum);
}
