# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What is on the wire, seen from the far end. Frames that the peer itself sends
# are captured before its kernel has finished them, so only those of machines
# are judged.

capture_cases()
{
	vm_case 90 "traffic of all kinds is captured at the peer" capture_traffic
	vm_case 60 "no captured frame is malformed, no checksum is wrong" \
		capture_sound
	vm_case 30 "no captured frame is longer than the MTU" capture_length
	vm_case 30 "each captured frame is of a machine or the peer" \
		capture_sources
}

# capture_start NET FILE FILTER...: FILE is on this machine, in VM_DIR.
capture_start()
{
	local net=$1 file=$2
	shift 2

	rm -f "$file"
	peer_start "$file.log" tcpdump -Z root -n -i "wire$net" -s 0 -B 16384 \
		-c 150000 -w "$(bed_inside "$file")" "$@"
	echo $! >"$VM_DIR/capture.pid"
	until_true 10 grep -qs listening "$file.log"
}

# End the capture, with the last frames in its file.
capture_stop()
{
	local pid

	pid=$(cat "$VM_DIR/capture.pid")
	sleep 0.5
	kill "$pid" 2>/dev/null || true
	until_true 10 eval "! kill -0 $pid 2>/dev/null"
}

capture_tshark()
{
	local file=$1
	shift

	peer tshark -n -r "$(bed_inside "$file")" -o ip.check_checksum:TRUE \
		-o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE "$@" \
		2>"$VM_DIR/tshark.log" || {
		cat "$VM_DIR/tshark.log"
		return 1
	}
}

# capture_counts FILE FILTER...: a line for each filter, by one pass.
capture_counts()
{
	local file=$1 out IFS=,
	shift

	out=$(capture_tshark "$file" -q -z "io,stat,0,$*")
	awk -F'|' -v filters=$# '
		/<>/ && NF >= 2 * filters + 3 {
			for (i = 1; i <= filters; i++)
				print $(2 * i + 1) + 0
			found = 1
		}
		END { exit !found }' <<<"$out" || {
		echo "$out" >&2
		return 1
	}
}

# capture_has FILE FILTER...: at least one frame of each
capture_has()
{
	local file=$1 counts i=0 n missing=0
	shift

	counts=$(capture_counts "$file" "$@")
	for n in $counts; do
		i=$((i + 1))
		echo "$n frames: ${!i}"
		((n > 0)) || missing=1
	done
	((i == $# && !missing))
}

# capture_lacks FILE FILTER: not one frame
capture_lacks()
{
	local n

	n=$(capture_counts "$1" "$2")
	[[ $n != 0 ]] || return 0
	echo "$n frames: $2, such as"
	capture_tshark "$1" -Y "$2" | awk 'NR <= 5'
	return 1
}

CAPTURE_MACHINES="(eth.src == ${VM_MAC[1]} || eth.src == ${VM_MAC[2]})"

# Both machines at once, with segmentation and without checksums of their own.
capture_traffic()
{
	local file=$VM_DIR/mixed.pcap protocol mac
	local -a wanted=()

	capture_start 0 "$file"
	trap 'capture_stop' EXIT
	guest vm2 TO="$(ip4 0 1)" PORT="$VM_PORT" <<-'END'
		ip neigh flush all
		flow_start up bash -c "stream send $TO $PORT 200000; sleep 0.3"
		flow_start down bash -c "stream recv $TO $PORT 200000; sleep 0.3"
	END
	guest vm1 V4="$(ip4 0 1)" V6="$(ip6 0 1)" PORT="$VM_PORT" <<-'END'
		ip neigh flush all
		for to in "$V4" "$V6"; do
			ping -q -c 2 -i 0.2 -s 4000 "$to"
			stream send "$to" "$PORT" 1000000
			stream recv "$to" "$PORT" 300000
			stream echo "$to" "$PORT" 0 9000 307
		done
	END
	guest vm2 <<-'END'
		flow_moves up 20
		flow_moves down 20
		flow_stop up
		flow_stop down
	END
	capture_stop
	trap - EXIT
	tail -n 3 "$file.log"
	for mac in "${VM_MAC[1]}" "${VM_MAC[2]}"; do
		wanted+=("eth.src == $mac && tcp.len > 1000"
			"eth.src == $mac && arp")
	done
	for protocol in udp icmp icmpv6 'ipv6 && tcp' 'ip.flags.mf == 1' \
		ipv6.fraghdr; do
		wanted+=("$CAPTURE_MACHINES && $protocol")
	done
	capture_has "$file" "${wanted[@]}"
	note "$(capture_counts "$file" "$CAPTURE_MACHINES") frames of machines"
}

# Statuses are 1 where a sum was verified: it must be known that they were.
capture_sound()
{
	local file=$VM_DIR/mixed.pcap bad=_ws.malformed sum
	local -a wanted=()

	for sum in ip tcp udp icmp icmpv6; do
		wanted+=("$CAPTURE_MACHINES && $sum.checksum.status == 1")
		bad+=" || $sum.checksum.status == 0"
	done
	capture_has "$file" "${wanted[@]}"
	capture_lacks "$file" "$CAPTURE_MACHINES && ($bad)"
}

capture_length()
{
	local file=$VM_DIR/mixed.pcap

	capture_has "$file" "$CAPTURE_MACHINES && frame.len == $((VM_MTU + 14))"
	capture_lacks "$file" "$CAPTURE_MACHINES && frame.len > $((VM_MTU + 14))"
}

capture_sources()
{
	local peer=02:cd:a0:ff:00:01 file=$VM_DIR/mixed.pcap

	capture_has "$file" "eth.src == $peer"
	capture_lacks "$file" "!$CAPTURE_MACHINES && !(eth.src == $peer)"
}
