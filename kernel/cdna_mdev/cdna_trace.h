/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints, in /sys/kernel/tracing/events/cdna. A device is named as on its
 * bus; a context by its number on that device.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM cdna

#if !defined(CDNA_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define CDNA_TRACE_H

#include <linux/device.h>
#include <linux/tracepoint.h>

#include <cdna/admin.h>
#include <cdna/rings.h>

#include "cdna_provider.h"

/* A command came back, or was given up. Time in nanoseconds. */
TRACE_EVENT(cdna_command,
	    TP_PROTO(const struct device *dev, const struct cdna_admin_cmd *cmd,
		     int result, u64 ns),
	    TP_ARGS(dev, cmd, result, ns),
	    TP_STRUCT__entry(__string(dev, dev_name(dev))
			     __field(u16, opcode)
			     __field(u16, context)
			     __field(int, result)
			     __field(u64, ns)),
	    TP_fast_assign(__assign_str(dev);
			   __entry->opcode = le16_to_cpu(cmd->opcode);
			   __entry->context = le16_to_cpu(cmd->context);
			   __entry->result = result;
			   __entry->ns = ns;),
	    TP_printk("%s context %u opcode %#x result %d in %llu ns",
		      __get_str(dev), __entry->context, __entry->opcode,
		      __entry->result, __entry->ns)
);

/* The NIC stopped something, or its link changed. */
TRACE_EVENT(cdna_event,
	    TP_PROTO(const struct device *dev, const struct cdna_event *event),
	    TP_ARGS(dev, event),
	    TP_STRUCT__entry(__string(dev, dev_name(dev))
			     __field(u16, type)
			     __field(u16, context)
			     __field(u8, qp)
			     __field(u8, dir)
			     __field(u16, reason)
			     __field(u32, index)
			     __field(u32, expected)
			     __field(u32, seen)
			     __field(u32, arg)),
	    TP_fast_assign(__assign_str(dev);
			   __entry->type = le16_to_cpu(event->type);
			   __entry->context = le16_to_cpu(event->context);
			   __entry->qp = event->qp;
			   __entry->dir = event->dir;
			   __entry->reason = le16_to_cpu(event->reason);
			   __entry->index = le32_to_cpu(event->index);
			   __entry->expected = le32_to_cpu(event->expected);
			   __entry->seen = le32_to_cpu(event->seen);
			   __entry->arg = le32_to_cpu(event->arg);),
	    TP_printk("%s type %u context %u qp %u dir %u reason %u index %u due %u seen %u arg %u",
		      __get_str(dev), __entry->type, __entry->context,
		      __entry->qp, __entry->dir, __entry->reason, __entry->index,
		      __entry->expected, __entry->seen, __entry->arg)
);

/* Bit vectors were taken in an interrupt: how many, with how many bits. */
TRACE_EVENT(cdna_bitvec,
	    TP_PROTO(const struct device *dev, u32 vectors, u32 bits),
	    TP_ARGS(dev, vectors, bits),
	    TP_STRUCT__entry(__string(dev, dev_name(dev))
			     __field(u32, vectors)
			     __field(u32, bits)),
	    TP_fast_assign(__assign_str(dev);
			   __entry->vectors = vectors;
			   __entry->bits = bits;),
	    TP_printk("%s vectors %u bits %u", __get_str(dev), __entry->vectors,
		      __entry->bits)
);

/* One of these bits: a queue pair has news. */
TRACE_EVENT(cdna_source,
	    TP_PROTO(u16 ctx, u8 qp, u32 bit),
	    TP_ARGS(ctx, qp, bit),
	    TP_STRUCT__entry(__field(u16, ctx)
			     __field(u8, qp)
			     __field(u32, bit)),
	    TP_fast_assign(__entry->ctx = ctx;
			   __entry->qp = qp;
			   __entry->bit = bit;),
	    TP_printk("context %u qp %u bit %u", __entry->ctx, __entry->qp,
		      __entry->bit)
);

