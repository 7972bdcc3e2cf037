// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace: a line per message and per interrupt, in the terms of abi.rst and
 * not of offsets. It reads what a message says before that is checked.
 */
#include "trace.h"

#include <inttypes.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

#define TRACE_TEXT		160

static const char * const trace_commands[VFU_NR_CMDS] = {
	[VFU_VERSION] = "VERSION",
	[VFU_DMA_MAP] = "DMA_MAP",
	[VFU_DMA_UNMAP] = "DMA_UNMAP",
	[VFU_DEVICE_GET_INFO] = "DEVICE_GET_INFO",
	[VFU_DEVICE_GET_REGION_INFO] = "DEVICE_GET_REGION_INFO",
	[VFU_DEVICE_GET_REGION_IO_FDS] = "DEVICE_GET_REGION_IO_FDS",
	[VFU_DEVICE_GET_IRQ_INFO] = "DEVICE_GET_IRQ_INFO",
	[VFU_DEVICE_SET_IRQS] = "DEVICE_SET_IRQS",
	[VFU_REGION_READ] = "REGION_READ",
	[VFU_REGION_WRITE] = "REGION_WRITE",
	[VFU_DMA_READ] = "DMA_READ",
	[VFU_DMA_WRITE] = "DMA_WRITE",
	[VFU_DEVICE_RESET] = "DEVICE_RESET",
	[VFU_DIRTY_PAGES] = "DIRTY_PAGES",
	[VFU_REGION_WRITE_MULTI] = "REGION_WRITE_MULTI",
};

/**
 * trace_command() - name of a command
 * @cmd: from a header
 *
 * Return: its name in the protocol.
 */
const char *trace_command(u32 cmd)
{
	if (cmd < VFU_NR_CMDS && trace_commands[cmd])
		return trace_commands[cmd];
	return "(unknown)";
}

static void trace_mailbox(char *text, size_t size, u64 offset)
{
	static const char * const which[] = { "tx_prod", "rx_prod", "rearm" };
	static const char * const mgmt[] = {
		"control", "asq_tail", "acq_cons", "event_cons",
		"bitvec_cons", "dma_test", "irq_test",
	};
	u32 ctx = (u32)(offset / CDNA_PARTITION_SIZE);
	u32 mbox = (u32)(offset % CDNA_PARTITION_SIZE / 4);

	if (ctx < CDNA_MAX_CONTEXTS)
		snprintf(text, size, "context %u queue pair %u %s", ctx,
			 mbox / CDNA_MBOXES_PER_QP,
			 which[mbox % CDNA_MBOXES_PER_QP]);
	else if (mbox < FW_ARRAY_SIZE(mgmt))
		snprintf(text, size, "management %s", mgmt[mbox]);
	else
		snprintf(text, size, "management mailbox %u", mbox);
}

/* What is at a place of a region */
static void trace_place(char *text, size_t size, u32 region, u64 offset)
{
	if (region == CDNA_BAR_SRAM &&
	    offset < CDNA_MGMT_PAGE + CDNA_PARTITION_SIZE &&
	    offset % CDNA_PARTITION_SIZE < CDNA_NR_MAILBOXES * 4)
		trace_mailbox(text, size, offset);
	else if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		snprintf(text, size, "config+0x%" PRIx64, offset);
	else
		snprintf(text, size, "BAR%u+0x%" PRIx64, region, offset);
}

/* Up to eight bytes, as the number that they are */
static void trace_value(char *text, size_t size, const u8 *data, u64 len)
{
	u64 value = 0;
	u32 i;

	text[0] = '\0';
	if (!len || len > sizeof(value))
		return;
	for (i = 0; i < len; i++)
		value |= (u64)data[i] << (8 * i);
	snprintf(text, size, " = 0x%" PRIx64, value);
}

static void trace_access(char *text, size_t size, const struct vfu_request *rq)
{
	struct vfu_region_access a;
	char place[64], value[32];

	memcpy(&a, rq->body, sizeof(a));
	trace_place(place, sizeof(place), a.region, a.offset);
	trace_value(value, sizeof(value), rq->body + sizeof(a),
		    rq->len - sizeof(a) == a.count ? a.count : 0);
	snprintf(text, size, " %s, %u bytes%s", place, a.count, value);
}

static void trace_multi(const struct vfu_request *rq)
{
	struct vfu_multi_write w;
	char place[64], value[32];
	u32 at;

	for (at = 8; at + sizeof(w) <= rq->len; at += sizeof(w)) {
		memcpy(&w, rq->body + at, sizeof(w));
		trace_place(place, sizeof(place), w.region, w.offset);
		trace_value(value, sizeof(value), w.data, w.count);
		log_trace("vfu:     %s, %u bytes%s", place, w.count, value);
	}
}

