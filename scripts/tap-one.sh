#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tap-one.sh NAME CMD...: run CMD as a suite of one test, its output as
# comments.

set -euo pipefail
name=$1
shift
echo "1..1"
if out=$("$@" 2>&1 </dev/null); then
	verdict=ok
else
	verdict="not ok"
fi
[[ -z $out ]] || printf '# %s\n' "${out//$'\n'/$'\n# '}"
echo "$verdict 1 - $name"
[[ $verdict == ok ]]
