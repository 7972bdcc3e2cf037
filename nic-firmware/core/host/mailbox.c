// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Mailbox events: two levels of bit vectors, partitions and their mailboxes, a
 * partition's mailboxes being taken together (paper 4). A value is read from
 * SRAM after its event was taken: a store in between raises the event again.
 */
#include "host/mailbox.h"

#include "ctx/mbox.h"
#include "host/admin.h"
#include "host/mgmt.h"
#include "notify/notify.h"
#include "state.h"

static u32 mailbox_read(struct fw_nic *nic, u32 mbox)
{
	return nic->ops->sram_read(nic->board, CDNA_MGMT_PAGE +
				   CDNA_MBOX_OFFSET(mbox));
}

static bool mailbox_dma_test_run(struct fw_nic *nic, u64 addr, u32 seed)
{
	struct cdna_dma_test block = { 0 };
	u32 i;

	if (fw_dma_read(nic, FW_DMA_HOST, addr, block.in, sizeof(block.in)))
		return false;
	for (i = 0; i < CDNA_DMA_TEST_BYTES; i++)
		block.out[i] = (u8)(block.in[i] ^ seed);
	return !fw_dma_write(nic, FW_DMA_HOST,
			     addr + offsetof(struct cdna_dma_test, out),
			     block.out, sizeof(block.out));
}

static void mailbox_dma_test(struct fw_nic *nic, u32 seed)
{
	u64 addr = fw_mgmt_read64(nic, CDNA_MGMT_DMA_TEST_ADDR_LO);

	if (!seed)
		return;
	if (!mailbox_dma_test_run(nic, addr, seed))
		seed = CDNA_DMA_TEST_FAILED;
	fw_set_register(nic, CDNA_REG_DMA_TEST, seed);
}

static void mailbox_control(struct fw_nic *nic, u32 value)
{
	if (value & CDNA_CONTROL_RESET)
		nic->hooks->nic_reset(nic);
	if ((value & CDNA_CONTROL_ENABLE) && !nic->enabled && !nic->fatal)
		fw_admin_enable(nic);
}

static void mailbox_mgmt_one(struct fw_nic *nic, u32 mbox, u32 value)
{
	switch (mbox) {
	case CDNA_MGMT_MBOX_CONTROL:
		mailbox_control(nic, value);
		break;
	case CDNA_MGMT_MBOX_ASQ_TAIL:
		fw_admin_tail(nic, value);
		break;
	case CDNA_MGMT_MBOX_ACQ_CONS:
		fw_notify_consumed(&nic->admin.completions, value);
		break;
	case CDNA_MGMT_MBOX_EVENT_CONS:
		fw_notify_consumed(&nic->event.ring, value);
		break;
	case CDNA_MGMT_MBOX_BITVEC_CONS:
		fw_notify_consumed(&nic->bitvec.ring, value);
		break;
	case CDNA_MGMT_MBOX_DMA_TEST:
		mailbox_dma_test(nic, value);
		break;
	case CDNA_MGMT_MBOX_IRQ_TEST:
		if (value < CDNA_NR_VECTORS)
			nic->ops->raise(nic->board, value);
		break;
	default:
		break;
	}
}

/* Control comes first: the lowest mailbox. */
static void mailbox_mgmt(struct fw_nic *nic, u32 events)
{
	u32 mbox;

	for (; events; events &= events - 1) {
		mbox = fw_ffs32(events);
		mailbox_mgmt_one(nic, mbox, mailbox_read(nic, mbox));
	}
}

static void mailbox_ctx(struct fw_nic *nic, struct fw_ctx *ctx, u32 events)
{
	u32 mbox;

	for (; events; events &= events - 1) {
		mbox = fw_ffs32(events);
		if (mbox >= CDNA_NR_MAILBOXES)
			return;
		fw_mbox_stored(nic, ctx, mbox);
	}
}

static void mailbox_partition(struct fw_nic *nic, u32 partition)
{
	u32 events = nic->ops->mailbox_take(nic->board, partition);

	if (partition == FW_PARTITION_MGMT) {
		mailbox_mgmt(nic, events);
	} else if (partition < nic->config.contexts) {
		mailbox_ctx(nic, &nic->ctx[partition], events);
	} else {
		for (; events; events &= events - 1)
			fw_nic_count(nic, CDNA_NSTAT_MAILBOXES_STRAY, 1);
	}
}

/**
 * fw_mailbox_service() - take all mailbox events that there are
 * @nic: the NIC
 *
 * The management page goes first, so that what the host has just forbidden is
 * no longer done.
 */
void fw_mailbox_service(struct fw_nic *nic)
{
	u32 word = FW_EVENT_WORDS;
	u32 left;

	while (word--) {
		left = nic->ops->mailbox_partitions(nic->board, word);
		for (; left; left &= left - 1)
			mailbox_partition(nic, word * 32 + fw_ffs32(left));
	}
}