static void trace_dma(char *text, size_t size, const struct vfu_request *rq)
{
	struct vfu_dma_map m;

	memcpy(&m, rq->body, sizeof(m));
	snprintf(text, size,
		 " 0x%" PRIx64 " size 0x%" PRIx64 " file offset 0x%" PRIx64 " %s%s",
		 m.iova, m.size, m.offset, m.flags & DMA_READ ? "r" : "-",
		 m.flags & DMA_WRITE ? "w" : "-");
}

static void trace_unmap(char *text, size_t size, const struct vfu_request *rq)
{
	struct vfu_dma_unmap u;

	memcpy(&u, rq->body, sizeof(u));
	snprintf(text, size, " 0x%" PRIx64 " size 0x%" PRIx64 " flags 0x%x",
		 u.iova, u.size, u.flags);
}

static void trace_set_irqs(char *text, size_t size,
			   const struct vfu_request *rq)
{
	struct vfu_irq_set s;

	memcpy(&s, rq->body, sizeof(s));
	snprintf(text, size, " index %u flags 0x%x vectors %u+%u", s.index,
		 s.flags, s.start, s.count);
}

/* argsz, flags, index: the same place in the questions about either */
static void trace_index(char *text, size_t size, const struct vfu_request *rq)
{
	u32 index;

	memcpy(&index, rq->body + 8, sizeof(index));
	snprintf(text, size, " index %u", index);
}

static const struct {
	u32 min;
	void (*tell)(char *text, size_t size, const struct vfu_request *rq);
} trace_bodies[VFU_NR_CMDS] = {
	[VFU_DMA_MAP] = { 32, trace_dma },
	[VFU_DMA_UNMAP] = { 24, trace_unmap },
	[VFU_DEVICE_GET_REGION_INFO] = { 12, trace_index },
	[VFU_DEVICE_GET_IRQ_INFO] = { 12, trace_index },
	[VFU_DEVICE_SET_IRQS] = { 20, trace_set_irqs },
	[VFU_REGION_READ] = { 16, trace_access },
	[VFU_REGION_WRITE] = { 16, trace_access },
};

/**
 * trace_request() - a message came
 * @rq: message, not checked yet
 */
void trace_request(const struct vfu_request *rq)
{
	const struct msg_header *h = rq->header;
	char text[TRACE_TEXT] = "";

	if (h->cmd < VFU_NR_CMDS && trace_bodies[h->cmd].tell &&
	    rq->len >= trace_bodies[h->cmd].min)
		trace_bodies[h->cmd].tell(text, sizeof(text), rq);
	log_trace("vfu: #%u %s%s, %u bytes, %u fds%s", h->id,
		  trace_command(h->cmd), text, h->size, rq->nfds,
		  h->flags & MSG_NO_REPLY ? ", posted" : "");
	if (h->cmd == VFU_REGION_WRITE_MULTI)
		trace_multi(rq);
}

/**
 * trace_reply() - how it was answered
 * @rq: message
 * @err: errno or 0
 * @reply: answer, if @err is 0
 */
void trace_reply(const struct vfu_request *rq, int err,
		 const struct vfu_reply *reply)
{
	const struct msg_header *h = rq->header;
	char value[32] = "";

	if (!err && h->flags & MSG_NO_REPLY)
		return;
	if (!err && h->cmd == VFU_REGION_READ)
		trace_value(value, sizeof(value),
			    reply->body + sizeof(struct vfu_region_access),
			    reply->len - sizeof(struct vfu_region_access));
	log_trace("vfu: #%u %s -> %s%s", h->id, trace_command(h->cmd),
		  err ? strerror(err) : "ok", value);
}

/**
 * trace_irq() - the firmware raises an interrupt
 * @irq: vectors, after it
 * @vector: which
 */
void trace_irq(const struct irq *irq, u32 vector)
{
	static const char * const names[CDNA_NR_VECTORS] = {
		[CDNA_VECTOR_ADMIN] = "admin and events",
		[CDNA_VECTOR_BITVEC] = "bit vectors",
	};

	if (vector >= CDNA_NR_VECTORS)
		log_trace("irq: vector %u does not exist", vector);
	else
		log_trace("irq: vector %u (%s) %s", vector, names[vector],
			  irq->pending[vector] ? "is pending" : "sent");
}
