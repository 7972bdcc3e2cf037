#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# l1.sh one|many: runs in L1 while bed.sh measures, and does what the lines of its standard
# input ask for. Each is answered by one line of JSON; the rest goes to standard error.
#
#   rows		what can be measured: {"row": "address"}, or {"row": null} for a row
#			that this L1 cannot have, with "why"
#   machines N		start machines until N run; {"row": ["address", ...]}
#   stat [NAME]		what L1's kernel counts, and what the machine NAME says of its time
#   reasons on|off	count why machines exit; costs a little
#   pinned ROW		memory that cannot be swapped because of that row, in kB
#   stop		shut the machines down; the last one

set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
kind=$1
exec 3>&1 1>&2
GUEST_FILES="$HERE/../compare/guest.sh $HERE/serve.sh"
. "$HERE/../../testbed/guest/lib.sh"
. "$HERE/../../testbed/guest/subfunction.sh"
. "$HERE/../ways.sh"
# shellcheck source=bench/paper/one.sh
. "$HERE/$kind.sh"

KVM=/sys/kernel/debug/kvm
EXITS=/sys/kernel/tracing/events/kvm/kvm_exit

answer() { printf '%s\n' "$1" >&3; }

reasons()
{
	# { exit_reason: exit_npf } hitcount: 12
	[[ $(<"$EXITS/trigger") == *hist:* ]] || return 0
	sed -n 's/^{ exit_reason: *\([^ ]*\).*hitcount: *\([0-9]*\).*/"\1":\2/p' \
		"$EXITS/hist" | paste -sd,
}

# The first line of /proc/stat: user (with guest) nice system idle iowait irq softirq
# steal guest, in ticks of 10 ms
stat_l1()
{
	local key rest
	local -a field

	read -r -a field </proc/stat
	while read -r key rest; do
		[[ $key != intr ]] || break
	done </proc/stat
	printf '"user":%d,"system":%d,"idle":%d,"guest":%d,"interrupts":%d,"uptime":%s' \
		$((field[1] + field[2])) $((field[3] + field[6] + field[7])) \
		$((field[4] + field[5])) "${field[9]}" "${rest%% *}" \
		"$(cut -d' ' -f1 /proc/uptime)"
}

stat_all()
{
	local guest=null

	[[ ! ${1:-} ]] || guest=$(guest_agent "$1" guest-get-cpustats)
	printf '{%s,"exits":%d,"injections":%d,"reasons":{%s},"guest_cpu":%s}\n' \
		"$(stat_l1)" "$(<"$KVM/exits")" "$(<"$KVM/irq_injections")" \
		"$(reasons)" "$guest"
}

set_reasons()
{
	case $1 in
	on) echo 'hist:keys=exit_reason' >"$EXITS/trigger" ;;
	off) echo '!hist:keys=exit_reason' >"$EXITS/trigger" ;;
	esac
	answer '{}'
}

# What stays in the background must not keep the answers' end open.
prepare 3>&-
answer '{}'
while read -r request argument; do
	case $request in
	rows) answer "$(rows)" ;;
	machines) machines "$argument" 3>&-; answer "$(rows)" ;;
	stat) answer "$(stat_all "$argument")" ;;
	reasons) set_reasons "$argument" ;;
	pinned) answer "$(pinned "$argument")" ;;
	stop) stop 3>&-; answer '{}'; break ;;
	*) echo "l1.sh: what is '$request'?" >&2; exit 2 ;;
	esac
done
