#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh demo|migrate: build what it takes, then show it, for make demo and make
# demo-migrate; see Documentation/testbed.rst.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
tied "$@"
. "$TOP/testbed/lost.sh"

[[ ${DEMO_SECONDS:-5} =~ ^[1-9][0-9]{0,4}$ ]] ||
	die "DEMO_SECONDS is a number of seconds, not '$DEMO_SECONDS'"
# For the report: all of it counts.
export DEMO_STARTED=$EPOCHSECONDS
logs=$BUILD/demo
mkdir -p "$logs"
script=$TOP/testbed/demo/$1.sh
report=$BUILD/$1.json
rm -f "$report"
"$TOP/testbed/l1.sh" >/dev/null
progress "building the NIC's firmware" "$logs/firmware.log" \
	make -C "$TOP" firmware
progress "building the host's and the guests' modules" "$logs/modules.log" \
	"$TOP/scripts/modules.sh" l1

# What happens to machines that stay up after the report is their user's doing.
demo()
{
	local rc=0

	"$TOP/testbed/shell.sh" \
		--script "$script" || rc=$?
	[[ ! -e $report ]] || exit "$rc"
	return "$rc"
}

bed_attempts demo
