# SPDX-License-Identifier: GPL-2.0-only
"""What can happen to a running machine: its card is revoked and restored, its driver is
unloaded, it is suspended, it reboots. All under traffic.
"""

import time

from lib import (Case, Connections, Flows, LongCase, context1, defer, ksft_eq,
                 ksft_gt, ksft_in, ksft_match, ksft_no_match, l1, peer, stream, vm1,
                 wait_until)
from lib.settings import record

BOTH_WAYS = {"up": ("send", peer.ip4()), "down": ("recv", peer.ip6())}


def start_streams():
    """Return: a connection in each direction, which has to survive the case"""
    streams = Connections(vm1, **BOTH_WAYS)
    streams.move(20)
    vm1.cmd("dmesg -C")
    return streams


def streams_go_on(streams, dev):
    """The connections have survived, and move."""
    vm1.cmd(f"until_true 10 has_carrier {dev}")
    streams.move(30)
    streams.stop()


def transfer(ways=("send", "recv"), to=(peer.ip4(), peer.ip6())):
    """Contents are right in both directions, by both protocols."""
    vm1.cmd(*(stream(way, one, 4000000) for one in to for way in ways))


def set_by_sysfs(state):
    """Revoke or restore the context by its attribute."""
    context1.write("state", state)


def set_by_devlink(state):
    """Revoke or restore the context by devlink, which has other words for it."""
    function = {"revoked": "inactive", "configured": "active"}[state]
    context1.devlink(f"port function set @ state {function}")


def restore(set_state):
    """Restore the context, if it is revoked."""
    if context1.read("state") == "revoked":
        set_state("configured")


def revoke(set_state):
    """The streams survive, because TCP retransmits when the card is back. No queue is
    said to have done wrong."""
    dev = vm1.card()
    faults = context1.count("statistics/faults")
    streams = start_streams()
    defer(restore, set_state)
    set_state("revoked")
    ksft_eq(context1.read("state"), "revoked")
    ksft_eq(context1.count("statistics/pins_now"), 0)
    log = vm1.cmd(f"until_true 5 has_no_carrier {dev}", "dmesg")
    ksft_in("the host has revoked this device", log)
    vm1.refuses(f"ping -q -c 1 -W 1 {peer.ip4()}")
    set_state("configured")
    streams_go_on(streams, dev)
    ksft_eq(context1.count("statistics/faults"), faults)


def suspend():
    """Only devices are suspended: this tests the driver, and nothing could wake the
    machine. Its agent is frozen as well."""
    dev = vm1.card()
    streams = start_streams()
    ksft_match(r"\bdevices\b", vm1.read("/sys/power/pm_test"))
    vm1.bkg("exec bash /suspend.sh", "/tmp/suspend.log")
    time.sleep(6)
    wait_until(20, vm1.boot_id, "the agent answers")
    said = vm1.cmd("until_true 20 grep -x end /tmp/suspend.log",
                   "cat /tmp/suspend.log; dmesg")
    ksft_in("suspended and resumed", said)
    ksft_in("suspend debug: Waiting", said)
    streams_go_on(streams, dev)


def stopped():
    """The host stops all of the machine, twice. Its card stands still with it: nothing
    is created again, no queue has done wrong, and what was on its way goes on."""
    dev = vm1.card()
    streams = start_streams()
    before = vm1.counters(dev)["restarts"]
    faults = context1.count("statistics/faults")
    defer(l1.attempt, "guest_virsh resume vm1")
    for _ in range(2):
        l1.cmd("guest_virsh suspend vm1")
        descriptors = context1.count("statistics/descriptors")
        time.sleep(2)
        ksft_eq(context1.count("statistics/descriptors"), descriptors)
        ksft_gt(context1.count("statistics/pins_now"), 0)
        ksft_eq(context1.read("state"), "active")
        l1.cmd("guest_virsh resume vm1")
        streams.move(30)
    streams_go_on(streams, dev)
    ksft_eq(vm1.counters(dev)["restarts"], before)
    ksft_eq(context1.count("statistics/faults"), faults)
    transfer(to=[peer.ip4()])


def reset():
    """Reset the PCI device by its attribute, twice."""
    dev = vm1.card()
    streams = start_streams()
    attribute = f"/sys/class/net/{dev}/device/reset"
    vm1.cmd(*[f"echo 1 >{attribute}"] * 2)
    streams_go_on(streams, dev)


def switched_off():
    """With memory decoding off, no mailbox and no command arrives, and DMA goes on. The
    kernel looks at full queues only, so they are made short. It has to complain, and
    the log of the console has to be clean."""
    dev = vm1.card()
    streams = start_streams()
    limit = f"/sys/class/net/{dev}/queues/tx-0/byte_queue_limits/limit_max"
    defer(vm1.cmd, "dmesg -n 5", "dmesg -C")
    defer(vm1.write, limit, vm1.read(limit))
    vm1.cmd("dmesg -n 1", f"echo 3000 >{limit}", f"memory_is_on {dev}",
            f"setpci -s $(pci_address {dev}) COMMAND.w=0",
            f"until_true 30 memory_is_on {dev}", f"until_true 20 has_carrier {dev}")
    log = vm1.cmd("dmesg")
    ksft_in("memory decoding of this device was switched off", log)
    ksft_eq(log.count("NETDEV WATCHDOG"), 1)
    ksft_no_match("Call Trace|is gone", log)
    ksft_eq(vm1.counters(dev)["timeouts"], 1)
    streams_go_on(streams, dev)


