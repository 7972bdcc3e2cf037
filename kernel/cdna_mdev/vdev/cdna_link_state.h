/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The link that a guest sees: the attribute "link_state" of a mediated device.
 */
#ifndef CDNA_LINK_STATE_H
#define CDNA_LINK_STATE_H

#include <linux/types.h>

struct attribute_group;
struct cdna_ctx;

/**
 * enum cdna_link_policy - which link a guest sees
 * @CDNA_LINK_ENABLE: one that is up: neighbours on the NIC need no wire
 * @CDNA_LINK_DISABLE: one that is down
 * @CDNA_LINK_AUTO: the wire's
 */
enum cdna_link_policy {
	CDNA_LINK_ENABLE,
	CDNA_LINK_DISABLE,
	CDNA_LINK_AUTO,
};

bool cdna_link_state_up(const struct cdna_ctx *ctx);

extern const struct attribute_group cdna_link_state_group;

#endif /* CDNA_LINK_STATE_H */
