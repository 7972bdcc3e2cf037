# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside L1 (shell.sh --nics 2 --mtu 9000 --script): tests in virtual
# machines, with the guest driver, libvirt and the peer. lib.sh tells how.
#
# VM_TESTS: only these of VM_SUBJECTS (setup and finish always)
# VM_CPUS: processors of vm2. With 2, each of its cards has two queue pairs, which are
# tested then. The emulation loses such a machine more often, so there is one
# CHURN_SECONDS, CHURN_SEED: see churn.sh

. "$TOP/testbed/tests/tap.sh"
. "$TOP/testbed/lost.sh"
for vm_file in lib setup traffic shapes capture isolation ethtool bulk churn fault \
	death vlan plug lifecycle finish; do
	. "$TOP/selftests/vm/$vm_file.sh"
done

VM_CPUS=${VM_CPUS:-1}
VM_SUBJECTS=(traffic shapes capture isolation ethtool bulk churn fault death vlan
	plug lifecycle)

vm_check_wants()
{
	local subject

	for subject in ${VM_TESTS:-}; do
		[[ " ${VM_SUBJECTS[*]} " == *" $subject "* ]] || {
			say "VM_TESTS: '$subject' is none of: ${VM_SUBJECTS[*]}"
			exit 1
		}
	done
}

vm_wants() { [[ " ${VM_TESTS:-$1} " == *" $1 "* ]]; }

# In this order: vm2 ends by `destroy`, starts again for VLANs, ends by `kill`,
# and lends its second card to vm1.
vm_declare()
{
	local subject

	setup_cases
	for subject in traffic shapes capture isolation ethtool bulk churn fault; do
		! vm_wants "$subject" || "${subject}_cases"
	done
	! vm_wants death || death_destroy_case
	! vm_wants vlan || vlan_cases
	if vm_wants death; then
		vm_wants vlan || vm_case 150 "vm2 starts again" vm_again
		death_kill_case
	fi
	! vm_wants plug || plug_cases
	! vm_wants lifecycle || lifecycle_cases
	finish_cases
}

vm_again()
{
	setup_start vm2
	setup_vm vm2
}

vm_check_wants
mkdir -p "$VM_DIR"
vm_declare
bed_up
bed_versions
peer_start "$VM_DIR/serve.log" /cdna/build/vm/stream serve "$VM_PORT"
vm_run_all
l1 'cp /var/log/libvirt/qemu/*.log /results/' || true
((tap_failed)) || rm -f "$VM_DIR"/*.pcap
bed_down || tap_failed=$((tap_failed + 1))
tap_done
