# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# enter_tree TREE TOP: fill in what a root tree lacks: devices, processes,
# scratch space, and our source tree TOP at /cdna. Only for use inside the
# mount namespace of isolate.sh, whose end undoes all of it.
enter_tree()
{
	local tree=$1 top=$2

	mount -t proc proc /proc 2>/dev/null || true
	mount --rbind /dev "$tree/dev"
	mount --rbind /proc "$tree/proc"
	mount --rbind "$top" "$tree/cdna"
	mount -t tmpfs tmpfs "$tree/tmp"
	mount -t tmpfs tmpfs "$tree/run"
}
