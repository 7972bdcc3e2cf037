// SPDX-License-Identifier: GPL-2.0-only
/*
 * May a guest that was there go on here? A table of rules, one for each word of the
 * header; all of the body is bounded. Who sends it is not trusted.
 */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "vdev/cdna_migrate_stream.h"

/**
 * enum mig_relation - what theirs has to be
 * @MIG_SAME: the same as ours
 * @MIG_SUBSET: bits of ours
 * @MIG_AT_MOST: not more than ours
 * @MIG_AT_LEAST: not less than ours
 */
enum mig_relation {
	MIG_SAME,
	MIG_SUBSET,
	MIG_AT_MOST,
	MIG_AT_LEAST,
};

/**
 * struct mig_rule - a rule for a word of the header
 * @what: what a message calls it
 * @offset: of the word
 * @mask: bits that count
 * @relation: what they have to be
 * @kind: CDNA_MIG_KIND_* that it is for; 0: all
 * @err: if they are not
 */
struct mig_rule {
	const char *what;
	u16 offset;
	u32 mask;
	u8 relation;
	u8 kind;
	int err;
};

#define RULE_OF(kind, field, mask, relation, err, what) \
	{ what, offsetof(struct cdna_mig_header, field), mask, relation, kind, \
	  err }
#define RULE(...)	RULE_OF(0, __VA_ARGS__)
#define RULE_CDNA(...)	RULE_OF(CDNA_MIG_KIND_CDNA, __VA_ARGS__)
#define RULE_VIRTIO(...) RULE_OF(CDNA_MIG_KIND_VIRTIO, __VA_ARGS__)
#define MIG_ALL		0xffffffff
#define MIG_MAJOR	0xffff0000
#define MIG_MINOR	0x0000ffff

/* What a guest's driver looks up each time it activates the device: who rings mailboxes,
 * and by what it traps
 */
#define MIG_LOOKED_UP	(CDNA_VFEAT_HOST_MAILBOX | CDNA_VFEAT_TRAP_PAGE)

/* VIRTIO_NET_F_SPEED_DUPLEX: a speed may be unknown. */
#define MIG_SPEED	0x80000000

/* In this order: what is not a stream of ours has no other fields. */
static const struct mig_rule mig_rules[] = {
	RULE(magic, MIG_ALL, MIG_SAME, -EINVAL, "magic number"),
	{ "magic number", offsetof(struct cdna_mig_header, magic) + 4, MIG_ALL,
	  MIG_SAME, 0, -EINVAL },
	RULE(version, MIG_ALL, MIG_SAME, -EOPNOTSUPP, "version of the stream"),
	RULE(header_bytes, MIG_ALL, MIG_SAME, -EINVAL, "length of the header"),
	RULE(kind, MIG_ALL, MIG_SAME, -EINVAL, "kind of device"),
	RULE(body_bytes, MIG_ALL, MIG_SAME, -EINVAL, "length of the body"),
	RULE(mac[0], MIG_ALL, MIG_SAME, -EINVAL, "MAC address, first bytes"),
	RULE(mac[4], MIG_ALL, MIG_SAME, -EINVAL, "MAC address, last bytes"),
	RULE(access_vlan, MIG_ALL, MIG_SAME, -EINVAL, "VLAN"),
	RULE(flags, ~CDNA_MIG_GUEST_MAC, MIG_SAME, -EINVAL, "VLAN trunk"),
	RULE(flags, CDNA_MIG_GUEST_MAC, MIG_SUBSET, -EOPNOTSUPP,
	     "permission to choose a MAC address"),
	RULE(abi, MIG_MAJOR, MIG_SAME, -EOPNOTSUPP, "guest interface"),
	RULE(abi, MIG_MINOR, MIG_AT_MOST, -EOPNOTSUPP, "guest interface"),
	RULE_CDNA(features, ~MIG_LOOKED_UP, MIG_SUBSET, -EOPNOTSUPP, "features"),
	RULE_VIRTIO(features, MIG_ALL, MIG_SUBSET, -EOPNOTSUPP, "features"),
	RULE(features_high, ~MIG_SPEED, MIG_SUBSET, -EOPNOTSUPP,
	     "features from bit 32 on"),
	RULE_CDNA(features_high, MIG_SPEED, MIG_SAME, -EOPNOTSUPP,
		  "features from bit 32 on"),
	RULE(offloads, MIG_ALL, MIG_SUBSET, -EOPNOTSUPP, "offloads"),
	RULE(formats, MIG_ALL, MIG_SUBSET, -EOPNOTSUPP, "descriptor formats"),
	RULE_CDNA(qps, MIG_ALL, MIG_AT_MOST, -EOPNOTSUPP, "queue pairs"),
	/* They number the control queue. */
	RULE_VIRTIO(qps, MIG_ALL, MIG_SAME, -EOPNOTSUPP, "queue pairs"),
	RULE(min_ring, MIG_ALL, MIG_AT_LEAST, -EOPNOTSUPP, "smallest ring"),
	RULE(max_ring, MIG_ALL, MIG_AT_MOST, -EOPNOTSUPP, "largest ring"),
	RULE(mtu, MIG_ALL, MIG_AT_MOST, -EOPNOTSUPP, "MTU"),
	RULE(max_coalesce_usecs, MIG_ALL, MIG_AT_MOST, -EOPNOTSUPP,
	     "longest moderation"),
	RULE(reserved2[0], MIG_ALL, MIG_SAME, -EINVAL, "reserved field"),
	RULE(reserved2[1], MIG_ALL, MIG_SAME, -EINVAL, "reserved field"),
	RULE(reserved2[2], MIG_ALL, MIG_SAME, -EINVAL, "reserved field"),
	RULE(reserved2[3], MIG_ALL, MIG_SAME, -EINVAL, "reserved field"),
};

