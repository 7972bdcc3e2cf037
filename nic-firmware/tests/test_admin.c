// SPDX-License-Identifier: GPL-2.0-only
/*
 * The admin queue: every command has defined errors, refused ones change
 * nothing, and none is taken without room for its completion.
 */
#include "control.h"

#define NR_OPCODES	0x100

/*
 * What each command's bytes 8 to 63 may hold, written down a second time from
 * Documentation/abi.rst: a letter is a byte of a field, '.' must be zero.
 * Trailing dots are left out.
 */
static const char *const layout[NR_OPCODES] = {
	[CDNA_CMD_IDENTIFY] = "aaaaaaaa",
	[CDNA_CMD_SET_RINGS] = "bbbbbbbbeeeeeeeeccccccccssssSSSS",
	[CDNA_CMD_CTX_CONFIGURE] = "mmmmmmvvffff",
	[CDNA_CMD_CTX_ACTIVATE] = "aaaaaaaa",
	[CDNA_CMD_CTX_QUIESCE] = "",
	[CDNA_CMD_CTX_RESET] = "",
	[CDNA_CMD_CTX_REVOKE] = "",
	[CDNA_CMD_CTX_RELEASE] = "",
	[CDNA_CMD_CTX_QUERY] = "",
	[CDNA_CMD_CTX_RESUME] = "",
	[CDNA_CMD_CTX_SPREAD] = "q",
	[CDNA_CMD_CTX_RSS] = "aaaaaaaa",
	[CDNA_CMD_CTX_GROUP] = "gg",
	[CDNA_CMD_QUEUE_CREATE] =
		"qdfsooooffffuussaaaaaaaappff....aaaaaaaappff....ii",
	[CDNA_CMD_QUEUE_DESTROY] = "qd",
	[CDNA_CMD_QUEUE_DRAIN] = "qd",
	[CDNA_CMD_QUEUE_QUERY] = "qd",
	[CDNA_CMD_SOURCE_BIND] = "q...bbbb",
	[CDNA_CMD_SOURCE_UNBIND] = "q...bbbb",
	[CDNA_CMD_SET_FILTER] = "ffff....hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh",
	[CDNA_CMD_MAC_ADD] = "mmmmmm",
	[CDNA_CMD_MAC_DEL] = "mmmmmm",
	[CDNA_CMD_VLAN_ADD] = "vv",
	[CDNA_CMD_VLAN_DEL] = "vv",
	[CDNA_CMD_SET_COALESCE] = "q...uuuuffff",
	[CDNA_CMD_SET_LIMITS] = "mmmmssssnnnnrrrr",
	[CDNA_CMD_SET_THROTTLE] = "uuuubbbb",
	[CDNA_CMD_GROUP_SET] = "gg..mmmmnnnn",
	[CDNA_CMD_GROUP_DEL] = "gg",
	[CDNA_CMD_READ_STATS] = "aaaaaaaawwqq",
};

static bool names_context(u32 opcode)
{
	return opcode >= CDNA_CMD_CTX_CONFIGURE &&
	       (opcode < CDNA_CMD_SET_THROTTLE ||
		opcode > CDNA_CMD_GROUP_DEL);
}

static void unknown_opcodes_are_refused(void **state)
{
	struct cdna_admin_completion done;
	struct cdna_admin_cmd cmd;
	struct h *h = h_new(NULL);
	u32 opcode;

	(void)state;
	for (opcode = 0; opcode < 0x10000; opcode += opcode < 512 ? 1 : 509) {
		if (opcode < NR_OPCODES && layout[opcode])
			continue;
		h_cmd(&cmd, opcode, 0);
		assert_int_equal(h_admin(h, &cmd, &done),
				 CDNA_SC_BAD_OPCODE);
		assert_int_equal(fw_le16(done.opcode), opcode);
	}
	h_free(h);
}

