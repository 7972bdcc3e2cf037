# SPDX-License-Identifier: GPL-2.0-only
"""A machine with a standby card, whose context comes and goes, and which cdna-migrate moves
to a host without one. The other host is a second libvirt in L1; the peer is the switch
between the wire of the context and the bridge of the standby card.
"""

from lib import Connections, Context, LongCase, ksft_eq, ksft_gt, ksft_in, l1, peer, wait_until
from lib.machines import HERE, Guest
from lib.moves import THERE, is_idle, runs
from move import end, host

context = Context(5, 0)
vm3 = Guest("vm3", 13, context)
COMMAND = "/cdna/admin/cdna-migrate"
# Another machine
STRANGER = "cda00000-0000-4000-8000-0000000000aa"
# Its disk is the same one, and is not written to.
HOW = "-- --unsafe --migrateuri tcp://127.0.0.1"
# The interface on top of both cards: the one that has others below it
TOP = "links=(/sys/class/net/*/lower_*); top=${links%/*}; top=${top##*/}"
# How many those are
CARDS = f"{TOP}; ls -d /sys/class/net/$top/lower_* | wc -l"


def cards():
    """Return: how many cards the interface has below it"""
    return int(vm3.cmd(CARDS))


def machine():
    """vm3 runs with its standby card only, and the peer reaches it."""
    host()
    l1.cmd(f"guest_context context1.xml 's/<uuid>.*</<uuid>{context.uuid}</' "
           f"'s/52:54:[0-9a-f:]*/{context.mac}/'",
           "guest_define vm3 domain-failover.xml '/^ *<hostdev/,/<\\/hostdev>/d' "
           f"'s|<mac address=.*|<mac address=\"{context.mac}\"/>|'")
    vm3.boot()
    vm3.cmd("modprobe virtio_net", f"until_true 10 eval '{TOP}; [[ -e /sys/class/net/$top ]]'",
            TOP, "ip link set $top up", f"ip addr add {vm3.ip4()}/24 dev $top",
            f"ip addr add {vm3.ip6()}/96 dev $top nodad")
    vm3.serve()
    peer.cmd(f"ping -q -c 3 -i 0.2 -W 2 {vm3.ip4()}")


def streams():
    """Return: a connection each way, which have moved something"""
    both = Connections(vm3, up=("send", peer.ip4()), down=("recv", peer.ip6()))
    both.move(30)
    return both


def plug():
    """The context becomes the primary, and carries frames."""
    l1.cmd(f"guest_plug vm3 {context.uuid}")
    wait_until(20, lambda: cards() == 2, "the context is below the interface")
    vm3.cmd(f"ping -q -c 2 -i 0.2 -W 2 {peer.ip4()}")


def to_standby_and_back():
    """The context comes, goes and comes again, under traffic."""
    both = streams()
    plug()
    both.move(30)
    before = context.count("statistics/descriptors")
    both.move(30)
    ksft_gt(context.count("statistics/descriptors"), before, "frames of the context")
    l1.cmd(f"guest_unplug vm3 {context.uuid}")
    wait_until(20, lambda: cards() == 1, "the context is gone")
    both.move(60)
    wait_until(10, lambda: is_idle(context), "the context is idle")
    plug()
    both.move(30)
    both.stop()


def moves(to, *options):
    """cdna-migrate moves vm3 to a libvirt. Its connections go on."""
    both = streams()
    said = l1.cmd(f"{COMMAND} --connect '{vm3.uri}' {' '.join(options)} vm3 '{to}' {HOW}")
    vm3.uri = to
    ksft_in("vm3 has moved", said)
    both.move(60)
    both.stop()


def there_and_back():
    """To a host where it has its standby only, and back, where it gets its context."""
    moves(THERE, "--no-context")
    ksft_eq(cards(), 1)
    ksft_eq(is_idle(context), True, "the context is idle")
    moves(HERE, f"--context {context.uuid}")
    wait_until(20, lambda: cards() == 2, "the context is below the interface")


def refused():
    """The other host has another machine of that name: vm3 stays, with its context."""
    both = streams()
    l1.cmd(f"sed 's|<name>|<uuid>{STRANGER}</uuid>&|' /run/cdna-guest/vm3.xml >/run/other.xml",
           f"guest_virsh -c '{THERE}' define /run/other.xml")
    said = l1.refuses(f"{COMMAND} --no-context vm3 '{THERE}' {HOW}")
    l1.cmd(f"guest_virsh -c '{THERE}' undefine vm3")
    ksft_in(f"vm3 stays here, and has its context {context.uuid} again", said)
    wait_until(20, lambda: cards() == 2, "the context is below the interface")
    both.move(60)
    both.stop()
    ksft_eq(runs(HERE, "vm3"), True)


def leave():
    """vm3 goes, with its context, and the networks are separate again."""
    l1.cmd("guest_kill vm3", "guest_virsh undefine vm3",
           f"guest_context_remove {context.uuid}")
    end()


CASES = [
    LongCase(180, "a machine runs with a standby card only", machine),
    LongCase(150, "its context comes, goes and comes again, under traffic", to_standby_and_back),
    LongCase(180, "cdna-migrate moves it to a host without contexts and back", there_and_back),
    LongCase(120, "a host that refuses it leaves it where it was, with its context", refused),
    LongCase(60, "it is gone, and the networks are separate", leave),
]
