#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the directory of what virtio_ring.c of Debian's kernel is built of in user space,
# after downloading the kernel's source if need be.

set -euo pipefail
. "$(dirname "$0")/../../../../scripts/lib.sh"
. "$TOP/testbed/lib.sh"

PACKAGE=linux-source-6.12
PARTS=(drivers/virtio/virtio_ring.c tools/virtio tools/include
	include/linux/{compiler_types,compiler-context-analysis,container_of}.h
	include/linux/{irqreturn,kconfig,kern_levels,virtio_byteorder}.h
	include/linux/{virtio_ring,byteorder/generic}.h
	include/uapi/linux/virtio_{config,ring,types}.h)

fetch()
{
	local dir=$1 mirror
	local -a apt source

	mirror=$("$TOP/scripts/mirror.sh")
	mapfile -t apt < <(apt_options)
	mapfile -t source < <(sources "$mirror" | head -n 1)
	mmdebstrap --mode=chrootless --variant=extract --format=directory \
		--skip=check/chrootless --include=$PACKAGE \
		"${apt[@]}" "$SUITE" "$dir/package" "${source[@]}"
	tar -xJf "$dir/package/usr/src/$PACKAGE.tar.xz" --strip-components=1 \
		-C "$dir" "${PARTS[@]/#/$PACKAGE/}"
	rm -rf "$dir/package"
}

build()
{
	"$TOP/scripts/setup.sh" trees
	mkdir -p "$BUILD"
	progress "downloading the kernel's source (about 150 MB)" \
		"$BUILD/virtio-ring-source.log" "$0" --fetch "$1"
}

case ${1:-} in
--build) build "$2"; exit ;;
--fetch) fetch "$2"; exit ;;
esac
cached "virtio-ring-$(key_of <"$0")" "$0" --build
