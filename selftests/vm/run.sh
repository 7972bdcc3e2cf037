# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --nics 2 --mtu 9000 --script): tests in virtual machines,
# with the guest driver, libvirt and the peer. This is the bed that they need; run.py has
# the tests.
#
# VM_TESTS: only these subjects
# VM_PASSED: see run.py
# VM_CPUS: processors of vm2. With 2, each of its cards has two queue pairs, which are
# tested then. The emulation loses such a machine more often, so there is one
# VM_PATIENCE: limits of time are multiplied by it
# CHURN_SECONDS, CHURN_SEED: see churn.py
# HOSTILE_TRIES, HOSTILE_SEED: see hostile.py

VM_DIR=$BED_RUN/vm
export PYTHONDONTWRITEBYTECODE=1

vm_run() { "$TOP/selftests/vm/run.py" "$@" </dev/null; }

# End here if a part of the bed has ended.
vm_bed_lives()
{
	local pid rc=0

	for pid in "${bed_pids[@]}"; do
		kill -0 "$pid" 2>/dev/null && continue
		wait "$pid" || rc=$?
		bed_explain_death "$pid" "$rc"
		echo "Bail out! ${bed_names[$pid]} ended"
		exit 125
	done
}

vm_run --list >/dev/null
mkdir -p "$VM_DIR"
# For L1's own networking, where machines move to a softnic
bed_uplink
bed_up
bed_versions
bed_stay_logged_in
# The server that machines talk to
bed_exec /cdna/build/vm/stream serve 5001 >"$VM_DIR/serve.log" 2>&1 </dev/null &
rc=0
BED_PIDS="${bed_pids[*]}" BED_BOOT=$bed_boot vm_run || rc=$?
vm_bed_lives
((rc < 2)) || exit 1
bed_ssh -T 'cp /var/log/libvirt/qemu/*.log /results/' </dev/null || true
((rc)) || rm -f "$VM_DIR"/*.pcap
bed_down || rc=1
exit "$rc"
