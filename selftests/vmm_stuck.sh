# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script): two threads of a process have deadlocked in
# the IOMMU layer, unkillably, with contexts of the NIC (Documentation/upstream.rst).
# Nobody else waits for them.

. "$TOP/testbed/tests/tap.sh"

module=/cdna/build/modules/stock/kernel/cdna_mdev/cdna_mdev.ko
devices=/sys/bus/mdev/devices
stuck=cdaa0000-0000-4000-8000-0000000000d0

load()
{
	bed_l1 "modprobe -a vfio_iommu_type1 \$(modinfo -F depends $module |
			tr , ' ') && insmod $module"
}

get_stuck()
{
	bed_l1 '(/cdna/build/selftests/stuck_vmm >/tmp/out 2>&1) \
			>/dev/null 2>&1 </dev/null &
		for i in $(seq 260); do
			grep -q stuck /tmp/out && break; sleep 1
		done; cat /tmp/out; grep -q "^stuck" /tmp/out'
}

# A status of 124 would be that of timeout.
revoke()
{
	bed_l1 "timeout 20 sh -c 'echo revoked >$devices/$stuck/state'
		[ \$? = 1 ] && [ \$(cat $devices/$stuck/state) = revoked ]"
}

devlink_revokes()
{
	bed_l1 "nic=\$(basename \$(dirname \$(readlink -f $devices/$stuck)))
		port=pci/\$nic/\$(cat $devices/$stuck/context)
		timeout 20 devlink port function set \$port state inactive
		[ \$? != 124 ] && timeout 20 devlink port show \$port"
}

others_go_on()
{
	bed_l1 "timeout 60 /cdna/build/selftests/test_traffic \
			-t peer_answers_arp"
}

tap_plan 6
bed_up
tap "the module loads" load
tap "a process is stuck" get_stuck
tap "its context is revoked" revoke
tap "devlink answers" devlink_revokes
tap "a context comes, works and goes" others_go_on
tap "and again" others_go_on

# Its processes do not end, so neither does the machine.
for pid in "${bed_pids[@]}"; do
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null || true
done
tap_done
