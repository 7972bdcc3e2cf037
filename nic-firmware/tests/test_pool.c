// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet memory: what fits, who may have how much, and that none gets lost.
 */
#include "test.h"

#define FIRST		(FW_CELL_BYTES - FW_CELL_HEADROOM)

/* A NIC whose pool the test has to itself */
static struct fw_nic *pool_new(u32 owners)
{
	struct fw_nic *nic = malloc(sizeof(*nic));

	assert_non_null(nic);
	memset(nic, 0, offsetof(struct fw_nic, pool));
	fw_pool_init(&nic->pool);
	nic->pool.owners = owners;
	return nic;
}

static u32 free_cells(const struct fw_nic *nic)
{
	const struct fw_cell *cell;
	u32 n = 0;

	for (cell = nic->pool.free; cell; cell = cell->next)
		assert_true(++n <= FW_NR_CELLS);
	return n;
}

static void pool_gone(struct fw_nic *nic)
{
	u32 b, o;

	assert_int_equal(free_cells(nic), FW_NR_CELLS);
	for (b = 0; b < FW_NR_BUDGETS; b++) {
		assert_int_equal(nic->pool.used[b], 0);
		assert_int_equal(nic->pool.nr_waiting[b], 0);
		for (o = 0; o < FW_NR_OWNERS; o++)
			assert_int_equal(nic->pool.held[b][o], 0);
	}
	free(nic);
}

/* Cells, lengths and places add up. */
static void check_frame(const struct fw_frame *frame, u32 len)
{
	const struct fw_cell *cell, *last = NULL;
	u32 n = 0, sum = 0;

	for (cell = frame->head; cell; cell = cell->next) {
		assert_true(cell->start + cell->len <= FW_CELL_BYTES);
		sum += cell->len;
		last = cell;
		n++;
	}
	assert_ptr_equal(last, frame->tail);
	assert_int_equal(n, frame->cells);
	assert_int_equal(sum, len);
	assert_int_equal(frame->len, len);
	assert_true(frame->head->start >= FW_CELL_HEADROOM);
}

static void sizes(void **state)
{
	static const struct {
		u32 bytes, cells;
	} cases[] = {
		{ 1, 1 }, { 64, 1 }, { 1518, 1 }, { FIRST, 1 },
		{ FIRST + 1, 2 }, { FIRST + FW_CELL_BYTES, 2 },
		{ FIRST + FW_CELL_BYTES + 1, 3 }, { 9018, 5 }, { 65535, 33 },
	};
	struct fw_nic *nic = pool_new(1);
	struct fw_frame frame;
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(cases); i++) {
		assert_true(fw_pool_alloc(&nic->pool, FW_BUDGET_RX, 3,
					  cases[i].bytes,
					  &frame));
		check_frame(&frame, cases[i].bytes);
		assert_int_equal(frame.cells, cases[i].cells);
		assert_int_equal(nic->pool.held[FW_BUDGET_RX][3],
				 cases[i].cells);
		assert_int_equal(free_cells(nic),
				 FW_NR_CELLS - cases[i].cells);
		fw_pool_free(&nic->pool, &frame);
		assert_null(frame.head);
		/* Freeing nothing is nothing. */
		fw_pool_free(&nic->pool, &frame);
	}
	assert_false(fw_pool_alloc(&nic->pool, FW_BUDGET_RX, 3, 1u << 20,
				   &frame));
	pool_gone(nic);
}

static void trims_to_any_length(void **state)
{
	struct fw_nic *nic = pool_new(1);
	struct fw_frame frame;
	u32 len;

	(void)state;
	for (len = 0; len <= 9018; len += len % 7 + 1) {
		assert_true(fw_pool_alloc(&nic->pool, FW_BUDGET_RX, FW_OWNER_WIRE,
					  9018, &frame));
		fw_pool_trim(&nic->pool, &frame, len);
		check_frame(&frame, len);
		assert_int_equal(free_cells(nic), FW_NR_CELLS - frame.cells);
		assert_int_equal(nic->pool.used[FW_BUDGET_RX], frame.cells);
		assert_true(frame.cells ==
			    (len <= FIRST ? 1 : 2 + (len - FIRST - 1) /
					    FW_CELL_BYTES));
		fw_pool_free(&nic->pool, &frame);
	}
	pool_gone(nic);
}

