# SPDX-License-Identifier: GPL-2.0-only
"""Traffic of a machine. The program is stream.c, which compares contents; what
repeats it, and watches it, is in guest/functions.sh."""

import ipaddress
import re

from .hosts import CommandFailed, peer
from .ksft import CheckFailed, defer, ksft_eq, note, wait_until
from .settings import PORT

# Bytes of a transfer that does not end by itself
ENDLESS = 10**12


def stream(way, to, size):
    """Return: the command of one transfer of `size` bytes, to send or to recv"""
    return f"stream {way} {to} {PORT} {size}"


def echo(to, *sizes):
    """Return: the command that has datagrams sent back, of sizes FROM, TO, STEP"""
    return f"stream echo {to} {PORT} {' '.join(map(str, sizes))}"


class _Socket:
    """A connection, as `ss` shows it at the server's end."""

    def __init__(self, line):
        self.line = line
        _, _, local, self.end, *_ = line.split()
        self.local, self.remote = map(_address, (local, self.end))

    def joins(self, server, vm):
        """Return: whether it is one of a machine with this address of a server"""
        return (self.local == ipaddress.ip_address(server)
                and re.search(rf"[.:]{vm.number}$", str(self.remote)))

    def moved(self, way):
        """Return: how many bytes a machine has sent, or has acknowledged"""
        field = "bytes_received" if way == "send" else "bytes_acked"
        return int((re.search(rf" {field}:(\d+)", self.line) or [0, 0])[1])


def _address(end):
    """Return: the address of an end, without its port"""
    address = ipaddress.ip_address(end.rsplit(":", 1)[0].strip("[]"))
    return getattr(address, "ipv4_mapped", None) or address


class Flows:
    """Commands that are repeated, by names, until the case ends:

        flows = Flows(vm1, up=stream("send", peer.ip4(), 500000))
    """

    def __init__(self, vm, **commands):
        self.vm = vm
        self.names = list(commands)
        self.ended = False
        if commands:
            defer(self.end)
            vm.cmd(*(f"flow_start {name} {command}"
                     for name, command in commands.items()))

    @classmethod
    def running(cls, vm, *names):
        """Return: flows that were started by flow_start; they do not end with the case"""
        flows = cls(vm)
        flows.names = names
        return flows

    def _each(self, function, *arguments):
        words = " ".join(map(str, arguments))
        return self.vm.cmd(*(f"{function} {name} {words}" for name in self.names))

    def move(self, seconds):
        """Wait until each has made a whole round from now on."""
        self._each("flow_moves", seconds)

    def counts(self):
        """Return: how many rounds each has made"""
        return [int(count) for count in self._each("flow_count").split()]

    def stop(self):
        """End them. None of them must have failed."""
        self._each("flow_stop")
        self.ended = True

    def end(self):
        """End them, also if they have failed."""
        if not self.ended:
            self._each("flow_end")
            self.ended = True


class Connections(Flows):
    """Flows of one TCP connection each, which has to survive:

        connections = Connections(vm1, up=("send", peer.ip4()))

    `far` is where the server is: what has arrived, or was acknowledged, is counted there,
    because a machine that is busy with traffic takes seconds to say it."""

    def __init__(self, vm, far=peer, **ends):
        self.far = far
        self.ends = ends
        super().__init__(vm, **{name: stream(way, to, ENDLESS)
                                for name, (way, to) in ends.items()})

    def _moved(self):
        """Return: how many bytes each has moved, by the machine's ends: those of a machine
        that was killed may still be there"""
        said = self.far.run(f"ss -HOtin state established sport = :{PORT}")
        if said.status:
            raise CommandFailed(f"ss at {self.far.name}: {said.stderr}")
        sockets = [_Socket(line) for line in said.stdout.splitlines()]
        return [{socket.end: socket.moved(way) for socket in sockets
                 if socket.joins(to, self.vm)} for way, to in self.ends.values()]

    def _have_moved(self, before):
        """Return: whether each has moved another megabyte"""
        return all(any(count >= old.get(end, 0) + 1000000 for end, count in new.items())
                   for old, new in zip(before, self._moved()))

    def move(self, seconds):
        """Wait until each has moved another megabyte."""
        before = self._moved()
        try:
            wait_until(seconds, lambda: self._have_moved(before), "they move")
        except CheckFailed:
            self._each("flow_lives")
            raise

    def stop(self):
        """End them. None of them must have ended before."""
        ended = self.vm.cmd(*(f"flow_count {name}; flow_stop {name}"
                              for name in self.names))
        self.ended = True
        ksft_eq(set(ended.split()), {"0"}, "transfers that ended")

    def note(self):
        """Say what they have moved."""
        for name, counts in zip(self.names, self._moved()):
            note(f"{name}: {max(counts.values(), default=0) // 1000000} MB")
