#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the directory of the tree in which packaging/ is checked, after making it if
# need be: Debian 13's Nova and mdevctl. The packages are extracted, not installed.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
. "$(dirname "$0")/../lib.sh"

extract_packages()
{
	local tree=$1 mirror
	local -a packages apt source

	mirror=$("$TOP/scripts/mirror.sh")
	mapfile -t packages < <(include_options "$BED/packages/fleet")
	mapfile -t apt < <(apt_options)
	mapfile -t source < <(sources "$mirror" | head -n 1)
	mmdebstrap --mode=chrootless --variant=extract --format=directory \
		--skip=check/chrootless "${packages[@]}" "${apt[@]}" \
		"$SUITE" "$tree" "${source[@]}"
	rm -rf "$tree"/usr/share/{doc,man,locale,info}
	mkdir -p "$tree/cdna"
	# Made by a maintainer script, and read by Python's requests
	cat "$tree"/usr/share/ca-certificates/mozilla/*.crt \
		>"$tree/etc/ssl/certs/ca-certificates.crt"
}

build()
{
	"$TOP/scripts/setup.sh" trees
	mkdir -p "$BUILD"
	progress "downloading Nova and mdevctl (about 130 MB)" \
		"$BUILD/fleet-tree.log" "$0" --extract "$1/root"
}

case ${1:-} in
--build) build "$2" ;;
--extract) extract_packages "$2" ;;
*)
	dir=$(cached "fleet-$(cat "$0" "$BED/lib.sh" "$BED/packages/fleet" | key_of)" \
		"$0" --build)
	printf '%s\n' "$dir/root"
	;;
esac
