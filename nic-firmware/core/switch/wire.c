// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Frames off the wire, into packet memory.
 */
#include "switch/wire.h"

#include "base/vlan.h"
#include "state.h"
#include "switch/switch_rx.h"

/* The largest frame of all lands in that many cells. */
#define WIRE_LANDING_CELLS	FW_WIRE_CELLS

static_assert(CDNA_MAX_MTU + FW_VLAN_MAX_HEADER + FW_CELL_HEADROOM <=
	      WIRE_LANDING_CELLS * FW_CELL_BYTES, "a frame does not fit");

static u32 wire_max_frame(const struct fw_nic *nic)
{
	return nic->config.mtu + FW_VLAN_MAX_HEADER;
}

/* Packet memory for any frame. Return: false if there is none */
static bool wire_land(struct fw_nic *nic)
{
	if (!nic->landed)
		nic->landed = fw_pool_alloc(&nic->pool, FW_BUDGET_RX,
					    FW_OWNER_WIRE, wire_max_frame(nic),
					    &nic->landing);
	return nic->landed;
}

/*
 * The frame is delivered: make its memory as good as new for the next one,
 * which is less work than to free and to allocate.
 */
static void wire_reuse(struct fw_nic *nic)
{
	struct fw_frame *landing = &nic->landing;
	u32 max = wire_max_frame(nic);

	/* Aggregation may have charged it to a context before it declined. */
	if (max > FW_CELL_BYTES - FW_CELL_HEADROOM ||
	    landing->owner != FW_OWNER_WIRE) {
		fw_pool_free(&nic->pool, landing);
		nic->landed = false;
		return;
	}
	landing->head->start = FW_CELL_HEADROOM;
	landing->head->len = (u16)max;
	landing->len = max;
}

/* Take one frame from the wire. Return: false if there was none */
static bool wire_one(struct fw_nic *nic)
{
	struct fw_iov iov[WIRE_LANDING_CELLS];
	int len;

	if (!wire_land(nic))
		return false;
	len = nic->ops->wire_poll(nic->board, iov,
				  fw_frame_iov(&nic->landing, iov,
					       WIRE_LANDING_CELLS));
	if (len <= 0)
		return false;
	fw_nic_count(nic, CDNA_NSTAT_WIRE_RX_FRAMES, 1);
	fw_nic_count(nic, CDNA_NSTAT_WIRE_RX_BYTES, (u32)len);
	if (fw_vlan_size(&nic->landing, (u32)len, nic->config.mtu) !=
	    FW_VLAN_FITS) {
		fw_nic_count(nic, CDNA_NSTAT_WIRE_RX_MALFORMED, 1);
		return true;
	}
	fw_pool_trim(&nic->pool, &nic->landing, (u32)len);
	if (fw_switch_rx(nic, &nic->landing))
		nic->landed = false;
	else
		wire_reuse(nic);
	return true;
}

/**
 * fw_wire_service() - take frames from the wire
 * @nic: the NIC
 *
 * Return: whether there may be more
 */
bool fw_wire_service(struct fw_nic *nic)
{
	u32 i;

	for (i = 0; i < FW_RX_BATCH; i++)
		if (!wire_one(nic))
			return false;
	return true;
}
