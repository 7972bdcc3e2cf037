#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the directory of the L1 host's image, after making it if need be:
# root.erofs (a stock Debian, read-only), initrd (puts a RAM overlay on it) and
# vmlinuz. Kernel and modules come from the tools tree, so they fit its headers.
#
# L1_KERNEL=debug: the same with a kernel that looks for bugs, see debug/kernel.sh.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
. "$(dirname "$0")/lib.sh"

# Kinds of hardware that no virtual machine here can have.
NO_DRIVERS=(accel accessibility bluetooth comedi gpu hwmon iio infiniband isdn
	media mmc mtd net/wireless scsi staging thunderbolt)
# What the initrd needs to reach the root file system and the network card.
INITRD_MODULES=(virtio_pci virtio_blk virtio_net virtio_rng erofs overlay)

tools=$("$BED/tools.sh")
kernel=$(<"$tools/kernel-stock")

# Not root: mmdebstrap needs a range of sub-ids, for files of daemons.
check_subids()
{
	is_root || grep -q "^$(id -un):" /etc/subuid ||
		die "making the L1 image without root needs sub-ids; get them with:" \
			"sudo usermod --add-subuids 100000-165535" \
			"--add-subgids 100000-165535 $(id -un)"
}

# What is added to the packages: our configuration and the kernel's modules.
make_overlay()
{
	local dir=$1 modules=$1/overlay/usr/lib/modules

	cp -r "$BED/l1/root" "$dir/overlay"
	mkdir -p "$modules" "$dir/overlay/cdna" "$dir/overlay/results"
	ln -s usr/lib "$dir/overlay/lib"
	cp -r "$tools/usr/lib/modules/$kernel" "$modules/"
	rm -rf "${NO_DRIVERS[@]/#/$modules/$kernel/kernel/drivers/}" \
		"$modules/$kernel/kernel/sound"
	depmod_in_tools "$dir"
	tar -C "$dir/overlay" --exclude=./lib --owner=0 --group=0 --numeric-owner \
		-cf "$dir/overlay.tar" .
}

in_tools() { "$BED/isolate.sh" "$BED/l1/in-tools" "$tools" "$@"; }
depmod_in_tools() { in_tools "$1" depmod -b /work/overlay "$kernel"; }

install_packages()
{
	local dir=$1 mirror
	local -a packages apt source

	mirror=$("$TOP/scripts/mirror.sh")
	mapfile -t packages < <(include_options "$BED/packages/l1")
	mapfile -t apt < <(apt_options)
	mapfile -t source < <(sources "$mirror" | head -n 1)

	# shellcheck disable=SC2016 # $1 is for the hook
	mmdebstrap --variant=apt --format=tar "${apt[@]}" "${packages[@]}" \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/info/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--customize-hook="tar-in '$dir/overlay.tar' /" \
		--customize-hook="upload '$BED/l1/configure' /configure" \
		--customize-hook='chroot "$1" sh /configure && rm "$1/configure"' \
		--customize-hook="download /versions '$dir/versions'" \
		--customize-hook='rm "$1/versions"' \
		"$SUITE" "$dir/root.tar" "${source[@]}"
}

make_initrd()
{
	local dir=$1 modules=$1/overlay/usr/lib/modules/$kernel

	mkdir -p "$dir/initrd.d"/{bin,dev,proc,sys,modules,lower,rw,root}
	cp "$tools/usr/bin/busybox" "$dir/initrd.d/bin/"
	cp "$BED/l1/init" "$dir/initrd.d/init"
	chmod +x "$dir/initrd.d/init"
	in_tools "$dir" modprobe -d /work/overlay -S "$kernel" -a --show-depends \
		"${INITRD_MODULES[@]}" | sed -n 's|^insmod /work/overlay||p' |
		awk '!seen[$1]++ { print $1 }' >"$dir/needed"
	local file name n=100
	while read -r file; do
		name=$(basename "$file" .xz)
		xz -dc "$modules${file#*"$kernel"}" >"$dir/initrd.d/modules/$n-$name"
		n=$((n + 1))
	done <"$dir/needed"
	in_tools "$dir" sh -c 'cd /work/initrd.d && find . |
		cpio -o -H newc -R 0:0 --quiet >/work/initrd'
}

assemble()
{
	local dir=$1

	make_initrd "$dir"
	cp "$tools/boot/vmlinuz-$kernel" "$dir/vmlinuz"
	echo "$kernel" >"$dir/kernel"
	in_tools "$dir" mkfs.erofs --quiet --tar=f /work/root.erofs /work/root.tar
	rm -rf "$dir"/{root.tar,overlay,overlay.tar,initrd.d,needed}
}

build()
{
	local dir=$1

	"$TOP/scripts/setup.sh" trees image
	check_subids
	mkdir -p "$BUILD"
	progress "preparing L1's kernel modules" "$BUILD/l1-modules.log" \
		make_overlay "$dir"
	progress "installing L1's packages (about 100 MB)" "$BUILD/l1.log" \
		install_packages "$dir"
	progress "writing L1's image" "$BUILD/l1-image.log" assemble "$dir"
}

if [[ ${1:-} == --build ]]; then
	build "$2"
	exit
fi
name=l1-$( (
	cd "$BED"
	echo "$tools"
	find l1.sh lib.sh packages/l1 l1 -type f | LC_ALL=C sort | xargs cat
) | key_of)
stock=$(cached "$name" "$BED/l1.sh" --build)
case ${L1_KERNEL:-stock} in
stock) printf '%s\n' "$stock" ;;
debug) exec "$BED/debug/image.sh" "$stock" ;;
*) die "L1_KERNEL is stock or debug, not '$L1_KERNEL'" ;;
esac
