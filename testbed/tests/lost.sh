#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lost.sh: what testbed/lost.sh takes for a machine that the emulation lost, and
# what it does not. Needs no test bed.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
. "$TOP/testbed/lost.sh"
. "$TOP/testbed/tests/tap.sh"

BUILD=$(mktemp -d)
trap 'rm -rf "$BUILD"' EXIT
run=$BUILD/testbed/run.test
reset="2026: event RESET for domain 'vm1': {\"guest\":true,\"reason\":\"guest-reset\"}"

# fresh ACCELERATOR: a run in which nothing happened.
fresh()
{
	rm -rf "$run"
	mkdir -p "$run/results" "$run/vm"
	echo "$1" >"$run/accelerator"
	echo fine | tee "$run/console-1.log" >"$run/results/vm1-console.log"
	: >"$run/results/events.log"
}

# verdict STATUS WANT [LOG]: WANT is what bed_lost says, or empty.
verdict()
{
	local said

	said=$(bed_lost "$1" "${@:3}") || said=
	[[ $said == "$2" ]] || { echo "it said '$said', not '$2'"; return 1; }
}

quiet() { fresh tcg; verdict 1 ''; }
real_kvm() { fresh kvm; died 'QEMU 0'; verdict 125 ''; }
died() { echo "$1" >"$run/died"; }

l1_ended()
{
	local how

	fresh tcg
	died 'QEMU 0'
	verdict 125 'L1 was reset, or did not come up' || return
	fresh tcg
	echo 'L1 was not up within 300 s (BOOT_TIMEOUT); its console:' \
		>"$run/boot-1.log"
	verdict 125 'L1 was reset, or did not come up' || return
	for how in 'NIC 0 139' 'NIC 1 0' 'QEMU 134' 'QEMU 10'; do
		fresh tcg
		died "$how"
		verdict 125 '' || return
	done
	fresh tcg
	verdict 125 ''
}

test_failed()
{
	fresh tcg
	echo "$reset" >>"$run/results/events.log"
	: >"$run/vm/failed"
	verdict 1 ''
}

guest_reset()
{
	fresh tcg
	echo "$reset" >>"$run/results/events.log"
	verdict 1 'a guest was reset without a word'
}

asked_for()
{
	fresh tcg
	echo "$reset" >>"$run/results/events.log"
	echo vm1 >"$run/vm/asked"
	verdict 1 ''
}

not_up()
{
	fresh tcg
	echo 'guest: vm1 was not up within 60 s' >"$BUILD/log"
	verdict 1 '' "$BUILD/log" || return
	echo 'guest: vm1 was not up within 120 s' >>"$BUILD/log"
	verdict 1 'a guest did not boot, twice' "$BUILD/log" || return
	cp "$BUILD/log" "$run/demo-3-guests-1.log"
	verdict 1 'a guest did not boot, twice'
}

complaint()
{
	fresh tcg
	echo "$reset" >>"$run/results/events.log"
	echo 'BUG: unable to handle page fault' >>"$run/$1"
	verdict 1 '' && verdict 125 ''
}

# overwritten BEFORE WHERE: what L1's kernel says before, and where the stack was.
overwritten()
{
	fresh tcg
	died 'QEMU 0'
	printf '%s\n' "$1" '[ 1.2] Kernel panic - not syncing: corrupted stack end' \
		' Call Trace:' " $2+0x5b/0x90 [kvm_amd]" >>"$run/console-1.log"
}

stack()
{
	overwritten fine shutdown_interception
	verdict 125 'L1 was reset, or did not come up' || return
	overwritten fine cdna_enqueue_trap
	verdict 125 '' || return
	overwritten 'BUG: something else' shutdown_interception
	verdict 125 ''
}

# attempts HOW-OFTEN-LOST: as many attempts as it takes, but three at most
attempts()
{
	local lost=$1 n=0

	fresh tcg
	try()
	{
		n=$((n + 1))
		rm -f "$run/died"
		((n > lost)) || { died 'QEMU 0'; return 125; }
	}
	bed_attempts try 2>/dev/null || [[ $lost == 3 ]] || return
	((n == (lost < 3 ? lost + 1 : 3)))
}

no_attempts()
{
	local n=0

	fresh tcg
	try() { n=$((n + 1)); return 1; }
	! bed_attempts try || return
	((n == 1))
}

tap_plan 15
tap "a failure is not a loss" quiet
tap "L1 that is reset is one; a NIC that ends, or a QEMU that crashes, is none" \
	l1_ended
tap "none is, after a test that failed" test_failed
tap "with KVM nothing is" real_kvm
tap "a guest's reset is one" guest_reset
tap "unless a case asked for it" asked_for
tap "a guest that does not boot, twice, is one" not_up
tap "none is, if L1's kernel complained" complaint console-1.log
tap "none is, if a guest's kernel complained" \
	complaint results/vm1-console.log
tap "one is, if L1's found a stack overwritten after a triple fault" stack
for lost in 0 1 2 3; do
	tap "lost $lost times: three attempts at most" attempts "$lost"
done
tap "a failure is not tried again" no_attempts
tap_done
