#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tap.sh NAME='COMMAND'... [--beside NAME='COMMAND'...] [--idle NAME='COMMAND'...]: run
# suites, show what they print, count their TAP results, and end with 'N passed, N failed'
# (', N skipped', with reasons).
#
# Each of the three lists runs in its order, all lists at the same time. The first is shown
# while it runs, the others after it. --idle gets what processor time the others leave.
#
# A suite that dies, prints no test, or keeps to no plan is a failure of its
# own. Several TAP documents in a row are one suite. Status: 0 if none failed.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
tied "$@"

logs=$BUILD/check
mkdir -p "$logs"

# run_suite NAME='COMMAND' [show]: what it prints goes to its log, and is shown. Whatever
# ends this shell, even SIGKILL, ends the suite and what it has started.
run_suite()
{
	local name=${1%%=*} start=$SECONDS rc=0 pid lifeline

	# What shows it may look before the suite has begun.
	: >"$logs/$name.log"
	# With job control, a suite is a process group.
	set -m
	bash -c "${1#*=}" </dev/null >"$logs/$name.log" 2>&1 &
	pid=$!
	set +m
	# Only this shell holds the other end, so it is closed when this shell ends.
	exec {lifeline}> >(ends_with "$pid" >/dev/null 2>&1)
	[[ ! ${2:-} ]] || tail -q -n +1 -s 0.2 -f --pid="$pid" "$logs/$name.log" \
		{lifeline}>&-
	wait "$pid" || rc=$?
	echo ended >&"$lifeline"
	exec {lifeline}>&-
	echo "$rc $((SECONDS - start))" >"$logs/$name.end"
}

# A list by itself, for a process that ends with the one that counts.
if [[ ${1:-} == --list ]]; then
	for suite in "${@:2}"; do
		run_suite "$suite"
	done
	exit
fi

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

# judge_suite NAME: count the results in the log of a suite that has ended.
judge_suite()
{
	local name=$1 log=$logs/$1.log rc=lost seconds=0 p f s planned line

	touch "$log"
	[[ ! -e $logs/$name.end ]] || read -r rc seconds <"$logs/$name.end"
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
	elif [[ $rc != 0 ]] && ((!f)); then
		note_failure "$name: ended with status $rc (log: $log)"
	elif ((planned != p + f + s)); then
		note_failure "$name: $((p + f + s)) results for a plan of $planned"
	fi
	echo "== $name: $p passed, $f failed, $s skipped, $seconds s"
}

list=first
first=() beside=() idle=()
for suite in "$@"; do
	case $list:$suite in
	*:--beside | *:--idle) list=${suite#--} ;;
	first:*) first+=("$suite") ;;
	beside:*) beside+=("$suite") ;;
	idle:*) idle+=("$suite") ;;
	esac
	rm -f "$logs/${suite%%=*}".{log,end}
done
# In the background, these are processes of this shell itself.
if ((${#beside[@]})); then "$0" --list "${beside[@]}" & fi
if ((${#idle[@]})); then chrt --idle 0 "$0" --list "${idle[@]}" & fi
for suite in "${first[@]}"; do
	echo "== ${suite%%=*}"
	run_suite "$suite" show
	judge_suite "${suite%%=*}"
done
wait
for suite in "${beside[@]}" "${idle[@]}"; do
	echo "== ${suite%%=*}"
	cat "$logs/${suite%%=*}.log" || true
	judge_suite "${suite%%=*}"
done

printf '\n'
((${#skips[@]} == 0)) || printf 'skipped: %s\n' "${skips[@]}"
((${#failures[@]} == 0)) || printf 'FAILED: %s\n' "${failures[@]}"
printf '%d passed, %d failed' "$passed" "$failed"
((skipped == 0)) || printf ', %d skipped' "$skipped"
printf '\n'
((failed == 0))
