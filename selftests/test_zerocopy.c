// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that the host sends from the guest's own pages: nothing is copied, and pages
 * that are still in use are nobody else's, however long the host keeps a frame
 * (I9). The payload is in a huge page, whose release the kernel shows.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "plug.h"
#include "vdev.h"

#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define RX		CDNA_VQUEUE(0, CDNA_DIR_RX)
#define OFFLOADS	(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 | \
			 CDNA_OFFLOAD_SG)
#define HUGE_IOVA	0x200000000ull
#define HUGE_BYTES	(2 << 20)
#define WIRE		"cdna-plug"	/* the interface between bridge and peer */
#define MSS		1000
#define BIG		(24 * 1024)
#define HEADERS		54
#define SOON_US		1000000	/* the host is given 50 ms; machines are slow */

FIXTURE(zerocopy) {
	struct vdev dev;
	struct vdev other;
	uint8_t *huge;
	long huge_free;
	uint8_t peer[6];
};

/* Huge pages that nobody has */
static long huge_free(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	char line[128];
	long n = -1;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "HugePages_Free: %ld", &n);
	if (file)
		fclose(file);
	return n;
}

/* Poll until it is so many, for at most 5 s. Return: how many it is then */
static long huge_free_reaches(long n)
{
	int left = 5000;

	while (huge_free() != n && left-- > 0)
		usleep(1000);
	return huge_free();
}

static uint8_t payload_byte(size_t at)
{
	return at * 31 + (at >> 8) * 7 + 5;
}

static void post(struct vdev *dev, struct cdna_desc_offload desc)
{
	struct cdna_desc_offload *ring = (void *)(dev->mem + MEM_TX_RING);
	struct cdna_tail_page *tails = (void *)(dev->mem + MEM_TAILS);

	ring[dev->tx_prod++ % VDEV_SLOTS] = desc;
	__atomic_store_n(&tails->tail[TX], dev->tx_prod, __ATOMIC_RELEASE);
}

/* A segmentation request, at the start of memory at @iova */
static void send_from(struct vdev *dev, uint8_t *memory, uint64_t iova,
		      const uint8_t *to, size_t bytes)
{
	size_t len = frame_tcp(dev, to, memory, bytes) + bytes, at, piece;

	for (at = 0; at < bytes; at++)
		memory[HEADERS + at] = payload_byte(at);
	for (at = 0; at < len; at += piece) {
		struct cdna_desc_offload desc = { .addr = iova + at };

		piece = len - at < 4096 ? len - at : 4096;
		desc.len = piece;
		if (!at) {
			desc.flags = CDNA_DESC_TSO | CDNA_DESC_CSUM;
			desc.csum_start = 34;
			desc.csum_offset = 16;
			desc.mss = MSS;
		}
		if (at + piece == len)
			desc.flags |= CDNA_DESC_EOP;
		post(dev, desc);
	}
	vdev_trap(dev);
}

