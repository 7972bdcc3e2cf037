#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests (TAP) of admin/mdevctl/cdna under mdevctl itself, in the tree of tree.sh: mdevctl
# takes a directory for the root of the system, with files in the places of sysfs.

set -euo pipefail
. /cdna/testbed/tests/tap.sh

NIC=0000:01:00.0
UUID=cda00000-0000-4000-8000-000000000001
export MDEVCTL_ENV_ROOT=/tmp/root
root=$MDEVCTL_ENV_ROOT
device=$root/sys/devices/pci0000:00/$NIC/$UUID
definition=$root/etc/mdevctl.d/$NIC/$UUID
callout=$root/usr/lib/mdevctl/scripts.d/callouts/cdna

# context TYPE [ATTRIBUTE=VALUE]...: as if it were running
context()
{
	local type=$1 entry
	shift

	rm -rf "$root"
	mkdir -p "$root"/{etc/mdevctl.d,usr/lib/mdevctl/scripts.d/{callouts,notifiers}} \
		"$root"/sys/{bus/mdev/devices,class/mdev_bus} \
		"$device" "${device%/*}/mdev_supported_types/$type"
	ln -s "../../devices/pci0000:00/$NIC" "$root/sys/class/mdev_bus/$NIC"
	ln -s "../../../devices/pci0000:00/$NIC/$UUID" "$root/sys/bus/mdev/devices/$UUID"
	ln -s "../mdev_supported_types/$type" "$device/mdev_type"
	install -m 755 /cdna/admin/mdevctl/cdna "$callout"
	for entry in mac_address=52:54:00:cd:a0:01 guest_mac=off vlan=none link_state=enable \
		trust=off tx_max_mbps=0 tx_min_mbps=0 rx_max_mbps=0 storm_fps=0 \
		doorbell_page=on \
		mac_in_use=52:54:00:00:00:99 state=active context=4 "$@"; do
		printf '%s\n' "${entry#*=}" >"$device/${entry%%=*}"
	done
}

# kept JSON: the attributes of the definition are those
kept()
{
	jq -c . "$definition"
	[[ $(jq -cS .attrs "$definition") == "$(jq -cS . <<<"$1")" ]]
}

everything()
{
	context cdna_mdev-context guest_mac=on vlan=100 link_state=auto trust=on \
		tx_max_mbps=500 tx_min_mbps=20 rx_max_mbps=300 storm_fps=1000 doorbell_page=off
	mdevctl define --uuid "$UUID" --auto
	kept '[{"mac_address":"52:54:00:cd:a0:01"},{"guest_mac":"on"},{"vlan":"100"},
		{"link_state":"auto"},{"trust":"on"},{"tx_max_mbps":"500"},
		{"tx_min_mbps":"20"},{"rx_max_mbps":"300"},{"storm_fps":"1000"},{"doorbell_page":"off"}]'
}

only_address()
{
	context cdna_mdev-virtio
	mdevctl define --uuid "$UUID" --auto
	kept '[{"mac_address":"52:54:00:cd:a0:01"}]'
}

bridge()
{
	context cdna_softnic-context 'bridge=b"r\0'
	mdevctl define --uuid "$UUID"
	kept '[{"mac_address":"52:54:00:cd:a0:01"},{"bridge":"b\"r\\0"}]'
}

# As libvirt does, for Nova for instance
without_attributes()
{
	context cdna_mdev-context vlan=100
	echo '{"mdev_type":"cdna_mdev-context","start":"manual"}' |
		mdevctl define --uuid "$UUID" --parent "$NIC" --jsonfile /dev/stdin
	kept '[{"mac_address":"52:54:00:cd:a0:01"}]'
	mdevctl modify --uuid "$UUID" --parent "$NIC" --auto
	kept '[{"mac_address":"52:54:00:cd:a0:01"}]'
}

chosen()
{
	context cdna_mdev-context
	echo '{"mdev_type":"cdna_mdev-context","start":"auto",
		"attrs":[{"mac_address":"52:54:00:cd:a0:77"}]}' |
		mdevctl define --uuid "$UUID" --parent "$NIC" --jsonfile /dev/stdin
	kept '[{"mac_address":"52:54:00:cd:a0:77"}]'
}

# callout OPTION...: as mdevctl does after a start, which makes nothing appear here
callout() { "$callout" -t cdna_mdev-context -u "$UUID" -p "$NIC" "$@" <<<"{}"; }

# A definition is older than its first address.
define_stopped()
{
	context cdna_mdev-context
	rm "$root/sys/bus/mdev/devices/$UUID"
	mdevctl define --uuid "$UUID" --parent "$NIC" --type cdna_mdev-context
	kept '[]'
	ln -s "../../../devices/pci0000:00/$NIC/$UUID" "$root/sys/bus/mdev/devices/$UUID"
}

first_start()
{
	define_stopped
	callout -e post -a start -s success
	kept '[{"mac_address":"52:54:00:cd:a0:01"}]'
	echo 52:54:00:cd:a0:02 >"$device/mac_address"
	callout -e post -a start -s success
	kept '[{"mac_address":"52:54:00:cd:a0:01"}]'
}

# another ADDRESS: the definition of another context has it
another()
{
	printf '{"mdev_type":"cdna_mdev-context","start":"manual","attrs":[{"%s":"%s"}]}\n' \
		mac_address "$1" >"$root/etc/mdevctl.d/$NIC/${UUID%1}2"
}

