# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script): the NIC's process is killed while a
# context is active. The host notices, the context's user is told, everything can
# be closed, and the module unloads (I10).

. "$TOP/testbed/tests/tap.sh"

module=/cdna/build/modules/stock/kernel/cdna_mdev/cdna_mdev.ko

load()
{
	bed_l1 "modprobe -a vfio_iommu_type1 \$(modinfo -F depends $module |
			tr , ' ') && insmod $module"
}

start_sending()
{
	bed_l1 '(/cdna/build/selftests/outlive_nic >/tmp/out 2>&1
			echo $? >/tmp/status) >/dev/null 2>&1 </dev/null &
		for i in $(seq 100); do
			grep -qs ready /tmp/out && break; sleep 0.1
		done; sleep 1; grep ready /tmp/out'
}

# The bed must not take the death for its own.
kill_nic()
{
	local pid=${bed_pids[0]}

	bed_pids=("${bed_pids[@]:1}")
	kill -KILL "$pid"
}

user_was_told()
{
	bed_l1 'for i in $(seq 300); do
			[ -e /tmp/status ] && break; sleep 0.1
		done; cat /tmp/out; exit $(cat /tmp/status)'
}

host_said_so()
{
	bed_l1 'dmesg | grep -i "cdna.*dead"'
}

tap_plan 7
bed_up
tap "the module loads" load
tap "a context sends" start_sending
tap "the NIC's process is killed" kill_nic
tap "the context's user is told, and closes it" user_was_told
tap "the host says that the NIC is dead" host_said_so
tap "the module unloads" bed_l1 "rmmod cdna_mdev"
tap "L1's kernel reported no bug" bed_log_clean
tap_done
