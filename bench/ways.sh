# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Ways to give a machine a network, for scripts that run in L1: the cards of one machine
# that has them all, next to what bed_uplink of the bed has prepared. Sourced after
# testbed/guest/lib.sh and subfunction.sh.
#
#   ways_choose WAY...	the machine has only these; before anything else
#   ways_host		make what the ways need in L1: the bridge over igb, contexts
#   ways_domain NAME	define the machine
#   ways_up NAME	start it, give its cards their addresses, and see that they work
#   ways_traps		enqueue traps of all contexts up to now

# Those of igb, then those of the NIC; vhost_context, over a context of L1's own, only where
# it is added
WAYS=(vhost macvtap softnic softnic_virtio register page virtio)
# Ways that are contexts
WAYS_CONTEXTS=(softnic softnic_virtio register page virtio)
declare -A WAYS_MAC=([vhost]=52:54:00:cd:b0:00 [macvtap]=52:54:00:cd:b0:01
	[softnic]=52:54:00:cd:b0:02 [softnic_virtio]=52:54:00:cd:b0:03
	[register]=52:54:00:cd:a0:02 [page]=52:54:00:cd:a0:01
	[virtio]=52:54:00:cd:a0:07 [vhost_context]=52:54:00:cd:b0:04)
declare -A WAYS_ADDRESS=([vhost]=198.18.100.2 [macvtap]=198.18.101.2
	[softnic]=198.18.102.2 [softnic_virtio]=198.18.103.2
	[register]=198.18.10.2 [page]=198.18.0.2 [virtio]=198.18.11.2
	[vhost_context]=198.18.13.2)
declare -A WAYS_UUID=([softnic]=cda00000-0000-4000-8000-0000000000c0
	[softnic_virtio]=cda00000-0000-4000-8000-0000000000c1)

ways_choose() { (($# == 0)) || WAYS=("$@"); }
# ways_has PATTERN
ways_has() { printf '%s\n' "${WAYS[@]}" | grep -qx "$1"; }

# ways_port UUID MAC TYPE: a context of the softnic, in the bridge
ways_port()
{
	local port

	port=$(guest_softnic_context "$@")
	ip link set "$port" master cdnabr up
}

# A bridge whose uplink is a context of L1's own
ways_own_bridge()
{
	local interface

	interface=$(guest_subfunction)
	ip link add cdnaown type bridge
	ip link set "$interface" master cdnaown up
	ip link set cdnaown up
}

ways_host()
{
	modprobe -a tun macvtap vhost_net
	guest_bridge cdnabr
	guest_host
	! ways_has page || WAYS_UUID[page]=$(guest_context context1.xml)
	! ways_has register || {
		WAYS_UUID[register]=$(guest_context context2.xml)
		echo off >"$(guest_sysfs "${WAYS_UUID[register]}")/doorbell_page"
	}
	! ways_has virtio || WAYS_UUID[virtio]=$(guest_context context-virtio.xml)
	! ways_has vhost_context || ways_own_bridge
	! ways_has 'softnic.*' || guest_softnic
	! ways_has softnic ||
		ways_port "${WAYS_UUID[softnic]}" "${WAYS_MAC[softnic]}" context
	! ways_has softnic_virtio ||
		ways_port "${WAYS_UUID[softnic_virtio]}" "${WAYS_MAC[softnic_virtio]}" virtio
}

# ways_card MAC TYPE SOURCE: a virtio card of the bridge
ways_card()
{
	printf '%s' "<interface type='$2'><mac address='$1'/>" \
		"<source $3/><model type='virtio'/>" \
		"<driver name='vhost'/></interface>"
}

# ways_hostdev UUID: the card of a context
ways_hostdev()
{
	printf '%s' "<hostdev mode='subsystem' type='mdev' model='vfio-pci'>" \
		"<source><address uuid='$1'/></source></hostdev>"
}

# The domain with one context has its cards replaced, and a port for each that it has none
# for.
ways_domain()
{
	local cards='' way

	for way in "${WAYS[@]}"; do
		case $way in
		vhost) cards+=$(ways_card "${WAYS_MAC[vhost]}" bridge "bridge='cdnabr'") ;;
		vhost_context)
			cards+=$(ways_card "${WAYS_MAC[$way]}" bridge "bridge='cdnaown'")
			;;
		macvtap)
			cards+=$(ways_card "${WAYS_MAC[macvtap]}" direct \
				"dev='cdnabr' mode='bridge'")
			;;
		*) cards+=$(ways_hostdev "${WAYS_UUID[$way]}") ;;
		esac
	done
	cards+=$(printf "<controller type='pci' model='pcie-root-port'/>%.0s" {1..7})
	guest_define "$1" domain-one-context.xml '/^ *<hostdev/,/<\/hostdev>/d' \
		"s|<memballoon|$cards<memballoon|"
}

ways_up()
{
	local way

	guest_boot "$1"
	guest_run "$1" 'modprobe virtio_net; lsmod; ip -br link'
	for way in "${WAYS[@]}"; do
		guest_run "$1" "/guest.sh address ${WAYS_MAC[$way]} ${WAYS_ADDRESS[$way]}"
		guest_run "$1" "ping -c 3 -i 0.3 -W 5 ${WAYS_ADDRESS[$way]%2}1"
	done
}

ways_traps()
{
	local way total=0 traps

	for way in "${WAYS_CONTEXTS[@]}"; do
		ways_has "$way" || continue
		traps=$(cat "$(guest_sysfs "${WAYS_UUID[$way]}")"/statistics/traps_* |
			paste -sd+)
		total=$((total + traps))
	done
	echo "$total"
}
