// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a trap costs: times each way to enqueue, beside a bare exit and a virtio
 * kick, and logs a line per case:
 *
 *   result NAME DESCRIPTORS MINIMUM MEDIAN P99	in ticks of the TSC
 *
 * and, to compare two cases, a line per case and round:
 *
 *   round ROUND NAME DESCRIPTORS MEDIAN
 *
 * Frames really go out. Each sample begins when the NIC has used all that was
 * posted before, so a trap releases the pages of as many descriptors as it
 * takes, which is the steady state. In each round the cases take many short
 * turns, so that a load that comes and goes on the machine falls on all of them
 * alike. A turn is longer than one sample, because the first of a turn find
 * cold what the case before did not use: they are not recorded.
 */
#include <linux/if_ether.h>
#include <linux/iopoll.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>
#include <asm/msr.h>

#include "trap.h"

#define TRAP_ROUNDS		50
#define TRAP_TURNS		10	/* of each case in a round */
#define TRAP_PER_TURN		20
#define TRAP_PER_ROUND		(TRAP_TURNS * TRAP_PER_TURN)
#define TRAP_SAMPLES		(TRAP_ROUNDS * TRAP_PER_ROUND)
#define TRAP_WARM_UP		5	/* of each turn, not recorded */
#define TRAP_TIMEOUT_US		USEC_PER_SEC

/**
 * struct trap_case - a way to do something
 * @name: one word
 * @descs: descriptors posted before each sample
 * @frame: a frame is sent before each sample, as one is after each that posts
 * @run: what is timed
 */
struct trap_case {
	const char *name;
	u32 descs;
	bool frame;
	void (*run)(struct trap_bench *bench);
};

static void trap_nothing(struct trap_bench *bench) {}

/* Its helpers have moved between kernels. */
static void trap_exit(struct trap_bench *bench)
{
	u32 a = 0, b, c = 0, d;

	asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
}

static void trap_store_tail(struct trap_bench *bench)
{
	/* Pairs with the host's read of the tail, after which it reads the ring */
	smp_store_release(&bench->tails->tail[TRAP_QUEUE],
			  cpu_to_le32(bench->prod));
}

static void trap_register(struct trap_bench *bench)
{
	trap_store_tail(bench);
	writel(0, bench->regs + CDNA_VREG_TRAP);
}

static void trap_doorbell(struct trap_bench *bench)
{
	trap_store_tail(bench);
	WRITE_ONCE(*bench->doorbell, bench->prod);
}

static void trap_mailbox(struct trap_bench *bench)
{
	writel(bench->prod, bench->mbox +
	       CDNA_MBOX_OFFSET(CDNA_MBOX(0, CDNA_MBOX_TX_PROD)));
}

static void trap_kick(struct trap_bench *bench)
{
	writew(0, bench->kick);
}

static const struct trap_case trap_cases[] = {
	{ "nothing", 0, false, trap_nothing },
	{ "exit", 0, false, trap_exit },
	{ "exit-after-frame", 0, true, trap_exit },
	{ "register", 1, false, trap_register },
	{ "doorbell", 1, false, trap_doorbell },
	{ "doorbell", 2, false, trap_doorbell },
	{ "doorbell", 4, false, trap_doorbell },
	{ "doorbell", 8, false, trap_doorbell },
	{ "doorbell", 16, false, trap_doorbell },
	{ "doorbell", 32, false, trap_doorbell },
	{ "doorbell", 64, false, trap_doorbell },
	{ "mailbox", 0, false, trap_mailbox },
	{ "virtio", 0, false, trap_kick },
};

static void trap_post(struct trap_bench *bench, u32 descs)
{
	struct cdna_desc_compact *desc;

	for (; descs; descs--, bench->prod++) {
		desc = &bench->ring[bench->prod % TRAP_SLOTS];
		desc->addr = cpu_to_le64(bench->buf[bench->prod %
						    TRAP_BUFFERS]);
		desc->len = cpu_to_le16(ETH_ZLEN);
		desc->flags = cpu_to_le16(CDNA_DESC_EOP);
		desc->seq = 0;
		desc->reserved = 0;
	}
}

/* Until the NIC has sent everything; it publishes to the host first. */
static int trap_wait(struct trap_bench *bench)
{
	u32 cons;

	return read_poll_timeout_atomic(le32_to_cpu, cons,
					cons == bench->prod, 0,
					TRAP_TIMEOUT_US, false,
					READ_ONCE(bench->status->tx_cons));
}

