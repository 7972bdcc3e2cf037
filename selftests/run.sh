#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh MODULE BINARIES [TEST]...: runs in L1, as root. Loads the host module,
# runs each test program in the directory BINARIES, nic_reprobe.sh and subfunction.sh (or only
# those named), and ends with a test of what is left behind. Each prints its own
# TAP, which `make run_tests` would hide in comments. A kernel that can find leaks, or
# can fail allocations, is asked to.
#
# PROVIDER=softnic tests contexts of cdna_softnic, in place of a NIC's. Their ports are
# put into a bridge, and the peer is in a network namespace behind it.
#
# SELFTEST_SECONDS is what each may take (300), beside what HOSTILE_SECONDS and
# STRESS_SECONDS ask for.

set -uo pipefail

export CDNA_MODULE=$1 OUTPUT=$2
module=$1
bin=$2
here=$(dirname "$(realpath "$0")")
shift 2
failed=0
limit=$((${SELFTEST_SECONDS:-300} + ${HOSTILE_SECONDS:-0} + ${STRESS_SECONDS:-0}))

needs=$(modinfo -F depends "$module")
# shellcheck disable=SC2086 # a list
modprobe -a ${needs//,/ } vfio_iommu_type1 kvm_amd 2>/dev/null
[[ -d /sys/module/cdna_mdev ]] || insmod "$module" || exit 1
if [[ ${PROVIDER:-} == softnic ]]; then
	[[ -d /sys/module/cdna_fw ]] ||
		insmod "${module%kernel/*}nic-firmware/core/cdna_fw.ko" || exit 1
	insmod "${module%kernel/*}kernel/cdna_softnic/cdna_softnic.ko" || exit 1
	ip netns add cdna-peer || exit 1
	ip link add cdna-wire type bridge
	ip link add cdna-plug master cdna-wire type veth \
		peer name eth0 address 02:cd:a0:ff:00:01 netns cdna-peer
	# A wire carries frames that are segmented and have their sums.
	ethtool -K cdna-plug tx off tso off gso off >/dev/null
	for interface in cdna-wire cdna-plug; do
		sysctl -qw "net.ipv6.conf.$interface.disable_ipv6=1"
		ip link set "$interface" up
	done
	# The programs answer no ARP requests: what the peer has learned stays.
	ip netns exec cdna-peer sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1 \
		net.ipv4.neigh.eth0.delay_first_probe_time=600
	ip -n cdna-peer address add 198.18.0.1/16 dev eth0
	ip -n cdna-peer link set eth0 up
fi
dmesg -C

if (($#)); then
	tests=("$@")
else
	tests=("$bin"/test_* "$here"/{nic_reprobe,subfunction}.sh)
	[[ ! -d /sys/kernel/debug/failslab ]] || tests+=("$here/failslab.sh")
fi
for test in "${tests[@]##*/}"; do
	echo "# $test"
	start=$SECONDS
	[[ $test == *.sh ]] && path=$here/$test || path=$bin/$test
	timeout "$limit" "$path" || failed=1
	echo "# $test: $((SECONDS - start)) s"
done

# report NUMBER NAME STATUS
report()
{
	if (($3)); then
		echo "not ok $1 $2"
		failed=1
	else
		echo "ok $1 $2"
	fi
}

# What was allocated, more than 5 s ago, and nothing points to any longer. What a stack or a
# delayed release held in the first scan, it does not in the second.
leaks=/sys/kernel/debug/kmemleak
no_leaks()
{
	local _

	for _ in 1 2; do
		sleep 6
		echo scan >$leaks
	done
	! grep . $leaks
}

echo "TAP version 13"
[[ -e $leaks ]] && echo "1..4" || echo "1..3"
[[ -z $(ls /sys/bus/mdev/devices) ]]
report 1 "no mediated device is left" $?
if [[ ${PROVIDER:-} == softnic ]]; then
	ip netns delete cdna-peer
	ip link delete cdna-wire
	rmmod cdna_softnic cdna_fw
fi
rmmod cdna_mdev
report 2 "the module unloads" $?
! dmesg | grep -E 'WARNING:|BUG:|Oops|Call Trace|general protection|rcu:.*stall'
report 3 "the kernel's log is clean" $?
if [[ -e $leaks ]]; then
	no_leaks
	report 4 "the kernel has leaked nothing" $?
fi
exit "$failed"
