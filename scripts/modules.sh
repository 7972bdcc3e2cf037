#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# modules.sh stock|newest [NAME [MAKE-ARGUMENT]...]: build each kernel module,
# and the firmware's core as a kernel object, against the headers of the kernel
# that L1 runs or of the newest one, in build/modules/NAME (default: the first
# argument). Kbuild writes beside its sources, so it gets a copy of them.
#
# modules.sh own: what guests load, for the kernel of GUEST_KERNEL, by the
# compiler of this machine, which has built that.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

which=${1:?usage: modules.sh stock|newest|own [NAME [MAKE-ARGUMENT]...]}
name=${2:-$which}
shift $(($# > 1 ? 2 : 1))
[[ $which == stock || $which == newest || $which == own ]] ||
	die "unknown kernel '$which': stock, newest or own"

cd "$TOP"
shopt -s nullglob
dirs=({kernel,nic-firmware,bench,selftests/vm}/*/Kbuild)
dirs=("${dirs[@]%/*}")
[[ $which != own ]] || dirs=(kernel/cdna_guest selftests/vm/liar)
((${#dirs[@]})) || die "there is no kernel module in this tree"

out=$BUILD/modules/$name
if [[ $which == own ]]; then
	tree=$(realpath "$GUEST_KERNEL")
	release="$tree $(<"$tree/include/config/kernel.release")"
else
	tree=$(testbed/tools.sh)
	release=$(<"$tree/kernel-$which")
fi
mkdir -p "$out"
# Objects of another kernel would be taken for fresh ones.
if [[ $(cat "$out/release" 2>/dev/null) != "$release" ]]; then
	rm -rf "$out"
	mkdir -p "$out"
	echo "$release" >"$out/release"
fi
cp --archive --update --parents include "${dirs[@]}" "$out/"

for dir in "${dirs[@]}"; do
	[[ $which != own ]] || {
		make -s -j "$(nproc)" -C "$tree" M="$out/$dir" "$@" modules
		continue
	}
	testbed/in-tools.sh make -s -j "$(nproc)" \
		-C "/usr/src/linux-headers-$release" \
		M="/cdna/build/modules/$name/$dir" "$@" modules
done
