// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio queues as they are created: which used rings and offloads they may have.
 */
#include "net.h"

/* A command that creates a virtio queue, its memory being somewhere */
static void good_create(struct cdna_admin_cmd *cmd, u32 dir)
{
	h_cmd(cmd, CDNA_CMD_QUEUE_CREATE, 0);
	cmd->queue.dir = (u8)dir;
	cmd->queue.format = CDNA_FORMAT_VIRTIO;
	cmd->queue.size_log2 = 6;
	cmd->queue.used_slots = fw_to_le16(64);
	cmd->queue.ring.addr = fw_to_le64(FAKE_CTX_BUS(0));
	cmd->queue.completions.addr = fw_to_le64(FAKE_CTX_BUS(0) + 0x8000);
}

static void refused(struct cdna_admin_cmd *cmd, u32 detail)
{
	struct cdna_admin_completion done;

	assert_int_equal(h_admin(h, cmd, &done), CDNA_SC_BAD_PARAM);
	assert_int_equal(fw_le16(done.detail), detail);
}

static void parameters_are_checked(void **state)
{
	static const u16 offsets[] = { 1, 2, 4094, 4096, 0x8000, 0xffff };
	static const u16 slots[] = { 0, 3, 65, 1023, 2048, 0x8000, 0xffff };
	struct cdna_admin_cmd cmd;
	u32 dir, i;

	(void)state;
	h_ctx_up(h, 0);
	for (dir = 0; dir < CDNA_NR_DIRS; dir++) {
		for (i = 0; i < FW_ARRAY_SIZE(offsets); i++) {
			good_create(&cmd, dir);
			cmd.queue.used_offset = fw_to_le16(offsets[i]);
			refused(&cmd, 20);
		}
		for (i = 0; i < FW_ARRAY_SIZE(slots); i++) {
			good_create(&cmd, dir);
			cmd.queue.used_slots = fw_to_le16(slots[i]);
			refused(&cmd, 22);
		}
		good_create(&cmd, dir);
		cmd.queue.completions.addr = fw_to_le64(8);
		refused(&cmd, 40);
		cmd.queue.completions.flags = fw_to_le16(CDNA_RING_PAGE_LIST);
		refused(&cmd, 40);
		cmd.queue.completions.pages = fw_to_le16(1);
		assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_DMA_ERROR);
		assert_int_equal(h->board->violations, 1);
		h->board->violations = 0;
		good_create(&cmd, dir);
		assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_OK);
	}
}

static void offloads_are_checked(void **state)
{
	struct cdna_admin_cmd cmd;
	u32 dir, bit, good;

	(void)state;
	h_ctx_up(h, 0);
	for (dir = 0; dir < CDNA_NR_DIRS; dir++) {
		good = dir == CDNA_DIR_TX ?
		       CDNA_OFFLOAD_SG | CDNA_OFFLOAD_TX_CSUM |
		       CDNA_OFFLOAD_TSO4 | CDNA_OFFLOAD_TSO6 :
		       CDNA_OFFLOAD_RX_CSUM | CDNA_OFFLOAD_LRO |
		       CDNA_OFFLOAD_RX_CHAINS;
		for (bit = 1; bit; bit <<= 1) {
			good_create(&cmd, dir);
			cmd.queue.offloads = fw_to_le32(bit);
			if (!(good & bit))
				refused(&cmd, 12);
		}
		good_create(&cmd, dir);
		cmd.queue.offloads = fw_to_le32(good);
		assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_OK);
		/* No other format has chains to receive into. */
		cmd.queue.qp = 1;
		cmd.queue.format = CDNA_FORMAT_OFFLOAD;
		cmd.queue.used_slots = 0;
		cmd.queue.offloads = fw_to_le32(CDNA_OFFLOAD_RX_CHAINS);
		refused(&cmd, 12);
		/* Nor a used ring that could begin anywhere. */
		cmd.queue.offloads = 0;
		cmd.queue.used_index = fw_to_le16(1);
		refused(&cmd, 56);
	}
}

/* Entries that end with a page: what is behind them may be on one more. */
static void a_field_of_the_host_follows(void **state)
{
	static const struct {
		u16 offset, pages;
		bool good;
	} cases[] = {
		{ 2044, 0, false }, { 2044, 1, true }, { 2044, 2, true },
		{ 2044, 3, false }, { 2040, 1, true }, { 2040, 2, false },
		{ 2048, 1, false }, { 2048, 2, true }, { 2048, 3, false },
	};
	struct cdna_admin_cmd cmd;
	__le64 *list;
	u64 addr;
	u32 i;

	(void)state;
	h_ctx_up(h, 0);
	addr = fake_alloc(h->board, FW_DMA_HOST, 64, 64);
	list = fake_ptr(h->board, addr);
	for (i = 0; i < 8; i++)
		list[i] = fw_to_le64(FAKE_CTX_BUS(0) + i * H_PAGE);
	for (i = 0; i < FW_ARRAY_SIZE(cases); i++) {
		good_create(&cmd, CDNA_DIR_TX);
		cmd.queue.used_offset = fw_to_le16(cases[i].offset);
		cmd.queue.used_slots = fw_to_le16(256);
		cmd.queue.completions.addr = fw_to_le64(addr);
		cmd.queue.completions.pages = fw_to_le16(cases[i].pages);
		cmd.queue.completions.flags = fw_to_le16(CDNA_RING_PAGE_LIST);
		if (!cases[i].good) {
			refused(&cmd, 40);
			continue;
		}
		assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_OK);
		h_queue_op(h, CDNA_CMD_QUEUE_DESTROY, 0, 0, CDNA_DIR_TX, NULL);
	}
}

TEST_MAIN(
	NET_TEST(parameters_are_checked),
	NET_TEST(offloads_are_checked),
	NET_TEST(a_field_of_the_host_follows),
)
