# SPDX-License-Identifier: GPL-2.0-only
"""The end: no kernel has complained, and nothing is left."""

import os

from lib import (Case, context1, context2, context3, ksft_eq, ksft_in, ksft_no_match,
                 l1, vm1, vm2)
from lib.hosts import bed
from lib.settings import RUN, recorded

GUEST_BUGS = ("page_pool|stalled pool|transmit queue [0-9]+ does not move"
              "|was stopped at descriptor|wrote an invalid index or completion"
              "|cdna_guest .*(cannot |restarting|without queues|no memory)")


def counters():
    """The driver counts from 0 if it was loaded again after the faults."""
    counted = vm1.counters(vm1.card())
    ksft_in(counted["faults"], (0, recorded("faulted")))
    ksft_eq(counted["timeouts"], 0)


def shutdown():
    """Both machines shut down by their agents, if they run."""
    for vm in (vm1, vm2):
        l1.cmd(f"! guest_running {vm.name} || guest_stop {vm.name}")


def log(vm):
    """The console, of all boots, and dmesg have no complaint."""
    l1.cmd(f"guest_log_clean {vm.name}")
    with open(os.path.join(RUN, f"results/{vm.name}-console.log"),
              errors="replace") as console:
        said = console.read()
    ksft_in("guest: ready", said)
    ksft_no_match(GUEST_BUGS, said)


def idle():
    """The context of vm1 was stopped as often as the cases wanted it to be. Nobody knows
    how often those were by which vm2 attacked."""
    for context, faults in ((context1, recorded("faulted")), (context2, 0),
                            (context3, 0)):
        ksft_eq(context.busy(), {})
        if context is context1 or not recorded("attacked"):
            reasons = l1.cmd(f"grep -v '^0$' {context.path}/faults/* || true")
            ksft_eq(context.count("statistics/faults"), faults, reasons)
        ksft_eq(context.count("statistics/nic_out_of_bounds"), 0)


def contexts():
    """libvirt removes all three."""
    l1.cmd(*(f"guest_context_remove {context.uuid}"
             for context in (context1, context2, context3)))
    ksft_eq(l1.cmd("ls /sys/bus/mdev/devices"), "")


def unload():
    """Nothing uses the module any longer."""
    l1.cmd("rmmod cdna_mdev", "test ! -d /sys/module/cdna_mdev")


def host_log():
    """The console of L1 has no complaint."""
    result = bed("bed_log_clean")
    ksft_eq(result.status, 0, result.stdout)


CASES = [
    Case(20, "no card of vm1 was stopped, no number of the NIC was wrong", counters),
    Case(60, "machines shut down", shutdown),
    Case(20, "vm1's kernel reported no bug", log, vm1),
    Case(20, "vm2's kernel reported no bug", log, vm2),
    Case(30, "nothing is pinned, no context was stopped", idle),
    Case(30, "contexts go by virsh nodedev-destroy", contexts),
    Case(30, "the module unloads", unload),
    Case(10, "L1's kernel reported no bug", host_log),
]
