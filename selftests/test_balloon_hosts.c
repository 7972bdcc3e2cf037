// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is given away, as test_balloon.c has it: of what kind it is, who else has it,
 * and who has the devices open.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "give_ping.h"
#include "kselftest_harness.h"

#define PAGE		4096
#define EXTRA_IOVA	0x200000000ull
#define EXTRA_BYTES	(64 * PAGE)
#define HUGE		(2ul << 20)
#define LAPS		100
#define MACHINES	4

FIXTURE(kind) {
	struct vdev dev;
	uint8_t peer[6];
};

FIXTURE_SETUP(kind)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0xb0));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
	ASSERT_TRUE(vdev_tx_done(&self->dev, 2000));
}

FIXTURE_TEARDOWN(kind)
{
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "faults"));
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

static uint8_t *private(void)
{
	uint8_t *mem = mmap(NULL, EXTRA_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

static long drops(struct vdev *dev)
{
	return vdev_stat(dev->uuid, "pin_drops");
}

/* A child has all of the memory by fork(), and writes none of it. */
static pid_t child_that_waits(void)
{
	pid_t pid = fork();

	while (!pid)
		pause();
	return pid;
}

static void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* A page that a child has still is not the machine's any longer. Children come before the
 * page is pinned, and while it is.
 */
TEST_F(kind, a_child_has_it_too)
{
	struct vdev *dev = &self->dev;
	uint8_t *mem = private();
	pid_t before, while_pinned;
	int seq;

	ASSERT_NE(NULL, mem);
	memset(mem, 1, EXTRA_BYTES);
	ASSERT_EQ(0, vdev_map(dev, mem, EXTRA_IOVA, EXTRA_BYTES, 3));
	before = child_that_waits();
	ASSERT_LT(0, before);
	for (seq = 0; seq < LAPS; seq++) {
		ASSERT_TRUE(give_ping_from(dev, self->peer, mem, EXTRA_IOVA,
					   seq));
		while_pinned = child_that_waits();
		ASSERT_LT(0, while_pinned);
		EXPECT_EQ(0, madvise(mem, PAGE, MADV_DONTNEED));
		EXPECT_TRUE(give_ping_from(dev, self->peer, mem, EXTRA_IOVA,
					   seq));
		EXPECT_EQ(0, madvise(mem, PAGE, MADV_DONTNEED));
		end_child(while_pinned);
	}
	end_child(before);
	EXPECT_LE(2 * LAPS - 1, drops(dev));
	ASSERT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES));
	munmap(mem, EXTRA_BYTES);
}

/* The memory of a file is mapped twice, once below what VFIO has: it is the file's, not
 * the mapping's.
 */
TEST_F(kind, a_file_that_is_mapped_twice)
{
	struct vdev *dev = &self->dev;
	int fd = memfd_create("twice", MFD_CLOEXEC), seq;
	uint8_t *all, *low, *high;
	long before;

	ASSERT_EQ(0, ftruncate(fd, EXTRA_BYTES));
	all = mmap(NULL, 2 * EXTRA_BYTES, PROT_NONE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, all);
	low = mmap(all, EXTRA_BYTES, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_FIXED, fd, 0);
	high = mmap(all + EXTRA_BYTES, EXTRA_BYTES, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_FIXED, fd, 0);
	memset(low, 1, EXTRA_BYTES);
	ASSERT_EQ(0, vdev_map(dev, high, EXTRA_IOVA, EXTRA_BYTES, 3));
	ASSERT_TRUE(give_ping_from(dev, self->peer, high, EXTRA_IOVA, 0));

	/* Out of the page table, but not out of the file */
	before = drops(dev);
	for (seq = 1; seq < LAPS; seq++) {
		ASSERT_EQ(0, madvise(seq & 1 ? high : low, PAGE, MADV_DONTNEED));
		ASSERT_TRUE(give_ping_from(dev, self->peer, low, EXTRA_IOVA,
					   seq));
	}
	EXPECT_EQ(before, drops(dev));
	for (seq = 0; seq < LAPS; seq++) {
		ASSERT_EQ(0, fallocate(fd, FALLOC_FL_PUNCH_HOLE |
				       FALLOC_FL_KEEP_SIZE, 0, PAGE));
		ASSERT_TRUE(give_ping_from(dev, self->peer, low, EXTRA_IOVA,
					   seq));
	}
	EXPECT_LE(before + LAPS, drops(dev));
	ASSERT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES));
	munmap(all, 2 * EXTRA_BYTES);
	close(fd);
}

