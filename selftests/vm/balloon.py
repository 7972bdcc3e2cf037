# SPDX-License-Identifier: GPL-2.0-only
"""A machine with a balloon, whose host gets memory back while its cards have traffic."""

import re

from lib import (Flows, LongCase, context2, context3, defer, ksft_eq, ksft_gt, ksft_lt,
                 l1, note, peer, stream, vm2, wait_until)

XML = [
    "s|^<domain|& xmlns:qemu=\\'http://libvirt.org/schemas/domain/qemu/1.0\\'|",
    "s|<memballoon model=.none./>|<memballoon model=\\'virtio\\' "
    "freePageReporting=\\'on\\'/>|",
    "s|</devices>|&<qemu:override>" + "".join(
        f"<qemu:device alias=\\'hostdev{card}\\'><qemu:frontend><qemu:property "
        "name=\\'x-balloon-allowed\\' type=\\'bool\\' value=\\'true\\'/>"
        "</qemu:frontend></qemu:device>" for card in (0, 1)) + "</qemu:override>|",
]
CONTEXTS = (context2, context3)
# What the balloon takes, and what it leaves, in MiB
FILLED, LITTLE = 160, 160


def boot():
    """vm2 starts with a balloon, of which nothing stands in the way, and with its driver."""
    l1.cmd("! guest_running vm2 || guest_kill vm2", "guest_until_off vm2 10",
           "guest_virsh undefine vm2")
    for context in CONTEXTS:
        context.write("vlan", "none")
    edits = " ".join(f"$'{edit}'" for edit in XML)
    l1.cmd(f"guest_define vm2 domain-two-contexts.xml {edits}")
    vm2.boot()
    vm2.cmd("modprobe virtio_balloon")
    vm2.prepare()


def memory():
    """Return: what the machine has, and what its process has of the host, in MiB"""
    told = l1.cmd("guest_virsh dommemstat vm2")
    return tuple(int(re.search(rf"^{name} (\d+)", told, re.M)[1]) // 1024
                 for name in ("actual", "rss"))


def resize(size):
    """Set what the machine has. Return: what its process has of the host then"""
    l1.cmd(f"guest_virsh setmem vm2 {size}M --live")
    wait_until(60, lambda: memory()[0] == size, f"the machine has {size} MiB")
    return memory()[1]


def fill():
    """The machine uses memory, and does not any longer."""
    vm2.cmd(f"head -c {FILLED}M /dev/zero >/dev/shm/fill", "rm /dev/shm/fill")


def inflate():
    """The host gets memory back, and the machine has it again, while transfers compare
    what arrives. No queue has done wrong."""
    before = [context.count("statistics/faults") for context in CONTEXTS]
    whole, _ = memory()
    defer(l1.attempt, f"guest_virsh setmem vm2 {whole}M --live")
    flows = Flows(vm2, a=stream("send", peer.ip4(0), 300000),
                  b=stream("recv", peer.ip6(0), 300000),
                  c=stream("recv", peer.ip4(1), 300000))
    flows.move(40)
    for _ in range(2):
        fill()
        most = memory()[1]
        least = resize(LITTLE)
        note(f"resident {most} MiB, with the balloon {least} MiB")
        ksft_lt(least, most)
        flows.move(40)
        resize(whole)
        flows.move(40)
    flows.stop()
    ksft_eq([context.count("statistics/faults") for context in CONTEXTS], before)
    ksft_gt(sum(context.count("statistics/pin_drops") for context in CONTEXTS), 0)
    note("pinned", [(context.count("statistics/pins_now"),
                     context.count("statistics/pins_huge")) for context in CONTEXTS])


def ends():
    """It shuts down; nothing stays pinned. It is defined as it was."""
    defer(l1.cmd, "guest_virsh undefine vm2", "guest_define vm2 domain-two-contexts.xml")
    l1.cmd("guest_stop vm2", "guest_log_clean vm2")
    ksft_eq([context.busy() for context in CONTEXTS], [{}, {}])


CASES = [
    LongCase(150, "a machine starts with a balloon", boot),
    LongCase(400, "the balloon takes memory, and returns it, under traffic", inflate),
    LongCase(40, "it shuts down, and nothing stays", ends),
]
