#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Contexts that the host drives itself: sub-functions are added, used, refused and taken
# away, with traffic between each other, to the NIC's peer, and through a bridge. Runs in
# L1, as root.
#
# CDNA_MODULE is the host module's file if it is not installed, beside that of the network
# driver; OUTPUT is where the program "stream" is, if not beside this script.

set -uo pipefail

bin=${OUTPUT:-$(dirname "$(realpath "$0")")}
peer=198.18.0.1
payload=3000000
n=0
failed=0
cases=()
scratch=$(mktemp -d)
jobs=()
was_loaded=
[[ ! -d /sys/module/cdna_guest ]] || was_loaded=yes

end()
{
	local job namespace

	for job in "${jobs[@]}"; do
		kill "$job" 2>/dev/null
	done
	for namespace in sf-a sf-b sf-c; do
		ip netns delete "$namespace" 2>/dev/null
	done
	ip link delete sf-bridge 2>/dev/null
	while read -r port; do
		devlink port del "$port"
	done < <(ports)
	[[ $was_loaded || ! -d /sys/module/cdna_guest ]] || rmmod cdna_guest
	rm -rf "$scratch"
}

report()
{
	n=$((n + 1))
	if (($2)); then
		echo "not ok $n $1"
		failed=1
	else
		echo "ok $n $1"
	fi
}

load()
{
	local name=$1 file=${CDNA_MODULE:-}

	[[ ! -d /sys/module/$name ]] || return 0
	if [[ ! $file ]]; then
		modprobe "$name"
		return
	fi
	file=${file%/*/*}/$name/$name.ko
	# shellcheck disable=SC2046 # a list
	modprobe -a $(modinfo -F depends "$file" | tr , ' ') 2>/dev/null
	insmod "$file"
}

# All of the NIC, and what is left for mediated devices
ports() { devlink port show | sed -n "s|^\(pci/$nic/[0-9]*\): .* flavour pcisf .*|\1|p"; }
free() { cat "/sys/bus/pci/devices/$nic/mdev_supported_types/cdna_mdev-context/available_instances"; }
# In sysfs, an interface is seen from its own namespace only.
devices() { ls -d /sys/bus/auxiliary/devices/cdna_mdev.sf.* 2>/dev/null; }
state() { devlink port show "$1" | sed -n 's|.* \(state .*\)|\1|p'; }

# interface_of PORT: the sub-function's, which has the number of the port
interface_of()
{
	local each

	for each in /sys/bus/auxiliary/devices/cdna_mdev.sf.*; do
		[[ $(<"$each/sfnum") != "${1##*/}" ]] || basename "$each"/net/*
	done
}

# up NAMESPACE ADDRESS PORT: the sub-function's interface is there, has an address, and is up.
up()
{
	ip link set "$(interface_of "$3")" netns "$1" name sf &&
		ip -n "$1" address add "$2/24" dev sf && ip -n "$1" link set sf up
}

# add NAMESPACE ADDRESS: a sub-function in a namespace; print its port.
add()
{
	local port

	port=$(devlink port add "pci/$nic" flavour pcisf pfnum 0 |
		sed -n 's|^\(pci/.*\): .*|\1|p')
	[[ $port ]] && devlink port function set "$port" state active &&
		ip netns add "$1" && ip -n "$1" link set lo up && up "$1" "$2" "$port" ||
		return
	echo "$port"
}

reaches() { ip netns exec "$1" ping -q -c 5 -i 0.2 -W 5 "$2" >&2; }

# carries FROM TO ADDRESS: contents are the same at the other end, each way, of a stream and
# of datagrams of many sizes.
carries()
{
	local server rc

	ip netns exec "$2" "$bin/stream" serve 4000 >&2 &
	server=$!
	jobs+=("$server")
	until ip netns exec "$2" ss -Hltn | grep -q :4000; do
		kill -0 "$server" || return
	done
	ip netns exec "$1" timeout 60 "$bin/stream" send "$3" 4000 "$payload" &&
		ip netns exec "$1" timeout 60 "$bin/stream" recv "$3" 4000 "$payload" &&
		ip netns exec "$1" timeout 60 "$bin/stream" echo "$3" 4000 1 1472 101
	rc=$?
	kill "$server"
	wait "$server"
	return "$rc"
}

# refused WORDS COMMAND...: it fails and says so.
refused()
{
	! "${@:2}" >"$scratch/out" 2>&1 && grep -qF "$1" "$scratch/out" && return
	cat "$scratch/out" >&2
	return 1
}

case_add()
{
	local before

	before=$(free)
	a=$(add sf-a 198.18.0.71) || return
	b=$(add sf-b 198.18.0.72) || return
	[[ $(free) == $((before - 2)) && $(state "$a") == "state active opstate attached" ]]
}

case_peer() { reaches sf-a "$peer" && reaches sf-b "$peer"; }
case_each_other() { reaches sf-a 198.18.0.72; }

case_contents() { carries sf-a sf-b 198.18.0.72; }

