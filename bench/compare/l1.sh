#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# l1.sh speed|count|reasons ROUNDS SECONDS [WAY...]: runs in L1, next to what bed.sh
# there has prepared. One guest has a card for each way to the peer; they are
# measured in turn, in rounds: those that are named, or all. Each measurement is a line of /results/samples.
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

# Those of igb, then those of the NIC
WAYS=(vhost macvtap softnic softnic_virtio register page virtio)
declare -A mac=([vhost]=52:54:00:cd:b0:00 [macvtap]=52:54:00:cd:b0:01
	[softnic]=52:54:00:cd:b0:02 [softnic_virtio]=52:54:00:cd:b0:03
	[register]=52:54:00:cd:a0:02 [page]=52:54:00:cd:a0:01
	[virtio]=52:54:00:cd:a0:07)
declare -A address=([vhost]=198.18.100.2 [macvtap]=198.18.101.2
	[softnic]=198.18.102.2 [softnic_virtio]=198.18.103.2
	[register]=198.18.10.2 [page]=198.18.0.2 [virtio]=198.18.11.2)
declare -A uuid=([softnic]=cda00000-0000-4000-8000-0000000000c0
	[softnic_virtio]=cda00000-0000-4000-8000-0000000000c1)
# Ways that are contexts
CONTEXTS=(softnic softnic_virtio register page virtio)
KVM=/sys/kernel/debug/kvm
EXITS=/sys/kernel/tracing/events/kvm/kvm_exit

# soft WAY TYPE: a context of the softnic, in the bridge
soft()
{
	local port

	port=$(guest_softnic_context "${uuid[$1]}" "${mac[$1]}" "$2")
	ip link set "$port" master cdnabr up
}

contexts()
{
	uuid[page]=$(guest_context context1.xml)
	uuid[register]=$(guest_context context2.xml)
	echo off >"$(guest_sysfs "${uuid[register]}")/doorbell_page"
	uuid[virtio]=$(guest_context context-virtio.xml)
	guest_softnic
	soft softnic context
	soft softnic_virtio virtio
}

# card WAY TYPE SOURCE: a virtio card of the bridge.
card()
{
	printf '%s' "<interface type='$2'><mac address='${mac[$1]}'/>" \
		"<source $3/><model type='virtio'/>" \
		"<driver name='vhost'/></interface>"
}

# What is added to the domain with one context: other contexts, and cards of the
# bridge.
domain()
{
	local cards way

	cards=$(card vhost bridge "bridge='cdnabr'"
		card macvtap direct "dev='cdnabr' mode='bridge'")
	for way in softnic softnic_virtio register virtio; do
		cards+="<hostdev mode='subsystem' type='mdev' model='vfio-pci'>"
		cards+="<source><address uuid='${uuid[$way]}'/></source></hostdev>"
	done
	# A port for each that the domain has none for
	cards+=$(printf "<controller type='pci' model='pcie-root-port'/>%.0s" {1..6})
	guest_define vm1 domain-one-context.xml "s|<memballoon|$cards<memballoon|"
}

guest_up()
{
	local way

	guest_boot vm1
	guest_run vm1 'modprobe virtio_net; lsmod; ip -br link'
	for way in "${WAYS[@]}"; do
		guest_run vm1 "/guest.sh address ${mac[$way]} ${address[$way]}"
		guest_run vm1 "ping -c 3 -i 0.3 -W 5 ${address[$way]%2}1"
	done
}

# Everything that is counted without cost, as one object.
counters()
{
	local vm name way traps total=0

	vm=$(echo "$KVM"/*-*)
	for name in exits irq_injections halt_exits io_exits mmio_exits \
		signal_exits insn_emulation; do
		printf '"%s":%s,' "$name" "$(<"$vm/$name")"
	done
	for way in "${CONTEXTS[@]}"; do
		traps=$(cat "$(guest_sysfs "${uuid[$way]}")"/statistics/traps_* |
			paste -sd+)
		total=$((total + traps))
	done
	printf '"traps":%s,"ticks":%s' "$total" "$(cat /results/ticks)"
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
		"sleep 1; exec /guest.sh $3 ${address[$way]} ${address[$way]%2}1 $seconds" \
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

modprobe -a tun macvtap vhost_net
guest_bridge cdnabr
guest_host
contexts
[[ $mode == speed ]] || echo 0 >/sys/module/kvm/parameters/halt_poll_ns
domain
guest_up
for ((round = 1; round <= rounds; round++)); do
	for way in "${@:-${WAYS[@]}}"; do
		for what in transmit receive ping; do
			[[ $mode == speed || $what != ping ]] || continue
			measure "$round" "$way" "$what"
		done
	done
done
guest_log_clean vm1
guest_stop vm1
