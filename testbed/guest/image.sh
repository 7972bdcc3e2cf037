#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Make build/guest: the kernel of L1's guests, which is L1's, and their initrd,
# which is L1's with another init. The guests' root file system is L1's own
# disk; testbed/guest/lib.sh, in L1, puts it all together. Takes no time if all
# is up to date.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"

HERE=$TOP/testbed/guest
out=$BUILD/guest.tmp
tools=$("$TOP/testbed/tools.sh")
l1=$("$TOP/testbed/l1.sh")

in_tools() { "$TOP/testbed/isolate.sh" "$TOP/testbed/l1/in-tools" "$tools" "$@"; }

make_initrd()
{
	local root=$out/initrd.d name

	mkdir "$root"
	cp "$l1/initrd" "$out/initrd"
	in_tools "$out" sh -c 'cd /work/initrd.d && cpio -i --quiet <../initrd'
	# A guest has neither L1's link nor its shares.
	rm "$root"/modules/*{virtio_net,failover,virtio-rng,netfs,9p}*
	cp "$HERE/init" "$root/init"
	cp -r "$HERE/root" "$root/guest"
	mkdir -p "$root/guest/usr/sbin"
	for name in shutdown poweroff reboot halt; do
		ln -s /etc/cdna/halt "$root/guest/usr/sbin/$name"
	done
	in_tools "$out" sh -c 'cd /work/initrd.d && find . |
		cpio -o -H newc -R 0:0 --quiet >/work/initrd'
	rm -r "$root"
}

# A kernel that need not decompress itself, which is slow under emulation, boots
# by the entry for PVH.
make_kernel()
{
	"$tools/usr/src/linux/scripts/extract-vmlinux" "$l1/vmlinuz" \
		>"$out/vmlinux"
}

key=$( (
	echo "$tools" "$l1"
	cd "$HERE"
	find image.sh init root -type f | LC_ALL=C sort | xargs cat
) | key_of)
[[ $(cat "$BUILD/guest/key" 2>/dev/null) != "$key" ]] || exit 0
rm -rf "$out"
mkdir -p "$out"
cp "$l1/vmlinuz" "$out/"
make_kernel
make_initrd
echo "$key" >"$out/key"
rm -rf "$BUILD/guest"
mv "$out" "$BUILD/guest"
