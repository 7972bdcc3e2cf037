# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Part of l1.sh: one machine with a card of each way (vm1), one with a virtual function of
# the igb (vm2), and L1 itself. Each row is an address that serves.

VF_MAC=52:54:00:cd:b0:10
VF_ADDRESS=198.18.104.2
HOST_ADDRESS=198.18.105.2
HOST_CONTEXT_ADDRESS=198.18.12.2
WAYS+=(vhost_context)
vf_why=

# A virtual function of the second igb for vm2, or vf_why
vf_prepare()
{
	local igb pf vf

	[[ -d /sys/kernel/iommu_groups/0 ]] || {
		vf_why="L1 has no IOMMU"
		return
	}
	pf=$(ip -o link | sed -n 's/^[0-9]*: \([^:]*\):.*02:cd:a0:ee:00:02 .*/\1/p')
	igb=/sys/class/net/$pf/device
	echo 1 >"$igb/sriov_numvfs"
	udevadm settle
	ip link set "$pf" vf 0 mac "$VF_MAC"
	ip link set "$pf" up
	vf=$(readlink -f "$igb/virtfn0")
	vf_address=${vf##*/}
}

vf_machine()
{
	local card domain=${vf_address%%:*} rest=${vf_address#*:}
	local bus=${rest%%:*} slot=${rest#*:}

	card="<hostdev mode='subsystem' type='pci' managed='yes'><source>"
	card+="<address domain='0x$domain' bus='0x$bus' slot='0x${slot%.*}'"
	card+=" function='0x${slot#*.}'/></source></hostdev>"
	guest_define vm2 domain-one-context.xml \
		"/^ *<hostdev/,/<\/hostdev>/d" "s|<memballoon|$card<memballoon|"
	guest_boot vm2
	guest_run vm2 "modprobe igbvf; ip -br link; \
		/guest.sh address $VF_MAC $VF_ADDRESS; ping -c 3 -i 0.3 -W 5 ${VF_ADDRESS%2}1"
	guest_run vm2 /serve.sh
}

# A context of L1's own
own_prepare()
{
	local interface

	interface=$(guest_subfunction)
	ip addr add "$HOST_CONTEXT_ADDRESS/24" dev "$interface"
	ip link set "$interface" up
}

prepare()
{
	modprobe vfio_iommu_type1 allow_unsafe_interrupts=1
	ways_host
	ip addr add "$HOST_ADDRESS/24" dev cdnabr
	own_prepare
	/bin/bash "$HERE/serve.sh"
	vf_prepare
	ways_domain vm1
	ways_up vm1
	guest_run vm1 /serve.sh
	[[ $vf_why ]] || vf_machine || vf_why="no machine works with a virtual function"
}

rows()
{
	local way

	printf '{'
	for way in "${WAYS[@]}"; do
		printf '"%s":{"address":"%s","machine":"vm1"},' "$way" "${WAYS_ADDRESS[$way]}"
	done
	if [[ $vf_why ]]; then
		printf '"passthrough":{"why":"%s"},' "$vf_why"
	else
		printf '"passthrough":{"address":"%s","machine":"vm2"},' "$VF_ADDRESS"
	fi
	printf '"host":{"address":"%s"},' "$HOST_ADDRESS"
	printf '"host_context":{"address":"%s"}}' "$HOST_CONTEXT_ADDRESS"
}

# What a process has locked counts all that its devices pin.
locked() { awk '/^VmLck/ { print $2 }' "/proc/$(<"/run/libvirt/qemu/$1.pid")/status"; }

pinned()
{
	case $1 in
	vhost | macvtap | vhost_context | host | host_context) echo 0 ;;
	passthrough) locked vm2 ;;
	*) echo $((4 * $(<"$(guest_sysfs "${WAYS_UUID[$1]}")/statistics/pins_now"))) ;;
	esac
}

stop()
{
	guest_log_clean vm1
	guest_stop vm1
	! guest_running vm2 || guest_stop vm2
}
