// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "ctx/mark.h"
#include "ctx/ring.h"
#include "ctx/used.h"
#include "state.h"

#include "ring_used.h"

static struct fw_nic nic;
static struct fw_ctx ctx;
static struct fw_qp qp;

static int dma_write(void *board, u16 id, u64 addr, const void *src, u32 len)
{
	(void)board;
	(void)id;
	memcpy((void *)(uintptr_t)addr, src, len);
	return 0;
}

static const struct fw_board_ops ops = { .dma_write = dma_write };

void ring_firmware_begin(void *used, u16 slots)
{
	struct cdna_admin_queue cmd = {
		.used_offset = fw_to_le16((uintptr_t)used % CDNA_PAGE_SIZE),
		.used_slots = fw_to_le16(slots),
	};

	nic.ops = &ops;
	qp.ctx = &ctx;
	cmd.completions.addr = fw_to_le64((uintptr_t)used -
					  (uintptr_t)used % CDNA_PAGE_SIZE);
	if (fw_used_create(&nic, &qp.queue[CDNA_DIR_RX].used, &cmd))
		abort();
}

void ring_firmware_put(u32 head, u32 written)
{
	struct cdna_used_elem elem = {
		.id = fw_to_le32(head),
		.len = fw_to_le32(written),
	};

	if (!fw_used_put(&nic, &qp, CDNA_DIR_RX, &elem, 1))
		abort();
}

void ring_firmware_publish(void)
{
	fw_used_publish(&nic, &qp, CDNA_DIR_RX);
}

/* What the firmware has elsewhere: all pages are in a row, and no write fails. */
int fw_ring_map(struct fw_nic *of, u64 *page, u32 max_pages, u64 bytes,
		const struct cdna_ring_ref *ref)
{
	u32 i;

	(void)of;
	(void)bytes;
	for (i = 0; i < max_pages; i++)
		page[i] = fw_le64(ref->addr) + (u64)i * CDNA_PAGE_SIZE;
	return 0;
}

void fw_mark_ctx_fault(struct fw_nic *of, struct fw_ctx *which,
		       enum cdna_fault why)
{
	(void)of;
	(void)which;
	(void)why;
	abort();
}
