// SPDX-License-Identifier: GPL-2.0-only
/*
 * Indices of virtqueues, which are modulo 65536, and what notifications and interrupts
 * make of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/unaligned.h>

#include "virtq_machine.h"

#define SIZE	8

static struct cdna_virtq_chain chain;
static struct virtq_machine *m;

static int fresh(void **state)
{
	u32 i;

	(void)state;
	if (!m)
		m = machine_new(SIZE);
	machine_reset(m);
	m->vq.write = true;
	for (i = 0; i < SIZE; i++)
		machine_desc(m, i, 0x1000 * i, 2048, VRING_DESC_F_WRITE, 0);
	return 0;
}

static int fresh_event_idx(void **state)
{
	fresh(state);
	m->vq.event_idx = true;
	return 0;
}

static void start_at(u16 index)
{
	m->vq.next = index;
	machine_set_avail(m, index);
}

/* The guest, by its own rules: does it notify when it makes @count available? */
static bool guest_notifies(u16 count)
{
	u16 old = le16_to_cpu(m->avail->idx), new = old + count;
	u16 event = le16_to_cpu(*(u16 *)&m->used->ring[SIZE]);

	machine_set_avail(m, new);
	if (m->vq.event_idx)
		return vring_need_event(event, new, old);
	return !(le16_to_cpu(m->used->flags) & VRING_USED_F_NO_NOTIFY);
}

static void provider_uses(u16 count)
{
	m->used->idx = cpu_to_le16(le16_to_cpu(m->used->idx) + count);
}

static void guest_asks_at(u16 index)
{
	m->avail->ring[SIZE] = cpu_to_le16(index);
}

/* Each start, so that each place is where the index wraps */
static void every_index(void **state)
{
	u32 i, n;

	(void)state;
	start_at(65536 - 2 * SIZE);
	for (i = 0; i < 5 * SIZE; i++) {
		assert_int_equal(cdna_virtq_next(&m->vq, &chain), 0);
		for (n = 0; n < SIZE; n++)
			machine_offer(m, (i + n) % SIZE);
		for (n = 0; n < SIZE - 1; n++) {
			assert_int_equal(cdna_virtq_next(&m->vq, &chain), 1);
			assert_int_equal(chain.head, (i + n) % SIZE);
		}
		/* It was not used, and comes again. */
		cdna_virtq_unget(&m->vq);
		assert_int_equal(cdna_virtq_next(&m->vq, &chain), 1);
		assert_int_equal(chain.head, (i + SIZE - 2) % SIZE);
		machine_set_avail(m, m->vq.next);
	}
}

static void too_far_ahead(void **state)
{
	static const u16 starts[] = { 0, 1, 65535, 65536 - SIZE, 32767 };
	u32 i;

	(void)state;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		start_at(starts[i]);
		machine_set_avail(m, starts[i] + SIZE + 1);
		assert_int_equal(cdna_virtq_next(&m->vq, &chain), -1);
		assert_int_equal(m->vq.fault, CDNA_VFAULT_TAIL);
		/* Nor can it withdraw what it made available. */
		machine_set_avail(m, starts[i] - 1);
		assert_int_equal(cdna_virtq_next(&m->vq, &chain), -1);
		assert_int_equal(m->vq.fault, CDNA_VFAULT_TAIL);
		assert_int_equal(m->vq.next, starts[i]);
		machine_set_avail(m, starts[i] + SIZE);
		assert_int_equal(cdna_virtq_next(&m->vq, &chain), 1);
	}
}

/* The guest notifies when the entry that was chosen is among the new ones. */
static void notify_by_index(void **state)
{
	u32 start, ahead, count;

	(void)state;
	for (start = 65536 - 12; start < 65536 + 4; start++) {
		for (ahead = 0; ahead < SIZE; ahead++) {
			for (count = 1; count <= SIZE; count++) {
				start_at(start);
				assert_false(cdna_virtq_notify_at(&m->vq,
								  ahead));
				assert_int_equal(guest_notifies(count),
						 count > ahead);
				assert_int_equal(cdna_virtq_notify_at(&m->vq,
								      ahead),
						 count > ahead);
			}
		}
		start_at(start);
		assert_false(cdna_virtq_notify_at(&m->vq, SIZE));
		assert_false(guest_notifies(SIZE));
	}
	/* Those flags are for guests without event indices. */
	assert_int_equal(m->used->flags, 0);
}

