# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A machine ends without a word, under traffic, while the other one's stream
# goes on; nothing of it stays on the host.

death_destroy_case()
{
	vm_case 60 "virsh destroy of vm2 under traffic: vm1's streams go on" \
		death_under_traffic "guest_kill vm2"
}

death_kill_case()
{
	vm_case 60 "SIGKILL of vm2's QEMU under traffic: vm1's streams go on" \
		death_under_traffic 'kill -KILL $(cat /run/libvirt/qemu/vm2.pid)'
}

# death_under_traffic COMMAND-IN-L1...
death_under_traffic()
{
	local n

	guest vm1 TO="$(ip4 0 1)" PORT="$VM_PORT" <<-'END'
		flow_start up stream send "$TO" "$PORT" 500000
		flow_start down stream recv "$TO" "$PORT" 500000
		flow_moves up 20
		flow_moves down 20
	END
	trap 'death_end_flows' EXIT
	# One stream of vm2 is to vm1: that one loses its other end.
	guest vm2 TO="$(ip4 0 1)" VM1="$(ip4 0 11)" PORT="$VM_PORT" <<-'END'
		flow_start up stream send "$TO" "$PORT" 500000
		flow_start down stream recv "$TO" "$PORT" 500000
		flow_start vm1 stream send "$VM1" "$PORT" 500000
		for flow in up down vm1; do
			flow_moves "$flow" 30
		done
	END
	l1 "(($(context 2 statistics/pins_now) > 0))
		$*
		guest_until_off vm2 20"
	guest vm1 <<-'END'
		for flow in up down; do
			flow_moves "$flow" 20
			flow_stop "$flow"
		done
	END
	for n in 2 3; do
		until_true 10 context_is_idle "$n"
	done
}

death_end_flows()
{
	guest vm1 <<-'END'
		flow_end up
		flow_end down
	END
}
