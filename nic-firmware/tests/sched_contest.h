/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of the scheduler: contexts that together want more than all of a wire.
 */
#ifndef SCHED_CONTEST_H
#define SCHED_CONTEST_H

#include "sched_load.h"
#include "traffic.h"

#define WIRE_MBPS	100
#define STEP		MS
#define MAX_SENDERS	6

/**
 * struct contest - contexts that want all of a wire of WIRE_MBPS
 * @h: the NIC
 * @t: they, by number
 * @bytes: that each has sent in the last contest_run()
 */
struct contest {
	struct h *h;
	struct traffic t[MAX_SENDERS];
	u64 bytes[256];
};

/* CDNA_CMD_SET_LIMITS, in Mb/s */
static inline u32 promise(struct h *h, u32 ctx, u32 max, u32 min)
{
	struct cdna_admin_cmd cmd;

	h_cmd(&cmd, CDNA_CMD_SET_LIMITS, ctx);
	cmd.limits.tx_mbps = fw_to_le32(max);
	cmd.limits.tx_min_mbps = fw_to_le32(min);
	return h_admin(h, &cmd, NULL);
}

static inline void contest_up(struct contest *c, u32 senders, const u32 *min,
			      const u32 *max, const u32 *payload)
{
	u32 i;

	memset(c, 0, sizeof(*c));
	c->h = h_new(NULL);
	for (i = 0; i < senders; i++) {
		traffic_up(c->h, &c->t[i], i, payload[i]);
		assert_int_equal(promise(c->h, i, max[i], min[i]), CDNA_SC_OK);
	}
}

static inline void contest_run(struct contest *c, u64 ns, u32 senders)
{
	u64 room = 0;
	u32 step, i;

	memset(c->bytes, 0, sizeof(c->bytes));
	for (step = 0; step < ns / STEP; step++) {
		for (i = 0; i < senders; i++)
			if (h_room(c->h, i, 0, CDNA_DIR_TX) > TRAFFIC_SLOTS / 2)
				traffic_refill(c->h, &c->t[i]);
		/* What a frame was too large for is not lost. */
		room = c->h->board->room + WIRE_MBPS * STEP / 8000;
		traffic_pace(c->h, FW_MIN(room, 2 * WIRE_MBPS * STEP / 8000));
		c->h->board->now += STEP;
		while (h_step(c->h))
			;
		traffic_sent(c->h, c->bytes);
	}
}

static inline void contest_show(const struct contest *c, u32 senders, u64 ns,
				const u32 *mbps)
{
	u32 i;

	for (i = 0; i < senders; i++)
		print_message("# context %u: %llu kb/s, %u Mb/s are right\n", i,
			      (unsigned long long)(c->bytes[i] * 8000000 / ns),
			      mbps[i]);
}

/* In @ns each has sent what it should, within 2 %. */
static inline void contest_expect(const struct contest *c, u32 senders, u64 ns,
				  const u32 *mbps)
{
	u32 i;

	contest_show(c, senders, ns, mbps);
	for (i = 0; i < senders; i++)
		test_near(c->bytes[i], mbps[i] * ns / 8000, 20);
}

#endif /* SCHED_CONTEST_H */
