#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# make trace: one ping.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
tied "$@"
. "$TOP/testbed/lost.sh"

ping_traced()
{
	"$TOP/testbed/shell.sh" --nicd "$TOP/testbed/trace/nicd" \
		--script "$TOP/testbed/trace/trace.sh"
}

bed_attempts ping_traced
