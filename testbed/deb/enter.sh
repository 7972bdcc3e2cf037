#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# enter.sh TREE TOOLS TOP CMD...: run CMD as root of a Debian that is TREE over TOOLS,
# with our source tree TOP at /cdna. What it changes is gone when it ends. Inside the
# namespaces of isolate.sh.

set -euo pipefail
tree=$1 tools=$2 top=$3
shift 3
. "$top/testbed/mounts.sh"

mount -t tmpfs tmpfs /mnt
mkdir /mnt/{upper,work,root}
mount -t overlay -o "lowerdir=$tree:$tools,upperdir=/mnt/upper,workdir=/mnt/work" \
	overlay /mnt/root
enter_tree /mnt/root "$top"
exec chroot /mnt/root /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/root \
	LC_ALL=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive "$@"
