// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames that the peer's kernel answers, ARP requests and ICMP echo; and what is to be
 * cut into segments.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <string.h>

#include "vdev.h"

static size_t put16(uint8_t *to, size_t at, uint16_t value)
{
	value = htons(value);
	memcpy(to + at, &value, 2);
	return at + 2;
}

static size_t put32(uint8_t *to, size_t at, uint32_t value)
{
	value = htonl(value);
	memcpy(to + at, &value, 4);
	return at + 4;
}

static size_t put_mac(uint8_t *to, size_t at, const uint8_t *mac)
{
	memcpy(to + at, mac, ETH_ALEN);
	return at + ETH_ALEN;
}

size_t frame_arp(const struct vdev *dev, uint8_t *frame, uint32_t target)
{
	static const uint8_t all[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };
	static const uint8_t none[ETH_ALEN];
	size_t at = 0;

	at = put_mac(frame, at, all);
	at = put_mac(frame, at, dev->mac);
	at = put16(frame, at, ETH_P_ARP);
	at = put16(frame, at, 1);
	at = put16(frame, at, ETH_P_IP);
	at = put16(frame, at, 6 << 8 | 4);
	at = put16(frame, at, 1);
	at = put_mac(frame, at, dev->mac);
	at = put32(frame, at, OUR_IP(dev));
	at = put_mac(frame, at, none);
	return put32(frame, at, target);
}

/* The Internet checksum; 0 over data that contains its own correct one */
uint16_t frame_sum(const uint8_t *from, size_t bytes)
{
	uint32_t total = 0;
	size_t i;

	for (i = 0; i + 1 < bytes; i += 2)
		total += from[i] << 8 | from[i + 1];
	if (bytes & 1)
		total += from[bytes - 1] << 8;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total;
}

/* The headers of a segmentation request, whose sums are made with the segments. The
 * payload follows them. Return: their bytes
 */
size_t frame_tcp(const struct vdev *dev, const uint8_t *to, uint8_t *frame,
		 size_t payload)
{
	size_t ip = ETH_HLEN, tcp = ip + 20;

	memset(frame, 0, tcp + 20);
	put_mac(frame, 0, to);
	put_mac(frame, 6, dev->mac);
	put16(frame, 12, ETH_P_IP);
	frame[ip] = 0x45;
	put16(frame, ip + 2, 20 + 20 + payload);
	frame[ip + 8] = 64;
	frame[ip + 9] = 6;
	put32(frame, ip + 12, OUR_IP(dev));
	put32(frame, ip + 16, PEER_IP);
	put16(frame, ip + 10, frame_sum(frame + ip, 20));
	put16(frame, tcp, 0xcd0a);
	put16(frame, tcp + 2, 9);
	/* Five words of header, ACK and PSH: no answer but RST is made to it. */
	put16(frame, tcp + 12, 5 << 12 | 0x18);
	put16(frame, tcp + 14, 1000);
	return tcp + 20;
}

size_t frame_ping(const struct vdev *dev, const uint8_t *peer, uint8_t *frame,
		  uint16_t seq, size_t payload)
{
	size_t ip = ETH_HLEN, icmp = ip + 20, at, i;

	memset(frame, 0, icmp + 8);
	put_mac(frame, 0, peer);
	put_mac(frame, 6, dev->mac);
	put16(frame, 12, ETH_P_IP);

	frame[ip] = 0x45;
	put16(frame, ip + 2, 20 + 8 + payload);
	frame[ip + 8] = 64;
	frame[ip + 9] = 1;
	put32(frame, ip + 12, OUR_IP(dev));
	put32(frame, ip + 16, PEER_IP);
	put16(frame, ip + 10, frame_sum(frame + ip, 20));

	frame[icmp] = 8;
	put16(frame, icmp + 4, 0xcd0a);
	put16(frame, icmp + 6, seq);
	at = icmp + 8;
	for (i = 0; i < payload; i++)
		frame[at++] = i * 7 + seq;
	put16(frame, icmp + 2, frame_sum(frame + icmp, 8 + payload));
	return at;
}

/* An answer to an ARP request, whose sender is at byte 22 */
bool frame_is_arp_reply(const uint8_t *got, size_t len)
{
	return len >= 42 && got[12] == 0x08 && got[13] == 0x06 && got[21] == 2;
}

/* Ask the peer for its address; other frames that arrive are skipped. */
bool vdev_peer_mac(struct vdev *dev, uint8_t *mac)
{
	uint8_t *buf = dev->mem + MEM_TX_BUF;
	struct cdna_rx_completion comp;
	const uint8_t *frame;
	size_t len;

	len = frame_arp(dev, buf, PEER_IP);
	vdev_post_tx(dev, VDEV_IOVA + MEM_TX_BUF, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
	while (vdev_rx_next(dev, &comp, 2000)) {
		frame = vdev_rx_buf(dev, comp.index);
		vdev_repost(dev);
		if (!frame_is_arp_reply(frame, comp.len))
			continue;
		memcpy(mac, frame + 22, ETH_ALEN);
		return true;
	}
	return false;
}

/* An answer to our echo request, with the contents that we sent */
bool frame_is_reply(const uint8_t *got, size_t len, const uint8_t *sent,
		    size_t sent_len)
{
	size_t icmp = ETH_HLEN + 20;

	return len >= sent_len && got[ETH_HLEN + 9] == 1 && got[icmp] == 0 &&
	       !memcmp(got + icmp + 4, sent + icmp + 4, sent_len - icmp - 4);
}

/* One echo through transmit buffer seq % 64, of at most a page */
bool vdev_ping(struct vdev *dev, const uint8_t *peer, uint16_t seq,
	       size_t payload)
{
	size_t at = MEM_TX_BUF + seq % 64 * MEM_BUF;
	struct cdna_rx_completion comp;
	size_t len;
	bool ok;

	len = frame_ping(dev, peer, dev->mem + at, seq, payload);
	vdev_post_tx(dev, VDEV_IOVA + at, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
	while (vdev_rx_next(dev, &comp, 2000)) {
		ok = frame_is_reply(vdev_rx_buf(dev, comp.index), comp.len,
				    dev->mem + at, len);
		vdev_repost(dev);
		if (ok)
			return true;
	}
	return false;
}
