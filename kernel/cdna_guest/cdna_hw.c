// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers and commands. Each access is a trip through the host's user space,
 * so none of this is on a data path; only cdna_enqueue.c stores into the
 * register page there, if it has to.
 */
#include <linux/io.h>
#include <linux/unaligned.h>

#include "cdna_dev.h"

/* All that the status page has is read with the queue pair that it is of. */
static_assert(CDNA_MAX_QPS * sizeof(struct cdna_qp_status) <= CDNA_PAGE_SIZE);

/**
 * cdna_hw_read - read a register
 * @dev: the device
 * @reg: CDNA_VREG_*
 *
 * All ones are what a device reads as that is not there any more. The register
 * that can never be all ones tells whether they mean that.
 *
 * Return: the register; all ones if the device is gone.
 */
u32 cdna_hw_read(struct cdna_dev *dev, u32 reg)
{
	u32 value;

	if (test_bit(CDNA_DEV_GONE, &dev->flags))
		return ~0u;
	value = readl(dev->regs + reg);
	if (value == ~0u && readl(dev->regs + CDNA_VREG_MAGIC) == ~0u &&
	    !test_and_set_bit(CDNA_DEV_GONE, &dev->flags))
		cdna_recover_kick(dev);
	return value;
}

/**
 * cdna_hw_switch_on - is the device there, and only its memory switched off?
 * @dev: the device, found to be gone
 *
 * That stops no DMA, so whoever did it finds it switched on again: a device has
 * to be reset before the memory that it reaches is given back.
 *
 * Return: whether it was; the device is not gone then.
 */
bool cdna_hw_switch_on(struct cdna_dev *dev)
{
	u16 command;

	pci_read_config_word(dev->pdev, PCI_COMMAND, &command);
	if (PCI_POSSIBLE_ERROR(command) || command & PCI_COMMAND_MEMORY)
		return false;
	dev_warn_ratelimited(&dev->pdev->dev,
			     "memory decoding of this device was switched off; switching it on again\n");
	pci_write_config_word(dev->pdev, PCI_COMMAND,
			      command | PCI_COMMAND_MEMORY);
	clear_bit(CDNA_DEV_GONE, &dev->flags);
	return true;
}

/**
 * cdna_hw_check - is this a device that we can drive?
 * @dev: the device
 *
 * Return: 0, -ENODEV if there is none, -EPROTO if it is of another kind or
 * version; then the log says which.
 */
int cdna_hw_check(struct cdna_dev *dev)
{
	u32 magic = cdna_hw_read(dev, CDNA_VREG_MAGIC);
	u32 abi = cdna_hw_read(dev, CDNA_VREG_ABI);

	if (test_bit(CDNA_DEV_GONE, &dev->flags)) {
		dev_err(&dev->pdev->dev,
			"the device does not answer: all registers read as ones\n");
		return -ENODEV;
	}
	if (magic != CDNA_VDEV_MAGIC) {
		dev_err(&dev->pdev->dev,
			"this is not a context of a CDNA NIC: its magic number is %#x, not %#x\n",
			magic, CDNA_VDEV_MAGIC);
		return -EPROTO;
	}
	if (CDNA_ABI_GET_MAJOR(abi) != CDNA_VDEV_ABI_MAJOR) {
		dev_err(&dev->pdev->dev,
			"the host implements version %u.%u of this device's interface, the driver %u.%u; update the older one\n",
			CDNA_ABI_GET_MAJOR(abi), CDNA_ABI_GET_MINOR(abi),
			CDNA_VDEV_ABI_MAJOR, CDNA_VDEV_ABI_MINOR);
		return -EPROTO;
	}
	dev->caps.abi = abi;
	return 0;
}

static void hw_write(struct cdna_dev *dev, u32 reg, u32 value)
{
	lockdep_assert_held(&dev->cmd_lock);
	writel(value, dev->regs + reg);
}

static void hw_write64(struct cdna_dev *dev, u32 reg_lo, u64 value)
{
	hw_write(dev, reg_lo, lower_32_bits(value));
	hw_write(dev, reg_lo + sizeof(u32), upper_32_bits(value));
}

