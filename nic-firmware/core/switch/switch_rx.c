// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Frames from the wire: which contexts get them?
 */
#include "switch/switch_rx.h"

#include "state.h"
#include "switch/switch.h"

static void switch_rx_flood(struct fw_nic *nic, struct fw_hop *hop)
{
	if (!fw_switch_flood(nic, hop) && !hop->refused)
		fw_nic_count(nic, CDNA_NSTAT_WIRE_RX_UNKNOWN, 1);
	if (hop->refused)
		fw_nic_count(nic, CDNA_NSTAT_WIRE_RX_STORM, 1);
}

/**
 * fw_switch_rx() - a frame from the wire (paper 3.1)
 * @nic: the NIC
 * @frame: the frame: has a whole Ethernet header and, if tagged, a whole tag
 *
 * Return: true if the frame was kept: it is gone. Otherwise it is left to the
 * caller, with or without its tag
 */
bool fw_switch_rx(struct fw_nic *nic, struct fw_frame *frame)
{
	struct fw_hop hop;
	u32 count = 0;
	u16 to[2];

	fw_switch_start(&hop, frame, NULL);
	if (!fw_mac_multicast(fw_frame_data(frame)))
		count = fw_switch_find(nic, &hop, to);
	if (count)
		return fw_switch_unicast(nic, &hop, to, count);
	switch_rx_flood(nic, &hop);
	return false;
}
