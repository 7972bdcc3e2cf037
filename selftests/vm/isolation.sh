# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What a machine must not be able to do, and what all of them must hear.

isolation_cases()
{
	vm_case 20 "a machine cannot change its address, and is told why" \
		isolation_address
	vm_case 90 "a machine whose host allows it changes its address" \
		isolation_choose
	vm_case 40 "no frame of a foreign address leaves a machine" \
		isolation_spoof
	vm_case 40 "a machine hears nothing of what others say to each other" \
		isolation_overhear
	vm_case 30 "broadcasts reach all machines" isolation_broadcast
	vm_case 40 "a multicast group reaches its members only" \
		isolation_multicast
	vm_case 40 "many groups, and a promiscuous mode that is not to be had" \
		isolation_groups
}

isolation_address()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		dmesg -C
		! ip link set "$dev" address 02:00:00:00:00:77 || exit 1
		[[ $(cat "/sys/class/net/$dev/address") == "$MAC" ]]
		dmesg | grep 'mac_address of its mediated device'
	END
}

# Of vm2's second card, whose context allows it: while it is down and while it is
# up, with a stream that goes on. Its driver sets it anew when it makes new queues.
# No frame has the old address then.
isolation_choose()
{
	local chosen=02:11:22:33:44:55 file=$VM_DIR/choose.pcap

	trap isolation_choose_back EXIT
	guest vm2 MAC="${VM_MAC[3]}" NEW=$chosen TO="$(ip4 1 1)" \
		PORT="$VM_PORT" <<-'END'
		dev=$(card "$MAC")
		! ip link set "$dev" address 01:00:5e:00:00:01 || exit 1
		# The peer hears of a change at once.
		sysctl -qw "net.ipv4.conf.$dev.arp_notify=1" \
			"net.ipv6.conf.$dev.ndisc_notify=1"
		flow_start choose stream send "$TO" "$PORT" 300000
		flow_moves choose 20
		ip link set "$dev" address "$NEW"
		[[ $(ethtool -P "$dev") == *"$MAC" ]]
		flow_moves choose 20
		ethtool -G "$dev" tx 256
		until_true 10 has_carrier "$dev"
		flow_moves choose 20
		ip link set "$dev" down
		ip link set "$dev" address "$MAC"
		ip link set "$dev" up
		until_true 10 has_carrier "$dev"
		flow_moves choose 30
		ip link set "$dev" address "$NEW"
		flow_moves choose 20
	END
	[[ $(context 3 mac_in_use) == "$chosen" ]]
	[[ $(context 3 mac_address) == "${VM_MAC[3]}" ]]
	capture_start 1 "$file"
	trap 'capture_stop; isolation_choose_back' EXIT
	guest vm2 V4="$(ip4 1 1)" V6="$(ip6 1 1)" PORT="$VM_PORT" <<-'END'
		flow_moves choose 20
		flow_stop choose
		for to in "$V4" "$V6"; do
			stream send "$to" "$PORT" 300000
			stream recv "$to" "$PORT" 300000
			stream echo "$to" "$PORT" 0 3000 501
		done
	END
	capture_stop
	trap isolation_choose_back EXIT
	capture_has "$file" "eth.src == $chosen && tcp" \
		"eth.dst == $chosen && tcp" "eth.src == $chosen && udp"
	capture_lacks "$file" "eth.src == ${VM_MAC[3]}"
}

isolation_choose_back()
{
	guest vm2 MAC="${VM_MAC[3]}" NEW=02:11:22:33:44:55 <<-'END'
		flow_end choose
		dev=$(card "$NEW") || dev=$(card "$MAC")
		ip link set "$dev" address "$MAC"
		ethtool -G "$dev" tx 1024
		net_up "$MAC" 1 12
	END
	[[ $(context 3 mac_in_use) == "${VM_MAC[3]}" ]]
}

# A macvlan has an address of its own, which the NIC does not know. The same
# capture shows frames of the card's own address.
isolation_spoof()
{
	local file=$VM_DIR/spoof.pcap

	capture_start 0 "$file" icmp or arp
	trap 'capture_stop' EXIT
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" FROM="$(ip4 0 99)" <<-'END'
		modprobe macvlan
		ip link add mv0 link "$(card "$MAC")" address 02:00:00:00:00:77 \
			type macvlan mode bridge
		trap 'ip link del mv0' EXIT
		ip addr add "$FROM/24" dev mv0
		ip link set mv0 up
		! ping -q -c 3 -i 0.2 -W 1 -I mv0 "$TO" || exit 1
		(($(cat /sys/class/net/mv0/statistics/tx_packets) > 0))
		ping -q -c 2 -i 0.2 -W 2 "$TO"
	END
	capture_stop
	trap - EXIT
	capture_has "$file" "eth.src == ${VM_MAC[1]}"
	capture_lacks "$file" "eth.src == 02:00:00:00:00:77"
}

