/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One context, driven from user space as a guest would: VFIO, memory, queues,
 * the mailbox page.
 */
#ifndef SELFTEST_VDEV_H
#define SELFTEST_VDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cdna/vdev.h>

#define VDEV_IOVA	0x100000000ull	/* where the guest's memory begins */
#define VDEV_MEMORY	(4u << 20)
#define VDEV_SLOTS	256
#define VDEV_MOST_VECTORS	(CDNA_VDEV_NR_QUEUES + 2)	/* of any device */

/* Map of the guest's memory */
#define MEM_STATUS	0x0000
#define MEM_TAILS	0x1000
#define MEM_TX_RING	0x10000
#define MEM_RX_RING	0x40000
#define MEM_RX_COMP	0x80000
#define MEM_TX_BUF	0x100000
#define MEM_RX_BUF	0x200000
#define MEM_BUF		4096

/**
 * struct vdev - a context
 * @uuid: name of the mediated device
 * @container: VFIO container
 * @group: VFIO group
 * @fd: VFIO device
 * @kvm_vfio: VFIO device of the machine that it is part of, or -1
 * @event: eventfd of each vector, or -1
 * @mbox: the mailbox page
 * @mem: memory of the guest, VDEV_MEMORY bytes
 * @iova: where it begins, VDEV_IOVA unless the container is shared
 * @features: CDNA_VFEAT_* that vdev_activate() accepts
 * @mac: the context's address
 * @tx_prod: free-running producer index of transmit queue 0
 * @rx_prod: of receive queue 0
 * @rx_seen: completions taken
 */
struct vdev {
	char uuid[40];
	int container;
	int group;
	int fd;
	int kvm_vfio;
	int event[VDEV_MOST_VECTORS];
	volatile uint32_t *mbox;
	uint8_t *mem;
	uint64_t iova;
	uint32_t features;
	uint8_t mac[6];
	uint32_t tx_prod;
	uint32_t rx_prod;
	uint32_t rx_seen;
};

/* Mediated devices in sysfs */
int vdev_create(const char *uuid);
int vdev_create_virtio(const char *uuid);
int vdev_remove(const char *uuid);

/* Whether the contexts are those of cdna_softnic; whether the port can be used */
bool vdev_is_soft(void);
bool vdev_plugged(struct vdev *dev);

/* A counter of ethtool -S of the port, or -1 */
long vdev_port_stat(struct vdev *dev, const char *name);
int vdev_attr(const char *uuid, const char *name, char *buf, size_t size);
long vdev_stat(const char *uuid, const char *name);

/* How often a queue was stopped for that reason, or -1 */
long vdev_faults(const char *uuid, const char *reason);

/* How many frames were dropped for that reason since it was created, or -1 */
long vdev_drops(const char *uuid, const char *reason);
int vdev_set(const char *uuid, const char *name, const char *value);
long vdev_nic_stat(const char *name);
int vdev_nic_set(const char *name, const char *value);
void vdev_uuid(char *uuid, unsigned int n);

/* Microseconds of a clock that nobody sets */
long vdev_now_us(void);

/* Create and open a device; close and remove it */
int vdev_new(struct vdev *dev, unsigned int n);
int vdev_delete(struct vdev *dev);

/* Opening a device; 0 or a negative errno */
int vdev_open(struct vdev *dev, const char *uuid);
int vdev_open_in(struct vdev *dev, const char *uuid, int kvm_vfio);
int vdev_open_beside(struct vdev *dev, const char *uuid,
		     const struct vdev *first, uint64_t iova);
void vdev_close(struct vdev *dev);
int vdev_map(struct vdev *dev, void *addr, uint64_t iova, size_t bytes,
	     uint32_t flags);
int vdev_unmap(struct vdev *dev, uint64_t iova, size_t bytes);
int vdev_irqs(struct vdev *dev);
void vdev_master(struct vdev *dev, bool on);

/* Registers and commands */
uint32_t vdev_read(struct vdev *dev, uint32_t reg);
void vdev_write(struct vdev *dev, uint32_t reg, uint32_t value);
void vdev_write64(struct vdev *dev, uint32_t reg_lo, uint64_t value);
uint32_t vdev_command(struct vdev *dev, uint32_t command);
uint32_t vdev_activate(struct vdev *dev);
uint32_t vdev_queue(struct vdev *dev, uint32_t qp, uint32_t dir,
		    uint32_t slots);
uint32_t vdev_queue_as(struct vdev *dev, uint32_t number, uint32_t slots,
		       uint32_t format, uint32_t offloads);
uint32_t vdev_remake_tx(struct vdev *dev, uint32_t format, uint32_t offloads);
uint32_t vdev_start(struct vdev *dev);
struct cdna_vdev_report vdev_report(struct vdev *dev, uint32_t queue);
off_t vdev_offset(uint32_t index, uint64_t within);

/* Queues of queue pair 0, in the compact format */
void vdev_post_tx(struct vdev *dev, uint64_t addr, uint32_t len,
		  uint32_t flags);
void vdev_post_rx(struct vdev *dev, uint64_t addr, uint32_t len);
void vdev_trap(struct vdev *dev);
void vdev_ring(struct vdev *dev);
bool vdev_tx_done(struct vdev *dev, int ms);
bool vdev_tx_reaches(struct vdev *dev, uint32_t cons, int ms);
void vdev_repost(struct vdev *dev);
const uint8_t *vdev_rx_buf(struct vdev *dev, uint32_t index);
bool vdev_interrupted(struct vdev *dev, unsigned int vector, int ms);
uint32_t vdev_wait_state(struct vdev *dev, uint32_t queue, uint32_t state,
			 int ms);
bool vdev_rx_next(struct vdev *dev, struct cdna_rx_completion *comp, int ms);
const struct cdna_qp_status *vdev_status(struct vdev *dev);

/* Frames to and from the peer at the other end of the wire */
#define PEER_IP		0xc6120001u	/* 198.18.0.1 */
#define OUR_IP(dev)	(0xc6120040u + (dev)->mac[5])	/* 198.18.0.64 on */

uint16_t frame_sum(const uint8_t *from, size_t bytes);
size_t frame_arp(const struct vdev *dev, uint8_t *frame, uint32_t target);
size_t frame_ping(const struct vdev *dev, const uint8_t *peer, uint8_t *frame,
		  uint16_t seq, size_t payload);
size_t frame_tcp(const struct vdev *dev, const uint8_t *to, uint8_t *frame,
		 size_t payload);
bool frame_is_arp_reply(const uint8_t *got, size_t len);
bool frame_is_reply(const uint8_t *got, size_t len, const uint8_t *sent,
		    size_t sent_len);
bool vdev_peer_mac(struct vdev *dev, uint8_t *mac);
bool vdev_ping(struct vdev *dev, const uint8_t *peer, uint16_t seq,
	       size_t payload);

#endif /* SELFTEST_VDEV_H */
