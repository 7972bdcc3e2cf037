// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each reason for refusing a descriptor: the queue stops there, the good ones
 * before it are sent, the guest is notified, and a new queue works.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define RX		CDNA_VQUEUE(0, CDNA_DIR_RX)
#define GOOD		3
#define READONLY_IOVA	0x200000000ull
#define BAR_IOVA	0x300000000ull
#define NOWHERE_IOVA	0x7000000000ull

FIXTURE(refuse) {
	struct vdev dev;
	size_t len;
};

FIXTURE_SETUP(refuse)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 2));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	self->len = frame_arp(&self->dev, self->dev.mem + MEM_TX_BUF, PEER_IP);
}

FIXTURE_TEARDOWN(refuse)
{
	vdev_close(&self->dev);
	EXPECT_EQ(0, vdev_stat(self->dev.uuid, "pins_now"));
	EXPECT_EQ(0, vdev_remove(self->dev.uuid));
}

static void post_good(struct vdev *dev, size_t len, int n)
{
	while (n--)
		vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
}

/* GOOD frames, the bad descriptor, one more frame; then what must be true */
static void expect_refused(struct __test_metadata *_metadata, struct vdev *dev,
			   size_t len, uint64_t addr, uint32_t bytes,
			   uint32_t flags, uint32_t fault)
{
	struct cdna_vdev_report report;
	uint8_t peer[6];

	post_good(dev, len, GOOD);
	vdev_post_tx(dev, addr, bytes, flags);
	post_good(dev, len, 1);
	vdev_trap(dev);
	vdev_ring(dev);

	report = vdev_report(dev, TX);
	EXPECT_EQ(CDNA_QUEUE_FAULTED, report.state);
	EXPECT_EQ(fault, report.fault);
	EXPECT_EQ(GOOD, report.index);
	EXPECT_EQ(GOOD, report.accepted);
	EXPECT_EQ(1, report.faults);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, RX).state);
	EXPECT_TRUE(vdev_interrupted(dev, CDNA_VDEV_VECTOR_EVENT, 2000));
	EXPECT_TRUE(vdev_tx_reaches(dev, GOOD, 2000));

	/* It stays stopped, and a new queue works. */
	vdev_trap(dev);
	EXPECT_EQ(GOOD, vdev_report(dev, TX).accepted);
	EXPECT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
	EXPECT_TRUE(vdev_peer_mac(dev, peer));
}

#define REFUSED(addr, bytes, flags, fault)				\
	expect_refused(_metadata, &self->dev, self->len, addr, bytes,	\
		       flags, fault)

TEST_F(refuse, length_zero)
{
	REFUSED(VDEV_IOVA + MEM_TX_BUF, 0, CDNA_DESC_EOP, CDNA_VFAULT_LENGTH);
}

TEST_F(refuse, length_beyond_a_page)
{
	REFUSED(VDEV_IOVA + MEM_TX_BUF, 4097, CDNA_DESC_EOP,
		CDNA_VFAULT_LENGTH);
}

TEST_F(refuse, page_crossing)
{
	REFUSED(VDEV_IOVA + MEM_TX_BUF + 4000, 97, CDNA_DESC_EOP,
		CDNA_VFAULT_CROSSING);
}

TEST_F(refuse, unknown_flag)
{
	REFUSED(VDEV_IOVA + MEM_TX_BUF, 64, CDNA_DESC_EOP | 0x8000,
		CDNA_VFAULT_FLAGS);
}

TEST_F(refuse, offload_flag_without_field)
{
	REFUSED(VDEV_IOVA + MEM_TX_BUF, 64, CDNA_DESC_EOP | CDNA_DESC_TSO,
		CDNA_VFAULT_FLAGS);
}

TEST_F(refuse, unmapped)
{
	REFUSED(NOWHERE_IOVA, 64, CDNA_DESC_EOP, CDNA_VFAULT_UNMAPPED);
}

TEST_F(refuse, end_of_the_address_space)
{
	REFUSED(~0ull - 63, 64, CDNA_DESC_EOP, CDNA_VFAULT_UNMAPPED);
}

TEST_F(refuse, one_past_the_memory)
{
	REFUSED(VDEV_IOVA + VDEV_MEMORY, 64, CDNA_DESC_EOP,
		CDNA_VFAULT_UNMAPPED);
}

/* A frame may come from there, but none may go there. */
TEST_F(refuse, read_only_memory)
{
	void *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);

	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, vdev_map(dev, page, READONLY_IOVA, 4096, 1));
	vdev_post_tx(dev, READONLY_IOVA, 64, CDNA_DESC_EOP);
	vdev_post_rx(dev, READONLY_IOVA, 2048);
	vdev_trap(dev);
	EXPECT_EQ(CDNA_QUEUE_FAULTED, vdev_report(dev, RX).state);
	EXPECT_EQ(CDNA_VFAULT_READONLY, vdev_report(dev, RX).fault);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
	EXPECT_EQ(1, vdev_report(dev, TX).accepted);
}

