// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of cdna_provider.h, done by the PCI NIC. What comes from above
 * is bounded here: the rest of this room relies on it.
 */
#include "nic/cdna_drain.h"
#include "nic/cdna_nic.h"
#include "nic/cdna_nic_cmd.h"
#include "nic/cdna_nic_ops.h"

static int ops_command(struct cdna_provider *provider,
		       const struct cdna_admin_cmd *cmd,
		       struct cdna_admin_completion *done)
{
	return cdna_adminq_run(cdna_nic_of(provider), cmd, done);
}

static int ops_drain(struct cdna_provider *provider, u16 ctx, u8 dir,
		     unsigned long qps)
{
	return cdna_drain(cdna_nic_of(provider), ctx, dir, qps);
}

static int ops_mailbox_page(struct cdna_provider *provider, u16 ctx,
			    unsigned long *pfn)
{
	const struct cdna_nic *nic = cdna_nic_of(provider);

	if (ctx >= provider->info.contexts)
		return -EINVAL;
	*pfn = PHYS_PFN(pci_resource_start(nic->pdev, CDNA_BAR_SRAM) +
			CDNA_PARTITION(ctx));
	return 0;
}

static void ops_ring_mailbox(struct cdna_provider *provider, u16 ctx,
			     u32 mbox, u32 value)
{
	const struct cdna_nic *nic = cdna_nic_of(provider);

	if (ctx < provider->info.contexts && mbox < CDNA_NR_MAILBOXES)
		writel(value, nic->sram + CDNA_PARTITION(ctx) +
		       CDNA_MBOX_OFFSET(mbox));
}

static u32 ops_load(struct cdna_provider *provider, u16 ctx, u32 offset)
{
	const struct cdna_nic *nic = cdna_nic_of(provider);

	if (ctx >= provider->info.contexts || offset >= CDNA_PARTITION_SIZE)
		return 0;
	return readl(nic->sram + CDNA_PARTITION(ctx) + offset);
}

static int ops_read_stats(struct cdna_provider *provider, u16 ctx,
			  u64 value[CDNA_NR_STATS])
{
	return cdna_nic_cmd_read_stats(cdna_nic_of(provider),
				       CDNA_STATS_CONTEXT, ctx, value);
}

static int ops_source_bind(struct cdna_provider *provider, u16 ctx, u8 qp,
			   cdna_source_fn fn, void *data)
{
	return cdna_source_bind(cdna_nic_of(provider), ctx, qp, fn, data);
}

static void ops_source_unbind(struct cdna_provider *provider, u16 ctx,
			      unsigned long qps)
{
	cdna_source_unbind(cdna_nic_of(provider), ctx, qps);
}

static void ops_fail(struct cdna_provider *provider, const char *why)
{
	cdna_adminq_fail(cdna_nic_of(provider), why);
}

static void ops_mute(struct cdna_provider *provider)
{
	cdna_events_mute(cdna_nic_of(provider));
}

/* The operations of the PCI NIC */
const struct cdna_provider_ops cdna_nic_ops = {
	.command = ops_command,
	.drain = ops_drain,
	.mailbox_page = ops_mailbox_page,
	.ring_mailbox = ops_ring_mailbox,
	.load = ops_load,
	.read_stats = ops_read_stats,
	.source_bind = ops_source_bind,
	.source_unbind = ops_source_unbind,
	.fail = ops_fail,
	.mute = ops_mute,
};
