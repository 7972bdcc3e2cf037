#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests (TAP) of packaging/ against the projects that it is for, and of the call-out of
# mdevctl: Nova's and mdevctl's code in Debian 13, KubeVirt's API by npm packages.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
tied "$@"

fleet=$TOP/testbed/fleet
npm=$BUILD/fleet

# node of other packages than Debian's brings npm along.
command -v npm >/dev/null || "$TOP/scripts/setup.sh" npm
"$fleet/tree.sh" >/dev/null
if ! cmp -s "$fleet/package-lock.json" "$npm/installed"; then
	mkdir -p "$npm"
	cp "$fleet"/package*.json "$npm/"
	(cd "$npm" && progress "installing types of KubeVirt's API (about 60 MB)" \
		"$BUILD/fleet-npm.log" npm ci --ignore-scripts --no-audit --no-fund)
	cp "$fleet/package-lock.json" "$npm/installed"
fi

rc=0
"$fleet/enter.sh" /cdna/testbed/fleet/callouts.sh || rc=1
"$fleet/enter.sh" python3 /cdna/testbed/fleet/nova_test.py 2>"$BUILD/fleet-nova.log" || rc=1
node "$fleet/kubevirt_test.mjs" "$npm" || rc=1
exit "$rc"
