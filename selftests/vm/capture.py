# SPDX-License-Identifier: GPL-2.0-only
"""What is on the wire, seen from the far end."""

from lib import (Capture, Case, Flows, context1, context2, echo, note, peer, stream,
                 vm1, vm2)
from lib.settings import MTU

OF_MACHINES = f"(eth.src == {context1.mac} || eth.src == {context2.mac})"
OF_PEER = "eth.src == 02:cd:a0:ff:00:01"
# Protocols whose checksum.status is 1 where the sum was verified and is right
SUMS = ("ip", "tcp", "udp", "icmp", "icmpv6")
KINDS = ("udp", "icmp", "icmpv6", "ipv6 && tcp", "ip.flags.mf == 1", "ipv6.fraghdr")
# The first case writes the file, and all others read it.
mixed = Capture("mixed")


def traffic():
    """Both machines send at the same time, with segmentation and checksums offloaded."""
    mixed.start(0)
    vm2.cmd("ip neigh flush all")
    flows = Flows(vm2, **{way: f"bash -c '{stream(way, peer.ip4(), 200000)}; sleep 0.3'"
                          for way in ("send", "recv")})
    vm1.cmd("ip neigh flush all")
    for to in (peer.ip4(), peer.ip6()):
        vm1.cmd(f"ping -q -c 2 -i 0.2 -s 4000 {to}", stream("send", to, 1000000),
                stream("recv", to, 300000), echo(to, 0, 9000, 307))
    flows.move(20)
    flows.stop()
    mixed.stop()
    mixed.has(*(f"eth.src == {context.mac} && {kind}"
                for context in (context1, context2)
                for kind in ("tcp.len > 1000", "arp")),
              *(f"{OF_MACHINES} && {kind}" for kind in KINDS))
    note(mixed.counts(OF_MACHINES)[0], "frames of machines")


def sound():
    """Checksums of every kind were verified, and all of them are right."""
    mixed.has(*(f"{OF_MACHINES} && {one}.checksum.status == 1" for one in SUMS))
    wrong = " || ".join(["_ws.malformed"] + [f"{one}.checksum.status == 0"
                                             for one in SUMS])
    mixed.lacks(f"{OF_MACHINES} && ({wrong})")


def length():
    """Some frames fill the MTU."""
    mixed.has(f"{OF_MACHINES} && frame.len == {MTU + 14}")
    mixed.lacks(f"{OF_MACHINES} && frame.len > {MTU + 14}")


def sources():
    """There is no other source address."""
    mixed.has(OF_PEER)
    mixed.lacks(f"!{OF_MACHINES} && !({OF_PEER})")


CASES = [
    Case(90, "traffic of all kinds is captured at the peer", traffic),
    Case(60, "no captured frame is malformed, no checksum is wrong", sound),
    Case(30, "no captured frame is longer than the MTU", length),
    Case(30, "each captured frame is of a machine or the peer", sources),
]
