#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# l1.sh STEP [ARGUMENT]...: one step of the demonstration, in L1. Each figure
# goes to a file of /results/demo as JSON; their names sort by time.

set -euo pipefail
. /cdna/testbed/guest/lib.sh

results=/results/demo
seconds=$DEMO_SECONDS
declare -A uuid=([vm1]=cda00000-0000-4000-8000-000000000001
	[vm2]=cda00000-0000-4000-8000-000000000002)
declare -A mac=([vm1]=52:54:00:cd:a0:01 [vm2]=52:54:00:cd:a0:02)
declare -A address=([peer]=1 [vm1]=11 [vm2]=12)

step_host() { guest_host; }

step_contexts()
{
	if [[ $SOFTNIC ]]; then
		softnic_contexts
	else
		guest_context context1.xml
		guest_context context2.xml
	fi
	virsh nodedev-list --cap mdev </dev/null
}

# What README's "On your own host" does
softnic_contexts()
{
	local vm port

	guest_bridge br0
	guest_softnic
	for vm in vm1 vm2; do
		port=$(guest_softnic_context "${uuid[$vm]}" "${mac[$vm]}")
		ip link set "$port" master br0 up
	done
	bridge link
}

step_guests()
{
	guest_define vm1 domain-one-context.xml
	guest_define vm2 domain-one-context.xml "s/${uuid[vm1]}/${uuid[vm2]}/"
	guest_boot vm1 vm2
}

step_addresses()
{
	local vm

	for vm in vm1 vm2; do
		guest_run "$vm" "set -e
			ip link set eth0 up
			ip addr add 198.18.0.${address[$vm]}/24 dev eth0
			ip addr add fdcd:a0::${address[$vm]}/96 dev eth0 nodad
			for i in {1..50}; do
				[[ \$(cat /sys/class/net/eth0/carrier) != 1 ]] || break
				sleep 0.1
			done
			lspci -nn -s \$(basename \$(readlink /sys/class/net/eth0/device))
			ip addr show eth0
			iperf3 -s -D
			ping -c 1 -w 5 198.18.0.1
			ping -c 1 -w 5 fdcd:a0::1"
	done
}

# step_ping FROM TO: the round-trip time, after the first, which waits for ARP.
step_ping()
{
	local out=$results/$EPOCHSECONDS-ping-$1-$2 target=198.18.0.${address[$2]}

	guest_run "$1" "ping -c 1 -w 5 $target >/dev/null
		ping -c 20 -i 0.1 -q $target" | tee "$out.txt"
	jq -nR --arg from "$1" --arg to "$2" --rawfile text "$out.txt" \
		'($text | capture("(?<sent>\\d+) packets transmitted, (?<got>\\d+)")) as $n |
		($text | capture("= (?<min>[^/]+)/(?<avg>[^/]+)/(?<max>[^/]+)")) as $t |
		{ping: {from: $from, to: $to, lost: (($n.sent | tonumber) -
			($n.got | tonumber)), rtt_ms: {min: $t.min | tonumber,
			avg: $t.avg | tonumber, max: $t.max | tonumber}}}' \
		>"$out.json"
	rm "$out.txt"
}

# counters VM...: as JSON, the sums of what the host counts of their contexts,
# and of the interrupts that the guests count themselves. A vector of a queue pair that
# is not in use is not listed.
counters()
{
	local vm

	for vm in "$@"; do
		(cd "$(guest_sysfs "${uuid[$vm]}")/statistics" && grep . ./*)
		guest_run "$vm" 'cd /sys/class/net/eth0/device/msi_irqs
			for irq in *; do
				grep "^ *$irq:" /proc/interrupts || true
			done' |
			awk '{ sum += $2 } END { print "guest_irqs:" sum + 0 }'
	done | awk -F '[:/]' '{ sum[$(NF - 1)] += $NF }
		END { for (i in sum) print i, sum[i] }' |
		jq -nR '[inputs / " " | {(.[0]): .[1] | tonumber}] | add'
}

# What of iperf3 and counters matters.
stream_json()
{
	jq -n --arg from "$1" --arg to "$2" --slurpfile iperf "$3" \
		--argjson before "$4" --argjson after "$5" '
		def delta(name): $after[name] - $before[name];
		$iperf[0].end as $end | $end.sum_received.bytes as $bytes |
		$end.sum_received.seconds as $seconds |
		(delta("traps_page") + delta("traps_register")) as $traps |
		{stream: {from: $from, to: $to, seconds: $seconds,
		mbit_per_s: ($bytes * 8 / 1e6 / $seconds), megabytes: ($bytes / 1e6),
		traps: $traps, traps_by_register: delta("traps_register"),
		traps_per_megabyte: ($traps / ($bytes / 1e6)),
		interrupts: delta("guest_irqs"),
		interrupts_per_s: (delta("guest_irqs") / $seconds),
		interrupts_per_megabyte: (delta("guest_irqs") / ($bytes / 1e6)),
		retransmissions: $end.sum_sent.retransmits,
		faults: delta("faults")}}'
}

# step_stream FROM TO: the end in a guest measures; the other end listens.
step_stream()
{
	local client=$1 server=$2 reverse='' before after
	local out=$results/$EPOCHSECONDS-stream-$1-$2
	local -a vms=("$1" "$2")

	if [[ $1 == peer ]]; then
		client=$2 server=$1 reverse=-R
	fi
	[[ $server != peer ]] || vms=("$client")
	before=$(counters "${vms[@]}")
	guest_run "$client" "iperf3 -J -t $seconds $reverse \
		-c 198.18.0.${address[$server]}" >"$out.iperf3" ||
		{ jq -r .error "$out.iperf3" >&2; return 1; }
	after=$(counters "${vms[@]}")
	stream_json "$1" "$2" "$out.iperf3" "$before" "$after" | tee "$out.json"
}

step_errors()
{
	local vm faults

	for vm in vm1 vm2; do
		guest_log_clean "$vm"
		faults=$(cat "$(guest_sysfs "${uuid[$vm]}")/statistics/faults")
		if ((faults)); then
			echo "the context of $vm had $faults protection faults"
			return 1
		fi
	done
}

# After a failure: what else there is to see.
step_autopsy()
{
	cp /var/log/libvirt/qemu/*.log "$results/" || true
	virsh list --all </dev/null >"$results/machines.log" 2>&1 || true
	journalctl --no-pager -b >"$results/journal.log" || true
	grep -H . /sys/bus/mdev/devices/*/{state,statistics/*} \
		>"$results/contexts.log" || true
}

mkdir -p "$results"
step=$1
shift
"step_$step" "$@"
