#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# device.sh NICS: runs in L1. Each NIC is on the PCI bus as include/cdna says,
# and the probe module's self-tests of DMA and interrupts pass on it.

set -euo pipefail
. /cdna/testbed/tests/tap.sh

. /cdna/testbed/tests/nic.sh

nics=$1

on_the_bus()
{
	lspci -nn
	((${#devices[@]} == nics))
}

# bar DEVICE NUMBER SIZE: a memory BAR of that many bytes
bar()
{
	local start end flags

	read -r start end flags < <(sed -n "$(($2 + 1))p" "$sys/$1/resource")
	echo "BAR$2: $start $end $flags"
	((start && end - start + 1 == $3 && flags & 0x200))
}

msix()
{
	local count

	count=$(lspci -vv -s "$1" | sed -n 's/.*MSI-X:.*Count=\([0-9]*\).*/\1/p')
	echo "MSI-X vectors: ${count:-no capability}"
	((count >= $(abi CDNA_NR_VECTORS)))
}

bound()
{
	dmesg | grep -i cdna | tail -n 20
	[[ $(basename "$(readlink "$sys/$1/driver")") == cdna_mdev ]]
}

# attribute DEVICE NAME PATTERN: what the driver says of the NIC
attribute()
{
	local value

	value=$(<"$sys/$1/cdna/$2") || return
	echo "$2: $value"
	# shellcheck disable=SC2053 # a pattern
	[[ $value == $3 ]]
}

unbound()
{
	[[ ! -e $sys/$1/driver ]]
}

# What must hold each time that the module has been loaded.
probed()
{
	local dev

	for dev in "${devices[@]}"; do
		tap "$dev: probed $1" bound "$dev"
		tap "$dev: DMA self-test passed $1" \
			attribute "$dev" dma_selftest 'ok [1-9]*'
		tap "$dev: interrupt self-test passed $1" attribute "$dev" \
			irq_selftest "ok $(abi CDNA_NR_VECTORS) vectors"
		tap "$dev: alive, its link up $1" healthy "$dev"
	done
}

healthy() { attribute "$1" health alive && attribute "$1" link up; }

tap_plan $((5 + (3 + 4 + 1 + 4) * nics))
tap "lspci lists $nics NIC(s) $id" on_the_bus
for dev in "${devices[@]}"; do
	tap "$dev: BAR0 is the SRAM" bar "$dev" 0 "$(abi CDNA_BAR_SRAM_SIZE)"
	tap "$dev: BAR2 holds the MSI-X tables" \
		bar "$dev" 2 "$(abi CDNA_BAR_MSIX_SIZE)"
	tap "$dev: MSI-X with a vector for each purpose" msix "$dev"
done
tap "the module loads" load
probed "at first"
tap "the module unloads" rmmod cdna_mdev
for dev in "${devices[@]}"; do
	tap "$dev: released" unbound "$dev"
done
tap "the module loads again" load
probed "again"
tap "the module unloads again" rmmod cdna_mdev
tap_done
