# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# TAP for shell tests, on this machine and in L1.
#
#   tap_plan N            say how many tests follow; tap_done fails if others did
#   tap NAME COMMAND...   one test: ok if COMMAND succeeds; what it prints is
#                         shown as comments if it does not; it may be a
#                         function, and runs in this very shell

tap_n=0
tap_failed=0
tap_planned=0
tap_out=$(mktemp)

tap_plan()
{
	tap_planned=$1
	echo "1..$1"
}

tap()
{
	local name=$1 rc=0
	shift

	tap_n=$((tap_n + 1))
	"$@" >"$tap_out" 2>&1 || rc=$?
	if ((rc == 0)); then
		echo "ok $tap_n - $name"
	else
		# Also if the last line has no end
		sed -e 's/^/# /' -e "\$a\\" "$tap_out"
		echo "not ok $tap_n - $name"
		tap_failed=$((tap_failed + 1))
	fi
}

# Status of the whole test, which keeps to its plan.
tap_done()
{
	((tap_n == tap_planned)) ||
		echo "# $0: $tap_n results, planned with tap_plan: $tap_planned" >&2
	((tap_failed == 0 && tap_n == tap_planned))
}
