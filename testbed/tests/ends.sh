#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Does what a script has started end with it, by whichever signal that ends: what
# runs under progress() of scripts/lib.sh, and scripts that are tied()? Prints TAP;
# needs no bed.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
. "$TOP/testbed/tests/tap.sh"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# A script whose step has a process of its own, which has one in turn.
cat >"$dir/script" <<END
set -euo pipefail
. "$TOP/scripts/lib.sh"
step() { bash -c 'sleep 1000 & echo \$! >"$dir/pid.new"
		mv "$dir/pid.new" "$dir/pid"; wait'; }
progress "a step" "$dir/log" step
END

# A script that only waits for another, which is tied to it.
cat >"$dir/tied" <<END
#!/bin/bash
set -euo pipefail
. "$TOP/scripts/lib.sh"
tied "\$@"
[[ \$1 == 'an argument' ]]
echo \$\$ >"$dir/pid.new"
mv "$dir/pid.new" "$dir/pid"
while :; do sleep 0.05; done
END
chmod +x "$dir/tied"
echo "\"$dir/tied\" 'an argument'; exit" >"$dir/waiting"

# ends SIGNAL [SCRIPT]: the script, by that signal; wait for the end of the
# innermost process.
ends()
{
	local script tries=0

	rm -f "$dir/pid"
	# What runs this may ignore signals (nohup does), which is inherited.
	env --default-signal bash "$dir/${2:-script}" 2>/dev/null &
	script=$!
	until [[ -e $dir/pid ]]; do
		kill -0 "$script" || return
		sleep 0.05
	done
	kill "-$1" "$script"
	wait "$script" || true
	while kill -0 "$(<"$dir/pid")" 2>/dev/null; do
		((tries++ < 300)) || {
			kill "$(<"$dir/pid")"
			return 1
		}
		sleep 0.05
	done
}

status_stays()
{
	local rc=0

	(progress "a failure" "$dir/log" bash -c 'exit 7') 2>/dev/null || rc=$?
	((rc == 7))
}

tap_plan 5
for signal in TERM HUP KILL; do
	tap "what a script has started ends with it, by SIG$signal" ends "$signal"
done
tap "a script that is tied ends with what started it" ends KILL waiting
tap "the status of a step is passed on" status_stays
tap_done
