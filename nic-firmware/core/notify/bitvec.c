// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * One bit vector for all sources into a circular buffer in host memory, and one
 * MSI-X (paper 3.2). A full buffer makes the vector gather bits; none is lost. So
 * it does until the next interrupt is due: guests choose how long theirs may be
 * held back, and may choose not at all, but it is the host that they interrupt.
 */
#include "notify/bitvec.h"

#include "state.h"

static u64 bitvec_bit(u32 n)
{
	return 1ull << (n % 64);
}

/**
 * fw_bitvec_set() - raise a source
 * @nic: the NIC
 * @bit: its bit
 */
void fw_bitvec_set(struct fw_nic *nic, u32 bit)
{
	nic->bitvec.pending[bit / 64] |= bitvec_bit(bit);
	nic->bitvec.any = true;
}

/**
 * fw_bitvec_clear() - do not raise a source that is still to be written
 * @nic: the NIC
 * @bit: its bit
 *
 * Without a bit left, no vector is written.
 */
void fw_bitvec_clear(struct fw_nic *nic, u32 bit)
{
	struct fw_bitvec *bitvec = &nic->bitvec;
	u64 any = 0;
	u32 i;

	bitvec->pending[bit / 64] &= ~bitvec_bit(bit);
	for (i = 0; i < FW_BITVEC_WORDS; i++)
		any |= bitvec->pending[i];
	bitvec->any = any;
}

static void bitvec_write(struct fw_nic *nic)
{
	struct fw_bitvec *bitvec = &nic->bitvec;
	__le64 slot[FW_BITVEC_WORDS];
	u32 i;

	for (i = 0; i < FW_BITVEC_WORDS; i++)
		slot[i] = fw_to_le64(bitvec->pending[i]);
	if (fw_notify_push(nic, &bitvec->ring, slot))
		return;
	for (i = 0; i < FW_BITVEC_WORDS; i++)
		bitvec->pending[i] = 0;
	bitvec->any = false;
	bitvec->waited = false;
	fw_nic_count(nic, CDNA_NSTAT_BITVECS, 1);
	nic->ops->raise(nic->board, CDNA_VECTOR_BITVEC);
}

/**
 * fw_bitvec_service() - report all raised sources to the host
 * @nic: the NIC
 *
 * At most one slot and one MSI-X in each step, however many sources.
 */
void fw_bitvec_service(struct fw_nic *nic)
{
	struct fw_bitvec *bitvec = &nic->bitvec;

	if (!bitvec->any || !bitvec->ring.addr)
		return;
	if (fw_notify_room(&bitvec->ring) &&
	    fw_bucket_take_frame(&bitvec->throttle, nic->now)) {
		bitvec_write(nic);
	} else if (!bitvec->waited) {
		bitvec->waited = true;
		fw_nic_count(nic, CDNA_NSTAT_BITVECS_COALESCED, 1);
	}
}

/**
 * fw_bitvec_deadline() - when an interrupt that is held back may be raised
 * @nic: the NIC
 *
 * Return: time in ns, ~0 if none is held back by time alone
 */
u64 fw_bitvec_deadline(const struct fw_nic *nic)
{
	const struct fw_bitvec *bitvec = &nic->bitvec;
	u64 when = fw_bucket_when_frame(&bitvec->throttle);

	/* What is late already waits for something else. */
	if (!bitvec->any || !bitvec->ring.addr || when <= nic->now ||
	    !fw_notify_room(&bitvec->ring))
		return ~0ull;
	return when;
}
