# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The end: nobody complained, and nothing is left.

FINISH_GUEST_BUGS='page_pool|stalled pool|transmit queue [0-9]+ does not move'
FINISH_GUEST_BUGS+='|was stopped at descriptor|wrote an invalid index or completion'
FINISH_GUEST_BUGS+='|cdna_guest .*(cannot |restarting|without queues|no memory)'

finish_cases()
{
	vm_case 20 "no card of vm1 was stopped, no number of the NIC was wrong" \
		finish_counters
	vm_case 60 "machines shut down" finish_shutdown
	vm_case 20 "vm1's kernel reported no bug" finish_log vm1
	vm_case 20 "vm2's kernel reported no bug" finish_log vm2
	vm_case 30 "nothing is pinned, no context was stopped" finish_idle
	vm_case 30 "contexts go by virsh nodedev-destroy" finish_contexts
	vm_case 30 "the module unloads" finish_unload
	vm_case 10 "L1's kernel reported no bug" bed_log_clean
}

# How often fault.sh had a queue of vm1 stopped
finish_faulted()
{
	local n

	n=$(grep -sc '' "$VM_DIR/faulted" || true)
	echo "${n:-0}"
}

# Its driver counts from 0 if it was loaded again since.
finish_counters()
{
	guest vm1 MAC="${VM_MAC[1]}" FAULTED="$(finish_faulted)" <<-'END'
		ethtool -S "$(card "$MAC")" | grep -wE 'faults|timeouts' |
			tee /tmp/counters
		(($(wc -l </tmp/counters) == 2))
		! grep -v -e ': 0$' -e "faults: $FAULTED\$" /tmp/counters
	END
}

finish_shutdown()
{
	local vm

	for vm in vm1 vm2; do
		l1 "! guest_running $vm || guest_stop $vm"
	done
}

finish_log()
{
	local log=$BED_RUN/results/$1-console.log

	grep -q 'guest: ready' "$log"
	l1 "guest_log_clean $1"
	! grep -aE "$FINISH_GUEST_BUGS" "$log"
}

finish_idle()
{
	local n wanted

	wanted=$(finish_faulted)
	for n in 1 2 3; do
		context_is_idle "$n"
		[[ $(context "$n" statistics/faults) == "$wanted" ]]
		[[ $(context "$n" statistics/nic_out_of_bounds) == 0 ]]
		wanted=0
	done
}

finish_contexts()
{
	l1 "for uuid in ${VM_UUID[*]}; do
		guest_context_remove \$uuid
	done
	[[ ! \$(ls /sys/bus/mdev/devices) ]]"
}

finish_unload()
{
	l1 'rmmod cdna_mdev && [[ ! -d /sys/module/cdna_mdev ]]'
}
