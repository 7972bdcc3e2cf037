// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Internet checksums (RFC 1071). A ones' complement sum does not care for
 * byte order until the end, so bytes are added as the processor loads them.
 */
#include "base/csum.h"

#define CSUM_UDP_OFFSET		6
#define CSUM_IPV4_OFFSET	10

static u64 csum_load64(const u8 *p)
{
	u64 v;

	__builtin_memcpy(&v, p, sizeof(v));
	return v;
}

/* Add both halves: 2^32 of these fit into 64 bits. */
static u64 csum_halves(u64 v)
{
	return (v & 0xffffffff) + (v >> 32);
}

/* Up to 7 bytes as the start of a zeroed word */
static u64 csum_tail(const u8 *data, u32 len)
{
	u8 rest[8] = { 0 };
	u32 i;

	for (i = 0; i < len; i++)
		rest[i] = data[i];
	return csum_load64(rest);
}

static u32 csum_fold64(u64 sum)
{
	sum = csum_halves(sum);
	sum = csum_halves(sum);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (u32)sum;
}

/* A sum of words as loaded, as the sum of these in network order */
static u32 csum_network(u32 sum)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return sum;
#else
	return __builtin_bswap16((u16)sum);
#endif
}

/**
 * fw_csum_add() - add bytes to a sum
 * @sum: partial sum of big-endian 16-bit words
 * @data: bytes, at any alignment
 * @len: how many; an odd last one is the high byte of a word
 *
 * Return: the new partial sum
 */
u32 fw_csum_add(u32 sum, const u8 *data, u32 len)
{
	u64 a = 0, b = 0;
	u64 total;

	for (; len >= 32; len -= 32, data += 32) {
		a += csum_halves(csum_load64(data));
		b += csum_halves(csum_load64(data + 8));
		a += csum_halves(csum_load64(data + 16));
		b += csum_halves(csum_load64(data + 24));
	}
	for (; len >= 8; len -= 8, data += 8)
		a += csum_halves(csum_load64(data));
	if (len)
		b += csum_halves(csum_tail(data, len));
	total = (u64)sum + csum_network(csum_fold64(a + b));
	return (u32)csum_halves(total);
}

/**
 * fw_csum_fold() - the 16-bit sum
 * @sum: partial sum
 *
 * Return: the sum, not complemented
 */
u16 fw_csum_fold(u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (u16)sum;
}

/**
 * fw_csum_pseudo() - sum of the pseudo header of TCP or UDP
 * @head: the frame's first bytes
 * @pkt: its headers: IPv4 or IPv6, TCP or UDP
 * @l4_len: bytes of TCP or UDP header and payload
 *
 * Return: partial sum
 */
u32 fw_csum_pseudo(const u8 *head, const struct fw_packet *pkt, u32 l4_len)
{
	u32 proto = pkt->flags & FW_PKT_TCP ? FW_IPPROTO_TCP : FW_IPPROTO_UDP;
	u32 sum = proto + (l4_len >> 16) + (l4_len & 0xffff);

	if (pkt->flags & FW_PKT_IPV4)
		return fw_csum_add(sum, head + pkt->l3 + 12, 8);
	return fw_csum_add(sum, head + pkt->l3 + 8, 32);
}

/* The cell that byte @at of a frame is in, and its offset there */
static struct fw_cell *csum_seek(const struct fw_frame *frame, u32 *at)
{
	struct fw_cell *cell = frame->head;

	while (cell && *at >= cell->len) {
		*at -= cell->len;
		cell = cell->next;
	}
	return cell;
}

/**
 * fw_csum_frame() - sum of a part of a frame, over all its cells
 * @frame: the frame
 * @start: first byte
 * @end: one past the last, not more than the frame's length
 *
 * Return: partial sum, @start being the high byte of a word
 */
u32 fw_csum_frame(const struct fw_frame *frame, u32 start, u32 end)
{
	u32 left = end > start ? end - start : 0;
	struct fw_cell *cell = csum_seek(frame, &start);
	bool odd = false;
	u32 sum = 0;

	for (; cell && left; cell = cell->next, start = 0) {
		u32 len = FW_MIN(left, cell->len - start);
		const u8 *data = cell->data + cell->start + start;
		u16 part = fw_csum_fold(fw_csum_add(0, data, len));

		/* Behind an odd number of bytes, high and low change roles. */
		sum += odd ? __builtin_bswap16(part) : part;
		odd ^= len & 1;
		left -= len;
	}
	return sum;
}

static void csum_store(struct fw_frame *frame, u32 at, u16 value)
{
	struct fw_cell *cell = csum_seek(frame, &at);

	cell->data[cell->start + at] = (u8)(value >> 8);
	for (at++; at >= cell->len; at = 0)
		cell = cell->next;
	cell->data[cell->start + at] = (u8)value;
}

/**
 * fw_csum_insert() - compute and store a checksum as a descriptor asks
 * @frame: the frame
 * @start: where the sum starts; it ends with the frame
 * @offset: where it is stored, from @start. The pseudo header's sum is there
 *
 * Return: false if the two do not fit the frame, which is then unchanged
 */
bool fw_csum_insert(struct fw_frame *frame, u32 start, u32 offset)
{
	u16 sum;

	if (start < FW_ETH_HLEN || start + offset + 2 > frame->len)
		return false;
	sum = (u16)~fw_csum_fold(fw_csum_frame(frame, start, frame->len));
	/* In UDP, 0 means no checksum; elsewhere both are the same. */
	csum_store(frame, start + offset, sum ? sum : 0xffff);
	return true;
}

/**
 * fw_csum_ipv4() - compute and store the checksum of an IPv4 header
 * @ip: the header, with all its options
 */
void fw_csum_ipv4(u8 *ip)
{
	u32 sum;

	fw_put_be16(ip + CSUM_IPV4_OFFSET, 0);
	sum = fw_csum_add(0, ip, (ip[0] & 0xfu) * 4);
	fw_put_be16(ip + CSUM_IPV4_OFFSET, (u16)~fw_csum_fold(sum));
}

/**
 * fw_csum_verify() - is the TCP or UDP checksum right?
 * @frame: the frame
 * @pkt: its headers
 *
 * Return: 1 if it is, 0 if not, -1 if there is none to verify
 */
int fw_csum_verify(const struct fw_frame *frame, const struct fw_packet *pkt)
{
	const u8 *head = fw_frame_data(frame);
	u32 len = pkt->end - pkt->l4;
	u32 sum;

	if (!(pkt->flags & (FW_PKT_TCP | FW_PKT_UDP)))
		return -1;
	if (pkt->flags & FW_PKT_UDP) {
		if (!fw_get_be16(head + pkt->l4 + CSUM_UDP_OFFSET))
			return -1;
		len = fw_get_be16(head + pkt->l4 + 4);
	}
	sum = fw_csum_pseudo(head, pkt, len) +
	      fw_csum_fold(fw_csum_frame(frame, pkt->l4, pkt->l4 + len));
	return fw_csum_fold(sum) == 0xffff;
}
