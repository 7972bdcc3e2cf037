/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a device sends when it moves to another host: a header, which says what its
 * guest relies on, and a body. Pure: layout and rules, Documentation/migration.rst has
 * the reasons. All fields are little-endian; reserved ones are zero.
 */
#ifndef CDNA_MIGRATE_STREAM_H
#define CDNA_MIGRATE_STREAM_H

#include <linux/types.h>

#include <cdna/admin_receive.h>
#include <cdna/types.h>
#include <cdna/vdev.h>

#include "vdev/cdna_config.h"

#define CDNA_MIG_MAGIC		0x0047494d414e4443ull	/* "CDNAMIG" */
#define CDNA_MIG_VERSION	1

#define CDNA_MIG_KIND_CDNA	1	/* a device of ours, not a virtio one */
#define CDNA_MIG_KIND_VIRTIO	2

/* cdna_mig_header.flags */
#define CDNA_MIG_TRUNK		0x1
#define CDNA_MIG_GUEST_MAC	0x2	/* virtio: the guest may choose its address */

/* Words of arguments of register commands */
#define CDNA_MIG_ARGS		30

/**
 * struct cdna_mig_header - what the guest relies on
 * @magic: CDNA_MIG_MAGIC
 * @version: CDNA_MIG_VERSION, of header and body
 * @header_bytes: of this structure
 * @body_bytes: of struct cdna_mig_body or cdna_mig_virtio
 * @kind: CDNA_MIG_KIND_*
 * @mac: address that the administrator gave
 * @reserved: zero
 * @access_vlan: VLAN, or 0
 * @flags: CDNA_MIG_TRUNK, CDNA_MIG_GUEST_MAC
 * @abi: CDNA_VDEV_ABI_VERSION; virtio: 0, as @offloads and @formats
 * @features: CDNA_VFEAT_* offered; virtio: features offered, bits 0 to 31
 * @offloads: CDNA_OFFLOAD_*
 * @formats: bit per id of a descriptor format
 * @qps: queue pairs
 * @min_ring: slots; virtio: entries
 * @max_ring: the same
 * @mtu: of the wire
 * @max_coalesce_usecs: longest moderation
 * @features_high: virtio: features offered, bits 32 to 63
 * @reserved2: zero
 */
struct cdna_mig_header {
	__le64 magic;
	__le32 version;
	__le32 header_bytes;
	__le32 body_bytes;
	__le32 kind;
	__u8 mac[6];
	__le16 reserved;
	__le32 access_vlan;
	__le32 flags;
	__le32 abi;
	__le32 features;
	__le32 offloads;
	__le32 formats;
	__le32 qps;
	__le32 min_ring;
	__le32 max_ring;
	__le32 mtu;
	__le32 max_coalesce_usecs;
	__le32 features_high;
	__le32 reserved2[4];
};

CDNA_ASSERT_SIZE(struct cdna_mig_header, 96);

/**
 * struct cdna_mig_body - what the guest has written
 * @config: configuration space
 * @arg: arguments of register commands
 * @result: enum cdna_vresult of the last one
 * @reserved: zero
 */
struct cdna_mig_body {
	__u8 config[CDNA_CONFIG_BYTES];
	__le32 arg[CDNA_MIG_ARGS];
	__le32 result;
	__le32 reserved;
};

CDNA_ASSERT_SIZE(struct cdna_mig_body, 384);

/* cdna_mig_virtio_queue.flags, and others */
#define CDNA_MIG_ENABLED	0x1
#define CDNA_MIG_CHANGED	0x1	/* cdna_mig_virtio.isr */
#define CDNA_MIG_OVERFLOW	0x1	/* cdna_mig_virtio.rx_flags */
#define CDNA_MIG_RSS		0x1	/* cdna_mig_virtio.flags: not @pairs, but @rss */

/**
 * struct cdna_mig_virtio_queue - a virtqueue
 * @size: entries
 * @vector: MSI-X vector
 * @next: free-running index of the next available entry to take
 * @used: of the next used one: what is between was sent, and is to be reported
 * @flags: CDNA_MIG_ENABLED
 * @reserved: zero
 * @desc: guest-physical address of the descriptor table
 * @avail: of the available ring
 * @used_ring: of the used ring
 */
