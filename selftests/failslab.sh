#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Test programs run while some of their allocations in the kernel fail, which the
# kernel does on request if it has CONFIG_FAILSLAB. Most of their tests fail then, and
# that is not looked at: what is tested is that each error path returns what it took.
# Afterwards all devices can be removed, and the same test passes without failures.
# Runs in L1, as root, from run.sh, which looks at the log and for leaks.

set -uo pipefail

bin=${OUTPUT:-$(dirname "$(realpath "$0")")}
failslab=/sys/kernel/debug/failslab
programs=(test_traffic test_memory test_reset test_unmap test_doorbell
	test_interrupts test_container)
rounds=${FAILSLAB_ROUNDS:-5}
n=0
failed=0

report()
{
	n=$((n + 1))
	if (($2)); then
		echo "not ok $n $1"
		failed=1
	else
		echo "ok $n $1"
	fi
}

# Of the allocations of marked tasks, one in a hundred
set_up()
{
	echo 1 >$failslab/probability &&
		echo -1 >$failslab/times &&
		echo 0 >$failslab/verbose &&
		echo Y >$failslab/task-filter &&
		echo N >$failslab/ignore-gfp-wait
}

fail_in()
{
	(
		echo 1 >/proc/self/make-it-fail
		exec timeout 120 "$bin/$1"
	) >/dev/null 2>&1
}

remove_devices()
{
	local device

	for device in /sys/bus/mdev/devices/*; do
		[[ -e $device ]] || continue
		echo 1 >"$device/remove" || return
	done
	[[ -z $(ls /sys/bus/mdev/devices) ]]
}

echo "TAP version 13"
if [[ ! -d $failslab ]]; then
	echo "1..0 # SKIP this kernel has no CONFIG_FAILSLAB"
	exit
fi
echo "1..$((2 + ${#programs[@]}))"
set_up
report "some allocations are to fail" $?
for program in "${programs[@]}"; do
	for ((round = 0; round < rounds; round++)); do
		fail_in "$program"
	done
	remove_devices
	report "$program leaves no device that cannot be removed" $?
done
echo 0 >$failslab/probability
"$bin/test_traffic" >/dev/null
report "traffic passes when allocations succeed again" $?
exit "$failed"
