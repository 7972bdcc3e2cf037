# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The test bed as functions, for session.sh and for scripts it runs. All of it
# lives in the namespaces of isolate.sh: this shell is process 1 there, and its
# network namespace holds the far ends of the NICs' wires (the peer).
#
#   bed_up             start the NICs and L1, wait until L1 can be used
#   bed_l1 COMMAND     run COMMAND in L1; the status is COMMAND's
#   bed_down           power L1 off, stop the NICs, see that they ended well
#   bed_log_clean      succeed if L1's kernel reported no bug since bed_up
#   bed_uplink ADDRESS...
#                      before bed_up: L1 gets an emulated igb, whose wire ends here
#                      as uplink0, or uplink1 for the second, which has these addresses
#   bed_processors     print what L1's processors do, three times in two seconds
#
# bed_up after bed_down boots again, with new NIC processes.
# NIC n has its wire on interface wire<n>, where this side is 198.18.<n>.1 and
# fdcd:a0::<n>:0:1. Status 125 is the bed's own failure, not the command's.

BED_QEMU=()		# more arguments for L1's QEMU, for scripts to fill
BED_APPEND=		# more arguments for L1's kernel
BED_CPUS=2		# processors of L1
BED_PORTS=6		# where NICs, and what else is plugged in, may go
BED_SAVED=yes		# L1 may start from a saved state, see state.sh
BED_WIRE=tap		# kind of the wires; tap-gso: segments go as one
BED_SHARE=on		# L1's memory is shared with the NICs; off breaks DMA
bed_dead=		# set once a part of the bed ended by itself
bed_boot=${BED_BOOT:-0}	# which boot this is, for the names of logs
bed_pids=()		# QEMU and the NICs
bed_uplinks=0		# emulated igb
declare -A bed_names=()	# pid -> what it is

bed_fail()
{
	say "testbed: $*"
	exit 125
}

bed_tool() { chroot "$BED_TOOLS" /usr/bin/env PATH=/usr/sbin:/usr/bin "$@"; }
# In the place of this shell: in the background, $! is the program itself.
bed_exec() { exec chroot "$BED_TOOLS" /usr/bin/env PATH=/usr/sbin:/usr/bin "$@"; }
bed_log() { printf '%s\n' "$BED_RUN/$1-$bed_boot.log"; }
# A path below our source tree as the tools tree sees it.
bed_inside() { printf '/cdna%s\n' "${1#"$TOP"}"; }

bed_wires()
{
	local n

	bed_tool ip link set lo up
	for ((n = 0; n < BED_NICS; n++)); do
		bed_tool ip tuntap add "wire$n" mode tap
		bed_tool ip link set "wire$n" address "02:cd:a0:ff:0$n:01" up
		bed_tool ip addr add "198.18.$n.1/24" dev "wire$n"
		bed_tool ip addr add "fdcd:a0::$n:0:1/96" dev "wire$n" nodad
	done
}

# It takes large segments.
bed_uplink()
{
	local address bus='' n=$bed_uplinks

	bed_uplinks=$((n + 1))
	# Virtual functions of two would meet on one bus; the last ports are spare.
	((n == 0)) || bus=,bus=port$((BED_PORTS - n))
	bed_tool ip tuntap add "uplink$n" mode tap vnet_hdr
	bed_tool ip link set "uplink$n" address "02:cd:a0:ff:ee:0$bed_uplinks" up
	for address in "$@"; do
		bed_tool ip addr add "$address" dev "uplink$n"
	done
	BED_QEMU+=(-netdev "tap,id=uplink$n,ifname=uplink$n,script=no,downscript=no"
		-device "igb,netdev=uplink$n,mac=02:cd:a0:ee:00:0$bed_uplinks,romfile=$bus")
}

bed_track()
{
	bed_pids+=("$1")
	bed_names[$1]=$2
}

