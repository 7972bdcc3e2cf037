// SPDX-License-Identifier: GPL-2.0-only
/*
 * Has the driver's next receive filters be such that the host refuses them: their
 * flags are changed where the driver is about to store them.
 */
#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static uint times = 1;
module_param(times, uint, 0);
MODULE_PARM_DESC(times, "how many filters");

static atomic_t spoiler_left;

/* The second parameter of cdna_vcmd_filter(): flags that do not exist */
static int spoiler_filter(struct kprobe *probe, struct pt_regs *regs)
{
	if (atomic_dec_if_positive(&spoiler_left) >= 0)
		regs->si = U32_MAX;
	return 0;
}

static struct kprobe spoiler_probe = {
	.symbol_name = "cdna_vcmd_filter",
	.pre_handler = spoiler_filter,
};

static int __init spoiler_init(void)
{
	atomic_set(&spoiler_left, times);
	return register_kprobe(&spoiler_probe);
}
module_init(spoiler_init);

static void __exit spoiler_exit(void)
{
	unregister_kprobe(&spoiler_probe);
}
module_exit(spoiler_exit);

MODULE_DESCRIPTION("Receive filters that the host refuses");
MODULE_LICENSE("GPL");
