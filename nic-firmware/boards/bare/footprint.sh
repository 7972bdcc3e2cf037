#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# footprint.sh IMAGE...: print what each freestanding image takes: code with
# constants, and the firmware's state for 32 contexts, which may be 12 MB.

set -euo pipefail

printf '%-10s %12s %16s %12s\n' image 'code, KiB' 'state, KiB' 'of 12 MiB'
for image in "$@"; do
	read -r text data bss < <(size "$image" | awk 'NR == 2 { print $1, $2, $3 }')
	state=$(nm -S "$image" | awk '$4 == "bare_nic" { print $2 }')
	state=$((16#$state))
	printf '%-10s %12d %16d %11d%%\n' "$(basename "$(dirname "$image")")" \
		$(((text + data) / 1024)) $((state / 1024)) \
		$((state * 100 / (12 << 20)))
	((state + 4096 >= bss)) ||
		echo "# $((bss - state)) bytes of state outside struct fw_nic" >&2
done