/* The NIC was found dead. */
TRACE_EVENT(cdna_death,
	    TP_PROTO(const struct device *dev, const char *why),
	    TP_ARGS(dev, why),
	    TP_STRUCT__entry(__string(dev, dev_name(dev))
			     __string(why, why)),
	    TP_fast_assign(__assign_str(dev);
			   __assign_str(why);),
	    TP_printk("%s %s", __get_str(dev), __get_str(why))
);

/* A guest trapped: by its doorbell page, or by the register. */
TRACE_EVENT(cdna_trap,
	    TP_PROTO(u16 ctx, bool page),
	    TP_ARGS(ctx, page),
	    TP_STRUCT__entry(__field(u16, ctx)
			     __field(bool, page)),
	    TP_fast_assign(__entry->ctx = ctx;
			   __entry->page = page;),
	    TP_printk("context %u by %s", __entry->ctx,
		      __entry->page ? "page" : "register")
);

/* A guest's descriptor was found good; its page was in the pin table, or not. */
TRACE_EVENT(cdna_descriptor,
	    TP_PROTO(u16 ctx, u8 qp, u8 dir, u32 index, u64 addr, u32 len,
		     bool hit),
	    TP_ARGS(ctx, qp, dir, index, addr, len, hit),
	    TP_STRUCT__entry(__field(u16, ctx)
			     __field(u8, qp)
			     __field(u8, dir)
			     __field(u32, index)
			     __field(u64, addr)
			     __field(u32, len)
			     __field(bool, hit)),
	    TP_fast_assign(__entry->ctx = ctx;
			   __entry->qp = qp;
			   __entry->dir = dir;
			   __entry->index = index;
			   __entry->addr = addr;
			   __entry->len = len;
			   __entry->hit = hit;),
	    TP_printk("context %u qp %u dir %u index %u address %#llx length %u %s",
		      __entry->ctx, __entry->qp, __entry->dir, __entry->index,
		      __entry->addr, __entry->len,
		      __entry->hit ? "hit" : "miss")
);

DECLARE_EVENT_CLASS(cdna_index,
		    TP_PROTO(u16 ctx, u8 qp, u8 dir, u32 index),
		    TP_ARGS(ctx, qp, dir, index),
		    TP_STRUCT__entry(__field(u16, ctx)
				     __field(u8, qp)
				     __field(u8, dir)
				     __field(u32, index)),
		    TP_fast_assign(__entry->ctx = ctx;
				   __entry->qp = qp;
				   __entry->dir = dir;
				   __entry->index = index;),
		    TP_printk("context %u qp %u dir %u index %u", __entry->ctx,
			      __entry->qp, __entry->dir, __entry->index)
);

/* Pages of descriptors below an index, which the NIC has used, were released. */
DEFINE_EVENT(cdna_index, cdna_release,
	     TP_PROTO(u16 ctx, u8 qp, u8 dir, u32 index),
	     TP_ARGS(ctx, qp, dir, index)
);

/* The host rang a mailbox for the guest. */
DEFINE_EVENT(cdna_index, cdna_mailbox,
	     TP_PROTO(u16 ctx, u8 qp, u8 dir, u32 index),
	     TP_ARGS(ctx, qp, dir, index)
);

/* Descriptors went into the NIC's ring; pages up to an index were released. */
TRACE_EVENT(cdna_enqueue,
	    TP_PROTO(u16 ctx, u8 qp, u8 dir, u32 index, u32 count,
		     u32 released),
	    TP_ARGS(ctx, qp, dir, index, count, released),
	    TP_STRUCT__entry(__field(u16, ctx)
			     __field(u8, qp)
			     __field(u8, dir)
			     __field(u32, index)
			     __field(u32, count)
			     __field(u32, released)),
	    TP_fast_assign(__entry->ctx = ctx;
			   __entry->qp = qp;
			   __entry->dir = dir;
			   __entry->index = index;
			   __entry->count = count;
			   __entry->released = released;),
	    TP_printk("context %u qp %u dir %u index %u count %u released %u",
		      __entry->ctx, __entry->qp, __entry->dir, __entry->index,
		      __entry->count, __entry->released)
);

