#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The NIC's driver is unbound and bound, and its module unloaded and loaded, again
# and again, with contexts that have just been in use. Nothing is left, and the
# last time is like the first. Runs in L1, as root.
#
# CDNA_MODULE is the module's file if it is not installed, OUTPUT where the tests
# are if they are not beside this script.

set -uo pipefail

bin=${OUTPUT:-$(dirname "$(realpath "$0")")}
driver=/sys/bus/pci/drivers/cdna_mdev
times=10
contexts=3
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

load()
{
	if [[ ${CDNA_MODULE:-} ]]; then
		insmod "$CDNA_MODULE"
	else
		modprobe cdna_mdev
	fi
}

uuid() { printf 'cdaa0000-0000-4000-8000-%012x' "$((0xb0 + $1))"; }

types()
{
	local dir
	for dir in "$driver"/*:*/mdev_supported_types/cdna_mdev-context; do
		echo "$dir"
		return
	done
}

free() { cat "$(types)/available_instances"; }
devices() { ls /sys/bus/mdev/devices; }

# Contexts, one of which has sent and received; they stay.
use()
{
	local i

	"$bin/test_traffic" -t peer_answers_arp >/dev/null || return
	for ((i = 0; i < contexts; i++)); do
		uuid "$i" >"$(types)/create" || return
	done
	(($(free) == all - contexts))
}

gone() { [[ -z $(devices) ]] && ! grep -q "cdna-.*@pci:$nic" /proc/interrupts; }

rebind()
{
	local i

	for ((i = 0; i < times; i++)); do
		use || return
		echo "$nic" >"$driver/unbind" || return
		gone || return
		echo "$nic" >"$driver/bind" || return
		(($(free) == all)) || return
	done
}

reload()
{
	local i

	for ((i = 0; i < times; i++)); do
		use || return
		rmmod cdna_mdev || return
		gone || return
		[[ ! -e /sys/module/cdna_mdev ]] || return
		load || return
		(($(free) == all)) || return
	done
}

# Were it not refused, the devices would sleep for some seconds and the host would not.
host_stays_awake()
{
	local test=/sys/power/pm_test rc

	[[ -e $test ]] && echo devices >$test || return
	use || return
	! echo freeze 2>/dev/null >/sys/power/state && dmesg | grep -q 'unbind it from the driver before'
	rc=$?
	echo none >$test
	((rc == 0 && $(free) == all - contexts)) || return
	"$bin/test_traffic" -t echo_of_every_size >/dev/null || return
	echo "$nic" >"$driver/unbind" && gone && echo "$nic" >"$driver/bind"
}

# Bytes of slab memory that cannot be reclaimed; settles some time after the last
# thing was freed.
slab() { sync; sleep 1; awk '/^SUnreclaim/ { print $2 * 1024 }' /proc/meminfo; }

log_clean()
{
	! dmesg |
		grep -E 'WARNING:|BUG:|Oops|Call Trace|general protection|rcu:.*stall'
}

echo "TAP version 13"
echo "1..6"
[[ -d /sys/module/cdna_mdev ]] || load
nic=$(basename "$(dirname "$(dirname "$(types)")")")
all=$(free)
# Caches are warm after the first time.
use && echo "$nic" >"$driver/unbind" && echo "$nic" >"$driver/bind"
before=$(slab)
rebind
report "unbound and bound $times times, $contexts contexts each time" $?
reload
report "unloaded and loaded $times times, $contexts contexts each time" $?
"$bin/test_traffic" -t echo_of_every_size >/dev/null
report "traffic flows after that" $?
after=$(slab)
echo "# unreclaimable slab: $before bytes before, $after after"
((after < before + (2 << 20)))
report "no memory is left behind" $?
if [[ -e /sys/power/state ]]; then
	host_stays_awake
	report "the host is not suspended" $?
else
	report "the host is not suspended # SKIP this kernel suspends nothing" 0
fi
log_clean
report "the kernel's log is clean" $?
exit "$failed"
