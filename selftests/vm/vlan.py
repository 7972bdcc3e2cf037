# SPDX-License-Identifier: GPL-2.0-only
"""The attribute `vlan` of a context. vm2 starts again for it: its first card is a trunk,
its second one, of the other NIC, belongs to a VLAN. The peer joins the wires of both
NICs by a bridge, so that vm2, with a network stack for each card, sends to itself over
two wires, where tags can be captured. (The machine that this runs on needs no support of
VLANs.)
"""

from lib import (Capture, Case, Listener, context1, context2, context3, defer, echo,
                 ksft_eq, ksft_ge, ksft_gt, l1, peer, stream, vm1, vm2)
from lib.settings import MTU

# The VLAN of the second card, and another one. Both are part of addresses, too.
ACCESS = 130
OTHER = 200
# One that the machine itself puts into the first one
INNER = 5
BOTH = f"(eth.addr == {context2.mac} && eth.addr == {context3.mac})"
FROM_SECOND = f"eth.src == {context3.mac}"
# The MTU of both NICs
LARGEST = 9000
# The second case writes the file, and the third one reads it.
crossing = Capture("vlan")


def join():
    """Have the peer join the wires until the case ends."""
    defer(peer.cmd, "ip link del join")
    peer.cmd("ip link add join type bridge forward_delay 0", "ip link set join up",
             "ip link set wire0 master join", "ip link set wire1 master join")


def trunk_links(one):
    """The first card, `one`, is 10.x.0.1 of each VLAN x."""
    for vid in (ACCESS, OTHER):
        vm2.cmd(f"ip link add link {one} name one.{vid} type vlan id {vid}",
                f"sysctl -qw net.ipv6.conf.one/{vid}.accept_dad=0",
                f"ip link set one.{vid} up",
                f"ip addr add 10.{vid}.0.1/24 dev one.{vid}",
                f"ip addr add fdcd:{vid}::1/64 dev one.{vid} nodad")


def access_links(two):
    """The second card, alone in the space `two`, is 10.x.0.2 of each VLAN x."""
    vm2.cmd("ip netns add two", f"ip link set {two} netns two",
            *("ip netns exec two " + command for command in (
                "ip link set lo up",
                f"ip link set {two} name two up",
                f"ip addr add 10.{ACCESS}.0.2/24 dev two",
                f"ip addr add fdcd:{ACCESS}::2/64 dev two nodad",
                f"ip link add link two name two.{OTHER} type vlan id {OTHER}",
                f"ip addr add 10.{OTHER}.0.2/24 dev two.{OTHER}",
                f"ip link set two.{OTHER} up")))


def boot():
    """vm2 starts with a server for each card."""
    l1.cmd("! guest_running vm2 || guest_kill vm2", "guest_until_off vm2 10")
    context2.write("vlan", "trunk")
    context3.write("vlan", ACCESS)
    vm2.boot()
    vm2.cmd("modprobe 8021q")
    vm2.net_up()
    vm2.serve()
    trunk_links(vm2.card())
    access_links(vm2.card(context3))
    vm2.serve("ip netns exec two")
    peer.cmd(f"ping -q -c 3 -i 0.2 -W 2 {vm2.ip4()}")


def try_all():
    """Transfer from the first card to the VLAN of the second one."""
    for to in (f"10.{ACCESS}.0.2", f"fdcd:{ACCESS}::2"):
        vm2.cmd(stream("send", to, 1000000), stream("recv", to, 1000000),
                echo(to, 0, 4000, 97))


def crosses():
    """Frames cross with tags of the card, and with tags of the kernel."""
    one = vm2.card()
    join()
    crossing.start(0)
    vm2.cmd(f"ping -q -c 2 -i 0.2 -W 2 -M do -s 1472 10.{ACCESS}.0.2")
    try_all()
    defer(vm2.cmd, f"ethtool -K {one} rxvlan on txvlan on")
    vm2.cmd(f"ethtool -K {one} rxvlan off txvlan off")
    try_all()


def captured():
    """Every captured frame has the tag, and right checksums."""
    tagged = f"vlan.id == {ACCESS}"
    sums = ("ip", "tcp", "udp", "icmp")
    crossing.has(*(f"{BOTH} && {tagged} && {one}.checksum.status == 1" for one in sums),
                 f"{BOTH} && vlan && ipv6 && tcp")
    crossing.has(f"eth.src == {context2.mac} && tcp && {tagged}",
                 f"{FROM_SECOND} && tcp && {tagged}",
                 f"{FROM_SECOND} && udp && {tagged}")
    crossing.lacks(f"{BOTH} && !({tagged})")
    crossing.lacks(f"{FROM_SECOND} && !({tagged})")
    wrong = " || ".join(["_ws.malformed"] + [f"{one}.checksum.status == 0"
                                             for one in sums])
    crossing.lacks(f"{BOTH} && ({wrong})")


def large_frames(one):
    """The cards and the wires take what the NIC takes, until the case ends."""
    defer(vm2.cmd, f"ip link set {one} mtu {MTU}",
          f"ip netns exec two ip link set two mtu {MTU}")
    for net in (0, 1):
        defer(peer.wire, net)
        peer.wire(net, LARGEST)
    vm2.cmd(f"ip link set {one} mtu {LARGEST}",
            f"ip link set one.{ACCESS} mtu {LARGEST}",
            f"ip netns exec two ip link set two mtu {LARGEST}")


