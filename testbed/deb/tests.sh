#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of our packages (TAP): made twice, they are the same; a Debian 13 installs,
# upgrades and purges them; and a host that boots has contexts by them, which is
# testbed/tests/deb.sh in L1.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
tied "$@"

out=$BUILD/deb-tests
mkdir -p "$out"

reproducible()
{
	local package

	"$TOP/scripts/deb.sh" "$out/again"
	for package in "$BUILD"/deb/*.deb; do
		cmp "$package" "$out/again/${package##*/}"
	done
}

if [[ ${1:-} == --reproducible ]]; then
	reproducible
	exit
fi
tree=$("$TOP/testbed/deb/tree.sh")
tools=$("$TOP/testbed/tools.sh")
"$TOP/scripts/deb.sh" >&2
"$TOP/scripts/deb.sh" "$out/old" 0.9.0 >&2

rc=0
rm -rf "$out/again"
"$TOP/scripts/tap-one.sh" "the same sources make the same packages" \
	"$0" --reproducible || rc=1
"$TOP/testbed/isolate.sh" "$TOP/testbed/deb/enter.sh" "$tree" "$tools" "$TOP" \
	/cdna/testbed/deb/host.sh /cdna/build/deb-tests/old /cdna/build/deb \
	/cdna/build/deb-tests || rc=1
L1_KERNEL=stock "$TOP/testbed/tests/attempt.sh" deb || rc=1
exit "$rc"
