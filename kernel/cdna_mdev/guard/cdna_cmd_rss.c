// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command that sets receive-side scaling: the NIC reads what is set from memory.
 */
#include <linux/kernel.h>

#include "cdna_provider.h"
#include "guard/cdna_cmd.h"
#include "guard/cdna_dma.h"
#include "guard/cdna_domain.h"

/**
 * cdna_cmd_ctx_rss - choose which queue pair of a context receives which flow
 * @domain: the context, of a NIC of interface 1.6 or later
 * @rss: key and table
 *
 * Return: 0 or an error.
 */
int cdna_cmd_ctx_rss(struct cdna_domain *domain, const struct cdna_rss *rss)
{
	struct cdna_admin_cmd cmd = {
		.opcode = cpu_to_le16(CDNA_CMD_CTX_RSS),
		.context = cpu_to_le16(domain->id),
	};
	struct cdna_provider *nic = domain->nic;
	struct cdna_rss *memory;
	dma_addr_t dma;
	int ret;

	might_sleep();
	memory = cdna_dma_alloc(nic->dma_dev, sizeof(*memory), &dma, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	*memory = *rss;
	cmd.rss.addr = cpu_to_le64(dma);
	ret = nic->ops->command(nic, &cmd, NULL);
	/* It has been read, or the NIC is dead and cut off. */
	cdna_dma_free(nic->dma_dev, sizeof(*memory), memory, dma);
	return ret;
}
