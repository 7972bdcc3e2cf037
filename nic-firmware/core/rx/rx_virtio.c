// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * A frame into virtio buffer chains (Virtio 1.2, section 5.1.6). How many it takes
 * is in its header, so they are found before anything is written; and nothing is
 * written unless they hold all of it.
 */
#include "rx/rx_virtio.h"

#include "ctx/mark.h"
#include "ctx/ring.h"
#include "state.h"

/* Entries of the used ring in one write */
#define RX_USED			8

#define RX_TCP_CSUM		16	/* within the TCP header */

/**
 * struct rx_chains - whole chains from the consumer on
 * @count: how many
 * @descs: their descriptors
 * @bytes: that they hold
 * @dry: what comes next is not posted, or bad
 */
struct rx_chains {
	u32 count;
	u32 descs;
	u32 bytes;
	bool dry;
};

/*
 * Find the chains that hold so many bytes: one, or as many as needed where the
 * queue allows it, of FW_RING_CACHE descriptors at most. Return: whether they do
 */
static bool rx_find(struct fw_nic *nic, struct fw_qp *qp, u32 need,
		    struct rx_chains *chains)
{
	struct fw_queue *queue = &qp->queue[CDNA_DIR_RX];
	u32 n, bytes = 0, ready = 0;

	*chains = (struct rx_chains){ 0 };
	for (n = 0; n < FW_RING_CACHE; n++) {
		const struct fw_desc *desc = fw_ring_peek(&queue->ring, n);

		if (n >= ready)
			ready = fw_ring_available(nic, &queue->ring, n + 1);
		chains->dry = n >= ready;
		if (chains->dry)
			return false;
		bytes += desc->len;
		if (!(desc->flags & CDNA_DESC_EOP))
			continue;
		chains->count++;
		chains->descs = n + 1;
		chains->bytes = bytes;
		if (bytes >= need)
			return true;
		if (!(queue->offloads & CDNA_OFFLOAD_RX_CHAINS))
			return false;
	}
	return false;
}

/**
 * fw_rx_virtio_room() - how large a frame the posted chains hold
 * @nic: the NIC
 * @qp: the queue pair; its receive queue has a used ring
 *
 * Return: bytes, of CDNA_MAX_FRAME_BYTES or more if there is room for any frame
 */
u32 fw_rx_virtio_room(struct fw_nic *nic, struct fw_qp *qp)
{
	u32 header = sizeof(struct cdna_virtio_hdr);
	struct rx_chains chains;

	rx_find(nic, qp, header + CDNA_MAX_FRAME_BYTES, &chains);
	return chains.bytes > header ? chains.bytes - header : 0;
}

/* A merged frame never has CWR: it needs no CDNA_VIRTIO_GSO_ECN. */
static void rx_describe(const struct fw_qp *qp, const struct fw_rx_meta *meta,
			u32 chains, struct cdna_virtio_hdr *hdr)
{
	u32 offloads = qp->queue[CDNA_DIR_RX].offloads;
	const struct fw_packet *pkt = &meta->pkt;

	*hdr = (struct cdna_virtio_hdr){
		.gso_type = CDNA_VIRTIO_GSO_NONE,
		.num_buffers = fw_to_le16((u16)chains),
	};
	if (meta->segs > 1) {
		hdr->flags = CDNA_VIRTIO_HDR_NEEDS_CSUM;
		hdr->gso_type = pkt->flags & FW_PKT_IPV4 ?
				CDNA_VIRTIO_GSO_TCPV4 : CDNA_VIRTIO_GSO_TCPV6;
		hdr->hdr_len = fw_to_le16(pkt->payload);
		hdr->gso_size = fw_to_le16(meta->mss);
		hdr->csum_start = fw_to_le16(pkt->l4);
		hdr->csum_offset = fw_to_le16(RX_TCP_CSUM);
	} else if (offloads & CDNA_OFFLOAD_RX_CSUM &&
		   meta->flags & CDNA_RX_CSUM_OK) {
		hdr->flags = CDNA_VIRTIO_HDR_DATA_VALID;
	}
}

/* One entry for each chain. Return: false if the context was marked */
static bool rx_report(struct fw_nic *nic, struct fw_qp *qp, u32 left,
		      const struct rx_chains *chains)
{
	const struct fw_ring *ring = &qp->queue[CDNA_DIR_RX].ring;
	struct cdna_used_elem elem[RX_USED];
	u32 i, bytes, n = 0, written = 0;

	for (i = 0; i < chains->descs; i++) {
		const struct fw_desc *desc = fw_ring_peek(ring, i);

		bytes = FW_MIN((u32)desc->len, left);
		written += bytes;
		left -= bytes;
		if (!(desc->flags & CDNA_DESC_EOP))
			continue;
		elem[n++] = (struct cdna_used_elem){
			.id = fw_to_le32(desc->head),
			.len = fw_to_le32(written),
		};
		written = 0;
		if (n < RX_USED && i + 1 < chains->descs)
			continue;
		if (!fw_used_put(nic, qp, CDNA_DIR_RX, elem, n))
			return false;
		n = 0;
	}
	return true;
}

/**
 * fw_rx_virtio_put() - a frame into a queue's chains
 * @nic: the NIC
 * @qp: queue pair; its receive queue is served and has a used ring
 * @frame: the frame; is only read
 * @meta: what the header says about it
 */
void fw_rx_virtio_put(struct fw_nic *nic, struct fw_qp *qp,
		      const struct fw_frame *frame,
		      const struct fw_rx_meta *meta)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_RX].ring;
	struct fw_rx_cursor cur = { 0 };
	struct cdna_virtio_hdr hdr;
	struct rx_chains chains;
	u32 len = frame->len + (u32)sizeof(hdr);

	if (!rx_find(nic, qp, len, &chains)) {
		fw_rx_fill_miss(nic, qp, meta);
		/* What is missing will not come: the next one is bad. */
		if (chains.dry && ring->fault.reason)
			fw_mark_fault(nic, qp, CDNA_DIR_RX);
		return;
	}
	rx_describe(qp, meta, chains.count, &hdr);
	if (fw_rx_fill_bytes(nic, qp, &cur, &hdr, sizeof(hdr)) &&
	    fw_rx_fill_frame(nic, qp, &cur, frame) &&
	    rx_report(nic, qp, len, &chains))
		fw_rx_fill_done(nic, qp, frame, meta, chains.descs);
	else
		fw_rx_fill_miss(nic, qp, meta);
}
