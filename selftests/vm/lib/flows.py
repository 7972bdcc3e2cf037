# SPDX-License-Identifier: GPL-2.0-only
"""Traffic of a machine. The program is stream.c, which compares contents; what
repeats it, and watches it, is in guest/functions.sh."""

from .ksft import defer, ksft_eq, note
from .settings import PORT

# Bytes of a transfer that does not end by itself
ENDLESS = 10**12


def stream(way, to, size):
    """Return: the command of one transfer of `size` bytes, to send or to recv"""
    return f"stream {way} {to} {PORT} {size}"


def echo(to, *sizes):
    """Return: the command that has datagrams sent back, of sizes FROM, TO, STEP"""
    return f"stream echo {to} {PORT} {' '.join(map(str, sizes))}"


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
    """

    def __init__(self, vm, **ends):
        self.ends = ends
        super().__init__(vm, **{name: stream(way, to, ENDLESS)
                                for name, (way, to) in ends.items()})

    def _counted(self):
        for way, to in self.ends.values():
            field = "bytes_acked" if way == "send" else "bytes_received"
            yield f"{field} '[{to}]'" if ":" in to else f"{field} {to}"

    def move(self, seconds):
        """Wait until each has moved another megabyte."""
        self.vm.cmd(*(f"connection_moves {what} {seconds}"
                      for what in self._counted()))

    def stop(self):
        """End them. None of them must have ended before."""
        ksft_eq(set(self.counts()), {0}, "transfers that ended")
        super().stop()

    def note(self):
        """Say what they have moved."""
        counts = self.vm.cmd(*(f"connection {what}" for what in self._counted()))
        for name, count in zip(self.names, counts.split()):
            note(f"{name}: {int(count) // 1000000} MB")
