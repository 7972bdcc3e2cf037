# SPDX-License-Identifier: GPL-2.0-only
"""What a machine must not send, what it must not receive, and what all receive."""

from lib import (Capture, Case, Connections, Listener, context1, context3, defer, echo,
                 ksft_eq, ksft_gt, ksft_in, peer, stream, vm1, vm2)
from lib.settings import ip4

CHOSEN = "02:11:22:33:44:55"
FOREIGN = "02:00:00:00:00:77"
BROADCAST = "198.18.0.255"
GROUP = "33:33:00:00:cd:a0"


def cannot_change():
    """The log of the kernel says what to do instead."""
    dev = vm1.card()
    vm1.cmd("dmesg -C")
    vm1.refuses(f"ip link set {dev} address {FOREIGN}")
    ksft_eq(vm1.read(f"/sys/class/net/{dev}/address"), context1.mac)
    ksft_in("mac_address of its mediated device", vm1.cmd("dmesg"))


def address(dev, mac):
    """Return: the command that changes an address"""
    return f"ip link set {dev} address {mac}"


def change_back(dev, tx):
    """Set up the card of vm2 as other cases expect it."""
    vm2.cmd(address(dev, context3.mac), f"ethtool -G {dev} tx {tx}")
    vm2.net_up(context3)
    ksft_eq(context3.read("mac_in_use"), context3.mac)


def change(dev, connection):
    """Change the address while the card is up and while it is down. The driver keeps it
    when it makes new queues."""
    # Notify the peer of each change.
    vm2.cmd(f"sysctl -qw net.ipv4.conf.{dev}.arp_notify=1 "
            f"net.ipv6.conf.{dev}.ndisc_notify=1")
    connection.move(20)
    ksft_in(context3.mac, vm2.cmd(address(dev, CHOSEN), f"ethtool -P {dev}"))
    connection.move(20)
    vm2.cmd(f"ethtool -G {dev} tx 256", f"until_true 10 has_carrier {dev}")
    connection.move(20)
    vm2.cmd(f"ip link set {dev} down", address(dev, context3.mac),
            f"ip link set {dev} up", f"until_true 10 has_carrier {dev}")
    connection.move(30)
    vm2.cmd(address(dev, CHOSEN))
    connection.move(20)


def may_change():
    """The context of vm2's second card allows it. A stream goes on, and no frame has
    the old address afterwards."""
    dev = vm2.card(context3)
    defer(change_back, dev, vm2.ring_sizes(dev)[0])
    vm2.refuses(address(dev, "01:00:5e:00:00:01"))
    # Not several: while the card is down, there is no route for a new one.
    connection = Connections(vm2, choose=("send", peer.ip4(1)))
    change(dev, connection)
    ksft_eq(context3.read("mac_in_use"), CHOSEN)
    ksft_eq(context3.read("mac_address"), context3.mac)
    capture = Capture("choose").start(1)
    connection.move(20)
    connection.stop()
    for to in (peer.ip4(1), peer.ip6(1)):
        vm2.cmd(stream("send", to, 300000), stream("recv", to, 300000),
                echo(to, 0, 3000, 501))
    capture.stop()
    capture.has(f"eth.src == {CHOSEN} && tcp", f"eth.dst == {CHOSEN} && tcp",
                f"eth.src == {CHOSEN} && udp")
    capture.lacks(f"eth.src == {context3.mac}")


def spoof():
    """A macvlan has an address of its own, which the NIC does not know. The same
    capture shows frames of the card's own address."""
    capture = Capture("spoof").start(0, "icmp or arp")
    defer(vm1.cmd, "ip link del mv0")
    vm1.cmd("modprobe macvlan",
            f"ip link add mv0 link $(card {context1.mac}) address {FOREIGN} "
            "type macvlan mode bridge",
            f"ip addr add {ip4(0, 99)}/24 dev mv0", "ip link set mv0 up")
    vm1.refuses(f"ping -q -c 3 -i 0.2 -W 1 -I mv0 {peer.ip4()}")
    ksft_gt(int(vm1.read("/sys/class/net/mv0/statistics/tx_packets")), 0)
    vm1.cmd(f"ping -q -c 2 -i 0.2 -W 2 {peer.ip4()}")
    capture.stop()
    capture.has(f"eth.src == {context1.mac}")
    capture.lacks(f"eth.src == {FOREIGN}")


