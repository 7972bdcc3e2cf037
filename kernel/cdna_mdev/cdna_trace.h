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

#endif /* CDNA_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE cdna_trace
#include <trace/define_trace.h>
