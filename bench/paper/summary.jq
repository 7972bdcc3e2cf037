# SPDX-License-Identifier: GPL-2.0-only
#
# jq -n --arg bed TEXT --arg tree COMMIT --arg load N --slurpfile one FILE
# --slurpfile many FILE --slurpfile compare FILE -f summary.jq: what build/bench.json
# holds. Each measured number is {median, min, max, n} over the repetitions.

def round3: if . == null then . else . * 1000 | round / 1000 end;
def median: sort | if length % 2 == 1 then .[length / 2 | floor]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def spread: map(select(. != null)) | if length == 0 then null else
	{median: (median | round3), min: (min | round3), max: (max | round3), n: length} end;

def whole: [.streams[] | .error] | all(. == null);
def gained(f): (.after | f) - (.before | f);
def window: gained(.uptime);
def processor: gained(.user) + gained(.system) + gained(.idle);
def percent($ticks): if processor > 0 then 100 * $ticks / processor else null end;
# What part of a guest's time its kernel has
def kernel_part:
	def busy: .user + (.nice // 0) + .system + (.irq // 0) + (.softirq // 0);
	def kernel: .system + (.irq // 0) + (.softirq // 0);
	if .after.guest_cpu == null then null else
		((.after.guest_cpu[0] | busy) - (.before.guest_cpu[0] | busy)) as $busy |
		if $busy > 0 then ((.after.guest_cpu[0] | kernel) -
			(.before.guest_cpu[0] | kernel)) / $busy else null end end;
# Tables 2 and 3 of the paper, section 5.2: who has the processor, in percent
def profile: map(. as $one | kernel_part as $kernel | {
	host_kernel: percent(gained(.system)),
	host_user: percent([gained(.user) - gained(.guest), 0] | max),
	guest_kernel: (if $kernel then percent(gained(.guest) * $kernel) else null end),
	guest_user: (if $kernel then percent(gained(.guest) * (1 - $kernel)) else null end),
	idle: percent(gained(.idle)),
	exits_per_second: (gained(.exits) / window),
	host_interrupts_per_second: (gained(.interrupts) / window),
	guest_interrupts_per_second: (gained(.injections) / window)
}) | . as $all | if length == 0 then null else
	(.[0] | keys_unsorted) | map(. as $name |
	{key: ., value: ($all | map(.[$name]) | spread)}) | from_entries end;
def reasons: map(window as $s | .after.reasons as $after | .before.reasons as $before |
	$after | with_entries(.value = (.value - ($before[.key] // 0)) / $s)) |
	(map(keys) | add // [] | unique) as $names | . as $all |
	$names | map(. as $name | {key: ., value: ($all | map(.[$name] // 0) | spread)}) |
	sort_by(-.value.median) | from_entries;

def total(f): [.streams[] | f // 0] | add;
# Jain's index of what the streams got
def jain: [.streams[].mbps // 0] | (add * add) as $square |
	(map(. * .) | add) as $sum | if $sum > 0 then $square / ($sum * length) else null end;

def of($what): map(select(.what == $what));
def good($what): of($what) | map(select(whole));
def bulk($what): good($what) | {mbps: (map(total(.mbps)) | spread),
	idle: (profile | .idle?), retransmits: (map(total(.retransmits)) | spread)};
def loaded($what): good($what) | {mbps: (map(total(.mbps)) | spread)} +
	{profile: profile, exits: reasons};
def small($what): good($what) | {
	per_second: (map(.streams[0] | (.packets - .lost) / .seconds) | spread),
	lost_percent: (map(.streams[0] |
		if .packets > 0 then 100 * .lost / .packets else null end) | spread)};

def row: {
	why: (of("why") | .[0].why?),
	transmit: bulk("transmit"), receive: bulk("receive"),
	load_transmit: loaded("load_transmit"), load_receive: loaded("load_receive"),
	small_transmit: small("small_transmit"), small_receive: small("small_receive"),
	round_trip: (good("round_trip") | {
		mean_us: (map(.streams[0].mean_us) | spread),
		p99_us: (map(.streams[0].p99_us) | spread)}),
	pinned_kb: (of("pinned") | map(.kb) | spread),
	failed: (map(select(.streams and (whole | not))) |
		map({what, repeat, error: ([.streams[].error | select(.)] | first)}))
};

def scale: group_by(.guests) | map({key: (.[0].guests | tostring),
	value: (["transmit", "receive"] as $both | . as $all |
		$both | map(. as $what | {key: ., value: ($all | good($what) | {
			mbps: (map(total(.mbps)) | spread),
			idle: (profile | .idle?), jain: (map(jain) | spread)})}) | from_entries)}) |
	from_entries;

# How much repetitions of one measurement differ: what the machine's noise is
def noise: [.[] | (.transmit.mbps, .receive.mbps) |
	select(. != null and .n > 1 and .median > 0) | (.max - .min) / .median] |
	if length == 0 then null else 100 * median | round3 end;

def rows(f): group_by(.row) | map({key: .[0].row, value: f}) | from_entries;
($one | rows(row)) as $one |
{bed: $bed, tree: $tree, load_mbps: ($load | tonumber),
 noise_percent: ($one | noise), rows: $one, guests: ($many | rows(scale)),
 compare: ($compare[0].ways // null)}