def of_others(context):
    """Return: the filter of tcpdump for frames that a card must not receive"""
    return f"not ether host {context.mac} and not ether multicast"


def overhear():
    """vm2 receives what is sent to it, and nothing else."""
    to = peer.ip4()
    listener = Listener(vm2)
    vm1.cmd(stream("send", to, 500000), stream("recv", to, 500000),
            echo(to, 1, 1001, 100))
    peer.cmd(f"ping -q -c 3 -i 0.2 -W 2 {vm2.ip4()}")
    own, others = listener.heard(f"icmp[0] == 8 and ether dst {vm2.contexts[0].mac}",
                                 of_others(vm2.contexts[0]))
    ksft_eq(own, 3)
    ksft_eq(others, 0)


def broadcast():
    """Both machines answer a ping, which calls the second answer a duplicate."""
    answers = peer.cmd(f"ping -b -c 5 -i 0.3 -W 2 {BROADCAST}")
    ksft_in(f"from {vm1.ip4()}", answers)
    ksft_in(f"from {vm2.ip4()}", answers)
    answers = vm1.cmd(f"ping -b -c 3 -i 0.3 -W 2 {BROADCAST}")
    ksft_in(f"from {vm2.ip4()}", answers)


def ask_group(count, group):
    """Ping a group, in which no member answers."""
    peer.attempt(f"ping -6 -q -c {count} -i 0.2 -W 1 -I wire0 {group}")


def multicast():
    """A member receives frames of the group until it leaves it."""
    card = f"$(card {context1.mac})"
    to_group = f"ether dst {GROUP}"
    vm1.cmd(f"ip maddr add {GROUP} dev {card}")
    member, other = Listener(vm1, "-p"), Listener(vm2, "-p")
    ask_group(3, "ff05::cda0")
    ksft_eq(member.heard(to_group), [3])
    ksft_eq(other.heard(to_group), [0])
    vm1.cmd(f"ip maddr del {GROUP} dev {card}")
    member = Listener(vm1, "-p")
    ask_group(3, "ff05::cda0")
    ksft_eq(member.heard(to_group), [0])


def groups():
    """With more groups than the filter has places for, and in promiscuous mode, a
    machine receives frames of its groups, and none of others' connections."""
    dev = vm1.card()
    defer(vm1.cmd, f"ip -6 addr flush dev {dev} to ff05::cd:0/112")
    vm1.cmd(f"printf 'addr add ff05::cd:%x/128 dev {dev} autojoin\\n' {{1..300}} | "
            "ip -6 -batch -")
    joined = vm1.cmd(f"ip maddr show dev {dev} | grep -c 33:33:00:cd")
    ksft_eq(joined, "300")
    listener = Listener(vm1)
    ask_group(2, "ff05::cd:12c")
    peer.cmd(f"ping -q -c 3 -i 0.2 -W 2 {vm2.ip4()}")
    asked, others = listener.heard("ether dst 33:33:00:cd:01:2c", of_others(context1))
    ksft_eq(asked, 2)
    ksft_eq(others, 0)
    listener = Listener(vm1, "-p")
    ask_group(2, "ff05::cd:1")
    ksft_eq(listener.heard("ether dst 33:33:00:cd:00:01"), [2])


CASES = [
    Case(20, "a machine cannot change its address, and is told why", cannot_change),
    Case(90, "a machine whose host allows it changes its address", may_change),
    Case(40, "no frame of a foreign address leaves a machine", spoof),
    Case(40, "a machine hears nothing of what others say to each other", overhear),
    Case(30, "broadcasts reach all machines", broadcast),
    Case(40, "a multicast group reaches its members only", multicast),
    Case(40, "many groups, and a promiscuous mode that is not to be had", groups),
]
