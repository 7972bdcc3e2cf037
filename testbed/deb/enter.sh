#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# enter.sh TREE TOOLS TOP CMD...: run CMD as root of a Debian that is TREE over TOOLS,
# with our source tree TOP at /cdna. What it changes is gone when it ends. Inside the
# namespaces of isolate.sh.

set -euo pipefail
tree=$1 tools=$2 top=$3
shift 3

mount -t tmpfs tmpfs /mnt
mkdir /mnt/{upper,work,root}
mount -t overlay -o "lowerdir=$tree:$tools,upperdir=/mnt/upper,workdir=/mnt/work" \
	overlay /mnt/root
exec "$top/testbed/enter.sh" /mnt/root "$top" \
	HOME=/root TERM=dumb DEBIAN_FRONTEND=noninteractive "$@"
