# SPDX-License-Identifier: GPL-2.0-only
"""A machine's memory goes into a file, and comes back with another process: to its card,
that is a move to another host. The card is as after a reset, and only its driver sees to
that.
"""

from lib import Case, Flows, context1, defer, ksft_eq, l1, peer, stream, vm1, wait_until

# Where L1 keeps the memory of a machine
SAVED = "/var/tmp/vm1.save"


def hushed():
    """Keep the driver's warnings from the log of the console, until the case ends."""
    defer(vm1.cmd, "dmesg -n 5", "dmesg -C")
    vm1.cmd("dmesg -n 1", "dmesg -C")


def move():
    """Save vm1, and restore it. Its driver restarts once."""
    dev = vm1.card()
    before = vm1.boot_id()
    restarts = vm1.counters(dev)["restarts"]
    defer(l1.cmd, f"rm -f {SAVED}")
    l1.cmd(f"guest_virsh save vm1 {SAVED}")
    ksft_eq(context1.busy(), {})
    l1.cmd(f"guest_virsh restore {SAVED}")
    wait_until(30, lambda: vm1.boot_id() == before, "the agent answers")
    log = vm1.cmd(f"until_true 10 has_carrier {dev}", "dmesg")
    ksft_eq(log.count("restarting"), 1)
    ksft_eq(vm1.counters(dev)["restarts"], restarts + 1)


def transfer():
    """Contents are right in both directions."""
    vm1.cmd(*(stream(way, peer.ip4(), 4000000) for way in ("send", "recv")))


def saved():
    """Under traffic, whose far end may give up meanwhile."""
    hushed()
    flows = Flows(vm1, up=stream("send", peer.ip4(), 500000),
                  down=stream("recv", peer.ip4(), 500000))
    flows.move(20)
    move()
    flows.end()
    transfer()


CASES = [
    Case(120, "virsh save and restore under traffic", saved),
]
