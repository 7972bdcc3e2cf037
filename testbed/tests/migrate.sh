#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# migrate.sh: what admin/cdna-migrate asks of virsh, in which order, and what it says, with
# a virsh that only pretends, and a guest that agrees, refuses or does not answer. Needs no
# test bed.

set -euo pipefail
. "$(dirname "$0")/../../scripts/lib.sh"
. "$TOP/testbed/tests/tap.sh"

DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT
UUID=cda00000-0000-4000-8000-000000000001
MAC=52:54:00:cd:a0:01
export DIR UUID MAC CDNA_MDEV_DEVICES=$DIR/devices PATH=$DIR/bin:$PATH

mkdir -p "$DIR/bin" "$DIR/devices/$UUID"
ln -s /sys/class/mdev/cdna_mdev-context "$DIR/devices/$UUID/mdev_type"
cat >"$DIR/bin/virsh" <<'VIRSH'
#!/bin/bash
# Files of $DIR: plugged, guest, destination, there, standby; did is what was asked.
uri=here
[[ $1 != -q ]] || shift
[[ $1 != -c ]] || { uri=there; shift 2; }
echo "$uri ${*:1:2}" >>"$DIR/did"
case $1 in
dumpxml)
	echo "<domain type='kvm'>"
	[[ ! -e $DIR/standby ]] || printf '%s\n' "<interface type='bridge'>" \
		"<mac address='$(<"$DIR/standby")'/>" "<teaming type='persistent'/>" \
		"</interface>"
	[[ ! -e $DIR/plugged && $* != *--inactive* ]] || printf '%s\n' \
		"<hostdev mode='subsystem' type='mdev' model='vfio-pci'>" \
		"<source><address uuid='$UUID'/></source>" "</hostdev>"
	echo "</domain>" ;;
domstate) echo running ;;
dominfo) echo "Persistent:     yes" ;;
detach-device)
	# The listener is there first.
	until grep -q 'here event' "$DIR/did"; do sleep 0.05; done
	[[ $(<"$DIR/guest") != agrees ]] || rm "$DIR/plugged" ;;
event)
	[[ $(<"$DIR/guest") != refuses ]] ||
		echo "event 'device-removal-failed' for domain 'vm1': hostdev0"
	exec sleep 30 ;;
migrate)
	for word; do [[ $previous != --persistent-xml ]] || cp "$word" "$DIR/definition"
		previous=$word; done
	[[ $(<"$DIR/destination") == takes ]] ;;
nodedev-list) [[ ! -e $DIR/there ]] || echo "mdev_${UUID//-/_}_0000_01_00_0" ;;
attach-device)
	[[ $uri == there ]] || : >"$DIR/plugged"
	[[ $uri == here || $(<"$DIR/there") != broken ]] ;;
esac
VIRSH
chmod +x "$DIR/bin/virsh"

# fresh GUEST DESTINATION [THERE]
fresh()
{
	rm -f "$DIR"/{did,there,definition}
	: >"$DIR/plugged"
	echo "$MAC" | tee "$DIR/standby" >"$DIR/devices/$UUID/mac_address"
	echo "$1" >"$DIR/guest"
	echo "$2" >"$DIR/destination"
	[[ ! ${3:-} ]] || echo "$3" >"$DIR/there"
}

# moves STATUS WORDS [OPTION...]
moves()
{
	local want=$1 words=$2 said rc=0
	shift 2

	said=$("$TOP/admin/cdna-migrate" "$@" vm1 qemu+ssh://b/system 2>&1) || rc=$?
	[[ $rc == "$want" && $said == *"$words"* ]] ||
		{ echo "status $rc: $said"; return 1; }
}

did() { grep -qx "$1" "$DIR/did" || { echo "not done: $1"; cat "$DIR/did"; return 1; }; }
did_not() { ! grep -x "$1" "$DIR/did"; }
has_context() { [[ -e $DIR/plugged ]] || { echo "vm1 has lost its context"; return 1; }; }

without_contexts()
{
	fresh agrees takes
	moves 0 'vm1 has moved' && did 'here qemu-monitor-command vm1' &&
		did_not "there attach-device vm1" &&
		grep domain "$DIR/definition" && ! grep hostdev "$DIR/definition"
}

with_context()
{
	fresh agrees takes works
	moves 0 "vm1 has context $UUID" && did 'there attach-device vm1'
}

no_context() { fresh agrees takes works && moves 0 moved --no-context &&
	did_not 'there attach-device vm1'; }

comes_back()
{
	fresh agrees takes works
	rm "$DIR/plugged"
	moves 0 "vm1 has context $UUID" --context "$UUID" &&
		did_not 'here detach-device vm1'
}

guest_refuses()
{
	fresh refuses takes
	moves 1 'it has refused' --unplug-timeout 5 && did_not 'here migrate --live' && has_context
}

guest_is_silent()
{
	fresh ignores takes
	moves 1 'has not answered within 2 s' --unplug-timeout 2 &&
		did_not 'here migrate --live' && has_context
}

destination_refuses()
{
	fresh agrees refuses
	moves 1 'has its context' && did 'here attach-device vm1' && has_context
}

context_there_fails() { fresh agrees takes broken && moves 3 'standby card only'; }

no_standby()
{
	fresh agrees takes
	rm "$DIR/standby"
	moves 1 'has no standby card' && did_not 'here detach-device vm1' || return
	fresh agrees takes
	echo 52:54:00:00:00:01 >"$DIR/standby"
	moves 1 'give both the same' && did_not 'here detach-device vm1'
}

usage()
{
	moves 2 usage --unplug-timeout 0 && moves 2 usage --context 1 &&
		moves 2 usage --what
}

tap_plan 10
tap "a machine moves to a host without contexts" without_contexts
tap "to a host with a context, which it gets" with_context
tap "not if it is not to have it" no_context
tap "from a host without contexts, to a context that is named" comes_back
tap "the guest refuses to give up its card" guest_refuses
tap "the guest does not answer" guest_is_silent
tap "the destination refuses, and the context comes back" destination_refuses
tap "the context at the destination fails" context_there_fails
tap "a machine without a standby card of that address" no_standby
tap "wrong arguments" usage
tap_done