FIXTURE_SETUP(zerocopy)
{
	if (!vdev_is_soft())
		SKIP(return, "a NIC reads the guest's pages itself");
	ASSERT_EQ(0, vdev_new(&self->dev, 0xb0));
	ASSERT_EQ(0, vdev_new(&self->other, 0xb1));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
	ASSERT_EQ(CDNA_VRES_OK, vdev_remake_tx(&self->dev, CDNA_FORMAT_OFFLOAD,
					       OFFLOADS));
	ASSERT_EQ(0, system("echo 4 >/proc/sys/vm/nr_hugepages"));
	self->huge_free = huge_free();
	ASSERT_LT(0, self->huge_free);
	self->huge = mmap(NULL, HUGE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	ASSERT_NE(MAP_FAILED, self->huge);
	ASSERT_EQ(0, vdev_map(&self->dev, self->huge, HUGE_IOVA, HUGE_BYTES,
			      3));
}

FIXTURE_TEARDOWN(zerocopy)
{
	plug_remove(WIRE);
	EXPECT_EQ(0, vdev_delete(&self->dev));
	EXPECT_EQ(0, vdev_delete(&self->other));
	munmap(self->huge, HUGE_BYTES);
	EXPECT_EQ(self->huge_free, huge_free_reaches(self->huge_free));
	system("echo 0 >/proc/sys/vm/nr_hugepages");
}

/* A frame as the other context received it, in several buffers */
static size_t receive(struct vdev *dev, const struct vdev *from, uint8_t *to,
		      size_t room)
{
	struct cdna_rx_completion comp;
	size_t len = 0;

	while (len < room && vdev_rx_next(dev, &comp, 2000)) {
		const uint8_t *part = vdev_rx_buf(dev, comp.index);

		if (comp.flags & CDNA_RX_FIRST)
			len = 0;
		memcpy(to + len, part, comp.len);
		len += comp.len;
		vdev_repost(dev);
		if (comp.flags & CDNA_RX_LAST &&
		    !memcmp(to + ETH_ALEN, from->mac, ETH_ALEN))
			return len;
	}
	return 0;
}

static size_t wrong_bytes(const uint8_t *data, size_t at, size_t bytes)
{
	size_t wrong = 0, i;

	for (i = 0; i < bytes; i++)
		wrong += data[i] != payload_byte(at + i);
	return wrong;
}

/* From one guest to another that takes merged frames, only the latter's memory is
 * written.
 */
TEST_F(zerocopy, nothing_is_copied)
{
	struct vdev *dev = &self->dev, *other = &self->other;
	static uint8_t got[BIG + HEADERS + MEM_BUF];
	uint8_t mac[ETH_ALEN];
	int i;

	ASSERT_EQ(CDNA_VRES_OK, vdev_command(other, CDNA_VCMD_RESET));
	other->tx_prod = 0;
	other->rx_prod = 0;
	other->rx_seen = 0;
	ASSERT_EQ(CDNA_VRES_OK, vdev_activate(other));
	ASSERT_EQ(CDNA_VRES_OK, vdev_queue_as(other, RX, VDEV_SLOTS,
					      CDNA_FORMAT_COMPACT,
					      CDNA_OFFLOAD_RX_CSUM |
					      CDNA_OFFLOAD_LRO));
	ASSERT_EQ(CDNA_VRES_OK, vdev_queue(other, 0, CDNA_DIR_TX, VDEV_SLOTS));
	for (i = 0; i < VDEV_SLOTS / 2; i++)
		vdev_repost(other);
	vdev_trap(other);
	/* The bridge learns where it is, or it would send copies everywhere. */
	ASSERT_TRUE(vdev_peer_mac(other, mac));

	send_from(dev, self->huge, HUGE_IOVA, other->mac, BIG);
	ASSERT_EQ(BIG + HEADERS, receive(other, dev, got, BIG + HEADERS));
	EXPECT_EQ(0, wrong_bytes(got + HEADERS, 0, BIG));
	ASSERT_TRUE(vdev_tx_done(dev, 2000));
	EXPECT_EQ(1, vdev_port_stat(dev, "tx_zerocopy"));
	EXPECT_EQ(0, vdev_port_stat(dev, "tx_zerocopy_copied"));
	EXPECT_EQ(0, vdev_port_stat(dev, "tx_zerocopy_held_bytes"));

	/* A short one is copied at less cost. */
	send_from(dev, self->huge, HUGE_IOVA, other->mac, 4000);
	EXPECT_EQ(4000 + HEADERS, receive(other, dev, got, BIG));
	EXPECT_EQ(1, vdev_port_stat(dev, "tx_zerocopy"));
}

/* All segments that leave for the wire, when the host lets them. Return: payload */
static size_t leave(int packets, size_t *wrong)
{
	static uint8_t frame[2048];
	struct sockaddr_ll from;
	socklen_t size = sizeof(from);
	size_t at = 0;
	ssize_t len;

	*wrong = 0;
	while (at < BIG) {
		len = recvfrom(packets, frame, sizeof(frame), 0, (void *)&from,
			       &size);
		if (len < 0)
			break;
		if (from.sll_pkttype != PACKET_OUTGOING || len < HEADERS ||
		    frame[23] != IPPROTO_TCP)
			continue;
		*wrong += wrong_bytes(frame + HEADERS, at, len - HEADERS);
		at += len - HEADERS;
	}
	return at;
}

static int listen_to_wire(void)
{
	const struct timeval wait = { .tv_sec = 5 };
	struct sockaddr_ll where = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(WIRE),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	return bind(fd, (void *)&where, sizeof(where)) ? -1 : fd;
}

/* The machine dies while the host keeps a frame of it, and its memory is freed.
 * What is sent later is what the guest had in it.
 */
TEST_F(zerocopy, held_pages_outlive_the_device)
{
	struct vdev *dev = &self->dev;
	char uuid[40];
	size_t wrong;
	int packets;
	long began;

	ASSERT_EQ(0, plug_hold(WIRE));
	send_from(dev, self->huge, HUGE_IOVA, self->peer, BIG);
	EXPECT_EQ(0, vdev_status(dev)->tx_cons);
	EXPECT_LT(0, vdev_port_stat(dev, "tx_zerocopy_held_bytes"));

	began = vdev_now_us();
	EXPECT_EQ(0, vdev_unmap(dev, HUGE_IOVA, HUGE_BYTES));
	EXPECT_GT(SOON_US, vdev_now_us() - began);
	EXPECT_EQ(CDNA_VFAULT_WITHDRAWN, vdev_report(dev, TX).fault);
	began = vdev_now_us();
	vdev_close(dev);
	EXPECT_GT(SOON_US, vdev_now_us() - began);
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	munmap(self->huge, HUGE_BYTES);
	EXPECT_EQ(self->huge_free - 1, huge_free());

	packets = listen_to_wire();
	ASSERT_LE(0, packets);
	EXPECT_EQ(0, plug_release(WIRE));
	EXPECT_EQ(BIG, leave(packets, &wrong));
	EXPECT_EQ(0, wrong);
	close(packets);
	EXPECT_EQ(self->huge_free, huge_free_reaches(self->huge_free));
	EXPECT_EQ(0, vdev_port_stat(dev, "tx_zerocopy_held_bytes"));
	vdev_uuid(uuid, 0xb0);
	ASSERT_EQ(0, vdev_open(dev, uuid));
}

/* As above, without a warning, and the host drops the frame. */
TEST_F(zerocopy, closed_while_held)
{
	struct vdev *dev = &self->dev;
	char uuid[40];
	long began;

	ASSERT_EQ(0, plug_hold(WIRE));
	send_from(dev, self->huge, HUGE_IOVA, self->peer, BIG);
	began = vdev_now_us();
	vdev_close(dev);
	EXPECT_GT(SOON_US, vdev_now_us() - began);
	EXPECT_EQ(0, vdev_stat(dev->uuid, "pins_now"));
	munmap(self->huge, HUGE_BYTES);
	EXPECT_EQ(self->huge_free - 1, huge_free());
	EXPECT_EQ(0, plug_remove(WIRE));
	EXPECT_EQ(self->huge_free, huge_free_reaches(self->huge_free));
	vdev_uuid(uuid, 0xb0);
	ASSERT_EQ(0, vdev_open(dev, uuid));
}

/* What a guest can have kept is bounded: its next frames are copied. */
TEST_F(zerocopy, others_are_copied_meanwhile)
{
	struct vdev *dev = &self->dev;

	ASSERT_EQ(0, plug_hold(WIRE));
	send_from(dev, self->huge, HUGE_IOVA, self->peer, BIG);
	/* The host has not sent what was posted. */
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, TX);
	EXPECT_EQ(CDNA_VRES_NIC, vdev_command(dev, CDNA_VCMD_QUEUE_DRAIN));
	ASSERT_EQ(CDNA_VRES_OK, vdev_remake_tx(dev, CDNA_FORMAT_OFFLOAD,
					       OFFLOADS));
	send_from(dev, dev->mem + MEM_TX_BUF, VDEV_IOVA + MEM_TX_BUF,
		  self->peer, BIG);
	EXPECT_TRUE(vdev_tx_done(dev, 2000));
	EXPECT_EQ(1, vdev_port_stat(dev, "tx_zerocopy"));
	EXPECT_EQ(1, vdev_port_stat(dev, "tx_zerocopy_refused"));

	EXPECT_EQ(0, plug_remove(WIRE));
	EXPECT_EQ(0, vdev_port_stat(dev, "tx_zerocopy_held_bytes"));
	send_from(dev, dev->mem + MEM_TX_BUF, VDEV_IOVA + MEM_TX_BUF,
		  self->peer, BIG);
	EXPECT_TRUE(vdev_tx_done(dev, 2000));
	EXPECT_EQ(2, vdev_port_stat(dev, "tx_zerocopy"));
	EXPECT_EQ(1, vdev_port_stat(dev, "tx_zerocopy_refused"));
}

TEST_HARNESS_MAIN
