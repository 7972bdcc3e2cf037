/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine with one virtqueue, whose memory a test writes as the guest.
 */
#ifndef VIRTQ_MACHINE_H
#define VIRTQ_MACHINE_H

#include <stdio.h>
#include <stdlib.h>

#include "guard/cdna_virtq.h"

/* For programs with and without a framework of tests */
#define VIRTQ_CHECK(cond)						\
	do {								\
		if (!(cond)) {						\
			fprintf(stderr, "%s:%d: check failed: %s\n",	\
				__FILE__, __LINE__, #cond);		\
			abort();					\
		}							\
	} while (0)

#define RAM_AT		0x100000ull	/* where the machine has memory, */
#define RAM_BYTES	0x6000u		/* and how much */

/**
 * struct virtq_machine - a machine
 * @vq: its virtqueue
 * @desc: descriptor table, of exactly @vq.size entries: ASan sees what is beyond
 * @avail: available ring, likewise
 * @used: used ring, likewise
 * @ram: other memory
 * @dirty: bytes of @ram, from its start, that may have been written
 * @error: what a read of @ram returns, if not 0
 * @reads: how many there were
 * @hook: called after each of them, as the guest that does something meanwhile
 */
struct virtq_machine {
	struct cdna_virtq vq;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	u8 *ram;
	u32 dirty;
	int error;
	u32 reads;
	void (*hook)(struct virtq_machine *m);
};

struct virtq_machine *machine_new(u16 size);
void machine_reset(struct virtq_machine *m);
void machine_free(struct virtq_machine *m);
bool machine_has(u64 addr, u64 len);
void machine_desc(struct virtq_machine *m, u32 i, u64 addr, u32 len, u16 flags,
		  u16 next);
void machine_entry(struct virtq_machine *m, u32 at, u32 i, u64 addr, u32 len,
		   u16 flags, u16 next);
void machine_offer(struct virtq_machine *m, u16 head);
void machine_set_avail(struct virtq_machine *m, u16 index);

#endif /* VIRTQ_MACHINE_H */
