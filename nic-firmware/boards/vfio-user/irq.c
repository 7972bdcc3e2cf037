// SPDX-License-Identifier: GPL-2.0-only
/*
 * MSI-X vectors as eventfds. QEMU re-arms by disabling all vectors and
 * enabling them again, so a vector that is raised in between is latched and
 * sent when its eventfd comes.
 */
#include "irq.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/**
 * irq_init() - no vector has an eventfd
 * @irq: vectors
 */
void irq_init(struct irq *irq)
{
	u32 v;

	memset(irq, 0, sizeof(*irq));
	for (v = 0; v < CDNA_NR_VECTORS; v++)
		irq->fd[v] = -1;
}

/**
 * irq_close_all() - the client disabled the index or is gone
 * @irq: vectors; what is pending stays so
 */
void irq_close_all(struct irq *irq)
{
	u32 v;

	for (v = 0; v < CDNA_NR_VECTORS; v++)
		irq_set(irq, v, -1);
}

/**
 * irq_clear_pending() - a reset forgets what was raised before it
 * @irq: vectors
 */
void irq_clear_pending(struct irq *irq)
{
	memset(irq->pending, 0, sizeof(irq->pending));
}

/**
 * irq_is_eventfd() - whether a client's descriptor may stand for a vector
 * @fd: from the client
 *
 * Anything else could block on a write, or be a file that we would write to.
 *
 * Return: true for an eventfd.
 */
bool irq_is_eventfd(int fd)
{
	char path[40], link[40];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return false;
	link[n] = '\0';
	return !strcmp(link, "anon_inode:[eventfd]");
}

/*
 * The counter may be at its limit, so that the write would block: the client
 * has a message to take, and one more makes no difference.
 */
static void irq_send(struct irq *irq, u32 vector)
{
	static const u64 one = 1;

	irq->pending[vector] = false;
	irq->sent[vector]++;
	if (write(irq->fd[vector], &one, sizeof(one)) < 0)
		return;
}

static void irq_flush(struct irq *irq, u32 vector)
{
	if (irq->pending[vector] && irq->open && irq->fd[vector] >= 0)
		irq_send(irq, vector);
}

/**
 * irq_set() - give a vector its eventfd, or take it
 * @irq: vectors
 * @vector: below CDNA_NR_VECTORS
 * @fd: passes into the vector's ownership; -1: none
 */
void irq_set(struct irq *irq, u32 vector, int fd)
{
	if (irq->fd[vector] >= 0)
		close(irq->fd[vector]);
	irq->fd[vector] = fd;
	if (fd < 0)
		return;
	/* Shared with the client, whose own is non-blocking in QEMU. */
	fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK);
	irq_flush(irq, vector);
}

/**
 * irq_set_open() - the bus-master bit: a message is a write to memory
 * @irq: vectors
 * @open: whether it is set
 */
void irq_set_open(struct irq *irq, bool open)
{
	u32 v;

	irq->open = open;
	for (v = 0; v < CDNA_NR_VECTORS; v++)
		irq_flush(irq, v);
}

/**
 * irq_raise() - send a message, now or when it can be
 * @irq: vectors
 * @vector: which
 */
void irq_raise(struct irq *irq, u32 vector)
{
	if (vector >= CDNA_NR_VECTORS)
		return;
	if (irq->open && irq->fd[vector] >= 0) {
		irq_send(irq, vector);
		return;
	}
	irq->pending[vector] = true;
	irq->latched[vector]++;
}

/**
 * irq_pending_mask() - the pending bit array
 * @irq: vectors
 *
 * Return: a bit per vector.
 */
u32 irq_pending_mask(const struct irq *irq)
{
	u32 v, mask = 0;

	for (v = 0; v < CDNA_NR_VECTORS; v++)
		mask |= (u32)irq->pending[v] << v;
	return mask;
}
