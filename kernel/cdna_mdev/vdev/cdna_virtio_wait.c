// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long interrupts of a virtio network card's queue pair wait.
 *
 * A guest chooses for each direction, and the NIC has one interrupt for both: so a pair waits
 * as the direction that wants less, which may be not at all.
 *
 * A guest that is not interrupted posts no buffers, and the host does not look for them
 * either: what moderation holds back is the host's news, too. So a wait ends, whatever the
 * guest wants, before a virtqueue of frames that take an entry each could run dry. Where they
 * take many, as merged ones do, the guest has chosen how long it may be.
 */
#include <linux/minmax.h>

#include "vdev/cdna_virtio_wait.h"

#define WAIT_PART	4	/* of the entries: so many frames are waited for */

static bool wait_is_wanted(const struct cdna_virtio_coal *coal)
{
	return coal->usecs && coal->frames > 1;
}

static struct cdna_virtio_coal wait_wanted(const struct cdna_virtio_coal *tx,
					   const struct cdna_virtio_coal *rx,
					   const struct cdna_virtio_coal *none)
{
	if (!wait_is_wanted(tx) || !wait_is_wanted(rx))
		return *none;
	return (struct cdna_virtio_coal) {
		.usecs = min(tx->usecs, rx->usecs),
		.frames = min(tx->frames, rx->frames),
	};
}

/**
 * cdna_virtio_wait - how a queue pair is to be moderated
 * @tx: what its guest wants for transmitting
 * @rx: for receiving
 * @none: how a pair is moderated of which a direction wants no moderation; with no frames
 *	only time ends the wait
 * @entries: of the smaller one of its virtqueues
 *
 * Return: as of struct cdna_admin_coalesce. There is always a number of frames.
 */
struct cdna_virtio_coal cdna_virtio_wait(const struct cdna_virtio_coal *tx,
					 const struct cdna_virtio_coal *rx,
					 const struct cdna_virtio_coal *none,
					 u16 entries)
{
	struct cdna_virtio_coal pair = wait_wanted(tx, rx, none);
	u32 most = entries / WAIT_PART ?: 1;

	if (!pair.frames || pair.frames > most)
		pair.frames = most;
	return pair;
}
