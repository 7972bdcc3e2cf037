# SPDX-License-Identifier: GPL-2.0-only
"""Contexts of a softnic, on a bridge of L1. Machines that run get a card each, beside those
of the NIC; L1 itself is the third on the bridge.
"""

from lib import (Case, Connections, Context, LongCase, defer, echo, ksft_eq, ksft_gt,
                 ksft_in, ksft_match, l1, stream, vm1, vm2, wait_until)
from lib.settings import MTU, PORT

# The net of addresses that is on the bridge
NET = 2
LARGEST = 9000
VLAN = 30
soft1 = Context(5, NET)
soft2 = Context(6, NET)
HOST4, HOST6 = "198.18.2.1", "fdcd:a0::2:0:1"


def port(context):
    """Return: the name of a context's port"""
    return "cdna" + context.read("context")


def load(kind="context"):
    """The modules load; mdevctl makes contexts of a type, each of which has a port, for
    the bridge."""
    l1.cmd(f"guest_softnic mtu={LARGEST}", "modprobe bridge",
           "ip link add soft type bridge forward_delay 0",
           "sysctl -qw net.ipv6.conf.soft.accept_dad=0",
           f"ip addr add {HOST4}/24 dev soft", f"ip addr add {HOST6}/96 dev soft nodad",
           f"ip link set soft mtu {MTU} up")
    for context in (soft1, soft2):
        name = l1.cmd(f"guest_softnic_context {context.uuid} {context.mac} {kind}")
        ksft_eq(name, port(context))
        l1.cmd(f"ip link set {name} mtu {MTU}")
    l1.cmd(f"ip link set {port(soft1)} master soft up")
    soft2.write("bridge", "soft")
    l1.cmd(f"setsid /cdna/build/vm/stream serve {PORT} >/tmp/serve.log 2>&1 </dev/null &")


def described():
    """ip, ethtool and devlink show what the port is, and whose."""
    number = soft1.read("context")
    name = port(soft1)
    shown = l1.cmd(f"ip -d link show {name}")
    ksft_in(f"portname pf0sf{number}", shown)
    ksft_in("parentdev cdna_softnic", shown)
    ksft_match("^driver: cdna_softnic$", l1.cmd(f"ethtool -i {name}"))
    ksft_match(f"^bus-info: cdna_softnic/{number}$", l1.cmd(f"ethtool -i {name}"))
    ksft_in("platform/cdna_softnic", l1.cmd("devlink dev"))
    ksft_in("NO-CARRIER", shown)


def attributes():
    """The attribute `bridge` puts the port into a bridge that there is, and takes it out;
    the port has the address of its context, but for the first byte, until the host chooses
    another."""
    name = port(soft2)
    shown = f"ip -o link show {name}"
    ksft_in("master soft", l1.cmd(shown))
    ksft_in(",UP", l1.cmd(shown))
    ksft_in("cannot be in the bridge 'none7'",
            l1.refuses(f"echo none7 >{soft2.path}/bridge || {{ dmesg | tail -n 1; false; }}"))
    l1.refuses(f"echo lo >{soft2.path}/bridge", f"echo a/b >{soft2.path}/bridge",
               f"echo aaaabbbbccccdddd >{soft2.path}/bridge")
    ksft_eq(soft2.read("bridge"), "soft")
    soft2.write("bridge", "")
    ksft_eq(l1.cmd(f"{shown} | grep -c 'master soft' || true"), "0")
    soft2.write("bridge", "soft")
    ksft_in("master soft", l1.cmd(shown))
    l1.cmd(f"ip link set {name} down")
    soft2.write("bridge", "soft")
    ksft_in(",UP", l1.cmd(shown))
    ksft_in("fe" + soft2.mac[2:], l1.cmd(shown))
    soft2.write("mac_address", "52:54:00:cd:a1:06")
    ksft_in("fe:54:00:cd:a1:06", l1.cmd(shown))
    l1.cmd(f"ip link set {name} address 02:00:00:00:a1:06")
    soft2.write("mac_address", soft2.mac)
    ksft_in("02:00:00:00:a1:06", l1.cmd(shown))
    l1.cmd(f"ip link set {name} address fe{soft2.mac[2:]}")


