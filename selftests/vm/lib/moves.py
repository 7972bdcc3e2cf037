# SPDX-License-Identifier: GPL-2.0-only
"""What moves vm1 to another host while it runs, and says how that went. The other host is a
second libvirt in L1; testbed/guest/move.sh has it.
"""

import re
import signal

from .flows import Connections, stream
from .hosts import l1, peer
from .ksft import defer, ksft_eq, ksft_gt, note, wait_until
from .machines import HERE, context1, vm1
from .settings import DIR

FUNCTIONS = ". /cdna/testbed/guest/move.sh"
THERE = "qemu+unix:///system?socket=/run/cdna-second/libvirt-sock"
# The MTU of both NICs
LARGEST = 9000
PACE = 0.05


def nic_context(context):
    """Make a context of NIC 1."""
    defer(l1.cmd, f"guest_context_remove {context.uuid}")
    l1.cmd(f"guest_context context3.xml 's/<uuid>.*</<uuid>{context.uuid}</' "
           f"'s/52:54:[0-9a-f:]*/{context.mac}/'")


def soft_context(context, mtu=LARGEST):
    """Make a context of a softnic, on the bridge."""
    defer(l1.cmd, f"mdevctl stop -u {context.uuid}", "rmmod cdna_softnic cdna_fw")
    l1.cmd(f"guest_softnic mtu={mtu}",
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


def runs(uri, name="vm1"):
    """Return: whether a machine runs at a libvirt"""
    return l1.attempt(f"guest_virsh -c '{uri}' domstate {name}").stdout.strip() == "running"


def bring_home():
    """Have vm1 where other cases expect it, if a case has left it elsewhere."""
    vm1.uri = HERE
    if not runs(HERE):
        l1.cmd(FUNCTIONS, "guest_end_there vm1")
        vm1.boot()
        vm1.prepare()


def connections():
    """Return: a connection each way, which have moved something"""
    streams = Connections(vm1, up=("send", peer.ip4()), down=("recv", peer.ip6()))
    streams.move(20)
    return streams


def command(to, source, destination, timeout=10):
    """Return: the command of L1 that moves vm1 to a libvirt, where its context is another.
    Once `timeout` seconds have passed, it is paused for the rest of its memory."""
    return (f"{FUNCTIONS}; guest_move vm1 '{vm1.uri}' '{to}' {timeout} "
            f"'s/{source.uuid}/{destination.uuid}/'")


def move(to, source, destination):
    """Move vm1 to a libvirt. Its driver restarts once, its connections go on.
    Return: the downtime that QEMU reports, in milliseconds"""
    dev = vm1.card()
    before, restarts = vm1.boot_id(), vm1.counters(dev)["restarts"]
    said = l1.cmd(command(to, source, destination))
    vm1.uri = to
    wait_until(30, lambda: vm1.boot_id() == before, "the agent answers")
    vm1.cmd(f"until_true 10 has_carrier {dev}")
    ksft_eq(vm1.counters(dev)["restarts"], restarts + 1)
    ksft_eq(is_idle(source), True, "the context that it left is idle")
    return re.search(r"^Total downtime:\s+(\d+)\s+ms", said, re.M)[1]


def watched_move(streams, to, source, destination):
    """Move vm1 under connections, and say how long it was silent."""
    before = destination.count("statistics/descriptors")
    echoes = Echoes("echoes")
    downtime = move(to, source, destination)
    streams.move(60)
    sent, lost, gap = echoes.end()
    note(f"{'there' if to == THERE else 'back'}: stopped for {downtime} ms, no "
         f"answer for {gap} ms, {lost} of {sent} echo requests lost")
    ksft_gt(destination.count("statistics/descriptors"), before + 100)


def round_trips(destination, times=1):
    """There and back, as often as that, with the same connection each way."""
    defer(bring_home)
    vm1.cmd("dmesg -n 1")
    defer(vm1.cmd, "dmesg -n 5")
    streams = connections()
    for _ in range(times):
        watched_move(streams, THERE, context1, destination)
        watched_move(streams, HERE, destination, context1)
    streams.stop()
    vm1.cmd(*(stream(way, peer.ip4(), 4000000) for way in ("send", "recv")))


def is_idle(context):
    """Return: whether no machine drives a context, of a NIC or of a softnic"""
    return [context.read("state"),
            context.count("statistics/pins_now")] == ["configured", 0]


def stays(context, attempt):
    """`attempt` is to move vm1 to another context, in vain: vm1 goes on where it is, as if
    nothing had been. Return: what L1's kernel said"""
    l1.cmd("dmesg -C")
    dev = vm1.card()
    before = vm1.counters(dev)
    streams = connections()
    attempt()
    log = l1.cmd("dmesg")
    streams.move(30)
    streams.stop()
    after = vm1.counters(dev)
    for name in ("restarts", "faults"):
        ksft_eq(after[name], before[name], name)
    wait_until(10, lambda: is_idle(context), "the other one is idle")
    return log
