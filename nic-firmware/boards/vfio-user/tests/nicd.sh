#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# nicd.sh [PROGRAM]: cdna-nicd as a process (TAP): its command line, signals,
# sockets, wire and capture, from start to end.

set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
nicd=$(realpath "${1:-$here/../../../../build/cdna-nicd}")
version=$("$here/../../../../scripts/version.sh")
dir=$(mktemp -d)
cd "$dir"
trap 'rm -rf "$dir"' EXIT

# A test is a function whose every command has to succeed. It runs in a shell
# of its own, because the shell overlooks failures in what is part of a
# condition, and takes its processes with it.
pids=()
end_processes()
{
	local pid

	for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
	wait 2>/dev/null || true
}

n=0 failed=0
tap()
{
	local name=$1 rc
	shift

	n=$((n + 1))
	set +e
	(
		set -e
		trap end_processes EXIT
		mkdir "$n"
		cd "$n"
		"$@"
		if compgen -G '*.sock' || [[ -e wire ]]; then
			echo "left behind"
			exit 1
		fi
	) >out.txt 2>&1
	rc=$?
	set -e
	if ((rc)); then
		sed -e 's/^/# /' -e "\$a\\" out.txt
		echo "not ok $n - $name"
		failed=1
	else
		echo "ok $n - $name"
	fi
}

# within SECONDS COMMAND...: it succeeds sooner or later
within()
{
	local end=$((SECONDS + $1))
	shift

	until "$@"; do
		((SECONDS < end)) || { echo "not in time: $*"; return 1; }
		sleep 0.05
	done
}

# start NAME OPTION...: in the background; NAME.sock, NAME.log; sets pid
start()
{
	local name=$1
	shift

	# Not that of the one before it
	rm -f "$name.log"
	"$nicd" --socket "$name.sock" "$@" 2>"$name.log" &
	pid=$!
	pids+=("$pid")
	within 5 grep -qs 'waiting for a client' "$name.log"
}

# stop PID [SIGNAL]: it ends by itself and immediately, with status 0
stop()
{
	local rc=0

	kill "-${2:-TERM}" "$1"
	timeout -s KILL 5 tail --pid="$1" -f /dev/null || kill -9 "$1"
	wait "$1" || rc=$?
	((rc == 0)) || { echo "ended with status $rc"; return 1; }
}

# refused STATUS TEXT OPTION...: says TEXT and ends with STATUS
refused()
{
	local status=$1 text=$2 rc=0
	shift 2

	timeout 5 "$nicd" "$@" >said.txt 2>&1 || rc=$?
	cat said.txt
	[[ $rc == "$status" ]] || { echo "status $rc"; return 1; }
	grep -qF -- "$text" said.txt
}

# What a peer on the wire does: send so many frames
send_frames()
{
	perl -MSocket -e '
		socket(my $s, AF_UNIX, SOCK_SEQPACKET, 0) or die $!;
		connect($s, pack_sockaddr_un($ARGV[0])) or die $!;
		for my $i (1 .. $ARGV[1]) {
			my $f = pack("H12 H12 n C x59", "ffffffffffff",
				     "020000000099", 0x88b5, $i);
			defined(send($s, $f, 0)) or die $!;
		}
		sleep 1' "$1" "$2"
}

# Something that is not a client: random bytes, then silence, then the end
send_garbage()
{
	perl -MSocket -e '
		srand($ARGV[1]);
		socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die $!;
		connect($s, pack_sockaddr_un($ARGV[0])) or die $!;
		$SIG{PIPE} = "IGNORE";
		send($s, pack("C*", map { int(rand(256)) } 1 .. 4000), 0)' \
		"$1" "$2"
}

help_is_a_page()
{
	"$nicd" --help >page
	grep -q '^SYNOPSIS' page && grep -q -- '--wire unix:PATH' page &&
		grep -q SIGUSR1 page && grep -q '^EXIT STATUS' page &&
		[[ $("$nicd" --version) == "cdna-nicd: firmware $version, ABI "[0-9]* ]]
}

bad_options()
{
	refused 2 '--socket PATH is missing'
	refused 2 '--frobnicate' --socket a --frobnicate
	refused 2 '--wire eth0: give tap:NAME, tap-gso:NAME or unix:PATH' --socket a --wire eth0
	refused 2 '--mac 01:00:00:00:00:00: give a unicast' --socket a \
		--mac 01:00:00:00:00:00
	refused 2 '--contexts 0: give a number from 1 to' --socket a --contexts 0
	refused 2 '--mtu 100: give a number from 576 to 9000' --socket a --mtu 100
	refused 2 '--log /no/such/file: No such file' --socket a --log /no/such/file
	refused 1 '--pcap /no/such/file: No such file' --socket a \
		--pcap /no/such/file
	refused 1 'exists and is not a socket' --socket said.txt
	[[ ! -e a ]]
}

