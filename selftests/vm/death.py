# SPDX-License-Identifier: GPL-2.0-only
"""A machine ends without notice, under traffic. The streams of the other one go on, and
nothing of the machine stays on the host.
"""

from lib import (Case, Flows, context2, context3, ksft_gt, l1, peer, stream, vm1, vm2,
                 wait_until)


def under_traffic(command):
    """End vm2 by a command in L1. One of its streams is to vm1, whose server loses the
    other end."""
    both_ways = {"up": stream("send", peer.ip4(), 500000),
                 "down": stream("recv", peer.ip4(), 500000)}
    flows = Flows(vm1, **both_ways)
    flows.move(20)
    vm2.cmd(*(f"flow_start {name} {transfer}" for name, transfer in both_ways.items()),
            "flow_start vm1 " + stream("send", vm1.ip4(), 500000))
    Flows.running(vm2, "up", "down", "vm1").move(30)
    ksft_gt(context2.count("statistics/pins_now"), 0)
    l1.cmd(command, "guest_until_off vm2 20")
    flows.move(20)
    flows.stop()
    for context in (context2, context3):
        wait_until(10, lambda: not context.busy(), "the context is idle")


def start_again():
    """Start vm2 with both of its cards."""
    vm2.boot()
    vm2.prepare()


CASES = [
    Case(60, "virsh destroy of vm2 under traffic: vm1's streams go on", under_traffic,
         "guest_kill vm2"),
]
# When vm2 runs again
AGAIN = Case(150, "vm2 starts again", start_again)
KILL = Case(60, "SIGKILL of vm2's QEMU under traffic: vm1's streams go on",
            under_traffic, "kill -KILL $(cat /run/libvirt/qemu/vm2.pid)")
