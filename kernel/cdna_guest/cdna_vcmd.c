// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands, one function each: arguments go into registers, then the command,
 * then the result is read. Each access traps into the host's user space, so
 * none of this is on the data path. cdna_dev.cmd_lock serializes commands. All
 * of them sleep.
 */
#include <linux/unaligned.h>

#include "cdna_vcmd.h"
#include "cdna_vreg.h"

/* The status of each queue pair is on the one status page. */
static_assert(CDNA_MAX_QPS * sizeof(struct cdna_qp_status) <= CDNA_PAGE_SIZE);

static void vcmd_write(struct cdna_dev *dev, u32 reg, u32 value)
{
	lockdep_assert_held(&dev->cmd_lock);
	dev->bus->write(dev, reg, value);
}

static void vcmd_write64(struct cdna_dev *dev, u32 reg_lo, u64 value)
{
	vcmd_write(dev, reg_lo, lower_32_bits(value));
	vcmd_write(dev, reg_lo + sizeof(u32), upper_32_bits(value));
}

/**
 * struct vcmd_result - the meaning of a command's result
 * @error: as an error number
 * @text: in words
 */
struct vcmd_result {
	int error;
	const char *text;
};

static const struct vcmd_result vcmd_results[] = {
	[CDNA_VRES_OK] = { 0, "done" },
	[CDNA_VRES_BAD_COMMAND] = { -EOPNOTSUPP,
				    "the host does not know the command" },
	[CDNA_VRES_BAD_STATE] = { -EBUSY,
				  "the state of the device does not allow it" },
	[CDNA_VRES_BAD_PARAM] = { -EINVAL,
				  "the host does not allow these values" },
	[CDNA_VRES_BAD_ADDRESS] = { -EFAULT,
				    "the host cannot reach this memory" },
	[CDNA_VRES_NO_MEMORY] = { -ENOMEM,
				  "the host is out of memory, or a limit is reached" },
	[CDNA_VRES_NIC] = { -EIO, "the NIC refuses, or does not answer" },
	[CDNA_VRES_UNSUPPORTED] = { -EOPNOTSUPP, "the host does not support it" },
	[CDNA_VRES_IN_USE] = { -EADDRINUSE,
			       "another context of the NIC has this address" },
};

/* Run the command whose arguments are in the registers. */
static int vcmd_run(struct cdna_dev *dev, enum cdna_vcommand command,
		    const char *name)
{
	static const struct vcmd_result unknown = {
		-EPROTO, "the host returned an unknown result"
	};
	const struct vcmd_result *result = &unknown;
	u32 value;

	vcmd_write(dev, CDNA_VREG_COMMAND, command);
	value = cdna_vreg_read(dev, CDNA_VREG_RESULT);
	if (test_bit(CDNA_DEV_GONE, &dev->flags))
		return -ENODEV;
	if (value < ARRAY_SIZE(vcmd_results))
		result = &vcmd_results[value];
	if (result->error)
		dev_err_ratelimited(dev->device, "cannot %s: %s\n", name,
				    result->text);
	return result->error;
}

/* Some machines read zeros where there is no device. Zero is also the result of
 * a command that succeeded, so look at the magic number.
 */
static int vcmd_reset(struct cdna_dev *dev)
{
	int ret = vcmd_run(dev, CDNA_VCMD_RESET, "reset the device");

	if (!ret && cdna_vreg_read(dev, CDNA_VREG_MAGIC) != CDNA_VDEV_MAGIC)
		ret = -ENODEV;
	return ret;
}

/**
 * cdna_vcmd_reset - stop all queues and DMA of the device
 * @dev: the device, in any state
 *
 * After it has returned 0 or -ENODEV, the device no longer accesses our memory.
 *
 * Context: Process context. May sleep.
 * Return: 0 or an error.
 */
