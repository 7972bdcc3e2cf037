// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tags put in and taken out in place, in packet memory and on the way out.
 */
#include "base/vlan.h"
#include "test.h"

static const u8 peer[6] = { 0x02, 0xee, 0, 0, 0, 1 };
static const u8 tag[4] = { 0x81, 0x00, 0xa1, 0x23 };

static void in_and_out(void **state)
{
	struct fw_cell cell = { .start = FW_CELL_HEADROOM, .len = 60 };
	struct fw_frame frame = { &cell, &cell, 60, 0, 0, 1 };
	u8 data[60], tagged[64];
	struct prng prng = { 1 };

	(void)state;
	prng_fill(&prng, data, sizeof(data));
	memcpy(cell.data + cell.start, data, sizeof(data));
	assert_true(fw_vlan_insert(&frame, 0xa123));
	memcpy(tagged, data, 12);
	memcpy(tagged + 12, tag, sizeof(tag));
	memcpy(tagged + 16, data + 12, 48);
	assert_int_equal(frame.len, 64);
	assert_int_equal(cell.len, 64);
	assert_memory_equal(fw_frame_data(&frame), tagged, 64);
	fw_vlan_remove(&frame);
	assert_int_equal(frame.len, 60);
	assert_int_equal(cell.len, 60);
	assert_int_equal(cell.start, FW_CELL_HEADROOM);
	assert_memory_equal(fw_frame_data(&frame), data, 60);
}

static void no_room_no_tag(void **state)
{
	struct fw_cell cell = { .start = 3, .len = 60 };
	struct fw_frame frame = { &cell, &cell, 60, 0, 0, 1 };
	u8 before[FW_CELL_BYTES];

	(void)state;
	memset(cell.data, 0x5a, sizeof(cell.data));
	memcpy(before, cell.data, sizeof(before));
	assert_false(fw_vlan_insert(&frame, 1));
	cell.start = 16;
	cell.len = 13;
	frame.len = 13;
	assert_false(fw_vlan_insert(&frame, 1));
	fw_vlan_remove(&frame);
	assert_int_equal(frame.len, 13);
	assert_int_equal(cell.start, 16);
	assert_memory_equal(cell.data, before, sizeof(before));
}

/* Send a frame with CDNA_DESC_VLAN. Return: what the wire got, 0: nothing */
static u32 send_tagged(struct h *h, u32 offloads, u16 tci, u8 *out)
{
	struct h_tx tx = { .flags = CDNA_DESC_VLAN, .vlan_tci = tci };
	u8 frame[100];

	if (!h->nic->ctx[0].tx_running) {
		h_ctx_up(h, 0);
		h_qp_up(h, 0, 0, offloads, 0);
	}
	frame_plain(frame, peer, h->ctx[0].mac, sizeof(frame), 7);
	tx.data = frame;
	tx.len = sizeof(frame);
	assert_true(h_tx_post(h, 0, 0, &tx));
	h_ring(h, 0, 0, CDNA_DIR_TX);
	h_run(h);
	assert_int_equal(h_tx_cons(h, 0, 0), h->ctx[0].qp[0].queue[0].prod);
	return fake_wire_next(h->board, out, 200);
}

static void a_descriptor_asks_for_a_tag(void **state)
{
	struct h *h = h_new(NULL);
	u8 out[200], frame[100];

	(void)state;
	h_ctx_up(h, 0);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 7), 0);
	h_qp_up(h, 0, 0, H_OFFLOADS_TX, 0);
	assert_int_equal(send_tagged(h, 0, 0x6007, out), 104);
	frame_plain(frame, peer, h->ctx[0].mac, sizeof(frame), 7);
	assert_memory_equal(out, frame, 12);
	assert_memory_equal(out + 12, "\x81\x00\x60\x07", 4);
	assert_memory_equal(out + 16, frame + 12, 88);
	/* Not its VLAN: the tag counts as if it had stood in the frame. */
	assert_int_equal(send_tagged(h, 0, 8, out), 0);
	assert_int_equal(h->nic->ctx[0].stats[CDNA_CSTAT_DROP +
					      CDNA_DROP_TX_SPOOF_VLAN], 1);
	h_free(h);
}

static void a_queue_must_have_chosen_it(void **state)
{
	struct h *h = h_new(NULL);
	u8 out[200];

	(void)state;
	assert_int_equal(send_tagged(h, CDNA_OFFLOAD_TX_CSUM, 7, out), 0);
	assert_int_equal(h->nic->ctx[0].stats[CDNA_CSTAT_DROP +
					      CDNA_DROP_TX_BAD_OFFLOAD], 1);
	h_free(h);
}

TEST_MAIN(
	TEST(in_and_out),
	TEST(no_room_no_tag),
	TEST(a_descriptor_asks_for_a_tag),
	TEST(a_queue_must_have_chosen_it),
)
