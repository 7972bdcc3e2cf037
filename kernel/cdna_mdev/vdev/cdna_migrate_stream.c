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
 * @err: if they are not
 */
struct mig_rule {
	const char *what;
	u16 offset;
	u32 mask;
	u8 relation;
	int err;
};

#define RULE(field, mask, relation, err, what) \
	{ what, offsetof(struct cdna_mig_header, field), mask, relation, err }
#define MIG_ALL		0xffffffff
#define MIG_MAJOR	0xffff0000
#define MIG_MINOR	0x0000ffff

/* What a guest's driver looks up each time it activates the device: who rings mailboxes,
 * and by what it traps
 */
#define MIG_LOOKED_UP	(CDNA_VFEAT_HOST_MAILBOX | CDNA_VFEAT_TRAP_PAGE)

/* In this order: what is not a stream of ours has no other fields. */
static const struct mig_rule mig_rules[] = {
	RULE(magic, MIG_ALL, MIG_SAME, -EINVAL, "magic number"),
	{ "magic number", offsetof(struct cdna_mig_header, magic) + 4, MIG_ALL,
	  MIG_SAME, -EINVAL },
	RULE(version, MIG_ALL, MIG_SAME, -EOPNOTSUPP, "version of the stream"),
	RULE(header_bytes, MIG_ALL, MIG_SAME, -EINVAL, "length of the header"),
	RULE(body_bytes, MIG_ALL, MIG_SAME, -EINVAL, "length of the body"),
	RULE(kind, MIG_ALL, MIG_SAME, -EINVAL, "kind of device"),
	RULE(mac[0], MIG_ALL, MIG_SAME, -EINVAL, "MAC address, first bytes"),
	RULE(mac[4], MIG_ALL, MIG_SAME, -EINVAL, "MAC address, last bytes"),
	RULE(access_vlan, MIG_ALL, MIG_SAME, -EINVAL, "VLAN"),
	RULE(flags, MIG_ALL, MIG_SAME, -EINVAL, "VLAN trunk"),
	RULE(abi, MIG_MAJOR, MIG_SAME, -EOPNOTSUPP, "guest interface"),
	RULE(abi, MIG_MINOR, MIG_AT_MOST, -EOPNOTSUPP, "guest interface"),
	RULE(features, ~MIG_LOOKED_UP, MIG_SUBSET, -EOPNOTSUPP, "features"),
	RULE(offloads, MIG_ALL, MIG_SUBSET, -EOPNOTSUPP, "offloads"),
	RULE(formats, MIG_ALL, MIG_SUBSET, -EOPNOTSUPP, "descriptor formats"),
	RULE(qps, MIG_ALL, MIG_AT_MOST, -EOPNOTSUPP, "queue pairs"),
	RULE(min_ring, MIG_ALL, MIG_AT_LEAST, -EOPNOTSUPP, "smallest ring"),
	RULE(max_ring, MIG_ALL, MIG_AT_MOST, -EOPNOTSUPP, "largest ring"),
	RULE(mtu, MIG_ALL, MIG_AT_MOST, -EOPNOTSUPP, "MTU"),
	RULE(max_coalesce_usecs, MIG_ALL, MIG_AT_MOST, -EOPNOTSUPP,
	     "longest moderation"),
	RULE(reserved2[0], MIG_ALL, MIG_SAME, -EINVAL, "reserved field"),
	RULE(reserved2[1], MIG_ALL, MIG_SAME, -EINVAL, "reserved field"),
	RULE(reserved2[2], MIG_ALL, MIG_SAME, -EINVAL, "reserved field"),
	RULE(reserved2[3], MIG_ALL, MIG_SAME, -EINVAL, "reserved field"),
	RULE(reserved2[4], MIG_ALL, MIG_SAME, -EINVAL, "reserved field"),
};

/**
 * cdna_mig_header_begin - a header that says only what stream this is
 * @header: filled in
 */
void cdna_mig_header_begin(struct cdna_mig_header *header)
{
	*header = (struct cdna_mig_header) {
		.magic = cpu_to_le64(CDNA_MIG_MAGIC),
		.version = cpu_to_le32(CDNA_MIG_VERSION),
		.header_bytes = cpu_to_le32(sizeof(*header)),
		.body_bytes = cpu_to_le32(sizeof(struct cdna_mig_body)),
		.kind = cpu_to_le32(CDNA_MIG_KIND_CDNA),
	};
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
		if (!mig_holds(rule->relation, why->theirs, why->ours))
			return rule->err;
	}
	return 0;
}

/* Only what a guest can write may differ from power-on. */
static bool mig_config_is_ours(const struct cdna_mig_body *body,
			       struct cdna_config *config)
{
	cdna_config_init(config, CDNA_CONFIG_CDNA);
	cdna_config_write(config, 0, body->config, sizeof(body->config));
	return !memcmp(config->byte, body->config, sizeof(config->byte));
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
	if (!mig_config_is_ours(body, config))
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
