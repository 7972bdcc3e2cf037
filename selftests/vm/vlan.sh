# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The host's attribute `vlan` of a context. vm2 starts anew for it: its first
# card is a trunk, its second one, of the other NIC, belongs to a VLAN. The peer
# joins the wires of both NICs by a bridge, so that vm2, with a network stack for
# each card, talks to itself over two wires, where tags can be seen. (The
# machine that this runs on need not know VLANs.)

VLAN_ACCESS=130		# of the second card; both are part of addresses, too
VLAN_OTHER=200

vlan_cases()
{
	vm_case 150 "contexts get VLANs, and their machine starts again" vlan_boot
	vm_case 60 "from a trunk, tagged, to VLAN $VLAN_ACCESS of the host's, and back" \
		vlan_crosses
	vm_case 40 "on the wire, all of it has had the tag" vlan_captured
	vm_case 40 "a trunk speaks without a tag as well" vlan_plain
	vm_case 40 "no other VLAN gets into or out of VLAN $VLAN_ACCESS" \
		vlan_access_only
	vm_case 40 "a context without VLANs neither sends nor gets a tag" vlan_none
}

vlan_join()
{
	trap vlan_part EXIT
	peer ip link add join type bridge forward_delay 0
	peer ip link set join up
	peer ip link set wire0 master join
	peer ip link set wire1 master join
}

vlan_part() { peer ip link del join; }

vlan_boot()
{
	l1 "! guest_running vm2 || guest_kill vm2
		guest_until_off vm2 10
		echo trunk >\$(guest_sysfs ${VM_UUID[2]})/vlan
		echo $VLAN_ACCESS >\$(guest_sysfs ${VM_UUID[3]})/vlan"
	setup_start vm2
	# The second card, alone in the space `two`, is 10.x.0.2 of each VLAN x.
	guest vm2 MAC2="${VM_MAC[2]}" MAC3="${VM_MAC[3]}" PORT="$VM_PORT" \
		ACCESS=$VLAN_ACCESS OTHER=$VLAN_OTHER <<-'END'
		modprobe 8021q
		net_up "$MAC2" 0 12
		setsid stream serve "$PORT" >/tmp/serve.log 2>&1 </dev/null &
		one=$(card "$MAC2")
		two=$(card "$MAC3")
		for vid in $ACCESS $OTHER; do
			ip link add link "$one" name "one.$vid" type vlan id "$vid"
			sysctl -qw "net.ipv6.conf.one/$vid.accept_dad=0"
			ip link set "one.$vid" up
			ip addr add "10.$vid.0.1/24" dev "one.$vid"
			ip addr add "fdcd:$vid::1/64" dev "one.$vid" nodad
		done
		ip netns add two
		ip link set "$two" netns two
		in_two() { ip netns exec two "$@"; }
		in_two ip link set lo up
		in_two ip link set "$two" name two up
		in_two ip addr add "10.$ACCESS.0.2/24" dev two
		in_two ip addr add "fdcd:$ACCESS::2/64" dev two nodad
		in_two ip link add link two name "two.$OTHER" type vlan id "$OTHER"
		in_two ip addr add "10.$OTHER.0.2/24" dev "two.$OTHER"
		in_two ip link set "two.$OTHER" up
		setsid ip netns exec two /stream serve "$PORT" \
			>/tmp/serve2.log 2>&1 </dev/null &
	END
	peer ping -q -c 3 -i 0.2 -W 2 "$(ip4 0 12)"
}

vlan_crosses()
{
	vlan_join
	capture_start 0 "$VM_DIR/vlan.pcap"
	trap 'capture_stop; vlan_part' EXIT
	guest vm2 MAC2="${VM_MAC[2]}" PORT="$VM_PORT" VID=$VLAN_ACCESS <<-'END'
		one=$(card "$MAC2")
		try()
		{
			local to

			for to in "10.$VID.0.2" "fdcd:$VID::2"; do
				stream send "$to" "$PORT" 1000000
				stream recv "$to" "$PORT" 1000000
				stream echo "$to" "$PORT" 0 4000 97
			done
		}
		ping -q -c 2 -i 0.2 -W 2 -M "do" -s 1472 "10.$VID.0.2"
		try
		ethtool -K "$one" rxvlan off txvlan off
		trap 'ethtool -K "$one" rxvlan on txvlan on' EXIT
		try
	END
}

