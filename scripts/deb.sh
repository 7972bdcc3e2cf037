#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# deb.sh [DIR [VERSION]]: make the Debian packages of this tree in DIR (default:
# build/deb), and print their paths. Root is not needed. VERSION is for tests of
# upgrades: the tree is taken for one of that version. Nothing is done if they are what
# was made last.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

out=$(realpath -m "${1:-$BUILD/deb}")
version=${2:-}
# What debian/ makes packages of
PARTS=(CHANGELOG.md COPYING Documentation Kbuild LICENSES admin debian include
	kernel libvirt-xml nic-firmware/core packaging scripts/version.sh)

# dpkg-buildpackage writes into its sources and beside them, so it gets a copy.
copy()
{
	local IFS=. numbers

	mkdir "$out/source"
	tar -C "$TOP" --exclude-from="$TOP/.gitignore" -c "${PARTS[@]}" |
		tar -C "$out/source" -x
	[[ $version ]] || return 0
	read -ra numbers <<<"$version"
	sed -i -e "s/\(CDNA_VERSION_MAJOR\s\).*/\1${numbers[0]}/" \
		-e "s/\(CDNA_VERSION_MINOR\s\).*/\1${numbers[1]}/" \
		-e "s/\(CDNA_VERSION_PATCH\s\).*/\1${numbers[2]}/" \
		"$out/source/include/cdna/version.h"
	sed -i "1s/(.*)/($version)/" "$out/source/debian/changelog"
}

build()
{
	copy
	cd "$out/source"
	dpkg-buildpackage --build=binary --no-sign
	rm -r "$out/source"
}

if [[ ${3:-} == --build ]]; then
	build
	exit
fi
key=$(cd "$TOP" && {
	echo "$version"
	find "${PARTS[@]}" "$0" -type f -print0 | LC_ALL=C sort -z |
		xargs -0 sha256sum
} | key_of)
mkdir -p "$out"
# Another run of the same waits.
exec 8>"$out.lock"
flock 8
if [[ $(cat "$out/built" 2>/dev/null) != "$key" ]]; then
	rm -rf "$out"
	mkdir -p "$out"
	progress "making the Debian packages" "$out/build.log" \
		"$0" "$out" "$version" --build
	echo "$key" >"$out/built"
fi
printf '%s\n' "$out"/*.deb
