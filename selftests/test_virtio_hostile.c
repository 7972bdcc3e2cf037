// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile guest of a virtio network card: everything that the device reads is
 * rewritten all the time, while it is notified, from a vCPU too, reset, moved, and taken
 * away. STRESS_SECONDS (10) is how long, VIRTIO_SEED (1) chooses what.
 */
#include <linux/if_ether.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "env.h"
#include "virtio.h"
#include "vm.h"

#define SECONDS		10
#define SCRIBBLERS	2
#define THREADS		(SCRIBBLERS + 3)
#define NOWHERE		0x7000000000ull

/**
 * struct attack - what all threads share
 * @virtio: the device
 * @vm: the machine that it is part of
 * @offered: features
 * @stop: threads end
 * @notified: notifications
 * @started: devices that took DRIVER_OK and needed no reset
 * @revoked: times that it was taken away
 */
struct attack {
	struct virtio virtio;
	struct vm vm;
	uint64_t offered;
	int stop;
	unsigned long notified;
	unsigned long started;
	unsigned long revoked;
};

struct attacker {
	struct attack *attack;
	uint64_t state;
	void (*act)(struct attack *attack, uint64_t *state);
};

FIXTURE(hostile) {
	struct attack attack;
	char uuid[40];
};

FIXTURE_SETUP(hostile)
{
	struct attack *attack = &self->attack;

	memset(attack, 0, sizeof(*attack));
	vdev_uuid(self->uuid, 0xc9);
	ASSERT_EQ(0, vdev_create_virtio(self->uuid));
	ASSERT_EQ(0, vm_open(&attack->vm));
	ASSERT_EQ(0, virtio_open_in(&attack->virtio, self->uuid,
				    attack->vm.vfio));
	attack->offered = virtio_offered(&attack->virtio);
}

FIXTURE_TEARDOWN(hostile)
{
	vdev_close(&self->attack.virtio.dev);
	vm_close(&self->attack.vm);
	EXPECT_EQ(0, vdev_stat(self->uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->uuid));
}

static uint32_t below(uint64_t *state, uint32_t bound)
{
	return (env_random(state) >> 32) % bound;
}

/* Mostly memory that is there */
static uint64_t any_address(struct attack *attack, uint64_t *state)
{
	switch (below(state, 64)) {
	case 0:
		return env_random(state);
	case 1:
		return NOWHERE + below(state, 1 << 20);
	case 2:
		return attack->virtio.dev.iova + VDEV_MEMORY -
		       below(state, 4096);
	default:
		return attack->virtio.dev.iova + below(state, VDEV_MEMORY);
	}
}

static struct vring_desc any_desc(struct attack *attack, uint64_t *state,
				  bool write)
{
	struct vring_desc desc = {
		.addr = any_address(attack, state),
		.len = below(state, 64) ? VIRTIO_HDR + below(state, 3000) :
					  env_random(state),
		.flags = write ? VRING_DESC_F_WRITE : 0,
		.next = below(state, 300),
	};

	switch (below(state, 32)) {
	case 0:
		desc.flags = env_random(state);
		break;
	case 1 ... 2:
		desc.len = 16 * below(state, 300);
		desc.flags = VRING_DESC_F_INDIRECT;
		break;
	case 3 ... 10:
		desc.flags |= VRING_DESC_F_NEXT;
		break;
	}
	return desc;
}

static void set_field(uint16_t *field, uint16_t value)
{
	__atomic_store_n(field, value, __ATOMIC_RELAXED);
}

/* More often one of those that there are without further queue pairs */
static struct virtq *any_queue(struct virtio *virtio, uint64_t *state)
{
	return &virtio->queue[below(state, below(state, 2) ?
				    VIRTIO_ALL_QUEUES : VIRTIO_MOST_QUEUES)];
}