vlan_captured()
{
	local file=$VM_DIR/vlan.pcap
	local both="(eth.addr == ${VM_MAC[2]} && eth.addr == ${VM_MAC[3]})"
	local sum bad=_ws.malformed
	local -a summed=()

	for sum in ip tcp udp icmp; do
		summed+=("$both && vlan.id == $VLAN_ACCESS && $sum.checksum.status == 1")
		bad+=" || $sum.checksum.status == 0"
	done
	capture_has "$file" "${summed[@]}" "$both && vlan && ipv6 && tcp"
	capture_has "$file" "eth.src == ${VM_MAC[2]} && tcp && vlan.id == $VLAN_ACCESS" \
		"eth.src == ${VM_MAC[3]} && tcp && vlan.id == $VLAN_ACCESS" \
		"eth.src == ${VM_MAC[3]} && udp && vlan.id == $VLAN_ACCESS"
	capture_lacks "$file" "$both && !(vlan.id == $VLAN_ACCESS)"
	capture_lacks "$file" \
		"eth.src == ${VM_MAC[3]} && !(vlan.id == $VLAN_ACCESS)"
	capture_lacks "$file" "$both && ($bad)"
}

vlan_plain()
{
	guest vm2 TO="$(ip4 0 1)" PORT="$VM_PORT" <<-'END'
		stream send "$TO" "$PORT" 1000000
		stream recv "$TO" "$PORT" 1000000
	END
}

# A stranger's tag does not enter the VLAN, and the second card cannot send one.
vlan_access_only()
{
	vlan_join
	capture_start 1 "$VM_DIR/access.pcap"
	trap 'capture_stop; vlan_part' EXIT
	guest vm2 OTHER=$VLAN_OTHER ACCESS=$VLAN_ACCESS <<-'END'
		! ping -q -c 2 -i 0.2 -W 1 "10.$OTHER.0.2" || exit 1
		! ip netns exec two ping -q -c 2 -i 0.2 -W 1 "10.$OTHER.0.1" ||
			exit 1
		ping -q -c 2 -i 0.2 -W 2 "10.$ACCESS.0.2"
	END
	capture_stop
	# Before the trap, so that what was said last is in the file
	capture_has "$VM_DIR/access.pcap" "vlan.id == $VLAN_OTHER" \
		"eth.src == ${VM_MAC[3]} && vlan.id == $VLAN_ACCESS"
	capture_lacks "$VM_DIR/access.pcap" \
		"eth.src == ${VM_MAC[3]} && !(vlan.id == $VLAN_ACCESS)"
}

# vm1 has none. What vm2 sends it with a tag, it does not see.
vlan_none()
{
	local file=$VM_DIR/none.pcap

	capture_start 0 "$file"
	trap 'capture_stop' EXIT
	isolation_listen vm1 -p
	guest vm2 VID=$VLAN_OTHER TO="${VM_MAC[1]}" <<-'END'
		ip neigh replace "10.$VID.0.11" lladdr "$TO" dev "one.$VID"
		before=$(cat "/sys/class/net/one.$VID/statistics/tx_packets")
		! ping -q -c 3 -i 0.2 -W 1 "10.$VID.0.11" || exit 1
		(($(cat "/sys/class/net/one.$VID/statistics/tx_packets") >= before + 3))
		ip neigh del "10.$VID.0.11" dev "one.$VID"
		ping -q -c 2 -i 0.2 -W 2 198.18.0.11
	END
	isolation_heard vm1 2 2 "icmp[0] == 8"
	isolation_heard vm1 0 0 vlan
	guest vm1 MAC="${VM_MAC[1]}" VID=$VLAN_OTHER TO="$(ip4 0 1)" <<-'END'
		modprobe 8021q
		ip link add link "$(card "$MAC")" name tagged type vlan id "$VID"
		trap 'ip link del tagged' EXIT
		ip addr add "10.$VID.0.11/24" dev tagged
		ip link set tagged up
		! ping -q -c 3 -i 0.2 -W 1 "10.$VID.0.1" || exit 1
		(($(cat /sys/class/net/tagged/statistics/tx_packets) > 0))
		ping -q -c 2 -i 0.2 -W 2 "$TO"
	END
	capture_stop
	capture_has "$file" "eth.src == ${VM_MAC[1]}"
	capture_lacks "$file" "vlan && eth.src == ${VM_MAC[1]}"
}
