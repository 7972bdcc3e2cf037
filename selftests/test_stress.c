// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hostile and dying guests. STRESS_SECONDS (20) is how long one races with the
 * host's look at its ring.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "env.h"
#include "vdev.h"

#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define KILLS		50
#define RACE_SECONDS	20
#define TRAP_SECONDS	5

FIXTURE(stress) {
	int unused;
};

FIXTURE_SETUP(stress)
{
	srand(1);
}

FIXTURE_TEARDOWN(stress)
{
}

static void send_forever(struct vdev *dev)
{
	size_t len = frame_arp(dev, dev->mem + MEM_TX_BUF, PEER_IP);

	for (;;) {
		vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF +
			     dev->tx_prod % 64 * MEM_BUF, len, CDNA_DESC_EOP);
		vdev_trap(dev);
		vdev_ring(dev);
		vdev_tx_done(dev, 1);
	}
}

/* A process dies at any instruction and leaves nothing behind (I10). */
TEST_F_TIMEOUT(stress, killed_at_random_points, 120)
{
	char uuid[40], state[32];
	struct vdev dev;
	pid_t child;
	int i;

	vdev_uuid(uuid, 9);
	ASSERT_EQ(0, vdev_create(uuid));
	for (i = 0; i < KILLS; i++) {
		child = fork();
		ASSERT_LE(0, child);
		if (!child) {
			if (!vdev_open(&dev, uuid) && !vdev_start(&dev))
				send_forever(&dev);
			_exit(1);
		}
		usleep(rand() % 60000);
		kill(child, SIGKILL);
		ASSERT_EQ(child, waitpid(child, NULL, 0));
		EXPECT_EQ(0, vdev_stat(uuid, "pins_now"));
		vdev_attr(uuid, "state", state, sizeof(state));
		EXPECT_STREQ("configured", state);
	}
	/* The next one can use it. */
	ASSERT_EQ(0, vdev_open(&dev, uuid));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&dev));
	vdev_close(&dev);
	EXPECT_EQ(0, vdev_remove(uuid));
}

static int stop;

/* Keep changing descriptors that were posted, between good and bad. */
static void *scribbler(void *arg)
{
	struct vdev *dev = arg;
	volatile struct cdna_desc_compact *slot =
		(void *)(dev->mem + MEM_TX_RING);
	unsigned int seed = 7, i;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		i = rand_r(&seed) % VDEV_SLOTS;
		slot[i].addr = rand_r(&seed) % 2 ? 0x7000000000ull :
						   VDEV_IOVA + MEM_TX_BUF;
		slot[i].len = rand_r(&seed) % 2 ? 0xffff : 64;
	}
	return NULL;
}

/*
 * Double fetch (I2): whatever is refused is refused by the host, in its copy.
 * The NIC meets no bad descriptor, so it never stops a queue.
 */
TEST_F_TIMEOUT(stress, ring_changed_while_it_is_enqueued, 3600)
{
	time_t end = time(NULL) +
		     env_number("STRESS_SECONDS", RACE_SECONDS);
	struct cdna_vdev_report report;
	long refused = 0;
	struct vdev dev;
	pthread_t thread;
	int i;

	stop = 0;
	ASSERT_EQ(0, vdev_new(&dev, 10));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&dev));
	ASSERT_EQ(0, pthread_create(&thread, NULL, scribbler, &dev));
	while (time(NULL) < end) {
		for (i = 0; i < 16; i++)
			vdev_post_tx(&dev, VDEV_IOVA + MEM_TX_BUF, 64,
				     CDNA_DESC_EOP);
		vdev_trap(&dev);
		report = vdev_report(&dev, TX);
		if (report.state == CDNA_QUEUE_FAULTED) {
			ASSERT_LT(CDNA_VFAULT_NIC_LAST, report.fault);
			refused++;
			ASSERT_EQ(CDNA_VRES_OK,
				  vdev_command(&dev, CDNA_VCMD_RESET));
			ASSERT_EQ(CDNA_VRES_OK, vdev_start(&dev));
			continue;
		}
		vdev_ring(&dev);
		ASSERT_TRUE(vdev_tx_done(&dev, 2000));
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	TH_LOG("%ld times refused", refused);
	EXPECT_LT(10, refused);
	vdev_close(&dev);
	EXPECT_EQ(0, vdev_stat(dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(dev.uuid));
}

static void *resetter(void *arg)
{
	struct vdev *dev = arg;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		vdev_command(dev, CDNA_VCMD_RESET);
		vdev_start(dev);
	}
	return NULL;
}

/* Traps, commands and resets from several threads at the same time */
TEST_F_TIMEOUT(stress, resets_during_traps, 120)
{
	struct vdev dev;
	pthread_t thread;
	uint8_t peer[6];
	int i;

	stop = 0;
	ASSERT_EQ(0, vdev_new(&dev, 11));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&dev));
	ASSERT_EQ(0, pthread_create(&thread, NULL, resetter, &dev));
	for (i = 0; i < 5000; i++) {
		vdev_post_tx(&dev, VDEV_IOVA + MEM_TX_BUF, 64, CDNA_DESC_EOP);
		vdev_trap(&dev);
		vdev_ring(&dev);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(&dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&dev));
	EXPECT_TRUE(vdev_peer_mac(&dev, peer));
	EXPECT_EQ(0, vdev_delete(&dev));
}

static void *trapper(void *arg)
{
	struct vdev *dev = arg;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		vdev_trap(dev);
	return NULL;
}

/* Like vCPUs that trap together: each reads all tails, which move meanwhile. */
TEST_F_TIMEOUT(stress, traps_from_several_threads, 120)
{
	time_t end = time(NULL) + TRAP_SECONDS;
	pthread_t thread[3];
	struct vdev dev;
	uint32_t i;

	stop = 0;
	ASSERT_EQ(0, vdev_new(&dev, 14));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&dev));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, trapper, &dev));
	while (time(NULL) < end) {
		for (i = 0; i < 100; i++)
			vdev_post_tx(&dev, VDEV_IOVA + MEM_TX_BUF, 64,
				     CDNA_DESC_EOP);
		vdev_trap(&dev);
		vdev_ring(&dev);
		if (!vdev_tx_done(&dev, 2000))
			break;
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ(dev.tx_prod, vdev_report(&dev, TX).accepted);
	EXPECT_EQ(0, vdev_report(&dev, TX).fault);
	EXPECT_EQ(0, vdev_stat(dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_delete(&dev));
}

TEST_HARNESS_MAIN