/* What the guest may write at any time: descriptors, tables, rings, buffers */
static void scribble_one(struct attack *attack, uint64_t *state)
{
	struct virtio *virtio = &attack->virtio;
	struct virtq *queue = any_queue(virtio, state);
	bool write = queue->write ||
		     (queue->number == virtio->ctrl && below(state, 2));
	uint64_t word = env_random(state);
	size_t at;

	switch (below(state, 32)) {
	case 0 ... 12:
		queue->desc[below(state, VIRTIO_SIZE)] =
			any_desc(attack, state, write);
		break;
	case 13 ... 20:
		virtq_table_at(queue, below(state, 8))[below(state, 256)] =
			any_desc(attack, state, write);
		break;
	case 21 ... 28:
		set_field(&queue->avail->ring[below(state, VIRTIO_SIZE + 1)],
			  below(state, 64) ? below(state, VIRTIO_SIZE) :
					     env_random(state));
		break;
	case 29:
		set_field(&queue->avail->idx, queue->avail->idx +
			  (below(state, 16) ? below(state, 4) : env_random(state)));
		break;
	case 30:
		at = below(state, 2) ? VIRTQ_AVAIL : VIRTQ_USED;
		memcpy(queue->mem + at + below(state, 2048), &word, 8);
		break;
	default:
		at = below(state, VDEV_MEMORY - 8);
		memcpy(virtio->dev.mem + at, &word, below(state, 9));
		break;
	}
}

/* Now and then, so that something else is found, too */
static void scribble(struct attack *attack, uint64_t *state)
{
	uint32_t n = below(state, 16);

	while (n--)
		scribble_one(attack, state);
	usleep(below(state, 10000));
}

/* A chain that is right, until a scribbler changes it */
static void post(struct attack *attack, struct virtq *queue, uint64_t *state)
{
	uint16_t head = below(state, VIRTIO_SIZE - 2), index = queue->avail->idx;
	uint32_t at = MEM_TX_BUF + below(state, MEM_RX_BUF);
	struct vdev *dev = &attack->virtio.dev;

	queue->desc[head] = (struct vring_desc) {
		.addr = dev->iova + at,
		.len = VIRTIO_HDR + 60 + below(state, 2000),
		.flags = queue->write ? VRING_DESC_F_WRITE : 0,
	};
	if (queue->number == attack->virtio.ctrl)
		virtio_command_at(&attack->virtio, head, dev->mem + at,
				  dev->iova + at, 2 + below(state, 200));
	set_field(&queue->avail->ring[index % VIRTIO_SIZE], head);
	set_field(&queue->avail->idx, index + 1);
}

/* From a vCPU, as a store that the monitor passes on, and with loads in between */
static void notify(struct attack *attack, uint64_t *state)
{
	struct virtio *virtio = &attack->virtio;
	struct virtq *queue = any_queue(virtio, state);
	uint64_t value = env_random(state);
	uint32_t n;

	for (n = below(state, 8); n; n--)
		post(attack, queue, state);
	switch (below(state, 8)) {
	case 0:
		vm_store(&attack->vm);
		break;
	case 1:
		virtio_load(virtio, VIRTIO_PCI_CAP_COMMON_CFG,
			    below(state, 48), 4);
		virtio_load(virtio, VIRTIO_PCI_CAP_ISR_CFG, 0, 1);
		break;
	case 2:
		pwrite(virtio->dev.fd, &value, 4,
		       vdev_offset(CDNA_VDEV_BAR_MAILBOX, below(state, 4093)));
		break;
	default:
		virtq_notify(virtio, queue);
		break;
	}
	__atomic_fetch_add(&attack->notified, 1, __ATOMIC_RELAXED);
}

/* As a driver would, with features that fit more often than not */
static void begin(struct attack *attack, uint64_t *state)
{
	struct virtio *virtio = &attack->virtio;
	uint64_t features = VIRTIO_PLAIN | (attack->offered & env_random(state));
	uint32_t i;

	virtio_set(virtio, device_status, 0);
	if (!virtio_negotiate(virtio, below(state, 2) ? features :
				      VIRTIO_CONTROLLED))
		return;
	for (i = 0; i <= virtio->ctrl; i++) {
		if (!below(state, 16))
			continue;
		virtio_enable(virtio, &virtio->queue[i]);
		if (!below(state, 4))
			virtio_set(virtio, queue_size, 1 << below(state, 9));
		if (!below(state, 16))
			virtio_store_addr(virtio, VIRTIO_REG(queue_avail_lo),
					  any_address(attack, state) & ~1ull);
	}
	virtio_fill(virtio, 32);
	virtio_set(virtio, device_status,
		   virtio_get(virtio, device_status) |
		   VIRTIO_CONFIG_S_DRIVER_OK);
	if (!virtio_needs_reset(virtio))
		attack->started++;
}

/* Move BAR 0: to the page that the vCPU stores to, to none, to anywhere. */
static void move(struct attack *attack, uint64_t *state)
{
	const uint32_t to[] = { GPA_DOORBELL, GPA_ROM, 0, GPA_NOTHING };
	struct virtio *virtio = &attack->virtio;
	uint32_t value = to[below(state, 2) ? 0 : below(state, 4)];

	pwrite(virtio->dev.fd, &value, 4,
	       vdev_offset(VFIO_PCI_CONFIG_REGION_INDEX, PCI_BASE_ADDRESS_0));
}

