#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The inside of shell.sh, as process 1 of its namespaces: bring the bed up, run
# what was asked for, take it down. Exiting here ends everything.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
. "$(dirname "$0")/mounts.sh"
. "$(dirname "$0")/bed.sh"
. "$(dirname "$0")/state.sh"

trap 'exit 130' INT
trap 'exit 143' TERM HUP

enter_tree "$BED_TOOLS" "$TOP"
bed_wires
rc=0
if [[ $BED_SCRIPT ]]; then
	. "$BED_SCRIPT"
	exit
fi

bed_up
bed_versions
if (($#)); then
	bed_l1 "$*" || rc=$?
elif [[ -t 0 ]]; then
	say "You are root in L1; the source tree is /cdna, Ctrl-D shuts L1 down."
	say "A virtual machine with a context: /cdna/testbed/guest/up.sh"
	bed_l1_terminal || rc=$?
else
	bed_l1 || rc=$?
fi
bed_down || exit
exit "$rc"
