# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Tests in virtual machines: how cases are declared and run, and how they reach
# the three places that they are about.
#
#   vm_case SECONDS NAME FUNCTION [ARGUMENT]...
#			declare a case; it fails if it takes longer
#   vm_needed		if a case fails that was declared so far, run no others
#   note TEXT		say something that is shown even if the case passes
#   l1 COMMAND		run COMMAND in L1, with testbed/guest/lib.sh
#   guest VM [NAME=VALUE]... <SCRIPT
#			run SCRIPT in a guest, with guest.sh
#   peer COMMAND...	run a program at the far end of the wires
#   peer_start LOG COMMAND...
#
# A case runs in a shell of its own, under set -e: whatever fails in it, fails
# it, and what it had printed is shown. It leaves things as it found them, also
# when it fails; cases that cannot, stand where nothing depends on them.
#
# The machines: vm1 has the context of context1.xml on NIC 0; vm2 has those of
# context2.xml on NIC 0 and context3.xml on NIC 1. On NIC N, the peer is
# 198.18.N.1 and fdcd:a0::N:0:1, vm1 ends in 11, and vm2 in 12.

VM_DIR=$BED_RUN/vm
VM_PORT=5001		# stream
VM_MTU=1500
# Limits of time are for Debian's kernels, times this.
VM_PATIENCE=${VM_PATIENCE:-1}
VM_UUID=("" cda00000-0000-4000-8000-00000000000{1,2,3})
VM_MAC=("" 52:54:00:cd:a0:0{1,2,3})
vm_cases=()
vm_needs=0

vm_case()
{
	local limit=$1 name=$2
	shift 2
	vm_cases+=("$limit" "$name" "$*")
}

note() { printf 'note: %s\n' "$*"; }

# until_true SECONDS COMMAND...: poll until COMMAND succeeds.
until_true()
{
	local limit=$(($1 * VM_PATIENCE)) last
	shift

	last=$((SECONDS + limit))
	until "$@"; do
		if ((SECONDS >= last)); then
			echo "not within $limit s: $*"
			return 1
		fi
		sleep 0.2
	done
}

l1()
{
	bed_ssh -T "set -euo pipefail; GUEST_TIMEOUT=$((120 * VM_PATIENCE))
		. /cdna/testbed/guest/lib.sh; $1" </dev/null
}

guest()
{
	local vm=$1 script arg
	shift

	script=$(
		for arg in "$@" VM_PATIENCE="$VM_PATIENCE"; do
			printf '%s=%q\n' "${arg%%=*}" "${arg#*=}"
		done
		cat "$TOP/selftests/vm/guest.sh" -
	)
	l1 "guest_run $vm $(printf '%q' "$script")"
}

peer() { bed_tool "$@"; }

# peer_start LOG COMMAND...: in the background, as process $! itself.
peer_start()
{
	local log=$1
	shift

	bed_exec "$@" >"$log" 2>&1 </dev/null &
}

peer_stream() { peer /cdna/build/vm/stream "$@"; }
ip4() { printf '198.18.%d.%d\n' "$1" "$2"; }
ip6() { printf 'fdcd:a0::%d:0:%d\n' "$1" "$2"; }

# peer_wire NET [MTU]: the peer's end of a wire as cases expect it.
peer_wire()
{
	local mtu=${2:-$VM_MTU}

	peer ip link set "wire$1" mtu "$mtu" up
	# Below that, an interface has no IPv6.
	((mtu >= 1280)) || return 0
	peer sysctl -qw "net.ipv6.conf.wire$1.keep_addr_on_down=1" \
		"net.ipv6.conf.wire$1.accept_dad=0"
	peer ip addr replace "$(ip6 "$1" 1)/96" dev "wire$1" nodad
}

peer_tcp_retransmitted()
{
	awk '$1 == "Tcp:" { if (n++) print $13 }' /proc/net/snmp
}

# context NUMBER FILE: an attribute of a mediated device.
context() { l1 "cat \$(guest_sysfs ${VM_UUID[$1]})/$2"; }

# Nothing of a context is in use, nor was it stopped.
context_is_idle()
{
	l1 "cd \$(guest_sysfs ${VM_UUID[$1]})
		grep -H . state statistics/{pins_now,faults,nic_out_of_bounds}
		port=pci/\$(basename \$(dirname \$(readlink -f .)))/\$(cat context)
		devlink port show \$port
		[[ \$(cat state) == configured ]]
		[[ \$(cat statistics/pins_now) == 0 ]]
		[[ \$(devlink port show \$port) == *'opstate detached'* ]]"
}

# What a case runs in.
vm_inside()
{
	set -eEuo pipefail
	bed_pids=()
	trap 'echo "failed with status $?: $BASH_COMMAND" \
		"(${BASH_SOURCE[0]##*/}:$LINENO)"' ERR
	"$@"
}

# Was it perhaps the emulation, and no case, that failed? A machine that hangs, or
# is reset, or does not come up; see testbed/lost.sh.
vm_is_lost()
{
	local pid

	(($(bed_resets "$BED_RUN") == 0)) || return 0
	! grep -qi -e 'was not up within' -e 'agent is not responding' \
		-e "agent didn't respond" -e 'closed by remote host' \
		-e 'connection refused' "$1" || return 0
	for pid in "${bed_pids[@]}"; do
		kill -0 "$pid" 2>/dev/null || return 0
	done
	return 1
}

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

# vm_run SECONDS NAME COMMAND: one case. Not called where set -e has no effect.
vm_run()
{
	local limit=$(($1 * VM_PATIENCE)) name=$2 start=$SECONDS rc=0 pid
	local out=$VM_DIR/case.out
	local events=$BED_RUN/results/events.log known
	local -a command
	read -ra command <<<"$3"

	tap_n=$((tap_n + 1))
	known=$(grep -sc '' "$events" || true)
	set -m
	(set +m; vm_inside "${command[@]}") >"$out" 2>&1 </dev/null &
	pid=$!
	set +m
	{
		while kill -0 "$pid"; do
			if ((SECONDS - start > limit)); then
				echo "took more than $limit s" >>"$out"
				kill -KILL -- "-$pid"
			fi
			sleep 0.1
		done
		wait "$pid" || rc=$?
	} 2>/dev/null
	if ((rc)); then
		if vm_is_lost "$out"; then
			bed_processors >"$VM_DIR/processors-$tap_n" 2>&1 || true
		else
			: >"$VM_DIR/failed"
		fi
		# What became of machines, too
		sed 's/^/# /' "$out" <(tail -n "+$((known + 1))" "$events" 2>/dev/null)
		tap_failed=$((tap_failed + 1))
		printf 'not '
	else
		sed -n 's/^note:/#/p' "$out"
	fi
	echo "ok $tap_n - $name # $((SECONDS - start)) s"
	vm_bed_lives
	if ((rc && $(bed_resets "$BED_RUN") > 0)); then
		echo "Bail out! a machine was reset that nobody asked for"
		exit 1
	fi
}

vm_needed() { vm_needs=${#vm_cases[@]}; }

vm_run_all()
{
	local i

	tap_plan $((${#vm_cases[@]} / 3))
	for ((i = 0; i < ${#vm_cases[@]}; i += 3)); do
		if ((i == vm_needs && tap_failed)); then
			echo "Bail out! the machines are not as they have to be"
			return
		fi
		vm_run "${vm_cases[@]:i:3}"
	done
}
