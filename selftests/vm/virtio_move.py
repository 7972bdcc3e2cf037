# SPDX-License-Identifier: GPL-2.0-only
"""A machine with a virtio card of a context moves while it runs, to another host and back:
to a context of another NIC, or of a softnic. Linux' own driver, which has no module of ours
in its machine, must not notice. Hosts and networks are those of move.py.

MOVES is how often it moves to a softnic and back.
"""

import time

from lib import (Context, Flows, LongCase, defer, ksft_eq, ksft_gt, l1, note, peer, stream,
                 wait_until)
from lib.machines import HERE, Guest
from lib.moves import (THERE, Echoes, Mover, Unnoticed, is_idle, nic_context, soft_context)
from lib.settings import DIR
from move import ROUNDS, end, host


class Stock(Guest):
    """A machine without a module of ours."""

    def prepare(self):
        """Have its card as cases expect it, by Linux' own driver."""
        self.cmd("modprobe virtio_net")
        super().prepare()


# As in libvirt-xml/context-virtio.xml
home = Context(7, 0)
# Contexts for vm3: on NIC 1, by a softnic, and one of NIC 1 with another address
other = Context(5, 0, address=7)
soft = Context(6, 0, address=7)
stranger = Context(8, 0)
vm3 = Stock("vm3", 13, home)
mover = Mover(vm3, Unnoticed)
# Where L1 keeps the memory of the machine
SAVED = "/var/tmp/vm3.save"


def machine():
    """vm3 runs, and the peer reaches it."""
    host()
    l1.cmd("guest_context context-virtio.xml "
           """'s|</capability>|<attr name="guest_mac" value="on"/>&|'""",
           ". /cdna/testbed/guest/move.sh",
           "GUEST_ARGS=cdna.nodriver guest_define vm3 domain-one-context.xml "
           f"'s|<address uuid=.*/>|<address uuid=\"{home.uuid}\"/>|' \"${{guest_may_move[@]}}\"")
    vm3.boot()
    vm3.prepare()
    said = vm3.cmd(f"ethtool -i {vm3.card()}", "! lsmod | grep cdna")
    ksft_eq(said.splitlines()[0], "driver: virtio_net")
    peer.cmd(f"ping -q -c 3 -i 0.2 -W 2 {vm3.ip4()}")


def on_nic(context=other, guest_mac="on"):
    """There is a context of the other NIC."""
    nic_context(context, "virtio")
    context.write("guest_mac", guest_mac)


def on_softnic(**settings):
    """There is a context of a softnic."""
    soft_context(soft, "virtio", **settings)
    soft.write("guest_mac", "on")


def to_nic():
    """To a context of the other NIC, and back."""
    on_nic()
    mover.round_trips(other)


def to_softnic():
    """To a context of a softnic, and back."""
    on_softnic()
    mover.round_trips(soft, ROUNDS)


class Announcements:
    """Gratuitous ARP requests of vm3, as the switch has them, until the case ends."""

    def __init__(self):
        self.log = f"{DIR}/announcements.log"
        tcpdump = peer.bkg("tcpdump -Z root -n -l -i switch "
                           f"'ether src {home.mac} and arp and arp[14:4] = arp[24:4]'",
                           self.log)
        defer(tcpdump.kill)
        wait_until(10, lambda: "listening" in self._said(), "tcpdump listens")

    def _said(self):
        with open(self.log) as log:
            return log.read()

    def count(self):
        """Return: how many there were"""
        return self._said().count("ARP, ")


def only_receives():
    """Nobody in the machine sends anything but answers. Its device has it announce where it
    is."""
    on_softnic()
    defer(mover.bring_home)
    announcements = Announcements()
    for to, source, destination in ((THERE, home, soft), (HERE, soft, home)):
        before = announcements.count()
        echoes = Echoes("silent", vm3)
        time.sleep(1)
        mover.move(to, source, destination)
        wait_until(20, lambda past=before: announcements.count() > past, "it announces itself")
        time.sleep(1)
        sent, lost, gap = echoes.end()
        note(f"no answer for {gap} ms, {lost} of {sent} echo requests lost")
        ksft_gt(sent - lost, 20, "answers")


def suspended():
    """The host stops it, twice, and what was on its way goes on."""
    defer(l1.attempt, "guest_virsh resume vm3")
    driver = Unnoticed(vm3)
    streams = mover.connections()
    for _ in range(2):
        l1.cmd("guest_virsh suspend vm3", "sleep 2", "guest_virsh resume vm3")
        streams.move(30)
    streams.stop()
    driver.stayed()


def saved():
    """Its memory goes into a file, and comes back with another process, under traffic, whose far
    end gives up meanwhile."""
    defer(mover.bring_home)
    defer(l1.cmd, f"rm -f {SAVED}")
    driver, before = Unnoticed(vm3), vm3.boot_id()
    flows = Flows(vm3, up=stream("send", peer.ip4(), 500000),
                  down=stream("recv", peer.ip6(), 500000))
    flows.move(20)
    l1.cmd(f"guest_virsh save vm3 {SAVED}")
    ksft_eq(is_idle(home), True, "the context is idle")
    l1.cmd(f"guest_virsh restore {SAVED}")
    wait_until(30, lambda: vm3.boot_id() == before, "the agent answers")
    flows.end()
    vm3.cmd(*(stream(way, to, 4000000) for way in ("send", "recv")
              for to in (peer.ip4(), peer.ip6())))
    driver.moved()


def another_address():
    """The destination's context has another address."""
    on_nic(stranger)
    mover.refused(stranger, "MAC address, last bytes: 0x7a0 there, 0x8a0 here")


def no_permission():
    """There, the guest may not choose its address."""
    on_nic(guest_mac="off")
    mover.refused(other, "permission to choose a MAC address")


def smaller_mtu():
    """A smaller MTU at the destination."""
    on_softnic(mtu=1500)
    mover.refused(soft, "MTU: 0x2328 there, 0x5dc here")


def another_card():
    """There, the context is a card of ours."""
    soft_context(soft)
    mover.refused(soft, "kind of device: 0x2 there, 0x1 here")


def leave():
    """vm3 goes, no queue of its context has done wrong, and the networks are separate again."""
    ksft_eq(home.count("statistics/faults"), 0)
    l1.cmd("guest_log_clean vm3", "guest_kill vm3", "guest_virsh undefine vm3")
    wait_until(10, lambda: is_idle(home), "its context is idle")
    l1.cmd(f"guest_context_remove {home.uuid}")
    end()


CASES = [
    LongCase(180, "a machine runs with a virtio card of a context only", machine),
    LongCase(150, "it moves to another NIC and back, and its driver does not notice", to_nic),
    LongCase(60 + 120 * ROUNDS, f"it moves to a softnic and back, {ROUNDS} times", to_softnic),
    LongCase(150, "one that only receives announces where it is", only_receives),
    LongCase(90, "it is suspended and resumed, under traffic", suspended),
    LongCase(150, "virsh save and restore, under traffic", saved),
    LongCase(60, "a context with another address refuses it, and it goes on", another_address),
    LongCase(60, "one where it may not choose its address does", no_permission),
    LongCase(60, "a softnic with a smaller MTU does", smaller_mtu),
    LongCase(60, "a context of another type does", another_card),
    LongCase(60, "it is gone, and the networks are separate", leave),
]
