// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lies about queue pair 0, told when this is loaded.
 *
 * Those of a device: into the memory that the device writes goes what a broken
 * NIC or a hostile host could write there. The driver has to notice. The
 * processor is kept from everybody meanwhile, but for interrupts and the polls
 * that follow them: on a machine of one processor nobody unmakes a queue, whose
 * memory would be another's, before it ends.
 *
 * And that of a driver: a mailbox gets more than the host has accepted. The NIC
 * has to notice.
 */
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/random.h>

#include <cdna/desc.h>
#include <cdna/rings.h>

static ulong status;
module_param(status, ulong, 0);
MODULE_PARM_DESC(status, "physical address of the status page");

static ulong comp;
module_param(comp, ulong, 0);
MODULE_PARM_DESC(comp, "physical address of the completion ring");

static uint slots;
module_param(slots, uint, 0);
MODULE_PARM_DESC(slots, "slots of the completion ring");

static ulong mailbox;
module_param(mailbox, ulong, 0);
MODULE_PARM_DESC(mailbox, "physical address of a producer mailbox");

static uint ahead;
module_param(ahead, uint, 0);
MODULE_PARM_DESC(ahead, "what to add to what the mailbox holds");

static char *lie;
module_param(lie, charp, 0);
MODULE_PARM_DESC(lie, "which of liar_lies; none: that of the mailbox");

#define LIAR_TIME	(HZ / 5)

static struct cdna_qp_status *liar_status;
static struct cdna_rx_completion *liar_comp;

static void liar_tx_cons(u32 turn)
{
	WRITE_ONCE(liar_status->tx_cons, cpu_to_le32(turn * 0x10001));
}

static void liar_rx_prod(u32 turn)
{
	WRITE_ONCE(liar_status->rx_comp_prod, cpu_to_le32(turn * 0x10001));
}

/* A frame whose first buffer ends within its Ethernet header */
static void liar_short(struct cdna_rx_completion *slot)
{
	bool last = le32_to_cpu(slot->index) % 2;

	slot->len = cpu_to_le16(last ? 100 : 1);
	slot->flags = cpu_to_le16(last ? CDNA_RX_LAST : CDNA_RX_FIRST);
	slot->frame_len = cpu_to_le32(101);
}

static void liar_long(struct cdna_rx_completion *slot)
{
	slot->len = cpu_to_le16(U16_MAX);
	slot->frame_len = cpu_to_le32(U16_MAX);
}

/* No frame ever ends. */
static void liar_endless(struct cdna_rx_completion *slot)
{
	slot->flags = cpu_to_le16(CDNA_RX_FIRST);
}

static void liar_index(struct cdna_rx_completion *slot)
{
	slot->index = cpu_to_le32(le32_to_cpu(slot->index) | BIT(31));
}

/* Whatever came was merged from many. */
static void liar_merged(struct cdna_rx_completion *slot)
{
	slot->flags |= cpu_to_le16(CDNA_RX_LRO);
	slot->hdr_len = cpu_to_le16(54);
	slot->segs = cpu_to_le16(U16_MAX);
	slot->mss = cpu_to_le16(1);
}

/* All of it random, but for the index, without which nothing else is looked at */
static void liar_random(struct cdna_rx_completion *slot)
{
	__le32 index = slot->index;

	get_random_bytes(slot, sizeof(*slot));
	slot->index = index;
}

/**
 * struct liar_lie - what can be written
 * @name: of the parameter
 * @words: lies about indices, or NULL
 * @slot: lies about a completion, or NULL
 */
struct liar_lie {
	const char *name;
	void (*words)(u32 turn);
	void (*slot)(struct cdna_rx_completion *slot);
};

static const struct liar_lie liar_lies[] = {
	{ "tx_cons", .words = liar_tx_cons },
	{ "rx_prod", .words = liar_rx_prod },
	{ "short", .slot = liar_short },
	{ "long", .slot = liar_long },
	{ "endless", .slot = liar_endless },
	{ "index", .slot = liar_index },
	{ "merged", .slot = liar_merged },
	{ "random", .slot = liar_random },
};

static const struct liar_lie *liar_find(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(liar_lies); i++)
		if (lie && !strcmp(lie, liar_lies[i].name))
			return &liar_lies[i];
	return NULL;
}

static void liar_tell(const struct liar_lie *what)
{
	unsigned long end = jiffies + LIAR_TIME;
	u32 turn, i;

	preempt_disable();
	for (turn = 1; time_before(jiffies, end); turn++) {
		if (what->words)
			what->words(turn);
		for (i = 0; what->slot && i < slots; i++)
			what->slot(&liar_comp[i]);
	}
	preempt_enable();
}

static int liar_as_device(const struct liar_lie *what)
{
	liar_status = memremap(status, sizeof(*liar_status), MEMREMAP_WB);
	liar_comp = memremap(comp, slots * sizeof(*liar_comp), MEMREMAP_WB);
	if (liar_status && liar_comp)
		liar_tell(what);
	if (liar_comp)
		memunmap(liar_comp);
	if (liar_status)
		memunmap(liar_status);
	return liar_status && liar_comp ? 0 : -ENOMEM;
}

static int liar_as_driver(void)
{
	void __iomem *word = ioremap(mailbox, sizeof(u32));

	if (!word)
		return -ENOMEM;
	writel(readl(word) + ahead, word);
	iounmap(word);
	return 0;
}

static int __init liar_init(void)
{
	const struct liar_lie *what = liar_find();
	int ret = -EINVAL;

	if (what && status && comp && slots)
		ret = liar_as_device(what);
	else if (!lie && mailbox && ahead)
		ret = liar_as_driver();
	else
		pr_err("cdna_liar: give status, comp, slots and lie; or mailbox and ahead\n");
	/* It has done what it is for: it need not stay. */
	return ret ? ret : -ECANCELED;
}
module_init(liar_init);

MODULE_DESCRIPTION("Lies of a CDNA device, and to one");
MODULE_LICENSE("GPL");