static uint8_t *huge_pages(unsigned int count, uint8_t **mem)
{
	uint8_t *at;

	*mem = mmap(NULL, (count + 1) * HUGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (*mem == MAP_FAILED)
		return NULL;
	at = (uint8_t *)(((uintptr_t)*mem + HUGE - 1) & ~(HUGE - 1));
	if (madvise(at, count * HUGE, MADV_HUGEPAGE))
		return NULL;
	memset(at, 1, count * HUGE);
	return at;
}

/* Pinned pages keep the huge pages around them. A part of one is given away, and only that:
 * a huge page that is pinned is not split.
 */
TEST_F(kind, huge_pages)
{
	struct vdev *dev = &self->dev;
	uint8_t *mem, *at = huge_pages(4, &mem);
	long before;
	uint32_t i;

	ASSERT_NE(NULL, at);
	ASSERT_EQ(0, vdev_stat(dev->uuid, "pins_huge"));
	ASSERT_EQ(0, vdev_map(dev, at, EXTRA_IOVA, 4 * HUGE, 3));
	/* Two pages of each of three */
	for (i = 0; i < 6; i++)
		ASSERT_TRUE(give_ping_from(dev, self->peer,
					   at + i / 2 * HUGE + i * PAGE,
					   EXTRA_IOVA + i / 2 * HUGE + i * PAGE, i));
	EXPECT_EQ(3, vdev_stat(dev->uuid, "pins_huge"));
	before = drops(dev);
	for (i = 0; i < 6; i += 2)
		ASSERT_EQ(0, madvise(at + i / 2 * HUGE + i * PAGE, PAGE,
				     MADV_DONTNEED));
	for (i = 0; i < 6; i++)
		ASSERT_TRUE(give_ping_from(dev, self->peer,
					   at + i / 2 * HUGE + i * PAGE,
					   EXTRA_IOVA + i / 2 * HUGE + i * PAGE, i));
	EXPECT_EQ(before + 3, drops(dev));
	EXPECT_EQ(3, vdev_stat(dev->uuid, "pins_huge"));
	ASSERT_EQ(0, madvise(at, 4 * HUGE, MADV_DONTNEED));
	for (i = 0; i < 6; i++)
		ASSERT_TRUE(give_ping_from(dev, self->peer,
					   at + i / 2 * HUGE + i * PAGE,
					   EXTRA_IOVA + i / 2 * HUGE + i * PAGE, i));
	EXPECT_LE(before + 9, drops(dev));
	ASSERT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, 4 * HUGE));
	munmap(mem, 5 * HUGE);
}

/* Return: 0 also if the host has none */
static int merging(const char *run)
{
	int fd = open("/sys/kernel/mm/ksm/run", O_WRONLY);
	int ret = fd < 0 || write(fd, run, 1) == 1 ? 0 : -1;

	if (fd >= 0)
		close(fd);
	return ret;
}

/* The host wants memory back, or to move it: what is pinned stays where it is, in use or
 * not, and is not mistaken for what was given away.
 */
TEST_F(kind, what_the_host_would_like_to_have)
{
	struct vdev *dev = &self->dev;
	uint8_t *mem = private();
	int seq, fd, at;
	long before;

	ASSERT_NE(NULL, mem);
	ASSERT_EQ(0, vdev_map(dev, mem, EXTRA_IOVA, EXTRA_BYTES, 3));
	ASSERT_TRUE(give_ping_from(dev, self->peer, mem, EXTRA_IOVA, 0));
	before = drops(dev);
	fd = open("/proc/sys/vm/compact_memory", O_WRONLY);
	EXPECT_EQ(0, merging("1"));
	madvise(mem, EXTRA_BYTES, MADV_MERGEABLE);
	for (seq = 1; seq < LAPS; seq++) {
		for (at = PAGE; at < EXTRA_BYTES; at += PAGE)
			memcpy(mem + at, mem, PAGE);
		usleep(10000);
		madvise(mem, EXTRA_BYTES, MADV_FREE);
		madvise(mem, EXTRA_BYTES, MADV_PAGEOUT);
		madvise(dev->mem, VDEV_MEMORY, MADV_PAGEOUT);
		if (fd >= 0 && seq % 16 == 0)
			EXPECT_EQ(1, write(fd, "1", 1));
		ASSERT_TRUE(give_ping_from(dev, self->peer, mem, EXTRA_IOVA,
					   seq));
	}
	if (fd >= 0)
		close(fd);
	EXPECT_EQ(0, merging("0"));
	EXPECT_EQ(before, drops(dev));
	ASSERT_EQ(0, vdev_unmap(dev, EXTRA_IOVA, EXTRA_BYTES));
	munmap(mem, EXTRA_BYTES);
}

