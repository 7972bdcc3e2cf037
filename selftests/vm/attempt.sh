#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# attempt.sh: the tests in virtual machines, and again if the emulation lost one of
# them; see bed_attempts of testbed/lost.sh.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
tied "$@"
. "$TOP/testbed/lost.sh"

log=$BUILD/vm/attempt.log
# Subjects that have passed do not run again.
export VM_PASSED=$BUILD/vm/passed
rm -f "$VM_PASSED"

# The tests, into $log. Return: their status
attempt()
{
	"$TOP/testbed/shell.sh" --nics 2 --mtu 9000 \
		--script "$TOP/selftests/vm/run.sh" >"$log" 2>&1
}

say "testing in virtual machines, about 28 minutes; log: ${log#"$PWD/"}"
rc=0
bed_attempts attempt "$log" || rc=$?
cat "$log"
exit "$rc"
