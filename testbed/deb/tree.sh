#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the directory of the tree in which tests install our packages, after making it
# if need be. All of its files belong to the one who makes it, so that it can be used in
# a user namespace.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
. "$(dirname "$0")/../lib.sh"

install_packages()
{
	local dir=$1 mirror
	local -a packages apt source

	mirror=$("$TOP/scripts/mirror.sh")
	mapfile -t packages < <(include_options "$BED/packages/deb")
	mapfile -t apt < <(apt_options)
	mapfile -t source < <(sources "$mirror" | head -n 1)
	mmdebstrap --variant=apt --format=tar "${apt[@]}" "${packages[@]}" \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		"$SUITE" "$dir/root.tar" "${source[@]}"
	mkdir "$dir/root"
	tar -C "$dir/root" -x --no-same-owner --exclude='./dev/*' \
		-f "$dir/root.tar"
	rm "$dir/root.tar"
	mkdir "$dir/root/cdna"
}

build()
{
	"$TOP/scripts/setup.sh" trees image
	mkdir -p "$BUILD"
	progress "installing a Debian for our packages (about 60 MB)" \
		"$BUILD/deb-tree.log" "$0" --install "$1"
}

case ${1:-} in
--build) build "$2" ;;
--install) install_packages "$2" ;;
*)
	dir=$(cached "deb-$(cat "$0" "$BED/lib.sh" "$BED/packages/deb" | key_of)" \
		"$0" --build)
	printf '%s\n' "$dir/root"
	;;
esac
