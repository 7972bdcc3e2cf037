# SPDX-License-Identifier: GPL-2.0-only
"""What bulk transfer costs, in counts, which do not depend on the speed of the machine.
The limits are for each 10 MB, with segmentation and aggregation on.
"""

import json
import os
import time

from lib import (Case, LongCase, context1, defer, ksft_ge, ksft_gt, ksft_in, ksft_lt,
                 note, peer, vm1)
from lib.settings import DIR

BYTES = 40000000
TRAPS = 400
INTERRUPTS = 400
RETRANSMITTED = 2
PORT = 5201


def traps():
    """Return: how often vm1's mailboxes were trapped"""
    return (context1.count("statistics/traps_page")
            + context1.count("statistics/traps_register"))


def retransmitted():
    """Return: how many segments the peer has sent again"""
    return int(peer.cmd("awk '$1 == \"Tcp:\" { if (n++) print $13 }' /proc/net/snmp"))


def serve_once():
    """Start the other end of one measurement at the peer."""
    server = peer.bkg(f"iperf3 -s -1 -p {PORT}", os.path.join(DIR, "iperf3.log"))
    defer(server.kill)
    time.sleep(0.5)


def run_client(dev, options):
    """Return: bits per second, bytes, interrupts and segments that vm1 sent again"""
    out = vm1.cmd(f"interrupts {dev}; tcp_retransmitted",
                  f"iperf3 -c {peer.ip4()} -p {PORT} -n {BYTES} {options} -J | "
                  "jq -c .end.sum_received",
                  f"interrupts {dev}; tcp_retransmitted")
    irqs, again, received, irqs_now, again_now = out.splitlines()
    received = json.loads(received)
    return (received["bits_per_second"], received["bytes"], int(irqs_now) - int(irqs),
            int(again_now) - int(again))


def transfer(options=""):
    """Compare what a transfer cost with the limits."""
    dev = vm1.card()
    features = vm1.cmd(f"ethtool -k {dev}").splitlines()
    ksft_in("tcp-segmentation-offload: on", features)
    ksft_in("rx-gro-hw: on", features)
    serve_once()
    trapped, again = traps(), retransmitted()
    rate, size, irqs, sent = run_client(dev, options)
    trapped, again = traps() - trapped, retransmitted() - again + sent
    tens = size / 10000000
    note(f"{rate / 1000000:.0f} Mb/s; for each 10 MB: {trapped / tens:.0f} traps,",
         f"{irqs / tens:.0f} interrupts; {again} segments of all sent again")
    ksft_ge(size, BYTES * 9 / 10)
    ksft_gt(trapped, 0)
    ksft_gt(irqs, 0)
    ksft_lt(trapped / tens, TRAPS)
    ksft_lt(irqs / tens, INTERRUPTS)
    ksft_ge(RETRANSMITTED, again / tens)


CASES = [
    LongCase(60, "bulk, transmit: few traps, few interrupts, nothing sent twice", transfer),
    Case(60, "bulk, receive: few traps, few interrupts, nothing sent twice", transfer,
         "-R"),
]
