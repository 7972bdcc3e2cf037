# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script): L1 finds its NICs, the probe module tests
# DMA and interrupts through them, and all of it works again after L1 was
# started again with new NIC processes; a NIC that cannot reach L1's memory is
# refused.

. "$TOP/testbed/tests/tap.sh"

failed=0

# probe_boot SCRIPT...: one life of L1, in which SCRIPT runs; its tests are a
# TAP document of their own.
probe_boot()
{
	local rc=0 pass="boot $((bed_boot + 1))"

	tap_plan 4
	tap_n=0
	bed_up
	bed_versions
	tap "$pass: the wire has a carrier" wire_is_up
	bed_l1 "$@" || rc=$?
	((rc != 125)) || exit 125
	tap "$pass: the tests in L1 all passed" test "$rc" = 0
	tap "$pass: L1's kernel reported no bug" bed_log_clean
	tap "$pass: L1 powers off and the NICs end with status 0" bed_down
	tap_done || failed=1
}

wire_is_up()
{
	bed_tool ip link show wire0
	[[ $(bed_tool ip -o link show wire0) == *LOWER_UP* ]]
}

probe_boot /cdna/testbed/tests/device.sh "$BED_NICS"
probe_boot /cdna/testbed/tests/device.sh "$BED_NICS"
BED_SHARE=off
probe_boot /cdna/testbed/tests/unshared.sh
((!failed))