static void reserved_bytes_must_be_zero(void **state)
{
	struct cdna_admin_completion done;
	struct cdna_admin_cmd cmd;
	struct h *h = h_new(NULL);
	u32 opcode, i;

	(void)state;
	for (opcode = 0; opcode < NR_OPCODES; opcode++) {
		if (!layout[opcode])
			continue;
		for (i = 0; i < sizeof(cmd.raw); i++) {
			if (i < strlen(layout[opcode]) &&
			    layout[opcode][i] != '.')
				continue;
			h_cmd(&cmd, opcode, 0);
			cmd.raw[i] = 0x80;
			assert_int_equal(h_admin(h, &cmd, &done),
					 CDNA_SC_BAD_PARAM);
			assert_int_equal(fw_le16(done.detail), 8 + i);
		}
		h_cmd(&cmd, opcode, 0);
		cmd.reserved = fw_to_le16(0x100);
		assert_int_equal(h_admin(h, &cmd, &done), CDNA_SC_BAD_PARAM);
		assert_int_equal(fw_le16(done.detail), 6);
	}
	h_free(h);
}

static void context_numbers_are_bounded(void **state)
{
	static const u32 hostile[] = { 5, 32, 256, 0x8000, 0xffff };
	struct h_config config = { .contexts = 5 };
	struct cdna_admin_completion done;
	struct h *h = h_new(&config);
	struct cdna_admin_cmd cmd;
	u32 opcode, i, status;

	(void)state;
	for (opcode = 0; opcode < NR_OPCODES; opcode++) {
		for (i = 0; i < FW_ARRAY_SIZE(hostile) && layout[opcode]; i++) {
			h_cmd(&cmd, opcode, hostile[i]);
			status = h_admin(h, &cmd, &done);
			if (names_context(opcode)) {
				assert_int_equal(status,
						 CDNA_SC_BAD_CONTEXT);
			} else {
				assert_int_equal(status, CDNA_SC_BAD_PARAM);
				assert_int_equal(fw_le16(done.detail), 4);
			}
		}
	}
	h_free(h);
}

/* One field of a command that would be good otherwise */
struct bad_field {
	u16 opcode;
	u8 at;
	u8 size;
	u64 value;
	u16 detail;
};

#define BAD(op, field, value_, detail_) { \
	.opcode = CDNA_CMD_##op, \
	.at = offsetof(struct cdna_admin_cmd, field), \
	.size = sizeof(((struct cdna_admin_cmd *)0)->field), \
	.value = (value_), .detail = (detail_) }

