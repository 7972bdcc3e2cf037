# SPDX-License-Identifier: GPL-2.0-only
"""What is on a wire, seen from the far end, and what a machine's card hands up.

Frames that the peer itself sends are captured before its kernel has finished them, so
only those of machines are judged."""

import os
import shlex
import signal
import socket

from .hosts import peer
from .ksft import CheckFailed, defer, ksft_eq, wait_until
from .settings import DIR, TOP

MARK = b"what came before this frame has been read"


def send_mark(net):
    """Send a frame from the peer to no station, of an EtherType for experiments."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((f"wire{net}", 0))
        sock.send(bytes.fromhex(f"02cda0fffffe 02cda0ff0{net}01 88b5") + MARK.ljust(46))


class Capture:
    """Frames on a wire, in a file of the run, which stays if a case fails. Filters are
    tshark's:

        capture = Capture("spoof").start(0)
        ...
        capture.stop()
        capture.has(f"eth.src == {mac}")
    """

    def __init__(self, name):
        self.file = os.path.join(DIR, name + ".pcap")
        # As the peer sees it
        self.path = "/cdna" + self.file.removeprefix(TOP)
        self.net = None
        self.tcpdump = None

    def start(self, net, only=""):
        """Capture on the wire of a NIC until `stop`, or until the case ends; `only`
        is a filter of tcpdump. Return: the Capture"""
        if os.path.exists(self.file):
            os.unlink(self.file)
        log = self.file + ".log"
        if only:
            only = shlex.quote(f"({only}) or ether proto 0x88b5")
        self.net = net
        self.tcpdump = peer.bkg(f"tcpdump -Z root -n -i wire{net} -s 0 -B 16384 -U "
                                f"-c 150000 -w {self.path} {only}", log)
        defer(self.stop)
        wait_until(10, lambda: "listening" in open(log).read(), "tcpdump listens")
        return self

    def _is_complete(self, start):
        """Return: whether a mark is in the file, or none will come"""
        send_mark(self.net)
        with open(self.file, "rb") as file:
            file.seek(start)
            return MARK in file.read() or self.tcpdump.poll() is not None

    def stop(self):
        """End it, with the last frames in its file: tcpdump, which reads many at a time, has
        read one that is sent now."""
        if self.tcpdump.poll() is None:
            start = os.path.getsize(self.file)
            wait_until(10, lambda: self._is_complete(start), "the last frames are in the file")
            self.tcpdump.send_signal(signal.SIGTERM)
            self.tcpdump.wait(10)

    def _tshark(self, arguments):
        return peer.cmd(f"tshark -n -r {self.path} -o ip.check_checksum:TRUE "
                        "-o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE "
                        + arguments)

    def counts(self, *filters):
        """Return: how many frames match each of the filters, by one pass"""
        out = self._tshark(f"-q -z 'io,stat,0,{','.join(filters)}'")
        for line in out.splitlines():
            cells = line.split("|")
            if "<>" in line and len(cells) >= 2 * len(filters) + 3:
                return [int(cells[2 * i + 2]) for i in range(len(filters))]
        raise CheckFailed("tshark printed no counts")

    def has(self, *filters):
        """There is at least one frame of each."""
        missing = [one for one, count in zip(filters, self.counts(*filters))
                   if not count]
        ksft_eq(missing, [], "frames that are not there")

    def lacks(self, unwanted):
        """There is no such frame."""
        if self.counts(unwanted) != [0]:
            self._tshark(f"-c 100000 -Y '{unwanted}' | sed 5q || true")
            raise CheckFailed(f"there are frames of: {unwanted}")


class Listener:
    """Frames that a machine's card hands up, captured there until `heard`, or until the
    case ends. By option -p, the card is left as it is. It is that of the machine's first
    context if none is given."""

    def __init__(self, vm, option="", context=None):
        self.vm = vm
        self.ended = False
        defer(self._end)
        vm.cmd(f"listen_start {(context or vm.contexts[0]).mac} {option}")

    def heard(self, *filters):
        """End it. Return: how many frames match each of the filters, tcpdump's"""
        self.ended = True
        out = self.vm.cmd("listen_end", *(f"listen_count '{one}'" for one in filters))
        return [int(count) for count in out.split()]

    def _end(self):
        if not self.ended:
            self.vm.cmd("listen_end")
