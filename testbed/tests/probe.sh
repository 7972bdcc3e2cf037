# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script): L1 finds its NICs, the probe module tests
# DMA and interrupts through them, and all of it works again after L1 was
# started anew with new NIC processes.

. "$TOP/testbed/tests/tap.sh"

# One life of L1. Its own tests are TAP documents of their own.
probe_boot()
{
	local n rc=0

	tap_plan 3
	bed_up
	bed_versions
	tap "boot $bed_boot: the wire has a carrier" wire_is_up
	bed_l1 /cdna/testbed/tests/device.sh "$BED_NICS" || rc=$?
	((rc != 125)) || exit 125
	tap "boot $bed_boot: L1's kernel reported no bug" bed_log_clean
	tap "boot $bed_boot: L1 powers off and the NICs end with status 0" \
		bed_down
}

wire_is_up()
{
	bed_tool ip link show wire0
	[[ $(bed_tool ip -o link show wire0) == *LOWER_UP* ]]
}

probe_boot
tap_n=0
probe_boot
tap_done
