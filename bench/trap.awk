# SPDX-License-Identifier: GPL-2.0-only
#
# From what the guest printed to a table and a JSON file; see trap.sh.

# NAME DESCRIPTORS MINIMUM MEDIAN P99
/^trap: result / {
	n++
	name[n] = $3; descs[n] = $4; low[n] = $5; median[n] = $6; high[n] = $7
	at[$3, $4] = n
}
# ROUND NAME DESCRIPTORS MEDIAN
/^trap: round / {
	if ($3 + 1 > rounds)
		rounds = $3 + 1
	part[$4, $5, $3] = $6
}
/^trap: frames / { frames = $3; accepted = $5; sent = $7; fault = $11 }
/^trap: finished / { finished = $3 == "0" }
/^trap: bug / { bugs++ }

function fail(why) { print "bench-trap: " why >"/dev/stderr"; failed = 1 }

# The cost of a case in that of another, as the median over all rounds of the
# ratio within each: both were measured in the same moment, whatever else ran
function ratio(i, to,	r, k, all)
{
	for (r = 0; r < rounds; r++)
		if (((name[i], descs[i], r) in part) && ((to, 0, r) in part))
			all[++k] = part[name[i], descs[i], r] / part[to, 0, r]
	if (k < rounds || !k)
		fail("rounds are missing: " name[i] " " descs[i])
	return middle(all, k)
}

function middle(all, k,	i, j, x)
{
	for (i = 2; i <= k; i++) {
		x = all[i]
		for (j = i - 1; j && all[j] > x; j--)
			all[j + 1] = all[j]
		all[j + 1] = x
	}
	return k % 2 ? all[(k + 1) / 2] : (all[k / 2] + all[k / 2 + 1]) / 2
}

# Least squares over all batch sizes: the slope is one more descriptor's cost
function slope(	i, k, x, y, xx, xy)
{
	for (i = 1; i <= n; i++) {
		if (name[i] != "doorbell")
			continue
		k++
		x += descs[i]; y += exits[i]
		xx += descs[i] * descs[i]; xy += descs[i] * exits[i]
	}
	return (k * xy - x * y) / (k * xx - x * x)
}

function table(	i, what)
{
	what["nothing"] = "nothing (the timer itself)"
	what["exit"] = "bare exit (cpuid)"
	what["exit-after-frame"] = "bare exit after a frame"
	what["register"] = "register path"
	what["doorbell"] = "doorbell page"
	what["mailbox"] = "store to the mailbox page"
	what["virtio"] = "virtio kick (ioeventfd)"
	printf "%-28s %11s %10s %10s %10s %10s\n", "guest TSC ticks", \
		"descriptors", "minimum", "median", "p99", "bare exits"
	for (i = 1; i <= n; i++)
		printf "%-28s %11s %10d %10d %10d %10.3f\n", what[name[i]], \
			descs[i] ? descs[i] : "-", low[i], median[i], high[i], \
			exits[i]
	printf "one descriptor by the doorbell page: %.3f bare exits (limit %s)\n", \
		one, limit_one
	printf "the same, in bare exits that follow a frame as it does: %.3f\n", \
		after
	printf "each further descriptor: %.4f bare exits (limit %s)\n", \
		further, limit_next
	printf "frames enqueued and sent: %d\n", sent
}

function write_json(	i)
{
	printf "{\n  \"unit\": \"guest TSC ticks\",\n  \"cases\": [\n" >json
	for (i = 1; i <= n; i++)
		printf "    {\"name\": \"%s\", \"descriptors\": %d, \"minimum\": %d, \"median\": %d, \"p99\": %d, \"bare_exits\": %.4f}%s\n", \
			name[i], descs[i], low[i], median[i], high[i], \
			exits[i], i < n ? "," : "" >json
	printf "  ],\n  \"one_descriptor\": %.4f,\n  \"one_descriptor_limit\": %s,\n", \
		one, limit_one >json
	printf "  \"one_descriptor_after_frame\": %.4f,\n", after >json
	printf "  \"further_descriptor\": %.4f,\n  \"further_descriptor_limit\": %s,\n", \
		further, limit_next >json
	printf "  \"frames_sent\": %d\n}\n", sent >json
}

END {
	if (!finished || !(("exit", 0) in at) || !(("doorbell", 64) in at)) {
		fail("the guest did not finish")
		exit 1
	}
	for (i = 1; i <= n; i++)
		exits[i] = ratio(i, "exit")
	one = exits[at["doorbell", 1]]
	after = ratio(at["doorbell", 1], "exit-after-frame")
	further = slope()
	table()
	write_json()
	if (!sent || accepted != frames || sent != frames || fault)
		fail("not all frames went out: " frames " posted, " accepted \
			" accepted, " sent " sent, fault " fault)
	if (bugs)
		fail("the guest's kernel reported a bug")
	if (one > limit_one)
		fail("one descriptor costs " one " bare exits")
	if (further >= limit_next)
		fail("a further descriptor costs " further " bare exits")
	exit failed
}
