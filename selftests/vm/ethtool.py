# SPDX-License-Identifier: GPL-2.0-only
"""What ethtool shows and sets, and that settings have an effect."""

import re
import struct

from lib import (Case, Flows, Listener, LongCase, defer, ksft_eq, ksft_ge, ksft_gt,
                 ksft_in, ksft_lt, ksft_match, ksft_not_in, note, peer, stream, vm1,
                 vm2, context1, wait_until)
from lib.settings import CPUS

# Names of the kernel's counters of a queue, and of the driver's
QUEUE_COUNTERS = {
    "rx 0 packets": "rx_packets",
    "rx 0 bytes": "rx_bytes",
    "rx 0 hw-drops": "rx_missed",
    "rx 0 hw-gro-packets": "rx_lro",
    "rx 0 hw-gro-wire-packets": "rx_lro_segs",
    "rx 0 csum-unnecessary": "rx_csum_ok",
    "rx 0 csum-bad": "rx_csum_bad",
    "rx 0 alloc-fail": "rx_alloc_failed",
    "tx 0 packets": "tx_packets",
    "tx 0 bytes": "tx_bytes",
    "tx 0 needs-csum": "tx_csum",
    "tx 0 hw-gso-packets": "tx_gso",
    "tx 0 hw-gso-wire-packets": "tx_gso_segs",
    "tx 0 stop": "tx_stops",
    "tx 0 wake": "tx_wakes",
}
MODERATION = "adaptive-rx off rx-usecs 100 rx-frames 64"


def see_the_wire():
    """Until the test ends, vm1 sees the link of the wire."""
    defer(context1.write, "link_state", "enable")
    defer(peer.wire, 0)
    context1.write("link_state", "auto")


def self_test():
    """All of its tests pass. Without a link, only the test of the link fails."""
    defer(vm1.net_up)
    see_the_wire()
    peer.wire(0)
    dev = vm1.card()
    online = vm1.cmd(f"ethtool -t {dev} online")
    ksft_eq(len(re.findall(r"\(online\).*\s0$", online, re.M)), 4)
    offline = vm1.cmd(f"ethtool -t {dev} offline")
    ksft_eq(len(re.findall(r"line\).*\s0$", offline, re.M)), 5)
    vm1.cmd(f"until_true 10 has_carrier {dev}", f"ip link set {dev} down")
    vm1.refuses(f"ethtool -t {dev} online")
    vm1.net_up()
    peer.cmd("ip link set wire0 down")
    vm1.cmd(f"until_true 10 has_no_carrier {dev}")
    failed = vm1.refuses(f"ethtool -t {dev} online")
    ksft_match(r"^Link \(online\).*\s[1-9]", failed)
    ksft_match(r"^Registers \(online\).*\s0$", failed)


def registers():
    """The first words are version 1 of the interface and a magic number."""
    page = vm1.registers(vm1.card())
    ksft_eq(len(page), 4096)
    version, magic, _, kind = struct.unpack_from("<4I", page)
    ksft_eq(version >> 16, 1)
    ksft_eq(magic, 0x564e4443)
    ksft_eq(kind, 2)
    ksft_eq(page[32:38].hex(":"), context1.mac)


def set_rings(dev, tx, rx):
    """Return: the command that sets the sizes of the rings"""
    return f"ethtool -G {dev} tx {tx} rx {rx}"


def rings():
    """Rings carry traffic at each size, and an invalid size changes nothing."""
    dev = vm1.card()
    before = vm1.ring_sizes(dev)
    defer(vm1.net_up)
    defer(vm1.cmd, set_rings(dev, *before))
    for sizes in ((64, 4096), (4096, 64), (256, 128)):
        vm1.cmd(set_rings(dev, *sizes))
        ksft_eq(vm1.ring_sizes(dev), sizes)
        vm1.cmd(f"until_true 10 has_carrier {dev}",
                stream("send", peer.ip4(), 300000), stream("recv", peer.ip4(), 300000))
    vm1.refuses(*(f"ethtool -G {dev} {sizes}"
                  for sizes in ("tx 100", "rx 32", "tx 8192", "rx 0")))
    ksft_eq(vm1.ring_sizes(dev), sizes)