def plug_in():
    """Machines get a card while they run; the carrier of the port follows the guest."""
    for vm, context in ((vm1, soft1), (vm2, soft2)):
        l1.cmd(f"guest_plug {vm.name} {context.uuid}")
        vm.net_up(context)
        l1.cmd(f"[[ $(cat /sys/class/net/{port(context)}/carrier) == 1 ]]")
        vm.cmd(f"ping -q -c 2 -i 0.2 -W 2 {HOST4}", f"ping -q -c 2 -i 0.2 -W 2 {HOST6}")


def bulk(vm, *hosts):
    """Transfer in both directions, by both protocols, and datagrams of all sizes."""
    for to in hosts:
        vm.cmd(stream("send", to, 4000000), stream("recv", to, 4000000),
               echo(to, 0, 4000, 97))


def host_and_machine():
    """Contents are right between the host and a machine."""
    before = counted(soft1)
    bulk(vm1, HOST4, HOST6)
    after = counted(soft1)
    for name in ("guest_tx_frames", "guest_rx_frames"):
        ksft_gt(after[name], before[name], name)
    for name in after:
        if name.startswith(("drop_tx_spoof", "drop_tx_bad", "fault")):
            ksft_eq(after[name], before[name], name)


def machines():
    """Contents are right between two machines on the bridge."""
    bulk(vm1, vm2.ip4(NET), vm2.ip6(NET))


def counted(context):
    """Return: what ethtool -S counts at a port, by name"""
    lines = l1.cmd(f"ethtool -S {port(context)} | sed 1d").splitlines()
    return {name.strip(): int(value)
            for name, value in (line.split(":") for line in lines)}


def seen_on_the_port():
    """A capture on the port has both directions, and contents stay right."""
    name = port(soft1)
    l1.cmd(f"setsid tcpdump -Z root -n -i {name} --immediate-mode -U -w /tmp/port.pcap "
           ">/tmp/port.log 2>&1 </dev/null &",
           "for _ in {1..100}; do ! grep -q listening /tmp/port.log || break; sleep 0.1; done")
    bulk(vm1, HOST4)
    l1.cmd("kill $(pidof tcpdump)",
           "for _ in {1..100}; do pidof tcpdump >/dev/null || break; sleep 0.1; done")
    for way in ("src", "dst"):
        frames = l1.cmd(f"tcpdump -n -r /tmp/port.pcap 'tcp and {way} {vm1.ip4(NET)}' "
                        "2>/dev/null | wc -l")
        ksft_gt(int(frames), 50, way)


def raw_sockets():
    """A program in the machine that reads raw frames, as DHCP clients do, finds right
    checksums in what the host sends, of which the host made none."""
    vm1.cmd(f"rm -f /tmp/raw; setsid tcpdump -Z root -n -vv --immediate-mode -l "
            f"-i $(card {soft1.mac}) -c 8 'udp and src {HOST4}' >/tmp/raw 2>/tmp/raw.log "
            "</dev/null &", "until_true 10 grep -q listening /tmp/raw.log")
    vm1.cmd(echo(HOST4, 1, 800, 100))
    said = vm1.cmd("until_true 10 eval '[[ $(grep -c \"udp sum\" /tmp/raw) -ge 8 ]]'",
                   "cat /tmp/raw")
    ksft_eq(said.count("[udp sum ok]"), 8)


def large_mtu():
    """Frames of 9000 bytes pass, unfragmented."""
    names = [port(context) for context in (soft1, soft2)]
    defer(l1.cmd, *(f"ip link set {name} mtu {MTU}" for name in names + ["soft"]))
    l1.cmd(*(f"ip link set {name} mtu {LARGEST}" for name in names + ["soft"]))
    for vm, context in ((vm1, soft1), (vm2, soft2)):
        dev = vm.card(context)
        defer(vm.cmd, f"ip link set {dev} mtu {MTU}")
        vm.cmd(f"ip link set {dev} mtu {LARGEST}")
    for to in (HOST4, vm2.ip4(NET)):
        vm1.cmd(f"ping -q -c 2 -i 0.2 -W 2 -M do -s {LARGEST - 28} {to}")
    bulk(vm1, HOST4, vm2.ip6(NET))


