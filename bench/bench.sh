#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh: the evaluation of the paper (section 5) with what people use today beside it.
# Writes build/bench.json, build/bench/report.md and build/bench/*.svg. What an earlier run
# of the same commit and settings has measured is not measured again. Status 0: all parts
# were run, whatever came out; a row that fails is named in the report.
#
# Environment: QUICK=1 few repetitions, few machines; BENCH_REPEATS (5), BENCH_SECONDS (5),
# GUESTS ("1 2 4 8 16 24"), BENCH_LOAD (20, Mb/s of the measurements at a fixed load),
# BENCH_SMALL (1M, what small frames are offered at), BENCH_ROWS: only these;
# BENCH_PARTS (one many compare); BENCH_FRESH=1 forgets earlier runs.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
tied "$@"

if [[ ${QUICK:-} ]]; then
	: "${BENCH_REPEATS:=1}" "${BENCH_SECONDS:=2}" "${GUESTS:=1 4}" "${BENCH_PARTS:=one many}"
fi
export BENCH_REPEATS=${BENCH_REPEATS:-5} BENCH_SECONDS=${BENCH_SECONDS:-5}
export BENCH_LOAD=${BENCH_LOAD:-20} BENCH_SMALL=${BENCH_SMALL:-1M}
export BENCH_ROWS=${BENCH_ROWS:-} GUESTS=${GUESTS:-1 2 4 8 16 24}
parts=${BENCH_PARTS:-one many compare}
dir=$BUILD/bench
out=$BUILD/bench.json

number() { [[ $2 =~ ^[1-9][0-9]{0,5}$ ]] || die "$1 is a number from 1, not '$2'"; }
number BENCH_REPEATS "$BENCH_REPEATS"
number BENCH_SECONDS "$BENCH_SECONDS"
number BENCH_LOAD "$BENCH_LOAD"
[[ $BENCH_SMALL =~ ^[0-9]+[KMG]?$ ]] || die "BENCH_SMALL is a rate like 10M, not '$BENCH_SMALL'"
last=0
for guests in $GUESTS; do
	number GUESTS "$guests"
	((guests > last && guests <= 24)) || die "GUESTS ascend, up to 24: '$GUESTS'"
	last=$guests
done
for row in $BENCH_ROWS; do
	[[ $row =~ ^(vhost|macvtap|passthrough|vhost_context|host|host_context|softnic|softnic_virtio|register|page|virtio)$ ]] ||
		die "BENCH_ROWS: '$row' is none of: vhost macvtap passthrough vhost_context" \
			"host host_context softnic softnic_virtio register page virtio"
done
for part in $parts; do
	[[ $part =~ ^(one|many|compare)$ ]] ||
		die "BENCH_PARTS: '$part' is none of: one many compare"
done

in_tools() { "$TOP/testbed/in-tools.sh" "$@"; }
inside() { printf '/cdna%s\n' "${1#"$TOP"}"; }
tree=$(git -C "$TOP" describe --always --dirty 2>/dev/null || "$TOP/scripts/version.sh")

# What a set of samples depends on; others are of no use.
mkdir -p "$dir"
key="$tree $BENCH_SECONDS $BENCH_LOAD $BENCH_SMALL"
if [[ ${BENCH_FRESH:-} || $tree == *-dirty ||
	$(cat "$dir/key" 2>/dev/null) != "$key" ]]; then
	rm -f "$dir"/*.samples "$dir/compare.json"
fi
echo "$key" >"$dir/key"
touch "$dir"/{one,many}.samples

# bench_part KIND SHELL-ARGUMENT...: one life of L1
bench_part()
{
	local kind=$1
	shift
	BENCH_KIND=$kind BENCH_SAMPLES=$dir/$kind.samples \
		progress "measuring: $kind" "$dir/$kind.log" \
		"$TOP/testbed/shell.sh" "$@" --script "$TOP/bench/paper/bed.sh"
}

failed=
for part in $parts; do
	case $part in
	one) bench_part one || failed+=" one" ;;
	many)
		GUEST_MEMORY=256 bench_part many --nics 2 --memory 12288 || failed+=" many"
		;;
	compare)
		[[ -e $dir/compare.json ]] || {
			COMPARE_ROUNDS=$BENCH_REPEATS COMPARE_SECONDS=$BENCH_SECONDS \
				"$TOP/bench/compare.sh" &&
				cp "$BUILD/compare.json" "$dir/compare.json"
		} || failed+=" compare"
		;;
	esac
done

[[ -e $dir/compare.json ]] || echo '{}' >"$dir/none.json"
compare=$dir/compare.json
[[ -e $compare ]] || compare=$dir/none.json
bed="$(sed -n 's/.*\(QEMU .*accelerator.*\)/\1/p' "$dir"/{one,many}.log 2>/dev/null | head -n 1); one processor in L1 and in each machine; this machine has $(nproc)"
in_tools jq -n --arg bed "$bed" --arg tree "$tree" --arg load "$BENCH_LOAD" \
	--slurpfile one "$(inside "$dir/one.samples")" \
	--slurpfile many "$(inside "$dir/many.samples")" \
	--slurpfile compare "$(inside "$compare")" \
	-f /cdna/bench/paper/summary.jq >"$out.new"
mv "$out.new" "$out"
in_tools jq -r -f /cdna/bench/paper/report.jq "$(inside "$out")" >"$dir/report.md"
[[ ! -s $dir/many.samples ]] ||
	in_tools /cdna/bench/paper/plot.sh "$(inside "$out")" "$(inside "$dir")"
cat "$dir/report.md"
say "the same: $dir/report.md, $out; figures: $dir/*.svg"
[[ ! $failed ]] || die "not run to the end:$failed (logs: $dir)"
