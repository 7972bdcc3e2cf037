/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Descriptor chains of a transmit queue: their bytes, and how they end.
 */
#ifndef FW_CHAIN_H
#define FW_CHAIN_H

#include "base/packet.h"
#include "ctx/status.h"
#include "state.h"
#include "switch/switch_tx.h"

/*
 * What sending a frame or a segment returns: bytes to charge (more than
 * 0), or one of these.
 */
#define FW_TX_EMPTY		0	/* nothing complete to send */
#define FW_TX_NO_MEMORY		(-1)	/* packet memory refused */
#define FW_TX_STOPPED		(-2)	/* the queue faulted */
#define FW_TX_WIRE_FULL		(-3)	/* it is for the wire; stays in the ring */

/**
 * struct fw_chain - the descriptors of a frame, from the consumer on
 * @descs: how many; the first one has the flags and offload fields
 * @len: bytes of all of them
 */
struct fw_chain {
	u32 descs;
	u32 len;
};

/**
 * struct fw_chain_cursor - a place in a descriptor chain
 * @desc: descriptors behind the consumer
 * @offset: bytes into that one
 */
struct fw_chain_cursor {
	u32 desc;
	u32 offset;
};

bool fw_chain_copy(struct fw_nic *nic, struct fw_qp *qp,
		   struct fw_chain_cursor *cur, u8 *dst, u32 len);
bool fw_chain_fill(struct fw_nic *nic, struct fw_qp *qp,
		   struct fw_chain_cursor *cur, struct fw_frame *frame, u32 at);
s32 fw_chain_drop(struct fw_nic *nic, struct fw_qp *qp,
		  const struct fw_chain *chain, enum cdna_drop why);

/**
 * fw_chain_report() - write a chain's entry of the used ring, if there is one
 * @nic: the NIC
 * @qp: queue pair
 * @head: index of the chain's head
 */
static inline void fw_chain_report(struct fw_nic *nic, struct fw_qp *qp,
				   u32 head)
{
	if (qp->queue[CDNA_DIR_TX].used.slots)
		fw_used_sent(nic, qp, head);
}

/**
 * fw_chain_used() - a chain's bytes are in the NIC, or not wanted
 * @nic: the NIC
 * @qp: queue pair
 * @chain: the next frame of its transmit ring
 */
static inline void fw_chain_used(struct fw_nic *nic, struct fw_qp *qp,
				 const struct fw_chain *chain)
{
	struct fw_ring *ring = &qp->queue[CDNA_DIR_TX].ring;

	fw_chain_report(nic, qp, fw_ring_peek(ring, 0)->head);
	fw_ring_consume(ring, chain->descs);
	qp->stats[CDNA_QSTAT_TX_FRAMES]++;
	qp->stats[CDNA_QSTAT_TX_BYTES] += chain->len;
	qp->stats[CDNA_QSTAT_TX_DESCS] += chain->descs;
	fw_ctx_work(qp->ctx, chain->descs * FW_WORK_DESC);
	fw_status_news(nic, qp, 1);
}

/**
 * fw_chain_must_wait() - is a frame for the wire, and the wire full?
 * @nic: the NIC
 * @qp: queue pair
 * @frame: the frame; is gone if so
 *
 * Return: whether it has to be made again when the wire has room
 */
static inline bool fw_chain_must_wait(struct fw_nic *nic, struct fw_qp *qp,
				      struct fw_frame *frame)
{
	if (!fw_wireq_full(&nic->wireq) ||
	    !fw_switch_needs_wire(nic, qp->ctx, frame))
		return false;
	fw_pool_free(&nic->pool, frame);
	return true;
}

/**
 * fw_chain_switch() - hand a frame over to the switch
 * @nic: the NIC
 * @qp: queue pair
 * @frame: the frame; is gone afterwards
 *
 * Return: bytes to charge. Tiny frames cost the time of small ones
 */
static inline s32 fw_chain_switch(struct fw_nic *nic, struct fw_qp *qp,
				  struct fw_frame *frame)
{
	u32 charge = fw_switch_tx(nic, qp, frame);

	return (s32)FW_MAX(charge, (u32)FW_ETH_MIN);
}

#endif /* FW_CHAIN_H */
