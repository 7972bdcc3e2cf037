# SPDX-License-Identifier: GPL-2.0-only
#
# jq -r -f table.jq compare.json: the table on standard output.

def pad($n): tostring | . + " " * ([$n - length, 0] | max);
def lead($n): tostring | " " * ([$n - length, 0] | max) + .;
# Three digits are as many as mean anything.
def short: if . >= 100 then round elif . >= 10 then . * 10 | round / 10
	else . * 100 | round / 100 end;
def cell: if . == null then "-" else
	"\(.median | short) (\(.min | short)-\(.max | short))" +
	if .ratio then " \(.ratio * 100 | round / 100)x" else "" end end;

{vhost: "vhost-net and bridge", macvtap: "vhost-net and macvtap",
	softnic: "softnic and bridge", softnic_virtio: "softnic, virtio",
	register: "context, register", page: "context, doorbell page",
	virtio: "context, virtio"} as $heads |
.ways as $ways | ($heads | keys_unsorted | map(select($ways[.]))) as $order |
def row($label; f):
	([$ways[$order[]] | f] | if all(. == null) then empty else
		($label | pad(34)) + (map(cell | lead(23)) | join("")) end);
def rows($label; $what): $label,
	row("  Mb/s"; .[$what].mbps),
	row("  VM exits per MiB"; .[$what].exits_per_mib),
	row("  traps per MiB"; .[$what].traps_per_mib),
	row("  interrupts injected per second"; .[$what].interrupts_per_second),
	row("  retransmissions"; .[$what].retransmits),
	row("  CPU ms per MiB: L1 and its guest"; .[$what].cpu_ms_per_mib.vcpu),
	row("                  rest of QEMU"; .[$what].cpu_ms_per_mib.qemu),
	row("                  cdna-nicd"; .[$what].cpu_ms_per_mib.nic),
	row("                  iperf3 of the peer"; .[$what].cpu_ms_per_mib.peer),
	row("  million instructions per MiB"; .[$what].million_instructions_per_mib?.total),
	row("    host user"; .[$what].million_instructions_per_mib?.host_user),
	row("    host kernel"; .[$what].million_instructions_per_mib?.host_kernel),
	row("    guest kernel"; .[$what].million_instructions_per_mib?.guest_kernel),
	row("    guest user"; .[$what].million_instructions_per_mib?.guest_user),
	row("  VM entries per MiB, counted"; .[$what].entries_per_mib);

"\(.bed)",
"Median (least-most) of \(.rounds) rounds, and times that of vhost-net",
"",
("" | pad(34)) + ([$heads[$order[]] | lead(23)] | join("")),
rows("transmit, guest to peer"; "transmit"),
rows("receive, peer to guest"; "receive"),
row("ping, mean of round trips, ms"; .ping_ms)
