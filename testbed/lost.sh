# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For scripts that run the test bed: was it the emulation? Where L1's processors
# are emulated, it happens that a guest hangs in its firmware, or that a guest or
# L1 itself is reset without a word, with our driver or before there is any.
# Source it after scripts/lib.sh.

bed_complaints='Kernel panic|Oops|BUG:|WARNING:|UBSAN:|KASAN:|Call Trace'

# bed_resets RUN: how often guests were reset, that nobody asked for.
bed_resets()
{
	local resets asked

	resets=$(grep -sc 'event RESET .*"guest":true' "$1/results/events.log" ||
		true)
	asked=$(grep -sc '' "$1/vm/asked" || true)
	echo $((${resets:-0} - ${asked:-0}))
}

# bed_l1_lost RUN: L1 was reset, which ends QEMU without an error, or it never
# came up. A NIC that ends, or a QEMU that crashes, does not count.
bed_l1_lost()
{
	[[ $(cat "$1/died" 2>/dev/null) == 'QEMU 0' ]] ||
		grep -qs '^L1 was not up within' "$1"/boot-*.log
}

# bed_complained RUN: a kernel complained. This one does not count: L1's finds the end of
# a stack overwritten in the thread of a machine that has just ended by a triple fault.
# That fault and the stack are one loss, where the processor is emulated that goes from
# the machine to L1.
bed_complained()
{
	local console panic='Kernel panic.*corrupted stack end'

	for console in "$1"/console-*.log "$1"/results/*-console.log; do
		[[ -e $console ]] || continue
		if sed -n "/$panic/,\$p" "$console" |
			grep -a shutdown_interception >/dev/null; then
			sed "/$panic/,\$d" "$console"
		else
			cat "$console"
		fi
	done | grep -aE "$bed_complaints" >/dev/null
}

# bed_lost STATUS [LOG]...: print how the emulation lost a machine in the newest
# run of the bed, which ended with STATUS and had LOGs besides its own. What a
# kernel complained about before is not such a loss, nor is a run in which a test
# had failed before ($run/vm/failed).
# Return: whether it did
bed_lost()
{
	local status=$1 run slow
	shift

	run=$(find "$BUILD/testbed" -maxdepth 1 -name 'run.*' -printf '%T@ %p\n' |
		sort -n | tail -n 1 | cut -d' ' -f2-)
	[[ $(cat "$run/accelerator" 2>/dev/null) == tcg ]] || return 1
	! bed_complained "$run" || return 1
	[[ ! -e $run/vm/failed ]] || return 1
	slow=$(cat "$@" "$run"/{demo,trace}-*.log 2>/dev/null |
		grep -c 'was not up within' || true)
	if ((status == 125)) && bed_l1_lost "$run"; then
		echo "L1 was reset, or did not come up"
	elif (($(bed_resets "$run") > 0)); then
		echo "a guest was reset without a word"
	elif ((slow > 1)); then
		echo "a guest did not boot, twice"
	else
		return 1
	fi
}

# bed_attempts FUNCTION [LOG]: call it, and again as long as the emulation loses a
# machine, three times at most. That is reported; so is, in comments of TAP, what the lost
# attempt had put into LOG, which is not the result of a test.
# Return: the last status of FUNCTION
bed_attempts()
{
	local left=3 rc how

	while :; do
		rc=0
		"$1" || rc=$?
		left=$((left - 1))
		((rc && left)) || return "$rc"
		how=$(bed_lost "$rc" "${@:2}") || return "$rc"
		say "lost under emulation: $how; once more"
		[[ ! ${2:-} ]] || sed 's/^/# lost attempt: /' "$2"
	done
}
