#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# call.sh FUNCTION [ARGUMENT]...: call a function of bed.sh or lost.sh, for programs that
# run beside L1 and are not shell scripts. The status is that of the function.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
. "$TOP/testbed/bed.sh"
. "$TOP/testbed/lost.sh"

"$@"
