// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Frames from the wire: which contexts get them?
 */
#include "switch/switch_rx.h"

#include "state.h"
#include "switch/switch.h"

static bool switch_rx_unicast(struct fw_nic *nic, struct fw_hop *hop)
{
	u16 to[2];
	u32 count = fw_switch_find(nic, hop, to);

	if (count)
		return fw_switch_unicast(nic, hop, to, count);
	if (!fw_switch_flood(nic, hop))
		fw_nic_count(nic, CDNA_NSTAT_WIRE_RX_UNKNOWN, 1);
	return false;
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

	fw_switch_start(&hop, frame, NULL);
	if (!fw_mac_multicast(fw_frame_data(frame)))
		return switch_rx_unicast(nic, &hop);
	if (!fw_bucket_take_frame(&nic->storm, nic->now))
		fw_nic_count(nic, CDNA_NSTAT_WIRE_RX_STORM, 1);
	else if (!fw_switch_flood(nic, &hop))
		fw_nic_count(nic, CDNA_NSTAT_WIRE_RX_UNKNOWN, 1);
	return false;
}