# The other one could not start if this one kept it.
foreign()
{
	local address

	define_stopped
	another 52:54:00:CD:A0:01
	callout -e post -a start -s success
	address=$(<"$device/mac_address")
	[[ $address =~ ^02(:[0-9a-f]{2}){5}$ ]]
	kept "[{\"mac_address\":\"$address\"}]"
	# Nor one that is started without a definition
	define_stopped
	rm "$definition"
	another 52:54:00:cd:a0:01
	callout -e post -a start -s success
	[[ $(<"$device/mac_address") == 02:* && ! -e $definition ]]
}

# An address that was chosen is used.
known()
{
	context cdna_mdev-context
	mkdir -p "${definition%/*}"
	another 52:54:00:cd:a0:01
	"$callout" -t cdna_mdev-context -u "$UUID" -p "$NIC" -e post -a start -s success \
		<<<'{"attrs": [{"mac_address": "52:54:00:cd:a0:01"}]}'
	[[ $(<"$device/mac_address") == 52:54:00:cd:a0:01 ]]
}

# A mdevctl that leaves an empty file, in the place of the real one
full()
{
	define_stopped
	printf '#!/bin/bash\n: >"%s"\necho no space\nexit 1\n' "$definition" >/tmp/mdevctl
	chmod +x /tmp/mdevctl
	cp "$definition" /tmp/before
	unshare --mount --propagation unchanged bash -c "mount --bind /tmp/mdevctl $(command -v mdevctl) &&
		exec $callout -t cdna_mdev-context -u $UUID -p $NIC -e post -a start \
			-s success </dev/null" >/tmp/said 2>&1 && return 1
	cat /tmp/said
	[[ $(<"$definition") == "$(</tmp/before)" ]]
	grep -q 'does not keep its address: no space$' /tmp/said
}

# What the device gives at the moment it goes
gone()
{
	define_stopped
	: >"$device/mac_address"
	callout -e post -a start -s success && return 1
	kept '[]'
}

characters()
{
	context cdna_softnic-context $'bridge=b\001r' vlan=100
	mdevctl define --uuid "$UUID"
	kept '[{"mac_address":"52:54:00:cd:a0:01"},{"vlan":"100"}]'
}

# As the page says
changed()
{
	context cdna_mdev-context
	mdevctl define --uuid "$UUID" --auto
	mdevctl list --defined --uuid "$UUID" --dumpjson >/tmp/new
	sed -i s/52:54:00:cd:a0:01/52:54:00:cd:a0:09/ /tmp/new
	mdevctl modify --uuid "$UUID" --parent "$NIC" --jsonfile /tmp/new
	kept '[{"mac_address":"52:54:00:cd:a0:09"}]'
}

failed_start()
{
	define_stopped
	callout -e post -a start -s failure
	callout -e pre -a start -s none
	callout -e post -a stop -s success
	kept '[]'
}

# As the page says, for what devlink has set since
now()
{
	context cdna_mdev-context
	mdevctl define --uuid "$UUID" --auto
	echo 300 >"$device/tx_max_mbps"
	mdevctl list --uuid "$UUID" --dumpjson >/tmp/now
	mdevctl modify --uuid "$UUID" --parent "$NIC" --defined \
		--jsonfile /tmp/now
	kept '[{"mac_address":"52:54:00:cd:a0:01"},{"tx_max_mbps":"300"}]'
	[[ $(jq -r .start "$definition") == auto ]]
}

# As the page says, for a machine that moves
another_host()
{
	context cdna_mdev-context vlan=100 tx_max_mbps=500
	mdevctl list --uuid "$UUID" --dumpjson >/tmp/now
	rm -r "$root/sys/bus/mdev/devices/$UUID"
	mdevctl define --uuid "$UUID" --parent "$NIC" --jsonfile /dev/stdin </tmp/now
	kept '[{"mac_address":"52:54:00:cd:a0:01"},{"vlan":"100"},{"tx_max_mbps":"500"}]'
}

others()
{
	local rc=0

	context other-type vlan=100
	"$callout" -t other-type -e get -a attributes -s none -u "$UUID" -p "$NIC" \
		</dev/null || rc=$?
	mdevctl define --uuid "$UUID"
	kept '[]'
	((rc == 2))
}

tests=(everything only_address bridge characters without_attributes chosen first_start
	foreign known full gone changed failed_start
	now another_host others)
names=("a context that runs is defined with all that was changed"
	"one with defaults, with its address"
	"the name of a bridge is escaped"
	"a name that is not text is left out"
	"a definition without attributes gets the address of its context"
	"an address that was chosen stays"
	"the first start adds an address, the second does not change it"
	"the address of another definition is not kept, nor used"
	"unless it was chosen"
	"a definition that cannot be written stays as it was"
	"a device that goes leaves no address"
	"an address is changed by writing all of the definition"
	"no other step has an effect"
	"what was set since is kept by two commands"
	"another host can have the same definition"
	"a context of other drivers is left alone")
# A shell each: set -e has no effect in a function whose status is looked at.
if (($#)); then
	"$1"
	exit
fi
tap_plan "${#tests[@]}"
for i in "${!tests[@]}"; do
	tap "mdevctl: ${names[i]}" "$0" "${tests[i]}"
done
tap_done
