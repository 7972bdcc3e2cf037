# SPDX-License-Identifier: GPL-2.0-only
"""Contents arrive as they were sent."""

from lib import (Case, Flows, LongCase, context2, context3, defer, echo, ksft_eq,
                 ksft_gt, note, peer, stream, vm1, vm2, wait_until)
from lib.settings import PORT

# What a datagram carries at most in one frame, by the version of IP
MOST = {4: 1472, 6: 1452}


def address(host, version):
    """Return: the address of a host on the wire of NIC 0"""
    return host.ip4() if version == 4 else host.ip6()


def tcp(version, other):
    """Transfer in both directions."""
    to = address(other, version)
    vm1.cmd(stream("send", to, 4000000), stream("recv", to, 4000000))


def each_size(version):
    """Echo datagrams from no byte to a full frame."""
    note(vm1.cmd(echo(address(peer, version), 0, MOST[version], 1)))


def fragments(version, other):
    """Echo datagrams from a full frame to the largest possible one."""
    to = address(other, version)
    vm1.cmd(echo(to, 1450, 1500, 1), echo(to, 2003, 65507, 2117),
            echo(to, 65507, 65507, 1))


def from_peer():
    """The peer connects to each card."""
    for to in (vm1.ip4(), vm2.ip6(), vm2.ip4(1)):
        peer.cmd(stream("send", to, 1000000), stream("recv", to, 1000000),
                 echo(to, 0, 3000, 501))


def bytes_of_cards():
    """Return: what each card of vm2 has received and sent"""
    files = " ".join(f"/sys/class/net/$(card {context.mac})/statistics/{way}_bytes"
                     for context in (context2, context3) for way in ("rx", "tx"))
    return [int(count) for count in vm2.cmd("cat " + files).split()]


def two_nics():
    """Both cards count traffic, and so does the host: the first card traps by its
    doorbell page, the second one by the register."""
    before = bytes_of_cards()
    flows = Flows(vm2, a=stream("send", peer.ip4(0), 500000),
                  b=stream("recv", peer.ip6(1), 500000),
                  c=stream("recv", peer.ip4(0), 500000),
                  d=stream("send", peer.ip6(1), 500000))
    flows.move(30)
    flows.stop()
    for old, new in zip(before, bytes_of_cards()):
        note("bytes", new - old)
        ksft_gt(new - old, 1000000)
    ksft_gt(context2.count("statistics/traps_page"), 100)
    ksft_eq(context2.count("statistics/traps_register"), 0)
    ksft_eq(context3.count("statistics/traps_page"), 0)
    ksft_gt(context3.count("statistics/traps_register"), 100)


# Datagrams of a burst, and the bytes of each: together they fill half a socket.
BURST = (100, 1000)


def lost_datagrams():
    """Return: how many datagrams the server's socket of vm1 did not take, and how many
    bytes wait in it, with what they cost"""
    fields = vm1.cmd(f"awk '$2 ~ /:{PORT:04X}$/' /proc/net/udp6").split()
    return int(fields[12]), int(fields[4].split(":")[1], 16)


def burst():
    """A burst of short datagrams fits into the socket of a server that is not there to
    read it yet."""
    server = vm1.cmd("pgrep -o -x -f '/stream serve [0-9]*'")
    defer(vm1.cmd, f"kill -CONT {server}")
    vm1.cmd(f"kill -STOP {server}")
    before, _ = lost_datagrams()
    count, size = BURST
    peer.cmd(f"data=$(printf '%0{size}d' 0)", f"for ((i = 0; i < {count}; i++)); do "
             f"echo -n \"$data\" >/dev/udp/{vm1.ip4()}/{PORT}; done")
    wait_until(10, lambda: lost_datagrams()[1] > 0, "the burst arrives")
    vm1.cmd(f"ping -q -c 2 -i 0.2 -W 2 {peer.ip4()}")
    after, waiting = lost_datagrams()
    note(f"{waiting} bytes for {count} datagrams of {size}")
    ksft_eq(after, before)
    ksft_gt(waiting, count * size)


CASES = []
for v in (4, 6):
    CASES += [
        Case(40, f"TCP, IPv{v}: vm1 and the peer, both ways", tcp, v, peer),
        Case(40, f"TCP, IPv{v}: vm1 and vm2, both ways", tcp, v, vm2),
        Case(60, f"UDP, IPv{v}: vm1 and the peer, each size of a frame", each_size, v),
        LongCase(60, f"UDP, IPv{v}: vm1 and the peer, in fragments", fragments, v, peer),
        Case(60, f"UDP, IPv{v}: vm1 and vm2, in fragments", fragments, v, vm2),
    ]
CASES += [
    Case(40, "the peer connects to vm1 and vm2", from_peer),
    Case(60, "one machine, two NICs, traffic on both at once", two_nics),
    Case(60, "a burst of short datagrams fits into a socket", burst),
]
