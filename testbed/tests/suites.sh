#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How scripts/tap.sh runs and judges suites. Prints TAP; needs no bed.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
. "$TOP/testbed/tests/tap.sh"

# A tree of its own, for its logs
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree/scripts"
cp "$TOP/scripts"/{tap,lib}.sh "$tree/scripts"

good='echo 1..1; echo ok 1 - good'

# ends_with STATUS LINE ARGUMENT...: the status and the last line of tap.sh
ends_with()
{
	local status=$1 line=$2 rc=0 out
	shift 2

	out=$("$tree/scripts/tap.sh" "$@") || rc=$?
	echo "$out"
	((rc == status)) && [[ ${out##*$'\n'} == "$line" ]]
}

# shows TEXT ARGUMENT...: whether tap.sh prints it
shows()
{
	local out

	out=$("$tree/scripts/tap.sh" "${@:2}") || true
	echo "$out"
	[[ $out == *"$1"* ]]
}

# Each waits for the other one.
side_by_side()
{
	ends_with 0 '2 passed, 0 failed' \
		a="echo 1..1; read -r _ <$tree/a; echo >$tree/b; echo ok 1" \
		--beside b="echo 1..1; echo >$tree/a; read -r _ <$tree/b; echo ok 1"
}

idle_is_idle()
{
	ends_with 0 '1 passed, 0 failed' --idle \
		a='echo 1..1; [[ $(chrt -p $$) == *SCHED_IDLE* ]] && echo ok 1'
}

# ends [--beside]: what a suite has started ends with tap.sh, although the suite waits for
# it in the background.
ends()
{
	local tap pid tries=0

	env --default-signal "$tree/scripts/tap.sh" "$@" \
		a="sh -c 'sleep 1000 & echo \$! >$tree/pid; wait'; true" >"$tree/out" &
	tap=$!
	read -r pid <"$tree/pid"
	kill -KILL "$tap"
	while kill -0 "$pid" 2>/dev/null; do
		((tries++ < 300)) || {
			kill "$pid"
			return 1
		}
		sleep 0.05
	done
}

# A test that fails, and what it prints has no end
endless()
{
	local out

	out=$(tap "no end" bash -c 'printf "something"; exit 1')
	echo "$out"
	[[ ${out##*$'\n'} == "not ok "* ]]
}

mkfifo "$tree"/{a,b,pid}
tap_plan 13
tap "what passes, fails and is skipped is counted" \
	ends_with 1 '2 passed, 1 failed, 1 skipped' a="$good" \
	b='echo 1..3; echo ok 1; echo not ok 2; echo "ok 3 # SKIP no"; exit 1'
tap "all lists are counted" ends_with 0 '3 passed, 0 failed' \
	a="$good" --beside b="$good" --idle c="$good"
tap "a suite without a test has failed" \
	ends_with 1 '1 passed, 1 failed' a="$good" --beside b=true
tap "a suite that keeps to no plan has failed" \
	ends_with 1 '1 passed, 1 failed' a='echo 1..2; echo ok 1'
tap "a suite whose status says so has failed" \
	ends_with 1 '2 passed, 1 failed' a="$good; exit 3" --idle b="$good"
# The parent of a suite is the process of its list.
tap "a list that is lost has failed" ends_with 1 '3 passed, 2 failed' \
	a="$good" --beside b="$good" c="$good; kill -KILL \$PPID" d="$good"
tap "a failure is named, with its suite" shows 'FAILED: b: not ok 1 - that' \
	a="$good" --beside b='echo 1..1; echo not ok 1 - that; exit 1'
tap "a list is shown after the first one" shows $'ok 1 - good\n== b: 1 passed' \
	a="$good" --beside b="$good"
tap "what a suite has started ends with tap.sh" ends
tap "also in another list" ends --beside
tap "two lists run at the same time" side_by_side
tap "the list for idle processors is one" idle_is_idle
tap "a failure is one, whatever its test has printed" endless
tap_done
