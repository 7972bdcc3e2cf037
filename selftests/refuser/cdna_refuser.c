// SPDX-License-Identifier: GPL-2.0-only
/*
 * A NIC that refuses commands. On their way from cdna_mdev to the NIC they get an
 * opcode that does not exist: the NIC refuses them in its own words, and continues
 * to do whatever they should have ended.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>

#include <cdna/admin.h>

#define REFUSER_OPCODE	0xffff

static ushort opcode;
module_param(opcode, ushort, 0600);
MODULE_PARM_DESC(opcode, "which command is refused, an enum cdna_admin_opcode; 0: none");

static uint skip;
module_param(skip, uint, 0600);
MODULE_PARM_DESC(skip, "so many of them are not refused, before the first that is");

static uint times = UINT_MAX;
module_param(times, uint, 0600);
MODULE_PARM_DESC(times, "at most so many are refused");

static uint refused;
module_param(refused, uint, 0400);
MODULE_PARM_DESC(refused, "how many were refused");

static int refuser_command(struct kprobe *probe, struct pt_regs *regs)
{
	struct cdna_admin_cmd *cmd =
		(void *)regs_get_kernel_argument(regs, 1);

	if (!opcode || le16_to_cpu(cmd->opcode) != opcode)
		return 0;
	if (skip) {
		skip--;
	} else if (times) {
		cmd->opcode = cpu_to_le16(REFUSER_OPCODE);
		times--;
		refused++;
	}
	return 0;
}

static struct kprobe refuser_probe = {
	.symbol_name = "cdna_adminq_run",
	.pre_handler = refuser_command,
};

static int __init refuser_init(void)
{
	return register_kprobe(&refuser_probe);
}
module_init(refuser_init);

static void __exit refuser_exit(void)
{
	unregister_kprobe(&refuser_probe);
}
module_exit(refuser_exit);

MODULE_DESCRIPTION("Makes a CDNA NIC refuse commands, for tests");
MODULE_LICENSE("GPL");
