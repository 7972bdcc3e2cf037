#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Print the Debian mirror to download from: MIRROR= if set, otherwise the one
# that this machine's apt uses for its own release.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

if [[ -n ${MIRROR:-} ]]; then
	printf '%s\n' "${MIRROR%/}"
	exit
fi

hint="set it by hand, for example: make MIRROR=http://HOST/debian"
command -v apt-get >/dev/null ||
	die "no apt here, so no Debian mirror is known; $hint"

# apt itself reads both of its source formats, and prints each index that it
# would fetch as 'URI/dists/SUITE/COMPONENT/...'. Suites with a dash are
# security, updates and backports; other vendors rarely call a component main.
uris=$(apt-get --print-uris update 2>/dev/null |
	sed -nE "s|^'(.*)/dists/[^/-]+/main/.*|\1|p" | uniq)
uri=$(grep -m 1 -E '/debian(\.list)?$' <<<"$uris" || head -n 1 <<<"$uris")
[[ -n $uri ]] || die "apt's configuration names no Debian mirror; $hint"

# Cloud images hide the mirror behind a list in a file.
if [[ $uri == mirror+file:* ]]; then
	list=${uri#mirror+file:}
	uri=$(awk '/^[^#]/ { print $1; exit }' "$list" 2>/dev/null || true)
	[[ -n $uri ]] || die "the mirror list $list is empty; $hint"
fi
printf '%s\n' "${uri%/}"
