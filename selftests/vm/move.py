# SPDX-License-Identifier: GPL-2.0-only
"""A machine moves while it runs, to another host and back: from a context of a NIC to one
of a softnic. The other host is a second libvirt in L1. The peer is the switch between both
NICs and the bridge of the softnic: it has to learn where the machine is.
"""

import re
import signal

from lib import (Case, Connections, Context, context1, defer, ksft_eq, ksft_gt,
                 ksft_in, l1, note, peer, stream, vm1, wait_until)
from lib.machines import HERE
from lib.settings import DIR

MOVES = ". /cdna/testbed/guest/move.sh"
THERE = "qemu+unix:///system?socket=/run/cdna-second/libvirt-sock"
# The MTU of both NICs
LARGEST = 9000
PACE = 0.05
# Contexts for vm1: by a softnic, and one of NIC 1 with another address
soft = Context(6, 0, address=1)
stranger = Context(7, 0)


def host():
    """There are two libvirts, and a switch that joins all networks."""
    l1.cmd(MOVES, "guest_second_host", "guest_bridge br0")
    peer.cmd("ip link add switch type bridge forward_delay 0",
             "ip addr flush dev wire0",
             *(f"ip link set {port} master switch up"
               for port in ("wire0", "wire1", "uplink0")),
             "sysctl -qw net.ipv6.conf.switch.accept_dad=0",
             f"ip addr add {peer.ip4()}/24 dev switch",
             f"ip addr add {peer.ip6()}/96 dev switch nodad", "ip link set switch up",
             f"ping -q -c 2 -i 0.2 -W 2 {vm1.ip4()}")


def nic_context(context):
    """Make a context of NIC 1."""
    defer(l1.cmd, f"guest_context_remove {context.uuid}")
    l1.cmd(f"guest_context context3.xml 's/<uuid>.*</<uuid>{context.uuid}</' "
           f"'s/52:54:[0-9a-f:]*/{context.mac}/'")


def soft_context(context):
    """Make a context of a softnic, on the bridge."""
    defer(l1.cmd, f"mdevctl stop -u {context.uuid}", "rmmod cdna_softnic cdna_fw")
    l1.cmd(f"guest_softnic mtu={LARGEST}",
           f"guest_softnic_context {context.uuid} {context.mac}")
    context.write("bridge", "br0")


class Echoes:
    """Echo requests to vm1, until `end`."""

    def __init__(self, name):
        self.log = f"{DIR}/{name}.log"
        self.ping = peer.bkg(f"ping -D -i {PACE} {vm1.ip4()}", self.log)
        defer(self.ping.kill)

    def end(self):
        """Return: how many there were, how many had no answer, and the longest time
        without any, in milliseconds"""
        self.ping.send_signal(signal.SIGINT)
        self.ping.wait(10)
        with open(self.log) as log:
            said = log.read()
        sent, got = map(int, re.search(r"(\d+) packets transmitted, (\d+)", said).groups())
        times = [float(at) for at in re.findall(r"^\[([\d.]+)\] \d+ bytes", said, re.M)]
        gap = max(b - a for a, b in zip(times, times[1:]))
        return sent, sent - got, int(1000 * gap)


def bring_home():
    """Have vm1 where other cases expect it, if a case has left it elsewhere."""
    vm1.uri = HERE
    if not l1.succeeds("guest_running vm1"):
        l1.cmd(MOVES, "guest_end_there vm1")
        vm1.boot()
        vm1.prepare()


def move(to, source, destination):
    """Move vm1 to a host. Its driver restarts once, its connections go on."""
    dev = vm1.card()
    before, restarts = vm1.boot_id(), vm1.counters(dev)["restarts"]
    echoes = Echoes("echoes")
    said = l1.cmd(MOVES, f"guest_move vm1 '{vm1.uri}' '{to}' "
                  f"'s/{source.uuid}/{destination.uuid}/'")
    vm1.uri = to
    wait_until(30, lambda: vm1.boot_id() == before, "the agent answers")
    vm1.cmd(f"until_true 10 has_carrier {dev}")
    ksft_eq(vm1.counters(dev)["restarts"], restarts + 1)
    ksft_eq([source.read("state"), source.count("statistics/pins_now")], ["configured", 0])
    downtime = re.search(r"^Total downtime:\s+(\d+)\s+ms", said, re.M)
    return downtime[1], echoes


def round_trip(destination):
    """There and back, with a connection each way."""
    defer(bring_home)
    vm1.cmd("dmesg -n 1")
    defer(vm1.cmd, "dmesg -n 5")
    streams = Connections(vm1, up=("send", peer.ip4()), down=("recv", peer.ip6()))
    streams.move(20)
    for to, source, end in ((THERE, context1, destination),
                            (HERE, destination, context1)):
        before = end.count("statistics/descriptors")
        downtime, echoes = move(to, source, end)
        streams.move(60)
        sent, lost, gap = echoes.end()
        note(f"{'there' if to == THERE else 'back'}: stopped for {downtime} ms, no "
             f"answer for {gap} ms, {lost} of {sent} echo requests lost")
        ksft_gt(end.count("statistics/descriptors"), before + 100)
    streams.stop()
    vm1.cmd(*(stream(way, peer.ip4(), 4000000) for way in ("send", "recv")))


def to_softnic():
    """To a context of a softnic, and back."""
    soft_context(soft)
    round_trip(soft)


def refused(context, said):
    """The other host does not take vm1, and says why, once; vm1 goes on where it is, as if
    nothing had been."""
    l1.cmd("dmesg -C")
    dev = vm1.card()
    before = vm1.counters(dev)
    streams = Connections(vm1, up=("send", peer.ip4()), down=("recv", peer.ip6()))
    streams.move(20)
    l1.refuses(f"{MOVES}; guest_move vm1 '{HERE}' '{THERE}' "
               f"'s/{context1.uuid}/{context.uuid}/'")
    log = l1.cmd("dmesg | grep migration")
    ksft_eq(log.count("a migration to this device is refused"), 1)
    ksft_in(said, log)
    streams.move(30)
    streams.stop()
    after = vm1.counters(dev)
    for name in ("restarts", "faults"):
        ksft_eq(after[name], before[name], name)
    wait_until(10, lambda: context.read("state") == "configured", "the other one is free")


def refused_by_nic():
    """An address that is not that of the destination's context."""
    nic_context(stranger)
    refused(stranger, "MAC address, last bytes: 0x1a0 there, 0x7a0 here")


def end():
    """The networks are separate again."""
    peer.cmd("ip link del switch", f"ip addr add {peer.ip4()}/24 dev wire0")
    peer.wire(0)
    peer.wire(1)
    l1.cmd(MOVES, "ip link del br0", "guest_second_end")
    peer.cmd(f"ping -q -c 2 -i 0.2 -W 2 {vm1.ip4()}")


CASES = [
    Case(60, "there is another host, and a switch that joins both", host),
    Case(150, "a machine moves from a NIC to a softnic and back, under traffic", to_softnic),
    Case(60, "a context with another address refuses a machine, which goes on",
         refused_by_nic),
    Case(30, "the networks are separate again", end),
]
