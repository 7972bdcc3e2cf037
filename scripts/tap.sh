#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tap.sh NAME='COMMAND'...: run each suite, show what it prints, count its TAP
# results, and end with 'N passed, N failed' (', N skipped', with reasons).
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

run_suite()
{
	local name=$1 command=$2 log=$logs/$1.log start=$SECONDS rc=0
	local p f s planned line

	echo "== $name"
	setpriv --pdeathsig TERM bash -c "$command" </dev/null 2>&1 | tee "$log" || rc=$?
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
	echo "== $name: $p passed, $f failed, $s skipped, $((SECONDS - start)) s"
}

for suite in "$@"; do
	run_suite "${suite%%=*}" "${suite#*=}"
done

printf '\n'
((${#skips[@]} == 0)) || printf 'skipped: %s\n' "${skips[@]}"
((${#failures[@]} == 0)) || printf 'FAILED: %s\n' "${failures[@]}"
printf '%d passed, %d failed' "$passed" "$failed"
((skipped == 0)) || printf ', %d skipped' "$skipped"
printf '\n'
((failed == 0))
