# SPDX-License-Identifier: GPL-2.0-only
"""Changes at random under traffic. CHURN_SECONDS says how long, CHURN_SEED repeats a
run as far as time allows. No stream may pause for 20 s.
"""

import os
import random
import re
import time

from lib import (Case, Connections, defer, ksft_eq, ksft_ge, ksft_gt, note, peer, vm1,
                 vm2)

SECONDS = int(os.environ.get("CHURN_SECONDS", "30"))
SEED = int(os.environ.get("CHURN_SEED") or random.randrange(32768))
MTUS = (1280, 1400, 1500, 4000, 9000)
STEPS = ("link", "rings", "mtu", "offload", "moderation")


def change_the_peer(rng):
    """Take its end of the wire down for a moment, or give it another MTU."""
    if rng.randrange(3):
        peer.wire(0, rng.choice(MTUS))
    else:
        peer.cmd("ip link set wire0 down")
        time.sleep(rng.random())
        peer.wire(0)
    time.sleep(rng.uniform(1, 4))


def judge_steps(steps):
    """Each kind of change was made, and none was refused."""
    vm1.cmd(f"until_true 30 eval '! kill -0 {steps}'")
    vm1.cmd("sed /^result/d /tmp/churn.log | sort | uniq -c; dmesg | tail -n 20")
    results = vm1.cmd("grep ^result /tmp/churn.log").splitlines()
    ksft_eq([line.split()[1] for line in results], list(STEPS))
    for _, step, made, failed in map(str.split, results):
        note(f"{step}: {made} changes, {failed} refused")
        ksft_gt(int(made), 0, f"changes of {step}")
        ksft_eq(int(failed), 0, f"refused changes of {step}")


def restore(dev, sizes):
    """Set up the card of vm1 as other cases expect it."""
    # One that another depends on cannot be changed alone.
    vm1.attempt(*(f"ethtool -K {dev} {feature} on || true" for feature in
                  ("sg", "tx", "rx", "tso", "gso", "gro", "rx-gro-hw", "rxvlan",
                   "txvlan")))
    vm1.cmd("ethtool -G {} tx {} rx {}".format(dev, *sizes),
            f"ethtool -C {dev} adaptive-rx off rx-usecs 100 rx-frames 64")
    vm1.net_up()


def churn():
    """Change the card and the peer, while three connections have to survive."""
    rng = random.Random(SEED)
    dev = vm1.card()
    defer(restore, dev, vm1.ring_sizes(dev))
    defer(peer.wire, 0)
    connections = Connections(vm1, up=("send", peer.ip4()), down=("recv", peer.ip4()),
                              up6=("send", peer.ip6()))
    connections.move(20)
    vm1.cmd("dmesg -C")
    steps = vm1.bkg(f"exec bash /churn.sh {dev} {SEED} {SECONDS}", "/tmp/churn.log")
    defer(vm1.attempt, f"kill -- -{steps}")
    end = time.monotonic() + SECONDS
    changes = 0
    while time.monotonic() < end:
        change_the_peer(rng)
        changes += 1
    peer.wire(0)
    note("changes at the peer:", changes)
    judge_steps(steps)
    vm1.cmd(f"until_true 20 has_carrier {dev}")
    connections.move(30)
    connections.note()
    connections.stop()


def no_errors():
    """All error counters of both machines are 0."""
    for vm in (vm1, vm2):
        errors = {name: count for name, count in vm.counters(vm.card()).items()
                  if re.fullmatch("faults|timeouts|tx_invalid_index|"
                                  "rx_invalid_completion|rx_csum_bad|tx_drop_.*", name)}
        ksft_ge(len(errors), 7)
        ksft_eq(set(errors.values()), {0}, f"{vm.name}: {errors}")


CASES = [
    Case(SECONDS + 90, f"{SECONDS} s of changes under traffic, seed {SEED}", churn),
    Case(20, "no card has counted an error", no_errors),
]
