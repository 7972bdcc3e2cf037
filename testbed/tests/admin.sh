# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script): contexts as the administrator of a stock
# Debian 13 has them. L1 has a disk here, so what is installed and defined lasts.
# The NIC is taken from a machine by virsh nodedev-detach, and comes back by one
# command. L1 is powered off and on, and a context that is to start at boot does.
# It is not reset in place: the bed takes that for a loss by the emulation.

. "$TOP/testbed/tests/tap.sh"

UUID=cda00000-0000-4000-8000-000000000001
MAC=52:54:00:cd:a0:01
NIC=0000:01:00.0
NODE=mdev_${UUID//-/_}_0000_01_00_0
BARE=cda00000-0000-4000-8000-000000000009

# A disk for the overlay of testbed/l1/init.
disk()
{
	local disk=$BED_RUN/disk

	truncate -s 512M "$disk"
	disk=$(bed_inside "$disk")
	bed_tool busybox mke2fs -F "$disk" || return
	BED_SAVED=no
	BED_QEMU+=(-drive "if=none,id=disk,file=$disk,format=raw,cache=unsafe"
		-device "virtio-blk-pci,drive=disk")
}

# Files of guests last, too: libvirt starts one at boot.
l1()
{
	bed_l1 "set -euo pipefail
		. /cdna/testbed/guest/lib.sh
		GUEST_DIR=/var/lib/cdna-guest
		uuid=$UUID mac=$MAC nic=$NIC node=$NODE bare=$BARE
		$1" </dev/null
}

# As the page says, except that the module is built already, and that kmod finds it
# by its configuration: DKMS and depmod take minutes where L1 is emulated. The modules of
# a package are those of testbed/tests/deb.sh.
install_all()
{
	l1 'module=/usr/local/lib/cdna_mdev.ko
		cp "$GUEST_BUILT/cdna_mdev/cdna_mdev.ko" "$module"
		echo "alias $(modinfo -F alias "$module") cdna_mdev
		install cdna_mdev modprobe -a $(modinfo -F depends "$module" |
			tr , " ") && insmod $module" >/etc/modprobe.d/cdna.conf
		apt-get install -y /cdna/build/deb/cdna-tools_*.deb
		udevadm verify /usr/lib/udev/rules.d/61-cdna-contexts.rules
		systemctl show -P DropInPaths libvirtd.service |
			grep after-contexts.conf'
}

define()
{
	l1 'modprobe cdna_mdev
		guest_virsh nodedev-define /cdna/libvirt-xml/context1.xml
		guest_virsh nodedev-autostart "$node"
		mdevctl list --defined | tee /dev/stderr | grep "auto$"'
}

# As Nova makes one, without attributes, here of the other type. While it is the only one, its
# address is the first of the NIC, and with the other one it would be the second. All else
# is as the call-out takes defaults to be.
define_bare()
{
	l1 'cat >/tmp/bare.xml <<-XML
			<device><parent>pci_0000_01_00_0</parent><capability type="mdev">
			<type id="cdna_mdev-virtio"/><uuid>$bare</uuid></capability></device>
		XML
		guest_virsh nodedev-create /tmp/bare.xml
		guest_virsh nodedev-define /tmp/bare.xml
		guest_virsh nodedev-autostart "mdev_${bare//-/_}_0000_01_00_0"
		cp "$(guest_sysfs "$bare")/mac_address" /var/lib/bare-address
		cat "/etc/mdevctl.d/$nic/$bare"
		grep -f /var/lib/bare-address "/etc/mdevctl.d/$nic/$bare"
		"$(dpkg -L cdna-tools | grep "/callouts/.*cdna$")" -t cdna_mdev-virtio \
			-e get -a attributes -s none -u "$bare" -p "$nic" <<<"{}" |
			tee /dev/stderr |
			grep -xF "[{\"mac_address\":\"$(</var/lib/bare-address)\"}]"'
}

bare_is_kept()
{
	l1 'for try in {1..100}; do
			cmp "$(guest_sysfs "$bare")/mac_address" /var/lib/bare-address &&
				exit
			sleep 0.2
		done
		mdevctl list --defined
		exit 1'
}

CONTEXT_IS_THERE='
	there=
	for try in {1..100}; do
		grep -six "$mac" "$(guest_sysfs "$uuid")/mac_address" && there=1 && break
		sleep 0.2
	done
	mdevctl list --defined
	[[ $there ]]'

REBIND='
	driver=/sys/bus/pci/drivers/cdna_mdev
	echo "$nic" >"$driver/unbind"
	[[ ! -e $(guest_sysfs "$uuid") ]]
	echo "$nic" >"$driver/bind"
	udevadm settle'

rebind() { l1 "$REBIND; $CONTEXT_IS_THERE; $SILENT -t cdna-contexts"; }

# Nobody complained since $since.
SILENT='silent() { ! journalctl -b -q -o cat --since "@${since:-0}" "$@" | grep .; }
	silent'

# As if Debian had repaired it; reverted, because L1 is rebooted as it is.
rebind_repaired()
{
	l1 "sleep 1
		since=\$(date +%s)
		if [[ ! -e /usr/sbin/mdevctl ]]; then
			ln -s /usr/bin/mdevctl /usr/sbin/mdevctl
			trap 'rm /usr/sbin/mdevctl' EXIT
		fi
		$REBIND; $CONTEXT_IS_THERE
		$SILENT -t cdna-contexts -t mdevctl
		silent -u systemd-udevd"
}

CARD='
	card()
	{
		local dev

		for dev in /sys/class/net/*; do
			grep -iqx "$mac" "$dev/address" || continue
			echo "${dev##*/}"
			return
		done
		return 1
	}
	reach()
	{
		local dev

		for try in {1..100}; do
			dev=$(card) && break
			sleep 0.2
		done
		[[ $dev ]] || return
		ip link set "$dev" up
		ip addr replace 198.18.0.11/24 dev "$dev"
		ping -c 3 -i 0.2 -w 20 198.18.0.1
	}'

