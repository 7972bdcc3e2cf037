#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Remove what was downloaded and made, unless it is being made now. Inputs that
# the fuzzers found stay: those took hours.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

[[ -d $CACHE ]] || exit 0
exec 9>"$CACHE/lock"
flock -n 9 || die "another run is filling $CACHE; try again later"
rm -rf "$CACHE"/{tools,l1,deb,fleet}-* "$CACHE"/{cmocka*,tidy,ccache}
