#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tidy.sh FLAGS FILE...: clang-tidy, silent unless it finds something.

set -euo pipefail
read -r -a flags <<<"$1"
shift
out=$(clang-tidy --quiet --warnings-as-errors='*' "$@" -- "${flags[@]}" 2>&1) || {
	printf '%s\n' "$out"
	exit 1
}