/* Have the NIC send what was enqueued. */
static int trap_send(struct trap_bench *bench)
{
	trap_mailbox(bench);
	return trap_wait(bench);
}

static int trap_sample(struct trap_bench *bench, const struct trap_case *c,
		       u32 *ticks)
{
	u64 start, end;
	int ret = 0;

	if (c->frame) {
		trap_post(bench, 1);
		trap_doorbell(bench);
		ret = trap_send(bench);
	}
	trap_post(bench, c->descs);
	start = rdtsc_ordered();
	c->run(bench);
	end = rdtsc_ordered();
	*ticks = min_t(u64, end - start, U32_MAX);
	if (c->descs)
		ret = trap_send(bench);
	cond_resched();
	return ret;
}

static int trap_turn(struct trap_bench *bench, const struct trap_case *c,
		     u32 *ticks)
{
	u32 i, ignored;
	int ret = 0;

	for (i = 0; i < TRAP_WARM_UP && !ret; i++)
		ret = trap_sample(bench, c, &ignored);
	for (i = 0; i < TRAP_PER_TURN && !ret; i++)
		ret = trap_sample(bench, c, &ticks[i]);
	return ret;
}

/* @ticks is the round's part of the first case's. */
static int trap_round(struct trap_bench *bench, u32 *ticks)
{
	u32 turn, i;
	int ret = 0;

	for (turn = 0; turn < TRAP_TURNS; turn++)
		for (i = 0; i < ARRAY_SIZE(trap_cases) && !ret; i++)
			ret = trap_turn(bench, &trap_cases[i], ticks +
					i * TRAP_SAMPLES +
					turn * TRAP_PER_TURN);
	return ret;
}

static int trap_compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static void trap_log_round(struct trap_bench *bench, const struct trap_case *c,
			   u32 round, u32 *ticks)
{
	sort(ticks, TRAP_PER_ROUND, sizeof(*ticks), trap_compare, NULL);
	dev_info(&bench->pdev->dev, "round %u %s %u %u\n", round, c->name,
		 c->descs, ticks[TRAP_PER_ROUND / 2]);
}

static void trap_log(struct trap_bench *bench, const struct trap_case *c,
		     u32 *ticks)
{
	u32 round;

	for (round = 0; round < TRAP_ROUNDS; round++)
		trap_log_round(bench, c, round, ticks + round * TRAP_PER_ROUND);
	sort(ticks, TRAP_SAMPLES, sizeof(*ticks), trap_compare, NULL);
	dev_info(&bench->pdev->dev, "result %s %u %u %u %u\n", c->name,
		 c->descs, ticks[0], ticks[TRAP_SAMPLES / 2],
		 ticks[TRAP_SAMPLES * 99 / 100]);
}

static u32 trap_report(struct trap_bench *bench, u32 offset)
{
	return trap_load(bench, CDNA_VREG_REPORT_OF(TRAP_QUEUE) + offset);
}

#define trap_report_field(bench, field) \
	trap_report(bench, offsetof(struct cdna_vdev_report, field))

/**
 * trap_measure - time all cases and log the results
 * @bench: with the queue created
 *
 * Return: 0 or a negative errno: no memory, or the NIC no longer sends.
 */
int trap_measure(struct trap_bench *bench)
{
	u32 round, i, *ticks;
	int ret = 0;

	ticks = vmalloc(array3_size(ARRAY_SIZE(trap_cases), TRAP_SAMPLES,
				    sizeof(*ticks)));
	if (!ticks)
		return -ENOMEM;
	for (round = 0; round < TRAP_ROUNDS && !ret; round++)
		ret = trap_round(bench, ticks + round * TRAP_PER_ROUND);
	for (i = 0; i < ARRAY_SIZE(trap_cases) && !ret; i++)
		trap_log(bench, &trap_cases[i], ticks + i * TRAP_SAMPLES);
	vfree(ticks);

	dev_info(&bench->pdev->dev,
		 "frames %u accepted %u sent %u state %u fault %u\n",
		 bench->prod, trap_report_field(bench, accepted),
		 le32_to_cpu(READ_ONCE(bench->status->tx_cons)),
		 trap_report_field(bench, state),
		 trap_report_field(bench, fault));
	return ret;
}
