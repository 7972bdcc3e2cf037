// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NIC's SRAM: memory, but for its mailboxes, whose stores raise events in
 * two levels of bit vectors (paper 4), and its register page, which the host
 * only reads.
 */
#include "sram.h"

static_assert(SRAM_PARTITIONS <= FW_EVENT_WORDS * 32,
	      "the first-level vector is too short");
static_assert(CDNA_PARTITION(FW_PARTITION_MGMT) == CDNA_MGMT_PAGE,
	      "the management page is not the last partition");

#define SRAM_MBOX_BYTES		(CDNA_NR_MAILBOXES * 4)

/**
 * sram_reset() - as after power-on
 * @sram: zeroed: memory and events; the counters stay
 */
void sram_reset(struct sram *sram)
{
	memset(sram->words, 0, sizeof(sram->words));
	memset(sram->dirty, 0, sizeof(sram->dirty));
	memset(sram->events, 0, sizeof(sram->events));
}

static bool sram_is_register(u32 offset)
{
	return offset >= CDNA_REGISTER_PAGE &&
	       offset < CDNA_REGISTER_PAGE + CDNA_PAGE_SIZE;
}

static bool sram_is_mailbox(u32 offset)
{
	return offset < CDNA_MGMT_PAGE + CDNA_PARTITION_SIZE &&
	       offset % CDNA_PARTITION_SIZE < SRAM_MBOX_BYTES;
}

/* Whether a store of @len bytes touches what is not plain memory */
static bool sram_is_special(u32 offset, u32 len)
{
	u32 at;

	/* A byte in each word that it touches, and its last one. */
	for (at = offset; at < offset + len; at += 4)
		if (sram_is_mailbox(at) || sram_is_register(at))
			return true;
	at = offset + len - 1;
	return sram_is_mailbox(at) || sram_is_register(at);
}

static void sram_event(struct sram *sram, u32 offset)
{
	u32 mbox = offset % CDNA_PARTITION_SIZE / 4;
	u32 part = offset / CDNA_PARTITION_SIZE;

	sram->events[part] |= 1u << mbox;
	sram->dirty[part / 32] |= 1u << (part % 32);
	sram->stores++;
}

/**
 * sram_guest_write() - a store of the host or a guest
 * @sram: SRAM
 * @offset: in bytes, from the start of BAR0
 * @src: what was stored
 * @len: bytes, at least 1; the caller has checked that they are in the BAR
 *
 * A mailbox takes one aligned 32-bit store, because the bus may split any
 * other into several and the firmware would act on half an index.
 *
 * Return: false if it was refused.
 */
bool sram_guest_write(struct sram *sram, u32 offset, const u8 *src, u32 len)
{
	if (!sram_is_special(offset, len)) {
		memcpy((u8 *)sram->words + offset, src, len);
		return true;
	}
	if (len != 4 || offset % 4 || sram_is_register(offset)) {
		sram->refused++;
		return false;
	}
	memcpy((u8 *)sram->words + offset, src, len);
	sram_event(sram, offset);
	return true;
}

/**
 * sram_guest_read() - a load of the host or a guest
 * @sram: SRAM
 * @offset: in bytes, from the start of BAR0
 * @dst: where to
 * @len: bytes; the caller has checked that they are in the BAR
 */
void sram_guest_read(const struct sram *sram, u32 offset, u8 *dst, u32 len)
{
	memcpy(dst, (const u8 *)sram->words + offset, len);
}

/**
 * sram_partitions() - a word of the first-level event vector
 * @sram: SRAM
 * @word: which, below FW_EVENT_WORDS
 *
 * Return: bit n for partition 32 * @word + n.
 */
u32 sram_partitions(const struct sram *sram, u32 word)
{
	return word < FW_EVENT_WORDS ? sram->dirty[word] : 0;
}

/**
 * sram_take() - take and clear the second-level event vector of a partition
 * @sram: SRAM
 * @partition: which
 *
 * Return: a bit per mailbox that was stored to.
 */
u32 sram_take(struct sram *sram, u32 partition)
{
	u32 events;

	if (partition >= SRAM_PARTITIONS)
		return 0;
	events = sram->events[partition];
	sram->events[partition] = 0;
	sram->dirty[partition / 32] &= ~(1u << (partition % 32));
	return events;
}

u32 sram_read(const struct sram *sram, u32 offset)
{
	return offset < CDNA_BAR_SRAM_SIZE ? fw_le32(sram->words[offset / 4]) :
					     0;
}

/**
 * sram_write() - the firmware's own store: raises no event
 * @sram: SRAM
 * @offset: in bytes, a multiple of 4
 * @value: in the processor's order
 */
void sram_write(struct sram *sram, u32 offset, u32 value)
{
	if (offset < CDNA_BAR_SRAM_SIZE)
		sram->words[offset / 4] = fw_to_le32(value);
}
