# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Another host for machines to move to, within L1: a second libvirt, with an identifier, a
# configuration and a state of its own. Kernel and devices are the same. Functions for
# scripts that have lib.sh of this directory:
#
#	guest_second_host
#	guest_move vm1 "$GUEST_HERE" "$GUEST_THERE" 10 s/UUID/NEW-UUID/
#
#   guest_second_host	start it, once, after guest_host
#   guest_second_end	end it; no machine is there
#   guest_move NAME FROM TO SECONDS SED-SCRIPT
#		move a machine that runs from one libvirt to another, by their addresses,
#		and print what virsh domjobinfo says of that. Its XML is edited for the
#		destination, where contexts have other uuids. A machine that writes faster
#		than its memory travels, where both are emulated, is paused after SECONDS
#   guest_memory_travels NAME
#		wait until it moves away, and some of its memory has left
#   guest_may_move	for guest_define: the machine may move
#   guest_end_there NAME
#		end a machine at the second libvirt, if it is there

GUEST_SECOND=/run/cdna-second
GUEST_HERE=qemu:///system
GUEST_THERE="qemu+unix:///system?socket=$GUEST_SECOND/libvirt-sock"

# Edits of a domain for guest_define, with which QEMU lets a machine move whose first card
# logs no dirty pages
# shellcheck disable=SC2034 # for those who source this
guest_may_move=(
	"s|^<domain|& xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'|"
	"s|</devices>|&<qemu:override><qemu:device alias='hostdev0'><qemu:frontend>\
<qemu:property name='enable-migration' type='string' value='on'/>\
</qemu:frontend></qemu:device></qemu:override>|")

# Directories of a libvirt that two cannot share
guest_second_dirs=(etc/libvirt run/libvirt var/lib/libvirt var/log/libvirt
	var/cache/libvirt)

# What the first one knows of QEMU takes seconds to find out.
guest_second_files()
{
	local dir

	for dir in "${guest_second_dirs[@]}"; do
		mkdir -p "/$dir" "$GUEST_SECOND/$dir" || return
	done
	for dir in etc var/cache; do
		cp -a "/$dir/libvirt/." "$GUEST_SECOND/$dir/libvirt" || return
	done
	rm -rf "$GUEST_SECOND"/etc/libvirt/qemu/*.xml
	cat >>"$GUEST_SECOND/etc/libvirt/libvirtd.conf" <<-END
		host_uuid = "cda00000-0000-4000-8000-0000000000ff"
		unix_sock_dir = "$GUEST_SECOND"
	END
	echo 'cgroup_controllers = [ ]' >>"$GUEST_SECOND/etc/libvirt/qemu.conf"
}

# In a mount namespace of its own. Both call their first machine the same, and would tell
# systemd of it.
guest_second_run()
{
	local dir

	for dir in "${guest_second_dirs[@]}"; do
		mount --bind "$GUEST_SECOND/$dir" "/$dir" || return
	done
	export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent
	virtlogd -d -p /run/libvirt/virtlogd.pid || return
	exec libvirtd -p /run/libvirt/libvirtd.pid
}

guest_second_host()
{
	local tries=0

	guest_second_files || return
	setsid unshare --mount bash -c '. /cdna/testbed/guest/lib.sh
		. /cdna/testbed/guest/move.sh
		guest_second_run' >/results/second-libvirtd.log 2>&1 </dev/null &
	until guest_virsh -c "$GUEST_THERE" version >/dev/null 2>&1; do
		if ((tries++ == 100)) || ! kill -0 $!; then
			guest_say "the second libvirt does not answer:"
			tail /results/second-libvirtd.log >&2
			return 1
		fi
		sleep 0.3
	done
	guest_events "$GUEST_THERE"
}

guest_second_end()
{
	kill "$(<"$GUEST_SECOND/run/libvirt/libvirtd.pid")" \
		"$(<"$GUEST_SECOND/run/libvirt/virtlogd.pid")"
}

# Its disk is the same one, and is not written to.
guest_move()
{
	local name=$1 from=$2 to=$3 xml=$GUEST_DIR/$1.move.xml

	guest_virsh -c "$from" dumpxml --migratable "$name" | sed "$5" >"$xml" ||
		return
	guest_virsh -c "$from" migrate --live --unsafe --timeout "$4" \
		--xml "$xml" --migrateuri tcp://127.0.0.1 "$name" "$to" >&2 || return
	guest_virsh -c "$to" domjobinfo --completed "$name"
}

guest_memory_travels()
{
	local limit=$((SECONDS + 60))

	until guest_virsh domjobinfo "$1" | grep -q '^Memory processed: *[1-9]'; do
		((SECONDS < limit)) || return
		sleep 0.1
	done
}

guest_end_there()
{
	! guest_virsh -c "$GUEST_THERE" domstate "$1" >/dev/null 2>&1 ||
		guest_virsh -c "$GUEST_THERE" destroy "$1" >&2
}
