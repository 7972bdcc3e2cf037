#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# attempt.sh: the tests in virtual machines, and once more if the emulation lost
# one of them. Where L1's processors are emulated, it happens that a guest hangs
# in its firmware, or that a guest or L1 itself is reset without a word, with
# our driver or before there is any. That is no result of any case. It is told,
# the output of the lost attempt is shown as comments, and a second attempt
# counts whatever comes. What a kernel complained about before is a result.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"

log=$BUILD/vm/attempt.log
complaints='Kernel panic|Oops|BUG:|WARNING:|UBSAN:|KASAN:|Call Trace'

# The tests, into $log. Return: their status
attempt()
{
	"$TOP/testbed/shell.sh" --nics 2 --mtu 9000 --memory 3072 \
		--script "$TOP/selftests/vm/run.sh" >"$log" 2>&1
}

# lost STATUS: print how the emulation lost a machine. Return: whether it did
lost()
{
	local run resets asked

	run=$(find "$BUILD/testbed" -maxdepth 1 -name 'run.*' -printf '%T@ %p\n' |
		sort -n | tail -n 1 | cut -d' ' -f2-)
	! grep -qsaE "$complaints" "$run"/console-*.log \
		"$run"/results/*-console.log || return 1
	resets=$(grep -sc 'event RESET .*"guest":true' "$run/results/events.log" ||
		true)
	asked=$(grep -sc '' "$run/vm/asked" || true)
	if (($1 == 125)); then
		echo "L1 ended by itself"
	elif ((${resets:-0} > ${asked:-0})); then
		echo "a guest was reset without a word"
	elif (($(grep -c 'was not up within' "$log") > 1)); then
		echo "a guest did not boot, twice"
	else
		return 1
	fi
}

say "testing in virtual machines, about 9 minutes; log: ${log#"$PWD/"}"
rc=0
attempt || rc=$?
if ((rc)) && grep -q 'accelerator: tcg' "$log" && how=$(lost "$rc"); then
	say "lost under emulation: $how; once more"
	sed 's/^/# lost attempt: /' "$log"
	rc=0
	attempt || rc=$?
fi
cat "$log"
exit "$rc"
