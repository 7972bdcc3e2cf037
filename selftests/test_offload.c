// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second descriptor format, 32 bytes with offload fields: checksums that
 * the NIC fills in, segments that it cuts, compared at the other end.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <string.h>

#include "kselftest_harness.h"
#include "vdev.h"

#define TX		CDNA_VQUEUE(0, CDNA_DIR_TX)
#define RX		CDNA_VQUEUE(0, CDNA_DIR_RX)
#define OFFLOADS	(CDNA_OFFLOAD_TX_CSUM | CDNA_OFFLOAD_TSO4 | \
			 CDNA_OFFLOAD_SG)
#define IP_AT		ETH_HLEN
#define L4_AT		(ETH_HLEN + sizeof(struct iphdr))
#define CLOSED_PORT	9	/* of the peer; it answers with errors */
#define MSS		1000
#define FIRST_SEQ	0xfffff000u	/* wraps on the way */
#define BIG		(24 * 1024)	/* in six pieces and a bit */

FIXTURE(offload) {
	struct vdev dev;
	struct vdev other;
	uint8_t peer[6];
};

/* Queue pair 0 with transmit descriptors of 32 bytes */
static uint32_t start(struct vdev *dev)
{
	uint32_t ret = vdev_start(dev);

	if (ret)
		return ret;
	vdev_write(dev, CDNA_VREG_ARG_QUEUE, TX);
	ret = vdev_command(dev, CDNA_VCMD_QUEUE_DESTROY);
	if (ret)
		return ret;
	return vdev_queue_as(dev, TX, VDEV_SLOTS, CDNA_FORMAT_OFFLOAD,
			     OFFLOADS);
}

static void post(struct vdev *dev, struct cdna_desc_offload desc)
{
	struct cdna_desc_offload *ring = (void *)(dev->mem + MEM_TX_RING);
	struct cdna_tail_page *tails = (void *)(dev->mem + MEM_TAILS);

	ring[dev->tx_prod++ % VDEV_SLOTS] = desc;
	__atomic_store_n(&tails->tail[TX], dev->tx_prod, __ATOMIC_RELEASE);
}

/* The frame at MEM_TX_BUF, in descriptors of a page at most */
static void send_frame(struct vdev *dev, size_t len,
		       struct cdna_desc_offload first)
{
	size_t at, piece;

	for (at = 0; at < len; at += piece) {
		struct cdna_desc_offload desc = { 0 };

		piece = len - at < 4096 ? len - at : 4096;
		if (!at)
			desc = first;
		desc.addr = VDEV_IOVA + MEM_TX_BUF + at;
		desc.len = piece;
		if (at + piece == len)
			desc.flags |= CDNA_DESC_EOP;
		post(dev, desc);
	}
	vdev_trap(dev);
	vdev_ring(dev);
}

FIXTURE_SETUP(offload)
{
	ASSERT_EQ(0, vdev_new(&self->dev, 0xa0));
	ASSERT_EQ(0, vdev_new(&self->other, 0xa1));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->other));
	ASSERT_EQ(CDNA_VRES_OK, vdev_start(&self->dev));
	ASSERT_TRUE(vdev_peer_mac(&self->dev, self->peer));
	ASSERT_EQ(CDNA_VRES_OK, vdev_command(&self->dev, CDNA_VCMD_RESET));
	ASSERT_EQ(CDNA_VRES_OK, start(&self->dev));
}

FIXTURE_TEARDOWN(offload)
{
	EXPECT_EQ(0, vdev_delete(&self->dev));
	EXPECT_EQ(0, vdev_delete(&self->other));
}

/* The sum of the pseudo header */
static uint16_t pseudo(const struct iphdr *ip, size_t bytes)
{
	struct {
		uint32_t saddr, daddr;
		uint8_t zero, protocol;
		uint16_t len;
	} head = { ip->saddr, ip->daddr, 0, ip->protocol, htons(bytes) };

	return ~frame_sum((uint8_t *)&head, sizeof(head));
}

/* Whether the sum of a segment, with its pseudo header, is correct */
static bool sum_is_right(const struct iphdr *ip, const void *l4, size_t bytes)
{
	uint32_t sum = pseudo(ip, bytes) + (uint16_t)~frame_sum(l4, bytes);

	return (uint16_t)((sum & 0xffff) + (sum >> 16)) == 0xffff;
}