def moderation():
    """Moderation is set for all queues and for one queue, within limits."""
    dev = vm1.card()
    one_queue = f"ethtool -Q {dev} queue_mask 0x1"
    defer(vm1.cmd, f"ethtool -C {dev} {MODERATION}")
    shown = vm1.cmd(f"ethtool -C {dev} rx-usecs 37 rx-frames 11", f"ethtool -c {dev}")
    ksft_match(r"^rx-usecs:.*37$", shown)
    ksft_match(r"^rx-frames:.*11$", shown)
    shown = vm1.cmd(f"ethtool -C {dev} adaptive-rx on", f"ethtool -c {dev}")
    ksft_match("^Adaptive RX: on", shown)
    vm1.refuses(*(f"ethtool -C {dev} {setting}"
                  for setting in ("rx-usecs 10001", "rx-frames 4097", "tx-usecs 5")))
    ksft_match(r"^rx-usecs:.*37$", vm1.cmd(f"ethtool -c {dev}"))
    shown = vm1.cmd(f"{one_queue} --coalesce rx-usecs 41",
                    f"{one_queue} --show-coalesce")
    ksft_match(r"^rx-usecs:.*41$", shown)
    vm1.refuses(f"ethtool -Q {dev} queue_mask 0x2 --coalesce rx-usecs 42")
    ksft_match(r"^rx-usecs:.*41$", vm1.cmd(f"ethtool -c {dev}"))


def round_trips(count):
    """Return: the least and the mean of so many round trips, in microseconds"""
    said = vm1.cmd(f"ping -q -c {count} -i 0.015 -W 2 {peer.ip4()}")
    return [float(time) * 1000
            for time in re.search(r"^rtt .* = ([\d.]+)/([\d.]+)/", said, re.M).groups()]


def moderates():
    """An interrupt waits for 10 ms, and so do answers to pings, unless adaptive moderation
    finds that nothing else comes. One that comes just before the interrupt that another
    has waited for is soon there, and on a busy machine any may be late: so the mean is
    long, or the least is short."""
    dev = vm1.card()
    defer(vm1.cmd, f"ethtool -C {dev} {MODERATION}")
    round_trips(5)
    vm1.cmd(f"ethtool -C {dev} adaptive-rx off rx-usecs 10000 rx-frames 0")
    late = round_trips(20)[1]
    vm1.cmd(f"ethtool -C {dev} rx-usecs 0")
    soon = round_trips(20)[0]
    vm1.cmd(f"ethtool -C {dev} rx-usecs 10000", f"ethtool -C {dev} adaptive-rx on")
    round_trips(500)
    found = round_trips(20)[0]
    note(f"round trips: moderated by 10 ms {late:.0f} us in the mean, otherwise at least",
         f"{soon:.0f} us, adaptive {found:.0f} us")
    ksft_gt(late, 5000)
    ksft_lt(soon, 5000)
    ksft_lt(found, 5000)


def link():
    """The link goes down and comes up with the link of the wire, if the guest sees that,
    and with the interface. The log says both."""
    dev = vm1.card()
    defer(vm1.net_up)
    see_the_wire()
    ksft_in("Speed: 10000Mb/s", vm1.cmd("dmesg -C", f"ethtool {dev}"))
    peer.cmd("ip link set wire0 down")
    shown = vm1.cmd(f"until_true 10 has_no_carrier {dev}", f"ethtool {dev}", "dmesg")
    ksft_in("Link detected: no", shown)
    ksft_in("Speed: Unknown", shown)
    ksft_in("link is down", shown)
    peer.wire(0)
    shown = vm1.cmd(f"until_true 10 has_carrier {dev}", f"ethtool {dev}", "dmesg")
    ksft_in("Link detected: yes", shown)
    ksft_in("link is up", shown)
    ksft_in("link is down", vm1.cmd("dmesg -C", f"ip link set {dev} down", "dmesg"))
    peer.cmd("ip link set wire0 down")
    vm1.cmd("dmesg -C", f"ip link set {dev} up", f"ip link set {dev} down")
    ksft_not_in("link is up", vm1.cmd("dmesg"))