bed_start_nic()
{
	local n=$1 log tries=0
	log=$(bed_log "nic$n")

	# Relative, because a socket's path may have only 107 characters.
	rm -f "$BED_TOOLS/run/nic$n.sock"
	(
		cd "$BED_TOOLS/run" || exit
		exec "$BED_NICD" --socket "nic$n.sock" --wire "$BED_WIRE:wire$n" \
			--mac "02:cd:a0:00:0$n:00" --contexts "$BED_CONTEXTS" \
			--mtu "$BED_MTU"
	) >"$log" 2>&1 </dev/null &
	bed_track $! "NIC $n"
	until [[ -S $BED_TOOLS/run/nic$n.sock ]]; do
		if ! kill -0 $! 2>/dev/null || ((tries++ == 100)); then
			tail -n 20 "$log" >&2
			bed_fail "NIC $n made no socket within 10 s (log: $log)"
		fi
		sleep 0.1
	done
}

# KVM for L1 is of use only if L1 can have KVM in turn.
bed_accelerator()
{
	local nested

	nested=$(cat /sys/module/kvm_{intel,amd}/parameters/nested 2>/dev/null ||
		true)
	if [[ $nested == [Y1]* && -r /dev/kvm && -w /dev/kvm ]]; then
		echo kvm
	else
		echo tcg
	fi
}

# bed_machine ARRAY: fill it with what makes L1's machine, which only in the name of the
# run's directory differs from run to run.
bed_machine()
{
	local -n into=$1
	local n

	into=(-nodefaults -no-user-config -display none -no-reboot
		-machine "q35,memory-backend=mem0" -smp "$BED_CPUS" -m "$BED_MEMORY")
	if [[ $(bed_accelerator) == kvm ]]; then
		into+=(-accel kvm -cpu host)
	else
		# Without la57: nested walks of two times four levels, not five
		into+=(-accel "tcg,thread=multi" -cpu "max,+svm,-la57")
	fi
	# A unit may take as long as the boot itself: with a debug kernel, some do.
	into+=(-kernel /tmp/l1/vmlinuz -initrd /tmp/l1/initrd -append
		"console=ttyS0 panic=-1 mitigations=off $BED_APPEND \
systemd.default_timeout_start_sec=$BOOT_TIMEOUT"
		-drive "if=none,id=root,file=/tmp/l1/root.erofs,format=raw,readonly=on"
		-device "virtio-blk-pci,drive=root"
		-device "virtio-rng-pci"
		-netdev "user,id=link,restrict=on,hostfwd=tcp:127.0.0.1:22-:22"
		-device "virtio-net-pci,netdev=link,mac=02:cd:a0:fe:00:01,romfile="
		-virtfs "local,path=/cdna,mount_tag=cdna,security_model=none,readonly=on,multidevs=remap"
		-virtfs "local,path=$(bed_inside "$BED_RUN/results"),mount_tag=results,security_model=none")
	# For the NICs, and spare ones to plug something into
	for ((n = 0; n < BED_PORTS; n++)); do
		into+=(-device "pcie-root-port,id=port$n,chassis=$n,slot=$n,mem-reserve=8M")
	done
	into+=("${BED_QEMU[@]}")
}

# bed_start_l1 [STATE]: with the NICs; for, or from, a saved state: without
bed_start_l1()
{
	local console n
	local -a args

	bed_machine args
	if [[ ! ${1:-} ]]; then
		for ((n = 0; n < BED_NICS; n++)); do
			args+=(-device "$(bed_nic "$n")")
		done
	elif [[ -e $1 ]]; then
		args+=(-incoming "file:/tmp/l1/${1##*/}")
	fi
	console=$(bed_inside "$(bed_log console)")
	# What its processors were doing when they were reset
	args+=(-d cpu_reset -D "$(bed_inside "$(bed_log cpu)")"
		-monitor "unix:/run/monitor.sock,server=on,wait=off"
		-qmp "unix:/run/qmp.sock,server=on,wait=off"
		-object "memory-backend-memfd,id=mem0,size=${BED_MEMORY}M,share=$BED_SHARE"
		-serial "file:$console")

	bed_exec qemu-system-x86_64 "${args[@]}" >"$(bed_log qemu)" 2>&1 </dev/null &
	bed_track $! "QEMU"
}