static void appends_and_moves(void **state)
{
	struct fw_nic *nic = pool_new(1);
	struct fw_frame frame, more;

	(void)state;
	assert_true(fw_pool_alloc(&nic->pool, FW_BUDGET_RX, FW_OWNER_WIRE, 3000,
				  &frame));
	assert_true(fw_pool_alloc(&nic->pool, FW_BUDGET_TX, 1, 100, &more));
	assert_true(fw_pool_move(&nic->pool, &frame, FW_BUDGET_RX, 2));
	assert_true(fw_pool_move(&nic->pool, &more, FW_BUDGET_RX, 2));
	assert_int_equal(nic->pool.held[FW_BUDGET_RX][FW_OWNER_WIRE], 0);
	assert_int_equal(nic->pool.held[FW_BUDGET_TX][1], 0);
	assert_int_equal(nic->pool.held[FW_BUDGET_RX][2], 3);
	assert_int_equal(nic->pool.used[FW_BUDGET_TX], 0);
	assert_int_equal(nic->pool.used[FW_BUDGET_RX], 3);
	fw_pool_append(&nic->pool, &frame, &more);
	check_frame(&frame, 3100);
	assert_null(more.head);
	fw_pool_free(&nic->pool, &frame);
	pool_gone(nic);
}

/* Take single cells until refused. Return: how many were granted */
static u32 take(struct fw_nic *nic, u32 budget, u32 owner, u32 most,
		struct fw_frame *frames)
{
	u32 n = 0;

	while (n < most &&
	       fw_pool_alloc(&nic->pool, budget, owner, 64, &frames[n]))
		n++;
	return n;
}

static void give(struct fw_nic *nic, struct fw_frame *frames, u32 n)
{
	while (n)
		fw_pool_free(&nic->pool, &frames[--n]);
}

static struct fw_frame a[FW_BUDGET_CELLS + 1], b[FW_BUDGET_CELLS + 1];

static void more_than_a_share_while_nobody_waits(void **state)
{
	const u32 share = FW_BUDGET_CELLS / 4;
	struct fw_nic *nic = pool_new(4);
	u32 held_a, held_b;

	(void)state;
	assert_int_equal(fw_pool_share(&nic->pool, FW_BUDGET_TX), share);
	held_a = take(nic, FW_BUDGET_TX, 0, FW_BUDGET_CELLS + 1, a);
	assert_int_equal(held_a, FW_BUDGET_CELLS);
	/* Beyond its share, it was refused nothing that is its own. */
	assert_int_equal(nic->pool.nr_waiting[FW_BUDGET_TX], 0);
	assert_int_equal(take(nic, FW_BUDGET_TX, 1, 1, b), 0);
	assert_int_equal(nic->pool.nr_waiting[FW_BUDGET_TX], 1);
	/* What comes free is for who waits. */
	give(nic, &a[held_a - 10], 10);
	held_a -= 10;
	assert_int_equal(take(nic, FW_BUDGET_TX, 0, 1, &a[held_a]), 0);
	held_b = take(nic, FW_BUDGET_TX, 1, 1, b);
	assert_int_equal(held_b, 1);
	/* It no longer waits: the quicker one gets the rest. */
	assert_int_equal(take(nic, FW_BUDGET_TX, 0, 1, &a[held_a]), 1);
	held_a++;
	held_b += take(nic, FW_BUDGET_TX, 1, 100, &b[held_b]);
	assert_int_equal(held_b, 9);
	/* The other budget is another matter. */
	assert_true(fw_pool_alloc(&nic->pool, FW_BUDGET_RX, 1, 64, &b[held_b]));
	fw_pool_free(&nic->pool, &b[held_b]);
	give(nic, a, held_a);
	/* It waits again, and gets more than its share when it is alone. */
	held_b += take(nic, FW_BUDGET_TX, 1, FW_BUDGET_CELLS, &b[held_b]);
	assert_int_equal(held_b, FW_BUDGET_CELLS);
	give(nic, b, held_b);
	pool_gone(nic);
}

static void a_share_each_while_somebody_waits(void **state)
{
	const u32 share = FW_BUDGET_CELLS / 4;
	struct fw_nic *nic = pool_new(4);
	u32 held_a, held_b;

	(void)state;
	held_a = take(nic, FW_BUDGET_TX, 0, FW_BUDGET_CELLS, a);
	assert_int_equal(take(nic, FW_BUDGET_TX, 2, 1, b), 0);
	give(nic, &a[share + share / 2], held_a - share - share / 2);
	held_a = share + share / 2;
	/* 0 is above its share, 1 may fill its own, while 2 waits. */
	assert_int_equal(take(nic, FW_BUDGET_TX, 0, 1, &a[held_a]), 0);
	held_b = take(nic, FW_BUDGET_TX, 1, FW_BUDGET_CELLS, b);
	assert_int_equal(held_b, share);
	/* 2 goes: the rest is free for all. */
	fw_pool_forget(&nic->pool, 2);
	assert_int_equal(take(nic, FW_BUDGET_TX, 0, 1, &a[held_a]), 1);
	give(nic, a, held_a + 1);
	give(nic, b, held_b);
	pool_gone(nic);
}

