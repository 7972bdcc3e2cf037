#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the directory of L1's debug kernel, after building it if need be (about
# half an hour on two processors): Debian's source, with no other options than those in
# guest.config and host.config, and with one lock order of VFIO set right: lockdep ends with
# the first inversion that it sees. It has:
#
#   linux          a tree to build external modules in, by this machine's compiler
#   root           /lib/modules, which says what is built in
#   vmlinuz, kernel
#                  the kernel, and its release

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
. "$TOP/testbed/lib.sh"

HERE=$BED/debug
tools=$("$BED/tools.sh")
LOCK_ORDER=$TOP/Documentation/upstream/0002-vfio-type1-take-device_list_lock-first.patch
UNPROMPTED=(VFIO_MDEV KVM_EXTERNAL_WRITE_TRACKING NET_DEVLINK AUXILIARY_BUS
	PAGE_POOL DIMLIB)

fetch()
{
	local dir=$1 mirror
	local -a apt source

	mirror=$("$TOP/scripts/mirror.sh")
	mapfile -t apt < <(apt_options)
	mapfile -t source < <(sources "$mirror" | head -n 1)
	mmdebstrap --mode=chrootless --variant=extract --format=directory \
		--skip=check/chrootless --include=linux-source-6.12 \
		"${apt[@]}" "$SUITE" "$dir/package" "${source[@]}"
	mkdir "$dir/linux"
	tar -xJf "$dir"/package/usr/src/linux-source-6.12.tar.xz \
		--strip-components=1 -C "$dir/linux"
	rm -rf "$dir/package"
}

configure()
{
	local dir=$1 option want

	cd "$dir/linux"
	patch -p1 -F0 --forward --batch <"$LOCK_ORDER"
	# What only drivers of hardware select gets a prompt.
	for option in "${UNPROMPTED[@]}"; do
		grep -rl --include=Kconfig "^config $option\$" arch/x86 drivers net lib |
			xargs sed -i "/^config $option\$/,/^\$/s/^\t\(bool\|tristate\)\$/& \"$option\"/"
	done
	cat "$HERE"/{guest,host}.config >"$dir/config"
	make KCONFIG_ALLCONFIG="$dir/config" allnoconfig
	grep '^CONFIG_' "$HERE/host.config" | while read -r want; do
		grep -qxF "$want" .config ||
			die "the kernel's configuration does not take $want"
	done
}

compile()
{
	local dir=$1 release

	cd "$dir/linux"
	make -j"$(nproc)" bzImage modules
	release=$(<include/config/kernel.release)
	make modules_install INSTALL_MOD_STRIP=1 DEPMOD=true \
		INSTALL_MOD_PATH="$dir/root/usr"
	rm -f "$dir/root/usr/lib/modules/$release"/{build,source}
	"$BED/isolate.sh" "$BED/l1/in-tools" "$tools" "$dir" \
		depmod -b /work/root/usr "$release"
	cp arch/x86/boot/bzImage "$dir/vmlinuz"
	echo "$release" >"$dir/kernel"
	# External modules need neither objects nor most of the source.
	cp Module.symvers "$dir/symvers"
	make clean
	mv "$dir/symvers" Module.symvers
	rm -rf "$dir/config" Documentation fs sound crypto mm net \
		drivers/{gpu,media,net,staging,scsi,infiniband}
}

build()
{
	local dir=$1

	"$TOP/scripts/setup.sh" trees kernel
	mkdir -p "$BUILD"
	progress "downloading the kernel's source (about 150 MB)" \
		"$BUILD/debug-source.log" "$0" --fetch "$dir"
	progress "configuring L1's debug kernel" "$BUILD/debug-config.log" \
		"$0" --configure "$dir"
	progress "building L1's debug kernel" "$BUILD/debug-kernel.log" \
		"$0" --compile "$dir"
}

case ${1:-} in
--build) build "$2"; exit ;;
--fetch) fetch "$2"; exit ;;
--configure) configure "$2"; exit ;;
--compile) compile "$2"; exit ;;
esac
name=linux-debug-$(
	{ echo "$tools"; cat "$0" "$HERE"/*.config "$LOCK_ORDER"; } | key_of)
cached "$name" "$0" --build
