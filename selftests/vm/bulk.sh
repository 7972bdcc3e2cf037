# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What bulk transfer costs: counts, which do not depend on the machine's speed.
# The limits are for each 10 MB, with segmentation and aggregation on.

BULK_BYTES=40000000
BULK_TRAPS=400
BULK_INTERRUPTS=400
BULK_RETRANSMITTED=2
BULK_PORT=5201

bulk_cases()
{
	vm_case 60 "bulk, transmit: few traps, few interrupts, nothing sent twice" \
		bulk_transfer send
	vm_case 60 "bulk, receive: few traps, few interrupts, nothing sent twice" \
		bulk_transfer recv
}

bulk_traps()
{
	echo $(($(context 1 statistics/traps_page) + \
		$(context 1 statistics/traps_register)))
}

bulk_transfer()
{
	local traps sent out

	peer_start "$VM_DIR/iperf3.log" iperf3 -s -1 -p $BULK_PORT
	# shellcheck disable=SC2064 # the process of now
	trap "kill $! 2>/dev/null || true" EXIT
	sleep 0.5
	traps=$(bulk_traps)
	sent=$(peer_tcp_retransmitted)
	out=$(bulk_client "$1")
	traps=$(($(bulk_traps) - traps))
	sent=$(($(peer_tcp_retransmitted) - sent))
	# shellcheck disable=SC2086 # numbers
	bulk_judge "$traps" "$sent" $out
}

# Prints bits per second, bytes, interrupts and segments sent again.
bulk_client()
{
	guest vm1 MAC="${VM_MAC[1]}" TO="$(ip4 0 1)" PORT=$BULK_PORT \
		BYTES=$BULK_BYTES WAY="$1" <<-'END'
		dev=$(card "$MAC")
		ethtool -k "$dev" | grep -c -E \
			'^(tcp-segmentation-offload|large-receive-offload): on' |
			grep -qx 2
		irqs=$(interrupts "$dev")
		sent=$(tcp_retransmitted)
		[[ $WAY == send ]] || reverse=-R
		iperf3 -c "$TO" -p "$PORT" -n "$BYTES" ${reverse:-} -J \
			>/tmp/iperf3.json || { cat /tmp/iperf3.json; exit 1; }
		irqs=$(($(interrupts "$dev") - irqs))
		sent=$(($(tcp_retransmitted) - sent))
		echo "$(jq -r '.end.sum_received |
			"\(.bits_per_second | round) \(.bytes)"' \
			/tmp/iperf3.json) $irqs $sent"
	END
}

# bulk_judge TRAPS PEER-SENT-AGAIN BITS/S BYTES INTERRUPTS SENT-AGAIN
bulk_judge()
{
	local traps=$1 again=$(($2 + $6)) bits=$3 bytes=$4 irqs=$5

	note "$((bits / 1000000)) Mb/s; for each 10 MB:" \
		"$((traps * 10000000 / bytes)) traps," \
		"$((irqs * 10000000 / bytes)) interrupts;" \
		"$again segments of all sent again"
	((bytes >= BULK_BYTES * 9 / 10))
	((traps > 0 && irqs > 0))
	((traps * 10000000 < BULK_TRAPS * bytes))
	((irqs * 10000000 < BULK_INTERRUPTS * bytes))
	((again * 10000000 <= BULK_RETRANSMITTED * bytes))
}
