// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile virtual machine monitor with several contexts and threads, beside a
 * victim in another process. Nothing of what it does may harm the host or the
 * victim, or stay behind (I1 to I10).
 *
 *	HOSTILE_SECONDS=480 HOSTILE_TRIES=10000000 HOSTILE_SEED=7 test_hostile
 *
 * It ends after so many seconds or so many tries, whichever comes first.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "env.h"
#include "hostile.h"

#define SECONDS		10
#define LOG_LINES	12	/* that a monitor may cause */
#define SYSFS_NIC	"/sys/bus/pci/drivers/cdna_mdev/*:*"
#define SYSFS_FREE	SYSFS_NIC "/mdev_supported_types/*/available_instances"
#define SYSFS_HEALTH	SYSFS_NIC "/cdna/health"

/* What has to be the same before and after */
struct held {
	long pins;	/* of the kernel, pages */
	long mdevs;
	long free;	/* contexts of the NIC */
};

static long number_in(const char *path, const char *name)
{
	char line[256];
	long value = -1;
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			value = atol(line + strlen(name));
	if (file)
		fclose(file);
	return value;
}

static void look(struct held *held)
{
	FILE *refresh = fopen("/proc/sys/vm/stat_refresh", "w");
	glob_t found;

	/* Counters of all processors */
	if (refresh) {
		fputs("1\n", refresh);
		fclose(refresh);
	}
	held->pins = number_in("/proc/vmstat", "nr_foll_pin_acquired ") -
		     number_in("/proc/vmstat", "nr_foll_pin_released ");
	held->mdevs = glob("/sys/bus/mdev/devices/*", 0, NULL, &found) ? 0 :
		      found.gl_pathc;
	held->free = glob(SYSFS_FREE, 0, NULL, &found) ? -1 :
		     number_in(found.gl_pathv[0], "");
}

static bool nic_is_alive(void)
{
	char health[64] = "";
	glob_t found;
	FILE *file;

	if (glob(SYSFS_HEALTH, 0, NULL, &found))
		return false;
	file = fopen(found.gl_pathv[0], "r");
	if (!file)
		return false;
	if (!fgets(health, sizeof(health), file))
		health[0] = '\0';
	fclose(file);
	return !strcmp(health, "alive\n");
}

/* What administrators read when they ask for something that cannot be, and what
 * there is for each device that comes and goes
 */
static bool is_expected(const char *line)
{
	return strstr(line, "shut the guest down") ||
	       strstr(line, "choose another") ||
	       strstr(line, "end that process") || strstr(line, "iommu group") ||
	       strstr(line, "to this device is refused");
}

/* Other lines in the kernel's log from here on */
static long log_lines(int log)
{
	char line[8192], *text;
	long lines = 0;
	ssize_t n;

	while ((n = read(log, line, sizeof(line) - 1)) > 0 || errno == EPIPE) {
		if (n <= 0)
			continue;
		line[n] = '\0';
		text = strchr(line, ';');
		if (!text || is_expected(text))
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (lines++ < 2 * LOG_LINES)
			printf("# log: %s\n", text + 1);
	}
	return lines;
}

/* Threads: each has the contexts, in an order that its seed decides */
enum { ATTACK, ATTACK_TOO, SCRIBBLE, MEASURE, MAP, ADMINISTRATE, NR_THREADS };

struct thread {
	pthread_t thread;
	uint32_t what;
};

/* Bytes that were put there when the memory had been taken away (I9) */
static bool range_is_quiet(uint8_t byte)
{
	const uint8_t *range = hostile.range;

	return range[0] == byte &&
	       !memcmp(range, range + 1, HOSTILE_RANGE_BYTES - 1);
}

static void map_and_unmap(struct rng *rng)
{
	uint8_t byte = rng_next(rng);
	int ret;

	ret = vdev_map(hostile.ctx, hostile.range, HOSTILE_RANGE_IOVA,
		       HOSTILE_RANGE_BYTES, 3);
	if (ret)
		hostile_harm("the range cannot be mapped: %d", ret);
	usleep(rng_below(rng, 30000));
	pthread_mutex_lock(&hostile.unmap);
	ret = vdev_unmap(hostile.ctx, HOSTILE_RANGE_IOVA, HOSTILE_RANGE_BYTES);
	pthread_mutex_unlock(&hostile.unmap);
	if (ret)
		hostile_harm("the range cannot be unmapped: %d", ret);
	memset(hostile.range, byte, HOSTILE_RANGE_BYTES);
	usleep(rng_below(rng, 5000));
	if (!range_is_quiet(byte))
		hostile_harm("memory was written after it was unmapped");
	hostile_tried(2);
}

