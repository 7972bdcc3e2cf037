# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For scripts that run the test bed: was it the emulation? Where L1's processors
# are emulated, it happens that a guest hangs in its firmware, or that a guest or
# L1 itself is reset without a word, with our driver or before there is any.
# Source it after scripts/lib.sh.

bed_complaints='Kernel panic|Oops|BUG:|WARNING:|UBSAN:|KASAN:|Call Trace'

# bed_lost STATUS [LOG]...: print how the emulation lost a machine in the newest
# run of the bed, which ended with STATUS and had LOGs besides its own. What a
# kernel complained about before is no such loss.
# Return: whether it did
bed_lost()
{
	local status=$1 run resets asked slow
	shift

	run=$(find "$BUILD/testbed" -maxdepth 1 -name 'run.*' -printf '%T@ %p\n' |
		sort -n | tail -n 1 | cut -d' ' -f2-)
	[[ $(cat "$run/accelerator" 2>/dev/null) == tcg ]] || return 1
	! grep -qsaE "$bed_complaints" "$run"/console-*.log \
		"$run"/results/*-console.log || return 1
	resets=$(grep -sc 'event RESET .*"guest":true' "$run/results/events.log" ||
		true)
	asked=$(grep -sc '' "$run/vm/asked" || true)
	slow=$(cat "$@" "$run"/demo-*.log 2>/dev/null |
		grep -c 'was not up within' || true)
	if ((status == 125)); then
		echo "L1 ended by itself"
	elif ((${resets:-0} > ${asked:-0})); then
		echo "a guest was reset without a word"
	elif ((slow > 1)); then
		echo "a guest did not boot, twice"
	else
		return 1
	fi
}
