// SPDX-License-Identifier: GPL-2.0-only
/*
 * A context in a process of its own, which exchanges frames with the peer and
 * compares every byte while others are hostile. So does it with its memory.
 */
#include <linux/if_ether.h>
#include <stdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "hostile.h"

#define QUIET		0x280000	/* memory that nothing uses, to the end */
#define ANSWER_MS	10000
#define ICMP		(ETH_HLEN + 20)

static uint8_t quiet_byte(size_t at)
{
	return at * 31 + (at >> 8);
}

static void quiet_fill(struct vdev *dev)
{
	size_t at;

	for (at = QUIET; at < VDEV_MEMORY; at++)
		dev->mem[at] = quiet_byte(at);
}

static bool quiet_is_intact(const struct vdev *dev)
{
	size_t at;

	for (at = QUIET; at < VDEV_MEMORY; at++)
		if (dev->mem[at] != quiet_byte(at))
			return false;
	return true;
}

/* A reply to this request, right or wrong; requests differ in number and length. */
static bool is_reply(const uint8_t *got, size_t len, const uint8_t *sent)
{
	return len >= ICMP + 8 && got[12] == 8 && !got[13] &&
	       got[ETH_HLEN + 9] == 1 && !got[ICMP] &&
	       !memcmp(got + ICMP + 4, sent + ICMP + 4, 4);
}

static bool is_right(const uint8_t *got, size_t len, const uint8_t *sent,
		     size_t sent_len)
{
	return len >= sent_len && !memcmp(got + ICMP + 4, sent + ICMP + 4,
					  sent_len - ICMP - 4);
}

static void exchange(struct vdev *dev, struct victim *victim,
		     const uint8_t *peer, uint16_t seq)
{
	size_t at = MEM_TX_BUF + seq % 64 * MEM_BUF, len;
	struct cdna_rx_completion comp;
	bool done = false;
	const uint8_t *got;

	len = frame_ping(dev, peer, dev->mem + at, seq, seq * 37 % 1472);
	vdev_post_tx(dev, dev->iova + at, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
	victim->sent++;
	while (!done && vdev_rx_next(dev, &comp, ANSWER_MS)) {
		got = vdev_rx_buf(dev, comp.index);
		done = is_reply(got, comp.len, dev->mem + at);
		if (done && is_right(got, comp.len, dev->mem + at, len))
			victim->answered++;
		else if (done)
			victim->wrong++;
		vdev_repost(dev);
		vdev_trap(dev);
		vdev_ring(dev);
	}
}

/* The process. It ends when it sees @stop in what is shared. */
void hostile_victim(struct victim *victim)
{
	struct vdev dev;
	uint8_t peer[6];
	uint16_t seq;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	victim->failed = vdev_new(&dev, HOSTILE_VICTIM_UUID) ||
			 vdev_start(&dev) || !vdev_peer_mac(&dev, peer) ||
			 vdev_attr(dev.uuid, "mac_address", victim->mac,
				   sizeof(victim->mac));
	if (!victim->failed)
		quiet_fill(&dev);
	__atomic_store_n(&victim->ready, 1, __ATOMIC_RELEASE);
	if (victim->failed)
		_exit(1);
	for (seq = 0; !__atomic_load_n(&victim->stop, __ATOMIC_ACQUIRE); seq++)
		exchange(&dev, victim, peer, seq);
	if (!quiet_is_intact(&dev))
		victim->wrong++;
	if (vdev_stat(dev.uuid, "faults"))
		victim->wrong++;
	_exit(vdev_delete(&dev) ? 1 : 0);
}
