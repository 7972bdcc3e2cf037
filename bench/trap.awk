# SPDX-License-Identifier: GPL-2.0-only
#
# From what the guest printed to a table and a JSON file; see trap.sh.

# NAME DESCRIPTORS MINIMUM MEDIAN P99
/^trap: result / {
	n++
	name[n] = $3; descs[n] = $4; low[n] = $5; median[n] = $6; high[n] = $7
	at[$3, $4] = n
}
/^trap: frames / { frames = $3; accepted = $5; sent = $7; fault = $11 }
/^trap: finished / { finished = $3 == "0" }
/^trap: bug / { bugs++ }

function fail(why) { print "bench-trap: " why >"/dev/stderr"; failed = 1 }

function ratio(i) { return median[i] / bare }

# Least squares over all batch sizes: the slope is one more descriptor's cost
function slope(	i, k, x, y, xx, xy)
{
	for (i = 1; i <= n; i++) {
		if (name[i] != "doorbell")
			continue
		k++
		x += descs[i]; y += ratio(i)
		xx += descs[i] * descs[i]; xy += descs[i] * ratio(i)
	}
	return (k * xy - x * y) / (k * xx - x * x)
}

function table(	i, what)
{
	what["nothing"] = "nothing (the timer itself)"
	what["exit"] = "bare exit (cpuid)"
	what["register"] = "register path"
	what["doorbell"] = "doorbell page"
	what["mailbox"] = "store to the mailbox page"
	what["virtio"] = "virtio kick (ioeventfd)"
	printf "%-28s %11s %10s %10s %10s %10s\n", "guest TSC ticks", \
		"descriptors", "minimum", "median", "p99", "bare exits"
	for (i = 1; i <= n; i++)
		printf "%-28s %11s %10d %10d %10d %10.3f\n", what[name[i]], \
			descs[i] ? descs[i] : "-", low[i], median[i], high[i], \
			ratio(i)
	printf "one descriptor by the doorbell page: %.3f bare exits (limit %s)\n", \
		one, limit_one
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
			ratio(i), i < n ? "," : "" >json
	printf "  ],\n  \"one_descriptor\": %.4f,\n  \"one_descriptor_limit\": %s,\n", \
		one, limit_one >json
	printf "  \"further_descriptor\": %.4f,\n  \"further_descriptor_limit\": %s,\n", \
		further, limit_next >json
	printf "  \"frames_sent\": %d\n}\n", sent >json
}

END {
	if (!finished || !(("exit", 0) in at) || !(("doorbell", 64) in at)) {
		fail("the guest did not finish")
		exit 1
	}
	bare = median[at["exit", 0]]
	one = ratio(at["doorbell", 1])
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
