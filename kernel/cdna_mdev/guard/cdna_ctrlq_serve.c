// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of a control virtqueue: each is copied, run and answered.
 */
#include <linux/err.h>
#include <linux/mm.h>

#include "guard/cdna_ctrlq.h"
#include "guard/cdna_ctrlq_serve.h"
#include "guard/cdna_domain.h"
#include "guard/cdna_fault.h"
#include "guard/cdna_gate.h"
#include "guard/cdna_pin.h"
#include "guard/cdna_queue.h"
#include "guard/cdna_span.h"
#include "guard/cdna_virtq.h"
#include "guard/cdna_vring.h"

#define CTRLQ_ONCE	16	/* commands until it pauses, */
#define CTRLQ_PAUSE_MS	1	/* for so long */

/* Copy a command, as much of it as is looked at. Only the copy counts (I2).
 * Return: 0, or an error of pinning
 */
static int ctrlq_copy(struct cdna_vring *vring,
		      struct cdna_ctrlq_command *command)
{
	const struct cdna_virtq_chain *chain = &vring->chain;
	u32 i, n;
	int ret;

	command->len = 0;
	for (i = 0; i < chain->pieces; i++) {
		n = min_t(u32, chain->piece[i].len,
			  CDNA_CTRLQ_BYTES - command->len);
		ret = cdna_vring_read(vring, chain->piece[i].addr,
				      command->byte + command->len, n);
		if (ret)
			return ret;
		command->len += n;
	}
	command->more = chain->drop || chain->bytes > command->len;
	return 0;
}

/* Nobody waits for an answer that the guest may not get any longer. */
static bool ctrlq_answer(struct cdna_ctrlq *ctrlq, struct cdna_vring *vring,
			 struct cdna_pin *pin, u8 ack)
{
	u64 addr = vring->chain.answer;
	u8 *to = page_address(pin->page) + offset_in_page(addr);

	if (!cdna_gate_is_open(&ctrlq->queue.gate))
		return false;
	WRITE_ONCE(*to, ack);
	cdna_virtq_complete(&vring->virtq, vring->chain.head, sizeof(ack));
	return true;
}

/* Run the command of a chain. Return: 0; or an error of pinning, then it was not answered
 */
static int ctrlq_one(struct cdna_ctrlq *ctrlq, struct cdna_vring *vring)
{
	struct cdna_domain *domain = ctrlq->domain;
	struct cdna_pin *pin;
	bool answered;
	int ret;

	ret = ctrlq_copy(vring, &ctrlq->command);
	if (ret)
		return ret;
	pin = cdna_span_get(domain, vring->chain.answer, true,
			    &ctrlq->queue.hits);
	if (IS_ERR(pin))
		return PTR_ERR(pin);
	answered = ctrlq_answer(ctrlq, vring, pin,
				ctrlq->ops->run(domain, &ctrlq->command));
	cdna_pin_put(pin);
	if (!answered)
		return -EAGAIN;
	if (cdna_virtq_wants(&vring->virtq))
		ctrlq->ops->interrupt(domain);
	return 0;
}

/* Serve the next chain. Return: CDNA_VFAULT_NONE, or why that is not possible */
static enum cdna_vfault ctrlq_next(struct cdna_ctrlq *ctrlq,
				   struct cdna_vring *vring, bool *found)
{
	struct cdna_virtq *virtq = &vring->virtq;
	int ret = cdna_virtq_next(virtq, &vring->chain);

	*found = ret;
	if (!ret)
		return CDNA_VFAULT_NONE;
	if (ret < 0)
		return virtq->error ? cdna_span_fault(virtq->error) :
				      virtq->fault;
	ret = ctrlq_one(ctrlq, vring);
	if (!ret)
		return CDNA_VFAULT_NONE;
	cdna_virtq_unget(virtq);
	return cdna_span_fault(ret);
}

/* As for other virtqueues: where the host has no memory now, the chain is looked at later.
 * And no page can be had of what is being taken away: who does that says why.
 * Return: in how many milliseconds that is, 0: never
 */
static unsigned int ctrlq_stop(struct cdna_ctrlq *ctrlq,
			       struct cdna_vring *vring,
			       enum cdna_vfault reason)
{
	const struct cdna_fault_info fault = {
		.reason = reason,
		.index = vring->virtq.next,
	};

	if (reason == CDNA_VFAULT_NO_MEMORY)
		return CDNA_CTRLQ_RETRY_MS;
	if (cdna_gate_is_open(&ctrlq->queue.gate))
		cdna_fault_queue(&ctrlq->queue, &fault);
	return 0;
}

/**
 * cdna_ctrlq_serve - run a few commands of a control queue
 * @ctrlq: the control queue, whose gate was entered
 * @vring: its virtqueue
 *
 * The guest notifies of what comes after the last one.
 *
 * Context: cdna_domain.ctl_lock is held; may sleep, and pins pages.
 *
 * Return: in how many milliseconds it is to be served again, 0: when it is notified.
 */
unsigned int cdna_ctrlq_serve(struct cdna_ctrlq *ctrlq,
			      struct cdna_vring *vring)
{
	enum cdna_vfault fault;
	bool found;
	u32 n;

	ctrlq->rests = false;
	for (n = 0; n < CTRLQ_ONCE && !ctrlq->rests; n++) {
		if (!cdna_gate_is_open(&ctrlq->queue.gate))
			return 0;
		fault = ctrlq_next(ctrlq, vring, &found);
		if (fault)
			return ctrlq_stop(ctrlq, vring, fault);
		if (!found && !cdna_virtq_notify_at(&vring->virtq, 0))
			break;
	}
	return n ? CTRLQ_PAUSE_MS : 0;
}
