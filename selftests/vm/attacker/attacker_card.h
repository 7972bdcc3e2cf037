/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A card that is attacked.
 */
#ifndef ATTACKER_CARD_H
#define ATTACKER_CARD_H

#include <linux/pci.h>
#include <linux/rwsem.h>

#include <cdna/vdev.h>

#include "attacker_dice.h"

/* Its memory: half of it for rings, the largest of which is 128 KiB */
#define CARD_POOL_ORDER		7
#define CARD_POOL_BYTES		(CDNA_PAGE_SIZE << CARD_POOL_ORDER)
#define CARD_SLOTS		64
#define CARD_BARS		3

/* Pages of the pool, in a card that works; then rings, then buffers */
enum {
	CARD_STATUS,
	CARD_TAILS,
	CARD_DOORBELL,
	CARD_RINGS,
	CARD_BUFFERS = CARD_RINGS + 3 * CDNA_MAX_QPS,
};

#define CARD_BUFFER_PAGES	((1 << CARD_POOL_ORDER) - CARD_BUFFERS)

/**
 * struct card - a card, its memory, and how it is found again
 * @pdev: the device
 * @calm: held for writing by who needs a card that works, for reading by others
 * @bar: mailboxes, registers, MSI-X
 * @at: where they are
 * @pool: what descriptors name
 * @pool_at: its address
 * @qps: queue pairs that the host allows
 * @mac: the card's address
 * @tail: what was posted to each queue since card_revive()
 * @tried: how often card_revive() was called
 * @revived: how often it had a card that works then
 */
struct card {
	struct pci_dev *pdev;
	struct rw_semaphore calm;
	void __iomem *bar[CARD_BARS];
	resource_size_t at[CARD_BARS];
	u8 *pool;
	phys_addr_t pool_at;
	u32 qps;
	u8 mac[8];
	u32 tail[CDNA_VDEV_NR_QUEUES];
	ulong tried;
	ulong revived;
};

enum { CARD_MAILBOX, CARD_REGS, CARD_MSIX };

void card_harm(struct card *card, const char *what);
int card_harms(void);
int card_take(struct card *card, struct pci_dev *pdev);
int card_release(struct card *card);
void card_restore(struct card *card);
void card_bus_reset(struct card *card);
u32 card_read(struct card *card, u32 reg);
void card_write(struct card *card, u32 reg, u32 value);
void card_write64(struct card *card, u32 reg, u64 value);
u32 card_command(struct card *card, enum cdna_vcommand command);
u64 card_page(const struct card *card, u32 page);
void *card_memory(const struct card *card, u32 page);
u32 card_ring_page(u32 queue);
u32 card_create(struct card *card, u32 queue);
u32 card_revive(struct card *card, struct dice *dice);
void card_ring(struct card *card, u32 queue);

#endif /* ATTACKER_CARD_H */
