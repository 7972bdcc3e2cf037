/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NICD_WIRE_MERGE_H
#define NICD_WIRE_MERGE_H

#include <linux/virtio_net.h>
#include <sys/uio.h>

#include "core/base/packet.h"

#define WIRE_MERGE_FRAME	(FW_ETH_HLEN + 9216)	/* the largest taken */
#define WIRE_MERGE_BYTES	(FW_ETH_HLEN + 65535)	/* the most that IP can say */

/**
 * struct wire_merge - consecutive segments of a TCP stream, held as one
 * @vnet: what describes them to the kernel
 * @frame: headers of the first, payload of all
 * @len: bytes of these, 0: nothing is held
 * @pkt: where the headers are
 * @segs: how many segments
 * @mss: bytes of payload of each but the last
 * @next: sequence number that follows
 * @same_id: all have the same IPv4 identification, else one after another
 * @closed: the last one ends it
 * @in: a frame that is looked at
 */
struct wire_merge {
	struct virtio_net_hdr vnet;
	u8 frame[WIRE_MERGE_BYTES];
	u32 len;
	struct fw_packet pkt;
	u32 segs;
	u32 mss;
	u32 next;
	bool same_id;
	bool closed;
	u8 in[WIRE_MERGE_FRAME];
};

bool wire_merge_add(struct wire_merge *m, const struct iovec *iov, u32 count);
void wire_merge_take(struct wire_merge *m, struct iovec iov[2]);

#endif /* NICD_WIRE_MERGE_H */
