# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script): a host with cdna-tools, and with the modules that
# DKMS has built, which testbed/deb/host.sh leaves. They are not compiled here, which
# takes as long as everything else together where L1 is emulated.

. "$TOP/testbed/tests/tap.sh"

UUID=cda00000-0000-4000-8000-000000000001
NIC=0000:01:00.0
SOFT=cda00000-0000-4000-8000-000000000009
DKMS='/usr/lib/modules/$(uname -r)/updates/dkms'

l1() { bed_l1 "set -euo pipefail; uuid=$UUID nic=$NIC soft=$SOFT; $1" </dev/null; }

FILES='files()
	{
		find / -xdev ! -type d |
			grep -vE "^/(run|tmp|var/(log|cache|lib/(dpkg|apt|systemd)))/" |
			sort
	}'

install()
{
	l1 "$FILES; files >/tmp/before
		apt-get install -y /cdna/build/deb/cdna-tools_*.deb
		tar -C \"/usr/lib/modules/\$(uname -r)\" -xf \
			/cdna/build/deb-tests/modules.tar"
}

define()
{
	l1 'mdevctl define --uuid "$uuid" --parent "$nic" --type cdna_mdev-context \
		--auto'
}

# As at boot: udev loads the driver of a device that it finds.
loads()
{
	l1 'udevadm trigger --action=add "/sys/bus/pci/devices/$nic"
		for try in {1..300}; do
			[[ ! -e /sys/bus/mdev/devices/$uuid ]] || break
			sleep 0.2
		done
		lsmod | grep "^cdna_mdev"
		[[ $(<"/sys/bus/mdev/devices/$uuid/state") == configured ]]'
}

is_dkms()
{
	l1 "[[ \$(modinfo -n cdna_mdev) == /lib/modules/*/updates/dkms/* ]]
		[[ \$(</sys/module/cdna_mdev/srcversion) == \
			\$(modinfo -F srcversion $DKMS/cdna_mdev.ko.xz) ]]
		modinfo -F signer cdna_mdev | grep -x 'DKMS module signing key'"
}

unload()
{
	l1 'modprobe -r cdna_mdev
		[[ ! $(ls /sys/bus/mdev/devices) ]]
		modprobe cdna_mdev
		for try in {1..100}; do
			[[ ! -e /sys/bus/mdev/devices/$uuid ]] || exit 0
			sleep 0.2
		done
		exit 1'
}

# README.md has them.
three_commands()
{
	l1 'ip link add br0 type bridge
		commands=$(sed -n "/^modprobe cdna_softnic/,/^[\`]/{/^[\`]/d;p}" \
			/cdna/README.md)
		(($(wc -l <<<"$commands") == 3))
		eval "$commands"
		mdevctl list | tee /dev/stderr | grep "cdna_softnic-context"
		ip -d link show dev cdna0 | tee /dev/stderr | grep "master br0"
		[[ $(modinfo -n cdna_softnic) == */updates/dkms/* ]]
		modprobe -r cdna_softnic
		[[ ! -e /sys/class/net/cdna0 ]]'
}

# As install.rst has it
at_boot()
{
	l1 'mdevctl define --uuid "$soft" --parent cdna_softnic \
			--type cdna_softnic-context --auto
		mdevctl modify --uuid "$soft" --addattr mac_address \
			--value 52:54:00:12:34:56
		sed -i "s/^#cdna_softnic/cdna_softnic/" /etc/modules-load.d/cdna.conf
		systemctl restart systemd-modules-load
		for try in {1..100}; do
			if grep -sx 52:54:00:12:34:56 \
				"/sys/bus/mdev/devices/$soft/mac_address"; then
				ip -d link show dev cdna0
				exit
			fi
			sleep 0.2
		done
		mdevctl list
		exit 1'
}

purge()
{
	l1 "$FILES
		mdevctl undefine --uuid \"\$soft\"
		modprobe -r cdna_softnic
		mdevctl undefine --uuid \"\$uuid\"
		modprobe -r cdna_mdev
		apt-get purge -y cdna-tools
		rm -r $DKMS
		diff /tmp/before <(files)"
}

tap_plan 10
bed_up
bed_versions
tap "cdna-tools is installed" install
tap "a context is defined" define
tap "the NIC's driver is loaded, and the context starts" loads
tap "it is the one that DKMS has built" is_dkms
tap "exchanged, it has the context again" unload
tap "a context of cdna_softnic takes three commands" three_commands
tap "at boot, one that is defined starts" at_boot
tap "purged, nothing is left" purge
tap "L1's kernel reported no bug" bed_log_clean
tap "L1 powers off and the NIC ends with status 0" bed_down
tap_done
