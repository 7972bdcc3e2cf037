# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside the test bed, for testbed/shell.sh --script: records one ping in
# the guest, the host, the NIC and on the wire, and prints it in order.

trace_results=$BED_RUN/results/trace

bed_up
mkdir -p "$trace_results"
# What the monotonic clock, which is the NIC's, lacks to the time of day.
bed_tool perl -MTime::HiRes=clock_gettime,CLOCK_REALTIME,CLOCK_MONOTONIC \
	-e 'printf "%.6f\n", clock_gettime(CLOCK_REALTIME) -
		clock_gettime(CLOCK_MONOTONIC)' >"$trace_results/realtime"
bed_tool ip neigh replace 198.18.0.11 lladdr 52:54:00:cd:a0:01 dev wire0
bed_exec tcpdump -Z root -i wire0 -n -tt --immediate-mode -l icmp \
	>"$trace_results/wire" 2>"$(bed_log tcpdump)" </dev/null &
trace_tcpdump=$!
progress "recording a ping of a guest" "$(bed_log trace)" \
	bed_ssh -T "bash /cdna/testbed/trace/l1.sh" &
bed_wait $! || exit
kill "$trace_tcpdump"
cp "$(bed_log nic0)" "$trace_results/nic"
bed_down
bed_log_clean
bed_tool awk -f /cdna/testbed/trace/merge.awk \
	"$(bed_inside "$trace_results")"/{offset,realtime,nic,host,guest,wire} |
	sort -n | cut -f 2- | tee "$BUILD/trace.txt"

# trace_follow STEP...: the steps of life-of-a-packet, by patterns, are all there and
# in this order.
trace_follow()
{
	local step found at=0

	for step; do
		found=$(tail -n "+$((at + 1))" "$BUILD/trace.txt" |
			grep -nm 1 -E "^ *[0-9.]+  $step" | cut -d: -f1 || true)
		[[ $found ]] || {
			say "trace: '$step' is missing, or not where it should be" \
				"(logs: $BED_RUN)"
			exit 1
		}
		at=$((at + found))
	done
}

# What has the clock of L1's processors, and what has not. The module's own event comes
# after the eventfd, when another processor may be in the guest with the interrupt.
trace_follow 'guest +net_dev_start_xmit' 'guest +cdna_tx_xmit' \
	'guest +cdna_enqueue_tx' 'host +doorbell_write' 'host +cdna_trap:' \
	'host +cdna_verdict_check' 'host +cdna_descriptor:' 'host +cdna_enqueue:' \
	'host +irq_bitvec' 'host +cdna_source:' 'host +cdna_trigger_signal' \
	'host +kvm_apic_accept_irq' 'host +kvm_inj_virq' \
	'guest +irq_handler_entry: .*name=eth0' \
	'guest +qp_poll' 'guest +cdna_rx_poll' 'guest +netif_receive_skb' \
	'guest +cdna_enqueue_rearm'
trace_follow 'host +cdna_trigger_signal' 'host +cdna_interrupt:'
trace_follow 'nic +vfu: .*REGION_WRITE' 'wire +.*echo request' \
	'wire +.*echo reply' 'nic +irq: vector 1'
say "This is also in ${BUILD#"$PWD/"}/trace.txt"
