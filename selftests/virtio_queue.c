// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtqueues as a driver uses them, and frames in them.
 */
#include <linux/if_ether.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "virtio.h"

void virtq_place(struct virtio *virtio, uint16_t number, uint8_t *mem,
		 uint64_t iova)
{
	virtio->queue[number] = (struct virtq) {
		.number = number,
		.write = number < virtio->ctrl && !(number % 2),
		.size = VIRTIO_SIZE,
		.mem = mem,
		.iova = iova,
		.desc = (void *)(mem + VIRTQ_DESC),
		.avail = (void *)(mem + VIRTQ_AVAIL),
		.used = (void *)(mem + VIRTQ_USED),
	};
}

/* Fill descriptors, each of which is followed by the next, from index @first on. */
static void put_pieces(struct vring_desc *desc, uint16_t first, bool write,
		       const struct virtio_piece *piece, uint16_t pieces)
{
	uint16_t i;

	for (i = 0; i < pieces; i++)
		desc[i] = (struct vring_desc) {
			.addr = piece[i].addr,
			.len = piece[i].len,
			.flags = (write ? VRING_DESC_F_WRITE : 0) |
				 (i + 1 < pieces ? VRING_DESC_F_NEXT : 0),
			.next = first + i + 1,
		};
}

/* A chain in descriptors from @head on */
void virtq_chain(struct virtq *queue, uint16_t head,
		 const struct virtio_piece *piece, uint16_t pieces)
{
	put_pieces(queue->desc + head, head, queue->write, piece,
		   pieces);
}

struct vring_desc *virtq_table_at(struct virtq *queue, uint16_t table)
{
	return (void *)(queue->mem + VIRTQ_TABLES + table * 4096);
}

/* A chain in an indirect table */
void virtq_table(struct virtq *queue, uint16_t head, uint16_t table,
		 const struct virtio_piece *piece, uint16_t pieces)
{
	put_pieces(virtq_table_at(queue, table), 0, queue->write,
		   piece, pieces);
	queue->desc[head] = (struct vring_desc) {
		.addr = queue->iova + VIRTQ_TABLES + table * 4096,
		.len = pieces * sizeof(struct vring_desc),
		.flags = VRING_DESC_F_INDIRECT,
	};
}

void virtq_offer(struct virtq *queue, uint16_t head)
{
	queue->avail->ring[queue->prod++ % queue->size] = head;
	__atomic_store_n(&queue->avail->idx, queue->prod, __ATOMIC_RELEASE);
}

/* As a machine's monitor passes on what it traps */
void virtq_notify(struct virtio *virtio, struct virtq *queue)
{
	const struct virtio_area *area =
		&virtio->area[VIRTIO_PCI_CAP_NOTIFY_CFG];
	uint32_t at = area->offset + queue->number * virtio->multiplier;

	queue->kicked = queue->prod;
	if (pwrite(virtio->dev.fd, &queue->number, 2,
		   vdev_offset(area->bar, at)) != 2)
		perror("notification");
}

/* The used ring's last word */
uint16_t virtq_avail_event(const struct virtq *queue)
{
	return __atomic_load_n((uint16_t *)&queue->used->ring[queue->size],
			       __ATOMIC_RELAXED);
}

/* Be interrupted when the entry of this index has been used. */
void virtq_used_event(struct virtq *queue, uint16_t index)
{
	__atomic_store_n(&queue->avail->ring[queue->size], index,
			 __ATOMIC_RELAXED);
	__sync_synchronize();
}

bool virtq_wants_notification(struct virtio *virtio, struct virtq *queue)
{
	/* Between what is available and the look at what the device asks for */
	__sync_synchronize();
	if (virtio->features & FEATURE(VIRTIO_RING_F_EVENT_IDX))
		return vring_need_event(virtq_avail_event(queue), queue->prod,
					queue->kicked);
	return !(__atomic_load_n(&queue->used->flags, __ATOMIC_RELAXED) &
		 VRING_USED_F_NO_NOTIFY);
}

/* Notify only if the device asks for it. Return: whether it did */
bool virtq_kick(struct virtio *virtio, struct virtq *queue)
{
	bool wants = virtq_wants_notification(virtio, queue);

	if (wants)
		virtq_notify(virtio, queue);
	return wants;
}

static uint16_t used_index(const struct virtq *queue)
{
	return __atomic_load_n(&queue->used->idx, __ATOMIC_ACQUIRE);
}

bool virtq_reaches(struct virtq *queue, uint16_t used, int ms)
{
	while (used_index(queue) != used && ms-- > 0)
		usleep(1000);
	return used_index(queue) == used;
}