int cdna_vcmd_reset(struct cdna_dev *dev)
{
	int ret;

	mutex_lock(&dev->cmd_lock);
	ret = vcmd_reset(dev);
	if (ret == -ENODEV && cdna_vreg_enable_memory(dev))
		ret = vcmd_reset(dev);
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

/* The doorbell page has a guest-physical address, by which the host's KVM finds
 * it. It is the only one: others may be translated by an IOMMU of the machine.
 */
static u64 vcmd_doorbell(const struct cdna_dev *dev, u32 features)
{
	return features & CDNA_VFEAT_TRAP_PAGE ? virt_to_phys(dev->doorbell) :
						 0;
}

static int vcmd_activate(struct cdna_dev *dev, u32 features)
{
	int ret;

	memset(dev->status, 0, CDNA_PAGE_SIZE);
	memset(dev->tails, 0, CDNA_PAGE_SIZE);
	mutex_lock(&dev->cmd_lock);
	vcmd_write(dev, CDNA_VREG_ARG_FEATURES, features);
	vcmd_write64(dev, CDNA_VREG_ARG_STATUS_LO, dev->status_dma);
	vcmd_write64(dev, CDNA_VREG_ARG_TAILS_LO, dev->tails_dma);
	vcmd_write64(dev, CDNA_VREG_ARG_DOORBELL_LO,
		     vcmd_doorbell(dev, features));
	ret = vcmd_run(dev, CDNA_VCMD_ACTIVATE, "activate the device");
	mutex_unlock(&dev->cmd_lock);
	if (!ret)
		dev->features = features;
	return ret;
}

static void vcmd_drop_page(struct cdna_dev *dev)
{
	dev->caps.features &= ~CDNA_VFEAT_TRAP_PAGE;
	dev_info(dev->device,
		 "the host cannot watch the doorbell page: frames are sent by register, which is slower\n");
}

/**
 * cdna_vcmd_activate - give the device its pages
 * @dev: the device, reset
 *
 * Features that the host no longer offers are left out. If the host cannot
 * watch the doorbell page, the device is used without it from then on. Who rings
 * mailboxes may have changed with the host, if this machine has moved: that is what
 * the device says now.
 *
 * Context: Process context. May sleep.
 * Return: 0 or an error.
 */
int cdna_vcmd_activate(struct cdna_dev *dev)
{
	u32 features = cdna_vreg_read(dev, CDNA_VREG_FEATURES) &
		       (dev->caps.features | CDNA_VFEAT_HOST_MAILBOX);
	int ret;

	ret = vcmd_activate(dev, features);
	if (ret != -EFAULT || !(features & CDNA_VFEAT_TRAP_PAGE))
		return ret;
	vcmd_drop_page(dev);
	return vcmd_activate(dev, features & ~CDNA_VFEAT_TRAP_PAGE);
}

/**
 * cdna_vcmd_queue_create - create a queue
 * @dev: the device, active
 * @queue: its parameters
 *
 * Context: Process context. May sleep.
 * Return: 0 or an error.
 */
int cdna_vcmd_queue_create(struct cdna_dev *dev,
			   const struct cdna_vcmd_queue *queue)
{
	int ret;

	mutex_lock(&dev->cmd_lock);
	vcmd_write(dev, CDNA_VREG_ARG_QUEUE, queue->queue);
	vcmd_write(dev, CDNA_VREG_ARG_FORMAT, queue->format);
	vcmd_write(dev, CDNA_VREG_ARG_SLOTS, queue->slots);
	vcmd_write(dev, CDNA_VREG_ARG_OFFLOADS, queue->offloads);
	vcmd_write64(dev, CDNA_VREG_ARG_RING_LO, queue->ring);
	vcmd_write64(dev, CDNA_VREG_ARG_COMP_LO, queue->comp);
	ret = vcmd_run(dev, CDNA_VCMD_QUEUE_CREATE, "create a queue");
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

/**
 * cdna_vcmd_coalesce - set interrupt moderation
 * @dev: the device, active
 * @qp: queue pair
 * @usecs: longest delay of an interrupt, in microseconds
 * @frames: completions that end the delay, 0: no limit
 *
 * Context: Process context. May sleep.
 * Return: 0 or an error.
 */
int cdna_vcmd_coalesce(struct cdna_dev *dev, u32 qp, u32 usecs, u32 frames)
{
	int ret;

	mutex_lock(&dev->cmd_lock);
	vcmd_write(dev, CDNA_VREG_ARG_QUEUE, CDNA_VQUEUE(qp, CDNA_DIR_RX));
	vcmd_write(dev, CDNA_VREG_ARG_USECS, usecs);
	vcmd_write(dev, CDNA_VREG_ARG_FRAMES, frames);
	ret = vcmd_run(dev, CDNA_VCMD_COALESCE, "set interrupt moderation");
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

/**
 * cdna_vcmd_filter - set the receive filter
 * @dev: the device, active
 * @flags: CDNA_FILTER_*
 * @mc_hash: CDNA_VCMD_MC_WORDS words; see struct cdna_admin_filter
 *
 * Context: Process context. May sleep.
 * Return: 0 or an error.
 */
int cdna_vcmd_filter(struct cdna_dev *dev, u32 flags, const u64 *mc_hash)
{
	u32 i;
	int ret;

	mutex_lock(&dev->cmd_lock);
	vcmd_write(dev, CDNA_VREG_ARG_FILTER, flags);
	for (i = 0; i < CDNA_VCMD_MC_WORDS; i++)
		vcmd_write64(dev, CDNA_VREG_ARG_MC_HASH + i * sizeof(u64),
			     mc_hash[i]);
	ret = vcmd_run(dev, CDNA_VCMD_FILTER, "set the receive filter");
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

/**
 * cdna_vcmd_set_mac - set the MAC address that holds until the device is reset
 * @dev: the device, active
 * @mac: a unicast address
 *
 * Context: Process context. May sleep.
 * Return: 0; -EADDRINUSE if another context has it; or another error.
 */
int cdna_vcmd_set_mac(struct cdna_dev *dev, const u8 *mac)
{
	int ret;

	mutex_lock(&dev->cmd_lock);
	vcmd_write(dev, CDNA_VREG_ARG_MAC_LO, get_unaligned_le32(mac));
	vcmd_write(dev, CDNA_VREG_ARG_MAC_HI, get_unaligned_le16(mac + 4));
	ret = vcmd_run(dev, CDNA_VCMD_SET_MAC, "set the MAC address");
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

/**
 * cdna_vcmd_set_rss - choose which queue pair receives which flow, until a reset
 * @dev: the device, active
 * @rss: key and table
 *
 * Context: Process context. May sleep.
 * Return: 0 or an error.
 */
int cdna_vcmd_set_rss(struct cdna_dev *dev, const struct cdna_rss *rss)
{
	const u8 *bytes = (const u8 *)rss;
	u32 i;
	int ret;

	mutex_lock(&dev->cmd_lock);
	for (i = 0; i < sizeof(*rss); i += sizeof(u32))
		vcmd_write(dev, CDNA_VREG_ARG_RSS + i,
			   get_unaligned_le32(bytes + i));
	ret = vcmd_run(dev, CDNA_VCMD_SET_RSS, "set receive-side scaling");
	mutex_unlock(&dev->cmd_lock);
	return ret;
}