/* The device's own mailbox page, mapped as QEMU maps BARs */
TEST_F(refuse, the_devices_own_bar)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, vdev_map(dev, (void *)dev->mbox, BAR_IOVA, 4096, 3));
	/* Without a NIC it is memory that the host shares with the guest. */
	REFUSED(BAR_IOVA, 64, CDNA_DESC_EOP,
		vdev_is_soft() ? CDNA_VFAULT_NOT_RAM : CDNA_VFAULT_UNMAPPED);
}

TEST_F(refuse, tail_beyond_the_ring)
{
	struct cdna_tail_page *tails = (void *)(self->dev.mem + MEM_TAILS);
	struct cdna_vdev_report report;

	tails->tail[TX] = VDEV_SLOTS + 1;
	vdev_trap(&self->dev);
	report = vdev_report(&self->dev, TX);
	EXPECT_EQ(CDNA_QUEUE_FAULTED, report.state);
	EXPECT_EQ(CDNA_VFAULT_TAIL, report.fault);
	EXPECT_EQ(0, report.accepted);
}

TEST_F(refuse, tail_going_back)
{
	struct cdna_tail_page *tails = (void *)(self->dev.mem + MEM_TAILS);

	post_good(&self->dev, self->len, 2);
	vdev_trap(&self->dev);
	EXPECT_EQ(2, vdev_report(&self->dev, TX).accepted);
	tails->tail[TX] = 1;
	vdev_trap(&self->dev);
	EXPECT_EQ(CDNA_VFAULT_TAIL, vdev_report(&self->dev, TX).fault);
	EXPECT_EQ(2, vdev_report(&self->dev, TX).accepted);
}

TEST_F(refuse, endless_chain)
{
	struct vdev *dev = &self->dev;
	struct cdna_vdev_report report;
	int i;

	post_good(dev, self->len, GOOD);
	for (i = 0; i < 100; i++)
		vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, 64, 0);
	vdev_trap(dev);
	vdev_ring(dev);
	report = vdev_report(dev, TX);
	EXPECT_EQ(CDNA_QUEUE_FAULTED, report.state);
	EXPECT_EQ(CDNA_VFAULT_CHAIN, report.fault);
	EXPECT_LT(report.accepted, GOOD + CDNA_MAX_CHAIN);
	EXPECT_TRUE(vdev_tx_reaches(dev, GOOD, 2000));
}

/* The same chain, spread over many traps, is as long. */
TEST_F(refuse, endless_chain_bit_by_bit)
{
	struct vdev *dev = &self->dev;
	int i;

	for (i = 0; i < 100; i++) {
		vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, 64, 0);
		vdev_trap(dev);
	}
	EXPECT_EQ(CDNA_VFAULT_CHAIN, vdev_report(dev, TX).fault);
	EXPECT_LT(vdev_report(dev, TX).accepted, CDNA_MAX_CHAIN);
}

/* For administrators, in sysfs; a reset of the guest does not hide them. */
TEST_F(refuse, reasons_are_counted)
{
	static const struct {
		const char *reason;
		uint64_t addr;
		uint32_t len;
	} bad[] = {
		{ "length", VDEV_IOVA, 0 },
		{ "crossing", VDEV_IOVA + 4000, 97 },
		{ "unmapped", NOWHERE_IOVA, 64 },
	};
	struct vdev *dev = &self->dev;
	size_t i, n;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		for (n = 0; n <= i; n++) {
			vdev_post_tx(dev, bad[i].addr, bad[i].len,
				     CDNA_DESC_EOP);
			vdev_trap(dev);
			ASSERT_EQ(CDNA_VRES_OK,
				  vdev_command(dev, CDNA_VCMD_RESET));
			ASSERT_EQ(CDNA_VRES_OK, vdev_start(dev));
		}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_EQ((long)i + 1, vdev_faults(dev->uuid, bad[i].reason));
	EXPECT_EQ(0, vdev_faults(dev->uuid, "nic_sequence"));
	EXPECT_EQ(0, vdev_faults(dev->uuid, "withdrawn"));
	EXPECT_EQ(-1, vdev_faults(dev->uuid, "invalid"));
	EXPECT_EQ(6, vdev_stat(dev->uuid, "faults"));
}

TEST_F(refuse, receive_buffer_unmapped)
{
	struct vdev *dev = &self->dev;

	vdev_post_rx(dev, NOWHERE_IOVA, 2048);
	vdev_trap(dev);
	EXPECT_EQ(CDNA_QUEUE_FAULTED, vdev_report(dev, RX).state);
	EXPECT_EQ(CDNA_VFAULT_UNMAPPED, vdev_report(dev, RX).fault);
	EXPECT_EQ(VDEV_SLOTS / 2, vdev_report(dev, RX).index);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
}

TEST_HARNESS_MAIN
