# SPDX-License-Identifier: GPL-2.0-only
"""Frames of all shapes: each MTU, each offload taken away."""

import re

from lib import (Case, LongCase, defer, echo, ksft_eq, ksft_gt, ksft_in, ksft_lt,
                 ksft_match, ksft_not_in, note, peer, stream, vm1, vm2, wait_until)

# As ethtool takes them and as it shows them; in this order they can be switched on.
OFFLOADS = {
    "sg": "scatter-gather",
    "tx": "tx-checksumming",
    "rx": "rx-checksumming",
    "tso": "tcp-segmentation-offload",
    "gso": "generic-segmentation-offload",
    "gro": "generic-receive-offload",
    "rx-gro-hw": "rx-gro-hw",
}
OFF_IN_TURN = ("tso", "gso", "rx-gro-hw", "gro", "tx", "rx", "sg")


def both_ways(to, size):
    """Return: the commands of a transfer there and one back"""
    return stream("send", to, size), stream("recv", to, size)


def fits(size, to):
    """A ping that fills a frame passes, and one byte more does not."""
    vm1.cmd(f"ping -q -c 3 -i 0.2 -W 2 -M do -s {size} {to}")
    vm1.refuses(f"ping -q -c 1 -W 2 -M do -s {size + 1} {to}")
    vm1.cmd(*both_ways(to, 1000000), echo(to, size - 9, size + 9, 1),
            echo(to, 20001, 20001, 1))


def mtu(size):
    """Both protocols respect the MTU. Below 1280 there is no IPv6."""
    dev = vm1.card()
    defer(vm1.net_up)
    defer(peer.wire, 0)
    peer.wire(0, size)
    vm1.cmd(f"ip link set {dev} mtu {size}")
    ksft_eq(vm1.read(f"/sys/class/net/{dev}/mtu"), str(size))
    fits(size - 28, peer.ip4())
    if size >= 1280:
        fits(size - 48, peer.ip6())


def mtu_limits():
    """The kernel refuses one more than the largest, and one less than the smallest."""
    dev = vm1.card()
    vm1.refuses(f"ip link set {dev} mtu 9001", f"ip link set {dev} mtu 67")
    shown = vm1.cmd(f"ip -d link show {dev}")
    ksft_in("mtu 1500", shown)
    ksft_in("minmtu 68 maxmtu 9000", shown)


def features(dev):
    """Return: the features that are on, as ethtool shows them"""
    return re.findall("^([a-z-]+): on", vm1.cmd(f"ethtool -k {dev}"), re.M)


def without(*off):
    """Transfer with the offloads switched off, and switch them on again."""
    dev = vm1.card()
    before = features(dev)
    for name in off:
        ksft_in(OFFLOADS[name], before)
    defer(vm1.cmd, *(f"ethtool -K {dev} {name} on"
                     for name, shown in OFFLOADS.items() if shown in before))
    vm1.cmd(*(f"ethtool -K {dev} {name} off" for name in off))
    now = features(dev)
    for name in off:
        ksft_not_in(OFFLOADS[name], now)
    vm1.cmd(f"until_true 10 has_carrier {dev}")
    for to in (peer.ip4(), peer.ip6(), vm2.ip4()):
        vm1.cmd(*both_ways(to, 700000), echo(to, 1, 4001, 500))


def timestamps():
    """Without timestamps, segments are merged and cut. The peer's setting is for both
    directions."""
    dev = vm1.card()
    defer(peer.cmd, "sysctl -qw net.ipv4.tcp_timestamps=1")
    peer.cmd("sysctl -qw net.ipv4.tcp_timestamps=0")
    for to in (peer.ip4(), peer.ip6()):
        before = vm1.counters(dev)
        vm1.cmd(*both_ways(to, 2000000))
        after = vm1.counters(dev)
        ksft_gt(after["rx_lro"], before["rx_lro"] + 20)
        ksft_gt(after["tx_gso"], before["tx_gso"] + 20)
    ksft_eq(after["rx_invalid_completion"], 0)
    ksft_eq(after["faults"], 0)


