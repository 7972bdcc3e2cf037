/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flows to a card with several queue pairs: frames of another context, each with a source
 * port of its own, and which pair of a virtio card gets them.
 */
#ifndef SELFTEST_VIRTIO_FLOWS_H
#define SELFTEST_VIRTIO_FLOWS_H

#include <linux/if_ether.h>

#include "virtio.h"

#define FLOWS_BUFFERS		32	/* that each pair has posted */
#define FLOWS_BATCH		16	/* frames that are sent at a time, each a flow */
#define FLOWS_NUMBER_AT		(ETH_HLEN + 40)	/* of its number, which is the payload */
#define FLOWS_PAYLOAD		10
#define FLOWS_FRAME_BYTES	(FLOWS_NUMBER_AT + FLOWS_PAYLOAD)

/**
 * struct flows - frames of ours that were received
 * @pair: by each queue pair
 * @all: by all of them
 * @first: the lowest number that counts
 */
struct flows {
	uint32_t pair[CDNA_MAX_QPS];
	uint32_t all;
	uint32_t first;
};

/* Number of the last frame that was sent */
extern uint32_t flows_sent;

struct virtq *flows_rx(struct virtio *virtio, uint16_t pair);
struct virtq *flows_tx(struct virtio *virtio, uint16_t pair);
void flows_post(struct virtio *virtio, uint16_t pair, uint16_t buffer);
int flows_start(struct virtio *virtio, uint64_t features);
uint8_t *flows_frame(const struct vdev *other, uint32_t number);
void flows_send(struct vdev *other, const uint8_t *to, uint32_t flows);
uint32_t flows_hash(const uint8_t *key, const uint8_t *frame, bool ports);
uint32_t flows_number(const struct vdev *from, const uint8_t *frame,
		      size_t len);
void flows_take_all(struct virtio *virtio, const struct vdev *other,
		    struct flows *counts, uint32_t want);

#endif /* SELFTEST_VIRTIO_FLOWS_H */
