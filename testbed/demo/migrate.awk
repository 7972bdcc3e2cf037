# SPDX-License-Identifier: GPL-2.0-only
BEGIN {
	printf "\n%-9s %-9s %6s %10s %8s %14s %9s %9s\n", "from", "to", "took,",
		"stopped", "silent", "echo requests", "MB of", "MB, con-"
	printf "%-9s %-9s %6s %10s %8s %14s %9s %9s\n", "", "", "s",
		"(QEMU), ms", "ms", "lost", "iperf3", "tents ok"
}
{
	printf "%-9s %-9s %6d %10d %8d %14s %9.1f %9.1f\n",
		$1, $2, $3, $4, $5, $6, $7, $8
}
