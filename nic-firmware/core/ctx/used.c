// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Virtio used rings (Virtio 1.2, section 2.7.8). Entries are written when their
 * chains have been used, the index when the queue pair's status is published.
 */
#include "ctx/used.h"

#include "ctx/mark.h"
#include "ctx/ring.h"
#include "notify/completion.h"
#include "state.h"

#define USED_ALIGN	4
#define USED_HOST_FIELD	((u32)sizeof(__le16))	/* behind the entries */

static_assert(CDNA_PAGE_SIZE - USED_ALIGN + sizeof(struct cdna_used_ring) +
	      CDNA_MAX_USED_RING * sizeof(struct cdna_used_elem) +
	      sizeof(__le16) <= FW_USED_MAX_PAGES * CDNA_PAGE_SIZE,
	      "the largest used ring is on more pages");

/**
 * fw_used_check() - are the used ring's parameters good?
 * @cmd: the command; only CDNA_FORMAT_VIRTIO may have such a ring, and must
 * @detail: offset of the field that was refused
 *
 * Return: enum cdna_admin_status
 */
u32 fw_used_check(const struct cdna_admin_queue *cmd, u16 *detail)
{
	bool virtio = cmd->format == CDNA_FORMAT_VIRTIO;
	u32 offset = fw_le16(cmd->used_offset);
	u32 slots = fw_le16(cmd->used_slots);

	*detail = FW_ADMIN_DETAIL(queue.used_offset);
	if (virtio ? offset % USED_ALIGN || offset >= CDNA_PAGE_SIZE : offset)
		return CDNA_SC_BAD_PARAM;
	*detail = FW_ADMIN_DETAIL(queue.used_slots);
	if (slots > CDNA_MAX_USED_RING || slots & (slots - 1) ||
	    virtio != !!slots)
		return CDNA_SC_BAD_PARAM;
	*detail = FW_ADMIN_DETAIL(queue.used_index);
	if (!virtio && fw_le16(cmd->used_index))
		return CDNA_SC_BAD_PARAM;
	return CDNA_SC_OK;
}

/* Bytes on the pages listed: the host's field may be alone on one of its own. */
static u32 used_bytes(const struct cdna_admin_queue *cmd)
{
	u32 bytes = fw_le16(cmd->used_offset) +
		    (u32)sizeof(struct cdna_used_ring) +
		    fw_le16(cmd->used_slots) *
		    (u32)sizeof(struct cdna_used_elem);

	if (!(bytes % CDNA_PAGE_SIZE) &&
	    fw_le16(cmd->completions.pages) > bytes / CDNA_PAGE_SIZE)
		bytes += USED_HOST_FIELD;
	return bytes;
}

/**
 * fw_used_create() - a used ring at the index where it is to begin, or none
 * @nic: the NIC
 * @used: filled
 * @cmd: the command, which fw_used_check() found good
 *
 * Return: FW_OK, or an error of fw_ring_map()
 */
int fw_used_create(struct fw_nic *nic, struct fw_used *used,
		   const struct cdna_admin_queue *cmd)
{
	*used = (struct fw_used){
		.offset = fw_le16(cmd->used_offset),
		.slots = fw_le16(cmd->used_slots),
		.idx = fw_le16(cmd->used_index),
		.published = fw_le16(cmd->used_index),
	};
	if (!used->slots)
		return FW_OK;
	return fw_ring_map(nic, used->page, FW_USED_MAX_PAGES, used_bytes(cmd),
			   &cmd->completions);
}

/* Neither a run of entries nor one of them need lie on one page. */
static bool used_write(struct fw_nic *nic, struct fw_qp *qp,
		       const struct fw_used *used, u32 at, const void *from,
		       u32 len)
{
	const u8 *src = from;
	u32 in_page, n;

	for (at += used->offset; len; at += n, src += n, len -= n) {
		in_page = at % CDNA_PAGE_SIZE;
		n = FW_MIN(len, CDNA_PAGE_SIZE - in_page);
		if (fw_dma_write(nic, qp->ctx->id,
				 used->page[at / CDNA_PAGE_SIZE] + in_page, src,
				 n)) {
			fw_mark_ctx_fault(nic, qp->ctx, CDNA_FAULT_DMA_STATUS);
			return false;
		}
	}
	return true;
}

/**
 * fw_used_put() - report chains of a queue
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*; the queue has a used ring
 * @elem: the entries
 * @count: how many
 *
 * They are not to be seen before fw_used_publish().
 *
 * Return: false if DMA failed, the context is marked
 */
bool fw_used_put(struct fw_nic *nic, struct fw_qp *qp, u32 dir,
		 const struct cdna_used_elem *elem, u32 count)
{
	struct fw_used *used = &qp->queue[dir].used;
	u32 slot, run;

	for (; count; count -= run, elem += run) {
		slot = used->idx & (used->slots - 1u);
		run = FW_MIN(count, used->slots - slot);
		if (!used_write(nic, qp, used,
				(u32)sizeof(struct cdna_used_ring) +
				slot * (u32)sizeof(*elem), elem,
				run * (u32)sizeof(*elem)))
			return false;
		used->idx = (u16)(used->idx + run);
	}
	return true;
}

/**
 * fw_used_sent() - report a transmit chain, into which nothing was written
 * @nic: the NIC
 * @qp: its queue pair
 * @head: index of the chain's head
 *
 * If DMA fails, the context is marked, and the frame is sent all the same.
 */
void fw_used_sent(struct fw_nic *nic, struct fw_qp *qp, u32 head)
{
	struct cdna_used_elem elem = { .id = fw_to_le32(head) };

	fw_used_put(nic, qp, CDNA_DIR_TX, &elem, 1);
}

/**
 * fw_used_publish() - write a used ring's index
 * @nic: the NIC
 * @qp: its queue pair
 * @dir: CDNA_DIR_*; the queue has a used ring
 *
 * The context is marked if DMA fails.
 */
void fw_used_publish(struct fw_nic *nic, struct fw_qp *qp, u32 dir)
{
	struct fw_used *used = &qp->queue[dir].used;
	__le16 idx = fw_to_le16(used->idx);

	if (used_write(nic, qp, used, offsetof(struct cdna_used_ring, idx),
		       &idx, sizeof(idx)))
		used->published = used->idx;
}
