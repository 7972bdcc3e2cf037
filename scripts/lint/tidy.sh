#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tidy.sh FLAGS FILE: clang-tidy, silent unless it finds something. A file that
# was found clean is not looked at again until it, a header of it, the checks or
# clang-tidy itself changes: the analyzer takes seconds for each.

set -euo pipefail
. "$(dirname "$0")/../lib.sh"

read -r -a flags <<<"$1"
file=$2
checks=
# It does not know that cmocka's assertions end a test, so it follows the paths
# behind failed ones; the sanitizers watch the tests instead.
[[ $file != */tests/* ]] || checks='-clang-analyzer-*'

key=$({
	clang-tidy --version
	cat .clang-tidy "$0"
	echo "$file"
	# With line numbers, so that what is reported is where it says.
	clang -E "${flags[@]}" "$file" 2>&1 || true
} | key_of)
clean=$CACHE/tidy/$key
[[ ! -e $clean ]] || exit 0

out=$(clang-tidy --quiet --warnings-as-errors='*' --checks="$checks" "$file" \
	-- "${flags[@]}" 2>&1) || {
	printf '%s\n' "$out"
	exit 1
}
mkdir -p "$CACHE/tidy"
touch "$clean"