def vlan_of_bridge():
    """Two ports in a VLAN of the bridge reach each other, and not the host."""
    names = [port(context) for context in (soft1, soft2)]
    defer(l1.cmd, "ip link set soft type bridge vlan_filtering 0",
          *(f"bridge vlan del vid {VLAN} dev {name}; "
            f"bridge vlan add vid 1 dev {name} pvid untagged" for name in names))
    l1.cmd("ip link set soft type bridge vlan_filtering 1",
           *(f"bridge vlan del vid 1 dev {name}; "
             f"bridge vlan add vid {VLAN} dev {name} pvid untagged" for name in names))
    vm1.cmd(f"ping -q -c 2 -i 0.2 -W 2 {vm2.ip4(NET)}",
            stream("send", vm2.ip4(NET), 1000000))
    vm1.refuses(f"ping -q -c 2 -i 0.2 -W 1 {HOST4}")


def refused(address):
    """A ping of vm1 gets no answer, because of its tag."""
    before = counted(soft1)["drop_tx_spoof_vlan"]
    vm1.refuses(f"ping -q -c 2 -i 0.2 -W 1 {address}")
    ksft_gt(counted(soft1)["drop_tx_spoof_vlan"], before)


def vlan_of_guest():
    """A context without VLANs does not reach the VLAN device of the host, also not by a
    priority tag in front, behind which a receiver takes the next tag."""
    tagged = f"10.{VLAN}.0."
    defer(l1.attempt, f"ip link del soft.{VLAN}")
    l1.cmd(f"ip link add link soft name soft.{VLAN} type vlan id {VLAN}",
           f"ip addr add {tagged}1/24 dev soft.{VLAN}", f"ip link set soft.{VLAN} up")
    dev = vm1.card(soft1)
    defer(vm1.attempt, "ip link del soft")
    vm1.cmd("modprobe 8021q", f"ip link add link {dev} name soft type vlan id {VLAN}",
            f"ip addr add {tagged}11/24 dev soft", "ip link set soft up")
    refused(f"{tagged}1")
    vm1.cmd("ip link del soft", f"ip link add link {dev} name soft type vlan id 0",
            f"ip link add link soft name hidden type vlan id {VLAN}",
            f"ip addr add {tagged}11/24 dev hidden", "ip link set soft up",
            "ip link set hidden up")
    refused(f"{tagged}1")


def tunnel():
    """A tunnel of the machines: its frames are segmented behind the tunnel's header."""
    for vm, context, number, other in ((vm1, soft1, 1, vm2), (vm2, soft2, 2, vm1)):
        dev = vm.card(context)
        defer(vm.attempt, "ip link del tunnel")
        vm.cmd("modprobe vxlan", f"ip link add tunnel type vxlan id 7 dev {dev} "
               f"remote {other.ip4(NET)} dstport 4789",
               f"ip addr add 10.7.0.{number}/24 dev tunnel", "ip link set tunnel up")
    bulk(vm1, "10.7.0.2")


def bridge_lost():
    """A connection survives that its port is taken out of the bridge, and put back."""
    streams = Connections(vm1, l1, up=("send", HOST4), down=("recv", HOST6))
    streams.move(20)
    name = port(soft1)
    defer(l1.cmd, f"ip link set {name} master soft")
    l1.cmd(f"ip link set {name} nomaster")
    vm1.refuses(f"ping -q -c 1 -W 1 {HOST4}")
    l1.cmd(f"ip link set {name} master soft")
    streams.move(30)
    streams.stop()


def namespace():
    """The port works in a network namespace, where it may get lost: it comes back."""
    name = port(soft2)
    inside = "ip netns exec away"
    defer(l1.cmd, f"ip link set {name} mtu {MTU} master soft up")
    l1.cmd("ip netns add away", f"ip link set {name} nomaster netns away",
           f"{inside} ip addr add {HOST4}/24 dev {name}",
           f"{inside} ip link set {name} up",
           f"{inside} ping -q -c 2 -i 0.2 -W 2 {vm2.ip4(NET)}",
           f"{inside} ip link set {name} netns 1", "ip netns del away")


