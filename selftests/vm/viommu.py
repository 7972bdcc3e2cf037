# SPDX-License-Identifier: GPL-2.0-only
"""A machine with an IOMMU of its own, by which its kernel translates what its cards reach.
Each frame is mapped before it is sent, and unmapped after it was; so are receive buffers.
"""

from lib import (LongCase, context2, context3, defer, ksft_eq, ksft_in, ksft_match, l1,
                 peer, stream, vm2)

IOMMU = '<iommu model="intel"><driver caching_mode="on"/></iommu>'


def boot():
    """vm2 starts with an IOMMU, on which its kernel puts both cards, each apart."""
    l1.cmd("! guest_running vm2 || guest_kill vm2", "guest_until_off vm2 10",
           "guest_virsh undefine vm2")
    for context in (context2, context3):
        context.write("vlan", "none")
    l1.cmd("GUEST_ARGS=intel_iommu=on guest_define vm2 domain-two-contexts.xml "
           f"""'s|</devices>|{IOMMU}</devices>|'""")
    vm2.boot()
    vm2.prepare()
    ksft_match("DMAR: .*caching mode|DMAR: Intel.R. Virtualization", vm2.cmd("dmesg"))
    for context in (context2, context3):
        ksft_in(vm2.read(f"/sys/class/net/{vm2.card(context)}/device/iommu_group/type"),
                ("DMA", "DMA-FQ"))


def works():
    """Both cards carry traffic of both protocols, and nothing of it is a fault."""
    before = [context.count("statistics/faults") for context in (context2, context3)]
    for net, context in enumerate((context2, context3)):
        vm2.cmd(f"ping -q -c 12 -i 0.2 -W 2 {peer.ip4(net)}",
                *(stream(way, to, 300000) for to in (peer.ip4(net), peer.ip6(net))
                  for way in ("send", "recv")))
        counted = vm2.counters(vm2.card(context))
        ksft_eq((counted["faults"], counted["timeouts"]), (0, 0))
    ksft_eq([context.count("statistics/faults") for context in (context2, context3)],
            before)


def ends():
    """It shuts down; nothing stays pinned. It is defined as it was."""
    defer(l1.cmd, "guest_virsh undefine vm2", "guest_define vm2 domain-two-contexts.xml")
    l1.cmd("guest_stop vm2", "guest_log_clean vm2")
    ksft_eq([context.busy() for context in (context2, context3)], [{}, {}])


CASES = [
    LongCase(150, "a machine starts with an IOMMU of its own", boot),
    LongCase(60, "its cards work, and no frame is a fault", works),
    LongCase(40, "it shuts down, and nothing stays", ends),
]
