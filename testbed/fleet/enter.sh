#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# enter.sh CMD...: run CMD in the tree of tree.sh, with this source tree at /cdna, without
# a network. What it writes to the tree is gone when it ends.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"

tree=$("$TOP/testbed/fleet/tree.sh")
# shellcheck disable=SC2016 # expanded inside
exec "$TOP/testbed/isolate.sh" bash -c '
	set -euo pipefail
	. "$1/testbed/mounts.sh"
	enter_tree "$2" "$1"
	tree=$2
	shift 2
	exec chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/tmp \
		LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 "$@"
' enter "$TOP" "$tree" "$@"