static const struct bad_field bad_fields[] = {
	BAD(IDENTIFY, identify.addr, 0x100000004, 8),
	BAD(CTX_CONFIGURE, configure.access_vlan, 4095, 14),
	BAD(CTX_CONFIGURE, configure.access_vlan, 0xffff, 14),
	BAD(CTX_CONFIGURE, configure.flags, 8, 16),
	BAD(CTX_CONFIGURE, configure.flags, 0x80000000, 16),
	BAD(CTX_CONFIGURE, configure.mac[0], 0x03, 8),
	BAD(CTX_ACTIVATE, activate.status_addr, 0, 8),
	BAD(CTX_ACTIVATE, activate.status_addr, 0x10000000800, 8),
	BAD(CTX_SPREAD, spread.qps, 0, 8),
	BAD(CTX_RSS, rss.addr, 0, 8),
	BAD(CTX_RSS, rss.addr, 0x100000004, 8),
	BAD(QUEUE_CREATE, queue.qp, 8, 8),
	BAD(QUEUE_CREATE, queue.qp, 255, 8),
	BAD(QUEUE_CREATE, queue.dir, 2, 9),
	BAD(QUEUE_CREATE, queue.dir, 255, 9),
	BAD(QUEUE_CREATE, queue.format, 3, 10),
	BAD(QUEUE_CREATE, queue.format, 255, 10),
	BAD(QUEUE_CREATE, queue.size_log2, 0, 11),
	BAD(QUEUE_CREATE, queue.size_log2, 5, 11),
	BAD(QUEUE_CREATE, queue.size_log2, 13, 11),
	BAD(QUEUE_CREATE, queue.size_log2, 32, 11),
	BAD(QUEUE_CREATE, queue.size_log2, 255, 11),
	BAD(QUEUE_CREATE, queue.offloads, 0x100, 12),
	BAD(QUEUE_CREATE, queue.offloads, CDNA_OFFLOAD_LRO, 12),
	BAD(QUEUE_CREATE, queue.offloads, CDNA_OFFLOAD_TSO4, 12),
	BAD(QUEUE_CREATE, queue.first_seq, 0x10000, 16),
	BAD(QUEUE_CREATE, queue.used_offset, 4, 20),
	BAD(QUEUE_CREATE, queue.used_offset, 0x8000, 20),
	BAD(QUEUE_CREATE, queue.used_slots, 1, 22),
	BAD(QUEUE_CREATE, queue.used_slots, 0x8000, 22),
	BAD(QUEUE_CREATE, queue.ring.addr, 0x10000000020, 24),
	BAD(QUEUE_CREATE, queue.ring.addr, 0xffffffffffffffc0, 24),
	BAD(QUEUE_CREATE, queue.ring.pages, 1, 24),
	BAD(QUEUE_CREATE, queue.ring.flags, 2, 24),
	BAD(QUEUE_CREATE, queue.completions.addr, 0x10000000000, 40),
	BAD(QUEUE_CREATE, queue.completions.pages, 1, 40),
	BAD(QUEUE_CREATE, queue.completions.flags, 1, 40),
	BAD(QUEUE_QUERY, queue.qp, 8, 8),
	BAD(QUEUE_QUERY, queue.dir, 2, 9),
	BAD(QUEUE_DRAIN, queue.qp, 8, 8),
	BAD(QUEUE_DRAIN, queue.dir, 2, 9),
	BAD(QUEUE_DESTROY, queue.qp, 8, 8),
	BAD(QUEUE_DESTROY, queue.dir, 2, 9),
	BAD(SOURCE_BIND, source.qp, 8, 8),
	BAD(SOURCE_BIND, source.bit, FW_NR_SOURCES, 12),
	BAD(SOURCE_UNBIND, source.qp, 8, 8),
	BAD(SET_FILTER, filter.flags, 8, 8),
	BAD(SET_FILTER, filter.flags, CDNA_FILTER_PROMISC, 8),
	BAD(MAC_ADD, mac.mac[0], 0x01, 8),
	BAD(MAC_ADD, mac.mac[0], 0x00, 8),
	BAD(VLAN_ADD, vlan.vid, 0, 8),
	BAD(VLAN_ADD, vlan.vid, 4095, 8),
	BAD(VLAN_DEL, vlan.vid, 0x1001, 8),
	BAD(SET_COALESCE, coalesce.qp, 8, 8),
	BAD(SET_COALESCE, coalesce.usecs, CDNA_MAX_COALESCE_USECS + 1, 12),
	BAD(SET_COALESCE, coalesce.usecs, 0xffffffff, 12),
	BAD(SET_COALESCE, coalesce.frames, CDNA_MAX_RING + 1, 16),
	BAD(SET_LIMITS, limits.tx_mbps, CDNA_MAX_RATE_MBPS + 1, 8),
	BAD(SET_LIMITS, limits.storm_fps, CDNA_MAX_STORM_FPS + 1, 12),
	BAD(SET_LIMITS, limits.tx_min_mbps, CDNA_MAX_RATE_MBPS + 1, 16),
	BAD(SET_LIMITS, limits.rx_mbps, CDNA_MAX_RATE_MBPS + 1, 20),
	BAD(SET_THROTTLE, throttle.usecs, CDNA_MAX_COALESCE_USECS + 1, 8),
	BAD(SET_THROTTLE, throttle.usecs, 0xffffffff, 8),
	BAD(SET_THROTTLE, throttle.usecs, 0, 12),
	BAD(SET_THROTTLE, throttle.burst, 0, 12),
	BAD(SET_THROTTLE, throttle.burst, CDNA_MAX_THROTTLE_BURST + 1, 12),
	BAD(SET_THROTTLE, throttle.burst, 0xffffffff, 12),
	BAD(CTX_GROUP, ctx_group.group, CDNA_MAX_GROUPS + 1, 8),
	BAD(CTX_GROUP, ctx_group.group, 0xffff, 8),
	BAD(GROUP_SET, group.group, CDNA_NO_GROUP, 8),
	BAD(GROUP_SET, group.group, CDNA_MAX_GROUPS + 1, 8),
	BAD(GROUP_SET, group.tx_mbps, CDNA_MAX_RATE_MBPS + 1, 12),
	BAD(GROUP_SET, group.tx_min_mbps, 0xffffffff, 16),
	BAD(GROUP_DEL, group.group, CDNA_NO_GROUP, 8),
	BAD(GROUP_DEL, group.group, 0xffff, 8),
	BAD(READ_STATS, stats.addr, 0x100000001, 8),
	BAD(READ_STATS, stats.what, 3, 16),
	BAD(READ_STATS, stats.qp, 1, 18),
};