def slow_queue():
    """While something is sent, however slowly, a queue that is stopped is not called
    stuck, and otherwise it is. A module has the stack believe that each stop lasts."""
    dev = vm1.card()
    limit = f"/sys/class/net/{dev}/queues/tx-0/byte_queue_limits/limit_max"
    timeouts = vm1.counters(dev)["timeouts"]
    streams = start_streams()
    defer(vm1.attempt, "rmmod cdna_ager")
    defer(vm1.write, limit, vm1.read(limit))
    vm1.cmd(f"echo 3000 >{limit}", "insmod /cdna_ager.ko")
    looks = "/sys/module/cdna_ager/parameters/"
    wait_until(30, lambda: int(vm1.read(looks + "moved")) >= 100, "full queues move")
    stuck, revived = vm1.cmd(f"cat {looks}stuck {looks}revived").split()
    ksft_eq(stuck, "0", "times that a queue that moved looked stuck")
    ksft_eq(revived, "0", "times that a queue that did not move looked alive")
    ksft_eq(vm1.counters(dev)["timeouts"], timeouts)
    streams_go_on(streams, dev)


def bind(pci):
    """Bind the driver to the card, if it is not bound."""
    vm1.cmd(f"card {context1.mac} || echo {pci} >/sys/bus/pci/drivers/cdna_guest/bind",
            vm1.up())


def rebind():
    """Each time, a new transfer starts. The host notices the last unbind."""
    pci = vm1.cmd(f"pci_address $(card {context1.mac})")
    driver = "/sys/bus/pci/drivers/cdna_guest"
    start_again = ("flow_end again", vm1.up(),
                   "flow_start again " + stream("send", peer.ip4(), 500000))
    streams = start_streams()
    flows = Flows.running(vm1, "again")
    defer(flows.end)
    defer(bind, pci)
    for _ in range(4):
        vm1.cmd(f"echo {pci} >{driver}/unbind", f"echo {pci} >{driver}/bind",
                *start_again)
    vm1.cmd(f"echo 1 >/sys/bus/pci/devices/{pci}/remove", "echo 1 >/sys/bus/pci/rescan",
            *start_again)
    flows.move(20)
    vm1.cmd(f"echo {pci} >{driver}/unbind")
    ksft_eq(context1.read("state"), "configured")
    bind(pci)
    flows.end()
    streams.end()
    transfer(to=[peer.ip4()])


def reload():
    """Transfers fail with the driver, and work with the new one."""
    streams = start_streams()
    for _ in range(3):
        vm1.cmd("rmmod cdna_guest", f"has_no_card {context1.mac}")
        streams.end()
        vm1.cmd("insmod /cdna_guest.ko", vm1.up())
        streams = Flows(vm1, up=stream("send", peer.ip4(), 500000),
                        down=stream("recv", peer.ip6(), 500000))
        streams.move(20)


def expect_resets(*who):
    """Tell testbed/lost.sh which resets by vm1 itself are no loss. SeaBIOS, when it
    finds that it has run before, begins with one."""
    for one in who:
        record("asked", f"vm1 {one}")


def reboot():
    """Reboot vm1 by its agent."""
    expect_resets("kernel", "firmware")
    l1.cmd("guest_virsh reboot vm1 --mode agent")


def hard_reset():
    """Reset vm1 as by a button."""
    expect_resets("firmware")
    l1.cmd("guest_virsh reset vm1")


def starts_again(how):
    """Afterwards all transfers work as before."""
    start_streams()
    before = vm1.boot_id()
    ksft_gt(len(before), 0)
    how()
    wait_until(90, lambda: vm1.boot_id() not in (None, "", before), "vm1 boots")
    vm1.prepare()
    transfer()
    peer.cmd(stream("recv", vm1.ip4(), 500000))


CASES = [
    LongCase(90, "revoked and given back by sysfs, under traffic", revoke, set_by_sysfs),
    Case(90, "revoked and given back by devlink, under traffic", revoke,
         set_by_devlink),
    Case(90, "suspended and resumed under traffic", suspend),
    Case(90, "virsh suspend and resume, twice, under traffic", stopped),
    Case(60, "reset by sysfs, twice, under traffic", reset),
    Case(90, "switched off in the machine: a transmit timeout finds it", switched_off),
    Case(60, "a transmit queue that is slow is not called stuck", slow_queue),
    Case(90, "unbound and bound, removed and found, under traffic", rebind),
    LongCase(90, "the driver is unloaded and loaded under traffic, three times", reload),
    Case(120, "virsh reboot under traffic", starts_again, reboot),
    LongCase(120, "virsh reset under traffic", starts_again, hard_reset),
]
