// SPDX-License-Identifier: GPL-2.0-only
#include <sys/types.h>

#include "give_ping.h"

static bool receive(struct vdev *dev, const uint8_t *sent, size_t len)
{
	struct cdna_rx_completion comp;
	const uint8_t *got;
	bool ok = false;

	while (!ok && vdev_rx_next(dev, &comp, 2000)) {
		got = vdev_rx_buf(dev, comp.index);
		ok = sent ? frame_is_reply(got, comp.len, sent, len) :
			    frame_is_arp_reply(got, comp.len);
		vdev_repost(dev);
	}
	return ok && vdev_tx_done(dev, 2000);
}

static void send(struct vdev *dev, uint64_t iova, size_t len)
{
	vdev_post_tx(dev, iova, len, CDNA_DESC_EOP);
	vdev_trap(dev);
	vdev_ring(dev);
}

bool give_arp_from(struct vdev *dev, uint8_t *page, uint64_t iova)
{
	send(dev, iova, frame_arp(dev, page, PEER_IP));
	return receive(dev, NULL, 0);
}

bool give_ping_from(struct vdev *dev, const uint8_t *peer, uint8_t *page,
		    uint64_t iova, uint16_t seq)
{
	size_t len = frame_ping(dev, peer, page, seq, 500);

	send(dev, iova, len);
	return receive(dev, page, len);
}