/* A command that only its context's state could refuse. */
static void good_command(struct h *h, struct cdna_admin_cmd *cmd, u32 opcode)
{
	h_cmd(cmd, opcode, 0);
	switch (opcode) {
	case CDNA_CMD_IDENTIFY:
		cmd->identify.addr = fw_to_le64(h->scratch);
		break;
	case CDNA_CMD_CTX_CONFIGURE:
		cmd->configure.mac[0] = 0x0a;
		break;
	case CDNA_CMD_CTX_ACTIVATE:
		cmd->activate.status_addr = fw_to_le64(FAKE_CTX_BUS(0));
		break;
	case CDNA_CMD_CTX_SPREAD:
		cmd->spread.qps = 1;
		break;
	case CDNA_CMD_CTX_RSS:
		cmd->rss.addr = fw_to_le64(h->scratch);
		break;
	case CDNA_CMD_QUEUE_CREATE:
		cmd->queue.qp = 1;
		cmd->queue.size_log2 = 8;
		cmd->queue.ring.addr = fw_to_le64(FAKE_CTX_BUS(0));
		break;
	case CDNA_CMD_MAC_ADD:
		cmd->mac.mac[0] = 0x0e;
		break;
	case CDNA_CMD_VLAN_ADD:
	case CDNA_CMD_VLAN_DEL:
		cmd->vlan.vid = fw_to_le16(5);
		break;
	case CDNA_CMD_SET_THROTTLE:
		cmd->throttle.usecs = fw_to_le32(20);
		cmd->throttle.burst = fw_to_le32(1);
		break;
	case CDNA_CMD_GROUP_SET:
	case CDNA_CMD_GROUP_DEL:
		cmd->group.group = fw_to_le16(1);
		break;
	case CDNA_CMD_READ_STATS:
		cmd->stats.addr = fw_to_le64(h->scratch);
		break;
	}
}

static void set_field(struct cdna_admin_cmd *cmd, const struct bad_field *bad)
{
	u32 i;

	for (i = 0; i < bad->size; i++)
		((u8 *)cmd)[bad->at + i] = (u8)(bad->value >> 8 * i);
}

/* The state in which a command is allowed. */
static void bring_to(struct h *h, u32 opcode)
{
	if (opcode == CDNA_CMD_CTX_CONFIGURE)
		return;
	assert_int_equal(h_configure(h, 0, 0, 0), CDNA_SC_OK);
	if (opcode == CDNA_CMD_CTX_ACTIVATE)
		return;
	assert_int_equal(h_activate(h, 0), CDNA_SC_OK);
}

