#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# in-tools.sh CMD...: run CMD inside the tools tree, with this source tree at
# /cdna. Everything happens in namespaces of its own, so that mounts and
# processes are gone when it ends, however it ends. Root is not needed.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"

tree=$("$TOP/testbed/tools.sh")
mkdir -p "$BUILD"
exec "$TOP/testbed/isolate.sh" "$TOP/testbed/enter.sh" "$tree" "$TOP" \
	HOME=/root TERM="${TERM:-dumb}" "$@"
