# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Guests (L2) of the test bed, as functions for scripts that run in L1:
#
#	. /cdna/testbed/guest/lib.sh
#	guest_host
#	guest_context context1.xml
#	guest_define vm1 domain-one-context.xml
#	guest_start vm1
#	guest_run vm1 'lspci -nn; uname -r'
#	guest_stop vm1
#
# All of it goes through libvirt, with the files of libvirt-xml/ as they are,
# except for what is said at guest_define. Commands reach a guest through its agent,
# so they need no network. Functions return a status other than 0 and say why on
# standard error when something fails.
#
#   guest_host [NIC-MODULE-ARGUMENT]...
#		make L1 ready: KVM, cdna_mdev, libvirt. Once. From then on
#		/results/events.log shows what happened to machines
#   guest_context FILE [SED-SCRIPT]...
#		create a context by virsh nodedev-create; print its uuid
#   guest_bridge NAME	a bridge over L1's (first) igb (bed_uplink), up
#   guest_softnic [MODULE-ARGUMENT]...
#		load cdna_softnic, for contexts over L1's own networking
#   guest_softnic_context UUID MAC [TYPE]
#		create a context of it by mdevctl, of type "context" or "virtio"; print the
#		name of its port
#   guest_context_remove UUID
#   guest_sysfs UUID	print the directory of that mediated device
#   guest_define NAME FILE [SED-SCRIPT]...
#		define a domain by virsh define
#   guest_start NAME...
#		start guests, side by side, and wait until all can be used
#   guest_boot NAME...	the same, and once more each that is lost while it boots,
#		which happens where L1 is emulated; that is logged
#   guest_run NAME COMMAND
#		run COMMAND by bash in the guest: its output, its status. Does
#		not read standard input. A signal N gives status 128 + N, and
#		125 is a guest that does not answer
#   guest_plug NAME UUID, guest_unplug NAME UUID
#		plug the card of a context into a guest that runs, and out
#   guest_stop NAME...	shut down through the agent, and wait
#   guest_kill NAME...	virsh destroy
#   guest_log NAME	print the path of its console's log, of all its boots
#   guest_log_clean NAME
#		succeed if its kernel reported no bug, on the console or in dmesg
#
# Environment, read when guests start:
#   GUEST_FILES	more files for the guests' root directory, from L1
#   GUEST_ARGS	more arguments for the guests' kernel; cdna.nodriver leaves
#		cdna_guest.ko unloaded (it is /cdna_guest.ko in the guest)
#   GUEST_BOOT	"firmware": guest_define leaves it to the firmware what boots
#   GUEST_TIMEOUT	seconds until guests must be up (120)
#   GUEST_SILENT	seconds until their kernels must say something (the same)
#
# A guest has L1's programs, one processor, 384 MiB, no udev: its cards are eth0
# and on. `virsh console NAME` gives a shell in it.

GUEST_CDNA=/cdna
GUEST_BUILT=$GUEST_CDNA/build/modules/l1/kernel
# GUEST_MODULES, GUEST_MEMORY: what image.sh was given
. "$GUEST_CDNA/build/guest/settings"
GUEST_DRIVER=$GUEST_CDNA/build/modules/$GUEST_MODULES/kernel/cdna_guest/cdna_guest.ko
GUEST_DIR=/run/cdna-guest
GUEST_TIMEOUT=${GUEST_TIMEOUT:-120}

guest_say() { printf 'guest: %s\n' "$*" >&2; }
# Standard input closed: virsh would take it for its commands.
guest_virsh() { virsh -q "$@" </dev/null; }
guest_log() { printf '/results/%s-console.log\n' "$1"; }
guest_sysfs() { printf '/sys/bus/mdev/devices/%s\n' "$1"; }

guest_host()
{
	mkdir -p "$GUEST_DIR"
	# libvirt takes a while to start, and looks for devices when it does.
	modprobe -q kvm_amd || modprobe -q kvm_intel || {
		guest_say "L1 has no KVM"
		return 1
	}
	modprobe -a mdev vfio vfio_iommu_type1 || return
	[[ -d /sys/module/cdna_mdev ]] ||
		insmod "$GUEST_BUILT/cdna_mdev/cdna_mdev.ko" "$@" || return
	guest_virsh version >/dev/null || return
	guest_events qemu:///system
}

# What became of machines: resets above all.
guest_events()
{
	setsid virsh -c "$1" qemu-monitor-event --loop --timestamp \
		>>/results/events.log 2>&1 </dev/null &
}

