#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Make build/guest: the kernel of L1's guests, which is L1's, and their initrd,
# which is L1's with another init. The guests' root file system is L1's own
# disk; testbed/guest/lib.sh, in L1, puts it all together. Takes no time if all
# is up to date.
#
# GUEST_KERNEL is where a Linux kernel was built, to be the guests' instead, and
# GUEST_MEMORY what guests have, in MiB, if not what libvirt-xml/ says.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"

HERE=$TOP/testbed/guest
# What a kernel needs before there are modules: a console, an agent, a disk, the
# file systems, and an entry that takes a kernel which is not compressed.
OWN_NEEDS=(ACPI BLK_DEV_INITRD DEVTMPFS EROFS_FS MODULES OVERLAY_FS PCI_MSI PVH
	SERIAL_8250_CONSOLE TMPFS VIRTIO_BLK VIRTIO_CONSOLE VIRTIO_PCI)
own=
modules=stock
out=$BUILD/guest.tmp
tools=$("$TOP/testbed/tools.sh")
l1=$(L1_KERNEL=stock "$TOP/testbed/l1.sh")
vmlinuz=$l1/vmlinuz

in_tools() { "$TOP/testbed/isolate.sh" "$TOP/testbed/l1/in-tools" "$tools" "$@"; }

own_check()
{
	local option
	local -a missing=()

	own=$(realpath -e "$GUEST_KERNEL" 2>/dev/null) ||
		die "GUEST_KERNEL: there is no $GUEST_KERNEL"
	[[ -e $own/.config && -e $own/arch/x86/boot/bzImage &&
		-e $own/modules.order && -e $own/Module.symvers ]] ||
		die "GUEST_KERNEL: no Linux kernel for x86 was built in $own;" \
			"do it with: make -C $own bzImage modules"
	for option in "${OWN_NEEDS[@]}"; do
		grep -qx "CONFIG_$option=y" "$own/.config" ||
			missing+=("CONFIG_$option=y")
	done
	((!${#missing[@]})) ||
		die "GUEST_KERNEL: to boot a guest, the kernel in $own needs" \
			"${missing[*]}; testbed/debug/guest.config has what it takes"
}

# Its modules are where modprobe looks for them.
own_modules()
{
	make -s -C "$own" modules_install INSTALL_MOD_STRIP=1 DEPMOD=true \
		INSTALL_MOD_PATH="$1/guest/usr" >&2
	rm -f "$1"/guest/usr/lib/modules/*/{build,source}
	in_tools "$out" depmod -b /work/initrd.d/guest/usr \
		"$(<"$own/include/config/kernel.release")"
}

make_initrd()
{
	local root=$out/initrd.d name

	mkdir "$root"
	cp "$l1/initrd" "$out/initrd"
	in_tools "$out" sh -c 'cd /work/initrd.d && cpio -i --quiet <../initrd'
	# A guest has neither L1's link nor its shares.
	rm "$root"/modules/*{virtio_net,failover,virtio-rng}*
	[[ ! $own ]] || rm "$root"/modules/*
	cp "$HERE/init" "$root/init"
	cp -r "$HERE/root" "$root/guest"
	mkdir -p "$root/guest/usr/sbin"
	for name in shutdown poweroff reboot halt; do
		ln -s /etc/cdna/halt "$root/guest/usr/sbin/$name"
	done
	[[ ! $own ]] || own_modules "$root"
	in_tools "$out" sh -c 'cd /work/initrd.d && find . |
		cpio -o -H newc -R 0:0 --quiet >/work/initrd'
	rm -r "$root"
}

# A kernel that need not decompress itself, which is slow under emulation, boots
# by the entry for PVH.
make_kernel()
{
	in_tools "$out" /usr/src/linux/scripts/extract-vmlinux /work/vmlinuz \
		>"$out/vmlinux"
	# It succeeds whatever it finds.
	[[ -s $out/vmlinux ]] || die "no kernel was found in $vmlinuz"
}

[[ ${GUEST_MEMORY:-384} =~ ^[1-9][0-9]{2,4}$ ]] ||
	die "GUEST_MEMORY is in MiB, from 100 to 99999, not '$GUEST_MEMORY'"
if [[ ${GUEST_KERNEL:-} ]]; then
	own_check
	modules=own
	vmlinuz=$own/arch/x86/boot/bzImage
	"$TOP/scripts/modules.sh" own >&2
fi
key=$( (
	echo "$tools" "$l1" "$own" "${GUEST_MEMORY:-}"
	[[ ! $own ]] || cat "$vmlinuz" "$own/modules.order"
	cd "$HERE"
	find image.sh init root -type f | LC_ALL=C sort | xargs cat
) | key_of)
[[ $(cat "$BUILD/guest/key" 2>/dev/null) != "$key" ]] || exit 0
rm -rf "$out"
mkdir -p "$out"
cp "$vmlinuz" "$out/vmlinuz"
cat >"$out/settings" <<END
GUEST_MODULES=$modules
GUEST_MEMORY=${GUEST_MEMORY:-}
END
make_kernel
make_initrd
echo "$key" >"$out/key"
rm -rf "$BUILD/guest"
mv "$out" "$BUILD/guest"