/* The shares follow the number of contexts, whatever it is. */
static void shares_fit(void **state)
{
	struct fw_nic *nic = pool_new(0);
	u32 owners, o, n;

	(void)state;
	assert_int_equal(fw_pool_share(&nic->pool, FW_BUDGET_TX),
			 FW_BUDGET_CELLS);
	for (owners = 1; owners <= FW_MAX_CONTEXTS; owners++) {
		u32 share, total = 0;

		nic->pool.owners = owners;
		share = fw_pool_share(&nic->pool, FW_BUDGET_RX);
		assert_true(share * owners + FW_WIRE_CELLS <= FW_BUDGET_CELLS);
		/* All but the last fill their shares, while that one waits. */
		nic->pool.waiting[FW_BUDGET_RX][owners - 1] = true;
		nic->pool.nr_waiting[FW_BUDGET_RX] = 1;
		for (o = 0; o < owners; o++, total += n) {
			n = take(nic, FW_BUDGET_RX, o, share, &a[total]);
			assert_int_equal(n, share);
		}
		give(nic, a, total);
		assert_int_equal(nic->pool.nr_waiting[FW_BUDGET_RX], 0);
	}
	pool_gone(nic);
}

/* However much contexts keep, the next frame from the wire can land. */
static void the_wire_can_land(void **state)
{
	struct fw_nic *nic = pool_new(1);
	struct fw_frame frame;
	u32 held;

	(void)state;
	held = take(nic, FW_BUDGET_RX, 0, FW_BUDGET_CELLS + 1, a);
	assert_int_equal(held, FW_BUDGET_CELLS - FW_WIRE_CELLS);
	assert_true(fw_pool_alloc(&nic->pool, FW_BUDGET_RX, FW_OWNER_WIRE,
				  CDNA_MAX_MTU + 18, &frame));
	/* And it stays with the wire while contexts have enough. */
	assert_false(fw_pool_move(&nic->pool, &frame, FW_BUDGET_RX, 1));
	assert_int_equal(frame.owner, FW_OWNER_WIRE);
	assert_int_equal(nic->pool.nr_waiting[FW_BUDGET_RX], 0);
	fw_pool_free(&nic->pool, &frame);
	give(nic, a, held);
	pool_gone(nic);
}

static void iov_of_a_frame(void **state)
{
	struct fw_nic *nic = pool_new(1);
	struct fw_frame frame;
	struct fw_iov iov[5];
	u32 n, i, sum = 0;

	(void)state;
	assert_true(fw_pool_alloc(&nic->pool, FW_BUDGET_TX, 0, 9018, &frame));
	n = fw_frame_iov(&frame, iov, 5);
	assert_int_equal(n, 5);
	for (i = 0; i < n; i++)
		sum += iov[i].len;
	assert_int_equal(sum, 9018);
	assert_ptr_equal(iov[0].base, fw_frame_data(&frame));
	assert_true(fw_frame_iov(&frame, iov, 4) > 4);
	fw_pool_free(&nic->pool, &frame);
	pool_gone(nic);
}

/* Anything in any order: all of it comes back. */
static void random_use(void **state)
{
	struct fw_nic *nic = pool_new(3);
	static struct fw_frame frames[256];
	struct prng prng;
	u32 i, k;

	(void)state;
	prng_seed(&prng, "random_use");
	memset(frames, 0, sizeof(frames));
	for (i = 0; i < 100000; i++) {
		struct fw_frame *frame = &frames[prng_below(&prng, 256)];
		u32 owner = prng_below(&prng, 4);
		u32 budget = prng_below(&prng, 2);

		if (!frame->head)
			fw_pool_alloc(&nic->pool, budget, owner == 3 ? FW_OWNER_WIRE :
				      owner, 1 + prng_below(&prng, 65535),
				      frame);
		else if (prng_below(&prng, 3) == 0)
			fw_pool_trim(&nic->pool, frame,
				     prng_below(&prng, frame->len + 1));
		else if (prng_below(&prng, 3) == 0)
			fw_pool_move(&nic->pool, frame, budget, owner);
		else
			fw_pool_free(&nic->pool, frame);
		if (!frame->cells)
			frame->head = NULL;
		else
			check_frame(frame, frame->len);
		assert_true(nic->pool.used[0] <= FW_BUDGET_CELLS);
		assert_true(nic->pool.used[1] <= FW_BUDGET_CELLS);
	}
	for (k = 0; k < 256; k++)
		fw_pool_free(&nic->pool, &frames[k]);
	for (k = 0; k < FW_NR_OWNERS; k++)
		fw_pool_forget(&nic->pool, k);
	pool_gone(nic);
}

TEST_MAIN(
	TEST(sizes),
	TEST(trims_to_any_length),
	TEST(appends_and_moves),
	TEST(more_than_a_share_while_nobody_waits),
	TEST(a_share_each_while_somebody_waits),
	TEST(shares_fit),
	TEST(the_wire_can_land),
	TEST(iov_of_a_frame),
	TEST(random_use),
)