/* A queue was stopped; the reason is an enum cdna_vfault. */
TRACE_EVENT(cdna_fault,
	    TP_PROTO(u16 ctx, u8 qp, u8 dir, const struct cdna_fault_info *fault),
	    TP_ARGS(ctx, qp, dir, fault),
	    TP_STRUCT__entry(__field(u16, ctx)
			     __field(u8, qp)
			     __field(u8, dir)
			     __field(u32, reason)
			     __field(u32, index)
			     __field(u32, due)
			     __field(u32, seen)),
	    TP_fast_assign(__entry->ctx = ctx;
			   __entry->qp = qp;
			   __entry->dir = dir;
			   __entry->reason = fault->reason;
			   __entry->index = fault->index;
			   __entry->due = fault->expected;
			   __entry->seen = fault->seen;),
	    TP_printk("context %u qp %u dir %u reason %u index %u due %u seen %u",
		      __entry->ctx, __entry->qp, __entry->dir, __entry->reason,
		      __entry->index, __entry->due, __entry->seen)
);

/* A guest page that was not in the pin table was pinned, or could not be. */
TRACE_EVENT(cdna_pin,
	    TP_PROTO(u16 ctx, unsigned long gfn, int result),
	    TP_ARGS(ctx, gfn, result),
	    TP_STRUCT__entry(__field(u16, ctx)
			     __field(unsigned long, gfn)
			     __field(int, result)),
	    TP_fast_assign(__entry->ctx = ctx;
			   __entry->gfn = gfn;
			   __entry->result = result;),
	    TP_printk("context %u page %#lx result %d", __entry->ctx,
		      __entry->gfn, __entry->result)
);

/* A guest page was unpinned: to make room, or because memory or context goes. */
TRACE_EVENT(cdna_unpin,
	    TP_PROTO(u16 ctx, unsigned long gfn, bool evicted),
	    TP_ARGS(ctx, gfn, evicted),
	    TP_STRUCT__entry(__field(u16, ctx)
			     __field(unsigned long, gfn)
			     __field(bool, evicted)),
	    TP_fast_assign(__entry->ctx = ctx;
			   __entry->gfn = gfn;
			   __entry->evicted = evicted;),
	    TP_printk("context %u page %#lx %s", __entry->ctx, __entry->gfn,
		      __entry->evicted ? "evicted" : "flushed")
);

/* Memory was taken away from the machine. */
TRACE_EVENT(cdna_unmap,
	    TP_PROTO(u16 ctx, unsigned long first, unsigned long last),
	    TP_ARGS(ctx, first, last),
	    TP_STRUCT__entry(__field(u16, ctx)
			     __field(unsigned long, first)
			     __field(unsigned long, last)),
	    TP_fast_assign(__entry->ctx = ctx;
			   __entry->first = first;
			   __entry->last = last;),
	    TP_printk("context %u pages %#lx to %#lx", __entry->ctx,
		      __entry->first, __entry->last)
);

/* An eventfd was signalled: KVM injects the vector. */
TRACE_EVENT(cdna_interrupt,
	    TP_PROTO(u16 ctx, u32 vector),
	    TP_ARGS(ctx, vector),
	    TP_STRUCT__entry(__field(u16, ctx)
			     __field(u32, vector)),
	    TP_fast_assign(__entry->ctx = ctx;
			   __entry->vector = vector;),
	    TP_printk("context %u vector %u", __entry->ctx, __entry->vector)
);

#endif /* CDNA_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE cdna_trace
#include <trace/define_trace.h>
