#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs in the guest of compare.
#
#   guest.sh address MAC ADDRESS	give an address to the card of that MAC
#   guest.sh transmit|receive|ping ADDRESS PEER SECONDS
#		measure; print an object of JSON
#
# Where the counting plugin is, the measured phase is between two marks.

set -euo pipefail

card_of()
{
	local card
	for card in /sys/class/net/*; do
		[[ $(<"$card/address") != "$1" ]] || printf '%s\n' "${card##*/}"
	done
}

address()
{
	local card

	card=$(card_of "$1")
	[[ $card ]] || { echo "no card has the address $1" >&2; exit 1; }
	# Two cards are on one wire: each answers for its own address only.
	sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
	ip addr add "$2/24" dev "$card"
	ip link set "$card" up
	[[ $card == eth* || $card == en* ]] && ethtool -i "$card"
}

mark() { [[ ! -x /mark ]] || /mark; }

# Interrupts that the card of address $1 has raised, if they can be told apart.
interrupts()
{
	local card device irqs

	card=$(ip -o -4 addr show to "$1" | awk '{ print $2 }')
	device=$(readlink -f "/sys/class/net/$card/device")
	[[ -d $device/msi_irqs ]] || device=${device%/*}
	irqs=$(cd "$device/msi_irqs" && echo *)
	awk -v irqs=" $irqs " '{ sub(":", "", $1) }
		index(irqs, " " $1 " ") { sum += $2 } END { print sum + 0 }' \
		/proc/interrupts
}

bulk()
{
	local before after out
	shift
	before=$(interrupts "$1")
	mark
	out=$(iperf3 --json -c "$2" -B "$1" -t "$3" "${reverse[@]}")
	mark
	after=$(interrupts "$1")
	jq -c --argjson irqs $((after - before)) '{
		bytes: .end.sum_received.bytes,
		seconds: .end.sum_received.seconds,
		mbps: (.end.sum_received.bits_per_second / 1e6),
		retransmits: .end.sum_sent.retransmits,
		guest_interrupts: $irqs }' <<<"$out"
}

round_trip()
{
	ping -q -c 50 -i 0.1 -I "$2" "$3" |
		sed -n 's|^rtt .* = [^/]*/\([^/]*\)/.*|{"ms":\1}|p'
}

reverse=()
case $1 in
address) address "$2" "$3" ;;
transmit) bulk "$@" ;;
receive) reverse=(-R); bulk "$@" ;;
ping) round_trip "$@" ;;
*) exit 2 ;;
esac
