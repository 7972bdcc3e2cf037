#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The one way to boot the test bed; see usage() and Documentation/testbed.rst.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
tied "$@"

usage()
{
	cat <<-'END'
	usage: testbed/shell.sh [OPTION]... [COMMAND]

	Boot the L1 host with its NICs, run COMMAND in it, and shut it down.
	The status is COMMAND's; 125 means that the test bed itself failed.
	Without COMMAND: a root shell, ended by Ctrl-D.

	  --nics N       NICs to attach, 1 or 2 (default 1)
	  --contexts N   contexts of each NIC, 1 to 32 (default 32)
	  --memory MIB   memory of L1 (default 3072)
	  --mtu N        MTU of the NICs' wires, 576 to 9000 (default 1500)
	  --script FILE  run FILE on this machine, beside L1, instead of COMMAND;
	                 it is bash and has the functions of testbed/bed.sh
	  --nicd FILE    the NIC process (default build/cdna-nicd)
	  --help         this text

	Environment: BOOT_TIMEOUT, seconds until L1 must be up (default 300);
	L1_KERNEL=debug, see testbed/debug/kernel.sh: L1 has twice the memory then;
	GUEST_KERNEL and GUEST_MEMORY, see testbed/guest/image.sh.
	END
}

need_number()
{
	[[ $2 =~ ^[0-9]{1,9}$ && $2 -ge $3 && $2 -le $4 ]] ||
		die "$1 wants a number from $3 to $4, not '$2'"
}

export BED_NICS=1 BED_CONTEXTS=32 BED_MEMORY=3072 BED_MTU=1500
export BED_SCRIPT=
export BED_NICD=$BUILD/cdna-nicd BOOT_TIMEOUT=${BOOT_TIMEOUT:-300}
while (($#)); do
	[[ $1 == --* ]] || break
	case $1 in
	--help) usage; exit ;;
	--nics | --contexts | --memory | --mtu | --script | --nicd)
		(($# > 1)) || die "$1 needs a value; see --help" ;;&
	--nics) BED_NICS=$2 ;;
	--contexts) BED_CONTEXTS=$2 ;;
	--memory) BED_MEMORY=$2 ;;
	--mtu) BED_MTU=$2 ;;
	--script) BED_SCRIPT=$(realpath -e "$2") || exit 1 ;;
	--nicd) BED_NICD=$(realpath -e "$2") || exit 1 ;;
	*) die "unknown option '$1'; see --help" ;;
	esac
	shift 2
done
need_number --nics "$BED_NICS" 1 2
need_number --contexts "$BED_CONTEXTS" 1 32
need_number --memory "$BED_MEMORY" 1024 1048576
need_number --mtu "$BED_MTU" 576 9000
# What KASAN and lockdep keep
[[ ${L1_KERNEL:-stock} == stock ]] || BED_MEMORY=$((BED_MEMORY * 2))
need_number BOOT_TIMEOUT "$BOOT_TIMEOUT" 1 86400
[[ -x $BED_NICD ]] || die "$BED_NICD is not there; run: make firmware"
[[ -r /dev/net/tun && -w /dev/net/tun ]] ||
	die "/dev/net/tun cannot be opened by $(id -un); the NIC's wire needs it:" \
		"sudo chmod 666 /dev/net/tun, or run as root"

# A closed standard input would become some file of QEMU's.
[[ -e /proc/self/fd/0 ]] || exec </dev/null

BED_TOOLS=$("$TOP/testbed/tools.sh")
BED_L1=$("$TOP/testbed/l1.sh")
"$TOP/testbed/guest/image.sh"
mkdir -p "$BUILD/testbed"
# Logs of the last few runs stay.
find "$BUILD/testbed" -maxdepth 1 -name 'run.*' -mmin +5 -printf '%T@ %p\n' |
	sort -rn | tail -n +10 | cut -d' ' -f2- | xargs -r rm -rf
BED_RUN=$(mktemp -d "$BUILD/testbed/run.XXXXXX")
chmod 755 "$BED_RUN"
export BED_TOOLS BED_L1 BED_RUN

# Not exec: this shell stays to die of a signal, which takes the rest along,
# and to put the terminal back as it was.
if [[ -t 0 ]]; then
	terminal=$(stty -g)
	trap 'stty "$terminal" 2>/dev/null || true' EXIT
fi
rc=0
"$TOP/testbed/isolate.sh" "$TOP/testbed/session.sh" "$@" || rc=$?
((rc == 0)) || say "testbed: status $rc (logs: ${BED_RUN#"$PWD/"})"
exit "$rc"
