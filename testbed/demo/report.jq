# SPDX-License-Identifier: GPL-2.0-only
# The files of all steps as one.
{
	$kernel, $accelerator, $provider, $seconds,
	faults: (map(.stream.faults // 0) | add),
	retransmissions: (map(.stream.retransmissions // 0) | add),
	pings: map(.ping // empty),
	streams: map(.stream // empty)
}
