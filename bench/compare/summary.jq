# SPDX-License-Identifier: GPL-2.0-only
#
# jq -s --arg bed TEXT -f summary.jq SAMPLES...: what build/compare.json holds.
# Each number is {median, min, max} over the rounds; ratio is its median by that
# of vhost. Speeds and counts of the kernel are of the rounds without the plugin,
# instructions and entries of those with it.

def round3: if . == null then . else . * 1000 | round / 1000 end;
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def spread: map(select(. != null)) | if length == 0 then null else
	{median: (median | round3), min: (min | round3), max: (max | round3)} end;

def mib: .guest.bytes / 1048576;
def gained($name): .after[$name] - .before[$name];
# Processor time on this machine: ticks are 10 ms.
def spent($who): (.after.ticks[$who] - .before.ticks[$who]) * 10;
def counted($name): if (.marks | length) == 2 then
	.marks[1][$name] - .marks[0][$name] else null end;
def per_mib(f): map(f / mib);
def instructions($name): map(counted($name) as $n |
	if $n then $n / 1e6 / mib else null end) | spread;

def bulk($what):
	map(select(.what == $what)) |
	map(select(.mode == "speed")) as $speed |
	map(select(.mode == "count")) as $count | {
		mbps: ($speed | map(.guest.mbps) | spread),
		retransmits: ($speed | map(.guest.retransmits) | spread),
		exits_per_mib: ($speed | per_mib(gained("exits")) | spread),
		# Contexts that are not measured answer to a broadcast now and then.
		traps_per_mib: ($speed | map(select(.way | IN("vhost", "macvtap") | not)) |
			per_mib(gained("traps")) | spread),
		interrupts_per_second:
			($speed | map(gained("irq_injections") / .guest.seconds) | spread),
		card_interrupts_per_mib:
			($speed | per_mib(.guest.guest_interrupts) | spread),
		cpu_ms_per_mib: (["vcpu", "qemu", "nic", "peer"] | map(. as $who |
			{key: ., value: ($speed | per_mib(spent($who)) | spread)}) |
			from_entries),
		million_instructions_per_mib: (if $count == [] then null else
			(["host_user", "host_kernel", "guest_kernel", "guest_user"] |
			map(. as $name | {key: ., value: ($count | instructions($name))}) |
			from_entries) + {total: ($count | map(
				(counted("host_user") + counted("host_kernel") +
				counted("guest_kernel") + counted("guest_user"))
				/ 1e6 / mib) | spread)} end),
		entries_per_mib: (if $count == [] then null else
			($count | map(counted("entries") / mib) | spread) end)
	};

def way: {
	transmit: bulk("transmit"),
	receive: bulk("receive"),
	ping_ms: (map(select(.what == "ping") | .guest.ms) | spread)
};

def by($base): if . and $base and $base.median != 0
	then . + {ratio: (.median / $base.median | round3)} else . end;
# The ratio beside every number that vhost has too.
def compared($base): if type == "object" then
		if has("median") then by($base)
		else with_entries(.key as $key | .value |= compared($base[$key]?)) end
	else . end;

. as $all |
(map(select(.way == "vhost")) | way) as $vhost |
{
	bed: $bed,
	rounds: (map(select(.mode == "speed") | .round) | max),
	ways: ({
		vhost: "virtio-net, vhost-net and a bridge over an emulated igb",
		macvtap: "virtio-net, vhost-net and a macvtap of that bridge",
		softnic: "a context of a softnic, with its port in that bridge",
		softnic_virtio: "the same, as a virtio network card",
		register: "a CDNA context, trap by the register",
		page: "a CDNA context, trap by the doorbell page",
		virtio: "a CDNA context as a virtio network card"
	} | with_entries(select(.key as $way | any($all[]; .way == $way))) | with_entries(.key as $way | .value as $name | .value =
		({name: $name} + ($all | map(select(.way == $way)) | way)) |
		if $way == "vhost" then . else .value |= compared($vhost) end))
}
