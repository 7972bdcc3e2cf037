# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script): adds an emulated igb to L1, whose wire
# ends at the peer like that of the NIC, starts the peer's end of each stream,
# and has l1.sh measure.
#
# Environment: COMPARE_MODE, COMPARE_ROUNDS, COMPARE_SECONDS, COMPARE_WAYS are for l1.sh;
# but for speed, the counting plugin is loaded. COMPARE_CPUS: processors of L1.

compare_peer()
{
	# An address for each card of the bridge
	bed_uplink 198.18.100.1/24 198.18.101.1/24 198.18.102.1/24 \
		198.18.103.1/24
	# The peer of each further context is another address at the NIC's wire.
	bed_tool ip addr add 198.18.10.1/24 dev wire0
	bed_tool ip addr add 198.18.11.1/24 dev wire0
	bed_exec iperf3 -s >"$BED_RUN/peer-iperf3.log" 2>&1 &
	compare_peer=$!
}

# compare_ticks DIRECTORY OF A PROCESS OR THREAD: its processor time.
compare_ticks()
{
	local stat
	local -a field

	read -r stat <"$1/stat" || stat=
	read -r -a field <<<"${stat##*) }"
	printf '%s\n' "$((${field[11]:-0} + ${field[12]:-0}))"
}

# Processor time of each part on this machine, in ticks of 10 ms, for l1.sh.
compare_watch()
{
	local nic=/proc/${bed_pids[0]} qemu=/proc/${bed_pids[-1]} task name
	local -A ticks

	while sleep 0.2; do
		ticks=([vcpu]=0 [qemu]=0)
		for task in "$qemu"/task/*; do
			name=qemu
			[[ $(<"$task/comm") != CPU* ]] || name=vcpu
			ticks[$name]=$((ticks[$name] + $(compare_ticks "$task")))
		done
		printf '{"vcpu":%d,"qemu":%d,"nic":%d,"peer":%d}\n' \
			"${ticks[vcpu]}" "${ticks[qemu]}" \
			"$(compare_ticks "$nic")" \
			"$(compare_ticks "/proc/$compare_peer")" \
			>"$BED_RUN/results/ticks.new"
		mv "$BED_RUN/results/ticks.new" "$BED_RUN/results/ticks"
	done
}

compare_main()
{
	local rc=0

	rm -f "$BUILD/compare-$COMPARE_MODE.samples"
	compare_peer
	# As that of igb does
	BED_WIRE=tap-gso
	BED_CPUS=$COMPARE_CPUS
	BED_SAVED=no
	[[ $COMPARE_MODE == speed ]] ||
		BED_QEMU+=(-plugin "/cdna/build/bench-count/cdna_count.so,out=$(bed_inside "$BED_RUN/results/marks")")
	bed_up
	bed_versions
	compare_watch 2>/dev/null &
	bed_l1 "/cdna/bench/compare/l1.sh $COMPARE_MODE $COMPARE_ROUNDS $COMPARE_SECONDS ${COMPARE_WAYS:-}" ||
		rc=$?
	bed_log_clean || rc=1
	cp "$BED_RUN/results/samples" "$BUILD/compare-$COMPARE_MODE.samples" || {
		say "compare: nothing was measured (logs: $BED_RUN)"
		rc=1
	}
	bed_down || rc=$?
	return "$rc"
}

compare_main
