# SPDX-License-Identifier: GPL-2.0-only
#
# jq -r -f report.jq build/bench.json: the report, in Markdown.

def short: if . >= 100 then round elif . >= 10 then . * 10 | round / 10
	else . * 100 | round / 100 end;
def cell: if . == null then "-" elif .n == 1 then "\(.median | short)"
	else "\(.median | short) (\(.min | short)-\(.max | short))" end;
def line: "| " + join(" | ") + " |";
def table($head; $rows): ($head | line), ($head | map("---") | line), ($rows[] | line), "";

{vhost: "software: virtio-net, vhost-net, bridge, igb",
 macvtap: "macvtap: virtio-net, vhost-net, macvtap, igb",
 passthrough: "passthrough: a virtual function of the igb, vfio-pci",
 vhost_context: "software over the CDNA NIC: virtio-net, vhost-net, bridge, sub-function",
 host: "no virtualization: L1 itself, bridge, igb",
 host_context: "no virtualization: L1 itself, sub-function of the CDNA NIC",
 softnic: "CDNA: softnic, bridge, igb",
 softnic_virtio: "CDNA: softnic as virtio-net, bridge, igb",
 register: "CDNA: NIC, register trap",
 page: "CDNA: NIC, doorbell page",
 virtio: "CDNA: NIC as virtio-net"} as $names |
.rows as $rows | ($names | keys_unsorted | map(select($rows[.]))) as $order |
def each(f): $order | map(. as $key | $rows[$key] | select(.why == null) |
	[$names[$key]] + f);
def profiles($what): each(.[$what] | [(.mbps | cell)] + (.profile |
	[.host_kernel, .host_user, .guest_kernel, .guest_user, .idle, .exits_per_second,
	 .host_interrupts_per_second, .guest_interrupts_per_second] | map(cell)));
["", "Mb/s", "host kernel %", "host user %", "guest kernel %", "guest user %", "idle %",
 "exits/s", "interrupts/s, host", "interrupts/s, guest"] as $profile |

"# The paper's tables and figures, on this machine", "",
"\(.bed). Tree: \(.tree).",
"Median (least-most) of the repetitions, which are interleaved; a dash was not measured. " +
"Repetitions of one measurement differ by \(.noise_percent // "an unknown number of") " +
"percent, in the median of all rows.", "",
"## One machine", "",
table(["", "transmit, Mb/s", "receive, Mb/s", "TCP_RR mean, us", "TCP_RR p99, us",
	"60-byte frames/s out", "60-byte frames/s in", "lost, %", "pinned, kB"];
	each([.transmit.mbps, .receive.mbps, .round_trip.mean_us, .round_trip.p99_us,
	 .small_transmit.per_second, .small_receive.per_second,
	 .small_receive.lost_percent, .pinned_kb] | map(cell))),
"## Who has the processor: transmit at \(.load_mbps) Mb/s (the paper's table 2)", "",
table($profile; profiles("load_transmit")),
"The paper, 2 NICs, saturated: Xen and Intel 1602 Mb/s, hypervisor 19.8 %, driver domain " +
"36.5 %, guest 40.7 %, idle 3.0 %; CDNA 1867 Mb/s, 10.2 %, 0.5 %, 38.5 %, 50.8 %.", "",
"## Who has the processor: receive at \(.load_mbps) Mb/s (the paper's table 3)", "",
table($profile; profiles("load_receive")),
"The paper: Xen and Intel 1112 Mb/s, hypervisor 25.7 %, driver domain 37.3 %, guest 32.0 %, " +
"idle 5.0 %; CDNA 1874 Mb/s, 9.9 %, 0.5 %, 48.7 %, 40.9 %.", "",
"## Why machines exit, per second at that load", "",
table(["", "transmit", "receive"];
	each([.load_transmit, .load_receive] | map(.exits | to_entries | .[:5] |
	 map("\(.key) \(.value.median | short)") | join(", ")))),
(if .compare then
	"## Million instructions per MiB, of the bulk streams", "",
	(.compare as $ways | table(["", "transmit", "host user", "host kernel", "guest kernel",
		"guest user", "receive", "host user", "host kernel", "guest kernel", "guest user"];
		[$order[] | select($ways[.]) as $way | [$names[$way]] +
		 ([$ways[$way].transmit, $ways[$way].receive] |
		  map(.million_instructions_per_mib // {} |
		  [.total, .host_user, .host_kernel, .guest_kernel, .guest_user]) | add |
		  map(cell))]))
 else empty end),
(if .guests != {} then
	(.guests as $guests | ("transmit", "receive") as $what |
	"## Many machines: \($what) (the paper's figure \(if $what == "transmit"
		then 3 else 4 end))", "",
	([$guests[] | keys[]] | unique | sort_by(tonumber)) as $counts |
	table(["machines"] + [$guests | keys_unsorted[] | "\(.): Mb/s", "idle, %", "Jain's index"];
		[$counts[] as $n | [$n] + [$guests[] | .[$n][$what]? |
		 (.mbps, .idle, .jain) | cell]])),
	"The paper, 24 guests: CDNA transmits 2.1 times as much as Xen, and receives 3.3 times."
 else empty end), "",
"## What was not measured", "",
($rows | to_entries[] | select(.value.why) | "* \($names[.key]): \(.value.why)"),
"* protection off (the paper's table 4): there is no mode without protection",
($rows | to_entries[] | .key as $key | .value.failed[] |
	"* \($key), \(.what), repetition \(.repeat): \(.error)")
