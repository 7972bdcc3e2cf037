# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Runs beside the test bed, for testbed/shell.sh --script: boots it, has
# demo/l1.sh take its steps in L1, and reports the results.

. "$TOP/testbed/demo/steps.sh"

# Seconds of each stream
demo_l1="DEMO_SECONDS=${DEMO_SECONDS:-5} SOFTNIC=${SOFTNIC:+1}"
demo_l1+=" bash /cdna/testbed/demo/l1.sh"
demo_measure()
{
	local vm

	for vm in vm1 vm2; do
		demo_step "ping, $vm and peer" ping "$vm" peer
	done
	demo_step "ping, vm1 and vm2" ping vm1 vm2
	for vm in vm1 vm2; do
		demo_step "iperf3, $vm to peer" stream "$vm" peer
		demo_step "iperf3, peer to $vm" stream peer "$vm"
	done
	demo_step "iperf3, vm1 to vm2" stream vm1 vm2
	demo_step "iperf3, vm2 to vm1" stream vm2 vm1
	demo_step "looking for errors" errors
}

demo_report()
{
	cat "$demo_results"/*.json | bed_tool jq -s --arg kernel "$(<"$BED_L1/kernel")" \
		--arg accelerator "$(bed_accelerator)" \
		--arg provider "${SOFTNIC:+soft}nic" \
		--argjson seconds "$((EPOCHSECONDS - DEMO_STARTED))" \
		-f /cdna/testbed/demo/report.jq >"$BUILD/demo.json"
	bed_tool jq -r -f /cdna/testbed/demo/table.jq <"$BUILD/demo.json" |
		awk -F '\t' -f "$TOP/testbed/demo/table.awk"
	printf '\nThe same as JSON: %s\n' "${BUILD#"$PWD/"}/demo.json"
}

demo_keep()
{
	cat >&2 <<-'END'

	The machines stay up for you. You are root in L1, the host:

	    virsh list                      what runs
	    virsh console vm1               a shell in vm1; Ctrl-] leaves it
	    guest_run vm1 'ethtool -S eth0' one command in vm1
	    guest_run vm1 'iperf3 -c 198.18.0.1'
	                                    to the peer; vm2 is 198.18.0.12
	    cat $(guest_sysfs $vm1)/statistics/traps_page

	Ctrl-D ends all of it.
	END
	if [[ -t 0 ]]; then
		bed_l1_terminal 'bash --rcfile /cdna/testbed/demo/bashrc' || true
	else
		bed_l1 'BASH_ENV=/cdna/testbed/demo/bashrc bash' || true
	fi
}

# The peer is at the wire of the NIC that the contexts have a share of.
demo_contexts="making two contexts (virsh nodedev-create)"
if [[ ${SOFTNIC:-} ]]; then
	bed_tool ip addr flush dev wire0
	bed_uplink 198.18.0.1/24 fdcd:a0::1/96
	demo_contexts="making two contexts of a softnic (mdevctl), on a bridge"
fi
bed_up
bed_versions
mkdir -p "$demo_results"
bed_exec iperf3 --server >"$(bed_log peer)" 2>&1 </dev/null &
demo_peer=$!
demo_step "loading cdna_mdev, starting libvirt" host
demo_step "$demo_contexts" contexts
demo_step "starting two virtual machines (virsh start)" guests
demo_step "giving them addresses" addresses
demo_measure
demo_report
[[ ! ${KEEP:-} ]] || demo_keep
kill "$demo_peer" || true
bed_down
bed_log_clean || {
	say "demo: L1's kernel reported a bug (logs: $BED_RUN)"
	exit 1
}
