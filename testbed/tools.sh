#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the directory of the tools tree, after making it if need be: the QEMU
# that runs L1, L1's kernel, and everything that must fit that kernel (headers,
# compiler, sparse, checkpatch). The packages are extracted, not installed.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
. "$(dirname "$0")/lib.sh"

# The parts of the kernel's source that our checks and tests run.
SOURCE_PARTS=(scripts tools/testing/selftests/kselftest
	tools/testing/selftests/kselftest_harness.h
	tools/testing/selftests/kselftest.h tools/testing/selftests/lib.mk
	tools/scripts)

extract_packages()
{
	local tree=$1 mirror pref
	local -a packages apt source

	mirror=$("$TOP/scripts/mirror.sh")
	mapfile -t packages < <(include_options "$BED/packages/tools")
	mapfile -t apt < <(apt_options)
	mapfile -t source < <(sources "$mirror")
	pref='Package: qemu-* seabios\nPin: release n=%s-backports\nPin-Priority: 600\n'

	say "mirror: $mirror"
	# shellcheck disable=SC2059 # the format is above
	printf "$pref" "$SUITE" >"$tree.pref"
	# The check guards against maintainer scripts; extracting runs none.
	mmdebstrap --mode=chrootless --variant=extract --format=directory \
		--skip=check/chrootless \
		--setup-hook="cp '$tree.pref' \"\$1/etc/apt/preferences.d/qemu\"" \
		"${packages[@]}" "${apt[@]}" "$SUITE" "$tree" "${source[@]}"
	rm "$tree.pref"
}

# Without maintainer scripts, a few things are ours to put in place.
finish()
{
	local tree=$1 src part

	cp "$tree/usr/share/base-passwd/passwd.master" "$tree/etc/passwd"
	cp "$tree/usr/share/base-passwd/group.master" "$tree/etc/group"
	ln -sf mawk "$tree/usr/bin/awk"
	mkdir -p "$tree"/{cdna,work}
	rm -rf "$tree"/usr/share/{doc,man,locale,info}

	src=$(cd "$tree/usr/src" && echo linux-source-*.tar.xz)
	tar -xJf "$tree/usr/src/$src" -C "$tree/usr/src" \
		"${SOURCE_PARTS[@]/#/${src%.tar.xz}/}"
	rm "$tree/usr/src/$src"
	ln -s "${src%.tar.xz}" "$tree/usr/src/linux"

	# Debian's headers of 7.x lack the script that asks whether sparse works.
	for part in "$tree"/usr/src/linux-headers-*-common/scripts; do
		[[ -e $part/checker-valid.sh ]] ||
			install "$BED/checker-valid.sh" "$part/"
	done

	# The kernel of L1 by a fixed name, and its headers and the newest ones.
	part=$(cd "$tree/boot" && echo vmlinuz-*)
	echo "${part#vmlinuz-}" >"$tree/kernel-stock"
	(cd "$tree/usr/src" && printf '%s\n' linux-headers-*-amd64) |
		sed 's/^linux-headers-//' | sort -V | tail -n 1 >"$tree/kernel-newest"
	[[ -d $tree/usr/src/linux-headers-${part#vmlinuz-} ]] ||
		die "the mirror has no headers for its kernel ${part#vmlinuz-}"
}

build()
{
	local tree=$1 log=$BUILD/tools.log

	mkdir -p "$BUILD"
	"$TOP/scripts/setup.sh" trees
	progress "downloading the tools tree (about 350 MB)" "$log" \
		extract_packages "$tree/root"
	progress "preparing the tools tree" "$log" finish "$tree/root"
	# It says so if it does not know that QEMU, which works, if less surely.
	"$BED/qemu-svm.py" "$tree/root/usr/bin/qemu-system-x86_64" || true
}

if [[ ${1:-} == --build ]]; then
	build "$2"
	exit
fi
name=tools-$(cat "$0" "$BED/lib.sh" "$BED/packages/tools" \
	"$BED/checker-valid.sh" "$BED/qemu-svm.py" | key_of)
dir=$(cached "$name" "$BED/tools.sh" --build)
printf '%s\n' "$dir/root"
