# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script) and measures: the peer starts each stream, l1.sh says
# what L1 counted while it ran. A line of $BENCH_SAMPLES each; what is there already is not
# measured again.
#
# Environment: BENCH_KIND, one or many; BENCH_SAMPLES, a file of this machine;
# BENCH_REPEATS; BENCH_SECONDS; BENCH_LOAD, Mb/s of the measurements at a fixed load;
# GUESTS, numbers of machines in ascending order; BENCH_ROWS, only these.

# ask REQUEST: the answer of l1.sh is in $reply.
ask()
{
	printf '%s\n' "$*" >&"${L1[1]}"
	IFS= read -r reply <&"${L1[0]}" ||
		bed_fail "L1 did not answer '$*' (logs: $BED_RUN/l1.log)"
}

bench_uplink()
{
	bed_uplink 198.18.100.1/24 198.18.101.1/24 198.18.102.1/24 \
		198.18.103.1/24 198.18.105.1/24
	# The peer of each further context is another address at the NIC's wire.
	bed_tool ip addr add 198.18.10.1/24 dev wire0
	bed_tool ip addr add 198.18.11.1/24 dev wire0
	bed_tool ip addr add 198.18.12.1/24 dev wire0
	bed_tool ip addr add 198.18.13.1/24 dev wire0
	[[ $BENCH_KIND == one ]] || return 0
	# One for virtual functions, which a machine can have behind an IOMMU only. It is not
	# in the bridge: once it has some, the emulated igb returns what the bridge sends.
	bed_uplink 198.18.104.1/24
	BED_QEMU=(-device "intel-iommu,intremap=off" "${BED_QEMU[@]}")
	# shellcheck disable=SC2034 # bed.sh reads it
	BED_APPEND="intel_iommu=on iommu=pt"
}

# client WHAT ADDRESS: one stream as the peer runs it; prints JSON.
client()
{
	local -a iperf=(iperf3 --json -c "$2" -t $((BENCH_SECONDS + 2)) -O 1)
	local outputs=mean_latency,p99_latency,transaction_rate

	case $1 in
	transmit) bed_tool "${iperf[@]}" -R ;;
	receive) bed_tool "${iperf[@]}" ;;
	load_transmit) bed_tool "${iperf[@]}" -R -b "${BENCH_LOAD}M" ;;
	load_receive) bed_tool "${iperf[@]}" -b "${BENCH_LOAD}M" ;;
	small_transmit) bed_tool "${iperf[@]}" -u -l 18 -b 0 -R ;;
	small_receive) bed_tool "${iperf[@]}" -u -l 18 -b "${BENCH_SMALL}" ;;
	round_trip)
		bed_tool netperf -P 0 -t TCP_RR -H "$2" -l $((BENCH_SECONDS + 2)) \
			-- -o "$outputs" | awk -F, 'NF == 3 { printf \
			"{\"mean_us\":%s,\"p99_us\":%s,\"per_second\":%s}\n", $1, $2, $3 }'
		;;
	esac
}

# What of a client's JSON is kept
result()
{
	# shellcheck disable=SC2016 # variables of jq
	bed_tool jq -c '
	if .error then {error: .error}
	elif has("mean_us") then .
	else .end | (.sum_received // .sum) as $got | {
		mbps: ($got.bits_per_second / 1e6), seconds: $got.seconds,
		bytes: $got.bytes, retransmits: .sum_sent.retransmits,
		packets: $got.packets, lost: $got.lost_packets } end' <<<"$1"
}

have()
{
	grep -qs "^{\"repeat\":$1,\"row\":\"$2\",\"guests\":$3,\"what\":\"$4\"," \
		"$BENCH_SAMPLES"
}

# keep REPEAT ROW GUESTS WHAT JSON
keep()
{
	printf '{"repeat":%d,"row":"%s","guests":%d,"what":"%s",%s}\n' \
		"$1" "$2" "$3" "$4" "$5" >>"$BENCH_SAMPLES"
	say "$2, $4, $3 machines, $1: $5"
}

