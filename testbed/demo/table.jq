# SPDX-License-Identifier: GPL-2.0-only
# A line of fields for each stream, with the round trip of its two ends.
.pings as $pings | .streams[] | . as $s |
(first($pings[] | select([.from, .to] | sort == ([$s.from, $s.to] | sort)))
	| .rtt_ms.avg) as $rtt |
[.from, .to, .mbit_per_s, $rtt, .traps_per_megabyte, .interrupts_per_s,
	.faults, .retransmissions] | @tsv
