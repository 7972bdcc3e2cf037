// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin for QEMU's emulated processors that counts the instructions of L1 and
 * of its guests: user and kernel, host and guest.
 *
 *   -plugin cdna_count.so,out=FILE
 *
 * Each time that a program executes the no-operation in mark.h, a line of JSON
 * is appended to FILE, with totals of all vCPUs since the start. The program may
 * read it immediately.
 *
 * A counter of instructions with addresses of the user and one of the kernel's
 * are increased in the translated code, so counting costs little. A guest runs
 * from VMRUN (AMD's SVM, what QEMU can emulate) until the instruction behind a
 * VMRUN executes; in between, what the two counters gain is the guest's.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mark.h"
#include "qemu_plugin.h"

/* Instructions behind a VMRUN: KVM has two, each may be there at two addresses. */
#define COUNT_MAX_BEHIND	16

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
QEMU_PLUGIN_EXPORT int qemu_plugin_install(uint64_t id,
					   const struct qemu_info *info,
					   int argc, char **argv);

enum count_side { COUNT_HOST, COUNT_GUEST, COUNT_SIDES };
enum count_half { COUNT_USER, COUNT_KERNEL, COUNT_HALVES };

/**
 * struct count_vcpu - one emulated processor
 * @ran: instructions since the start; the translated code adds to them
 * @ran_before: the same when it last went between host and guest
 * @sum: what of that belongs to which side, up to then
 * @entries: VMRUNs
 * @side: enum count_side, now
 */
struct count_vcpu {
	uint64_t ran[COUNT_HALVES];
	uint64_t ran_before[COUNT_HALVES];
	uint64_t sum[COUNT_SIDES][COUNT_HALVES];
	uint64_t entries;
	uint64_t side;
};

static struct qemu_plugin_scoreboard *count_score;
static uint64_t count_behind[COUNT_MAX_BEHIND];
static unsigned int count_behinds;
static int count_fd;

static void count_switch(struct count_vcpu *vcpu, enum count_side side)
{
	int half;

	for (half = 0; half < COUNT_HALVES; half++) {
		vcpu->sum[vcpu->side][half] +=
			vcpu->ran[half] - vcpu->ran_before[half];
		vcpu->ran_before[half] = vcpu->ran[half];
	}
	vcpu->side = side;
}

static void count_vmrun(unsigned int index, void *udata)
{
	struct count_vcpu *vcpu = qemu_plugin_scoreboard_find(count_score,
							      index);

	(void)udata;
	count_switch(vcpu, COUNT_GUEST);
	vcpu->entries++;
}

static void count_behind_vmrun(unsigned int index, void *udata)
{
	(void)udata;
	count_switch(qemu_plugin_scoreboard_find(count_score, index),
		     COUNT_HOST);
}

/* Other vCPUs run meanwhile: theirs may be off by what they do in a microsecond. */
static void count_add(struct count_vcpu *total, const struct count_vcpu *vcpu)
{
	struct count_vcpu now = *vcpu;
	int side, half;

	count_switch(&now, COUNT_HOST);
	for (side = 0; side < COUNT_SIDES; side++)
		for (half = 0; half < COUNT_HALVES; half++)
			total->sum[side][half] += now.sum[side][half];
	total->entries += now.entries;
}

/* Time is that of the machine's monotonic clock. */
static void count_write(const struct count_vcpu *total)
{
	const struct {
		const char *name;
		uint64_t value;
	} numbers[] = {
		{ "host_user", total->sum[COUNT_HOST][COUNT_USER] },
		{ "host_kernel", total->sum[COUNT_HOST][COUNT_KERNEL] },
		{ "guest_kernel", total->sum[COUNT_GUEST][COUNT_KERNEL] },
		{ "guest_user", total->sum[COUNT_GUEST][COUNT_USER] },
		{ "entries", total->entries },
	};
	struct timespec now;
	char line[384];
	size_t i;
	int len;

	clock_gettime(CLOCK_MONOTONIC, &now);
	len = snprintf(line, sizeof(line), "{\"seconds\":%" PRId64 ".%06ld",
		       (int64_t)now.tv_sec, now.tv_nsec / 1000);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		len += snprintf(line + len, sizeof(line) - len,
				",\"%s\":%" PRIu64, numbers[i].name,
				numbers[i].value);
	len += snprintf(line + len, sizeof(line) - len, "}\n");
	if (write(count_fd, line, len) != len)
		perror("cdna_count: write");
}

static void count_mark(unsigned int index, void *udata)
{
	struct count_vcpu total = { .entries = 0 };
	int i;

	(void)index;
	(void)udata;
	for (i = 0; i < qemu_plugin_num_vcpus(); i++)
		count_add(&total, qemu_plugin_scoreboard_find(count_score, i));
	count_write(&total);
}

static bool count_is_behind(uint64_t addr)
{
	unsigned int i, n = __atomic_load_n(&count_behinds, __ATOMIC_ACQUIRE);

	for (i = 0; i < n; i++)
		if (count_behind[i] == addr)
			return true;
	return false;
}

/* QEMU translates on all vCPUs concurrently. */
static void count_remember(uint64_t addr)
{
	static int lock;

	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		;
	if (!count_is_behind(addr) && count_behinds < COUNT_MAX_BEHIND) {
		count_behind[count_behinds] = addr;
		__atomic_store_n(&count_behinds, count_behinds + 1,
				 __ATOMIC_RELEASE);
	}
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

static void count_insn(struct qemu_plugin_insn *insn)
{
	static const uint8_t vmrun[] = { 0x0f, 0x01, 0xd8 };
	static const uint8_t nop[] = { 0x0f, 0x1f, 0x84, 0x00,
				       MARK & 0xff, MARK >> 8 & 0xff,
				       MARK >> 16 & 0xff, MARK >> 24 };
	size_t size = qemu_plugin_insn_size(insn);
	uint8_t data[sizeof(nop)];

	if (size != sizeof(vmrun) && size != sizeof(nop))
		return;
	qemu_plugin_insn_data(insn, data, sizeof(data));
	if (size == sizeof(nop) && !memcmp(data, nop, sizeof(nop)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, count_mark,
						       QEMU_PLUGIN_CB_NO_REGS,
						       NULL);
	if (size == sizeof(vmrun) && !memcmp(data, vmrun, sizeof(vmrun))) {
		qemu_plugin_register_vcpu_insn_exec_cb(insn, count_vmrun,
						       QEMU_PLUGIN_CB_NO_REGS,
						       NULL);
		count_remember(qemu_plugin_insn_vaddr(insn) + sizeof(vmrun));
	}
}

/* The callback comes before the counter, so a block's instructions count for
 * the side that it is on.
 */
static void count_translated(struct qemu_plugin_tb *tb, void *udata)
{
	uint64_t addr = qemu_plugin_tb_vaddr(tb);
	size_t i, n = qemu_plugin_tb_n_insns(tb);
	struct qemu_plugin_u64 counter = {
		.score = count_score,
		.offset = offsetof(struct count_vcpu, ran[COUNT_USER]),
	};

	(void)udata;
	if ((int64_t)addr < 0)
		counter.offset = offsetof(struct count_vcpu, ran[COUNT_KERNEL]);
	if (count_is_behind(addr))
		qemu_plugin_register_vcpu_tb_exec_cb(tb, count_behind_vmrun,
						     QEMU_PLUGIN_CB_NO_REGS,
						     NULL);
	qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(tb,
							  QEMU_PLUGIN_INLINE_ADD_U64,
							  counter, n);
	for (i = 0; i < n; i++)
		count_insn(qemu_plugin_tb_get_insn(tb, i));
}

/**
 * qemu_plugin_install - QEMU calls it once, before the machine starts
 * @id: our handle
 * @info: the machine
 * @argc: number of arguments
 * @argv: "name=value" each
 *
 * Return: 0, or -1 if this machine or the arguments are not for us.
 */
int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc,
			char **argv)
{
	if (!info->system_emulation || strcmp(info->target_name, "x86_64") ||
	    argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr,
			"cdna_count: wants an x86_64 machine and out=FILE\n");
		return -1;
	}
	count_fd = open(argv[0] + 4, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
			0644);
	if (count_fd < 0) {
		perror(argv[0] + 4);
		return -1;
	}
	count_score = qemu_plugin_scoreboard_new(sizeof(struct count_vcpu));
	qemu_plugin_register_vcpu_tb_trans_cb(id, count_translated, NULL);
	return 0;
}
