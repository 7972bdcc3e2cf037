/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What a board gives the core: DMA with a context tag, the wire, mailbox
 * event vectors and SRAM, interrupts, a clock, a log. Nothing else; and what
 * the core gives a board is in nic.h.
 */
#ifndef FW_BOARD_H
#define FW_BOARD_H

#include "base/port.h"

/* Tag of DMA that is the host's own: admin rings, bit vectors, statistics */
#define FW_DMA_HOST		0xffff

/* Partition number of the management page in the mailbox event vectors */
#define FW_PARTITION_MGMT	256
#define FW_EVENT_WORDS		9	/* 32-bit words of the first level */

enum fw_log_level {
	FW_LOG_ERROR,
	FW_LOG_INFO,
	FW_LOG_TRACE,
};

/**
 * struct fw_iov - a piece of a frame in NIC memory
 * @base: first byte
 * @len: bytes
 */
struct fw_iov {
	u8 *base;
	u32 len;
};

/**
 * struct fw_board_ops - operations of a board
 * @dma_read: copy @len bytes from bus address @addr to NIC memory, on behalf
 *	of context @ctx or FW_DMA_HOST. All or nothing is not promised on
 *	error. Return: FW_OK or FW_EFAULT
 * @dma_write: the other way
 * @wire_send: send one frame (Ethernet header first, no FCS). The board has
 *	copied or sent it when it returns. Return: FW_OK, FW_EBUSY if it should
 *	be offered again later, another error if it can never be sent
 * @wire_poll: take one frame from the wire into @iov. Return: its length in
 *	bytes, which is more than @iov holds if it was cut off; 0 if there is
 *	none
 * @wire_up: whether the wire has a link
 * @mailbox_partitions: word @word of the first-level event vector: bit n is
 *	set while partition 32 * @word + n has mailbox events
 * @mailbox_take: the second-level vector of a partition: which mailboxes were
 *	stored to. Clears what it returns, and the first-level bit (paper 4)
 * @sram_read: the 32-bit word at BAR0 offset @offset, in processor order
 * @sram_write: store a word there, raising no mailbox event
 * @raise: send MSI-X @vector
 * @now: monotonic clock in nanoseconds
 * @log: log something: text and two numbers. May be NULL
 *
 * All take the pointer given to fw_nic_init() first. They are called from
 * within fw_nic_step() and fw_nic_init() only.
 */
struct fw_board_ops {
	int (*dma_read)(void *board, u16 ctx, u64 addr, void *dst, u32 len);
	int (*dma_write)(void *board, u16 ctx, u64 addr, const void *src,
			 u32 len);
	int (*wire_send)(void *board, const struct fw_iov *iov, u32 count);
	int (*wire_poll)(void *board, const struct fw_iov *iov, u32 count);
	bool (*wire_up)(void *board);
	u32 (*mailbox_partitions)(void *board, u32 word);
	u32 (*mailbox_take)(void *board, u32 partition);
	u32 (*sram_read)(void *board, u32 offset);
	void (*sram_write)(void *board, u32 offset, u32 value);
	void (*raise)(void *board, u32 vector);
	u64 (*now)(void *board);
	void (*log)(void *board, enum fw_log_level level, const char *what,
		    u32 a, u32 b);
};

#endif /* FW_BOARD_H */