/**
 * cdna_mig_header_begin - a header that says only what stream this is
 * @header: filled in
 * @kind: CDNA_MIG_KIND_*
 */
void cdna_mig_header_begin(struct cdna_mig_header *header, u32 kind)
{
	u32 bytes = kind == CDNA_MIG_KIND_VIRTIO ?
		    sizeof(struct cdna_mig_virtio) : sizeof(struct cdna_mig_body);

	*header = (struct cdna_mig_header) {
		.magic = cpu_to_le64(CDNA_MIG_MAGIC),
		.version = cpu_to_le32(CDNA_MIG_VERSION),
		.header_bytes = cpu_to_le32(sizeof(*header)),
		.body_bytes = cpu_to_le32(bytes),
		.kind = cpu_to_le32(kind),
	};
}

/**
 * cdna_mig_bytes - how long a stream is
 * @header: one of cdna_mig_header_begin()
 *
 * Return: bytes.
 */
u32 cdna_mig_bytes(const struct cdna_mig_header *header)
{
	return sizeof(*header) + le32_to_cpu(header->body_bytes);
}

static bool mig_holds(u8 relation, u32 theirs, u32 ours)
{
	switch (relation) {
	case MIG_SUBSET:
		return !(theirs & ~ours);
	case MIG_AT_MOST:
		return theirs <= ours;
	case MIG_AT_LEAST:
		return theirs >= ours;
	default:
		return theirs == ours;
	}
}

/**
 * cdna_mig_header_check - may their guest go on here?
 * @theirs: from the stream
 * @ours: what this device would send
 * @why: filled in if not
 *
 * Return: 0; -EINVAL if it is not a stream for this device; -EOPNOTSUPP if the device
 * has not all that the guest relies on.
 */
int cdna_mig_header_check(const struct cdna_mig_header *theirs,
			  const struct cdna_mig_header *ours,
			  struct cdna_mig_refusal *why)
{
	u32 kind = le32_to_cpu(ours->kind);
	const struct mig_rule *rule;

	for (rule = mig_rules; rule < mig_rules + ARRAY_SIZE(mig_rules);
	     rule++) {
		*why = (struct cdna_mig_refusal) {
			.what = rule->what,
			.theirs = get_unaligned_le32((const u8 *)theirs +
						     rule->offset) & rule->mask,
			.ours = get_unaligned_le32((const u8 *)ours +
						   rule->offset) & rule->mask,
		};
		if ((!rule->kind || rule->kind == kind) &&
		    !mig_holds(rule->relation, why->theirs, why->ours))
			return rule->err;
	}
	return 0;
}

/**
 * cdna_mig_config_check - bound a configuration space
 * @theirs: from the stream
 * @kind: of the device
 * @config: filled in
 *
 * Only what a guest can write may differ from power-on.
 *
 * Return: whether that is so.
 */
bool cdna_mig_config_check(const u8 *theirs, enum cdna_config_kind kind,
			   struct cdna_config *config)
{
	cdna_config_init(config, kind);
	cdna_config_write(config, 0, theirs, sizeof(config->byte));
	return !memcmp(config->byte, theirs, sizeof(config->byte));
}

/**
 * cdna_mig_body_check - bound what a guest has written there
 * @body: from the stream
 * @config: filled in with its configuration space
 * @why: filled in if it is refused
 *
 * Arguments of commands are bounded when a command takes them.
 *
 * Return: 0 or -EINVAL.
 */
int cdna_mig_body_check(const struct cdna_mig_body *body,
			struct cdna_config *config,
			struct cdna_mig_refusal *why)
{
	*why = (struct cdna_mig_refusal) { .what = "configuration space" };
	if (!cdna_mig_config_check(body->config, CDNA_CONFIG_CDNA, config))
		return -EINVAL;
	*why = (struct cdna_mig_refusal) {
		.what = "result of a command",
		.theirs = le32_to_cpu(body->result),
		.ours = CDNA_VRES_IN_USE,
	};
	if (why->theirs > why->ours)
		return -EINVAL;
	*why = (struct cdna_mig_refusal) {
		.what = "reserved field",
		.theirs = le32_to_cpu(body->reserved),
	};
	return body->reserved ? -EINVAL : 0;
}