# guest SCRIPT: with the functions above
guest() { l1 "guest_run vm1 'mac=$MAC; $CARD; $1'"; }

machine()
{
	l1 'mkdir -p "$GUEST_DIR"
		guest_host
		guest_define vm1 domain-one-context.xml
		guest_boot vm1' && guest reach
}

detach()
{
	l1 'timeout 60 virsh -q nodedev-detach pci_0000_01_00_0 </dev/null
		[[ ! $(ls /sys/bus/mdev/devices) ]]
		for try in {1..50}; do
			[[ $(guest_virsh dumpxml vm1) == *"$uuid"* ]] || exit 0
			sleep 0.2
		done
		exit 1' && guest '! card'
}

recover()
{
	l1 'cdna-contexts recover' && guest reach
}

recover_nothing()
{
	l1 'said=$(cdna-contexts recover 2>&1)
		[[ ! $said ]] || { echo "$said"; exit 1; }'
}

autostart()
{
	l1 'guest_virsh autostart vm1
		systemctl enable libvirtd.service
		guest_stop vm1'
}

after_boot() { l1 "$CONTEXT_IS_THERE; $SILENT -t cdna-contexts"; }

machine_after_boot()
{
	l1 'for try in {1..100}; do
			guest_running vm1 && break
			sleep 0.2
		done
		guest_running vm1 || { journalctl -b -u libvirtd; exit 1; }
		guest_virsh dumpxml vm1 | grep "$uuid"'
}

purge()
{
	l1 'files=$(dpkg -L cdna-tools)
		[[ $files == *bin/cdna-contexts* ]]
		apt-get purge -y cdna-tools
		while read -r file; do
			[[ -d $file || ! -e $file ]] || { echo "$file"; exit 1; }
		done <<<"$files"
		[[ ! $(systemctl show -P DropInPaths libvirtd.service) ]]'
}

tap_plan 19
disk
bed_up
bed_versions
tap "the package is installed as the page says" install_all
tap "libvirt remembers a context that is to start at boot" define
tap "one that is defined without an address keeps what it has" define_bare
tap "they start when the NIC is bound" rebind
tap "the second one has its address, not the next of the NIC" bare_is_kept
tap "also if mdevctl starts it first; nobody complains" rebind_repaired
tap "a machine has it, and reaches the peer" machine
tap "virsh nodedev-detach takes the card from the machine" detach
tap "cdna-contexts recover brings it back" recover
tap "again, it has nothing to do" recover_nothing
tap "libvirt is to start the machine at boot" autostart
tap "L1's kernel reported no bug" bed_log_clean
tap "L1 powers off and the NIC ends with status 0" bed_down
bed_up
tap "after a boot the context is there, with its address" after_boot
tap "so is the second one" bare_is_kept
tap "the machine is there, with its card" machine_after_boot
tap "purged, the package leaves nothing" purge
tap "L1's kernel reported no bug" bed_log_clean
tap "L1 powers off and the NIC ends with status 0" bed_down
tap_done
