#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make trace: one ping, once more if the emulation lost a machine.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
. "$TOP/testbed/lost.sh"

ping_traced()
{
	"$TOP/testbed/shell.sh" --nicd "$TOP/testbed/trace/nicd" \
		--script "$TOP/testbed/trace/trace.sh"
}

rc=0
ping_traced || rc=$?
if ((rc)) && how=$(bed_lost "$rc"); then
	say "lost under emulation: $how; once more"
	rc=0
	ping_traced || rc=$?
fi
exit "$rc"
