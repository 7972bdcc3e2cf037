// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mailbox page in the guest's address space. It is mapped on a fault, so
 * that taking it away is a zap: the next touch faults again and gets a page
 * that is never read. The guest survives in both directions (I6). A virtio device's
 * notify page is that page always: only that there was a store matters.
 */
#include <linux/io.h>
#include <linux/mm.h>

#include "cdna_provider.h"
#include "vdev/cdna_ctx.h"
#include "vdev/cdna_map.h"
#include "vdev/cdna_region.h"

static unsigned long map_target(struct cdna_ctx *ctx)
{
	struct cdna_provider *nic = ctx->domain.nic;
	unsigned long pfn;

	lockdep_assert_held(&ctx->map_lock);
	if (ctx->virtio || ctx->detached ||
	    nic->ops->mailbox_page(nic, ctx->domain.id, &pfn))
		return page_to_pfn(ctx->dummy);
	return pfn;
}

static vm_fault_t map_fault(struct vm_fault *vmf)
{
	struct cdna_ctx *ctx = vmf->vma->vm_private_data;
	vm_fault_t ret;

	/* Detaching sets the flag under this lock and zaps after it. */
	mutex_lock(&ctx->map_lock);
	ret = vmf_insert_pfn(vmf->vma, vmf->address, map_target(ctx));
	mutex_unlock(&ctx->map_lock);
	return ret;
}

static const struct vm_operations_struct map_ops = {
	.fault = map_fault,
};

/**
 * cdna_map_mmap - map the mailbox page
 * @ctx: whose
 * @vma: must have offset, size and sharing of the mailbox page
 *
 * Return: 0 or -EINVAL.
 */
int cdna_map_mmap(struct cdna_ctx *ctx, struct vm_area_struct *vma)
{
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;

	if (offset != CDNA_REGION_OFFSET(VFIO_PCI_BAR0_REGION_INDEX))
		return -EINVAL;
	if (vma->vm_end - vma->vm_start != CDNA_VDEV_BAR_MAILBOX_SIZE ||
	    !(vma->vm_flags & VM_SHARED))
		return -EINVAL;

	vma->vm_private_data = ctx;
	vma->vm_ops = &map_ops;
	/* Re-arming in memory needs its barriers to be those of memory. */
	if (!ctx->domain.nic->partitions_in_memory)
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

static void map_switch(struct cdna_ctx *ctx, bool detached)
{
	mutex_lock(&ctx->map_lock);
	ctx->detached = detached;
	mutex_unlock(&ctx->map_lock);
	if (ctx->vfio.inode)
		unmap_mapping_range(ctx->vfio.inode->i_mapping,
				    CDNA_REGION_OFFSET(VFIO_PCI_BAR0_REGION_INDEX),
				    CDNA_VDEV_BAR_MAILBOX_SIZE, true);
}

/**
 * cdna_map_detach - take the mailbox page away
 * @ctx: whose
 *
 * When it returns, no store of the guest reaches the NIC (I6).
 */
void cdna_map_detach(struct cdna_ctx *ctx)
{
	map_switch(ctx, true);
}

/**
 * cdna_map_attach - let the guest reach it again
 * @ctx: whose
 */
void cdna_map_attach(struct cdna_ctx *ctx)
{
	map_switch(ctx, false);
}

/**
 * cdna_map_clean - forget what another guest stored while detached
 * @ctx: whose; nothing is mapped
 */
void cdna_map_clean(struct cdna_ctx *ctx)
{
	clear_page(page_address(ctx->dummy));
}

/**
 * cdna_map_load - read the mailbox page without having mapped it
 * @ctx: whose
 * @offset: in the page
 * @to: buffer of @count bytes
 * @count: bytes; all are in the page
 *
 * Reads the same as a load through the mapping, a word at a time. A page that is
 * detached is empty.
 */
void cdna_map_load(struct cdna_ctx *ctx, u32 offset, u8 *to, size_t count)
{
	struct cdna_provider *nic = ctx->domain.nic;
	u32 at, skip, bytes;
	__le32 word;

	mutex_lock(&ctx->map_lock);
	for (at = 0; at < count; at += bytes) {
		skip = (offset + at) % sizeof(word);
		bytes = min_t(u32, sizeof(word) - skip, count - at);
		word = ctx->virtio || ctx->detached ? 0 :
		       cpu_to_le32(nic->ops->load(nic, ctx->domain.id,
						  offset + at - skip));
		memcpy(to + at, (u8 *)&word + skip, bytes);
	}
	mutex_unlock(&ctx->map_lock);
}

/* As through the mapping: the provider looks at it when it has news. */
static void map_store_memory(struct cdna_provider *nic, u16 ctx, u32 offset,
			     u32 value)
{
	unsigned long pfn;
	__le32 *word;

	if (nic->ops->mailbox_page(nic, ctx, &pfn))
		return;
	word = phys_to_virt(PFN_PHYS(pfn)) + offset;
	WRITE_ONCE(*word, cpu_to_le32(value));
}

/**
 * cdna_map_store - store into a mailbox without having mapped the page
 * @ctx: whose
 * @offset: in the page, a multiple of 4
 * @value: what is stored; has no effect but on a mailbox
 */
void cdna_map_store(struct cdna_ctx *ctx, u32 offset, u32 value)
{
	struct cdna_provider *nic = ctx->domain.nic;

	mutex_lock(&ctx->map_lock);
	if (ctx->detached || offset >= CDNA_MBOX_OFFSET(CDNA_NR_MAILBOXES))
		goto unlock;
	if (nic->partitions_in_memory)
		map_store_memory(nic, ctx->domain.id, offset, value);
	else
		nic->ops->ring_mailbox(nic, ctx->domain.id, offset / 4,
				       value);
unlock:
	mutex_unlock(&ctx->map_lock);
}