/* Ethernet and IP headers before @l4_bytes; the IP checksum is correct. */
static struct iphdr *head(struct vdev *dev, const uint8_t *to, uint8_t protocol,
			  size_t l4_bytes)
{
	uint8_t *frame = dev->mem + MEM_TX_BUF;
	struct iphdr *ip = (void *)(frame + IP_AT);

	memcpy(frame, to, ETH_ALEN);
	memcpy(frame + ETH_ALEN, dev->mac, ETH_ALEN);
	frame[12] = ETH_P_IP >> 8;
	frame[13] = ETH_P_IP & 0xff;
	*ip = (struct iphdr) {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = protocol,
		.tot_len = htons(sizeof(*ip) + l4_bytes),
		.id = htons(0x1234), .frag_off = htons(0x4000),
		.saddr = htonl(OUR_IP(dev)), .daddr = htonl(PEER_IP),
	};
	ip->check = htons(frame_sum((uint8_t *)ip, sizeof(*ip)));
	return ip;
}

static uint8_t payload_byte(size_t at)
{
	return at * 31 + (at >> 8) * 7 + 5;
}

static void fill(uint8_t *to, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		to[i] = payload_byte(i);
}

/* A datagram to a port where nobody listens. Return: its bytes */
static size_t make_udp(struct vdev *dev, const uint8_t *to, size_t bytes)
{
	size_t l4_bytes = sizeof(struct udphdr) + bytes;
	struct iphdr *ip = head(dev, to, IPPROTO_UDP, l4_bytes);
	struct udphdr *udp = (void *)(ip + 1);

	*udp = (struct udphdr) {
		.source = htons(0xcd0a), .dest = htons(CLOSED_PORT),
		.len = htons(l4_bytes),
		.check = htons(pseudo(ip, l4_bytes)),
	};
	fill((uint8_t *)(udp + 1), bytes);
	return L4_AT + l4_bytes;
}

static const struct cdna_desc_offload udp_csum = {
	.flags = CDNA_DESC_CSUM, .csum_start = L4_AT,
	.csum_offset = offsetof(struct udphdr, check),
};

/* The datagram as the peer received it, quoted in its ICMP error: there is no
 * listener. Its kernel sends one only if the checksum is correct.
 */
static bool peer_quotes(struct vdev *dev, size_t len, uint8_t *quoted)
{
	struct cdna_rx_completion comp;
	const uint8_t *frame;
	bool ours;

	while (vdev_rx_next(dev, &comp, 2000)) {
		frame = vdev_rx_buf(dev, comp.index);
		ours = comp.len >= L4_AT + 8 + len - ETH_HLEN &&
		       frame[IP_AT + 9] == IPPROTO_ICMP && frame[L4_AT] == 3 &&
		       frame[L4_AT + 1] == 3;
		if (ours)
			memcpy(quoted, frame + L4_AT + 8, len - ETH_HLEN);
		vdev_repost(dev);
		if (ours)
			return true;
	}
	return false;
}

TEST_F(offload, checksum_is_filled_in)
{
	struct vdev *dev = &self->dev;
	uint8_t *sent = dev->mem + MEM_TX_BUF, got[1024];
	size_t len = make_udp(dev, self->peer, 301);
	uint16_t partial;

	memcpy(&partial, sent + L4_AT + 6, 2);
	send_frame(dev, len, udp_csum);
	ASSERT_TRUE(peer_quotes(dev, len, got));
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
	/* As it was sent, except for the checksum */
	EXPECT_EQ(0, memcmp(got, sent + IP_AT, 20));
	EXPECT_EQ(0, memcmp(got + 20, sent + L4_AT, 6));
	EXPECT_NE(0, memcmp(got + 26, &partial, 2));
	EXPECT_EQ(0, memcmp(got + 28, sent + L4_AT + 8, 301));
	EXPECT_TRUE(sum_is_right((void *)got, got + 20, 309));
}

/* The same frame, with a wrong checksum that the NIC is not asked to fill in:
 * the peer drops it. So the test above can fail.
 */
