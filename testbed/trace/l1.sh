#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs in L1: one guest pings the peer once, with the functions of both modules
# and the tracepoints of network, KVM and cdna_mdev recorded by the processor's
# clock. What the guest's clock lacks to L1's is in a file of debugfs.

set -euo pipefail
. /cdna/testbed/guest/lib.sh

results=/results/trace
tracing=/sys/kernel/tracing
nic=/sys/bus/pci/devices/0000:01:00.0

# trace_on MODULE EVENT...: for L1 and, in text, for the guest.
trace_on()
{
	local module=$1 event
	shift

	cd /sys/kernel/tracing
	echo 0 >tracing_on
	echo x86-tsc >trace_clock
	echo 16384 >buffer_size_kb
	echo ":mod:$module" >set_ftrace_filter
	echo function >current_tracer
	for event in "$@"; do
		echo 1 >"events/$event/enable"
	done
	echo 1 >tracing_on
	cd - >/dev/null
}

# A read that the NIC sees too, between two marks, ties its clock to ours: of the
# first byte, because QEMU answers for some of the others.
tie_clocks()
{
	local _ mark config

	exec {mark}>"$tracing/trace_marker"
	for _ in {1..16}; do
		exec {config}<"$nic/config"
		echo "clock" >&"$mark"
		read -r -N 1 -u "$config" _ || true
		echo "clock" >&"$mark"
		exec {config}<&-
		sleep 0.05
	done
	exec {mark}>&-
}

# Nothing but the ping has the driver poll: a frame of another kind, at the same time,
# would have it find the reply without an interrupt. So neither side may look for its
# neighbours; see trace.sh.
in_guest()
{
	guest_run vm1 "set -e
		mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
		echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
		ip link set eth0 up
		ip addr add 198.18.0.11/24 dev eth0
		ip neigh replace 198.18.0.1 lladdr 02:cd:a0:ff:00:01 dev eth0
		ping -c 3 -w 10 198.18.0.1 >/dev/null"
	tie_clocks
	guest_run vm1 "set -e
		$(declare -f trace_on)
		trace_on cdna_guest net/net_dev_start_xmit net/netif_receive_skb \
			irq/irq_handler_entry
		ping -c 1 -w 5 198.18.0.1 >&2
		echo 0 >/sys/kernel/tracing/tracing_on
		cat /sys/kernel/tracing/trace" >"$results/guest"
	tie_clocks
}

mkdir -p "$results"
guest_host
guest_context context1.xml
guest_define vm1 domain-one-context.xml
guest_boot vm1
trace_on cdna_mdev cdna kvm/kvm_exit kvm/kvm_msi_set_irq \
	kvm/kvm_apic_accept_irq kvm/kvm_inj_virq
in_guest
echo 0 >"$tracing/tracing_on"
cat "$tracing/trace" >"$results/host"
cat /sys/kernel/debug/kvm/*/vcpu0/tsc-offset >"$results/offset"
guest_log_clean vm1
guest_kill vm1
