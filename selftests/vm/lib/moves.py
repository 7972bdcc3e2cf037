# SPDX-License-Identifier: GPL-2.0-only
"""What moves a machine to another host while it runs, and says how that went. The other host
is a second libvirt in L1; testbed/guest/move.sh has it.
"""

import re
import signal

from .flows import Connections, stream
from .hosts import l1, peer
from .ksft import (defer, ksft_eq, ksft_ge, ksft_gt, ksft_in, ksft_no_match, note,
                   wait_until)
from .machines import HERE
from .settings import DIR

FUNCTIONS = ". /cdna/testbed/guest/move.sh"
THERE = "qemu+unix:///system?socket=/run/cdna-second/libvirt-sock"
# The MTU of both NICs
LARGEST = 9000
PACE = 0.05


def nic_context(context, kind="context"):
    """Make a context of NIC 1, of a type."""
    defer(l1.cmd, f"guest_context_remove {context.uuid}")
    l1.cmd(f"guest_context context3.xml 's/<uuid>.*</<uuid>{context.uuid}</' "
           f"'s/52:54:[0-9a-f:]*/{context.mac}/' 's/cdna_mdev-context/cdna_mdev-{kind}/'")


def soft_context(context, kind="context", mtu=LARGEST):
    """Make a context of a softnic, of a type, on the bridge."""
    defer(l1.cmd, f"mdevctl stop -u {context.uuid}", "rmmod cdna_softnic cdna_fw")
    l1.cmd(f"guest_softnic mtu={mtu}",
           f"guest_softnic_context {context.uuid} {context.mac} {kind}")
    context.write("bridge", "br0")


class Echoes:
    """Echo requests to a machine, until `end`."""

    def __init__(self, name, vm):
        self.log = f"{DIR}/{name}.log"
        self.ping = peer.bkg(f"ping -D -i {PACE} {vm.ip4()}", self.log)
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


def is_idle(context):
    """Return: whether no machine drives a context, of a NIC or of a softnic"""
    return [context.read("state"),
            context.count("statistics/pins_now")] == ["configured", 0]


class Restarts:
    """A driver of ours, from now on. It starts again where its card has moved."""

    def __init__(self, vm):
        self.vm = vm
        self.dev = vm.card()
        self.before = vm.counters(self.dev)

    def moved(self):
        """Its card has moved, once."""
        self.vm.cmd(f"until_true 10 has_carrier {self.dev}")
        ksft_eq(self.vm.counters(self.dev)["restarts"], self.before["restarts"] + 1)

    def stayed(self):
        """It has noticed nothing."""
        after = self.vm.counters(self.dev)
        for name in ("restarts", "faults"):
            ksft_eq(after[name], self.before[name], name)


class Unnoticed:
    """Linux' driver of a virtio card, from now on. It never notices a move."""

    def __init__(self, vm):
        self.vm = vm
        self.dev = vm.card()
        vm.cmd("dmesg -C")
        self.counters = vm.counters(self.dev)
        self.shown = self._shown()

    def _shown(self):
        """Return: what the driver has set up of its card, and how often its link changed"""
        return self.vm.cmd(*(f"ethtool -{what} {self.dev}" for what in "giklcx"),
                           f"cd /sys/class/net/{self.dev}", "cat carrier carrier_changes",
                           "cat device/status device/features")

    def moved(self):
        """Its card has moved, or has stayed."""
        ksft_eq(self._shown(), self.shown)
        after = self.vm.counters(self.dev)
        for name, count in self.counters.items():
            ksft_ge(after[name], count, name)
        for name in after:
            if name.endswith(("tx_timeouts", "drops")):
                ksft_eq(after[name], self.counters[name], name)
        ksft_no_match(rf"virtio|NETDEV|\b{self.dev}\b", self.vm.cmd("dmesg"))

    stayed = moved


class Mover:
    """A machine that moves from its first context to others, and back. `driver` is what its
    driver has to find."""

    def __init__(self, vm, driver):
        self.vm = vm
        self.home = vm.contexts[0]
        self.driver = driver

    def bring_home(self):
        """Have it where other cases expect it, if a case has left it elsewhere."""
        self.vm.uri = HERE
        if not runs(HERE, self.vm.name):
            l1.cmd(FUNCTIONS, f"guest_end_there {self.vm.name}")
            self.vm.boot()
            self.vm.prepare()

    def connections(self):
        """Return: a connection each way, which have moved something"""
        streams = Connections(self.vm, up=("send", peer.ip4()), down=("recv", peer.ip6()))
        streams.move(20)
        return streams

    def command(self, to, source, destination, timeout=10):
        """Return: the command of L1 that moves it to a libvirt, where its context is
        another. Once `timeout` seconds have passed, it is paused for the rest of its
        memory."""
        return (f"{FUNCTIONS}; guest_move {self.vm.name} '{self.vm.uri}' '{to}' {timeout} "
                f"'s/{source.uuid}/{destination.uuid}/'")

    def move(self, to, source, destination):
        """Move it to a libvirt. Its connections go on.
        Return: the downtime that QEMU reports, in milliseconds"""
        driver, before = self.driver(self.vm), self.vm.boot_id()
        said = l1.cmd(self.command(to, source, destination))
        self.vm.uri = to
        wait_until(30, lambda: self.vm.boot_id() == before, "the agent answers")
        driver.moved()
        ksft_eq(is_idle(source), True, "the context that it left is idle")
        return re.search(r"^Total downtime:\s+(\d+)\s+ms", said, re.M)[1]

    def watched_move(self, streams, to, source, destination):
        """Move it under connections, and say how long it was silent."""
        before = destination.count("statistics/descriptors")
        echoes = Echoes("echoes", self.vm)
        downtime = self.move(to, source, destination)
        streams.move(60)
        sent, lost, gap = echoes.end()
        note(f"{'there' if to == THERE else 'back'}: stopped for {downtime} ms, no "
             f"answer for {gap} ms, {lost} of {sent} echo requests lost")
        ksft_gt(destination.count("statistics/descriptors"), before + 100)

    def round_trips(self, destination, times=1):
        """There and back, as often as that, with the same connection each way."""
        defer(self.bring_home)
        self.vm.cmd("dmesg -n 1")
        defer(self.vm.cmd, "dmesg -n 5")
        streams = self.connections()
        for _ in range(times):
            self.watched_move(streams, THERE, self.home, destination)
            self.watched_move(streams, HERE, destination, self.home)
        streams.stop()
        self.vm.cmd(*(stream(way, peer.ip4(), 4000000) for way in ("send", "recv")))

    def stays(self, context, attempt):
        """`attempt` is to move it to another context, in vain: it goes on where it is, as if
        nothing had been. Return: what L1's kernel said"""
        l1.cmd("dmesg -C")
        driver = self.driver(self.vm)
        streams = self.connections()
        attempt()
        log = l1.cmd("dmesg")
        streams.move(30)
        streams.stop()
        driver.stayed()
        wait_until(10, lambda: is_idle(context), "the other one is idle")
        return log

    def refused(self, context, said):
        """A context does not take it, and says why, once."""
        log = self.stays(context, lambda: l1.refuses(self.command(THERE, self.home, context)))
        ksft_eq(log.count("a migration to this device is refused"), 1)
        ksft_in(said, log)