counters_and_a_clean_end()
{
	start one
	[[ -S one.sock ]]
	kill -USR1 "$pid"
	within 5 grep -q 'end of counters' one.log
	grep -q '^client.connections 0$' one.log
	grep -q '^nic.wire_rx_frames 0$' one.log
	stop "$pid"
	[[ ! -e one.sock ]]
}

interrupt_key()
{
	start one
	# A job in the background ignores it unless it asks for it.
	stop "$pid" INT
	[[ ! -e one.sock ]]
}

a_dead_socket_is_replaced()
{
	start one
	kill -9 "$pid"
	wait "$pid" 2>/dev/null || true
	[[ -S one.sock ]]
	start one
	stop "$pid"
}

a_live_socket_is_kept()
{
	start one
	refused 1 'another cdna-nicd serves it' --socket one.sock
	[[ -S one.sock ]]
	stop "$pid"
}

log_goes_to_a_file()
{
	echo before >file.log
	"$nicd" --socket one.sock --log file.log 2>err.txt &
	pids+=($!)
	within 5 grep -q 'waiting for a client' file.log
	stop $!
	grep -q before file.log
	[[ ! -s err.txt ]]
}

# ticks PID: processor time that it took, in hundredths of a second
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

idle_is_idle()
{
	local before a b

	start one --wire unix:wire
	a=$pid
	start two --wire unix:wire
	b=$pid
	sleep 0.5
	before=$(($(ticks "$a") + $(ticks "$b")))
	sleep 2
	before=$(($(ticks "$a") + $(ticks "$b") - before))
	echo "$before hundredths of a second in two seconds"
	stop "$a"
	stop "$b"
	((before <= 10))
}

# link_is up|down NAME: by the last that it said. It may go up and down more
# than once until the two have agreed on who listens.
link_is()
{
	[[ $(grep -o 'link is [a-z]*' "$2.log" | tail -n 1) == "link is $1" ]]
}

two_nics_back_to_back()
{
	local a b

	start one --wire unix:wire
	a=$pid
	start two --wire unix:wire
	b=$pid
	within 10 link_is up one
	within 10 link_is up two
	# The one that listens dies; the other takes its part.
	kill -9 "$a"
	wait "$a" 2>/dev/null || true
	within 10 link_is down two
	start one --wire unix:wire
	a=$pid
	within 10 link_is up one
	within 10 link_is up two
	stop "$b"
	within 10 link_is down one
	stop "$a"
	[[ ! -e wire && ! -e one.sock && ! -e two.sock ]]
}

# frames_in FILE: how many tcpdump finds there
frames_in() { tcpdump --count -nr "$1" 2>tcpdump.txt; }
has_frames() { [[ $(frames_in "$1") == "$2 packets" ]]; }

capture()
{
	start one --wire unix:wire --pcap wire.pcap
	send_frames wire 5
	# Written out within a second, while it runs
	within 3 has_frames wire.pcap 5
	send_frames wire 3
	stop "$pid"
	has_frames wire.pcap 8
	tcpdump -enr wire.pcap 2>/dev/null | grep -q '02:00:00:00:00:99'
	grep -q 'link-type EN10MB' tcpdump.txt
}

garbage()
{
	local i

	start one
	for ((i = 0; i < 50; i++)); do send_garbage one.sock "$i"; done
	kill -USR1 "$pid"
	within 5 grep -q 'end of counters' one.log
	grep -q '^client.connections 50$' one.log
	stop "$pid"
}

echo 1..11
tap 'help reads like a manual page' help_is_a_page
tap 'the answer to bad input says what to change' bad_options
tap 'SIGUSR1 prints counters, SIGTERM ends cleanly' counters_and_a_clean_end
tap 'SIGINT ends cleanly' interrupt_key
tap 'the socket of a dead process is replaced' a_dead_socket_is_replaced
tap 'the socket of a live process is not' a_live_socket_is_kept
tap 'the log goes to a file' log_goes_to_a_file
tap 'an idle NIC takes no processor time' idle_is_idle
tap 'two NICs back to back, and either may restart' two_nics_back_to_back
if command -v tcpdump >/dev/null; then
	tap 'tcpdump reads the capture' capture
else
	n=$((n + 1))
	echo "ok $n - tcpdump reads the capture # SKIP there is no tcpdump"
fi
tap 'garbage is not a client' garbage
exit "$failed"
