#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# trap.sh: what a trap costs a guest. Boots the test bed with a guest that
# measures it, prints a table, writes build/bench-trap.json, and fails if a
# figure is above its limit.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
tied "$@"

# Times a bare exit: one descriptor by the doorbell page; each further one.
LIMIT_ONE=1.6
LIMIT_NEXT=0.04

dir=$BUILD/bench-trap
log=$dir/log
mkdir -p "$dir"
l1=$("$TOP/testbed/l1.sh")
cp "$l1/vmlinuz" "$dir/vmlinuz"
progress "measuring in a guest of L1" "$log" \
	"$TOP/testbed/shell.sh" /cdna/bench/trap/l1.sh

awk -v limit_one="$LIMIT_ONE" -v limit_next="$LIMIT_NEXT" \
	-v json="$BUILD/bench-trap.json" -f "$TOP/bench/trap.awk" "$log"