# Say why process $1 ended, with what helps to see it.
bed_explain_death()
{
	local name=${bed_names[$1]} console

	bed_dead=1
	# For lost.sh; the first one counts.
	[[ -e $BED_RUN/died ]] || echo "$name $2" >"$BED_RUN/died"
	console=$(bed_log console)
	say "testbed: $name ended unexpectedly (status $2)"
	if grep -q 'Kernel panic' "$console" 2>/dev/null; then
		say "L1's kernel panicked:"
		grep -m 1 -A 40 'Kernel panic' "$console" | tr -d '\r' >&2
	else
		tail -n 5 "$BED_RUN"/{qemu,nic?}-"$bed_boot".log >&2 || true
	fi
	say "logs: $BED_RUN"
}

# bed_wait PID: wait for PID, but not longer than the bed lives.
# Return: the status of PID, or 125 if a part of the bed died first.
bed_wait()
{
	local who="" rc=0

	wait -n -p who "$1" "${bed_pids[@]}" || rc=$?
	if [[ $who == "$1" ]]; then
		# ssh may see the end of the machine before we do.
		((rc == 255)) || return "$rc"
		sleep 0.5
		for who in "${bed_pids[@]}"; do
			kill -0 "$who" 2>/dev/null || break
			who=
		done
		[[ $who ]] || return "$rc"
		rc=0
		wait "$who" || rc=$?
	fi
	bed_explain_death "$who" "$rc"
	kill "$1" 2>/dev/null || true
	return 125
}

# Wait until L1's kernel logs LINE.
bed_logged()
{
	local console limit=$((SECONDS + BOOT_TIMEOUT))
	console=$(bed_log console)

	until grep -qs "$1" "$console"; do
		if ((SECONDS >= limit)); then
			echo "L1 was not up within $BOOT_TIMEOUT s (BOOT_TIMEOUT); its console:"
			tail -n 15 "$console"
			return 1
		fi
		sleep 0.3
	done
}

# bed_qmp COMMAND...: see qmp.py. A socket's path may have only 107 characters.
bed_qmp() { (cd "$BED_TOOLS/run" && exec "$TOP/testbed/qmp.py" qmp.sock "$@"); }

# bed_nic N: NIC n as a device of QEMU
bed_nic()
{
	printf '{"driver": "vfio-user-pci", "bus": "port%d", "socket":
		{"type": "unix", "path": "/run/nic%d.sock"}}' "$1" "$1"
}

# Plug the NICs into an L1 that has booted without them.
bed_plug()
{
	local n

	for ((n = 0; n < BED_NICS; n++)); do
		bed_qmp "{\"execute\": \"device_add\", \"arguments\": $(bed_nic "$n")}" ||
			return
	done
}

# bed_start [STATE]: wait until L1 is up, by itself or from STATE, which is saved if there
# is none, and has what testbed-join brings.
bed_start()
{
	if [[ ! ${1:-} ]]; then
		bed_logged 'testbed: L1 is up'
	elif [[ -e $1 ]]; then
		bed_resumed && bed_plug
	else
		bed_logged 'testbed: L1 is up' && bed_ssh -T testbed-settle &&
			bed_save "$1" && bed_plug
	fi && bed_ssh -T "testbed-join $BED_NICS $EPOCHSECONDS"
}

bed_up()
{
	local n state='' label="booting L1"

	bed_boot=$((bed_boot + 1))
	bed_pids=()
	mkdir -p "$BED_RUN/results" "$BED_TOOLS/tmp/l1"
	bed_accelerator >"$BED_RUN/accelerator"
	mountpoint -q "$BED_TOOLS/tmp/l1" ||
		mount --bind "$BED_L1" "$BED_TOOLS/tmp/l1"
	for ((n = 0; n < BED_NICS; n++)); do
		bed_start_nic "$n"
	done
	bed_has_state && state=$(bed_state)
	[[ ! -e $state ]] || label="starting L1 as it was when it had booted"
	bed_start_l1 "$state"
	progress "$label (accelerator: $(bed_accelerator))" \
		"$(bed_log boot)" bed_start "$state" &
	bed_wait $! || exit 125
}

