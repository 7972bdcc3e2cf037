# SPDX-License-Identifier: GPL-2.0-only
# What `ping -D` printed, as JSON: the longest time without an answer, what was lost
/^\[[0-9.]+\] [0-9]+ bytes/ {
	at = substr($1, 2) + 0
	if (last && at - last > gap)
		gap = at - last
	last = at
}
/ packets transmitted/ {
	sent = $1
	lost = $1 - $4
}
END {
	printf "{\"sent\": %d, \"lost\": %d, \"silent_ms\": %d}\n", sent, lost,
		1000 * gap
}