/* One machine, whose memory is given away between its echoes.
 * @begun: a byte is written there after the first one
 * Return: 0, or where it failed
 */
static int machine(unsigned int n, unsigned int laps, int begun)
{
	uint8_t peer[6], *mem = private();
	struct vdev dev;
	unsigned int seq;

	if (!mem || vdev_new(&dev, n) || vdev_start(&dev) ||
	    !vdev_peer_mac(&dev, peer) ||
	    vdev_map(&dev, mem, EXTRA_IOVA, EXTRA_BYTES, 3))
		return 1;
	for (seq = 0; seq < laps; seq++)
		if (!give_ping_from(&dev, peer, mem, EXTRA_IOVA, seq) ||
		    madvise(mem, PAGE, MADV_DONTNEED) ||
		    (begun >= 0 && !seq && write(begun, "b", 1) != 1))
			return 2;
	if (vdev_stat(dev.uuid, "faults") || drops(&dev) < (long)laps - 1)
		return 3;
	vdev_close(&dev);
	return vdev_stat(dev.uuid, "pins_now") || vdev_remove(dev.uuid) ? 4 : 0;
}

/* All of them at a time, each with a process of its own */
TEST_F_TIMEOUT(kind, many_openers, 60)
{
	pid_t pid[MACHINES];
	int i, status;

	for (i = 0; i < MACHINES; i++) {
		pid[i] = fork();
		ASSERT_LE(0, pid[i]);
		if (!pid[i])
			_exit(machine(0xb1 + i, 3 * LAPS, -1));
	}
	for (i = 0; i < MACHINES; i++) {
		ASSERT_EQ(pid[i], waitpid(pid[i], &status, 0));
		EXPECT_EQ(0, status) {
			TH_LOG("machine %d", i);
		}
	}
}

/* One process has all machines, with the same addresses in each. What one has given away
 * while its NIC uses it does not matter to the other ones.
 */
TEST_F_TIMEOUT(kind, a_broker_of_machines, 60)
{
	struct vdev dev[MACHINES];
	uint8_t *mem[MACHINES];
	int i, seq;

	for (i = 0; i < MACHINES; i++) {
		mem[i] = private();
		ASSERT_NE(NULL, mem[i]);
		ASSERT_EQ(0, vdev_new(&dev[i], 0xb1 + i));
		ASSERT_EQ(CDNA_VRES_OK, vdev_start(&dev[i]));
		ASSERT_TRUE(vdev_peer_mac(&dev[i], self->peer));
		ASSERT_EQ(0, vdev_map(&dev[i], mem[i], EXTRA_IOVA, EXTRA_BYTES,
				      3));
	}
	/* Posted, and given away: that buffer is lost to its machine. */
	vdev_post_rx(&dev[0], EXTRA_IOVA, PAGE);
	vdev_trap(&dev[0]);
	ASSERT_EQ(0, madvise(mem[0], PAGE, MADV_DONTNEED));
	for (seq = 0; seq < LAPS; seq++)
		for (i = 1; i < MACHINES; i++) {
			ASSERT_TRUE(give_ping_from(&dev[i], self->peer, mem[i],
						   EXTRA_IOVA, seq));
			ASSERT_EQ(0, madvise(mem[i], PAGE, MADV_DONTNEED));
		}
	for (i = 0; i < MACHINES; i++) {
		EXPECT_EQ(0, vdev_stat(dev[i].uuid, "faults"));
		vdev_close(&dev[i]);
		EXPECT_EQ(0, vdev_stat(dev[i].uuid, "pins_now"));
		EXPECT_EQ(0, vdev_remove(dev[i].uuid));
	}
}

/* Killed while it has traffic, and gives its memory away */
TEST_F_TIMEOUT(kind, a_process_that_is_killed, 60)
{
	int lap, status, begun[2];
	char uuid[40], byte;
	pid_t pid;

	vdev_uuid(uuid, 0xb1);
	ASSERT_EQ(0, pipe(begun));
	for (lap = 0; lap < 8; lap++) {
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid)
			_exit(give_storm_begin() ||
			      machine(0xb1, 1000000, begun[1]));
		ASSERT_EQ(1, read(begun[0], &byte, 1));
		usleep(lap * 1000);
		kill(pid, SIGKILL);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status));
		EXPECT_EQ(0, vdev_stat(uuid, "pins_now"));
		EXPECT_EQ(0, vdev_remove(uuid));
	}
	close(begun[0]);
	close(begun[1]);
}

TEST_HARNESS_MAIN