# measure REPEAT ROW WHAT MACHINE ADDRESS...: the streams run at the same time, and L1 is
# asked twice while they do.
measure()
{
	local repeat=$1 row=$2 what=$3 machine=$4 before after address pid rc=0 n=0 all=
	shift 4

	! have "$repeat" "$row" $# "$what" || return 0
	[[ $what != load* ]] || ask reasons on
	local -a pids=()
	for address in "$@"; do
		client "$what" "$address" >"$BED_RUN/client.$n" 2>&1 </dev/null &
		pids+=($!)
		n=$((n + 1))
	done
	# Each has started by then, or its numbers say that it has not.
	sleep 1.5
	ask stat "$machine"
	before=$reply
	sleep "$BENCH_SECONDS"
	ask stat "$machine"
	after=$reply
	for pid in "${pids[@]}"; do
		wait "$pid" || rc=$?
	done
	[[ $what != load* ]] || ask reasons off
	for ((n = 0; n < $#; n++)); do
		all+=,$(result "$(<"$BED_RUN/client.$n")" 2>/dev/null ||
			echo '{"error":"no result"}')
	done
	keep "$repeat" "$row" $# "$what" \
		"\"before\":$before,\"after\":$after,\"streams\":[${all#,}]"
}

wanted() { [[ ! $BENCH_ROWS || " $BENCH_ROWS " == *" $1 "* ]]; }

measure_one()
{
	local repeat row what address machine rows

	ask rows
	rows=$reply
	for ((repeat = 1; repeat <= BENCH_REPEATS; repeat++)); do
		for row in $(bed_tool jq -r 'keys_unsorted[]' <<<"$rows"); do
			wanted "$row" || continue
			IFS=' ' read -r address machine < <(bed_tool jq -r \
				".$row | \"\\(.address // \"\") \\(.machine // \"\")\"" <<<"$rows")
			[[ $address ]] || {
				have 1 "$row" 0 why || keep 1 "$row" 0 why \
					"$(bed_tool jq -r ".$row | \"\\\"why\\\":\\\"\\(.why)\\\"\"" <<<"$rows")"
				continue
			}
			for what in transmit receive load_transmit load_receive \
				round_trip small_transmit small_receive; do
				measure "$repeat" "$row" "$what" "$machine" "$address"
			done
			ask pinned "$row"
			have "$repeat" "$row" 0 pinned ||
				keep "$repeat" "$row" 0 pinned "\"kb\":$reply"
		done
	done
}

measure_many()
{
	local repeat row what guests rows
	local -a addresses

	# shellcheck disable=SC2153 # from the environment
	for guests in $GUESTS; do
		ask machines "$guests"
		rows=$reply
		for ((repeat = 1; repeat <= BENCH_REPEATS; repeat++)); do
			for row in $(bed_tool jq -r 'keys_unsorted[]' <<<"$rows"); do
				wanted "$row" || continue
				mapfile -t addresses < <(bed_tool jq -r ".${row}[]" <<<"$rows")
				for what in transmit receive; do
					measure "$repeat" "$row" "$what" '' "${addresses[@]}"
				done
			done
		done
	done
}

bench_main()
{
	local rc=0 reply

	bench_uplink
	# As that of igb does
	BED_WIRE=tap-gso
	BED_CPUS=1
	BED_SAVED=no
	bed_up
	bed_versions
	coproc L1 { bed_ssh -T "/cdna/bench/paper/l1.sh $BENCH_KIND" \
		2>"$BED_RUN/l1.log"; }
	IFS= read -r reply <&"${L1[0]}" || {
		tail -n 20 "$BED_RUN/l1.log" >&2
		bed_fail "L1 could not be prepared (log: $BED_RUN/l1.log)"
	}
	"measure_$BENCH_KIND"
	ask stop
	bed_log_clean || rc=1
	bed_down || rc=$?
	return "$rc"
}

bench_main
