#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# isolate.sh CMD...: run CMD as process 1 of its own process, mount and network
# namespaces, also in a user namespace when not root. The death of this script,
# by any signal, kills CMD, and the death of CMD kills all that it started;
# mounts, interfaces and processes then vanish without anyone cleaning up.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"

user=()
if ! is_root; then
	user=(--user --map-root-user)
	unshare "${user[@]}" true 2>/dev/null || {
		say "this kernel lets only root make namespaces; run as root, or allow it:"
		for knob in kernel.unprivileged_userns_clone=1 \
			kernel.apparmor_restrict_unprivileged_userns=0 \
			user.max_user_namespaces=10000; do
			path=/proc/sys/$(tr . / <<<"${knob%=*}")
			[[ ! -e $path ]] || say "    sudo sysctl $knob"
		done
		exit 1
	}
fi

exec setpriv --pdeathsig KILL unshare "${user[@]}" --mount --pid --net \
	--fork --kill-child --propagation private "$@"
