#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# modules.sh stock|newest [NAME [MAKE-ARGUMENT]...]: build each kernel module,
# and the firmware's core as a kernel object, against the headers of the kernel
# that L1 runs or of the newest one, in build/modules/NAME (default: the first
# argument). Kbuild writes beside its sources, so it gets a copy of them. Nothing is
# done if they are what was built last.
#
# modules.sh own: what guests load, for the kernel of GUEST_KERNEL, by the
# compiler of this machine, which has built that.
#
# modules.sh debug: what L1 loads if L1_KERNEL is debug, likewise.
#
# modules.sh l1: what L1 and its guests load, whichever kernel L1 has. The link
# build/modules/l1 is to what is for L1.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

which=${1:?usage: modules.sh stock|newest|own|debug|l1 [NAME [MAKE-ARGUMENT]...]}
name=${2:-$which}
shift $(($# > 1 ? 2 : 1))
[[ $which =~ ^(stock|newest|own|debug|l1)$ ]] ||
	die "unknown kernel '$which': stock, newest, own, debug or l1"

if [[ $which == l1 ]]; then
	"$0" stock
	[[ ${L1_KERNEL:-stock} == stock ]] || "$0" "$L1_KERNEL"
	ln -sfn "${L1_KERNEL:-stock}" "$BUILD/modules/l1"
	exit
fi

cd "$TOP"
shopt -s nullglob
dirs=({kernel,nic-firmware,bench,selftests,selftests/vm}/*/Kbuild)
dirs=("${dirs[@]%/*}")
[[ $which != own ]] || dirs=(kernel/cdna_guest selftests/vm/{liar,attacker})
[[ $which != debug ]] || dirs=(kernel/cdna_{guest,mdev,softnic} nic-firmware/core
	selftests/refuser)
((${#dirs[@]})) || die "there is no kernel module in this tree"

out=$BUILD/modules/$name
if [[ $which == own || $which == debug ]]; then
	if [[ $which == own ]]; then
		tree=$(realpath "$GUEST_KERNEL")
	else
		tree=$(testbed/debug/kernel.sh)/linux
	fi
	release="$tree $(<"$tree/include/config/kernel.release")"
else
	tree=$(testbed/tools.sh)
	release=$(<"$tree/kernel-$which")
fi

# What the modules are made of. Rules that are not Kbuild's are not copied.
mapfile -t sources < <(find include "${dirs[@]}" -name tests -prune -o \
	-type f -print | LC_ALL=C sort)
key=$({
	echo "$release" "$@"
	sha256sum "$0" "${sources[@]}" scripts/lint/sparse.h
} | key_of)
mkdir -p "$out"
# Another run of the same waits.
exec 8>"$BUILD/modules/$name.lock"
flock 8
[[ $(cat "$out/built" 2>/dev/null) != "$key" ]] || exit 0

# Objects of another kernel would be taken for fresh ones, and so would sources
# that are no longer there.
if [[ $(cat "$out/release" 2>/dev/null) != "$release" ]]; then
	rm -rf "$out"
	mkdir -p "$out"
	echo "$release" >"$out/release"
fi
rm -f "$out/built"
printf '%s\n' "${sources[@]}" >"$out/sources.new"
[[ ! -e $out/sources ]] || LC_ALL=C comm -23 "$out/sources" "$out/sources.new" |
	(cd "$out" && xargs -d '\n' rm -f)
mv "$out/sources.new" "$out/sources"
cp --archive --update --parents "${sources[@]}" "$out/"
# All in one run: what Kbuild does before and after compiling takes longer than that.
printf 'obj-m += %s/\n' "${dirs[@]}" >"$out/Kbuild"

kbuild=(make -s -j "$(nproc)")
if [[ $which == own || $which == debug ]]; then
	kbuild+=(-C "$tree" M="$out")
else
	kbuild=(testbed/in-tools.sh "${kbuild[@]}"
		-C "/usr/src/linux-headers-$release" M="/cdna/build/modules/$name")
fi
"${kbuild[@]}" "$@" modules
echo "$key" >"$out/built"
