#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# host.sh OLD NEW OUT [STEP]: install, upgrade and purge our packages, as a Debian 13 does, in
# the tree of enter.sh (TAP). OLD and NEW are directories with packages. OUT gets
# modules.tar, with what a host that boots the stock kernel has of it. STEP, a function
# below, is one test.

set -euo pipefail
old=$1 new=$2 out=$3
. /cdna/testbed/tests/tap.sh

# Those that the tools tree has headers of
STOCK=$(</kernel-stock)
NEWEST=$(</kernel-newest)
# Stands for that of a cloud image: without mediated devices.
CLOUD=$STOCK-cloud
VERSION=$(/cdna/scripts/version.sh)
MODULES=(cdna_fw cdna_guest cdna_mdev cdna_softnic)

# What dpkg, apt, DKMS and depmod keep for themselves stays when a package goes.
files()
{
	find / -xdev ! -type d | grep -vE '^/(var/(log|cache|lib/(dpkg|apt))/|tmp/)' |
		grep -vE '^/var/lib/dkms/mok\.(key|pub)$' |
		grep -vE '^/usr/lib/modules/[^/]*/modules\.[^/]*$' | sort
	find /etc /usr /var/lib -xdev -type d -path '*cdna*' | sort
}

install()
{
	apt-get install -y -o APT::Sandbox::User=root "$1"/*.deb
}

# headers KERNEL there|away: as packages of headers put them, or do not
headers()
{
	local build=/usr/lib/modules/$1/build

	if [[ $2 == away ]]; then
		mv "$build" "$build.away"
	else
		mv "$build.away" "$build"
	fi
}

# built VERSION KERNEL MODULE...: these are installed for KERNEL, and no others.
built()
{
	local version=$1 kernel=$2 name file
	shift 2

	dkms status -m cdna -v "$version" -k "$kernel" | tee /dev/stderr |
		grep -q ': installed$'
	diff <(printf '%s\n' "$@") \
		<(find "/usr/lib/modules/$kernel/updates" -name '*.ko*' \
			-printf '%f\n' | sed 's/\.ko.*//' | sort)
	for name in "$@"; do
		file=$(echo "/usr/lib/modules/$kernel/updates/dkms/$name.ko"*)
		[[ $(modinfo -F version "$file") == "$version" ]]
		[[ $(modinfo -F signer "$file") == "DKMS module signing key" ]]
		[[ $kernel == "$CLOUD" ||
			$(modinfo -F vermagic "$file") == "$kernel "* ]]
	done
}

# Each in a process of its own: set -e does nothing within a condition.
step() { "$0" "$old" "$new" "$out" "$1"; }

# Only one kernel has headers, for which a build takes little time.
first()
{
	cloud_headers
	headers "$STOCK" away
	headers "$NEWEST" away
	install "$old"
	built "$(dpkg-deb -f "$old"/cdna-dkms_*.deb Version)" "$CLOUD" cdna_guest
}

upgrade()
{
	headers "$CLOUD" away
	headers "$STOCK" there
	install "$new"
	[[ $(dkms status -m cdna) == "cdna/$VERSION, $STOCK, "*": installed" ]]
	built "$VERSION" "$STOCK" "${MODULES[@]}"
	diff <(find /usr/src -maxdepth 1 -name 'cdna-*') - <<<"/usr/src/cdna-$VERSION"
	[[ ! -e /usr/lib/modules/$CLOUD/updates ]]
}

# Debian runs this when headers of one more kernel are installed.
one_more_kernel()
{
	headers "$NEWEST" there
	/etc/kernel/header_postinst.d/dkms "$NEWEST"
	built "$VERSION" "$NEWEST" "${MODULES[@]}"
}

# What DKMS compiles is what this tree has.
same_sources()
{
	local part

	for part in Kbuild include kernel nic-firmware/core; do
		diff -r -x tests "/cdna/$part" "/usr/src/cdna-$VERSION/$part"
	done
}

# loads ALIAS NAME...: to load ALIAS is to load these in their order, among others.
loads()
{
	local alias=$1 want
	shift

	printf -v want '*/updates/dkms/%s.ko.xz ' "$@"
	[[ "$(modprobe -S "$STOCK" --show-depends "$alias" | tee /dev/stderr) " == \
		$want* ]]
}

found()
{
	local dir=/usr/lib/modules/$STOCK/updates/dkms

	loads "$(modinfo -F alias "$dir/cdna_guest.ko.xz")" cdna_guest
	loads "$(modinfo -F alias "$dir/cdna_mdev.ko.xz")" cdna_mdev
	loads cdna_softnic cdna_mdev cdna_softnic
	loads cdna_softnic cdna_fw cdna_softnic
	cd "/usr/lib/modules/$STOCK"
	tar -cf "$out/modules.tar" updates modules.*
}

cloud_headers()
{
	local headers=/usr/src/linux-headers-$CLOUD

	cp -r "/usr/src/linux-headers-$STOCK" "$headers"
	sed -i '/^CONFIG_VFIO_MDEV=/d' "$headers/include/config/auto.conf"
	mkdir "/usr/lib/modules/$CLOUD"
	ln -s "$headers" "/usr/lib/modules/$CLOUD/build"
}

pages()
{
	local page said

	dpkg -L cdna-tools | grep '/man[48]/.*gz$' >/tmp/pages
	diff <(sed 's,.*/,,' /tmp/pages | sort) \
		<(cd /cdna/admin/man && printf '%s\n' *.rst | sed 's/rst$/gz/')
	while read -r page; do
		said=$(MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l \
			-Tutf8 -Z "$page" 2>&1 >/dev/null)
		[[ ! $said ]] || { echo "$page: $said"; return 1; }
	done </tmp/pages
}

rules() { udevadm verify /usr/lib/udev/rules.d/61-cdna-contexts.rules; }

purge()
{
	apt-get purge -y cdna-dkms cdna-tools
	rm -r "/usr/lib/modules/$CLOUD" "/usr/src/linux-headers-$CLOUD"
	diff /tmp/before <(files)
	[[ ! $(dpkg-query -W -f '${db:Status-Abbrev}' 'cdna-*' 2>/dev/null) ]]
}

if [[ ${4:-} ]]; then
	"$4"
	exit
fi
tap_plan 8
depmod "$STOCK"
files >/tmp/before
tap "a kernel without mediated devices gets the guest's driver" step first
tap "an upgrade replaces the older version" step upgrade
tap "a kernel that comes later gets the modules" step one_more_kernel
tap "their sources are those of the tree" step same_sources
tap "a card finds its driver" step found
tap "manual pages have no errors" step pages
tap "udev understands the rule" step rules
tap "purged, nothing is left" step purge
tap_done