def options():
    """The stack segments them, and nothing is lost, which would be retransmitted."""
    dev = vm1.card()
    before = vm1.counters(dev)
    again = int(vm1.cmd("tcp_retransmitted"))
    vm1.cmd(stream("send-options", peer.ip6(), 3000000))
    after = vm1.counters(dev)
    ksft_gt(after["tx_packets"], before["tx_packets"] + 2000)
    ksft_lt(after["tx_gso"], before["tx_gso"] + 10)
    ksft_lt(int(vm1.cmd("tcp_retransmitted")), again + 10)


def merges(dev):
    """Return: whether the NIC merges frames, as ethtool shows it"""
    return "rx-gro-hw" in features(dev)


def keeps_merging():
    """A bridge leaves merging on. Generic XDP takes it, for as long as it is there."""
    dev = vm1.card()
    ksft_eq(merges(dev), True)
    defer(vm1.net_up)
    defer(vm1.attempt, "ip link del join")
    vm1.cmd("modprobe bridge", "ip link add join type bridge",
            f"ip link set {dev} master join")
    ksft_eq(merges(dev), True)
    vm1.cmd("ip link del join")
    ksft_match("^rx-gro-hw: off", vm1.cmd(f"/xdp {dev} ethtool -k {dev}"))
    # The next poll finds that it is gone.
    vm1.attempt(f"ping -q -c 2 -i 0.2 -W 1 {peer.ip4()}")
    wait_until(10, lambda: merges(dev), "merging is on again")
    before = vm1.counters(dev)["rx_lro"]
    vm1.cmd(f"until_true 10 has_carrier {dev}", stream("recv", peer.ip4(), 2000000))
    ksft_gt(vm1.counters(dev)["rx_lro"], before + 20)


def tunneled():
    """The NIC inserts checksums into what a tunnel carries, and vm2 finds them right."""
    dev = vm1.card()
    for vm, other, net in ((vm1, vm2, 1), (vm2, vm1, 2)):
        defer(vm.attempt, "ip link del tunnel")
        vm.cmd(f"ip link add tunnel type vxlan id 7 dstport 4789 local {vm.ip4()} "
               f"remote {other.ip4()} dev {vm.card()}",
               f"ip addr add 10.77.0.{net}/24 dev tunnel", "ip link set tunnel up")
    before = vm1.counters(dev)
    vm1.cmd(stream("send", "10.77.0.2", 2000000))
    after = vm1.counters(dev)
    sent = after["tx_packets"] - before["tx_packets"]
    summed = after["tx_csum"] - before["tx_csum"]
    note(f"{sent} frames, {summed} checksums")
    ksft_gt(sent, 1000)
    ksft_gt(summed, sent * 9 // 10)


def bounced():
    """The cards of vm2 reach nothing but bounce buffers; see start.py."""
    used = "/sys/kernel/debug/swiotlb/io_tlb_used"
    vm2.cmd(f"[[ -e {used} ]] || mount -t debugfs none /sys/kernel/debug")
    ksft_gt(int(vm2.read(used)), 0)
    for to in (peer.ip4(), peer.ip6()):
        vm2.cmd(*both_ways(to, 1000000), echo(to, 1, 4001, 500))


CASES = [
    *(Case(60, f"MTU {size}: what fits passes, one byte more does not", mtu, size)
      for size in (576, 1280, 1500, 9000)),
    Case(15, "an MTU that the NIC does not have is refused", mtu_limits),
    *(LongCase(40, f"contents are right without {name}", without, name)
      for name in OFF_IN_TURN),
    Case(60, "contents are right without any offload", without, *OFF_IN_TURN),
    Case(40, "short headers of TCP, without timestamps, are merged as well",
         timestamps),
    Case(40, "a frame whose headers the NIC does not know is cut before it", options),
    Case(40, "contents are right through bounce buffers", bounced),
    Case(90, "bridges and XDP that come and go leave merging on", keeps_merging),
    Case(90, "the NIC inserts checksums within a tunnel", tunneled),
]
