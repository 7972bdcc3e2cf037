#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests (TAP) of the call-out of mdevctl, in Debian 13's.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
tied "$@"

exec "$TOP/testbed/fleet/enter.sh" /cdna/testbed/fleet/callouts.sh