# By QEMU's monitor, which echoes what it reads a letter at a time.
bed_processors()
{
	bed_tool timeout 20 perl -MIO::Socket::UNIX -e '
		$| = 1;
		my $qemu = IO::Socket::UNIX->new("/run/monitor.sock") or die "$!\n";
		for my $command ("", ("info registers -a") x 3) {
			local $/ = "(qemu) ";
			print $qemu "$command\n" if $command;
			my $said = <$qemu>;
			$said =~ s/^.*\r?\n//;
			print $said if $command;
			sleep 1 if $command;
		}' </dev/null
}

bed_versions()
{
	local why=

	[[ $(bed_accelerator) == kvm ]] ||
		why=" (this machine's KVM offers no nested KVM)"
	say "QEMU $(bed_tool qemu-system-x86_64 --version |
		sed -n '1s/.*version \([^ ]*\).*/\1/p'), accelerator" \
		"$(bed_accelerator)$why; L1: Linux $(<"$BED_L1/kernel")," \
		"$(paste -sd, "$BED_L1/versions" | sed 's/,/, /g')"
	# The NIC's own line: address, contexts, memory of the firmware's state
	sed -n 's/^\[.*cdna-nicd: \(NIC .*\)/\1/p' "$(bed_log nic0)" >&2
}

BED_SSH=(ssh -F none -o StrictHostKeyChecking=no -o LogLevel=ERROR
	-o UserKnownHostsFile=/dev/null -o BatchMode=yes -o Ciphers=aes128-ctr
	-o ControlPath=/run/l1.ssh)

# bed_ssh -T|-tt [COMMAND]
bed_ssh()
{
	local terminal=$1
	shift
	bed_tool "${BED_SSH[@]}" "$terminal" root@127.0.0.1 "$@"
}

# One login for all commands to come, until L1 ends: it is slow under emulation.
bed_stay_logged_in()
{
	bed_exec "${BED_SSH[@]}" -M -N root@127.0.0.1 \
		>"$(bed_log ssh)" 2>&1 </dev/null &
	until [[ -S $BED_TOOLS/run/l1.ssh ]] || ! kill -0 $! 2>/dev/null; do
		sleep 0.1
	done
}

bed_l1()
{
	bed_ssh -T "$@" <&0 &
	bed_wait $!
}

# bed_l1_terminal [COMMAND]: the same with a terminal.
bed_l1_terminal()
{
	bed_ssh -tt "$@" <&0 &
	bed_wait $!
}

bed_down()
{
	local pid rc failed=0 limit=$((SECONDS + 90))
	local -a pids=("${bed_pids[@]}")
	local qemu=${pids[-1]}

	[[ ! $bed_dead ]] || return 125
	bed_pids=()
	bed_ssh -T systemctl poweroff </dev/null >/dev/null 2>&1 || true
	while kill -0 "$qemu" 2>/dev/null; do
		((SECONDS < limit)) || {
			kill -KILL "$qemu"
			say "testbed: L1 did not power off within 90 s (logs: $BED_RUN)"
			failed=125
		}
		sleep 0.2
	done
	for pid in "${pids[@]}"; do
		[[ $pid == "$qemu" ]] || kill -TERM "$pid" 2>/dev/null || true
		rc=0
		wait "$pid" || rc=$?
		((rc == 0)) || {
			say "testbed: ${bed_names[$pid]} ended with status $rc" \
				"(logs: $BED_RUN)"
			failed=125
		}
	done
	return "$failed"
}

bed_log_clean()
{
	! grep -aE 'WARNING:|BUG:|Oops|Call Trace|Kernel panic|rcu:.*stall|UBSAN:|KASAN:' \
		"$(bed_log console)"
}