TEST_F(offload, checksum_is_not_asked_for)
{
	static const struct cdna_desc_offload nothing;
	struct vdev *dev = &self->dev;
	size_t len = make_udp(dev, self->peer, 301);
	uint8_t got[1024];

	send_frame(dev, len, nothing);
	ASSERT_TRUE(vdev_tx_done(dev, 2000));
	EXPECT_FALSE(peer_quotes(dev, len, got));
}

/* The peer's machine also sends requests of its own, to anybody. */
static bool is_between(const uint8_t *frame, const struct vdev *from,
		       const struct vdev *to)
{
	return !memcmp(frame, to->mac, ETH_ALEN) &&
	       !memcmp(frame + ETH_ALEN, from->mac, ETH_ALEN);
}

/* Data of a connection that does not exist, all of it in one request. Without
 * an ACK flag, the answer to each segment shows where the segment ended.
 */
static size_t make_tcp(struct vdev *dev, const uint8_t *to, size_t bytes)
{
	size_t l4_bytes = sizeof(struct tcphdr) + bytes;
	struct iphdr *ip = head(dev, to, IPPROTO_TCP, l4_bytes);
	struct tcphdr *tcp = (void *)(ip + 1);

	*tcp = (struct tcphdr) {
		.source = htons(0xcd0a), .dest = htons(CLOSED_PORT),
		.seq = htonl(FIRST_SEQ), .doff = 5, .psh = 1,
		.window = htons(1000),
	};
	/* As Linux leaves it: without the length, which differs by segment */
	tcp->check = htons(pseudo(ip, 0));
	fill((uint8_t *)(tcp + 1), bytes);
	return L4_AT + l4_bytes;
}

static const struct cdna_desc_offload tcp_tso = {
	.flags = CDNA_DESC_TSO | CDNA_DESC_CSUM, .csum_start = L4_AT,
	.csum_offset = offsetof(struct tcphdr, check), .mss = MSS,
};

/* The peer's kernel answers only segments whose checksums are correct. */
TEST_F(offload, peer_gets_every_segment)
{
	size_t segments = (BIG + MSS - 1) / MSS, seen = 0, end;
	struct vdev *dev = &self->dev;
	struct cdna_rx_completion comp;
	const struct tcphdr *tcp;
	const uint8_t *frame;

	send_frame(dev, make_tcp(dev, self->peer, BIG), tcp_tso);
	while (seen < segments && vdev_rx_next(dev, &comp, 2000)) {
		frame = vdev_rx_buf(dev, comp.index);
		tcp = (void *)(frame + L4_AT);
		if (frame[IP_AT + 9] == IPPROTO_TCP) {
			seen++;
			end = seen * MSS < BIG ? seen * MSS : BIG;
			EXPECT_TRUE(tcp->rst && tcp->ack);
			EXPECT_EQ(FIRST_SEQ + (uint32_t)end,
				  ntohl(tcp->ack_seq));
		}
		vdev_repost(dev);
	}
	EXPECT_EQ(segments, seen);
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
}

/* One segment as the other context received it: headers, checksums, contents */
static void expect_segment(struct __test_metadata *_metadata,
			   const uint8_t *frame, size_t len, size_t at)
{
	size_t bytes = BIG - at < MSS ? BIG - at : MSS, i, wrong = 0;
	const struct iphdr *ip = (const void *)(frame + IP_AT);
	const struct tcphdr *tcp = (const void *)(frame + L4_AT);
	const uint8_t *data = (const void *)(tcp + 1);
	size_t l4_bytes = sizeof(*tcp) + bytes;

	ASSERT_EQ(L4_AT + l4_bytes, len);
	EXPECT_EQ(0, frame_sum((const uint8_t *)ip, sizeof(*ip)));
	EXPECT_EQ(sizeof(*ip) + l4_bytes, ntohs(ip->tot_len));
	EXPECT_EQ(0x1234 + at / MSS, ntohs(ip->id));
	EXPECT_EQ(FIRST_SEQ + (uint32_t)at, ntohl(tcp->seq));
	EXPECT_EQ(at + bytes == BIG, !!tcp->psh);
	EXPECT_TRUE(sum_is_right(ip, tcp, l4_bytes));
	for (i = 0; i < bytes; i++)
		wrong += data[i] != payload_byte(at + i);
	EXPECT_EQ(0, wrong);
}

