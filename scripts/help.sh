#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# help.sh MAKEFILE...: list the documented targets, grouped as in the files,
# and what the firmware's state takes if it has been built.

set -euo pipefail
. "$(dirname "$0")/lib.sh"

cat <<END
CDNA for KVM $("$TOP/scripts/version.sh"): every virtual machine has its own context on a NIC.

END
awk '
	/^##@ / { title = substr($0, 5) }
	/^[a-z][a-z-]*:.*## / {
		if (title != "") { printf "%s:\n", title; title = "" }
		name = $0; sub(/:.*/, "", name)
		sub(/.*## /, "")
		printf "  %-16s %s\n", name, $0
	}' "$@"
cat <<'END'

Variables:
  MIRROR=URL       Debian mirror; otherwise the one of this machine's apt
  GUEST_KERNEL=DIR guests boot the kernel built there, not Debian's
  GUEST_MEMORY=MIB what guests have, if not what libvirt-xml/ says
  CMD='...'        for shell: run this in L1 and return its status
  KEEP=1           for demo: leave all of it up, with a shell in L1
  SOFTNIC=1        for demo: contexts over an ordinary NIC, by cdna_softnic
  DEMO_SECONDS=N   for demo: how long each stream runs (5)
  FUZZ_SECONDS=N   for fuzz: how long each harness runs
  T=NAME           for unit and selftests: only this test, such as 'ring'
  SEED=N           for hostile and virtio-ring: the choices of an earlier run
  BUFFERS=N        for virtio-ring: chains for each ring (210000)
  SUBJECT='...'    for check-debug: only these of selftests, death, admin and vm
  VM_TESTS='...'   for vm-tests: only these subjects, such as 'shapes vlan'
  CHURN_SECONDS=N  for vm-tests: how long changes are made under traffic (30)
  HOSTILE_SECONDS=N, STRESS_SECONDS=N
                   for selftests: how long a monitor attacks (10), and a guest
                   races with the host's look at its ring (20)
  VIRTIO_SEED=N    for selftests: what is stored into a virtio card at random
  CHURN_SEED=N     for vm-tests: the changes of an earlier run
  MOVES=N, MOVE_KILLS=N, MOVE_SEED=N
                   for vm-tests: how often a machine moves to another host and back
                   (2), how often QEMU is killed meanwhile (2), and when
  HOSTILE_TRIES=N, HOSTILE_SEED=N
                   for vm-tests: how often a guest attacks, and the choices of a run
  VM_PATIENCE=N    for vm-tests: multiplies the limits of time
  SHORT=1          for selftests and vm-tests: without what varies other tests, as in check
  VM_CPUS=2        for vm-tests: one machine has two processors, and queue pairs
  COMPARE_ROUNDS=N, COMPARE_SECONDS=N, COMPARE_CPUS=N
                   for compare: rounds (3), their length (5), L1's processors (1)
  COMPARE_WAYS='softnic virtio'
                   for compare: only these ways
  QUICK=1          for bench: one repetition, few machines, no counted instructions
  BENCH_REPEATS=N, BENCH_SECONDS=N, BENCH_LOAD=N, BENCH_SMALL=RATE
                   for bench: repetitions (5), their length (5), Mb/s at which the
                   processor's time is divided (20), and of small frames (1M)
  GUESTS='1 2 4'   for bench: numbers of machines, ascending (1 2 4 8 16 24)
  BENCH_ROWS='vhost page', BENCH_PARTS='one many compare', BENCH_FRESH=1
                   for bench: only these; forget what was measured before
  BOOT_TIMEOUT=N   seconds until L1 must be up (300)
END

# What the firmware's state takes, where it has been built freestanding.
images=("$BUILD"/nic-firmware/{riscv64,ppc}/firmware)
if [[ -x ${images[0]} && -x ${images[1]} ]]; then
	echo
	"$TOP/nic-firmware/boards/bare/footprint.sh" "${images[@]}" 2>/dev/null ||
		true
fi
