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
# shellcheck disable=SC2016 # expanded inside
exec "$TOP/testbed/isolate.sh" bash -c '
	set -euo pipefail
	. "$1/testbed/mounts.sh"
	enter_tree "$2" "$1"
	tree=$2
	shift 2
	exec chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/root \
		LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" "$@"
' in-tools "$TOP" "$tree" "$@"
