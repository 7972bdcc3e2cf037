#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# compare.sh: ways to give a network to a virtual machine, side by side in one L1.
# Over an emulated igb in a bridge: virtio-net with vhost-net, the same with macvtap, and
# a context of a softnic. Over a CDNA NIC: a context whose driver traps by the register,
# and one that traps by the doorbell page. Writes build/compare.json and prints a table.
# Status 0: all of it was measured, whatever came out.
#
# Environment: COMPARE_ROUNDS (3) rounds of COMPARE_SECONDS (5) s for the speed,
# COMPARE_COUNTS (1) with instructions counted; COMPARE_CPUS (1) processors in L1;
# COMPARE_REASONS=1 also asks why the guest exits. COMPARE_WAYS: only these ways.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
tied "$@"

export COMPARE_SECONDS=${COMPARE_SECONDS:-5} COMPARE_CPUS=${COMPARE_CPUS:-1}
out=$BUILD/compare.json
for way in ${COMPARE_WAYS:-}; do
	[[ $way =~ ^(vhost|macvtap|softnic|softnic_virtio|register|page|virtio)$ ]] ||
		die "COMPARE_WAYS: '$way' is none of: vhost macvtap softnic" \
			"softnic_virtio register page virtio"
done
export COMPARE_WAYS=${COMPARE_WAYS:-}

# compare_boot MODE ROUNDS: one life of L1, measuring.
compare_boot()
{
	COMPARE_MODE=$1 COMPARE_ROUNDS=$2 \
		progress "measuring, mode $1, rounds: $2" "$BUILD/compare-$1.log" \
		"$TOP/testbed/shell.sh" --script "$TOP/bench/compare/bed.sh"
	samples+=("$BUILD/compare-$1.samples")
}

# What the measurements were made on, in words.
compare_bed()
{
	local l1
	l1=$(grep -h '^QEMU ' "$BUILD/compare-speed.log")
	printf '%s; vCPUs in L1: %s, in its guest: 1; this machine has %s processors' \
		"$l1" "$COMPARE_CPUS" "$(nproc)"
}

in_tools() { "$TOP/testbed/in-tools.sh" "$@"; }
inside() { printf '/cdna%s\n' "${1#"$TOP"}"; }

samples=()
"$TOP/testbed/guest/image.sh"
compare_boot speed "${COMPARE_ROUNDS:-3}"
# The plugin counts what QEMU emulates, so there is none if L1 has KVM.
if grep -q 'accelerator tcg' "$BUILD/compare-speed.log"; then
	make -s -C "$TOP/bench/count"
	compare_boot count "${COMPARE_COUNTS:-1}"
	[[ ! ${COMPARE_REASONS:-} ]] || compare_boot reasons 1
else
	say "instructions are not counted: L1 runs on KVM"
fi
mapfile -t samples < <(for file in "${samples[@]}"; do inside "$file"; done)
in_tools jq -s --arg bed "$(compare_bed)" -f /cdna/bench/compare/summary.jq \
	"${samples[@]}" >"$out.new"
mv "$out.new" "$out"
in_tools jq -r -f /cdna/bench/compare/table.jq "$(inside "$out")"
say "the same numbers: $out"
