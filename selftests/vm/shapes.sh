# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Frames of all shapes: each MTU, each offload taken away.

SHAPES_OFFLOADS=(tso gso gro lro tx rx sg)

shapes_cases()
{
	local mtu offload

	for mtu in 576 1280 1500 9000; do
		vm_case 60 "MTU $mtu: what fits passes, one byte more does not" \
			shapes_mtu "$mtu"
	done
	vm_case 15 "an MTU that the NIC does not have is refused" \
		shapes_mtu_limits
	for offload in "${SHAPES_OFFLOADS[@]}"; do
		vm_case 40 "contents are right without $offload" \
			shapes_without "$offload"
	done
	vm_case 60 "contents are right without any offload" \
		shapes_without "${SHAPES_OFFLOADS[@]}"
	vm_case 40 "short headers of TCP, without timestamps, are merged as well" \
		shapes_timestamps
	vm_case 40 "a frame whose headers the NIC does not know is cut before it" \
		shapes_options
	vm_case 40 "contents are right through bounce buffers" shapes_bounced
}

shapes_mtu()
{
	local mtu=$1

	trap 'peer_wire 0; shapes_restore_mtu' EXIT
	peer_wire 0 "$mtu"
	guest vm1 MAC="${VM_MAC[1]}" MTU="$mtu" V4="$(ip4 0 1)" V6="$(ip6 0 1)" \
		PORT="$VM_PORT" <<-'END'
		dev=$(card "$MAC")
		ip link set "$dev" mtu "$MTU"
		[[ $(cat "/sys/class/net/$dev/mtu") == "$MTU" ]]
		try()
		{
			local overhead=$1 to=$2
			local fits=$((MTU - overhead))

			ping -q -c 3 -i 0.2 -W 2 -M "do" -s "$fits" "$to"
			! ping -q -c 1 -W 2 -M "do" -s $((fits + 1)) "$to" ||
				return 1
			stream send "$to" "$PORT" 1000000
			stream recv "$to" "$PORT" 1000000
			stream echo "$to" "$PORT" $((fits - 9)) $((fits + 9)) 1
			stream echo "$to" "$PORT" 20001 20001 1
		}
		try 28 "$V4"
		((MTU < 1280)) || try 48 "$V6"
	END
}

shapes_restore_mtu()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		net_up "$MAC" 0 11
	END
}

shapes_mtu_limits()
{
	guest vm1 MAC="${VM_MAC[1]}" <<-'END'
		dev=$(card "$MAC")
		! ip link set "$dev" mtu 9001 || exit 1
		! ip link set "$dev" mtu 67 || exit 1
		[[ $(cat "/sys/class/net/$dev/mtu") == 1500 ]]
		ip -d link show "$dev" | grep 'minmtu 68 maxmtu 9000'
	END
}

# shapes_without OFFLOAD...: off, traffic, and on again.
shapes_without()
{
	guest vm1 MAC="${VM_MAC[1]}" OFF="$*" V4="$(ip4 0 1)" V6="$(ip6 0 1)" \
		VM2="$(ip4 0 12)" PORT="$VM_PORT" <<-'END'
		dev=$(card "$MAC")
		declare -A long=([tso]=tcp-segmentation-offload
			[gso]=generic-segmentation-offload
			[gro]=generic-receive-offload
			[lro]=large-receive-offload [tx]=tx-checksumming
			[rx]=rx-checksumming [sg]=scatter-gather)
		ethtool -k "$dev" >/tmp/features
		restore()
		{
			local name

			for name in sg tx rx tso gso gro lro; do
				! grep -q "^${long[$name]}: on" /tmp/features ||
					ethtool -K "$dev" "$name" on
			done
		}
		trap restore EXIT
		for name in $OFF; do
			grep "^${long[$name]}: on" /tmp/features
			ethtool -K "$dev" "$name" off
		done
		for name in $OFF; do
			ethtool -k "$dev" | grep "^${long[$name]}: off"
		done
		until_true 10 has_carrier "$dev"
		for to in "$V4" "$V6" "$VM2"; do
			stream send "$to" "$PORT" 700000
			stream recv "$to" "$PORT" 700000
			stream echo "$to" "$PORT" 1 4001 500
		done
	END
}

# What a counter of ethtool -S grew by, or did not, in a transfer: both have this.
SHAPES_COUNT='count() { ethtool -S "$dev" | awk -v n="$1:" "\$1 == n { print \$2 }"; }'

# The peer's setting goes for both directions.
shapes_timestamps()
{
	trap 'peer sysctl -qw net.ipv4.tcp_timestamps=1' EXIT
	peer sysctl -qw net.ipv4.tcp_timestamps=0
	guest vm1 MAC="${VM_MAC[1]}" V4="$(ip4 0 1)" V6="$(ip6 0 1)" \
		PORT="$VM_PORT" COUNT="$SHAPES_COUNT" <<-'END'
		dev=$(card "$MAC")
		eval "$COUNT"
		for to in "$V4" "$V6"; do
			merged=$(count rx_lro) cut=$(count tx_gso)
			stream send "$to" "$PORT" 2000000
			stream recv "$to" "$PORT" 2000000
			(($(count rx_lro) > merged + 20))
			(($(count tx_gso) > cut + 20))
		done
		[[ $(count rx_invalid_completion) == 0 && $(count faults) == 0 ]]
	END
}

# The stack cuts them, and nothing is lost: that would be sent again.
shapes_options()
{
	guest vm1 MAC="${VM_MAC[1]}" V6="$(ip6 0 1)" PORT="$VM_PORT" \
		COUNT="$SHAPES_COUNT" <<-'END'
		dev=$(card "$MAC")
		eval "$COUNT"
		cut=$(count tx_gso) sent=$(count tx_packets)
		again=$(tcp_retransmitted)
		stream send-options "$V6" "$PORT" 3000000
		(($(count tx_packets) - sent > 2000))
		(($(count tx_gso) - cut < 10))
		(($(tcp_retransmitted) - again < 10))
	END
}

# All of vm2's memory that its cards reach; see setup_guests().
shapes_bounced()
{
	guest vm2 V4="$(ip4 0 1)" V6="$(ip6 0 1)" PORT="$VM_PORT" <<-'END'
		used=/sys/kernel/debug/swiotlb/io_tlb_used
		[[ -e $used ]] || mount -t debugfs none /sys/kernel/debug
		(($(cat "$used") > 0))
		for to in "$V4" "$V6"; do
			stream send "$to" "$PORT" 1000000
			stream recv "$to" "$PORT" 1000000
			stream echo "$to" "$PORT" 1 4001 500
		done
	END
}
