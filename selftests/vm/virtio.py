# SPDX-License-Identifier: GPL-2.0-only
"""Contexts that machines see as standard virtio network cards, which Linux' own driver
drives: of a softnic, on a bridge of L1, and of a NIC. What a case asks of a port and of a
card of ours, in softnic.py, it asks of these.
"""

import time

import softnic
from ethtool import channels, queue_counters
from lib import (Case, Connections, Context, Flows, Listener, LongCase, defer, echo, ksft_eq,
                 ksft_gt, ksft_in, ksft_match, ksft_not_in, l1, peer, stream, vm1, vm2,
                 wait_until)
from softnic import HOST4, HOST6, VLAN, bulk, soft1, soft2

# The number of the context in libvirt-xml/context-virtio.xml
on_nic = Context(7, 0)
# A group, and a multicast address that it has; an address that a machine chooses
GROUP = "33:33:00:00:cd:a0", "ff05::cda0"
CHOSEN = "52:54:00:cd:c5:06"


def load():
    """Contexts of the type are made by mdevctl. The second one may choose its address, and
    its VLANs."""
    softnic.load("virtio")
    soft2.write("guest_mac", "on")
    soft2.write("vlan", "trunk")
    ksft_in("virtio network card", l1.cmd("cat /sys/class/mdev_bus/cdna_softnic/"
                                          "mdev_supported_types/cdna_softnic-virtio/name"))


def plug_in():
    """Machines get a card while they run, and have no module of ours for it."""
    for vm in (vm1, vm2):
        vm.cmd("modprobe virtio_net")
    softnic.plug_in()
    for vm, context in ((vm1, soft1), (vm2, soft2)):
        dev = vm.card(context)
        ksft_match("^driver: virtio_net$", vm.cmd(f"ethtool -i {dev}"))
        ksft_eq(context.read("state"), "active")


def by_page():
    """Stores into the notify page are traps, as long as KVM can watch it."""
    names = ("traps_page", "traps_register")
    before = {name: soft1.count("statistics/" + name) for name in names}
    vm1.cmd(stream("send", HOST4, 1000000))
    ksft_gt(soft1.count("statistics/traps_page"), before["traps_page"])
    ksft_eq(soft1.count("statistics/traps_register"), before["traps_register"])


def by_peer(vm, context):
    """Transfer between a machine and the peer of the NIC's wire, both ways."""
    for to in (peer.ip4(context.net), peer.ip6(context.net)):
        vm.cmd(stream("send", to, 4000000), stream("recv", to, 4000000),
               echo(to, 0, 1400, 97))


def offloads():
    """Contents are right whatever the driver lets the device do."""
    dev = vm1.card(soft1)
    for setting in ("tso off", "tx off", "gso off sg off"):
        vm1.cmd(f"ethtool -K {dev} {setting}")
        bulk(vm1, HOST4)
    defer(vm1.cmd, f"ethtool -K {dev} tx on sg on tso on gso on")


def received(dev):
    """Return: how many frames each of the first two queues of vm2 has received"""
    counters = queue_counters(vm2, dev)
    return [counters[f"rx {i} packets"] for i in range(2)]


