/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What work of the core costs, beside the bytes of frames.
 *
 * A unit is the time that one byte of a frame takes: copied from memory, and copied
 * to the wire or to memory again. So these are ratios, which differ less from one
 * processor to another than times do. They are what "make bench-firmware" measures
 * on x86-64 (nic-firmware/bench/bench_work.c), rounded; it prints both. With
 * t(kind) for the time of a frame of that kind, sent alone:
 *
 *	byte	(t(1514 bytes) - t(60 bytes)) / 1454
 *	DESC	(t(60 bytes in 20 descriptors) - t(60 bytes in one)) / 19
 *	FRAME	t(60 bytes) - 60 bytes - DESC
 *	SEGMENT	t(a segment with one byte of payload) - t(60 bytes) + DESC
 *	COPY	(t(broadcast to 31) - t(broadcast to 3)) / 28 - 60 bytes
 *	COMMAND	(a step with 8 SET_FILTER - one without) / 8
 *	RSS	fw_rss_set(), which that does not measure
 *
 * They need not be exact: what they are for is that no frame is much cheaper than
 * it is for the core (I8).
 */
#ifndef FW_WORK_H
#define FW_WORK_H

#define FW_WORK_FRAME		1900	/* a frame taken from a ring */
#define FW_WORK_DESC		400	/* each of its descriptors */
#define FW_WORK_SEGMENT		1100	/* a segment, on top of a frame */
#define FW_WORK_COPY		3000	/* a frame delivered to a context */
#define FW_WORK_COMMAND		2500	/* an admin command about a context */
#define FW_WORK_RSS		40000	/* CTX_RSS, on top of that: a key is expanded */

/* The most that is owed: about 1000 frames received, 256 turns */
#define FW_WORK_MAX		(4u << 20)

#endif /* FW_WORK_H */