struct cdna_mig_virtio_queue {
	__le16 size;
	__le16 vector;
	__le16 next;
	__le16 used;
	__le32 flags;
	__le32 reserved;
	__le64 desc;
	__le64 avail;
	__le64 used_ring;
};

CDNA_ASSERT_SIZE(struct cdna_mig_virtio_queue, 40);

/* Moderation of a direction */
struct cdna_mig_coal {
	__le32 usecs;
	__le32 frames;
};

#define CDNA_MIG_QUEUES		(CDNA_VDEV_NR_QUEUES + 1)
#define CDNA_MIG_MC_WORDS	4

/**
 * struct cdna_mig_virtio - what the guest of a virtio device has written, and how far it is
 * @config: configuration space
 * @features: accepted
 * @device_select: word of the features offered that is read
 * @driver_select: word of those accepted that is written
 * @queue_select: virtqueue that its registers are about
 * @config_vector: MSI-X vector
 * @status: VIRTIO_CONFIG_S_*, with _NEEDS_RESET
 * @generation: of the device's configuration
 * @isr: CDNA_MIG_CHANGED
 * @pairs: queue pairs that receive, the first ones
 * @mac: address that the guest chose, or zero
 * @rx_modes: a bit each by VIRTIO_NET_CTRL_RX_*
 * @rx_flags: CDNA_MIG_OVERFLOW: it listed more groups than are looked at
 * @flags: CDNA_MIG_RSS
 * @reserved: zero
 * @mc_hash: groups that it listed
 * @coal: moderation that it wants, by CDNA_DIR_*
 * @rss: which pair receives which flow
 * @queue: virtqueues
 */
struct cdna_mig_virtio {
	__u8 config[CDNA_CONFIG_BYTES];
	__le64 features;
	__le32 device_select;
	__le32 driver_select;
	__le16 queue_select;
	__le16 config_vector;
	__u8 status;
	__u8 generation;
	__u8 isr;
	__u8 pairs;
	__u8 mac[6];
	__u8 rx_modes;
	__u8 rx_flags;
	__le32 flags;
	__le32 reserved;
	__le64 mc_hash[CDNA_MIG_MC_WORDS];
	struct cdna_mig_coal coal[CDNA_NR_DIRS];
	struct cdna_rss rss;
	struct cdna_mig_virtio_queue queue[CDNA_MIG_QUEUES];
};

CDNA_ASSERT_SIZE(struct cdna_mig_virtio, 1200);

/**
 * union cdna_mig_any - the body of a stream
 * @cdna: CDNA_MIG_KIND_CDNA
 * @virtio: CDNA_MIG_KIND_VIRTIO
 */
union cdna_mig_any {
	struct cdna_mig_body cdna;
	struct cdna_mig_virtio virtio;
};

/**
 * struct cdna_mig_stream - all of it
 * @header: comes first, while the source still runs
 * @body: when it has stopped: cdna_mig_header.body_bytes of it
 */
struct cdna_mig_stream {
	struct cdna_mig_header header;
	union cdna_mig_any body;
};

/**
 * struct cdna_mig_refusal - why a stream is refused
 * @what: what differs
 * @theirs: in the stream
 * @ours: here
 */
struct cdna_mig_refusal {
	const char *what;
	u32 theirs;
	u32 ours;
};

void cdna_mig_header_begin(struct cdna_mig_header *header, u32 kind);
u32 cdna_mig_bytes(const struct cdna_mig_header *header);
int cdna_mig_header_check(const struct cdna_mig_header *theirs,
			  const struct cdna_mig_header *ours,
			  struct cdna_mig_refusal *why);
int cdna_mig_body_check(const struct cdna_mig_body *body,
			struct cdna_config *config,
			struct cdna_mig_refusal *why);
bool cdna_mig_config_check(const u8 *theirs, enum cdna_config_kind kind,
			   struct cdna_config *config);

#endif /* CDNA_MIGRATE_STREAM_H */
