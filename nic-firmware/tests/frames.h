/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames for tests: built and taken apart with code that shares nothing with
 * the firmware's, so that each checks the other. And a random generator.
 */
#ifndef FRAMES_H
#define FRAMES_H

#include "nic.h"

#define FRAME_MAX		70000	/* bytes, a segmentation request too */

/* TCP flags, as in the header */
#define FRAME_FIN		0x01
#define FRAME_SYN		0x02
#define FRAME_RST		0x04
#define FRAME_PSH		0x08
#define FRAME_ACK		0x10
#define FRAME_URG		0x20
#define FRAME_ECE		0x40
#define FRAME_CWR		0x80

/**
 * struct frame_spec - a frame to be built
 * @dst: destination address
 * @src: source address
 * @tagged: has an 802.1Q tag
 * @tci: the tag
 * @tpid: of the tag, 0: 0x8100
 * @ip: 4, 6, or 0: not IP but @ethertype
 * @ethertype: for @ip 0
 * @proto: 6 TCP, 17 UDP, other: payload right after the IP header
 * @saddr: IP address is made from it, 0: a default
 * @daddr: the same
 * @sport: source port, 0: 1000
 * @dport: destination port, 0: 2000
 * @seq: TCP
 * @ack: TCP
 * @tcp_flags: FRAME_*; 0 means FRAME_ACK
 * @window: TCP, 0: 4096
 * @timestamps: TCP timestamp option, with @tsval and @tsecr
 * @tsval: TCP
 * @tsecr: TCP
 * @ip_id: IPv4 identification
 * @ttl: 0 means 64
 * @tos: IPv4 TOS or IPv6 traffic class
 * @frag: IPv4 flags and fragment offset, as in the header
 * @ip_options: bytes of IPv4 options, a multiple of 4
 * @partial: leave the pseudo header's sum in the checksum field, as Linux
 *	does for CHECKSUM_PARTIAL
 * @zero_csum: UDP without checksum
 * @bad_csum: spoil the TCP or UDP checksum
 * @bad_ip_csum: spoil the IPv4 header checksum
 * @fill: seed of the payload's bytes
 * @payload: bytes of payload; made of @fill and the place in it
 * @data: payload to copy instead, or NULL
 * @pad: bytes of Ethernet padding after it all
 */
struct frame_spec {
	u8 dst[6];
	u8 src[6];
	bool tagged;
	u16 tci;
	u16 tpid;
	u8 ip;
	u16 ethertype;
	u8 proto;
	u32 saddr;
	u32 daddr;
	u16 sport;
	u16 dport;
	u32 seq;
	u32 ack;
	u8 tcp_flags;
	u16 window;
	bool timestamps;
	u32 tsval;
	u32 tsecr;
	u16 ip_id;
	u8 ttl;
	u8 tos;
	u16 frag;
	u8 ip_options;
	bool partial;
	bool zero_csum;
	bool bad_csum;
	bool bad_ip_csum;
	u32 fill;
	u32 payload;
	const u8 *data;
	u32 pad;
};

/**
 * struct frame_info - a frame taken apart
 * @l3: offset of the IP header, 0 if none
 * @l4: offset of the TCP or UDP header, 0 if none
 * @payload: offset of the payload
 * @payload_len: bytes of it
 * @tagged: has a tag
 * @tci: the tag
 * @proto: IP protocol
 * @ip: 4, 6 or 0
 * @ip_csum_ok: IPv4 header checksum is right (true for IPv6)
 * @csum_ok: TCP or UDP checksum is right
 * @seq: TCP
 * @ack: TCP
 * @tcp_flags: FRAME_*
 * @ip_id: IPv4
 */
struct frame_info {
	u32 l3;
	u32 l4;
	u32 payload;
	u32 payload_len;
	bool tagged;
	u16 tci;
	u8 proto;
	u8 ip;
	bool ip_csum_ok;
	bool csum_ok;
	u32 seq;
	u32 ack;
	u8 tcp_flags;
	u16 ip_id;
};

u32 frame_build(u8 *frame, const struct frame_spec *spec);
u32 frame_plain(u8 *frame, const u8 *dst, const u8 *src, u32 len, u32 fill);
void frame_parse(const u8 *frame, u32 len, struct frame_info *info);
u16 frame_csum(const u8 *data, u32 len, u32 start);
u16 frame_l4_csum(const u8 *frame, const struct frame_info *info, u32 l4_len);
u8 frame_byte(u32 fill, u32 at);

/* A frame of a kind: give addresses, payload and what differs. */
#define FRAME_TCP4(...) \
	((struct frame_spec){ .ip = 4, .proto = 6, __VA_ARGS__ })
#define FRAME_TCP6(...) \
	((struct frame_spec){ .ip = 6, .proto = 6, __VA_ARGS__ })
#define FRAME_UDP4(...) \
	((struct frame_spec){ .ip = 4, .proto = 17, __VA_ARGS__ })
#define FRAME_UDP6(...) \
	((struct frame_spec){ .ip = 6, .proto = 17, __VA_ARGS__ })

/* Deterministic random numbers (splitmix64) */
struct prng {
	u64 state;
};

u64 prng_seed(struct prng *prng, const char *what);
u64 prng_next(struct prng *prng);
u32 prng_below(struct prng *prng, u32 bound);
void prng_fill(struct prng *prng, void *dst, u32 len);

#endif /* FRAMES_H */
