/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a device sends when it moves to another host: a header, which says what its
 * guest relies on, and a body. Pure: layout and rules, Documentation/migration.rst has
 * the reasons. All fields are little-endian; reserved ones are zero.
 */
#ifndef CDNA_MIGRATE_STREAM_H
#define CDNA_MIGRATE_STREAM_H

#include <linux/types.h>

#include <cdna/types.h>
#include <cdna/vdev.h>

#include "vdev/cdna_config.h"

#define CDNA_MIG_MAGIC		0x0047494d414e4443ull	/* "CDNAMIG" */
#define CDNA_MIG_VERSION	1

#define CDNA_MIG_KIND_CDNA	1	/* a device of ours, not a virtio one */

#define CDNA_MIG_TRUNK		0x1	/* cdna_mig_header.flags */

/* Words of arguments of register commands */
#define CDNA_MIG_ARGS		30

/**
 * struct cdna_mig_header - what the guest relies on
 * @magic: CDNA_MIG_MAGIC
 * @version: CDNA_MIG_VERSION, of header and body
 * @header_bytes: of this structure
 * @body_bytes: of struct cdna_mig_body
 * @kind: CDNA_MIG_KIND_*
 * @mac: address that the administrator gave
 * @reserved: zero
 * @access_vlan: VLAN, or 0
 * @flags: CDNA_MIG_TRUNK
 * @abi: CDNA_VDEV_ABI_VERSION
 * @features: CDNA_VFEAT_* offered
 * @offloads: CDNA_OFFLOAD_*
 * @formats: bit per id of a descriptor format
 * @qps: queue pairs
 * @min_ring: slots
 * @max_ring: slots
 * @mtu: of the wire
 * @max_coalesce_usecs: longest moderation
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
	__le32 reserved2[5];
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

/**
 * struct cdna_mig_stream - all of it
 * @header: comes first, while the source still runs
 * @body: when it has stopped
 */
struct cdna_mig_stream {
	struct cdna_mig_header header;
	struct cdna_mig_body body;
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

void cdna_mig_header_begin(struct cdna_mig_header *header);
int cdna_mig_header_check(const struct cdna_mig_header *theirs,
			  const struct cdna_mig_header *ours,
			  struct cdna_mig_refusal *why);
int cdna_mig_body_check(const struct cdna_mig_body *body,
			struct cdna_config *config,
			struct cdna_mig_refusal *why);

#endif /* CDNA_MIGRATE_STREAM_H */
