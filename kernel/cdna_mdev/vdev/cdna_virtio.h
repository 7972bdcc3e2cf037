/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A context that its guest sees as a standard virtio network card (Virtio 1.2,
 * sections 4.1 and 5.1).
 *
 * Theory of operation
 *
 * The guest negotiates features, says where its virtqueues are, and sets DRIVER_OK:
 * then the context is activated, with a status page of the host's own, and a queue is
 * created for each virtqueue, whose descriptors guard/cdna_vring.c makes. A store into
 * the notify page, which KVM watches, is a trap. The NIC writes used rings. Its interrupt
 * sources end here: whether the guest is interrupted is decided by what it has asked for.
 *
 *   cdna_virtio.c        device status, from reset to DRIVER_OK; news of queues
 *   cdna_virtio_features.c what is offered and accepted
 *   cdna_virtio_ctrl.c   commands of the control queue, which guard/cdna_ctrlq.c serves
 *   cdna_virtio_rx.c     of these, which frames are received
 *   cdna_virtio_mq.c     how many queue pairs there are, and which of them receive
 *   cdna_virtio_rss.c    which of these gets which flow, as a driver says it: pure
 *   cdna_virtio_coal.c   how long interrupts wait; cdna_virtio_wait.c has the rules
 *   cdna_virtio_announce.c has the guest announce its addresses
 *   cdna_virtio_move.c   all of it as a stream, and back
 *   cdna_virtio_regs.c   registers: what is where, and who may write it when
 *   cdna_virtio_layout.h where these are in the BARs
 *
 * A device whose context is not ACTIVE any longer, or one of whose queues was stopped,
 * says DEVICE_NEEDS_RESET, for as long as that is so.
 */
#ifndef CDNA_VIRTIO_H
#define CDNA_VIRTIO_H

#include <linux/atomic.h>
#include <linux/if_ether.h>
#include <linux/types.h>

#include <cdna/admin_receive.h>
#include <cdna/vdev.h>

#include "guard/cdna_vring.h"
#include "vdev/cdna_virtio_announce.h"
#include "vdev/cdna_virtio_rx.h"
#include "vdev/cdna_virtio_wait.h"

struct cdna_ctx;

/* receiveq1, transmitq1 and so on; and controlq behind those that the guest has */
#define CDNA_VIRTIO_NR_QUEUES	(CDNA_VDEV_NR_QUEUES + 1)
#define CDNA_VIRTIO_MAX_SIZE	256	/* entries of a virtqueue */

/**
 * struct cdna_virtio_queue - a virtqueue as its guest describes it
 * @size: entries
 * @vector: MSI-X vector; read by source handlers
 * @enabled: it is to be used
 * @desc: guest-physical address of the descriptor table
 * @avail: of the available ring
 * @used: of the used ring
 * @place: where it begins at DRIVER_OK; not 0 if the device comes from elsewhere
 */
struct cdna_virtio_queue {
	u16 size;
	u16 vector;
	bool enabled;
	u64 desc;
	u64 avail;
	u64 used;
	struct cdna_vring_place place;
};

/**
 * struct cdna_virtio - what the guest has written; cdna_domain.ctl_lock protects it
 * @device_select: word of the features offered that is read
 * @driver_select: word of those accepted that is written
 * @queue_select: virtqueue that its registers are about
 * @config_vector: MSI-X vector of changes; read to report one
 * @status: VIRTIO_CONFIG_S_*, as the guest wrote it
 * @features: accepted
 * @generation: grows when something in the device's configuration has changed
 * @changed: it has, since the interrupt status was read
 * @announcement: whether the guest is to announce its addresses
 * @told: that the guest's virtqueues could not be used was logged
 * @stopped: it needed a reset where it comes from
 * @mac: address that the guest chose there, or zero
 * @queue: virtqueues
 * @pairs: queue pairs that receive, the first ones
 * @scaled: not these, but those of @rss
 * @rss: which pair gets which flow
 * @rx: what the guest wants to receive
 * @coal: moderation that it wants, by CDNA_DIR_*
 * @pair: moderation that the NIC has, of each queue pair
 */
struct cdna_virtio {
	u32 device_select;
	u32 driver_select;
	u16 queue_select;
	u16 config_vector;
	u8 status;
	u64 features;
	atomic_t generation;
	bool changed;
	enum cdna_announcement announcement;
	bool told;
	bool stopped;
	u8 mac[ETH_ALEN];
	struct cdna_virtio_queue queue[CDNA_VIRTIO_NR_QUEUES];
	u8 pairs;
	bool scaled;
	struct cdna_rss rss;
	struct cdna_virtio_rx rx;
	struct cdna_virtio_coal coal[CDNA_NR_DIRS];
	struct cdna_virtio_coal pair[CDNA_MAX_QPS];
};

u8 cdna_virtio_status(const struct cdna_ctx *ctx);
void cdna_virtio_set_status(struct cdna_ctx *ctx, u8 status);
void cdna_virtio_reset(struct cdna_ctx *ctx);
void cdna_virtio_moved(struct cdna_ctx *ctx);
void cdna_virtio_go_on(struct cdna_ctx *ctx);
u32 cdna_virtio_number(u32 queue);
void cdna_virtio_source(void *data);

#endif /* CDNA_VIRTIO_H */