def double_links():
    """The first card has VLAN INNER within that of the second card, which has it too."""
    defer(vm2.attempt, "ip link del one.inner",
          "ip netns exec two ip link del two.inner")
    vm2.cmd(f"ip link add link one.{ACCESS} name one.inner type vlan id {INNER}",
            f"ip addr add 10.{INNER}.0.1/24 dev one.inner",
            "ip link set one.inner up",
            f"ip neigh replace 10.{INNER}.0.2 lladdr {context3.mac} dev one.inner",
            *("ip netns exec two " + command for command in (
                f"ip link add link two name two.inner type vlan id {INNER}",
                f"ip addr add 10.{INNER}.0.2/24 dev two.inner",
                "ip link set two.inner up")))


def echoes():
    """Return: how many pings the second card has handed up"""
    names, values = vm2.cmd("ip netns exec two grep ^Icmp: /proc/net/snmp").split("\n")
    return int(dict(zip(names.split(), values.split()))["InEchos"])


def tagged_twice():
    """Behind two tags is as much as without: to the wire, and from it. There is no
    answer, because the second card must not tag."""
    large_frames(vm2.card())
    join()
    double_links()
    capture = Capture("double").start(0)
    before = echoes()
    # The first one is no longer than a frame of full size with one tag.
    sizes = [LARGEST - 28 - less for less in (4, 3, 0)]
    for size in sizes:
        vm2.refuses(f"ping -q -c 2 -i 0.2 -W 1 -M do -s {size} 10.{INNER}.0.2")
    capture.stop()
    both = f"vlan.id == {ACCESS} && vlan.id == {INNER} && icmp"
    ksft_eq(capture.counts(*(f"{both} && frame.len == {size + 50}" for size in sizes)),
            [2, 2, 2])
    ksft_eq(echoes(), before + 6)


def plain():
    """The trunk reaches the peer without a tag."""
    vm2.cmd(stream("send", peer.ip4(), 1000000), stream("recv", peer.ip4(), 1000000))


def access_only():
    """No other tag enters the VLAN, and the second card cannot send one."""
    join()
    capture = Capture("access").start(1)
    vm2.refuses(f"ping -q -c 2 -i 0.2 -W 1 10.{OTHER}.0.2",
                f"ip netns exec two ping -q -c 2 -i 0.2 -W 1 10.{OTHER}.0.1")
    vm2.cmd(f"ping -q -c 2 -i 0.2 -W 2 10.{ACCESS}.0.2")
    capture.stop()
    capture.has(f"vlan.id == {OTHER}", f"{FROM_SECOND} && vlan.id == {ACCESS}")
    capture.lacks(f"{FROM_SECOND} && !(vlan.id == {ACCESS})")


def sent(vm, dev):
    """Return: how many packets an interface has sent"""
    return int(vm.read(f"/sys/class/net/{dev}/statistics/tx_packets"))


def hears_no_tag():
    """vm1 does not receive what vm2 sends to it with a tag."""
    link = f"one.{OTHER}"
    listener = Listener(vm1, "-p")
    vm2.cmd(f"ip neigh replace 10.{OTHER}.0.11 lladdr {context1.mac} dev {link}")
    before = sent(vm2, link)
    vm2.refuses(f"ping -q -c 3 -i 0.2 -W 1 10.{OTHER}.0.11")
    ksft_ge(sent(vm2, link), before + 3)
    vm2.cmd(f"ip neigh del 10.{OTHER}.0.11 dev {link}",
            f"ping -q -c 2 -i 0.2 -W 2 {vm1.ip4()}")
    pings, tagged = listener.heard("icmp[0] == 8", "vlan")
    ksft_eq(pings, 2)
    ksft_eq(tagged, 0)


def sends_no_tag():
    """Frames that vm1 sends with a tag are not forwarded."""
    vm1.cmd("modprobe 8021q", f"ip link add link $(card {context1.mac}) name tagged "
            f"type vlan id {OTHER}")
    defer(vm1.cmd, "ip link del tagged")
    vm1.cmd(f"ip addr add 10.{OTHER}.0.11/24 dev tagged", "ip link set tagged up")
    vm1.refuses(f"ping -q -c 3 -i 0.2 -W 1 10.{OTHER}.0.1")
    ksft_gt(sent(vm1, "tagged"), 0)
    vm1.cmd(f"ping -q -c 2 -i 0.2 -W 2 {peer.ip4()}")


def none():
    """The context of vm1 has no VLAN."""
    capture = Capture("none").start(0)
    hears_no_tag()
    sends_no_tag()
    capture.stop()
    capture.has(f"eth.src == {context1.mac}")
    capture.lacks(f"vlan && eth.src == {context1.mac}")


CASES = [
    Case(150, "contexts get VLANs, and their machine starts again", boot),
    Case(60, f"from a trunk, tagged, to VLAN {ACCESS} of the host's, and back",
         crosses),
    Case(40, "on the wire, all of it has had the tag", captured),
    Case(60, "frames of full size have two tags", tagged_twice),
    Case(40, "a trunk speaks without a tag as well", plain),
    Case(40, f"no other VLAN gets into or out of VLAN {ACCESS}", access_only),
    Case(40, "a context without VLANs neither sends nor gets a tag", none),
]
