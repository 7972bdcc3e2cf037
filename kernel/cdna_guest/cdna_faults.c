// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why queues were stopped: what the host and the NIC report, and what the data
 * path has found.
 */
#include <linux/delay.h>

#include <cdna/names.h>

#include "cdna_faults.h"
#include "cdna_queue_pair.h"
#include "cdna_vreg.h"

/* How often, and at which interval, to ask the host for the reason of a stop */
#define FAULTS_TRIES		20
#define FAULTS_TRY_MS		10

static const char *faults_text(u32 fault)
{
	static const char * const names[CDNA_NR_VFAULTS] = {
		[CDNA_FAULT_SEQUENCE] = "its sequence number is wrong",
		[CDNA_FAULT_TOO_FAR] = "the mailbox is more than a ring ahead",
		[CDNA_FAULT_LENGTH] = "the NIC does not take its length",
		[CDNA_FAULT_FLAGS] = "the NIC does not take its flags",
		[CDNA_FAULT_CHAIN] = "its frame has too many pieces for the NIC",
		[CDNA_FAULT_DMA_DESC] = "the NIC cannot read the ring",
		[CDNA_FAULT_DMA_DATA] = "the NIC cannot reach its buffer",
		[CDNA_FAULT_DMA_STATUS] = "the NIC cannot write the status page",
		[CDNA_VFAULT_TAIL] = "the tail is more than a ring ahead",
		[CDNA_VFAULT_LENGTH] = "its length is zero or too large",
		[CDNA_VFAULT_CROSSING] = "its buffer crosses a page boundary",
		[CDNA_VFAULT_FLAGS] = "its flags are not allowed",
		[CDNA_VFAULT_CHAIN] = "its frame has too many pieces",
		[CDNA_VFAULT_UNMAPPED] = "its buffer is not memory of this machine",
		[CDNA_VFAULT_READONLY] = "its buffer is read-only memory",
		[CDNA_VFAULT_NOT_RAM] = "its buffer is in memory of a device",
		[CDNA_VFAULT_NO_MEMORY] = "the host reached its limit of pinned memory",
		[CDNA_VFAULT_WITHDRAWN] = "its memory was taken from this machine",
		[CDNA_VFAULT_NIC_DEAD] = "the NIC does not answer the host",
	};

	return fault < CDNA_NR_VFAULTS && names[fault] ?
	       names[fault] : "the reason is one that this driver does not know";
}

/* The host counts the fault by the same name. */
static void faults_log(struct cdna_dev *dev, u32 queue, u32 index, u32 fault)
{
	const char *name = cdna_name_fault(fault);

	netdev_err(dev->netdev,
		   "%s queue %u was stopped at descriptor %u: %s (%s)\n",
		   queue % CDNA_NR_DIRS == CDNA_DIR_TX ? "transmit" : "receive",
		   queue / CDNA_NR_DIRS, index, faults_text(fault),
		   name ? name : "unknown");
}

/* Log why a queue was stopped, if it was. Return: enum cdna_vfault */
static u32 faults_one(struct cdna_dev *dev, u32 queue)
{
	struct cdna_vdev_report report;
	u32 fault;

	if (cdna_vreg_read(dev, CDNA_VREG_REPORT_OF(queue)) !=
	    CDNA_QUEUE_FAULTED)
		return CDNA_VFAULT_NONE;
	cdna_vreg_report(dev, queue, &report);
	fault = le32_to_cpu(report.fault);
	dev->recovery.faults++;
	if (net_ratelimit())
		faults_log(dev, queue, le32_to_cpu(report.index), fault);
	return fault ? fault : CDNA_NR_VFAULTS;
}

/* Return: why a queue was stopped, or CDNA_VFAULT_NONE if all run. A dead NIC
 * takes precedence.
 */
static u32 faults_look(struct cdna_dev *dev)
{
	u32 found = CDNA_VFAULT_NONE;
	u32 queue, fault;

	for (queue = 0; queue < dev->nr_qps * CDNA_NR_DIRS; queue++) {
		fault = faults_one(dev, queue);
		if (fault && found != CDNA_VFAULT_NIC_DEAD)
			found = fault;
	}
	return found;
}

/* Does the NIC report a stopped queue? */
static bool faults_stopped(const struct cdna_dev *dev)
{
	u32 i;

	for (i = 0; i < dev->nr_qps; i++)
		if (le32_to_cpu(READ_ONCE(dev->status[i].tx_state)) ==
		    CDNA_QUEUE_FAULTED ||
		    le32_to_cpu(READ_ONCE(dev->status[i].rx_state)) ==
		    CDNA_QUEUE_FAULTED)
			return true;
	return false;
}

/**
 * cdna_faults_find - look for stopped queues, and log the reasons
 * @dev: the device, whose queues exist
 *
 * The NIC notifies the guest before the host, which knows the reason, so wait
 * for the host, but not for long.
 *
 * Context: Process context. May sleep.
 * Return: enum cdna_vfault of one of them, or CDNA_NR_VFAULTS if the host
 * reports no reason; CDNA_VFAULT_NONE if all run.
 */
u32 cdna_faults_find(struct cdna_dev *dev)
{
	u32 tries, fault;

	might_sleep();
	for (tries = 0; tries < FAULTS_TRIES; tries++) {
		fault = faults_look(dev);
		if (fault || !faults_stopped(dev))
			return fault;
		msleep(FAULTS_TRY_MS);
	}
	return CDNA_VFAULT_NONE;
}

/**
 * cdna_faults_broken - look for queue pairs that the data path ignores
 * @dev: the device, whose queues exist
 *
 * The data path ignores a queue pair for which the device wrote something
 * invalid.
 *
 * Context: Any.
 * Return: whether there is such a pair; the log names it.
 */
bool cdna_faults_broken(const struct cdna_dev *dev)
{
	bool broken = false;
	u32 i;

	for (i = 0; i < dev->nr_qps; i++) {
		if (!READ_ONCE(dev->qp[i].broken))
			continue;
		if (net_ratelimit())
			netdev_err(dev->netdev,
				   "the device wrote an invalid index or completion for queue pair %u\n",
				   i);
		broken = true;
	}
	return broken;
}
