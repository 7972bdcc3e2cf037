#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs in L1: one context, one guest that measures, and what the guest printed.

set -euo pipefail

uuid=cdaa0000-0000-4000-8000-0000000000be
mdev=/sys/bus/mdev/devices/$uuid
built=/cdna/build/modules/stock
release=$(uname -r)
dir=$(mktemp -d)

make_initrd()
{
	mkdir -p "$dir"/initrd/{bin,dev,proc,sys}
	cp /bin/busybox "$dir/initrd/bin/"
	install /cdna/bench/trap/init "$dir/initrd/init"
	cp "$built/bench/trap/cdna_trap.ko" "$dir/initrd/"
	busybox xzcat "/usr/lib/modules/$release/kernel/drivers/char/hw_random/virtio-rng.ko.xz" \
		>"$dir/initrd/virtio-rng.ko"
	(cd "$dir/initrd" && find . | cpio -o -H newc --quiet >"$dir/initrd.cpio")
}

make_context()
{
	local types

	modprobe -a mdev vfio vfio_iommu_type1
	modprobe -q kvm_amd || modprobe -q kvm_intel
	insmod "$built/kernel/cdna_mdev/cdna_mdev.ko"
	types=(/sys/bus/pci/drivers/cdna_mdev/*:*/mdev_supported_types/cdna_mdev-context)
	echo "$uuid" >"${types[0]}/create"
}

run_guest()
{
	timeout 600 qemu-system-x86_64 -nodefaults -no-user-config \
		-display none -no-reboot -machine q35,accel=kvm,hpet=off \
		-cpu host -smp 1 -m 256 -serial stdio \
		-kernel /cdna/build/bench-trap/vmlinuz -initrd "$dir/initrd.cpio" \
		-append "console=ttyS0 quiet log_buf_len=1M panic=-1 mitigations=off" \
		-device pcie-root-port,id=port0,chassis=0,slot=0 \
		-device pcie-root-port,id=port1,chassis=1,slot=1 \
		-device virtio-rng-pci,bus=port0 \
		-device "vfio-pci,bus=port1,sysfsdev=$mdev" </dev/null | tr -d '\r'
}

make_initrd
make_context
run_guest
grep -H . "$mdev"/statistics/* | sed 's|.*/|stat: |'
echo 1 >"$mdev/remove"
rmmod cdna_mdev
if dmesg | grep -E 'WARNING:|BUG:|Oops|Call Trace|rcu:.*stall'; then
	echo "L1's kernel reported a bug" >&2
	exit 1
fi
