// SPDX-License-Identifier: GPL-2.0-only
/* All counters, as text: the process's, the firmware's, each context's. */
#include <inttypes.h>
#include <stdio.h>

#include <cdna/names.h>

#include "log.h"
#include "nicd.h"
#include "trace.h"

static const char * const counters_ctx[CDNA_NR_STATS] = {
	[CDNA_CSTAT_TX_FRAMES] = "tx_frames",
	[CDNA_CSTAT_TX_BYTES] = "tx_bytes",
	[CDNA_CSTAT_TX_MULTICAST] = "tx_multicast",
	[CDNA_CSTAT_TX_LOCAL] = "tx_local",
	[CDNA_CSTAT_RX_FRAMES] = "rx_frames",
	[CDNA_CSTAT_RX_BYTES] = "rx_bytes",
	[CDNA_CSTAT_RX_MULTICAST] = "rx_multicast",
	[CDNA_CSTAT_RX_LOCAL] = "rx_local",
	[CDNA_CSTAT_RX_CSUM_BAD] = "rx_csum_bad",
	[CDNA_CSTAT_MAILBOXES] = "mailboxes",
	[CDNA_CSTAT_MAILBOXES_IGNORED] = "mailboxes_ignored",
	[CDNA_CSTAT_INTERRUPTS] = "interrupts",
	[CDNA_CSTAT_INTERRUPTS_MODERATED] = "interrupts_moderated",
	[CDNA_CSTAT_DROP + CDNA_DROP_RX_NO_BUFFER] = "drop_rx_no_buffer",
	[CDNA_CSTAT_DROP + CDNA_DROP_RX_NO_QUEUE] = "drop_rx_no_queue",
	[CDNA_CSTAT_DROP + CDNA_DROP_RX_STORM] = "drop_rx_storm",
	[CDNA_CSTAT_DROP + CDNA_DROP_TX_SPOOF_MAC] = "drop_tx_spoof_mac",
	[CDNA_CSTAT_DROP + CDNA_DROP_TX_SPOOF_VLAN] = "drop_tx_spoof_vlan",
	[CDNA_CSTAT_DROP + CDNA_DROP_TX_RUNT] = "drop_tx_runt",
	[CDNA_CSTAT_DROP + CDNA_DROP_TX_OVERSIZE] = "drop_tx_oversize",
	[CDNA_CSTAT_DROP + CDNA_DROP_TX_BAD_OFFLOAD] = "drop_tx_bad_offload",
	[CDNA_CSTAT_DROP + CDNA_DROP_TX_STORM] = "drop_tx_storm",
	[CDNA_CSTAT_DROP + CDNA_DROP_TX_LOOP] = "drop_tx_loop",
	[CDNA_CSTAT_DROP + CDNA_DROP_TX_WIRE] = "drop_tx_wire",
	[CDNA_CSTAT_DROP + CDNA_DROP_TX_LINK_LOCAL] = "drop_tx_link_local",
	[CDNA_CSTAT_DROP + CDNA_DROP_RX_BUSY] = "drop_rx_busy",
	[CDNA_CSTAT_DROP + CDNA_DROP_RX_RATE] = "drop_rx_rate",
	[CDNA_CSTAT_FAULT + CDNA_FAULT_SEQUENCE] = "fault_sequence",
	[CDNA_CSTAT_FAULT + CDNA_FAULT_TOO_FAR] = "fault_too_far",
	[CDNA_CSTAT_FAULT + CDNA_FAULT_LENGTH] = "fault_length",
	[CDNA_CSTAT_FAULT + CDNA_FAULT_FLAGS] = "fault_flags",
	[CDNA_CSTAT_FAULT + CDNA_FAULT_CHAIN] = "fault_chain",
	[CDNA_CSTAT_FAULT + CDNA_FAULT_DMA_DESC] = "fault_dma_desc",
	[CDNA_CSTAT_FAULT + CDNA_FAULT_DMA_DATA] = "fault_dma_data",
	[CDNA_CSTAT_FAULT + CDNA_FAULT_DMA_STATUS] = "fault_dma_status",
};

static void counters_one(const char *who, const char *name, u64 value)
{
	fprintf(log_file(), "%s.%s %" PRIu64 "\n", who, name, value);
}

static void counters_messages(const struct nicd_counts *c)
{
	char who[] = "message";
	u32 i;

	for (i = 0; i < FW_ARRAY_SIZE(c->messages); i++)
		if (c->messages[i])
			counters_one(who, trace_command(i), c->messages[i]);
}

static void counters_client(const struct nicd *d)
{
	const struct nicd_counts *c = &d->counts;

	counters_one("client", "connections", c->clients);
	counters_one("client", "refused", c->refused);
	counters_one("client", "dropped", c->dropped);
	counters_one("client", "errors", c->errors);
	counters_one("client", "posted", c->posted);
	counters_one("client", "posted_errors", c->posted_errors);
	counters_one("client", "multi_writes", c->multi_writes);
	counters_one("client", "resets", c->resets);
	counters_one("mailbox", "stores", d->sram.stores);
	counters_one("mailbox", "refused", d->sram.refused);
}

static void counters_board(const struct nicd *d)
{
	u32 v;

	counters_one("dma", "maps", d->dma.count);
	counters_one("dma", "reads", d->dma.reads);
	counters_one("dma", "writes", d->dma.writes);
	counters_one("dma", "bytes", d->dma.bytes);
	counters_one("dma", "faults", d->dma.faults);
	for (v = 0; v < CDNA_NR_VECTORS; v++) {
		char who[16];

		snprintf(who, sizeof(who), "vector%u", v);
		counters_one(who, "sent", d->irq.sent[v]);
		counters_one(who, "latched", d->irq.latched[v]);
	}
	counters_one("wire", "up", d->wire.up);
	counters_one("wire", "tx_frames", d->wire.tx_frames);
	counters_one("wire", "tx_bytes", d->wire.tx_bytes);
	counters_one("wire", "tx_busy", d->wire.tx_busy);
	counters_one("wire", "tx_dropped", d->wire.tx_dropped);
	counters_one("wire", "rx_frames", d->wire.rx_frames);
	counters_one("wire", "rx_bytes", d->wire.rx_bytes);
}

static void counters_context(const struct fw_ctx *ctx)
{
	char who[16];
	u32 i;

	snprintf(who, sizeof(who), "context%u", ctx->id);
	fprintf(log_file(), "%s.state %s\n", who,
		cdna_name_ctx_state(ctx->state));
	/* Most of these never happen: tell those that did. */
	for (i = 0; i < CDNA_NR_STATS; i++)
		if (counters_ctx[i] && ctx->stats[i])
			counters_one(who, counters_ctx[i], ctx->stats[i]);
}

/**
 * counters_print() - print all counters to the log, "who.what value" a line
 * @d: process
 */
void counters_print(const struct nicd *d)
{
	u32 i;

	log_info("counters:");
	counters_client(d);
	counters_messages(&d->counts);
	counters_board(d);
	for (i = 0; i < CDNA_NR_NSTATS; i++)
		counters_one("nic", cdna_name_nic_stat(i), d->nic->stats[i]);
	for (i = 0; i < d->nic->config.contexts; i++)
		if (d->nic->ctx[i].state != CDNA_CTX_FREE)
			counters_context(&d->nic->ctx[i]);
	log_info("end of counters");
	fflush(log_file());
}
