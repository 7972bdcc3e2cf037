#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# shellcheck disable=SC2016 # sed's dollar
#
# run.sh DIR LABEL PROGRAM...: run cmocka programs, as many at a time as there
# are processors, and print their TAP one after the other. Logs stay in DIR.
# RUNNER is put before each program. Status: 0 if all passed.

set -euo pipefail

export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

if [[ $1 == --one ]]; then
	log=$2/${3##*/} rc=0
	# shellcheck disable=SC2086 # the words of a command
	timeout 300 ${RUNNER:-} "$3" >"$log.tap" 2>&1 || rc=$?
	echo "$rc" >"$log.status"
	exit
fi

logs=$1 label=$2
shift 2
mkdir -p "$logs"
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" "$0" --one "$logs"

failed=0
for program in "$@"; do
	name=${program##*/}
	rc=$(<"$logs/$name.status")
	echo "# $label: $name"
	# A test's name says where it is from, and on which machine it ran.
	# What a failed test leaves behind does not matter: no leak report then.
	leaks=/^$/d
	! grep -q '^not ok' "$logs/$name.tap" || leaks='/^={20}/,$d'
	sed -E "$leaks; s|^((not )?ok [0-9]+ - )|\1$label $name: |" \
		"$logs/$name.tap"
	((rc == 0)) && continue
	failed=1
	grep -q '^not ok' "$logs/$name.tap" ||
		echo "Bail out! $label $name ended with status $rc"
done
exit "$failed"
