# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A second card, of the other NIC, is plugged into vm1 and out while the first
# one has traffic. vm2, whose card it otherwise is, does not run.

plug_cases()
{
	vm_case 60 "a card is plugged in, under traffic, and works" plug_in
	vm_case 60 "it is plugged out, under traffic of its own" plug_out
	vm_case 90 "the same once more" plug_again
	vm_case 20 "the first card's stream has not noticed" plug_other_stream
}

plug_in()
{
	guest vm1 TO="$(ip4 0 1)" PORT="$VM_PORT" <<-'END'
		[[ -e /tmp/flow.first.pid ]] ||
			flow_start first stream send "$TO" "$PORT" 500000
		flow_moves first 20
	END
	l1 "echo none >\$(guest_sysfs ${VM_UUID[3]})/vlan
		guest_plug vm1 ${VM_UUID[3]}"
	guest vm1 MAC="${VM_MAC[3]}" V4="$(ip4 1 1)" V6="$(ip6 1 1)" \
		PORT="$VM_PORT" <<-'END'
		net_up "$MAC" 1 11
		for to in "$V4" "$V6"; do
			stream send "$to" "$PORT" 1000000
			stream recv "$to" "$PORT" 1000000
		done
		flow_moves first 20
	END
}

plug_out()
{
	guest vm1 TO="$(ip4 1 1)" PORT="$VM_PORT" <<-'END'
		flow_start second stream send "$TO" "$PORT" 500000
		flow_start third stream recv "$TO" "$PORT" 500000
		flow_moves second 20
		flow_moves third 20
	END
	l1 "guest_unplug vm1 ${VM_UUID[3]}"
	guest vm1 MAC="${VM_MAC[3]}" <<-'END'
		gone() { ! card "$MAC"; }
		until_true 20 gone
		flow_end second
		flow_end third
		flow_moves first 20
	END
	until_true 10 context_is_idle 3
}

plug_again()
{
	plug_in
	plug_out
}

plug_other_stream()
{
	guest vm1 <<-'END'
		flow_moves first 20
		echo "note: $(flow_count first) transfers of 0.5 MB"
		flow_stop first
	END
}
