#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh smoke|long SECONDS DIR FUZZER...: run each fuzzer for that long, as
# many at a time as there are processors, each one a test (TAP). 'smoke'
# starts from the kept corpus and forgets what it finds; 'long' also keeps it
# in the cache. An input that fails is left in DIR/findings. SEEDS is the directory
# of the kept corpora, if it is not the one beside this script.

. "$(dirname "$0")/../../scripts/lib.sh"

SEEDS=$(cd "${SEEDS:-$(dirname "$0")/seeds}" && pwd)
export SEEDS
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}

# Seeds are kept as hexadecimal text with # comments.
unpack_seeds()
{
	local name=$1 dir=$2 file

	mkdir -p "$dir"
	for file in "$SEEDS/$name"/*.hex; do
		[[ -e $file ]] || continue
		perl -ne 's/#.*//; s/\s//g; print pack "H*", $_' "$file" \
			>"$dir/$(basename "$file" .hex)"
	done
}

if [[ $1 == --one ]]; then
	mode=$2 seconds=$3 dir=$4 fuzzer=$5
	name=${fuzzer##*/} rc=0
	kept=$dir/corpus/$name
	rm -rf "$kept"
	unpack_seeds "$name" "$kept"
	corpora=("$kept")
	if [[ $mode == long ]]; then
		mkdir -p "$CACHE/fuzz/$name"
		corpora=("$CACHE/fuzz/$name" "$kept")
	fi
	timeout $((seconds + 120)) "$fuzzer" -max_total_time="$seconds" \
		-timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$dir/findings/$name-" "${corpora[@]}" \
		>"$dir/$name.log" 2>&1 </dev/null || rc=$?
	echo "$rc" >"$dir/$name.status"
	exit
fi

mode=$1 seconds=$2 dir=$(cd "$3" && pwd)
shift 3
mkdir -p "$dir/findings"
echo "1..$#"
printf '%s\0' "$@" |
	xargs -0 -n 1 -P "$(nproc)" "$0" --one "$mode" "$seconds" "$dir"

number=0 failed=0
for fuzzer in "$@"; do
	name=${fuzzer##*/}
	number=$((number + 1))
	runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$dir/$name.log")
	edges=$(grep -o 'cov: [0-9]*' "$dir/$name.log" | tail -n 1 || true)
	if [[ $(<"$dir/$name.status") == 0 ]]; then
		echo "ok $number - $name: ${runs:-0} runs, ${edges:-cov: 0} in $seconds s"
		continue
	fi
	failed=1
	grep -aE 'ERROR|check failed|runtime error|Test unit written' \
		"$dir/$name.log" | head -n 20 | sed 's/^/# /' || true
	echo "not ok $number - $name (log: $dir/$name.log)"
done
exit "$failed"
