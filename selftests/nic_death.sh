# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --script): the NIC's process is killed while a
# context is active, once when nothing moves and once when the wire is full of
# frames for it. The host notices, the context's user is notified, everything can be
# closed, and the module unloads (I10).

. "$TOP/testbed/tests/tap.sh"

module=/cdna/build/modules/l1/kernel/cdna_mdev/cdna_mdev.ko

load()
{
	bed_l1 "modprobe -a vfio_iommu_type1 \$(modinfo -F depends $module |
			tr , ' ') && insmod $module"
}

# start [receiving]
start()
{
	bed_l1 "(/cdna/build/selftests/outlive_nic $* >/tmp/out 2>&1"'
			echo $? >/tmp/status) >/dev/null 2>&1 </dev/null &
		for i in $(seq 100); do
			grep -qs ready /tmp/out && break; sleep 0.1
		done; sleep 1; sed -n "s/^ready //p" /tmp/out' >"$BED_RUN/mac"
	grep -q : "$BED_RUN/mac"
}

# flood N: N frames from the wire for the context. Nobody in L1 stores to the NIC
# meanwhile.
flood()
{
	local i

	for ((i = 0; i < $1; i++)); do
		echo "a frame" >/dev/udp/198.18.0.200/9
	done 2>/dev/null
}

# The NIC dies between two frames. All of them are fewer than the context has
# buffers for.
flood_and_kill()
{
	bed_tool ip neigh replace 198.18.0.200 lladdr "$(<"$BED_RUN/mac")" \
		dev wire0 nud permanent
	flood 200
	bed_l1 'for i in $(seq 300); do
			grep -qs "frames received" /tmp/out && break; sleep 0.02
		done; grep "frames received" /tmp/out' || return
	flood 1000
	kill_nic || return
	flood 100 || true
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

# What is the same both times
outlive()
{
	tap "the context's user is notified, and closes it" user_was_told
	tap "the host says that the NIC is dead" host_said_so
	tap "the module unloads" bed_l1 "rmmod cdna_mdev"
	tap "L1's kernel reported no bug" bed_log_clean
}

tap_plan 14
bed_up
tap "the module loads" load
tap "a context sends" start
tap "the NIC's process is killed" kill_nic
outlive

# The machine does not outlive its NIC's process for long, and can no longer power
# off: the next boot is of a new one.
end_bed()
{
	local pid

	for pid in "${bed_pids[@]}"; do
		kill -KILL "$pid"
		wait "$pid" 2>/dev/null || true
	done
}

end_bed
bed_up
tap "the module loads again" load
tap "a context waits for frames" start receiving
tap "the NIC's process is killed while it receives" flood_and_kill
outlive
tap_done
