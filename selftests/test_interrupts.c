// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts of the NIC, the bit vectors that they announce, the bits in these,
 * and the eventfds that are signalled for them (paper 3.2, I7).
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define MANY	6
#define ROUNDS	100

/* What the driver has the NIC keep to, and what an administrator may ask for */
#define BOUND_USECS	"20"
#define BOUND_BURST	32
#define MAX_USECS	10000

/**
 * struct counts - what was counted
 * @proc: interrupts, as the kernel's interrupt core counts them
 * @interrupts: the same, as the driver does
 * @vectors: bit vectors that the NIC wrote
 * @bits: set in these
 * @strays: those that no queue pair is bound to
 */
struct counts {
	long proc;
	long interrupts;
	long vectors;
	long bits;
	long strays;
};

/* Bit-vector interrupts of the first NIC, on all processors */
static long proc_interrupts(void)
{
	char line[1024], *at, *end;
	long total = -1, count;
	FILE *file;

	file = fopen("/proc/interrupts", "r");
	if (!file)
		return -1;
	while (total < 0 && fgets(line, sizeof(line), file)) {
		if (!strstr(line, "cdna-bitvec@"))
			continue;
		at = strchr(line, ':') + 1;
		for (total = 0;; at = end) {
			count = strtol(at, &end, 10);
			/* The next column is the interrupt's chip. */
			if (end == at || (*end != ' ' && *end != '\n'))
				break;
			total += count;
		}
	}
	fclose(file);
	return total;
}

static struct counts count(void)
{
	return (struct counts) {
		.proc = proc_interrupts(),
		.interrupts = vdev_nic_stat("interrupts"),
		.vectors = vdev_nic_stat("bit_vectors"),
		.bits = vdev_nic_stat("bits"),
		.strays = vdev_nic_stat("bits_without_owner"),
	};
}

static struct counts since(const struct counts *then)
{
	struct counts now = count();

	return (struct counts) {
		.proc = now.proc - then->proc,
		.interrupts = now.interrupts - then->interrupts,
		.vectors = now.vectors - then->vectors,
		.bits = now.bits - then->bits,
		.strays = now.strays - then->strays,
	};
}

/* How often the vector of queue pair 0 was signalled; waits for the first */
static long signals(struct vdev *dev, int ms)
{
	struct pollfd wait = { .fd = dev->event[CDNA_VDEV_VECTOR_QP(0)],
			       .events = POLLIN };
	uint64_t n = 0;

	if (poll(&wait, 1, ms) != 1 || read(wait.fd, &n, sizeof(n)) < 0)
		return 0;
	return n;
}

static void rearm(struct vdev *dev)
{
	dev->mbox[CDNA_MBOX(0, CDNA_MBOX_REARM)] = vdev_status(dev)->event;
}

FIXTURE(interrupts) {
	struct vdev dev[MANY];
	uint8_t peer[6];
	struct counts before;
	long signals[MANY];
	long bits[MANY];
	long vectors[MANY];
	long interrupts[MANY];
};

FIXTURE_SETUP(interrupts)
{
	struct vdev *dev;
	int i;

	for (i = 0; i < MANY; i++) {
		dev = &self->dev[i];
		ASSERT_EQ(0, vdev_new(dev, 0x80 + i));
		ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
		ASSERT_TRUE(vdev_peer_mac(dev, self->peer));
	}
	/* The first interrupt of each came unasked. No other may come now. */
	usleep(50000);
	for (i = 0; i < MANY; i++) {
		dev = &self->dev[i];
		signals(dev, 0);
		self->bits[i] = vdev_stat(dev->uuid, "bits");
		self->vectors[i] = vdev_stat(dev->uuid, "bit_vectors");
		self->interrupts[i] = vdev_stat(dev->uuid, "interrupts");
	}
	self->before = count();
	ASSERT_LT(0, self->before.proc);
}

FIXTURE_TEARDOWN(interrupts)
{
	int i;

	/* A test that failed may have left another. */
	if (!vdev_is_soft())
		EXPECT_EQ(0, vdev_nic_set("interrupt_usecs", BOUND_USECS));
	for (i = 0; i < MANY; i++)
		EXPECT_EQ(0, vdev_delete(&self->dev[i]));
}

/* What holds however much was shared: nothing is lost, nothing is added. */
static void expect_consistent(struct __test_metadata *_metadata,
			      const struct counts *now, long signalled)
{
	TH_LOG("%ld interrupts, %ld vectors, %ld bits, %ld signals",
	       now->interrupts, now->vectors, now->bits, signalled);
	EXPECT_EQ(now->proc, now->interrupts);
	EXPECT_LT(0, now->interrupts);
	EXPECT_LE(now->interrupts, now->vectors);
	EXPECT_LE(now->vectors, now->bits);
	EXPECT_EQ(signalled, now->bits);
	EXPECT_EQ(0, now->strays);
}