# guest_edit FILE SED-SCRIPT...: FILE of libvirt-xml/, or a path, edited.
guest_edit()
{
	local file=$1 script
	local -a args=(-e '')
	shift

	[[ $file == */* ]] || file=$GUEST_CDNA/libvirt-xml/$file
	for script in "$@"; do
		args+=(-e "$script")
	done
	sed "${args[@]}" "$file"
}

guest_context()
{
	local file=$GUEST_DIR/context.$BASHPID.xml uuid

	guest_edit "$@" >"$file" || return
	guest_virsh nodedev-create "$file" >&2 || return
	uuid=$(sed -n 's|.*<uuid>\(.*\)</uuid>.*|\1|p' "$file")
	rm "$file"
	printf '%s\n' "$uuid"
}

guest_bridge()
{
	local igb

	modprobe -a igb bridge || return
	udevadm settle
	igb=$(ip -o link | sed -n 's/^[0-9]*: \([^:]*\):.*02:cd:a0:ee:00:01 .*/\1/p')
	[[ $igb ]] || return
	ip link add "$1" type bridge forward_delay 0 || return
	ip link set "$1" address 02:cd:a0:ee:00:10
	ip link set "$igb" master "$1"
	ip link set "$igb" up
	ip link set "$1" up
}

guest_softnic()
{
	[[ -d /sys/module/cdna_fw ]] ||
		insmod "$GUEST_BUILT/../nic-firmware/core/cdna_fw.ko" || return
	insmod "$GUEST_BUILT/cdna_softnic/cdna_softnic.ko" "$@"
}

guest_softnic_context()
{
	mdevctl start --uuid "$1" --parent cdna_softnic \
		--type "cdna_softnic-${3:-context}" || return
	echo "$2" >"$(guest_sysfs "$1")/mac_address" || return
	echo "cdna$(<"$(guest_sysfs "$1")/context")"
}

guest_context_remove()
{
	local name

	for name in $(guest_virsh nodedev-list --cap mdev); do
		[[ $name == mdev_${1//-/_}_* ]] || continue
		guest_virsh nodedev-destroy "$name" >&2
		return
	done
	guest_say "there is no context $1"
	return 1
}

# What stays constant, then what the driver of today is: the kernel takes
# several archives in one file.
guest_initrd()
{
	local dir=$GUEST_DIR/root

	rm -rf "$dir"
	mkdir -p "$dir/guest"
	[[ ! -e $GUEST_DRIVER ]] || cp "$GUEST_DRIVER" "$dir/guest/"
	# shellcheck disable=SC2086 # a list
	[[ ! ${GUEST_FILES:-} ]] || cp $GUEST_FILES "$dir/guest/" || return
	{
		cat "$GUEST_CDNA/build/guest/initrd"
		(cd "$dir" && find . | cpio -o -H newc -R 0:0 --quiet)
	} >"$GUEST_DIR/initrd.new" || return
	# Guests that run keep the one that they booted from.
	mv "$GUEST_DIR/initrd.new" "$GUEST_DIR/initrd"
	chmod 644 "$GUEST_DIR/initrd"
}

# What the bed changes in a domain, apart from SED-SCRIPTs: its name; its memory,
# if the bed was started with GUEST_MEMORY; L1's own read-only disk instead of an
# image; a kernel and an initrd of our own, which boot in less time than a disk;
# and a log of the console.
guest_define()
{
	local name=$1 file=$GUEST_DIR/$1.xml boot
	shift

	boot="<kernel>$GUEST_CDNA/build/guest/vmlinux</kernel>"
	boot+="<initrd>$GUEST_DIR/initrd</initrd><cmdline>console=ttyS0 loglevel=5"
	boot+=" mitigations=off cdna.name=$name ${GUEST_ARGS:-}</cmdline>"
	[[ ${GUEST_BOOT:-} != firmware ]] || boot=
	[[ -e $GUEST_DIR/initrd ]] || guest_initrd || return
	guest_edit "$@" "s|<name>.*</name>|<name>$name</name>|" \
		"s|</os>|$boot</os>|" \
		"${GUEST_MEMORY:+s|<memory.*>[0-9]*<|<memory unit='MiB'>$GUEST_MEMORY<|}" \
		"s|<disk type='file'|<disk type='block'|" \
		"s|type='qcow2'|type='raw'|" \
		"s|<source file='.*'/>|<source dev='/dev/vda'/><readonly/><shareable/>|" \
		"s|<serial type='pty'/>|<serial type='pty'><log file='$(guest_log "$name")' append='on'/></serial>|" \
		>"$file" || return
	guest_virsh define "$file" >&2
}

guest_log_size() { stat -c %s "$(guest_log "$1")" 2>/dev/null || echo 0; }
guest_running() { [[ $(guest_virsh domstate "$1" 2>/dev/null) == running ]]; }
# The same for one that libvirt here has started, without the second that virsh takes
# beside machines that boot.
guest_lives() { [[ -e /run/libvirt/qemu/$1.pid ]]; }

guest_answers()
{
	guest_virsh qemu-agent-command "$1" '{"execute":"guest-ping"}' \
		>/dev/null 2>&1
}

# guest_wait NAME [OFFSET]: until it can be used. What its console said before
# OFFSET, in bytes, was another boot.
guest_wait()
{
	local name=$1 from=$((${2:-0} + 1)) limit=$((SECONDS + GUEST_TIMEOUT))
	local silent=$((SECONDS + ${GUEST_SILENT:-$GUEST_TIMEOUT})) said

	while :; do
		said=$(tail -c "+$from" "$(guest_log "$name")" 2>/dev/null |
			tr -d '\0' || true)
		if [[ $said == *'guest: ready'* ]] && guest_answers "$name"; then
			return
		elif [[ $said == *'Kernel panic'* ]]; then
			guest_say "$name panicked while it booted; its console:"
		elif ! guest_lives "$name"; then
			guest_say "$name ended while it booted; its console:"
		elif ((SECONDS >= limit)); then
			guest_say "$name was not up within $GUEST_TIMEOUT s; its console:"
		elif ((SECONDS >= silent)) && [[ $said != *'guest: kernel'* ]]; then
			guest_say "$name was not up within $GUEST_SILENT s, nor its kernel;" \
				"its console:"
		else
			sleep 0.5
			continue
		fi
		tail -n 15 <<<"$said" >&2
		return 1
	done
}

guest_start()
{
	local name pid rc=0
	local -a starts=()
	local -A from=()

	guest_lost=("$@")
	guest_initrd || return
	for name in "$@"; do
		from[$name]=$(guest_log_size "$name")
		guest_virsh start "$name" >&2 &
		starts+=($!)
	done
	for pid in "${starts[@]}"; do
		wait "$pid" || rc=$?
	done
	((rc == 0)) || return "$rc"
	guest_lost=()
	for name in "$@"; do
		guest_wait "$name" "${from[$name]}" || guest_lost+=("$name")
	done
	((${#guest_lost[@]} == 0))
}

guest_boot()
{
	local name

	# A guest that is only slow has a kernel that runs.
	GUEST_SILENT=$((GUEST_TIMEOUT / 2)) guest_start "$@" && return
	for name in "${guest_lost[@]}"; do
		echo "note: $name was lost while it booted; starting it once more" >&2
		! guest_running "$name" || guest_kill "$name" || return
		guest_until_off "$name" 10 || return
		guest_start "$name" || return
	done
}

guest_command()
{
	guest_virsh qemu-agent-command "$1" \
		"{\"execute\":\"$2\",\"arguments\":${3:-{\}}}"
}

# guest_agent NAME COMMAND [ARGUMENTS]: one command of the agent, with its
# arguments as JSON; print what it returned.
guest_agent()
{
	local reply

	reply=$(guest_command "$@") || return
	jq -c .return <<<"$reply"
}

# guest_exec NAME ARGUMENTS: run what guest-exec is given: its output, its status. Few
# processes do it: under emulation, they are slow.
guest_exec()
{
	local name=$1 pid reply pause=0.1 decode='// "" | @base64d'

	reply=$(guest_command "$name" guest-exec "$2") || return 125
	[[ $reply =~ '"pid":'([0-9]+) ]] || return 125
	pid=${BASH_REMATCH[1]}
	while :; do
		reply=$(guest_command "$name" guest-exec-status "{\"pid\":$pid}") ||
			return 125
		[[ $reply != *'"exited":true'* ]] || break
		sleep "$pause"
		pause=0.3
	done
	jq -j ".return.\"out-data\" $decode" <<<"$reply"
	jq -j ".return.\"err-data\" $decode" <<<"$reply" >&2
	return "$(jq '.return |
		if .signal then 128 + .signal else .exitcode end' <<<"$reply")"
}

guest_run()
{
	guest_exec "$1" "$(jq -nc --arg c "$2" '{path: "/bin/bash",
		arg: ["-c", $c], env: ["PATH=/usr/sbin:/usr/bin", "HOME=/root"],
		"capture-output": true}')"
}

# The <hostdev> of domain-one-context.xml, of another context.
guest_hostdev()
{
	guest_edit domain-one-context.xml "s|<address uuid=.*/>|<address uuid='$1'/>|" |
		sed -n '/^ *<hostdev/,/<\/hostdev>/p' >"$GUEST_DIR/hostdev.xml"
}

guest_plug()
{
	guest_hostdev "$2"
	guest_virsh attach-device "$1" "$GUEST_DIR/hostdev.xml" >&2
}

guest_unplug()
{
	guest_hostdev "$2"
	guest_virsh detach-device "$1" "$GUEST_DIR/hostdev.xml" >&2
}

# guest_until_off NAME SECONDS
guest_until_off()
{
	local limit=$((SECONDS + $2))

	until [[ $(guest_virsh domstate "$1") == 'shut off' ]]; do
		if ((SECONDS >= limit)); then
			guest_say "$1 did not shut down within $2 s"
			return 1
		fi
		sleep 0.3
	done
}

guest_stop()
{
	local name

	for name in "$@"; do
		guest_virsh shutdown --mode agent "$name" >&2 || return
	done
	for name in "$@"; do
		guest_until_off "$name" 30 || return
	done
}

guest_kill()
{
	local name

	for name in "$@"; do
		guest_virsh destroy "$name" >&2 || return
	done
}

GUEST_BUGS='WARNING:|BUG:|Oops|Call Trace|Kernel panic|rcu:.*stall|UBSAN:|KASAN:'
GUEST_BUGS+='|NETDEV WATCHDOG'

guest_log_clean()
{
	local rc=0

	! grep -aE "$GUEST_BUGS" "$(guest_log "$1")" >&2 || rc=1
	! guest_running "$1" ||
		guest_run "$1" "! dmesg | grep -E '$GUEST_BUGS'" >&2 || rc=1
	return "$rc"
}