def queue_counters(vm, dev):
    """Return: what the kernel keeps of queues, by direction, queue and name"""
    return {name: int(count) for name, count in
            (line.rsplit(" ", 1) for line in vm.cmd(f"qstats {dev}").splitlines())}


def both_say_the_same(dev):
    """Return: whether the driver and the kernel agree about the only queue"""
    ours, kernels = vm1.counters(dev), queue_counters(vm1, dev)
    return all(kernels[one] == ours[other] for one, other in QUEUE_COUNTERS.items())


def counters():
    """The counters of the driver count what was sent and received. The kernel's counters
    of queues are equal, once nothing moves."""
    dev = vm1.card()
    before = vm1.counters(dev)
    vm1.cmd(stream("send", peer.ip4(), 5000000), stream("recv", peer.ip4(), 5000000))
    after = vm1.counters(dev)
    grew = {name: after[name] - before[name] for name in after}
    for name in ("tx_packets", "tx_bytes", "tx_csum", "tx_gso", "tx_gso_segs",
                 "rx_packets", "rx_bytes", "rx_csum_ok", "rx_lro", "rx_lro_segs",
                 "rx_posted", "interrupts", "polls", "traps_page", "mailbox_writes"):
        ksft_gt(grew[name], 0, name)
    for name in ("tx_bytes", "rx_bytes"):
        ksft_gt(grew[name], 5000000, name)
    for name in ("tx_gso_segs", "rx_lro_segs"):
        ksft_gt(grew[name], 2000, name)
    for name in ("rx_csum_bad", "tx_drop_map", "tx_drop_length", "tx_invalid_index",
                 "rx_invalid_completion", "faults", "timeouts"):
        ksft_eq(after[name], 0, name)
    ksft_ge(after["polls"], after["traps_refill"])
    for name in ("tx_packets", "rx_packets", "traps_page"):
        ksft_eq(after[name], after["q0_" + name], name)
    wait_until(10, lambda: both_say_the_same(dev), "the counters are equal")


def spread(vm, dev, *names):
    """Have flows until each of the counters has grown by 50. Return: the counters before
    and after"""
    before = vm.counters(dev)
    flows = Flows(vm, **{f"pair{i}": stream("send", peer.ip4(), 200000)
                         for i in range(1, 5)})

    def grown():
        after = vm.counters(dev)
        return all(after[name] > before[name] + 50 for name in names) and after

    after = wait_until(60, grown, f"all of {names} grow")
    flows.stop()
    return before, after


def pairs():
    """Flows are spread over the queues, in both directions."""
    dev = vm2.card()
    ksft_match(r"^Combined:\s*2$", vm2.cmd(f"ethtool -l {dev}"))
    interrupts = vm2.read("/proc/interrupts")
    ksft_match(rf" {dev}-qp0$", interrupts)
    ksft_match(rf" {dev}-qp1$", interrupts)
    names = [f"{queue}_{what}" for queue in ("q0", "q1")
             for what in ("tx_packets", "rx_packets", "interrupts", "traps_page")]
    before, after = spread(vm2, dev, *names)
    for name in names:
        note(name, after[name] - before[name])
    kernels = queue_counters(vm2, dev)
    for name in ("tx 0 packets", "rx 0 packets", "tx 1 packets", "rx 1 packets"):
        ksft_gt(kernels[name], 0, name)


def late_processor():
    """A processor that was offline when the driver found the card gets its queue pair by
    ethtool -L. How many there can be is shown whatever there is now."""
    dev = vm2.card()
    most = channels(vm2, dev)[0]
    pci = vm2.cmd(f"pci_address {dev}")
    driver = "/sys/bus/pci/drivers/cdna_guest"
    online = "/sys/devices/system/cpu/cpu1/online"
    bind = f"echo {pci} >{driver}/bind"
    defer(vm2.net_up)
    defer(vm2.attempt, f"echo 1 >{online}", bind)
    vm2.cmd(f"echo {pci} >{driver}/unbind", f"echo 0 >{online}", bind, vm2.up())
    dev = vm2.card()
    ksft_eq(channels(vm2, dev), (most, 1))
    vm2.cmd(f"echo 1 >{online}")
    ksft_eq(channels(vm2, dev), (most, 1))
    vm2.cmd(f"ethtool -L {dev} combined 2", f"until_true 10 has_carrier {dev}")
    ksft_eq(channels(vm2, dev), (most, 2))
    pairs()


