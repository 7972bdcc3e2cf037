// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests that create and reset all they can, in a loop: they wait for the NIC and
 * for interrupts in progress, but not for each other (I8).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "trace.h"
#include "vdev.h"

#define ATTACKERS	8
#define QPS		8
#define ROUNDS		10
#define PROBES \
	"p:cdna_churn/enter synchronize_rcu\n" \
	"r:cdna_churn/leave synchronize_rcu\n"

static int stop;

struct guest {
	struct vdev dev;
	pthread_t thread;
	pid_t tid;
	long rounds;
	long failed;
};

FIXTURE(churn) {
	struct guest victim;
	struct guest attacker[ATTACKERS];
};

FIXTURE_SETUP(churn)
{
	int i;

	stop = 0;
	ASSERT_EQ(0, vdev_new(&self->victim.dev, 0xa0));
	for (i = 0; i < ATTACKERS; i++)
		ASSERT_EQ(0, vdev_new(&self->attacker[i].dev, 0xa1 + i));
}

FIXTURE_TEARDOWN(churn)
{
	int i;

	trace_put("events/cdna_churn/enable", "0");
	trace_put("kprobe_events", "");
	EXPECT_EQ(0, vdev_delete(&self->victim.dev));
	for (i = 0; i < ATTACKERS; i++)
		EXPECT_EQ(0, vdev_delete(&self->attacker[i].dev));
}

/* A queue in each pair, so that each has an interrupt source */
static uint32_t make(struct vdev *dev)
{
	uint32_t ret, qp;

	ret = vdev_activate(dev);
	for (qp = 0; qp < QPS && !ret; qp++)
		ret = vdev_queue(dev, qp, CDNA_DIR_TX, VDEV_SLOTS);
	return ret;
}

static void *churn(void *arg)
{
	struct guest *guest = arg;

	guest->tid = syscall(SYS_gettid);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		guest->failed += make(&guest->dev) ||
				 vdev_command(&guest->dev, CDNA_VCMD_RESET);
		guest->rounds++;
	}
	return NULL;
}

static void begin(struct __test_metadata *_metadata, struct guest *attacker)
{
	int i;

	for (i = 0; i < ATTACKERS; i++)
		ASSERT_EQ(0, pthread_create(&attacker[i].thread, NULL, churn,
					    &attacker[i]));
}

static long end(struct __test_metadata *_metadata, struct guest *attacker)
{
	long rounds = 0;
	int i;

	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < ATTACKERS; i++) {
		pthread_join(attacker[i].thread, NULL);
		EXPECT_EQ(0, attacker[i].failed);
		rounds += attacker[i].rounds;
	}
	return rounds;
}

/* How long RESET takes, with a source in each pair; the worst in @worst */
static long mean_reset(struct __test_metadata *_metadata, struct vdev *dev,
		       long *worst)
{
	long took, sum = 0;
	int i;

	*worst = 0;
	for (i = 0; i < ROUNDS; i++) {
		EXPECT_EQ(CDNA_VRES_OK, make(dev));
		took = vdev_now_us();
		EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
		took = vdev_now_us() - took;
		sum += took;
		*worst = took > *worst ? took : *worst;
	}
	return sum / ROUNDS;
}

static bool is_guest(const struct guest *attacker, int pid)
{
	int i;

	for (i = 0; i < ATTACKERS; i++)
		if (attacker[i].tid == pid)
			return true;
	return false;
}

/* The thread of a line of the trace, "comm-pid [cpu]" */
static int line_pid(const char *line)
{
	const char *cpu = strstr(line, " [");
	const char *at = cpu;

	while (at && at > line && at[-1] != '-')
		at--;
	return at ? atoi(at) : -1;
}

struct waits {
	int count;		/* of synchronize_rcu() by guests */
	int together;		/* most of them at the same time */
};

static struct waits count_waits(const char *text, const struct guest *attacker)
{
	struct waits waits = {};
	int inside = 0;

	for (; text; text = strchr(text + 1, '\n')) {
		char line[256];

		snprintf(line, sizeof(line), "%.*s",
			 (int)strcspn(text + 1, "\n"), text + 1);
		if (!is_guest(attacker, line_pid(line)))
			continue;
		if (strstr(line, ": enter: ")) {
			waits.count++;
			inside++;
		} else if (strstr(line, ": leave: ") && inside) {
			inside--;
		}
		if (inside > waits.together)
			waits.together = inside;
	}
	return waits;
}

static int watch_waits(void)
{
	if (trace_put("kprobe_events", PROBES) || trace_clear())
		return -1;
	return trace_put("events/cdna_churn/enable", "1");
}

/* No lock of the NIC is held while a guest waits for interrupts in progress. */
TEST_F_TIMEOUT(churn, guests_wait_at_the_same_time, 120)
{
	struct waits waits;
	long rounds;
	int i;

	ASSERT_EQ(0, watch_waits());
	begin(_metadata, self->attacker);
	for (i = 0; i < 100 && self->attacker[0].rounds < ROUNDS; i++)
		usleep(100000);
	rounds = end(_metadata, self->attacker);
	waits = count_waits(trace_read(), self->attacker);
	TH_LOG("%ld rounds, %d waits, at most %d at the same time", rounds,
	       waits.count, waits.together);
	EXPECT_LT(1, waits.together);
}

/* Once, however many queue pairs there are */
TEST_F(churn, reset_waits_once)
{
	struct guest *guest = &self->attacker[0];
	struct waits waits;

	guest->tid = syscall(SYS_gettid);
	ASSERT_EQ(CDNA_VRES_OK, make(&guest->dev));
	ASSERT_EQ(0, watch_waits());
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(&guest->dev, CDNA_VCMD_RESET));
	waits = count_waits(trace_read(), self->attacker);
	EXPECT_EQ(1, waits.count);
}

/* How much slower is for people to read; that it works, is tested. */
TEST_F_TIMEOUT(churn, a_victim_beside_them, 200)
{
	long alone, beside, worst_alone, worst_beside, rounds;

	alone = mean_reset(_metadata, &self->victim.dev, &worst_alone);
	begin(_metadata, self->attacker);
	beside = mean_reset(_metadata, &self->victim.dev, &worst_beside);
	rounds = end(_metadata, self->attacker);
	TH_LOG("RESET: %ld us alone (worst %ld), %ld us (worst %ld) beside %d that reset %ld times",
	       alone, worst_alone, beside, worst_beside, ATTACKERS, rounds);
	EXPECT_LT(0, rounds);
	EXPECT_EQ(0, vdev_stat(self->victim.dev.uuid, "faults"));
}

TEST_HARNESS_MAIN