def link_follows(context):
    """The link of a card of vm1 is that of its port, where the context's follows it."""
    name, dev = port(context), vm1.card(context)
    defer(context.write, "link_state", "enable")
    context.write("link_state", "auto")
    defer(l1.cmd, f"ip link set {name} up")
    l1.cmd(f"ip link set {name} down")
    vm1.cmd(f"until_true 5 has_no_carrier {dev}")
    l1.cmd(f"ip link set {name} up")
    vm1.cmd(f"until_true 5 has_carrier {dev}")


def link():
    """A port that is down is a link that is down; a guest that takes its card down takes
    the carrier from the port."""
    name, dev = port(soft1), vm1.card(soft1)
    link_follows(soft1)
    defer(vm1.net_up, soft1)
    vm1.cmd(f"ip link set {dev} down")
    carrier = f"/sys/class/net/{name}/carrier"
    wait_until(5, lambda: l1.read(carrier) == "0", "the port has no carrier")
    vm1.net_up(soft1)
    wait_until(5, lambda: l1.read(carrier) == "1", "the port has a carrier")


def spoofed():
    """No frame with another one's address gets to the bridge."""
    before = counted(soft1)["drop_tx_spoof_mac"]
    dev = vm1.card(soft1)
    vm1.cmd("modprobe macvlan",
            f"ip link add link {dev} name other address 52:54:00:cd:a0:66 type macvlan",
            f"ip addr add {vm1.ip4(NET)[:-2]}66/24 dev other", "ip link set other up")
    defer(vm1.cmd, "ip link del other")
    vm1.refuses(f"ping -q -c 2 -i 0.2 -W 1 -I other {HOST4}")
    ksft_gt(counted(soft1)["drop_tx_spoof_mac"], before)
    ksft_eq(l1.cmd("bridge fdb show br soft | grep -c cd:a0:66 || true"), "0")


def unplug():
    """Both cards go, one of them under traffic; nothing is pinned, the ports stay until the
    contexts go, and the modules unload."""
    flow = Connections(vm1, l1, up=("send", HOST4))
    flow.move(20)
    l1.cmd(f"guest_unplug vm1 {soft1.uuid}", f"guest_unplug vm2 {soft2.uuid}")
    vm1.cmd(f"until_true 20 has_no_card {soft1.mac}")
    vm2.cmd(f"until_true 20 has_no_card {soft2.mac}")
    flow.end()
    for context in (soft1, soft2):
        wait_until(10, lambda: context.count("statistics/pins_now") == 0, "nothing is pinned")
        ksft_eq(context.count("statistics/faults"), 0)
        l1.cmd(f"ip link show {port(context)}", f"mdevctl stop -u {context.uuid}")
    ksft_eq(l1.cmd("ls /sys/class/net | grep -c '^cdna' || true"), "0")
    l1.cmd("kill $(pgrep -x stream)", "ip link del soft", "rmmod cdna_softnic cdna_fw")


CASES = [
    Case(30, "a softnic's contexts come by mdevctl, with a port each", load),
    Case(20, "ip, ethtool and devlink describe the ports", described),
    Case(20, "an attribute puts a port into a bridge; its address is its context's",
         attributes),
    Case(60, "running machines get cards of a softnic", plug_in),
    Case(60, "host and machine, both ways", host_and_machine),
    Case(60, "two machines on one bridge", machines),
    Case(30, "a capture on the port shows both directions", seen_on_the_port),
    Case(30, "raw sockets of the machine find right checksums", raw_sockets),
    LongCase(60, "MTU 9000, to the host and between machines", large_mtu),
    Case(30, "a VLAN of the bridge separates ports from the host", vlan_of_bridge),
    Case(30, "a context without VLANs sends no tag, not even behind a priority",
         vlan_of_guest),
    Case(60, "a tunnel between machines", tunnel),
    Case(60, "the port leaves the bridge, under traffic, and comes back", bridge_lost),
    LongCase(30, "the port in a network namespace", namespace),
    Case(40, "port and guest see each other's link", link),
    Case(20, "an address that is not the context's gets nowhere", spoofed),
    Case(60, "cards are plugged out under traffic, and the module unloads", unplug),
]
