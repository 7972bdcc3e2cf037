#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tap.sh [--beside NAME='COMMAND'] NAME='COMMAND'...: run each suite, show what it
# prints, count its TAP results, and end with 'N passed, N failed' (', N skipped', with
# reasons). The suite of --beside gets what processor time the others leave, and is
# shown after them.
# A suite that dies, prints no test, or keeps to no plan is a failure of its
# own. Several TAP documents in a row are one suite. Status: 0 if none failed.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
tied "$@"

logs=$BUILD/check
mkdir -p "$logs"
passed=0 failed=0 skipped=0
failures=() skips=()

# Print 'passed failed skipped planned' of a log; nested TAP is indented.
count()
{
	awk '
	/^1\.\.[0-9]+/ { planned += substr($1, 4); plans++ }
	/^(not )?ok( |$)/ {
		if (tolower($0) ~ /# *skip/) skipped++
		else if ($1 == "ok") passed++
		else failed++
	}
	/^Bail out!/ { failed++ }
	END {
		printf "%d %d %d %d\n", passed, failed, skipped,
			plans ? planned : -1
	}' "$1"
}

note_failure()
{
	failed=$((failed + 1))
	failures+=("$1")
}

# judge_suite NAME STATUS SECONDS: count the results in the log of a suite.
judge_suite()
{
	local name=$1 log=$logs/$1.log rc=$2 p f s planned line

	read -r p f s planned < <(count "$log")
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
	while read -r line; do
		failures+=("$name: $line")
	done < <(grep -E '^(not ok|Bail out!)' "$log" | grep -viE '# *skip')
	while read -r line; do
		skips+=("$name: $line")
	done < <(grep -iE '^(not )?ok.*# *skip' "$log")

	if ((p + f + s == 0)); then
		note_failure "$name: ran no test and ended with status $rc (log: $log)"
	elif ((rc && !f)); then
		note_failure "$name: ended with status $rc (log: $log)"
	elif ((planned != p + f + s)); then
		note_failure "$name: $((p + f + s)) results for a plan of $planned"
	fi
	echo "== $name: $p passed, $f failed, $s skipped, $3 s"
}

run_suite()
{
	local name=$1 command=$2 start=$SECONDS rc=0

	echo "== $name"
	setpriv --pdeathsig TERM bash -c "$command" </dev/null 2>&1 |
		tee "$logs/$name.log" || rc=$?
	judge_suite "$name" "$rc" $((SECONDS - start))
}

beside=
if [[ ${1:-} == --beside ]]; then
	beside=${2%%=*}
	# A process of this shell itself, to end with it
	setpriv --pdeathsig TERM chrt --idle 0 bash -c \
		'rc=0; eval "$1" || rc=$?; echo $SECONDS >"$2"; exit "$rc"' \
		"$0" "${2#*=}" "$logs/$beside.seconds" \
		</dev/null >"$logs/$beside.log" 2>&1 &
	beside_pid=$!
	shift 2
fi
for suite in "$@"; do
	run_suite "${suite%%=*}" "${suite#*=}"
done
if [[ $beside ]]; then
	rc=0
	wait "$beside_pid" || rc=$?
	echo "== $beside"
	cat "$logs/$beside.log"
	judge_suite "$beside" "$rc" "$(<"$logs/$beside.seconds")"
fi

printf '\n'
((${#skips[@]} == 0)) || printf 'skipped: %s\n' "${skips[@]}"
((${#failures[@]} == 0)) || printf 'FAILED: %s\n' "${failures[@]}"
printf '%d passed, %d failed' "$passed" "$failed"
((skipped == 0)) || printf ', %d skipped' "$skipped"
printf '\n'
((failed == 0))
