#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# unshared.sh: runs in an L1 whose memory is not shared with the NIC process,
# so that DMA goes elsewhere without any error. The driver must notice.

set -euo pipefail
. /cdna/testbed/tests/tap.sh
. /cdna/testbed/tests/nic.sh

refused()
{
	dmesg | grep -i cdna | tail -n 20
	[[ ! -e $sys/$1/driver ]] &&
		dmesg | grep -q "$1: dma_selftest failed"
}

tap_plan $((2 + ${#devices[@]}))
tap "the module loads" load
for dev in "${devices[@]}"; do
	tap "$dev: refused, its DMA does not reach this memory" refused "$dev"
done
tap "the module unloads" rmmod cdna_mdev
tap_done
