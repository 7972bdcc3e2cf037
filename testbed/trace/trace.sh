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
for trace_party in guest host nic wire; do
	grep -q "^ *[0-9.]*  $trace_party " "$BUILD/trace.txt" || {
		say "trace: nothing of the $trace_party (logs: $BED_RUN)"
		exit 1
	}
done
say "This is also in ${BUILD#"$PWD/"}/trace.txt"
