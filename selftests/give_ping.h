/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Echoes whose request is in memory that is given away.
 */
#ifndef SELFTEST_GIVE_PING_H
#define SELFTEST_GIVE_PING_H

#include <stdbool.h>
#include <stdint.h>

#include "give.h"
#include "vdev.h"

/* The peer learns our address, and asks for it no longer. */
bool give_arp_from(struct vdev *dev, uint8_t *page, uint64_t iova);

/* One echo */
bool give_ping_from(struct vdev *dev, const uint8_t *peer, uint8_t *page,
		    uint64_t iova, uint16_t seq);

#endif /* SELFTEST_GIVE_PING_H */
