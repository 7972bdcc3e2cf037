# SPDX-License-Identifier: GPL-2.0-only
#
# merge.awk offset realtime nic host guest wire: what each recorded, by one
# clock, from the guest's transmit to its last event. Lines begin with a key to
# sort by and a tab. The NIC's clock and the processor's are tied at the reads of
# the NIC's configuration space that have a mark before and behind them.

function add(clock, who, what)
{
	# What is the same in every line, or an address
	gsub(/ (rip|info[12]|intr_info|error_code) 0x[0-9a-f]+/, "", what)
	gsub(/ (queue_mapping|skbaddr|vlan_[a-z]+|data_len|[a-z]+_offset[a-z_]*|tx_flags|gso_[a-z]+)=[^ ]+/, "", what)
	sub(/, 0 fds/, "", what)
	n++
	when[n] = clock
	party[n] = who
	text[n] = what
}

# The timestamp of a line of a trace; what follows is left in rest.
function stamp(    at)
{
	if (!match($0, / [0-9]+: /))
		return 0
	at = substr($0, RSTART + 1, RLENGTH - 3) + 0
	rest = substr($0, RSTART + RLENGTH)
	return at
}

FILENAME ~ /offset$/ { offset = $1; next }
FILENAME ~ /realtime$/ { realtime = $1; next }

FILENAME ~ /nic$/ {
	if (!match($0, /^\[ *[0-9]+\.[0-9]+\]/))
		next
	at = substr($0, 2, RLENGTH - 2) + 0
	rest = substr($0, RLENGTH + 1)
	sub(/^ cdna-nicd: /, "", rest)
	if (rest ~ /REGION_READ config/) {
		# One read of ours is several of these in a row.
		if (at - last_read > 0.02)
			reads++
		read_at[reads] = last_read > at - 0.02 ? read_at[reads] : at
		last_read = at
		next
	}
	# A message is shown with its parts, or is one.
	if (rest ~ /context [0-9]+ queue pair|management|^irq/)
		add(at, "nic", rest)
	next
}

FILENAME ~ /host$/ {
	at = stamp()
	if (!at)
		next
	if (rest ~ /tracing_mark_write: clock/) {
		marks++
		mark_at[marks] = at
		next
	}
	add(at, "host", rest)
	next
}

FILENAME ~ /guest$/ {
	at = stamp()
	# A guest's clock is L1's with an offset.
	if (at)
		add(at - offset, "guest", rest)
	next
}

FILENAME ~ /wire$/ {
	at = $1 - realtime
	sub(/^[0-9.]+ /, "")
	add(at, "wire", $0)
}

# The pair of marks from..to with the least between them: a point of the map.
function tie(from, to,    i, best, width)
{
	best = from
	for (i = from; i <= to; i++) {
		width = mark_at[2 * i] - mark_at[2 * i - 1]
		if (width < mark_at[2 * best] - mark_at[2 * best - 1])
			best = i
	}
	width = mark_at[2 * best] - mark_at[2 * best - 1]
	if (width > unsure)
		unsure = width
	tied_tsc = (mark_at[2 * best] + mark_at[2 * best - 1]) / 2
	tied_nic = read_at[reads - marks / 2 + best]
}

END {
	if (marks < 4 || reads < marks / 2) {
		print "trace: " marks " marks and " reads " reads" >"/dev/stderr"
		exit 1
	}
	tie(1, marks / 4)
	tsc0 = tied_tsc; nic0 = tied_nic
	tie(marks / 4 + 1, marks / 2)
	per_tick = (tied_nic - nic0) / (tied_tsc - tsc0)
	for (i = 1; i <= n; i++) {
		if (party[i] == "host" || party[i] == "guest")
			when[i] = nic0 + (when[i] - tsc0) * per_tick
		if (party[i] != "guest")
			continue
		if (!first && text[i] ~ /^net_dev_start_xmit/)
			first = when[i]
		if (when[i] > last)
			last = when[i]
	}
	printf "-1\tmicroseconds since the transmit; those of nic and wire may be off by %.0f\n",
		unsure * per_tick * 1e6 / 2
	for (i = 1; i <= n; i++)
		if (first && when[i] >= first && when[i] <= last + 0.0005)
			printf "%.3f\t%9.1f  %-6s %s\n", (when[i] - first) * 1e6,
				(when[i] - first) * 1e6, party[i], text[i]
}
