# SPDX-License-Identifier: GPL-2.0-only
"""A machine that attacks the host and its neighbours by its cards, as its kernel may:
vm2, whose driver makes room for the module of attacker/. vm1 has a card of the same two
NICs each, one plugged in for this, and streams by both. Nothing of vm1 may be wrong,
nothing may stay on the host, and the attacker may go on as an ordinary machine.

HOSTILE_TRIES says how many tries are made, HOSTILE_SEED repeats the choices of a run. What
the threads of the attack do at the same time is not repeated.
"""

import os
import random
import re
import time

from lib import (Capture, Case, Flows, LongCase, context1, context2, context3, context4,
                 defer, ksft_eq, ksft_ge, ksft_gt, ksft_in, l1, note, peer, stream, vm1,
                 vm2, wait_until)
from lib.settings import record

TRIES = int(os.environ.get("HOSTILE_TRIES", "10000"))
SEED = int(os.environ.get("HOSTILE_SEED") or random.randrange(1, 32768))
# Tries of a slow machine in a second
SLOWEST = 100
SIZE = 200000
DRIVER = "/sys/bus/pci/drivers/cdna_guest"
# Of the host's kernel, for all that a guest does
LINES = 12
PEER = "02:cd:a0:ff:00:01"
MARK = "the hostile guest begins"
ATTACKERS = (context2, context3)


def neighbours():
    """Plug the fourth context, of the second NIC, into vm1."""
    edit = (f"s/{context3.uuid}/{context4.uuid}/; s/{context3.mac}/{context4.mac}/; "
            "s/context3/context4/")
    l1.cmd(f"guest_context context3.xml '{edit}'",
           f"guest_plug vm1 {context4.uuid}")
    vm1.net_up(context4)


def start_flows():
    """Return: checked transfers and pings of vm1 by both of its cards"""
    ping = "ping -q -c 3 -i 0.2 -W 5 "
    flows = Flows(vm1, up=stream("send", peer.ip4(), SIZE),
                  down=stream("recv", peer.ip6(), SIZE), ping=ping + peer.ip6(),
                  down1=stream("recv", peer.ip4(1), SIZE), ping1=ping + peer.ip6(1))
    flows.move(30)
    return flows


class Rate:
    """What flows move from now on."""

    def __init__(self, flows):
        self.flows = flows
        self.counts = flows.counts()
        self.start = time.monotonic()

    def note(self, beside):
        """Say how fast each transfer was."""
        seconds = time.monotonic() - self.start
        rounds = [now - was for now, was in zip(self.flows.counts(), self.counts)]
        said = ", ".join(f"{name} {count * SIZE * 8 / seconds / 1e6:.1f}"
                         for name, count in zip(self.flows.names, rounds)
                         if "ping" not in name)
        note(f"Mb/s of vm1 beside {beside}: {said}; {seconds:.0f} s")


def honest():
    """vm2 transfers by both of its cards, as hard as it can."""
    flows = start_flows()
    neighbour = Flows(vm2, up=stream("send", peer.ip4(), SIZE),
                      down1=stream("recv", peer.ip4(1), SIZE))
    rate = Rate(flows)
    flows.move(30)
    rate.note("an honest neighbour")
    neighbour.stop()
    flows.stop()


def unbind(devices):
    """Take vm2's cards from their driver. The host keeps pages of a context pinned for as
    long as a machine has it."""
    vm2.cmd(*(f"echo {pci} >{DRIVER}/unbind" for pci in devices))
    for context in ATTACKERS:
        ksft_eq(context.read("state"), "configured")


def bind(devices):
    """Give them back to it, if it has them not."""
    vm2.cmd(*(f"[[ -e {DRIVER}/{pci} ]] || echo {pci} >{DRIVER}/bind"
              for pci in devices), *(vm2.up(context) for context in ATTACKERS))


def host_lines():
    """Return: what the host's kernel has logged since the mark, which must be there"""
    log = l1.cmd("dmesg")
    ksft_in(MARK, log, "the host's log")
    return log.split(MARK)[-1].splitlines()[1:]


def machine_lines():
    """Return: how many lines QEMU has written to vm2's log"""
    return int(l1.cmd("wc -l </var/log/libvirt/qemu/vm2.log"))


