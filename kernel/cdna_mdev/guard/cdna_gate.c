// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gates. Unlike a lock, a gate may be closed by a thread that must not wait for a
 * lock of the thread inside: dma_unmap closes gates behind which pages are pinned
 * (see Documentation/locking.rst). And shutting it is one thing, waiting for those
 * inside another, which only those do who can afford it.
 */
#include <linux/kernel.h>
#include <linux/sched.h>

#include "guard/cdna_gate.h"

/**
 * cdna_gate_init - make a closed gate
 * @gate: the gate
 */
void cdna_gate_init(struct cdna_gate *gate)
{
	spin_lock_init(&gate->lock);
	gate->open = false;
	gate->inside = 0;
	init_waitqueue_head(&gate->empty);
}

/**
 * cdna_gate_open - let threads in
 * @gate: the gate; what is behind it is ready
 */
void cdna_gate_open(struct cdna_gate *gate)
{
	spin_lock(&gate->lock);
	WRITE_ONCE(gate->open, true);
	spin_unlock(&gate->lock);
}

static bool gate_empty(struct cdna_gate *gate)
{
	bool empty;

	spin_lock(&gate->lock);
	empty = !gate->inside;
	spin_unlock(&gate->lock);
	return empty;
}

/**
 * cdna_gate_shut - let no thread in
 * @gate: the gate; may be shut already
 *
 * Those inside stay there. A thread that pins may stay for as long as its machine
 * likes, so no lock that others need is held while waiting for it.
 */
void cdna_gate_shut(struct cdna_gate *gate)
{
	spin_lock(&gate->lock);
	WRITE_ONCE(gate->open, false);
	spin_unlock(&gate->lock);
}

/**
 * cdna_gate_wait - wait until no thread is inside
 * @gate: the gate, shut
 *
 * Context: may sleep; not from inside, and without a lock that a thread needs which
 * is not this machine's.
 */
void cdna_gate_wait(struct cdna_gate *gate)
{
	might_sleep();
	wait_event_idle(gate->empty, gate_empty(gate));
}

/**
 * cdna_gate_is_closed - whether no thread is inside, and none may go in
 * @gate: the gate
 *
 * Return: true if what is behind it is the caller's, who holds the lock under which
 * it is opened.
 */
bool cdna_gate_is_closed(struct cdna_gate *gate)
{
	bool closed;

	spin_lock(&gate->lock);
	closed = !gate->open && !gate->inside;
	spin_unlock(&gate->lock);
	return closed;
}

/**
 * cdna_gate_is_open - whether threads may go in
 * @gate: the gate
 *
 * Return: true if it is open; that stays so only for a caller that holds the
 * lock under which it is closed.
 */
bool cdna_gate_is_open(const struct cdna_gate *gate)
{
	return READ_ONCE(gate->open);
}

/**
 * cdna_gate_enter - go in
 * @gate: the gate
 *
 * Return: true if inside; then cdna_gate_leave() follows.
 */
bool cdna_gate_enter(struct cdna_gate *gate)
{
	bool in;

	spin_lock(&gate->lock);
	in = gate->open;
	gate->inside += in;
	spin_unlock(&gate->lock);
	return in;
}

/**
 * cdna_gate_leave - come out
 * @gate: the gate
 *
 * The wake-up stays under the lock, so that the thread that closed the gate may
 * free it. One that waits is woken also if the gate was opened again meanwhile.
 */
void cdna_gate_leave(struct cdna_gate *gate)
{
	spin_lock(&gate->lock);
	/* A thread is in the queue before it looks, which it does under the lock. */
	if (!--gate->inside && waitqueue_active(&gate->empty))
		wake_up_all(&gate->empty);
	spin_unlock(&gate->lock);
}