static void run_once(uint32_t what, struct rng *rng)
{
	uint32_t n = rng_below(rng, HOSTILE_WILD);

	switch (what) {
	case SCRIBBLE:
		hostile_scribble(&hostile.ctx[n], rng);
		sched_yield();
		break;
	case MEASURE:
		n = HOSTILE_WILD + rng_below(rng, HOSTILE_MEASURED);
		hostile_measured(&hostile.ctx[n], rng);
		break;
	case MAP:
		map_and_unmap(rng);
		break;
	case ADMINISTRATE:
		hostile_administrate(&hostile.ctx[n], rng);
		break;
	default:
		pthread_rwlock_rdlock(&hostile.use[n]);
		hostile_act(&hostile.ctx[n], rng);
		pthread_rwlock_unlock(&hostile.use[n]);
		break;
	}
}

static void *run_thread(void *arg)
{
	const struct thread *thread = arg;
	struct rng rng = { .state = hostile.seed + thread->what * 7919 };

	while (hostile_goes_on())
		run_once(thread->what, &rng);
	return NULL;
}

FIXTURE(hostile) {
	struct victim *victim;
	struct held before;
	pid_t child;
	int log;
};

FIXTURE_SETUP(hostile)
{
	struct rlimit lim = { RLIM_INFINITY, RLIM_INFINITY };
	int i;

	ASSERT_EQ(0, setrlimit(RLIMIT_MEMLOCK, &lim));
	look(&self->before);
	ASSERT_LE(0, self->before.pins);
	ASSERT_LT(HOSTILE_CONTEXTS, self->before.free);
	self->log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, self->log);
	ASSERT_EQ(0, lseek(self->log, 0, SEEK_END));

	self->victim = mmap(NULL, sizeof(*self->victim), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->victim);
	self->child = fork();
	ASSERT_LE(0, self->child);
	if (!self->child)
		hostile_victim(self->victim);
	for (i = 0; !__atomic_load_n(&self->victim->ready, __ATOMIC_ACQUIRE);
	     i++)
		usleep(1000);
	ASSERT_EQ(0, self->victim->failed);
	memcpy(hostile.mac_of_victim, self->victim->mac,
	       sizeof(hostile.mac_of_victim));
	ASSERT_EQ(0, hostile_open_all());
}

FIXTURE_TEARDOWN(hostile)
{
}

static void attack(struct __test_metadata *_metadata)
{
	uint64_t seconds = env_number("HOSTILE_SECONDS", SECONDS);
	struct thread threads[NR_THREADS];
	struct rng rng;
	time_t end;
	int i;

	hostile.seed = env_number("HOSTILE_SEED", time(NULL));
	hostile.most = env_number("HOSTILE_TRIES", UINT64_MAX);
	printf("# HOSTILE_SEED=%llu\n", (unsigned long long)hostile.seed);
	fflush(stdout);
	rng.state = hostile.seed;
	for (i = 0; i < HOSTILE_WILD; i++)
		hostile_start(&hostile.ctx[i], &rng);
	for (i = 0; i < NR_THREADS; i++) {
		threads[i].what = i;
		ASSERT_EQ(0, pthread_create(&threads[i].thread, NULL,
					    run_thread, &threads[i]));
	}
	end = time(NULL) + seconds;
	while (time(NULL) < end && hostile_goes_on())
		usleep(100000);
	__atomic_store_n(&hostile.stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i].thread, NULL);
}

/* The victim has seen no wrong byte and lost little (I8); nothing is left (I10). */
TEST_F_TIMEOUT(hostile, harms_nobody, 86400)
{
	struct victim *victim = self->victim;
	struct held after;
	long lines;
	int status;

	attack(_metadata);
	__atomic_store_n(&victim->stop, 1, __ATOMIC_RELEASE);
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	EXPECT_EQ(0, status);
	hostile_close_all();
	look(&after);
	lines = log_lines(self->log);
	printf("# victim: %lu frames, %lu came back, %lu wrong\n", victim->sent,
	       victim->answered, victim->wrong);
	printf("# log: %ld lines; pins %ld, %ld after; contexts free %ld, %ld\n",
	       lines, self->before.pins, after.pins, self->before.free,
	       after.free);
	printf("# tries %llu, harmful %llu\n",
	       (unsigned long long)hostile.tries,
	       (unsigned long long)hostile.harmful);
	fflush(stdout);
	EXPECT_EQ(0, hostile.harmful);
	EXPECT_EQ(0, victim->wrong);
	EXPECT_LT(0, victim->answered);
	EXPECT_LE(victim->sent - victim->sent / 10, victim->answered + 1);
	EXPECT_EQ(self->before.pins, after.pins);
	EXPECT_EQ(self->before.mdevs, after.mdevs);
	EXPECT_EQ(self->before.free, after.free);
	EXPECT_GE(LOG_LINES, lines);
	EXPECT_TRUE(nic_is_alive());
}

TEST_HARNESS_MAIN
