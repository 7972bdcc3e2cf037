# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Functions for commands that run in a guest, which has this file. They wait in the
# guest, because each command that is sent to a guest takes a while.

set -eEuo pipefail
trap 'echo "in the guest, status $?: $BASH_COMMAND" >&2' ERR

PATH=$PATH:/	# /stream

# card MAC: the interface of a context, not one on top of it.
card()
{
	local dir

	for dir in /sys/class/net/*/device; do
		dir=${dir%/device}
		[[ $(cat "$dir/address" 2>/dev/null) != "$1" ]] || {
			echo "${dir##*/}"
			return
		}
	done
	return 1
}

has_no_card() { ! card "$1"; }

# The PCI address of an interface
pci_address() { basename "$(readlink -f "/sys/class/net/$1/device")"; }

# Does it decode its memory?
memory_is_on()
{
	[[ $(setpci -s "$(pci_address "$1")" COMMAND.w) == *[2367abef] ]]
}

# until_true SECONDS COMMAND...
until_true()
{
	local limit=$(($1 * VM_PATIENCE)) last
	shift

	last=$((SECONDS + limit))
	until "$@" >/dev/null 2>&1; do
		((SECONDS < last)) || {
			echo "not within $limit s: $*" >&2
			return 1
		}
		sleep 0.1
	done
}

has_carrier() { [[ $(cat "/sys/class/net/$1/carrier") == 1 ]]; }
has_no_carrier() { ! has_carrier "$1"; }

# net_up MAC NET HOST: an interface as cases expect it; prints its name.
net_up()
{
	local dev

	until_true 10 card "$1"
	dev=$(card "$1")
	ip link set "$dev" mtu 1500 up
	sysctl -qw "net.ipv6.conf.$dev.keep_addr_on_down=1" \
		"net.ipv6.conf.$dev.accept_dad=0"
	ip addr replace "198.18.$2.$3/24" dev "$dev"
	ip addr replace "fdcd:a0::$2:0:$3/96" dev "$dev" nodad
	until_true 10 has_carrier "$dev"
	echo "$dev"
}

# flow_start NAME COMMAND...: COMMAND again and again, until it fails. What watches it comes
# first: beside traffic as fast as it can be, each command would take seconds.
flow_start()
{
	local name=$1
	shift

	rm -f "/tmp/flow.$name".*
	echo 0 >"/tmp/flow.$name.count"
	# shellcheck disable=SC2016 # for the new shell
	setsid nice -n 19 bash -c 'name=$0 n=0
		while :; do
			"$@" || { echo "status $?" >"/tmp/flow.$name.end"; exit; }
			n=$((n + 1))
			# Without truncating it: what watches may look at any time.
			echo "$n" 1<>"/tmp/flow.$name.count"
		done' "$name" "$@" >"/tmp/flow.$name.log" 2>&1 </dev/null &
	echo $! >"/tmp/flow.$name.pid"
}

# Without another process
flow_count()
{
	local count

	read -r count <"/tmp/flow.$1.count"
	echo "$count"
}

flow_is_past() { (($(flow_count "$1") >= $2)); }

flow_lives()
{
	[[ ! -e /tmp/flow.$1.end ]] || {
		echo "flow $1 ended after $(flow_count "$1") rounds:" \
			"$(cat "/tmp/flow.$1.end" "/tmp/flow.$1.log")" >&2
		return 1
	}
}

# flow_moves NAME SECONDS: it does two more rounds, so that one is all new.
flow_moves()
{
	local count

	count=$(flow_count "$1")
	until_true "$2" flow_is_past "$1" $((count + 2)) || {
		flow_lives "$1" || true
		return 1
	}
	flow_lives "$1"
}

flow_end() { kill -- "-$(cat "/tmp/flow.$1.pid")" 2>/dev/null || true; }

# flow_stop NAME: end it; it must have lived until now.
flow_stop()
{
	flow_lives "$1"
	flow_end "$1"
}

# listen_start MAC [OPTION]: capture what a card hands up. Each frame goes to the file as
# it comes: otherwise up to a second of frames is with the kernel, and lost at the end.
listen_start()
{
	rm -f /tmp/tcpdump.log
	setsid tcpdump -Z root -n -i "$(card "$1")" ${2:+"$2"} \
		--immediate-mode -U -w /tmp/all.pcap >/tmp/tcpdump.log 2>&1 </dev/null &
	echo $! >/tmp/tcpdump.pid
	until_true 10 grep -qs listening /tmp/tcpdump.log
}

# With the last frames in its file
listen_end()
{
	local pid

	pid=$(cat /tmp/tcpdump.pid)
	kill -0 "$pid" 2>/dev/null || return 0
	sleep 0.3
	kill "$pid"
	until_true 10 eval "! kill -0 $pid"
}

# listen_count FILTER: print how many frames there were.
listen_count()
{
	tcpdump -Z root -n -e -r /tmp/all.pcap "$1" 2>/dev/null >/tmp/heard
	head -n 3 /tmp/heard >&2
	wc -l </tmp/heard
}

# lie_with PARAMETER...: see liar/. It has done its work when it cannot be loaded.
lie_with()
{
	local out

	out=$(insmod /cdna_liar.ko "$@" 2>&1 || true)
	[[ $out == *'Operation canceled'* ]] || { echo "$out" >&2; return 1; }
}

# lie_about_queue DEV SLOTS LIE: write what a device would write that lies. The addresses
# are read here, immediately before, because a restart moves the queues.
lie_about_queue()
{
	ethtool -d "$1" raw on >/tmp/registers
	lie_with status="$(register_64 76)" comp="$(register_64 124)" slots="$2" \
		lie="$3"
}

# register_64 OFFSET: a register of 64 bits, of those that were read last
register_64() { od -A n -t u8 -j "$1" -N 8 /tmp/registers | tr -d ' '; }

# Interrupts that an interface had.
interrupts()
{
	local irq sum=0 n

	for irq in "/sys/class/net/$1/device/msi_irqs/"*; do
		n=$(awk -v irq="${irq##*/}:" '$1 == irq {
			for (i = 2; $i ~ /^[0-9]+$/; i++)
				n += $i
			print n }' /proc/interrupts)
		sum=$((sum + ${n:-0}))
	done
	echo "$sum"
}

tcp_retransmitted()
{
	awk '$1 == "Tcp:" { if (n++) print $13 }' /proc/net/snmp
}
