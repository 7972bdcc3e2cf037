// SPDX-License-Identifier: GPL-2.0-only
/* The vfio-user board, as the firmware sees it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "log.h"
#include "nicd.h"
#include "trace.h"

static int board_dma_read(void *board, u16 ctx, u64 addr, void *dst, u32 len)
{
	struct nicd *d = board;

	(void)ctx;
	return dma_read(&d->dma, addr, dst, len);
}

static int board_dma_write(void *board, u16 ctx, u64 addr, const void *src,
			   u32 len)
{
	struct nicd *d = board;

	(void)ctx;
	return dma_write(&d->dma, addr, src, len);
}

static int board_wire_send(void *board, const struct fw_iov *iov, u32 count)
{
	struct nicd *d = board;

	return wire_send(&d->wire, iov, count);
}

static int board_wire_poll(void *board, const struct fw_iov *iov, u32 count)
{
	struct nicd *d = board;

	return wire_poll(&d->wire, iov, count);
}

static bool board_wire_up(void *board)
{
	const struct nicd *d = board;

	return d->wire.up;
}

static u32 board_mailbox_partitions(void *board, u32 word)
{
	const struct nicd *d = board;

	return sram_partitions(&d->sram, word);
}

static u32 board_mailbox_take(void *board, u32 partition)
{
	struct nicd *d = board;

	return sram_take(&d->sram, partition);
}

static u32 board_sram_read(void *board, u32 offset)
{
	const struct nicd *d = board;

	return sram_read(&d->sram, offset);
}

static void board_sram_write(void *board, u32 offset, u32 value)
{
	struct nicd *d = board;

	sram_write(&d->sram, offset, value);
}

static void board_raise(void *board, u32 vector)
{
	struct nicd *d = board;

	irq_raise(&d->irq, vector);
	if (d->opt.trace)
		trace_irq(&d->irq, vector);
}

static u64 board_now(void *board)
{
	(void)board;
	return clock_now_ns();
}

/* A guest can make the firmware say something; it shall not fill the disk. */
static void board_log(void *board, enum fw_log_level level, const char *what,
		      u32 a, u32 b)
{
	const struct nicd *d = board;

	if (level < FW_LOG_TRACE)
		log_client("firmware: %s %u %u", what, a, b);
	else if (d->opt.trace)
		log_trace("firmware: %s %u %u", what, a, b);
}

static const struct fw_board_ops board_ops = {
	.dma_read = board_dma_read,
	.dma_write = board_dma_write,
	.wire_send = board_wire_send,
	.wire_poll = board_wire_poll,
	.wire_up = board_wire_up,
	.mailbox_partitions = board_mailbox_partitions,
	.mailbox_take = board_mailbox_take,
	.sram_read = board_sram_read,
	.sram_write = board_sram_write,
	.raise = board_raise,
	.now = board_now,
	.log = board_log,
};

/* All but the firmware, as after power-on. Maps and eventfds are the
 * client's and stay.
 */
static void board_power_on(struct nicd *d)
{
	sram_reset(&d->sram);
	config_space_reset(&d->cs);
	memset(d->msix, 0, sizeof(d->msix));
	irq_clear_pending(&d->irq);
	board_command_changed(d);
}

/**
 * board_init() - power on
 * @d: process, its options read
 *
 * Return: false after logging why.
 */
bool board_init(struct nicd *d)
{
	irq_init(&d->irq);
	if (!dma_guard_install()) {
		log_error("cannot handle SIGBUS: %s", strerror(errno));
		return false;
	}
	d->nic = calloc(1, sizeof(*d->nic));
	if (!d->nic) {
		log_error("no memory for the firmware's %zu bytes",
			  sizeof(*d->nic));
		return false;
	}
	if (getrandom(&d->opt.config.boot_id, sizeof(d->opt.config.boot_id),
		      0) < 0)
		d->opt.config.boot_id = (u32)clock_wall_ns();
	board_power_on(d);
	if (fw_nic_init(d->nic, &board_ops, d, &d->opt.config)) {
		log_error("the firmware refuses its configuration");
		return false;
	}
	return true;
}

void board_fini(struct nicd *d)
{
	dma_map_remove_all(&d->dma);
	irq_close_all(&d->irq);
	free(d->nic);
	d->nic = NULL;
}

/**
 * board_reset() - function-level reset, however it was asked for
 * @d: process
 *
 * The firmware is between two turns, so nothing of it is in flight: it
 * forgets its contexts, and the host finds the function as after power-on.
 */
void board_reset(struct nicd *d)
{
	d->counts.resets++;
	board_power_on(d);
	fw_nic_reset(d->nic);
}

/**
 * board_command_changed() - the host wrote the PCI command register
 * @d: process
 *
 * Bus mastering allows DMA, and a message-signalled interrupt is a write.
 */
void board_command_changed(struct nicd *d)
{
	bool master = config_space_bus_master(&d->cs);

	d->dma.open = master;
	irq_set_open(&d->irq, master);
}