def threads(dev):
    """Return: the threads that poll, by name: with their numbers of processes"""
    return vm1.cmd(f"ps -e -o pid=,comm= | grep napi/{dev}-").split("\n")


def polls_by_thread():
    """Polls of a thread, which has a number and a place of its own, are the same thread's
    after the queues were recreated."""
    dev = vm1.card()
    before = vm1.ring_sizes(dev)
    threaded = f"/sys/class/net/{dev}/threaded"
    defer(vm1.net_up)
    defer(vm1.write, threaded, 0)
    defer(vm1.cmd, set_rings(dev, *before))
    vm1.write(threaded, 1)
    ours = threads(dev)
    ksft_gt(len(ours), 0)
    vm1.cmd(set_rings(dev, 256, 256), f"ip link set {dev} down")
    vm1.net_up()
    ksft_eq(threads(dev), ours)
    vm1.cmd(stream("recv", peer.ip4(), 300000))


def channels(vm, dev):
    """Return: the largest number of queue pairs, and the present one"""
    shown = vm.cmd(f"ethtool -l {dev}")
    return tuple(int(count) for count in re.findall(r"^Combined:\s*(\d+)", shown, re.M))


def set_pairs():
    """A machine may use as many pairs as the device has, whatever its processors. The
    present number may be set as well."""
    dev = vm1.card()
    most, now = channels(vm1, dev)
    ksft_eq(most, struct.unpack_from("<I", vm1.registers(dev), 16)[0])
    ksft_eq(now, 1)
    defer(vm1.net_up)
    defer(vm1.cmd, f"ethtool -L {dev} combined {now}")
    for pairs_now in (most, 2, 2):
        vm1.cmd(f"ethtool -L {dev} combined {pairs_now}",
                f"until_true 10 has_carrier {dev}")
        ksft_eq(channels(vm1, dev), (most, pairs_now))
        vm1.cmd(stream("send", peer.ip4(), 300000), stream("recv", peer.ip6(), 300000))
    before = vm1.counters(dev)
    ksft_gt(before["rx_packets"], before["q0_rx_packets"] + before["q1_rx_packets"])
    spread(vm1, dev, "q0_tx_packets", "q1_tx_packets", "q0_rx_packets", "q1_rx_packets")
    vm1.refuses(f"ethtool -L {dev} combined {most + 1}", f"ethtool -L {dev} combined 0",
                f"ethtool -L {dev} rx 1")
    ksft_eq(channels(vm1, dev), (most, 2))