# isolation_listen VM [OPTION]: capture what its card hands up.
isolation_listen()
{
	guest "$1" MAC="${VM_MAC[${1#vm}]}" OPTION="${2:-}" <<-'END'
		rm -f /tmp/tcpdump.log
		setsid tcpdump -Z root -n -i "$(card "$MAC")" ${OPTION:+"$OPTION"} \
			-w /tmp/all.pcap >/tmp/tcpdump.log 2>&1 </dev/null &
		echo $! >/tmp/tcpdump.pid
		until_true 10 grep -qs listening /tmp/tcpdump.log
	END
}

# isolation_heard VM AT-LEAST AT-MOST FILTER: how many frames were there?
isolation_heard()
{
	guest "$1" MIN="$2" MAX="$3" FILTER="$4" <<-'END'
		sleep 0.3
		kill "$(cat /tmp/tcpdump.pid)" 2>/dev/null || true
		until_true 10 eval "! kill -0 $(cat /tmp/tcpdump.pid)"
		tcpdump -Z root -n -e -r /tmp/all.pcap "$FILTER" >/tmp/heard \
			2>/dev/null
		echo "$(wc -l </tmp/heard) frames: $FILTER"
		head -n 3 /tmp/heard
		(($(wc -l </tmp/heard) >= MIN && $(wc -l </tmp/heard) <= MAX))
	END
}

# It does hear what it is told itself.
isolation_overhear()
{
	local mac=${VM_MAC[2]}

	isolation_listen vm2
	guest vm1 TO="$(ip4 0 1)" PORT="$VM_PORT" <<-'END'
		stream send "$TO" "$PORT" 500000
		stream recv "$TO" "$PORT" 500000
		stream echo "$TO" "$PORT" 1 1001 100
	END
	peer ping -q -c 3 -i 0.2 -W 2 "$(ip4 0 12)"
	isolation_heard vm2 3 3 "icmp[0] == 8 and ether dst $mac"
	isolation_heard vm2 0 0 "not ether host $mac and not ether multicast"
}

# Both answer to one question; ping calls the second answer a duplicate.
isolation_broadcast()
{
	local out=$VM_DIR/broadcast

	peer ping -b -c 5 -i 0.3 -W 2 198.18.0.255 | tee "$out"
	grep -q "from $(ip4 0 11)" "$out"
	grep -q "from $(ip4 0 12)" "$out"
	guest vm1 <<-'END'
		ping -b -c 3 -i 0.3 -W 2 198.18.0.255 | tee /tmp/broadcast
		grep -q 'from 198.18.0.12' /tmp/broadcast
	END
}

isolation_multicast()
{
	local group=33:33:00:00:cd:a0 vm

	guest vm1 MAC="${VM_MAC[1]}" GROUP=$group <<-'END'
		ip maddr add "$GROUP" dev "$(card "$MAC")"
	END
	for vm in vm1 vm2; do
		isolation_listen "$vm" -p
	done
	peer ping -6 -q -c 3 -i 0.2 -W 1 -I wire0 ff05::cda0 || true
	isolation_heard vm1 3 3 "ether dst $group"
	isolation_heard vm2 0 0 "ether dst $group"
	guest vm1 MAC="${VM_MAC[1]}" GROUP=$group <<-'END'
		ip maddr del "$GROUP" dev "$(card "$MAC")"
	END
	isolation_listen vm1 -p
	peer ping -6 -q -c 3 -i 0.2 -W 1 -I wire0 ff05::cda0 || true
	isolation_heard vm1 0 0 "ether dst $group"
}

# More groups than the filter has places for, and somebody who wants to hear all:
# what is for the groups is heard, and nothing that others say to each other.
isolation_groups()
{
	local mac=${VM_MAC[1]}

	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		for i in {1..300}; do
			printf 'addr add ff05::cd:%x/128 dev %s autojoin\n' \
				"$i" "$dev"
		done | ip -6 -batch -
		(($(ip maddr show dev "$dev" | grep -c '33:33:00:cd') == 300))
	END
	trap isolation_leave EXIT
	isolation_listen vm1
	peer ping -6 -q -c 2 -i 0.2 -W 1 -I wire0 ff05::cd:12c || true
	peer ping -q -c 3 -i 0.2 -W 2 "$(ip4 0 12)"
	isolation_heard vm1 2 2 "ether dst 33:33:00:cd:01:2c"
	isolation_heard vm1 0 0 "not ether host $mac and not ether multicast"
	isolation_listen vm1 -p
	peer ping -6 -q -c 2 -i 0.2 -W 1 -I wire0 ff05::cd:1 || true
	isolation_heard vm1 2 2 "ether dst 33:33:00:cd:00:01"
}

isolation_leave()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		ip -6 addr flush dev "$(card "$MAC")" to ff05::cd:0/112
	END
}
