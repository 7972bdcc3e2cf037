# SPDX-License-Identifier: GPL-2.0-only
"""A machine whose driver is broken or hostile: a mailbox announces more descriptors than
the host has accepted. The NIC stops the queue, and the driver, which did not write the
mailbox, restarts it: streams go on.

And a device that lies. The driver notices, ignores what the device wrote, and restarts
the queues. The module of liar/ writes both kinds of lies.
"""

from lib import (Case, Flows, LongCase, context1, defer, ksft_eq, ksft_gt, ksft_in,
                 ksft_match, ksft_no_match, peer, stream, vm1, wait_until)
from lib.settings import record

LIES = ("tx_cons", "rx_prod", "short", "long", "endless", "index", "merged", "random")


def keep_log_to_ourselves():
    """The driver has to complain, and the log of the console has to be clean."""
    defer(vm1.cmd, "dmesg -n 5", "dmesg -C")
    vm1.cmd("dmesg -n 1", "dmesg -C")


def start_flows():
    """Return: transfers in both directions, which move"""
    flows = Flows(vm1, up=stream("send", peer.ip4(), 500000),
                  down=stream("recv", peer.ip4(), 500000))
    flows.move(20)
    return flows


def flows_go_on(flows):
    """The transfers have not failed, and move again."""
    flows.move(30)
    flows.stop()


def store_until_stopped(address, ahead, dev, before):
    """Store a lie into a mailbox until the driver has noticed that the NIC stopped the queue.
    On a slow machine, the driver's own next store comes before the NIC looks."""
    def stopped():
        vm1.lie(mailbox=address, ahead=ahead)
        vm1.cmd("sleep 1")
        return vm1.counters(dev)["faults"] > before["faults"]

    wait_until(20, stopped, "the driver notices that a queue was stopped")
    wait_until(20, lambda: vm1.counters(dev)["restarts"] > before["restarts"],
               "the driver restarts")


def mailbox(queue, ahead, reason, words):
    """The host counts the reason, and the log of the machine has the words."""
    faults = context1.count(f"faults/{reason}")
    flows = start_flows()
    keep_log_to_ourselves()
    dev = vm1.card()
    before = vm1.counters(dev)
    page = int(vm1.read(f"/sys/class/net/{dev}/device/resource").split()[0], 16)
    store_until_stopped(page + {"TX": 0, "RX": 4}[queue], ahead, dev, before)
    log = vm1.cmd(f"until_true 20 has_carrier {dev}", "dmesg")
    ksft_match(f"queue 0 was stopped at descriptor .*{words}", log)
    ksft_match("restarting", log)
    flows_go_on(flows)
    met = context1.count(f"faults/{reason}") - faults
    ksft_gt(met, 0)
    # For the last cases, which count them
    for _ in range(met):
        record("faulted", reason)
    ksft_eq(vm1.counters(dev)["faults"], before["faults"] + met)
    ksft_eq(context1.read("state"), "active")


def has_met_a_lie(dev, lie, slots, before):
    """Write a lie. Return: whether a poll has met one by now"""
    vm1.cmd(f"lie_about_queue {dev} {slots} {lie}", "sleep 0.5")
    return refused(vm1.counters(dev)) > before


def refused(counters):
    """Return: how much of what the device wrote the driver has refused"""
    return counters["tx_invalid_index"] + counters["rx_invalid_completion"]


def device_lies(lie):
    """The context is revoked and restored first, because the driver waits longer with
    each restart. Interrupts are held back, so that lies come before polls; on a slow
    machine that takes several attempts."""
    context1.write("state", "revoked")
    context1.write("state", "configured")
    dev = vm1.card()
    vm1.cmd(f"until_true 20 has_carrier {dev}")
    flows = start_flows()
    keep_log_to_ourselves()
    before = vm1.counters(dev)
    slots = vm1.ring_sizes(dev)[1]
    defer(vm1.cmd, f"ethtool -C {dev} rx-usecs 100 rx-frames 64")
    vm1.cmd(f"ethtool -C {dev} rx-usecs 10000 rx-frames 0")
    wait_until(10, lambda: has_met_a_lie(dev, lie, slots, refused(before)),
               "a poll has met a lie")
    vm1.cmd(f"ethtool -C {dev} rx-usecs 100 rx-frames 64")
    wait_until(20, lambda: vm1.counters(dev)["restarts"] > before["restarts"],
               "the driver restarts")
    log = vm1.cmd(f"until_true 20 has_carrier {dev}", "dmesg")
    ksft_in("the device wrote an invalid index or completion for queue pair 0", log)
    ksft_no_match("BUG|WARNING|Call Trace|Oops", log)
    flows_go_on(flows)


CASES = [
    Case(60, "a transmit mailbox a few too far: a fault, and the streams go on",
         mailbox, "TX", 100, "nic_sequence", "sequence number is wrong"),
    LongCase(60, "a transmit mailbox far too far: the same",
             mailbox, "TX", 1000000, "nic_too_far", "more than a ring ahead"),
    LongCase(60, "a receive mailbox too far: the same",
             mailbox, "RX", 2000, "nic_too_far", "more than a ring ahead"),
    *(LongCase(60, f"a device lies ({lie}): its machine notices, and lives",
               device_lies, lie) for lie in LIES[:-1]),
    Case(60, f"a device lies ({LIES[-1]}): its machine notices, and lives",
         device_lies, LIES[-1]),
]
