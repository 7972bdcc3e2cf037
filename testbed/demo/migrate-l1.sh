#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# migrate-l1.sh STEP [ARGUMENT]...: one step of the demonstration of a machine that moves,
# in L1. Both hosts are libvirts of L1: the first has a context of a CDNA NIC for vm1, the
# second one of a softnic, on a bridge over an Intel NIC.

set -euo pipefail
. /cdna/testbed/guest/lib.sh
. /cdna/testbed/guest/move.sh

results=/results/demo
mac=52:54:00:cd:a0:01
nic=cda00000-0000-4000-8000-000000000001
soft=cda00000-0000-4000-8000-000000000006

step_hosts()
{
	guest_host
	guest_second_host
}

step_contexts()
{
	guest_context context1.xml
	guest_bridge br0
	guest_softnic
	guest_softnic_context "$soft" "$mac"
	echo br0 >"$(guest_sysfs "$soft")/bridge"
}

# Cards that do not log dirty pages move if the machine's XML allows it.
step_guest()
{
	GUEST_FILES=/cdna/build/vm/stream
	guest_define vm1 domain-one-context.xml "${guest_may_move[@]}"
	guest_boot vm1
	guest_run vm1 'ip link set eth0 up
		ip addr add 198.18.0.11/24 dev eth0
		ping -c 1 -w 10 198.18.0.1'
}

# Bytes of both connections: of iperf3's that the peer has got, of the other one's
moved()
{
	guest_run vm1 "ss -Htin state established '( dport = :5201 or dport = :5001 )'" |
		awk '{ for (i = 1; i <= NF; i++) {
				split($i, field, ":")
				if (field[1] == "bytes_acked" && field[2] > sent)
					sent = field[2]
				if (field[1] == "bytes_received" && field[2] > got)
					got = field[2]
			} }
			END { printf "%.0f %.0f\n", sent, got }'
}

# moved_past SENT GOT: wait until both have moved another megabyte.
moved_past()
{
	local limit=$((SECONDS + 120)) sent got

	until read -r sent got < <(moved) && ((sent > $1 + 1000000 && got > $2 + 1000000)); do
		((SECONDS < limit)) || {
			echo "a connection does not go on: $sent and $got bytes"
			return 1
		}
		sleep 0.3
	done
}

# Both last as long as the machine, unless a byte of the second one is wrong.
step_traffic()
{
	guest_run vm1 'setsid iperf3 -t 86400 -c 198.18.0.1 >/tmp/iperf3.log 2>&1 </dev/null &
		setsid /stream recv 198.18.0.1 5001 1000000000000 >/tmp/stream.log 2>&1 </dev/null &'
	moved_past 0 0
}

# step_move there|back: to the other host. What moved in that time goes to a file.
step_move()
{
	local from=$GUEST_HERE to=$GUEST_THERE edit=s/$nic/$soft/
	local -a names=("CDNA NIC" softnic) before after
	local started=$EPOCHREALTIME seconds said

	if [[ $1 == back ]]; then
		from=$GUEST_THERE to=$GUEST_HERE edit=s/$soft/$nic/
		names=(softnic "CDNA NIC")
	fi
	read -ra before < <(LIBVIRT_DEFAULT_URI=$from moved)
	said=$(guest_move vm1 "$from" "$to" 10 "$edit")
	seconds=$(awk "BEGIN { print $EPOCHREALTIME - $started }")
	export LIBVIRT_DEFAULT_URI=$to
	read -ra after < <(moved)
	moved_past "${after[@]}"
	jq -n --arg from "${names[0]}" --arg to "${names[1]}" --arg said "$said" \
		--argjson seconds "$seconds" --argjson sent "$((after[0] - before[0]))" \
		--argjson got "$((after[1] - before[1]))" '
		{$from, $to, $seconds, downtime_ms: ($said |
			capture("Total downtime: +(?<ms>[0-9]+)") | .ms | tonumber),
		iperf3_megabytes: ($sent / 1e6), stream_megabytes: ($got / 1e6)}' \
		>"$results/$1.json"
}

step_errors()
{
	local uuid

	guest_log_clean vm1
	for uuid in "$nic" "$soft"; do
		[[ $(<"$(guest_sysfs "$uuid")/statistics/faults") == 0 ]] || {
			echo "there were protection faults"
			return 1
		}
	done
	guest_kill vm1
	guest_second_end
}

# After a failure: what else there is to see.
step_autopsy()
{
	virsh list --all </dev/null >"$results/machines.log" 2>&1 || true
	journalctl --no-pager -b >"$results/journal.log" || true
}

mkdir -p "$results"
step=$1
shift
"step_$step" "$@"
