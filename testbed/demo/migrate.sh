# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside the test bed, for testbed/shell.sh --script: a machine moves from a host with
# a CDNA NIC to one with an ordinary NIC, and back, under traffic; demo/migrate-l1.sh has
# the steps in L1. The peer is the switch that both hosts are connected to.

. "$TOP/testbed/demo/steps.sh"

demo_l1="bash /cdna/testbed/demo/migrate-l1.sh"

migrate_switch()
{
	bed_tool ip link add switch type bridge forward_delay 0
	bed_tool ip addr flush dev wire0
	bed_tool ip link set wire0 master switch up
	bed_tool ip link set uplink0 master switch up
	bed_tool ip addr add 198.18.0.1/24 dev switch
	bed_tool ip link set switch up
}

# migrate_move LABEL WAY: with an echo request each 50 ms from the peer
migrate_move()
{
	local ping

	bed_exec ping -D -i 0.05 198.18.0.11 >"$demo_results/ping-$2" &
	ping=$!
	demo_step "$1" move "$2"
	kill -INT "$ping"
	wait "$ping" || true
}

migrate_report()
{
	local way

	for way in there back; do
		awk -f "$TOP/testbed/demo/ping.awk" "$demo_results/ping-$way" |
			bed_tool jq -s '.[0] + .[1]' - "$(bed_inside "$demo_results/$way.json")"
	done | bed_tool jq -s '{moves: .}' >"$BUILD/migrate.json"
	bed_tool jq -r '.moves[] | [.from, .to, .seconds, .downtime_ms, .silent_ms,
		"\(.lost) of \(.sent)", .iperf3_megabytes, .stream_megabytes] | @tsv' \
		<"$BUILD/migrate.json" |
		awk -F '\t' -f "$TOP/testbed/demo/migrate.awk"
	printf '\nThe same as JSON: %s\n' "${BUILD#"$PWD/"}/migrate.json"
}

bed_uplink
bed_up
bed_versions
mkdir -p "$demo_results"
migrate_switch
bed_exec iperf3 --server >"$(bed_log peer)" 2>&1 </dev/null &
migrate_servers=($!)
bed_exec /cdna/build/vm/stream serve 5001 >"$(bed_log stream)" 2>&1 </dev/null &
migrate_servers+=($!)
demo_step "starting two libvirts, for two hosts" hosts
demo_step "making a context at each host" contexts
demo_step "starting a virtual machine (virsh start)" guest
demo_step "starting iperf3 and a stream whose contents are compared" traffic
migrate_move "moving it to the host with the ordinary NIC (virsh migrate --live)" there
migrate_move "moving it back" back
demo_step "looking for errors" errors
migrate_report
kill "${migrate_servers[@]}" || true
bed_down
bed_log_clean || {
	say "demo: L1's kernel reported a bug (logs: $BED_RUN)"
	exit 1
}