static void expect_context(struct __test_metadata *_metadata, struct vdev *dev,
			   long bits, long vectors, long interrupts,
			   long signalled)
{
	EXPECT_EQ(bits + signalled, vdev_stat(dev->uuid, "bits"));
	EXPECT_EQ(vectors + signalled, vdev_stat(dev->uuid, "bit_vectors"));
	EXPECT_EQ(interrupts + signalled, vdev_stat(dev->uuid, "interrupts"));
}

/* Once each time that it is re-armed, and not otherwise */
TEST_F(interrupts, of_one_context)
{
	struct vdev *dev = &self->dev[0];
	struct counts now;
	long total = 0;
	int i;

	if (vdev_is_soft())
		SKIP(return, "there are no bit vectors");
	for (i = 0; i < ROUNDS; i++) {
		rearm(dev);
		ASSERT_TRUE(vdev_ping(dev, self->peer, i, 100));
		ASSERT_EQ(1, signals(dev, 2000));
		/* Two more frames, without being re-armed */
		ASSERT_TRUE(vdev_ping(dev, self->peer, i, 200));
		total++;
	}
	ASSERT_EQ(0, signals(dev, 50));
	now = since(&self->before);
	expect_consistent(_metadata, &now, total);
	/* One at a time: there was nothing to share. */
	EXPECT_EQ(total, now.vectors);
	EXPECT_EQ(total, now.interrupts);
	expect_context(_metadata, dev, self->bits[0], self->vectors[0],
		       self->interrupts[0], total);
}

static void send_broadcast(struct vdev *dev)
{
	size_t len = frame_arp(dev, dev->mem + MEM_TX_BUF, PEER_IP);

	vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
}

/* A broadcast interrupts all contexts at the same time. */
TEST_F(interrupts, of_several_contexts)
{
	struct cdna_rx_completion comp;
	struct vdev *dev = self->dev;
	struct counts now;
	long total = 0;
	int i, round;

	if (vdev_is_soft())
		SKIP(return, "there are no bit vectors");
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < MANY; i++)
			rearm(&dev[i]);
		send_broadcast(&dev[round % MANY]);
		for (i = 0; i < MANY; i++) {
			ASSERT_EQ(1, signals(&dev[i], 2000));
			self->signals[i]++;
			total++;
		}
		ASSERT_TRUE(vdev_tx_done(&dev[round % MANY], 2000));
		for (i = 0; i < MANY; i++)
			while (vdev_rx_next(&dev[i], &comp, 0))
				vdev_repost(&dev[i]);
		for (i = 0; i < MANY; i++) {
			vdev_trap(&dev[i]);
			vdev_ring(&dev[i]);
		}
	}
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, signals(&dev[i], 20));
	now = since(&self->before);
	expect_consistent(_metadata, &now, total);
	EXPECT_EQ(ROUNDS * MANY, total);
	/* So they share vectors, and interrupts. */
	EXPECT_LT(now.vectors, total);
	for (i = 0; i < MANY; i++)
		expect_context(_metadata, &dev[i], self->bits[i],
			       self->vectors[i], self->interrupts[i],
			       self->signals[i]);
}

/* However often the guest wants to be interrupted. Nothing is lost for it. */
TEST_F(interrupts, bounded)
{
	struct vdev *dev = &self->dev[0];
	long interrupts;
	long start;
	int i;

	if (vdev_is_soft())
		SKIP(return, "there are no bit vectors");
	ASSERT_EQ(0, vdev_nic_set("interrupt_usecs", "10000"));
	EXPECT_EQ(MAX_USECS, vdev_nic_stat("interrupt_usecs"));
	start = vdev_now_us();
	for (i = 0; i < ROUNDS; i++) {
		rearm(dev);
		ASSERT_TRUE(vdev_ping(dev, self->peer, i, 100));
		ASSERT_EQ(1, signals(dev, 2000));
	}
	interrupts = since(&self->before).interrupts;
	/* Each needed an interrupt of its own. */
	EXPECT_EQ(ROUNDS, interrupts);
	EXPECT_LE(interrupts,
		  BOUND_BURST + 1 + (vdev_now_us() - start) / MAX_USECS);
}

/* An administrator's bound, as it is accepted and shown */
TEST_F(interrupts, bound_is_checked)
{
	if (vdev_is_soft())
		SKIP(return, "there are no bit vectors");
	EXPECT_EQ(atol(BOUND_USECS), vdev_nic_stat("interrupt_usecs"));
	EXPECT_EQ(-EINVAL, vdev_nic_set("interrupt_usecs", "10001"));
	EXPECT_EQ(-EINVAL, vdev_nic_set("interrupt_usecs", "often"));
	EXPECT_EQ(-EINVAL, vdev_nic_set("interrupt_usecs", "-1"));
	EXPECT_EQ(atol(BOUND_USECS), vdev_nic_stat("interrupt_usecs"));
	EXPECT_EQ(0, vdev_nic_set("interrupt_usecs", "0"));
	EXPECT_EQ(0, vdev_nic_stat("interrupt_usecs"));
	EXPECT_EQ(0, vdev_nic_set("interrupt_usecs", BOUND_USECS));
	EXPECT_EQ(atol(BOUND_USECS), vdev_nic_stat("interrupt_usecs"));
}

TEST_HARNESS_MAIN