TEST_F(offload, segments_are_right)
{
	struct vdev *dev = &self->dev, *other = &self->other;
	struct cdna_rx_completion comp;
	const uint8_t *frame;
	size_t at = 0;

	send_frame(dev, make_tcp(dev, other->mac, BIG), tcp_tso);
	while (at < BIG && vdev_rx_next(other, &comp, 2000)) {
		frame = vdev_rx_buf(other, comp.index);
		if (is_between(frame, dev, other)) {
			expect_segment(_metadata, frame, comp.len, at);
			at += MSS;
		}
		vdev_repost(other);
	}
	EXPECT_LE(BIG, at);
	ASSERT_TRUE(vdev_tx_done(dev, 2000));
	EXPECT_EQ(CDNA_QUEUE_RUNNING, vdev_report(dev, TX).state);
}

/* 32-byte descriptors are validated as 16-byte ones are. */
TEST_F(offload, bad_descriptors_are_refused)
{
	static const struct {
		struct cdna_desc_offload desc;
		uint32_t fault;
	} bad[] = {
		{ { .addr = VDEV_IOVA, .len = 0, .flags = CDNA_DESC_EOP },
		  CDNA_VFAULT_LENGTH },
		{ { .addr = VDEV_IOVA + 4000, .len = 97 },
		  CDNA_VFAULT_CROSSING },
		{ { .addr = VDEV_IOVA, .len = 64, .flags = 0x8000 },
		  CDNA_VFAULT_FLAGS },
		{ { .addr = 0x7000000000, .len = 64 }, CDNA_VFAULT_UNMAPPED },
	};
	struct vdev *dev = &self->dev;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ASSERT_EQ(CDNA_VRES_OK, vdev_command(dev, CDNA_VCMD_RESET));
		ASSERT_EQ(CDNA_VRES_OK, start(dev));
		post(dev, bad[i].desc);
		vdev_trap(dev);
		EXPECT_EQ(CDNA_QUEUE_FAULTED, vdev_report(dev, TX).state);
		EXPECT_EQ(bad[i].fault, vdev_report(dev, TX).fault);
		EXPECT_EQ(0, vdev_report(dev, TX).accepted);
	}
}

/* A stale 32-byte descriptor is found by its 32-bit sequence number (I4). */
TEST_F(offload, stale_descriptor)
{
	static const uint8_t nobody[6] = { 0x02, 0xcd, 0xa0, 0xff, 0xff, 0xff };
	struct vdev *dev = &self->dev;
	struct cdna_vdev_report report;
	size_t len = make_udp(dev, nobody, 100);
	int i;

	if (vdev_is_soft())
		SKIP(return, "only the trap rings mailboxes");
	for (i = 0; i < VDEV_SLOTS + 10; i++) {
		send_frame(dev, len, udp_csum);
		ASSERT_TRUE(vdev_tx_done(dev, 2000));
	}
	dev->mbox[CDNA_MBOX(0, CDNA_MBOX_TX_PROD)] = dev->tx_prod + 1;
	EXPECT_EQ(CDNA_QUEUE_FAULTED,
		  vdev_wait_state(dev, TX, CDNA_QUEUE_FAULTED, 2000));
	report = vdev_report(dev, TX);
	EXPECT_EQ(CDNA_FAULT_SEQUENCE, report.fault);
	EXPECT_EQ(report.expected - VDEV_SLOTS, report.seen);
}

/* Segmentation is refused if the queue was created without it. */
TEST_F(offload, queue_without_offloads)
{
	struct vdev *dev = &self->dev;
	struct cdna_rx_completion comp;
	int seen = 0;

	ASSERT_EQ(CDNA_VRES_OK, vdev_remake_tx(dev, CDNA_FORMAT_OFFLOAD,
					       CDNA_OFFLOAD_SG));
	send_frame(dev, make_tcp(dev, self->other.mac, BIG), tcp_tso);
	vdev_tx_done(dev, 1000);
	while (vdev_rx_next(&self->other, &comp, 200))
		seen += is_between(vdev_rx_buf(&self->other, comp.index), dev,
				   &self->other);
	EXPECT_EQ(0, seen);
}

TEST_HARNESS_MAIN
