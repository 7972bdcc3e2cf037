#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# plot.sh BENCH.JSON DIRECTORY: figures 3 and 4 of the paper (section 5.4) as SVG, by
# gnuplot; runs in the tools tree.

set -euo pipefail
json=$1 out=$2
mapfile -t rows < <(jq -r '.guests | keys_unsorted[]' "$json")
((${#rows[@]})) || { echo "plot.sh: $json has no numbers of many machines" >&2; exit 1; }

for what in transmit receive; do
	plots=()
	for row in "${rows[@]}"; do
		jq -r --arg row "$row" --arg what "$what" '.guests[$row] | to_entries[] |
			.value[$what] as $v | select($v.mbps) |
			"\(.key) \($v.mbps.median) \($v.mbps.min) \($v.mbps.max) \($v.idle.median // 0)"' \
			"$json" >"$out/$what-$row.dat"
		plots+=("'$out/$what-$row.dat' using 1:2:3:4 with yerrorlines title '${row//_/ }'"
			"'' using 1:2:(sprintf('%.0f%%', \$5)) with labels offset 0,1 notitle")
	done
	printf -v list '%s, ' "${plots[@]}"
	# Debian's name for it, where alternatives are not set up
	gnuplot-nox <<-END
		set terminal svg size 720,440
		set output '$out/$what.svg'
		set title '$what, all machines together; labels: idle time'
		set xlabel 'machines'
		set ylabel 'Mb/s'
		set yrange [0:*]
		set key outside
		plot ${list%, }
	END
	rm "$out/$what"-*.dat
done
