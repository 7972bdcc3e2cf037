#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# l1.sh speed|count|reasons ROUNDS SECONDS [WAY...]: runs in L1, next to what bed.sh
# there has prepared. One guest has a card for each way to the peer, or for those that are
# named; they are measured in turn, in rounds. Each measurement is a line of
# /results/samples.
#
# speed    nothing is counted but what the kernel counts anyway
# count    with the plugin's numbers, and no polling when a vCPU halts
# reasons  the same, with a histogram of why the guest exits

set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
mode=$1 rounds=$2 seconds=$3
shift 3
GUEST_FILES="$HERE/guest.sh"
[[ $mode == speed ]] || GUEST_FILES+=" $HERE/../../build/bench-count/mark"
. "$HERE/../../testbed/guest/lib.sh"
. "$HERE/../../testbed/guest/subfunction.sh"
. "$HERE/../ways.sh"
ways_choose "$@"

KVM=/sys/kernel/debug/kvm
EXITS=/sys/kernel/tracing/events/kvm/kvm_exit

# Everything that is counted without cost, as one object.
counters()
{
	local vm name

	vm=$(echo "$KVM"/*-*)
	for name in exits irq_injections halt_exits io_exits mmio_exits \
		signal_exits insn_emulation; do
		printf '"%s":%s,' "$name" "$(<"$vm/$name")"
	done
	printf '"traps":%s,"ticks":%s' "$(ways_traps)" "$(cat /results/ticks)"
}

reasons()
{
	# { exit_reason: exit_npf } hitcount: 12
	sed -n 's/^{ exit_reason: *\([^ ]*\).*hitcount: *\([0-9]*\).*/"\1":\2/p' \
		"$EXITS/hist" | paste -sd,
}

# measure ROUND WAY WHAT: one line of /results/samples. Nothing runs in L1
# meanwhile but the guest.
measure()
{
	local way=$2 pid status before after took=$seconds marks='' why=''

	[[ $3 != ping ]] || took=5
	[[ $mode != reasons ]] || echo 'hist:keys=exit_reason' >"$EXITS/trigger"
	pid=$(guest_agent vm1 guest-exec "$(jq -nc --arg c \
		"sleep 1; exec /guest.sh $3 ${WAYS_ADDRESS[$way]} ${WAYS_ADDRESS[$way]%2}1 $seconds" \
		'{path: "/bin/bash", arg: ["-c", $c], "capture-output": true}')" |
		jq .pid)
	before=$(counters)
	sleep "$((took + 3))"
	after=$(counters)
	while status=$(guest_agent vm1 guest-exec-status "{\"pid\":$pid}") &&
		[[ $(jq .exited <<<"$status") != true ]]; do
		sleep 1
		after=$(counters)
	done
	if [[ $mode == reasons ]]; then
		why=$(reasons)
		echo '!hist:keys=exit_reason' >"$EXITS/trigger"
	fi
	[[ $mode == speed || $3 == ping ]] ||
		marks=$(tail -n 2 /results/marks | paste -sd,)
	jq -c --argjson round "$1" --arg way "$way" --arg what "$3" \
		--arg mode "$mode" --argjson before "{$before}" \
		--argjson after "{$after}" --argjson marks "[$marks]" \
		--argjson why "{$why}" '
		if .exitcode != 0 then
			error("\($way) \($what): \(.["err-data"] // "" | @base64d) \(.["out-data"] // "" | @base64d)")
		else {$round, $mode, $way, $what, $before, $after, $marks, $why,
			guest: (.["out-data"] | @base64d | fromjson)}
		end' <<<"$status" >>/results/samples
	tail -n 1 /results/samples |
		jq -r '"round \(.round) \(.way) \(.what): \(.guest)"' >&2
}

ways_host
[[ $mode == speed ]] || echo 0 >/sys/module/kvm/parameters/halt_poll_ns
ways_domain vm1
ways_up vm1
for ((round = 1; round <= rounds; round++)); do
	for way in "${WAYS[@]}"; do
		for what in transmit receive ping; do
			[[ $mode == speed || $what != ping ]] || continue
			measure "$round" "$way" "$what"
		done
	done
done
guest_log_clean vm1
guest_stop vm1
