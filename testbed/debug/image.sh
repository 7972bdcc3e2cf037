#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# image.sh IMAGE: print the directory of an L1 that is the one in IMAGE, see
# ../l1.sh, but boots the debug kernel. It has all built in; the initrd's init
# copies the list of it to the root file system.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"

BED=$TOP/testbed
HERE=$BED/debug
tools=$("$BED/tools.sh")
kernel=$("$HERE/kernel.sh")

in_tools() { "$BED/isolate.sh" "$BED/l1/in-tools" "$tools" "$@"; }

make_initrd()
{
	local dir=$1 root=$1/initrd.d release
	release=$(<"$kernel/kernel")

	mkdir "$root"
	cp "$stock/initrd" "$dir/initrd"
	in_tools "$dir" sh -c 'cd /work/initrd.d && cpio -i --quiet <../initrd'
	rm "$root"/modules/*
	cp "$BED/l1/init" "$root/init"
	mkdir "$root/kernel"
	cp -r "$kernel/root/usr/lib/modules/$release" "$root/kernel/"
	in_tools "$dir" sh -c 'cd /work/initrd.d && find . |
		cpio -o -H newc -R 0:0 --quiet >/work/initrd'
	rm -rf "$root"
}

build()
{
	local dir=$1

	ln "$stock/root.erofs" "$dir/root.erofs"
	cp "$kernel/vmlinuz" "$kernel/kernel" "$stock/versions" "$dir/"
	make_initrd "$dir"
}

if [[ $1 == --build ]]; then
	stock=$2
	build "$3"
	exit
fi
stock=$1
name=l1-debug-$(
	{ echo "$stock" "$kernel"; cat "$0" "$BED/l1/init"; } | key_of)
cached "$name" "$0" --build "$stock"