# What a wrong setting gets
case_refusals()
{
	refused "leave sfnum" devlink port add "pci/$nic" flavour pcisf pfnum 0 sfnum 7 &&
		refused "pfnum 0" devlink port add "pci/$nic" flavour pcisf pfnum 1 &&
		refused "pcisf only" devlink port add "pci/$nic" flavour pcivf pfnum 0 &&
		refused "inactive before" devlink port function set "$a" \
			hw_addr 02:cd:a0:00:77:01
}

case_address()
{
	devlink port function set "$b" state inactive &&
		[[ $(state "$b") == "state inactive opstate detached" ]] &&
		devlink port function set "$b" hw_addr 02:cd:a0:00:77:01 &&
		devlink port function set "$b" state active &&
		[[ $(cat "/sys/class/net/$(interface_of "$b")/address") == \
			02:cd:a0:00:77:01 ]]
}

# Frames of others go through it in both directions: a station behind a bridge.
case_bridge()
{
	local interface

	interface=$(interface_of "$b")
	ip link add sf-bridge type bridge && ip netns add sf-c &&
		ip link add sf-plug type veth peer name sf netns sf-c &&
		ip link set "$interface" master sf-bridge up &&
		ip link set sf-plug master sf-bridge up && ip link set sf-bridge up &&
		ip -n sf-c address add 198.18.0.73/24 dev sf &&
		ip -n sf-c link set sf up && reaches sf-c "$peer" &&
		reaches sf-c 198.18.0.71 && carries sf-a sf-c 198.18.0.73
}

case_rate()
{
	devlink port function rate set "$a" tx_max 10mbit &&
		devlink port function rate show "$a" | grep -q 'tx_max 10Mbit' &&
		devlink port function rate set "$a" tx_max 0
}

# flood NAMESPACE: until the interface is gone
flood()
{
	ip netns exec "$1" ping -q -f -s 1400 "$peer" >/dev/null 2>&1 &
	jobs+=($!)
	reaches "$1" "$peer" && kill -0 $!
}

case_removed_under_traffic()
{
	local before _

	before=$(free)
	for _ in 1 2 3 4 5; do
		flood sf-a && devlink port function set "$a" state inactive &&
			devlink port function set "$a" state active &&
			up sf-a 198.18.0.71 "$a" || return
	done
	flood sf-a && devlink port del "$a" && devlink port del "$b" &&
		[[ $(free) == $((before + 2)) && ! $(ports) && ! $(devices) ]]
}

# The driver comes later, goes, and comes back.
case_driver()
{
	local port

	ip netns delete sf-a && rmmod cdna_guest || return
	port=$(devlink port add "pci/$nic" flavour pcisf pfnum 0 |
		sed -n 's|^\(pci/.*\): .*|\1|p')
	devlink port function set "$port" state active &&
		[[ $(state "$port") == "state active opstate detached" ]] &&
		load cdna_guest && [[ $(state "$port") == "state active opstate attached" ]] &&
		rmmod cdna_guest && load cdna_guest && devlink port del "$port"
}

case_all_contexts()
{
	local count i

	count=$(free)
	for ((i = 0; i < count; i++)); do
		devlink port add "pci/$nic" flavour pcisf pfnum 0 >/dev/null || return
	done
	refused "All contexts" devlink port add "pci/$nic" flavour pcisf pfnum 0 || return
	while read -r port; do
		devlink port del "$port" || return
	done < <(ports)
	[[ $(free) == "$count" ]]
}

case_nic_goes()
{
	a=$(add sf-a 198.18.0.71) && reaches sf-a "$peer" || return
	flood sf-a || return
	echo "$nic" >"/sys/bus/pci/drivers/cdna_mdev/unbind" || return
	[[ ! $(devices) ]] && ip netns delete sf-a || return
	echo "$nic" >"/sys/bus/pci/drivers/cdna_mdev/bind" &&
		a=$(add sf-a 198.18.0.71) && reaches sf-a "$peer" || return
	flood sf-a || return
	rmmod cdna_mdev && [[ ! $(devices) ]] && load cdna_mdev
}

case_log_clean()
{
	! dmesg |
		grep -E 'WARNING:|BUG:|Oops|Call Trace|general protection|rcu:.*stall' >&2
}

cases=(
	"add:two sub-functions are added and made active"
	"peer:they reach the peer"
	"each_other:they reach each other"
	"contents:contents are the same, each way"
	"refusals:what cannot be is refused, with the reason"
	"address:an inactive one gets another address"
	"bridge:a station behind a bridge is reached, with a stream"
	"rate:it has limits like other contexts"
	"removed_under_traffic:inactive and active again, and deleted, under traffic"
	"driver:the network driver comes later, goes and comes back"
	"all_contexts:all contexts of the NIC can be sub-functions, and no more"
	"nic_goes:the NIC is unbound and its module unloaded, under traffic"
	"log_clean:the kernel's log is clean"
)

echo "TAP version 13"
echo "1..${#cases[@]}"
load cdna_mdev && load cdna_guest || exit
modprobe -a veth bridge
nic=$(basename "$(dirname "$(echo /sys/bus/pci/drivers/cdna_mdev/*/mdev_supported_types)")")
trap end EXIT
for each in "${cases[@]}"; do
	"case_${each%%:*}" 2>"$scratch/log"
	rc=$?
	report "${each#*:}" $rc
	((rc == 0)) || sed 's/^/# /' "$scratch/log"
done
exit "$failed"