def start_attack():
    """Have vm2 begin."""
    vm2.cmd("dmesg -C", "rm -f /tmp/attack.status")
    vm2.bkg(f"insmod /cdna_attacker.ko seed={SEED} tries={TRIES}; "
            "echo $? >/tmp/attack.status", "/tmp/attack.log")


def end_attack():
    """Wait until vm2 has made all its tries. Return: what its module said"""
    said = vm2.cmd(f"until_true {30 + TRIES // SLOWEST} grep -q . /tmp/attack.status",
                   "cat /tmp/attack.log", "dmesg | grep cdna_attacker: || true")
    return re.findall(r"cdna_attacker: (.*)", said)


def judge_attack(said):
    """All tries were made, most of them on cards that worked, and none has had an effect
    that it must not have."""
    made = re.search(r"tries (\d+), harmful (\d+)", "\n".join(said))
    ksft_gt(len(said), len(ATTACKERS), "lines of the module")
    note("; ".join(said[:-1]))
    note(f"tries {made[1]}, harmful {made[2]}; seed {SEED}")
    ksft_ge(int(made[1]), TRIES * 9 // 10)
    ksft_eq(int(made[2]), 0, "harmful tries")
    worked = re.findall(r"worked (\d+) times of (\d+)", "\n".join(said))
    ksft_eq(len(worked), len(ATTACKERS))
    for times, of in worked:
        ksft_ge(int(times), int(of) * 9 // 10, "times that a card worked")


def sources(field):
    """Return: the filter for frames whose senders may send on the first wire; `field` is
    the word of tcpdump or of tshark for a source"""
    return " or ".join(f"{field} {mac}" for mac in (context1.mac, context2.mac, PEER))


def attack():
    """vm2 attacks while vm1 works."""
    record("attacked", "vm2")
    mdevs = l1.cmd("ls /sys/bus/mdev/devices")
    devices = [vm2.cmd(f"pci_address {vm2.card(context)}") for context in ATTACKERS]
    defer(bind, devices)
    unbind(devices)
    flows = start_flows()
    capture = Capture("hostile").start(
        0, f"icmp6 or ether proto 0x8808 or not ({sources('ether src')})")
    l1.cmd(f"echo {MARK} >/dev/kmsg")
    said_before = machine_lines()
    rate = Rate(flows)
    start_attack()
    flows.move(60)
    said = end_attack()
    rate.note("the attacker")
    flows.move(30)
    flows.stop()
    capture.stop()
    judge_attack(said)
    capture.has("icmpv6.type == 128")
    capture.lacks(f"eth.type == 0x8808 or not ({sources('eth.src ==')})")
    lines = host_lines()
    note(f"lines of the host's log: {len(lines)}, of QEMU's:",
         machine_lines() - said_before)
    ksft_ge(LINES, len(lines), "lines of the host's log")
    for context in ATTACKERS:
        note("pages still pinned:", context.count("statistics/pins_now"))
        ksft_eq(context.read("state"), "configured")
    ksft_eq(l1.cmd("ls /sys/bus/mdev/devices"), mdevs)


def usable():
    """The driver has its cards again, and all traffic is right."""
    for context in ATTACKERS:
        dev = vm2.net_up(context)
        vm2.cmd(f"ping -q -c 3 -i 0.2 -W 2 {peer.ip4(context.net)}",
                stream("send", peer.ip4(context.net), SIZE),
                stream("recv", peer.ip6(context.net), SIZE))
        ksft_eq(vm2.counters(dev)["faults"], 0)


def alone():
    """The fourth context goes."""
    l1.cmd(f"guest_unplug vm1 {context4.uuid}")
    vm1.cmd(f"until_true 20 has_no_card {context4.mac}")
    wait_until(10, lambda: not context4.busy(), "the context is idle")
    ksft_eq(context4.count("statistics/faults"), 0)
    l1.cmd(f"guest_context_remove {context4.uuid}")


CASES = [
    Case(60, "vm1 gets a card of the other NIC, too", neighbours),
    LongCase(150, "streams of vm1 beside those of an honest machine", honest),
    Case(150 + TRIES // SLOWEST, f"vm2 attacks by both of its cards, seed {SEED}", attack),
    Case(90, "its driver works with them again", usable),
    Case(40, "the card that was plugged in has seen no fault, and goes", alone),
]
