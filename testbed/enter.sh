#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# enter.sh TREE TOP [NAME=VALUE]... CMD...: run CMD in TREE, with our source tree TOP at
# /cdna and no other environment. Inside the namespaces of isolate.sh.

set -euo pipefail
tree=$1 top=$2
shift 2
. "$top/testbed/mounts.sh"

enter_tree "$tree" "$top"
exec chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin LC_ALL=C.UTF-8 "$@"