static void drive(struct attack *attack, uint64_t *state)
{
	struct virtio *virtio = &attack->virtio;
	uint64_t value = env_random(state);

	switch (below(state, 16)) {
	case 0:
		vdev_master(&virtio->dev, false);
		vdev_master(&virtio->dev, true);
		break;
	case 1 ... 2:
		move(attack, state);
		break;
	case 3:
		virtio_set(virtio, device_status, value & 0xff);
		break;
	case 4:
		virtio_store(virtio, below(state, 14) * 4, 4, value);
		break;
	case 5:
		ioctl(virtio->dev.fd, VFIO_DEVICE_RESET);
		vdev_master(&virtio->dev, true);
		move(attack, state);
		break;
	case 6 ... 10:
		begin(attack, state);
		break;
	default:
		/* What runs is left alone for a while. */
		usleep(below(state, 3000));
		break;
	}
}

static void administrate(struct attack *attack, uint64_t *state)
{
	const char *uuid = attack->virtio.dev.uuid;

	usleep(below(state, 200000));
	if (!vdev_set(uuid, "state", "revoked"))
		attack->revoked++;
	usleep(below(state, 5000));
	vdev_set(uuid, "state", "configured");
}

static void *attacker(void *arg)
{
	struct attacker *me = arg;

	while (!__atomic_load_n(&me->attack->stop, __ATOMIC_RELAXED))
		me->act(me->attack, &me->state);
	return NULL;
}

/* The NIC meets nothing that the host should have refused (I2, I3). */
static void expect_no_harm(struct __test_metadata *_metadata, const char *uuid)
{
	static const char * const never[] = {
		"nic_sequence", "nic_too_far", "nic_length", "nic_flags",
		"nic_chain", "nic_dma_descriptor", "nic_dma_data",
		"nic_dma_status", "nic_dead",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(never); i++) {
		EXPECT_EQ(0, vdev_faults(uuid, never[i])) {
			TH_LOG("%s", never[i]);
		}
	}
	EXPECT_EQ(0, vdev_stat(uuid, "nic_out_of_bounds"));
}

static void run(struct __test_metadata *_metadata, struct attack *attack)
{
	struct attacker all[THREADS] = {
		{ .act = scribble }, { .act = scribble }, { .act = notify },
		{ .act = drive }, { .act = administrate },
	};
	const uint64_t seed = env_number("VIRTIO_SEED", 1);
	pthread_t thread[THREADS];
	uint32_t i;

	TH_LOG("seed %llu", (unsigned long long)seed);
	for (i = 0; i < THREADS; i++) {
		all[i].attack = attack;
		all[i].state = (seed << 8 | i) ^ 0x9e3779b97f4a7c15;
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, attacker,
					    &all[i]));
	}
	sleep(env_number("STRESS_SECONDS", SECONDS));
	__atomic_store_n(&attack->stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < THREADS; i++)
		vm_join(thread[i]);
}

TEST_F_TIMEOUT(hostile, does_no_harm, 3600)
{
	struct attack *attack = &self->attack;
	struct virtio *virtio = &attack->virtio;
	uint8_t peer[ETH_ALEN];
	long faults;

	run(_metadata, attack);
	faults = vdev_stat(self->uuid, "faults");
	TH_LOG("%lu notifications, %lu starts, %lu revocations, %ld faults, %ld descriptors",
	       attack->notified, attack->started, attack->revoked, faults,
	       vdev_stat(self->uuid, "descriptors"));
	EXPECT_LT(0, attack->started);
	EXPECT_LT(10, attack->revoked);
	EXPECT_LT(10, faults);
	EXPECT_LT(100, vdev_stat(self->uuid, "descriptors"));
	expect_no_harm(_metadata, self->uuid);

	ASSERT_EQ(0, ioctl(virtio->dev.fd, VFIO_DEVICE_RESET));
	vdev_master(&virtio->dev, true);
	ASSERT_EQ(0, virtio_start(virtio, VIRTIO_USUAL));
	virtio_fill(virtio, VIRTIO_SIZE / 2);
	EXPECT_TRUE(virtio_peer_mac(virtio, peer));
	EXPECT_TRUE(virtio_ping(virtio, peer, 1, 1000));
	expect_no_harm(_metadata, self->uuid);
}

TEST_HARNESS_MAIN