bool virtq_used(struct virtq *queue, struct vring_used_elem *elem, int ms)
{
	while (used_index(queue) == queue->seen && ms-- > 0)
		usleep(1000);
	if (used_index(queue) == queue->seen)
		return false;
	*elem = queue->used->ring[queue->seen++ % queue->size];
	return true;
}

static size_t tx_slot(struct virtio *virtio)
{
	return virtio->queue[VIRTIO_TX].prod % VIRTIO_SLOTS;
}

/* Where the next frame that is sent has to be, of at most two pages with its header */
uint8_t *virtio_frame(struct virtio *virtio)
{
	return virtio->dev.mem + MEM_TX_BUF + tx_slot(virtio) * 2 * MEM_BUF +
	       VIRTIO_HDR;
}

void virtio_send(struct virtio *virtio, size_t len)
{
	struct virtq *queue = &virtio->queue[VIRTIO_TX];
	size_t slot = tx_slot(virtio);
	uint64_t addr = virtio->dev.iova + MEM_TX_BUF + slot * 2 * MEM_BUF;
	const struct virtio_piece piece[] = {
		{ addr, VIRTIO_HDR }, { addr + VIRTIO_HDR, len },
	};

	memset(virtio_frame(virtio) - VIRTIO_HDR, 0, VIRTIO_HDR);
	virtq_chain(queue, slot * VIRTIO_SLOT_DESCS, piece, 2);
	virtq_offer(queue, slot * VIRTIO_SLOT_DESCS);
	virtq_kick(virtio, queue);
}

/* All that was sent has been used, each for what it was. */
bool virtio_sent(struct virtio *virtio, int ms)
{
	struct virtq *queue = &virtio->queue[VIRTIO_TX];
	struct vring_used_elem elem;

	while (queue->seen != queue->prod)
		if (!virtq_used(queue, &elem, ms) || elem.len)
			return false;
	return true;
}

uint8_t *virtio_buffer(struct virtio *virtio, uint32_t buffer)
{
	return virtio->dev.mem + MEM_RX_BUF + buffer % VIRTIO_SIZE * MEM_BUF;
}

/* The device is not notified. */
void virtio_post(struct virtio *virtio, uint16_t buffer)
{
	const struct virtio_piece piece = {
		virtio->dev.iova + MEM_RX_BUF + buffer * MEM_BUF, MEM_BUF,
	};

	virtq_chain(&virtio->queue[VIRTIO_RX], buffer, &piece, 1);
	virtq_offer(&virtio->queue[VIRTIO_RX], buffer);
}

void virtio_fill(struct virtio *virtio, uint16_t buffers)
{
	uint16_t i;

	for (i = 0; i < buffers; i++)
		virtio_post(virtio, i);
	virtq_kick(virtio, &virtio->queue[VIRTIO_RX]);
}

/* The next frame of one buffer, which is posted again: what is in it is valid until a
 * ring's worth of frames has come. Return: NULL if there is none
 */
const uint8_t *virtio_receive(struct virtio *virtio, size_t *len, int ms)
{
	struct virtq *queue = &virtio->queue[VIRTIO_RX];
	struct vring_used_elem elem;

	if (!virtq_used(queue, &elem, ms) || elem.len < VIRTIO_HDR + ETH_HLEN)
		return NULL;
	*len = elem.len - VIRTIO_HDR;
	virtio_post(virtio, elem.id);
	virtq_kick(virtio, queue);
	return virtio_buffer(virtio, elem.id) + VIRTIO_HDR;
}

bool virtio_peer_mac(struct virtio *virtio, uint8_t *mac)
{
	const uint8_t *got;
	size_t len;

	virtio_send(virtio, frame_arp(&virtio->dev, virtio_frame(virtio),
				      PEER_IP));
	while ((got = virtio_receive(virtio, &len, 2000)))
		if (frame_is_arp_reply(got, len)) {
			memcpy(mac, got + 22, ETH_ALEN);
			return virtio_sent(virtio, 2000);
		}
	return false;
}

/* One echo, of at most two pages */
bool virtio_ping(struct virtio *virtio, const uint8_t *peer, uint16_t seq,
		 size_t payload)
{
	uint8_t *sent = virtio_frame(virtio);
	const uint8_t *got;
	size_t len, bytes;

	len = frame_ping(&virtio->dev, peer, sent, seq, payload);
	virtio_send(virtio, len);
	while ((got = virtio_receive(virtio, &bytes, 2000)))
		if (frame_is_reply(got, bytes, sent, len))
			return virtio_sent(virtio, 2000);
	return false;
}
