// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio queues: chains as the host writes them, used rings as a guest reads them.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/**
 * h_used_reset() - an empty used ring without memory, or none
 * @used: it
 * @spec: the ring that it belongs to
 */
void h_used_reset(struct h_used *used, const struct h_ring_spec *spec)
{
	u32 slots = spec->used_slots ? spec->used_slots : 64;

	free(used->first);
	memset(used, 0, sizeof(*used));
	if (spec->format != CDNA_FORMAT_VIRTIO)
		return;
	used->offset = spec->used_offset;
	used->slots = slots;
	used->taken = spec->used_index;
	used->posted = spec->used_index;
	used->first = calloc(slots, sizeof(*used->first));
	FAKE_CHECK(used->first);
}

/**
 * h_used_at() - memory of a used ring
 * @h: the NIC
 * @used: the used ring
 * @at: bytes from its beginning
 *
 * Return: where it is; the rest of that page follows
 */
void *h_used_at(struct h *h, const struct h_used *used, u32 at)
{
	at += used->offset;
	return fake_ptr(h->board, used->page[at / H_PAGE] + at % H_PAGE);
}

/* An entry may lie on two pages, but no word of it does. */
static u32 used_word(struct h *h, const struct h_used *used, u32 at)
{
	__le32 word;

	memcpy(&word, h_used_at(h, used, at), sizeof(word));
	return fw_le32(word);
}

/**
 * h_used_idx() - index of a used ring, as the guest sees it
 * @h: the NIC
 * @used: the used ring
 *
 * Return: free-running, 16 bits
 */
u16 h_used_idx(struct h *h, const struct h_used *used)
{
	return (u16)(used_word(h, used, 0) >> 16);
}

/* Heads in any order but that of the chains */
static u32 chain_head(const struct h_used *used, u32 chain)
{
	return (chain * 7 + 3) % used->slots;
}

/**
 * h_chain_begin() - the next descriptor begins a chain
 * @queue: the ring, of any format
 *
 * Return: index of the chain's head; 0 if there are no chains
 */
u32 h_chain_begin(struct h_queue *queue)
{
	struct h_used *used = &queue->used;

	if (!used->slots)
		return 0;
	used->first[used->posted % used->slots] = queue->prod;
	return chain_head(used, used->posted++);
}

/**
 * h_chain_post() - write the descriptors of a chain of empty buffers
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @len: bytes of each
 * @count: how many
 *
 * The mailbox is not rung.
 */
void h_chain_post(struct h *h, u32 ctx, u32 qp, const u16 *len, u32 count)
{
	struct h_queue *queue = &h->ctx[ctx].qp[qp].queue[CDNA_DIR_RX];
	u32 head = h_chain_begin(queue);
	u32 i;

	for (i = 0; i < count; i++) {
		struct fw_desc desc = {
			.addr = h_buffer(queue, queue->prod, len[i]),
			.len = len[i],
			.flags = i + 1 == count ? CDNA_DESC_EOP : 0,
			.head = (u16)head,
		};

		memset(fake_ptr(h->board, desc.addr), 0xee, len[i]);
		h_post(h, ctx, qp, CDNA_DIR_RX, &desc);
	}
}

/**
 * h_used_next() - take an entry of a used ring
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @dir: CDNA_DIR_*
 * @len: its length
 *
 * Checks that it is of the chain that was posted next.
 *
 * Return: false if there is none
 */
bool h_used_next(struct h *h, u32 ctx, u32 qp, u32 dir, u32 *len)
{
	struct h_used *used = &h->ctx[ctx].qp[qp].queue[dir].used;
	u32 ahead = (u16)(h_used_idx(h, used) - used->taken);
	u32 at = (u32)sizeof(struct cdna_used_ring) +
		 used->taken % used->slots *
		 (u32)sizeof(struct cdna_used_elem);

	if (!ahead)
		return false;
	FAKE_CHECK(ahead <= used->posted - used->taken);
	FAKE_CHECK(used_word(h, used, at) == chain_head(used, used->taken));
	*len = used_word(h, used, at + offsetof(struct cdna_used_elem, len));
	used->taken++;
	return true;
}

/* Take @len bytes out of the chain that was posted as @chain. */
static void chain_read(struct h *h, const struct h_queue *queue, u32 chain,
		       u8 *to, u32 len)
{
	u32 i = queue->used.first[chain % queue->used.slots];

	for (; len; i++) {
		u32 posted = queue->len[i % queue->slots];
		u32 n = FW_MIN(len, posted);

		memcpy(to, fake_ptr(h->board, h_buffer(queue, i, posted)), n);
		to += n;
		len -= n;
	}
}

/* Bytes that the chain posted as @chain holds */
static u32 chain_bytes(const struct h_queue *queue, u32 chain)
{
	const struct h_used *used = &queue->used;
	u32 i = used->first[chain % used->slots];
	u32 end = chain + 1 == used->posted ? queue->prod :
		  used->first[(chain + 1) % used->slots];
	u32 bytes = 0;

	for (; i != end; i++)
		bytes += queue->len[i % queue->slots];
	return bytes;
}

/**
 * h_vrx_next() - take a frame received into virtio chains
 * @h: the NIC
 * @ctx: the context
 * @qp: queue pair
 * @rx: the frame
 *
 * Checks what holds for any frame: as many chains as its header says, all of
 * them full but the last.
 *
 * Return: false if there is none
 */
bool h_vrx_next(struct h *h, u32 ctx, u32 qp, struct h_vrx *rx)
{
	static u8 raw[sizeof(rx->hdr) + FRAME_MAX];
	struct h_queue *queue = &h->ctx[ctx].qp[qp].queue[CDNA_DIR_RX];
	u32 first = queue->used.taken;
	u32 total = 0;
	u32 i, len;

	for (i = 0; ; i++) {
		if (!h_used_next(h, ctx, qp, CDNA_DIR_RX, &len))
			break;
		FAKE_CHECK(len && len <= chain_bytes(queue, first + i));
		FAKE_CHECK(total + len <= sizeof(raw));
		chain_read(h, queue, first + i, raw + total, len);
		total += len;
		if (total >= sizeof(rx->hdr))
			memcpy(&rx->hdr, raw, sizeof(rx->hdr));
		if (total >= sizeof(rx->hdr) &&
		    i + 1 == fw_le16(rx->hdr.num_buffers))
			break;
		FAKE_CHECK(len == chain_bytes(queue, first + i));
	}
	if (first == queue->used.taken)
		return false;
	rx->chains = queue->used.taken - first;
	FAKE_CHECK(total > sizeof(rx->hdr));
	FAKE_CHECK(rx->chains == fw_le16(rx->hdr.num_buffers));
	rx->len = total - (u32)sizeof(rx->hdr);
	memcpy(rx->data, raw + sizeof(rx->hdr), rx->len);
	return true;
}
