#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# enter.sh CMD...: run CMD in the tree of tree.sh, with this source tree at /cdna, without
# a network. What it writes to /tmp and /run is gone when it ends.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"

tree=$("$TOP/testbed/fleet/tree.sh")
exec "$TOP/testbed/isolate.sh" "$TOP/testbed/enter.sh" "$tree" "$TOP" \
	HOME=/tmp PYTHONDONTWRITEBYTECODE=1 "$@"
