// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fake board's SRAM with its mailbox events, and its log.
 */
#include <string.h>

#include "fake.h"

/**
 * fake_sram_store() - a store over the bus into BAR0
 * @board: the board
 * @offset: byte offset, aligned to 4
 * @value: the word
 *
 * In the lowest words of a partition or the management page it raises a
 * mailbox event.
 */
void fake_sram_store(struct fake_board *board, u32 offset, u32 value)
{
	u32 partition = offset / CDNA_PARTITION_SIZE;
	u32 mbox = offset % CDNA_PARTITION_SIZE / 4;

	FAKE_CHECK(offset % 4 == 0 && offset < CDNA_BAR_SRAM_SIZE);
	board->sram[offset / 4] = value;
	if (partition > FW_PARTITION_MGMT || mbox >= CDNA_NR_MAILBOXES)
		return;
	board->level2[partition] |= 1u << mbox;
	board->level1[partition / 32] |= 1u << partition % 32;
}

/**
 * fake_sram_load() - a load over the bus from BAR0
 * @board: the board
 * @offset: byte offset, aligned to 4
 *
 * Return: the word
 */
u32 fake_sram_load(const struct fake_board *board, u32 offset)
{
	FAKE_CHECK(offset % 4 == 0 && offset < CDNA_BAR_SRAM_SIZE);
	return board->sram[offset / 4];
}

/**
 * fake_mbox_store() - store into a mailbox
 * @board: the board
 * @partition: context or FW_PARTITION_MGMT
 * @mbox: CDNA_MBOX() or CDNA_MGMT_MBOX_*
 * @value: the word
 */
void fake_mbox_store(struct fake_board *board, u32 partition, u32 mbox,
		     u32 value)
{
	FAKE_CHECK(mbox < CDNA_NR_MAILBOXES);
	fake_sram_store(board, CDNA_PARTITION(partition) +
			CDNA_MBOX_OFFSET(mbox), value);
}

/* struct fw_board_ops mailbox_partitions */
u32 fake_mailbox_partitions(void *opaque, u32 word)
{
	struct fake_board *board = opaque;

	FAKE_CHECK(word < FW_EVENT_WORDS);
	return board->level1[word];
}

/* struct fw_board_ops mailbox_take */
u32 fake_mailbox_take(void *opaque, u32 partition)
{
	struct fake_board *board = opaque;
	u32 events;

	FAKE_CHECK(partition <= FW_PARTITION_MGMT);
	events = board->level2[partition];
	board->level2[partition] = 0;
	board->level1[partition / 32] &= ~(1u << partition % 32);
	return events;
}

/* struct fw_board_ops sram_read */
u32 fake_sram_read(void *opaque, u32 offset)
{
	return fake_sram_load(opaque, offset);
}

/* struct fw_board_ops sram_write */
void fake_sram_write(void *opaque, u32 offset, u32 value)
{
	struct fake_board *board = opaque;

	FAKE_CHECK(offset % 4 == 0 && offset < CDNA_BAR_SRAM_SIZE);
	board->sram[offset / 4] = value;
}

/* struct fw_board_ops log */
void fake_log(void *opaque, enum fw_log_level level, const char *what, u32 a,
	      u32 b)
{
	struct fake_board *board = opaque;
	struct fake_log *line;

	line = &board->log[board->logged++ % FAKE_LOG_LINES];
	line->level = level;
	snprintf(line->what, sizeof(line->what), "%s", what);
	line->a = a;
	line->b = b;
}

/**
 * fake_logged() - whether the firmware has logged something lately
 * @board: the board
 * @what: part of the text
 *
 * Return: whether one of the last FAKE_LOG_LINES lines contains it
 */
bool fake_logged(const struct fake_board *board, const char *what)
{
	u32 lines = FW_MIN(board->logged, (u32)FAKE_LOG_LINES);
	u32 i;

	for (i = 0; i < lines; i++)
		if (strstr(board->log[i].what, what))
			return true;
	return false;
}
