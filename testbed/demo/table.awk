# SPDX-License-Identifier: GPL-2.0-only
BEGIN {
	printf "\n%-6s %-6s %8s %9s %8s %12s %10s %9s\n", "from", "to", "Mb/s",
		"round", "traps", "interrupts", "protection", "retrans-"
	printf "%-6s %-6s %8s %9s %8s %12s %10s %9s\n", "", "", "",
		"trip, ms", "per MB", "per second", "faults", "missions"
}
{
	printf "%-6s %-6s %8.0f %9.2f %8.1f %12.0f %10d %9d\n",
		$1, $2, $3, $4, $5, $6, $7, $8
}
