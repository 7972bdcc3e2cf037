// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attacks the host by every card that no driver has, from threads on all
 * processors, until all tries are made. The same seed makes the same choices in
 * each thread; what threads do at the same time differs.
 *
 * It leaves cards as it found them, and has done its work when it cannot be
 * loaded. The log says how many tries there were, of each kind, and whether
 * anything did what it must not do.
 */
#include <linux/array_size.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "attacker_attacks.h"

static ulong seed = 1;
module_param(seed, ulong, 0);
MODULE_PARM_DESC(seed, "of all choices");

static ulong tries = 10000;
module_param(tries, ulong, 0);
MODULE_PARM_DESC(tries, "how many, in all");

static char *only;
module_param(only, charp, 0);
MODULE_PARM_DESC(only, "one of main_attacks; none: all of them");

#define MAIN_CARDS	4
#define MAIN_THREADS	16

/**
 * struct main_attack - a kind of attack
 * @name: for the log
 * @weight: how often it is chosen, among all
 * @run: makes some tries
 */
struct main_attack {
	const char *name;
	u32 weight;
	u32 (*run)(struct card *card, struct dice *dice);
};

static const struct main_attack main_attacks[] = {
	{ "registers", 30, attack_registers },
	{ "mailboxes", 30, attack_mailboxes },
	{ "commands", 20, attack_commands },
	{ "storm", 3, attack_storm },
	{ "descriptors", 10, attack_descriptors },
	{ "race", 10, attack_race },
	{ "pages", 3, attack_pages },
	{ "frames", 4, attack_frames },
	{ "config", 10, attack_config },
	{ "bars", 6, attack_bars },
	{ "msix", 3, attack_msix },
	{ "reset", 2, attack_reset },
	{ "bridge", 1, attack_host_bridge },
};

/**
 * struct main_thread - a thread that attacks a card
 * @task: the thread
 * @done: it has made all its tries
 * @card: which
 * @dice: its choices
 * @tries: how many to make
 * @made: how many were, of each kind
 */
struct main_thread {
	struct task_struct *task;
	struct completion done;
	struct card *card;
	struct dice dice;
	ulong tries;
	ulong made[ARRAY_SIZE(main_attacks)];
};

static struct card main_cards[MAIN_CARDS];
static struct main_thread main_threads[MAIN_THREADS];
static u32 main_nr_cards, main_nr_threads;

static u32 main_weights(void)
{
	u32 i, sum = 0;

	for (i = 0; i < ARRAY_SIZE(main_attacks); i++)
		sum += main_attacks[i].weight;
	return sum;
}

static u32 main_choose(struct dice *dice)
{
	u32 i, left = dice_below(dice, main_weights());

	for (i = 0; left >= main_attacks[i].weight; i++)
		left -= main_attacks[i].weight;
	return i;
}

static int main_attack(void *data)
{
	struct main_thread *thread = data;
	ulong made = 0;
	u32 kind;

	while (made < thread->tries && !kthread_should_stop()) {
		kind = main_choose(&thread->dice);
		if (only && strcmp(only, main_attacks[kind].name))
			continue;
		thread->made[kind] += main_attacks[kind].run(thread->card,
							     &thread->dice);
		made = 0;
		for (kind = 0; kind < ARRAY_SIZE(main_attacks); kind++)
			made += thread->made[kind];
		cond_resched();
	}
	complete(&thread->done);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static bool main_only_is_known(void)
{
	u32 i;

	for (i = 0; only && i < ARRAY_SIZE(main_attacks); i++)
		if (!strcmp(only, main_attacks[i].name))
			return true;
	return !only;
}

static int main_take_cards(void)
{
	struct pci_dev *pdev = NULL;
	int ret;

	while ((pdev = pci_get_device(CDNA_PCI_VENDOR_ID,
				      CDNA_PCI_DEVICE_ID_CONTEXT, pdev))) {
		if (pdev->driver || main_nr_cards == MAIN_CARDS)
			continue;
		ret = card_take(&main_cards[main_nr_cards], pci_dev_get(pdev));
		if (ret) {
			pci_dev_put(pdev);
			return ret;
		}
		main_nr_cards++;
	}
	return main_nr_cards ? 0 : -ENODEV;
}

/* Two for each processor, so that one is ready when another waits */
static int main_start(void)
{
	u32 count = min_t(u32, MAIN_THREADS,
			  max_t(u32, 2 * num_online_cpus(), 2 * main_nr_cards));
	struct main_thread *thread;
	u32 i;

	for (i = 0; i < count; i++) {
		thread = &main_threads[i];
		thread->card = &main_cards[i % main_nr_cards];
		thread->tries = tries / count;
		init_completion(&thread->done);
		dice_seed(&thread->dice, seed * MAIN_THREADS + i, thread->card);
		thread->task = kthread_create(main_attack, thread,
					      "cdna_attacker/%u", i);
		if (IS_ERR(thread->task))
			return PTR_ERR(thread->task);
		kthread_bind(thread->task,
			     cpumask_local_spread(i, NUMA_NO_NODE));
		wake_up_process(thread->task);
		main_nr_threads++;
	}
	return 0;
}

/* By parts: the kernel complains about a wait of minutes. */
static void main_wait(void)
{
	u32 i;

	for (i = 0; i < main_nr_threads; i++)
		while (!wait_for_completion_timeout(&main_threads[i].done, HZ))
			;
	for (i = 0; i < main_nr_threads; i++)
		kthread_stop(main_threads[i].task);
}

static void main_report(void)
{
	ulong all = 0, made;
	u32 kind, i;

	for (kind = 0; kind < ARRAY_SIZE(main_attacks); kind++) {
		made = 0;
		for (i = 0; i < main_nr_threads; i++)
			made += main_threads[i].made[kind];
		all += made;
		pr_info("cdna_attacker: %s %lu\n", main_attacks[kind].name,
			made);
	}
	for (i = 0; i < main_nr_cards; i++)
		pr_info("cdna_attacker: card %u worked %lu times of %lu\n", i,
			main_cards[i].revived, main_cards[i].tried);
	pr_info("cdna_attacker: %u threads, seed %lu, tries %lu, harmful %d\n",
		main_nr_threads, seed, all, card_harms());
}

static int __init main_init(void)
{
	int ret;
	u32 i;

	if (!main_only_is_known())
		return -EINVAL;
	ret = main_take_cards();
	if (!ret)
		ret = main_start();
	main_wait();
	for (i = 0; i < main_nr_cards; i++)
		if (card_release(&main_cards[i]))
			card_harm(&main_cards[i], "it cannot be reset");
	if (!ret)
		main_report();
	/* It has done what it is for: it need not stay. */
	return ret ? ret : -ECANCELED;
}
module_init(main_init);

MODULE_DESCRIPTION("Attacks of a guest on its host, by CDNA cards");
MODULE_LICENSE("GPL");