static void fields_are_bounded(void **state)
{
	static struct fw_ctx before;
	struct cdna_admin_completion done;
	const struct bad_field *bad;
	struct cdna_admin_cmd cmd;
	struct h *h;
	u32 i;

	(void)state;
	for (i = 0; i < FW_ARRAY_SIZE(bad_fields); i++) {
		bad = &bad_fields[i];
		h = h_new(NULL);
		bring_to(h, bad->opcode);
		h_run(h);
		good_command(h, &cmd, bad->opcode);
		set_field(&cmd, bad);
		memcpy(&before, &h->nic->ctx[0], sizeof(before));
		if (h_admin(h, &cmd, &done) != CDNA_SC_BAD_PARAM ||
		    fw_le16(done.detail) != bad->detail)
			fail_msg("case %u: status %u detail %u", i,
				 fw_le16(done.status), fw_le16(done.detail));
		/* It has cost something. */
		assert_true(h->nic->ctx[0].work >= before.work);
		before.work = h->nic->ctx[0].work;
		/* Refused: nothing has changed, but for what is not in use. */
		if (bad->opcode != CDNA_CMD_QUEUE_CREATE)
			assert_memory_equal(&before, &h->nic->ctx[0],
					    sizeof(before));
		/* The same without the bad field is taken. */
		good_command(h, &cmd, bad->opcode);
		assert_int_not_equal(h_admin(h, &cmd, &done),
				     CDNA_SC_BAD_PARAM);
		h_free(h);
	}
}

static void trunk_excludes_an_access_vlan(void **state)
{
	struct h *h = h_new(NULL);

	(void)state;
	assert_int_equal(h_configure(h, 0, 7, CDNA_CTXF_TRUNK),
			 CDNA_SC_BAD_PARAM);
	assert_int_equal(h_configure(h, 0, 7, 0), CDNA_SC_OK);
	assert_int_equal(h_vlan_op(h, CDNA_CMD_VLAN_ADD, 0, 8),
			 CDNA_SC_BAD_STATE);
	h_free(h);
}

static void states_that_a_command_needs(void **state)
{
	struct cdna_admin_cmd cmd;
	struct h *h = h_new(NULL);
	u32 opcode;

	(void)state;
	for (opcode = CDNA_CMD_CTX_ACTIVATE; opcode < NR_OPCODES; opcode++) {
		if (!layout[opcode] || !names_context(opcode) ||
		    opcode == CDNA_CMD_CTX_QUERY)
			continue;
		good_command(h, &cmd, opcode);
		if (opcode == CDNA_CMD_READ_STATS)
			cmd.stats.what = fw_to_le16(CDNA_STATS_CONTEXT);
		assert_int_equal(h_admin(h, &cmd, NULL), CDNA_SC_BAD_STATE);
	}
	h_free(h);
}

/* Garbage in every byte: an answer to each, and the NIC stays whole. */
static void random_commands(void **state)
{
	struct cdna_admin_completion done;
	struct cdna_admin_cmd cmd;
	struct h *h = h_new(NULL);
	struct prng prng;
	u32 i, n;

	(void)state;
	prng_seed(&prng, __func__);
	for (i = 0; i < 20000; i++) {
		u32 opcode = prng_below(&prng, CDNA_CMD_READ_STATS + 4);

		good_command(h, &cmd, opcode);
		cmd.context = fw_to_le16((u16)prng_below(&prng, 4));
		for (n = prng_below(&prng, 4); n; n--)
			cmd.raw[prng_below(&prng, 24)] ^=
				(u8)(1 << prng_below(&prng, 8));
		if (opcode == CDNA_CMD_SET_RINGS)
			continue;
		assert_in_range(h_admin(h, &cmd, &done), CDNA_SC_OK,
				CDNA_SC_ABORTED);
		if (!(i % 16))
			h_check(h);
	}
	assert_false(h->nic->fatal);
	h_free(h);
}

TEST_MAIN(
	TEST(unknown_opcodes_are_refused),
	TEST(reserved_bytes_must_be_zero),
	TEST(context_numbers_are_bounded),
	TEST(fields_are_bounded),
	TEST(trunk_excludes_an_access_vlan),
	TEST(states_that_a_command_needs),
	TEST(random_commands),
)
