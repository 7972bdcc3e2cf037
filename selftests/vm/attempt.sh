#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# attempt.sh: the tests in virtual machines, and once more if the emulation lost
# one of them, which is no result of any case. It is told, the output of the
# lost attempt is shown as comments, and a second attempt counts whatever comes.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
. "$TOP/testbed/lost.sh"

log=$BUILD/vm/attempt.log

# The tests, into $log. Return: their status
attempt()
{
	"$TOP/testbed/shell.sh" --nics 2 --mtu 9000 --memory 3072 \
		--script "$TOP/selftests/vm/run.sh" >"$log" 2>&1
}

say "testing in virtual machines, about 9 minutes; log: ${log#"$PWD/"}"
rc=0
attempt || rc=$?
if ((rc)) && how=$(bed_lost "$rc" "$log"); then
	say "lost under emulation: $how; once more"
	sed 's/^/# lost attempt: /' "$log"
	rc=0
	attempt || rc=$?
fi
cat "$log"
exit "$rc"
