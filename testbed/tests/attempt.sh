#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# attempt.sh NAME: testbed/tests/NAME.sh beside L1, and again if the emulation lost
# a machine; see bed_attempts of testbed/lost.sh.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
tied "$@"
. "$TOP/testbed/lost.sh"

script=$TOP/testbed/tests/$1.sh
log=$BUILD/$1-attempt.log

# The tests, into $log. Return: their status
attempt()
{
	"$TOP/testbed/shell.sh" --script "$script" >"$log" 2>&1
}

rc=0
bed_attempts attempt "$log" || rc=$?
cat "$log"
exit "$rc"