/**
 * struct hw_result - what a result of a command means
 * @error: as an error of Linux
 * @text: in words
 */
struct hw_result {
	int error;
	const char *text;
};

static const struct hw_result hw_results[] = {
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
static int hw_command(struct cdna_dev *dev, enum cdna_vcommand command,
		      const char *name)
{
	static const struct hw_result unknown = {
		-EPROTO, "the host returned an unknown result"
	};
	const struct hw_result *result = &unknown;
	u32 value;

	hw_write(dev, CDNA_VREG_COMMAND, command);
	value = cdna_hw_read(dev, CDNA_VREG_RESULT);
	if (test_bit(CDNA_DEV_GONE, &dev->flags))
		return -ENODEV;
	if (value < ARRAY_SIZE(hw_results))
		result = &hw_results[value];
	if (result->error)
		dev_err_ratelimited(&dev->pdev->dev, "cannot %s: %s\n", name,
				    result->text);
	return result->error;
}

/* Where there is nothing, some machines read zeros: that says that it is done. */
static int hw_reset(struct cdna_dev *dev)
{
	int ret = hw_command(dev, CDNA_VCMD_RESET, "reset the device");

	if (!ret && cdna_hw_read(dev, CDNA_VREG_MAGIC) != CDNA_VDEV_MAGIC)
		ret = -ENODEV;
	return ret;
}

/**
 * cdna_hw_reset - no queues, no pages, no DMA
 * @dev: the device, in any state
 *
 * When it returns 0 or -ENODEV, nothing writes to our memory any more.
 *
 * Return: 0 or an error.
 */
int cdna_hw_reset(struct cdna_dev *dev)
{
	int ret;

	mutex_lock(&dev->cmd_lock);
	ret = hw_reset(dev);
	if (ret == -ENODEV && cdna_hw_switch_on(dev))
		ret = hw_reset(dev);
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

static int hw_activate(struct cdna_dev *dev, u32 features)
{
	int ret;

	memset(dev->status, 0, CDNA_PAGE_SIZE);
	memset(dev->tails, 0, CDNA_PAGE_SIZE);
	mutex_lock(&dev->cmd_lock);
	hw_write(dev, CDNA_VREG_ARG_FEATURES, features);
	hw_write64(dev, CDNA_VREG_ARG_STATUS_LO, dev->status_dma);
	hw_write64(dev, CDNA_VREG_ARG_TAILS_LO, dev->tails_dma);
	hw_write64(dev, CDNA_VREG_ARG_DOORBELL_LO,
		   features & CDNA_VFEAT_TRAP_PAGE ? dev->doorbell_dma : 0);
	ret = hw_command(dev, CDNA_VCMD_ACTIVATE, "activate the device");
	mutex_unlock(&dev->cmd_lock);
	if (!ret)
		dev->features = features;
	return ret;
}

static void hw_drop_page(struct cdna_dev *dev)
{
	dev->caps.features &= ~CDNA_VFEAT_TRAP_PAGE;
	dev_info(&dev->pdev->dev,
		 "the host cannot watch the doorbell page: frames are sent by register, which is slower\n");
}

/**
 * cdna_hw_activate - give the device its pages
 * @dev: the device, reset
 *
 * What the host does not offer any more, it is activated without; and without a
 * doorbell page, for good, if the host cannot watch it.
 *
 * Return: 0 or an error.
 */
int cdna_hw_activate(struct cdna_dev *dev)
{
	u32 features = dev->caps.features &
		       cdna_hw_read(dev, CDNA_VREG_FEATURES);
	int ret = -EFAULT;

	if (!(dev->caps.features & CDNA_VFEAT_TRAP_PAGE))
		return hw_activate(dev, features);
	if (features & CDNA_VFEAT_TRAP_PAGE)
		ret = hw_activate(dev, features);
	if (ret != -EFAULT)
		return ret;
	hw_drop_page(dev);
	return hw_activate(dev, features & ~CDNA_VFEAT_TRAP_PAGE);
}

/**
 * cdna_hw_queue_create - make a queue
 * @dev: the device, active
 * @queue: what it is made of
 *
 * Return: 0 or an error.
 */
int cdna_hw_queue_create(struct cdna_dev *dev,
			 const struct cdna_hw_queue *queue)
{
	int ret;

	mutex_lock(&dev->cmd_lock);
	hw_write(dev, CDNA_VREG_ARG_QUEUE, queue->queue);
	hw_write(dev, CDNA_VREG_ARG_FORMAT, queue->format);
	hw_write(dev, CDNA_VREG_ARG_SLOTS, queue->slots);
	hw_write(dev, CDNA_VREG_ARG_OFFLOADS, queue->offloads);
	hw_write64(dev, CDNA_VREG_ARG_RING_LO, queue->ring);
	hw_write64(dev, CDNA_VREG_ARG_COMP_LO, queue->comp);
	ret = hw_command(dev, CDNA_VCMD_QUEUE_CREATE, "create a queue");
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

/**
 * cdna_hw_coalesce - set interrupt moderation
 * @dev: the device, active
 * @qp: queue pair
 * @usecs: longest wait after the first news
 * @frames: news that end the wait, 0: none does
 *
 * Return: 0 or an error.
 */
int cdna_hw_coalesce(struct cdna_dev *dev, u32 qp, u32 usecs, u32 frames)
{
	int ret;

	mutex_lock(&dev->cmd_lock);
	hw_write(dev, CDNA_VREG_ARG_QUEUE, CDNA_VQUEUE(qp, CDNA_DIR_RX));
	hw_write(dev, CDNA_VREG_ARG_USECS, usecs);
	hw_write(dev, CDNA_VREG_ARG_FRAMES, frames);
	ret = hw_command(dev, CDNA_VCMD_COALESCE, "set interrupt moderation");
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

/**
 * cdna_hw_filter - set the receive filter
 * @dev: the device, active
 * @flags: CDNA_FILTER_*
 * @mc_hash: CDNA_HW_MC_WORDS words; see struct cdna_admin_filter
 *
 * Return: 0 or an error.
 */
int cdna_hw_filter(struct cdna_dev *dev, u32 flags, const u64 *mc_hash)
{
	u32 i;
	int ret;

	mutex_lock(&dev->cmd_lock);
	hw_write(dev, CDNA_VREG_ARG_FILTER, flags);
	for (i = 0; i < CDNA_HW_MC_WORDS; i++)
		hw_write64(dev, CDNA_VREG_ARG_MC_HASH + i * sizeof(u64),
			   mc_hash[i]);
	ret = hw_command(dev, CDNA_VCMD_FILTER, "set the receive filter");
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

/**
 * cdna_hw_set_mac - be known by an address until the device is reset
 * @dev: the device, active
 * @mac: a unicast address
 *
 * Return: 0; -EADDRINUSE if another context has it; or another error.
 */
int cdna_hw_set_mac(struct cdna_dev *dev, const u8 *mac)
{
	int ret;

	mutex_lock(&dev->cmd_lock);
	hw_write(dev, CDNA_VREG_ARG_MAC_LO, get_unaligned_le32(mac));
	hw_write(dev, CDNA_VREG_ARG_MAC_HI, get_unaligned_le16(mac + 4));
	ret = hw_command(dev, CDNA_VCMD_SET_MAC, "set the MAC address");
	mutex_unlock(&dev->cmd_lock);
	return ret;
}

/**
 * cdna_hw_report - what the host says about a queue
 * @dev: the device
 * @queue: CDNA_VQUEUE()
 * @report: filled in; all ones if the device is gone
 */
void cdna_hw_report(struct cdna_dev *dev, u32 queue,
		    struct cdna_vdev_report *report)
{
	__le32 *word = (__le32 *)report;
	u32 i;

	for (i = 0; i < sizeof(*report) / sizeof(*word); i++)
		word[i] = cpu_to_le32(cdna_hw_read(dev,
						   CDNA_VREG_REPORT_OF(queue) +
						   i * sizeof(*word)));
}