def queue_pairs():
    """A machine sets the number of its card's queue pairs under traffic, whose contents stay
    right. What is received is spread over those, and comes to no others."""
    dev = vm2.card(soft2)
    most, now = channels(vm2, dev)
    ksft_gt(most, 2)
    defer(vm2.cmd, f"ethtool -L {dev} combined {now}")
    streams = Connections(vm2, l1, up=("send", HOST4), down=("recv", HOST6))
    for pairs in (2, most, 1, 2):
        vm2.cmd(f"ethtool -L {dev} combined {pairs}")
        ksft_eq(channels(vm2, dev), (most, pairs))
        streams.move(20)
    streams.stop()
    vm2.refuses(f"ethtool -L {dev} combined {most + 1}", f"ethtool -L {dev} combined 0")
    before = received(dev)
    flows = Flows(vm2, **{f"flow{i}": stream("recv", HOST4, 200000) for i in range(4)})
    wait_until(60, lambda: all(after > count + 50 for count, after in
                               zip(before, received(dev))), "both queues receive")
    flows.stop()
    before = received(dev)
    vm2.cmd(f"ethtool -L {dev} combined 1")
    bulk(vm2, HOST4, HOST6)
    vm2.cmd(f"ethtool -L {dev} combined 2")
    first, second = (after - count for count, after in zip(before, received(dev)))
    ksft_gt(first, 100)
    ksft_gt(first // 10, second)


def come_to(queue, setting):
    """All flows of vm2's card come to one of its first two queues, after ethtool -X."""
    dev = vm2.card(soft2)
    vm2.cmd(f"ethtool -X {dev} {setting}")
    before = received(dev)
    bulk(vm2, HOST4, HOST6)
    gained = [after - count for count, after in zip(before, received(dev))]
    ksft_gt(gained[queue], 100)
    ksft_gt(gained[queue] // 10, gained[1 - queue])


def scaling():
    """A machine chooses which queue of its card gets which flow. Contents stay right."""
    dev = vm2.card(soft2)
    now = channels(vm2, dev)[1]
    vm2.cmd(f"ethtool -L {dev} combined 2")
    defer(vm2.cmd, f"ethtool -X {dev} default", f"ethtool -L {dev} combined {now}")
    ksft_match(r"with 2 RX ring\(s\):$", vm2.cmd(f"ethtool -x {dev}"))
    come_to(1, "weight 0 1")
    come_to(0, "weight 1 0")
    key = ":".join(f"{byte:02x}" for byte in range(7, 47))
    vm2.cmd(f"ethtool -X {dev} hkey {key} equal 2")
    ksft_in(key, vm2.cmd(f"ethtool -x {dev}"))
    before = received(dev)
    flows = Flows(vm2, **{f"flow{i}": stream("recv", HOST4, 200000) for i in range(8)})
    wait_until(60, lambda: all(after > count + 50 for count, after in
                               zip(before, received(dev))), "both queues receive")
    flows.stop()


def moderated(setting):
    """Return: how many interrupts of vm1's card have waited during transfers"""
    vm1.cmd(f"ethtool -C {vm1.card(soft1)} {setting}")
    before = softnic.counted(soft1)["interrupts_moderated"]
    bulk(vm1, HOST4)
    return softnic.counted(soft1)["interrupts_moderated"] - before


def moderation():
    """A machine chooses its card's interrupt moderation, in both directions, within limits.
    Contents stay right."""
    dev = vm1.card(soft1)
    off = "rx-usecs 0 rx-frames 0 tx-usecs 0 tx-frames 1"
    defer(vm1.cmd, f"ethtool -C {dev} {off}")
    ksft_eq(moderated(off), 0)
    ksft_eq(moderated("rx-usecs 200 rx-frames 32"), 0)
    ksft_gt(moderated("tx-usecs 200 tx-frames 32"), 10)
    ksft_eq(moderated("rx-usecs 0"), 0)
    vm1.refuses(f"ethtool -C {dev} tx-usecs 10001", f"ethtool -C {dev} rx-usecs 10001")
    shown = vm1.cmd(f"ethtool -c {dev}")
    for name, value in (("rx-usecs", 0), ("rx-frames", 32), ("tx-usecs", 200),
                        ("tx-frames", 32)):
        ksft_match(rf"^{name}:.*\b{value}$", shown)
    ksft_eq(moderated(off), 0)


def many_frames():
    """Indices of 16 bits wrap: more chains than they have values, in both directions."""
    dev = vm1.card(soft1)
    vm1.cmd(f"ethtool -K {dev} tso off gso off")
    defer(vm1.cmd, f"ethtool -K {dev} tso on gso on")
    vm1.cmd(stream("send", HOST4, 100000000), stream("recv", HOST4, 100000000))


def ask_group(count):
    """Ping a group from the host, in which no member answers."""
    l1.attempt(f"ping -6 -q -c {count} -i 0.2 -W 1 -I soft {GROUP[1]}")


def groups():
    """A machine receives a group from when it joins to when it leaves, and in promiscuous mode
    all groups, but nothing of what others say to each other."""
    dev = vm1.card(soft1)
    to_group = f"ether dst {GROUP[0]}"
    for change, heard in (("add", 3), ("del", 0)):
        vm1.cmd("dmesg -C", f"ip maddr {change} {GROUP[0]} dev {dev}")
        listener = Listener(vm1, "-p", soft1)
        ask_group(3)
        ksft_eq(listener.heard(to_group), [heard])
    listener = Listener(vm1, "", soft1)
    ask_group(3)
    vm2.cmd(f"ping -q -c 3 -i 0.2 -W 2 {HOST4}")
    ksft_eq(listener.heard(to_group, f"ether host {soft2.mac} and not ether multicast"), [3, 0])
    ksft_not_in("Failed to", vm1.cmd("dmesg"))
    listener = Listener(vm1, "-p", soft1)
    ask_group(3)
    ksft_eq(listener.heard(to_group), [0])


def own_address():
    """A machine changes its address where the host allows it, and is told where it does not.
    It is known by it until it changes it back."""
    dev = vm2.card(soft2)
    defer(vm2.cmd, f"ip link set {dev} address {soft2.mac}")
    vm2.cmd(f"ip link set {dev} address {CHOSEN}")
    ksft_eq(soft2.read("mac_in_use"), CHOSEN)
    bulk(vm2, HOST4)
    ksft_in(CHOSEN, l1.cmd("bridge fdb show br soft"))
    vm2.cmd(f"ip link set {dev} address {soft2.mac}")
    ksft_eq(soft2.read("mac_in_use"), soft2.mac)
    bulk(vm2, HOST4)
    refused = vm1.card(soft1)
    vm1.refuses(f"ip link set {refused} address {CHOSEN}")
    ksft_in(soft1.mac, vm1.cmd(f"ip link show {refused}"))
    bulk(vm1, HOST4)


def vlans():
    """A machine adds a VLAN where its context is a trunk, and is told where it is not."""
    tagged = f"10.{VLAN}.1."
    defer(l1.attempt, f"ip link del soft.{VLAN}")
    l1.cmd(f"ip link add link soft name soft.{VLAN} type vlan id {VLAN}",
           f"ip addr add {tagged}1/24 dev soft.{VLAN}", f"ip link set soft.{VLAN} up")
    for vm, context in ((vm1, soft1), (vm2, soft2)):
        defer(vm.attempt, "ip link del soft")
        vm.cmd("modprobe 8021q", "dmesg -C",
               f"ip link add link {vm.card(context)} name soft type vlan id {VLAN}",
               f"ip addr add {tagged}1{vm.number}/24 dev soft", "ip link set soft up")
    ksft_in(f"Failed to add VLAN ID {VLAN}", vm1.cmd("dmesg"))
    vm1.refuses(f"ping -q -c 1 -W 1 {tagged}1")
    ksft_not_in("Failed to", vm2.cmd(f"ping -q -c 2 -i 0.2 -W 2 {tagged}1", "ip link del soft",
                                     "dmesg"))
    vm2.refuses(f"ping -q -c 1 -W 1 {tagged}1")


def link():
    """A port that is down is a link that is down. (Linux' driver does not tell the device
    that its card is down, so the port keeps its carrier then.)"""
    softnic.link_follows(soft1)


def moved():
    """A page that is elsewhere after the device was rescanned is watched there."""
    dev = vm1.card(soft1)
    address = vm1.cmd(f"basename $(readlink -f /sys/class/net/{dev}/device/..)")
    vm1.cmd(f"cd /sys/bus/pci/devices/{address}",
            "echo 1 >remove", "echo 1 >/sys/bus/pci/rescan",
            f"until_true 20 card {soft1.mac}")
    vm1.net_up(soft1)
    by_page()


def stand_still():
    """The host stops vm1 and has it go on. Its card does nothing meanwhile."""
    l1.cmd("guest_virsh suspend vm1")
    frames = softnic.counted(soft1)["guest_tx_frames"]
    time.sleep(2)
    ksft_eq(softnic.counted(soft1)["guest_tx_frames"], frames)
    ksft_eq(soft1.read("state"), "active")
    l1.cmd("guest_virsh resume vm1")


def suspended():
    """A machine is stopped under traffic, twice, and what was on its way goes on. Without
    traffic, it announces its address afterwards."""
    gratuitous = f"ether src {soft1.mac} and arp and arp[14:4] = arp[24:4]"
    defer(l1.attempt, "guest_virsh resume vm1")
    flow = Connections(vm1, l1, up=("send", HOST4), down=("recv", HOST6))
    flow.move(20)
    for _ in range(2):
        stand_still()
        flow.move(30)
    flow.stop()
    listener = Listener(vm1, "-p", soft1)
    stand_still()
    wait_until(20, lambda: int(vm1.cmd(f"listen_count '{gratuitous}'")),
               "the machine announces its address")
    ksft_gt(listener.heard(gratuitous)[0], 0)
    ksft_eq(soft1.count("statistics/faults"), 0)
    bulk(vm1, HOST4)


def revoked():
    """A context that is revoked under traffic reaches nothing and has no link; returned,
    it serves a driver that starts again, which it can although it has waited for the answer
    of a command, and written its configuration space, meanwhile."""
    dev = vm1.card(soft1)
    flow = Connections(vm1, l1, up=("send", HOST4))
    flow.move(20)
    soft1.write("state", "revoked")
    flow.end()
    wait_until(10, lambda: soft1.count("statistics/pins_now") == 0, "nothing is pinned")
    vm1.refuses(f"ping -q -c 1 -W 1 {HOST4}")
    vm1.cmd(f"ip maddr add {GROUP[0]} dev {dev}",
            f"config=$(readlink -f /sys/class/net/{dev}/device)/../config",
            "printf '\\013' | dd of=$config bs=1 seek=60 conv=notrunc status=none")
    soft1.write("state", "configured")
    vm1.cmd(f"cd /sys/class/net/{dev}/device", "name=$(basename $(pwd -P))",
            "cd /sys/bus/virtio/drivers/virtio_net", "echo $name >unbind", "echo $name >bind",
            f"until_true 20 card {soft1.mac}")
    vm1.net_up(soft1)
    bulk(vm1, HOST4)


def nic_load():
    """The same of a NIC, by libvirt's file."""
    l1.cmd("guest_context context-virtio.xml", f"guest_plug vm1 {on_nic.uuid}")
    vm1.net_up(on_nic)
    ksft_match("^driver: virtio_net$", vm1.cmd(f"ethtool -i {vm1.card(on_nic)}"))
    vm1.cmd(f"ping -q -c 2 -i 0.2 -W 2 -I {vm1.card(on_nic)} {peer.ip4()}")


def only_card():
    """Commands that leave a machine only this card of the NIC's wire."""
    own = vm1.card()
    defer(vm1.net_up)
    vm1.cmd(f"ip link set {own} down")


def nic_peer():
    """Contents are right between the machine and the peer."""
    only_card()
    by_peer(vm1, on_nic)


def nic_machines():
    """Contents are right between a virtio card and a card of ours."""
    only_card()
    for to in (vm2.ip4(), vm2.ip6()):
        vm1.cmd(stream("send", to, 4000000), stream("recv", to, 4000000),
                echo(to, 0, 1400, 97))


def nic_unplug():
    """It goes, and nothing is pinned."""
    ksft_eq(on_nic.count("statistics/faults"), 0)
    l1.cmd(f"guest_unplug vm1 {on_nic.uuid}")
    vm1.cmd(f"until_true 20 has_no_card {on_nic.mac}")
    wait_until(10, lambda: not on_nic.busy(), "the context is not used")
    l1.cmd(f"guest_context_remove {on_nic.uuid}")


CASES = [
    Case(30, "contexts of a softnic that are virtio cards", load),
    Case(60, "running machines get virtio cards", plug_in),
    Case(60, "host and machine, both ways, by virtio", softnic.host_and_machine),
    Case(30, "notifications are noticed by KVM, without QEMU", by_page),
    Case(60, "two machines on one bridge, by virtio", softnic.machines),
    Case(60, "offloads of a virtio card off, and on again", offloads),
    LongCase(120, "a virtio card's queue pairs are set under traffic", queue_pairs),
    Case(60, "a machine chooses which queue of its virtio card gets which flow", scaling),
    Case(60, "a machine chooses the moderation of its virtio card", moderation),
    LongCase(120, "more frames than an index has values", many_frames),
    LongCase(60, "MTU 9000 of virtio cards", softnic.large_mtu),
    LongCase(30, "a virtio context without VLANs sends no tag", softnic.vlan_of_guest),
    LongCase(60, "a tunnel between virtio cards", softnic.tunnel),
    Case(60, "a virtio card receives the groups that its machine has joined", groups),
    Case(60, "a machine changes the address of its virtio card, if it may", own_address),
    Case(40, "a machine adds VLANs to its virtio card, if it may", vlans),
    Case(40, "a virtio card sees the link of its port", link),
    Case(20, "a virtio card sends no address but its own", softnic.spoofed),
    Case(60, "a virtio card is found again, and notified where it is", moved),
    LongCase(120, "a machine with a virtio card is suspended and resumed", suspended),
    Case(60, "a virtio card is revoked under traffic, and returned", revoked),
    Case(60, "virtio cards are plugged out under traffic", softnic.unplug),
    Case(60, "a context of the NIC that is a virtio card", nic_load),
    Case(60, "virtio card and peer, both ways", nic_peer),
    Case(60, "virtio card and card of ours, on one NIC", nic_machines),
    Case(40, "the virtio card of the NIC is plugged out", nic_unplug),
]
