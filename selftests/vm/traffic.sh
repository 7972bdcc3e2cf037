# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Contents arrive as they were sent.

TRAFFIC_BYTES=4000000

traffic_cases()
{
	local v

	for v in 4 6; do
		vm_case 40 "TCP, IPv$v: vm1 and the peer, both ways" \
			traffic_tcp vm1 "$v" 1
		vm_case 40 "TCP, IPv$v: vm1 and vm2, both ways" \
			traffic_tcp vm1 "$v" 12
		vm_case 60 "UDP, IPv$v: vm1 and the peer, each size of a frame" \
			traffic_udp "$v" 1
		vm_case 60 "UDP, IPv$v: vm1 and the peer, in fragments" \
			traffic_fragments "$v" 1
		vm_case 60 "UDP, IPv$v: vm1 and vm2, in fragments" \
			traffic_fragments "$v" 12
	done
	vm_case 40 "the peer connects to vm1 and vm2" traffic_from_peer
	vm_case 60 "one machine, two NICs, traffic on both at once" \
		traffic_two_nics
}

# traffic_tcp VM VERSION HOST
traffic_tcp()
{
	guest "$1" TO="$("ip$2" 0 "$3")" PORT="$VM_PORT" \
		BYTES="$TRAFFIC_BYTES" <<-'END'
		stream send "$TO" "$PORT" "$BYTES"
		stream recv "$TO" "$PORT" "$BYTES"
	END
}

traffic_udp()
{
	local most=1472

	[[ $1 == 4 ]] || most=1452
	guest vm1 TO="$("ip$1" 0 "$2")" PORT="$VM_PORT" MOST=$most <<-'END'
		stream echo "$TO" "$PORT" 0 "$MOST" 1 | sed 's/^/note: /'
	END
}

traffic_fragments()
{
	guest vm1 TO="$("ip$1" 0 "$2")" PORT="$VM_PORT" <<-'END'
		stream echo "$TO" "$PORT" 1450 1500 1
		stream echo "$TO" "$PORT" 2003 65507 2117
		stream echo "$TO" "$PORT" 65507 65507 1
	END
}

traffic_from_peer()
{
	local to

	for to in "$(ip4 0 11)" "$(ip6 0 12)" "$(ip4 1 12)"; do
		peer_stream send "$to" "$VM_PORT" 1000000
		peer_stream recv "$to" "$VM_PORT" 1000000
		peer_stream echo "$to" "$VM_PORT" 0 3000 501
	done
}

# Counted at each card, so that it is known to be two, and on the host: the first
# card traps by its doorbell page, the second by the register.
traffic_two_nics()
{
	traffic_on_both
	(($(context 2 statistics/traps_page) > 100))
	(($(context 2 statistics/traps_register) == 0))
	(($(context 3 statistics/traps_page) == 0))
	(($(context 3 statistics/traps_register) > 100))
}

traffic_on_both()
{
	guest vm2 A="$(ip4 0 1)" B="$(ip6 1 1)" PORT="$VM_PORT" \
		MAC2="${VM_MAC[2]}" MAC3="${VM_MAC[3]}" <<-'END'
		one=/sys/class/net/$(card "$MAC2")/statistics
		two=/sys/class/net/$(card "$MAC3")/statistics
		before=($(cat "$one"/[rt]x_bytes "$two"/[rt]x_bytes))
		flow_start a stream send "$A" "$PORT" 500000
		flow_start b stream recv "$B" "$PORT" 500000
		flow_start c stream recv "$A" "$PORT" 500000
		flow_start d stream send "$B" "$PORT" 500000
		for flow in a b c d; do
			flow_moves "$flow" 30
		done
		for flow in a b c d; do
			flow_stop "$flow"
		done
		after=($(cat "$one"/[rt]x_bytes "$two"/[rt]x_bytes))
		for i in 0 1 2 3; do
			echo "note: bytes $((after[i] - before[i]))"
			((after[i] - before[i] > 1000000))
		done
	END
}