def comes_to(dev, queue, *commands):
    """What is received after commands, whose contents are right, comes to one pair of two."""
    before = vm1.counters(dev)
    vm1.cmd(*commands, stream("recv", peer.ip4(), 1000000),
            stream("recv", peer.ip6(), 1000000))
    after = vm1.counters(dev)
    gained = [after[f"q{i}_rx_packets"] - before[f"q{i}_rx_packets"] for i in (0, 1)]
    ksft_gt(gained[queue], 20, f"frames to pair {queue}")
    ksft_gt(gained[queue] // 10, gained[1 - queue], f"frames to pairs: {gained}")


def scaling():
    """A machine chooses which queue pair gets which flow. The choice outlives queues, and
    keeps pairs that it names."""
    dev = vm1.card()
    tx = vm1.ring_sizes(dev)[0]
    key = ":".join(f"{byte:02x}" for byte in range(7, 47))
    defer(vm1.net_up)
    defer(vm1.cmd, f"ethtool -X {dev} default", f"ethtool -L {dev} combined 1",
          f"ethtool -G {dev} tx {tx}")
    vm1.cmd(f"ethtool -L {dev} combined 2", f"until_true 10 has_carrier {dev}")
    ksft_match(r"with 2 RX ring\(s\):$", vm1.cmd(f"ethtool -x {dev}"))
    comes_to(dev, 1, f"ethtool -X {dev} weight 0 1")
    comes_to(dev, 1, f"ethtool -G {dev} tx 256", f"until_true 10 has_carrier {dev}")
    vm1.refuses(f"ethtool -L {dev} combined 1", f"ethtool -X {dev} equal 3")
    comes_to(dev, 0, f"ethtool -X {dev} hkey {key} weight 1 0")
    ksft_in(key, vm1.cmd(f"ethtool -x {dev}"))


def missed():
    """Frames that the NIC drops because a ring is empty are counted."""
    dev = vm1.card()
    before = vm1.ring_sizes(dev)
    defer(vm1.net_up)
    defer(vm1.cmd, set_rings(dev, *before), f"ethtool -C {dev} {MODERATION}")
    files = f"/sys/class/net/{dev}/statistics"
    vm1.cmd(set_rings(dev, before[0], 64), f"until_true 10 has_carrier {dev}",
            f"ethtool -C {dev} adaptive-rx off rx-usecs 10000 rx-frames 0")
    counted = int(vm1.read(f"{files}/rx_missed_errors"))
    peer.attempt(f"ping -q -f -l 1000 -c 1000 -W 1 {vm1.ip4()}")
    # Whatever comes next has the driver look.
    vm1.cmd(f"ping -q -c 2 -i 0.2 -W 2 {peer.ip4()}")
    now = int(vm1.read(f"{files}/rx_missed_errors"))
    note("missed", now - counted)
    ksft_gt(now, counted)
    ksft_eq(now, vm1.counters(dev)["rx_missed"])


# A group, and a multicast address that it has
GROUP = ("01:00:5e:4d:02:42", "239.77.2.66")


def gets_group():
    """Return: whether vm1 gets a frame to the group now"""
    listener = Listener(vm1, "-p")
    peer.attempt(f"ping -q -c 2 -i 0.2 -W 1 -I wire0 {GROUP[1]}")
    return listener.heard(f"dst host {GROUP[1]}")[0] > 0


def filter_again():
    """The host refuses a receive filter, which the driver sets again until it does not.
    It has to complain, and the log of the console has to be clean."""
    dev = vm1.card()
    defer(vm1.attempt, "rmmod cdna_spoiler", f"ip maddr del {GROUP[0]} dev {dev}")
    defer(vm1.cmd, "dmesg -n 5", "dmesg -C")
    ksft_eq(gets_group(), False)
    vm1.cmd("dmesg -n 1", "dmesg -C", "insmod /cdna_spoiler.ko times=2",
            f"ip maddr add {GROUP[0]} dev {dev}")
    wait_until(20, gets_group, "the group is received")
    ksft_eq(vm1.cmd("dmesg").count("cannot set the receive filter"), 2)


CASES = [
    Case(30, "the self-test passes, and fails without a link", self_test),
    Case(20, "the register dump is the register page", registers),
    LongCase(40, "ring sizes are set and shown, within limits", rings),
    Case(30, "moderation is set and shown, within limits", moderation),
    LongCase(60, "moderation holds interrupts back; adaptive, it finds its own", moderates),
    Case(40, "the link of the wire is that of the card", link),
    Case(60, "counters count what was sent and received", counters),
    Case(30, "a thread that polls survives that queues are recreated", polls_by_thread),
    Case(120, "the number of queue pairs is set, up to what the device has", set_pairs),
    Case(60, "a machine chooses which queue pair gets which flow", scaling),
    Case(30, "frames that find no buffer are counted", missed),
    Case(60, "a receive filter that was refused is set again", filter_again),
]
if CPUS > 1:
    CASES += [
        Case(60, "a machine with two processors uses two queue pairs", pairs),
        Case(90, "a processor that comes later gets its queue pair by ethtool -L",
             late_processor),
    ]
