// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flows to a virtio network card with several queue pairs.
 */
#include <string.h>
#include <unistd.h>

#include "virtio_flows.h"

#define ADDRESSES_AT	(ETH_HLEN + 12)	/* of an IPv4 header; ports follow */
#define ADDRESSES	8	/* bytes */
#define PORTS		4
#define PORT_AT		(ADDRESSES_AT + ADDRESSES)	/* of the source port */

struct virtq *flows_rx(struct virtio *virtio, uint16_t pair)
{
	return &virtio->queue[VIRTIO_QUEUES * pair + VIRTIO_RX];
}

struct virtq *flows_tx(struct virtio *virtio, uint16_t pair)
{
	return &virtio->queue[VIRTIO_QUEUES * pair + VIRTIO_TX];
}

void flows_post(struct virtio *virtio, uint16_t pair, uint16_t buffer)
{
	const struct virtio_piece piece = {
		virtio->dev.iova + MEM_RX_BUF +
		(pair * FLOWS_BUFFERS + buffer) * MEM_BUF, MEM_BUF,
	};

	virtq_chain(flows_rx(virtio, pair), buffer, &piece, 1);
	virtq_offer(flows_rx(virtio, pair), buffer);
}

int flows_start(struct virtio *virtio, uint64_t features)
{
	uint16_t pair, i;
	int ret;

	ret = virtio_start(virtio, features);
	for (pair = 0; pair < virtio->ctrl / VIRTIO_QUEUES && !ret; pair++) {
		for (i = 0; i < FLOWS_BUFFERS; i++)
			flows_post(virtio, pair, i);
		virtq_kick(virtio, flows_rx(virtio, pair));
	}
	return ret;
}

uint32_t flows_sent;

/* Where a frame was made that was sent, one of the last FLOWS_BATCH */
uint8_t *flows_frame(const struct vdev *other, uint32_t number)
{
	return other->mem + MEM_TX_BUF + number % FLOWS_BATCH * MEM_BUF;
}

/* A flow each, one behind the other */
void flows_send(struct vdev *other, const uint8_t *to, uint32_t flows)
{
	uint32_t i, number;
	uint8_t *frame;

	for (i = 0; i < flows; i++) {
		number = ++flows_sent;
		frame = flows_frame(other, number);
		frame_tcp(other, to, frame, FLOWS_PAYLOAD);
		frame[PORT_AT] = number >> 8;
		frame[PORT_AT + 1] = number;
		memcpy(frame + FLOWS_NUMBER_AT, &number, sizeof(number));
		vdev_post_tx(other, other->iova + MEM_TX_BUF +
			     number % FLOWS_BATCH * MEM_BUF, FLOWS_FRAME_BYTES,
			     CDNA_DESC_EOP);
	}
	vdev_trap(other);
	vdev_ring(other);
}

/* Toeplitz's hash of a frame, by its definition */
uint32_t flows_hash(const uint8_t *key, const uint8_t *frame, bool ports)
{
	const uint8_t *data = frame + ADDRESSES_AT;
	size_t len = ports ? ADDRESSES + PORTS : ADDRESSES;
	uint32_t hash = 0;
	size_t bit, i;

	for (bit = 0; bit < len * 8; bit++)
		for (i = 0; i < 32 && data[bit / 8] & 0x80 >> bit % 8; i++)
			if (key[(bit + i) / 8] & 0x80 >> (bit + i) % 8)
				hash ^= 0x80000000u >> i;
	return hash;
}

/* Return: the number of a frame of ours, or 0 */
uint32_t flows_number(const struct vdev *from, const uint8_t *frame,
		      size_t len)
{
	uint32_t number;

	if (len < FLOWS_FRAME_BYTES ||
	    memcmp(frame + ETH_ALEN, from->mac, ETH_ALEN) ||
	    frame[ETH_HLEN + 9] != 6)
		return 0;
	memcpy(&number, frame + FLOWS_NUMBER_AT, sizeof(number));
	return number;
}

/* What a pair has received, and post the buffers again */
static void flows_take(struct virtio *virtio, const struct vdev *other,
		       uint16_t pair, struct flows *counts)
{
	struct virtq *queue = flows_rx(virtio, pair);
	struct vring_used_elem elem;
	const uint8_t *frame;
	uint32_t number;

	while (virtq_used(queue, &elem, 0)) {
		frame = virtio_buffer(virtio, pair * FLOWS_BUFFERS + elem.id);
		number = flows_number(other, frame + VIRTIO_HDR,
				      elem.len - VIRTIO_HDR);
		if (number && number >= counts->first) {
			counts->pair[pair]++;
			counts->all++;
		}
		flows_post(virtio, pair, elem.id);
		virtq_kick(virtio, queue);
	}
}

void flows_take_all(struct virtio *virtio, const struct vdev *other,
		    struct flows *counts, uint32_t want)
{
	uint16_t pair;
	int ms = 2000;

	for (;;) {
		for (pair = 0; pair < virtio->ctrl / VIRTIO_QUEUES; pair++)
			flows_take(virtio, other, pair, counts);
		if (counts->all >= want || !ms--)
			return;
		usleep(1000);
	}
}