static void notify_by_flag(void **state)
{
	(void)state;
	start_at(65535);
	assert_false(cdna_virtq_notify_at(&m->vq, SIZE));
	assert_false(guest_notifies(2));
	assert_false(cdna_virtq_notify_at(&m->vq, SIZE));
	assert_false(cdna_virtq_notify_at(&m->vq, 2));
	assert_true(guest_notifies(1));
	assert_true(cdna_virtq_notify_at(&m->vq, 2));
	assert_true(cdna_virtq_notify_at(&m->vq, 0));
	assert_int_equal(cdna_virtq_next(&m->vq, &chain), 1);
	assert_int_equal(*(u16 *)&m->used->ring[SIZE], 0);
}

/* The first time that anything was used, the guest is interrupted in any case. */
static void first_interrupt(void **state)
{
	(void)state;
	assert_false(cdna_virtq_wants(&m->vq));
	m->avail->flags = cpu_to_le16(VRING_AVAIL_F_NO_INTERRUPT);
	guest_asks_at(1000);
	provider_uses(1);
	assert_true(cdna_virtq_wants(&m->vq));
	assert_false(cdna_virtq_wants(&m->vq));
	provider_uses(1);
	assert_false(cdna_virtq_wants(&m->vq));
}

static void interrupt_by_flag(void **state)
{
	(void)state;
	provider_uses(1);
	assert_true(cdna_virtq_wants(&m->vq));
	provider_uses(3);
	assert_true(cdna_virtq_wants(&m->vq));
	assert_false(cdna_virtq_wants(&m->vq));
	m->avail->flags = cpu_to_le16(VRING_AVAIL_F_NO_INTERRUPT);
	provider_uses(1);
	assert_false(cdna_virtq_wants(&m->vq));
	/* That one is past: the guest looks when it allows interrupts again. */
	m->avail->flags = 0;
	assert_false(cdna_virtq_wants(&m->vq));
	/* What it makes of its own index is its own affair. */
	provider_uses(65535);
	assert_true(cdna_virtq_wants(&m->vq));
}

/* At each place near where the used index wraps */
static void interrupt_by_index(void **state)
{
	u32 start, event, count;

	(void)state;
	m->used->idx = 1;
	assert_true(cdna_virtq_wants(&m->vq));
	m->avail->flags = cpu_to_le16(VRING_AVAIL_F_NO_INTERRUPT);
	for (start = 65536 - 12; start < 65536 + 4; start++) {
		for (event = 0; event < 2 * SIZE; event++) {
			for (count = 1; count <= SIZE; count++) {
				guest_asks_at(start + event);
				m->used->idx = cpu_to_le16(start);
				m->vq.signalled = start;
				provider_uses(count);
				assert_int_equal(cdna_virtq_wants(&m->vq),
						 event < count);
				assert_false(cdna_virtq_wants(&m->vq));
			}
		}
		/* A guest that polls leaves its index behind. */
		guest_asks_at(start - 1);
		provider_uses(1);
		assert_false(cdna_virtq_wants(&m->vq));
	}
}

/* What was used elsewhere is reported here, and nothing else is. */
static void settled_at_every_index(void **state)
{
	u32 start, n, i;

	(void)state;
	for (start = 65536 - 2 * SIZE; start < 65536 + SIZE; start++) {
		for (n = 0; n <= SIZE; n++) {
			fresh(NULL);
			for (i = 0; i < SIZE; i++) {
				m->avail->ring[i] = cpu_to_le16(0x100 + i);
				m->used->ring[i].id = cpu_to_le32(0x999);
			}
			m->used->idx = cpu_to_le16((u16)start);
			m->vq.done = start;
			m->vq.next = start + n;
			cdna_virtq_settle(&m->vq);
			assert_int_equal(m->vq.done, m->vq.next);
			assert_int_equal(le16_to_cpu(m->used->idx),
					 (u16)(start + n));
			for (i = 0; i < SIZE; i++)
				assert_int_equal(le32_to_cpu(m->used->ring[(start + i) % SIZE].id),
						 i < n ? 0x100 + (start + i) % SIZE :
							 0x999);
		}
	}
}

#define FLAGS(test)	cmocka_unit_test_setup(test, fresh)
#define INDEX(test)	cmocka_unit_test_setup(test, fresh_event_idx)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLAGS(every_index),
		FLAGS(too_far_ahead),
		INDEX(notify_by_index),
		FLAGS(notify_by_flag),
		FLAGS(first_interrupt),
		INDEX(first_interrupt),
		FLAGS(interrupt_by_flag),
		INDEX(interrupt_by_index),
		FLAGS(settled_at_every_index),
	};
	int failed = cmocka_run_group_tests_name("virtq_events", tests, NULL,
						 NULL);

	if (m)
		machine_free(m);
	return failed;
}
