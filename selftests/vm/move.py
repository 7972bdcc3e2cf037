# SPDX-License-Identifier: GPL-2.0-only
"""A machine moves while it runs, to another host and back: from a context of a NIC to one
of another NIC, or of a softnic. The peer is the switch between both NICs and the bridge of
the softnic: it has to learn where the machine is.

MOVES is how often it moves to a softnic and back, in the long run; MOVE_KILLS is how
often a QEMU is killed as it moves, and MOVE_SEED repeats when.
"""

import os
import random

from lib import (Case, Context, LongCase, context1, defer, ksft_eq, ksft_ge, ksft_lt, l1,
                 note, peer, vm1, wait_until)
from lib.machines import HERE
from lib.moves import (FUNCTIONS, THERE, Mover, Restarts, is_idle, nic_context, runs,
                       soft_context)
from lib.settings import CPUS, record

ROUNDS = int(os.environ.get("MOVES", "2"))
KILLS = int(os.environ.get("MOVE_KILLS", "2"))
SEED = int(os.environ.get("MOVE_SEED") or random.randrange(32768))
mover = Mover(vm1, Restarts)
# Contexts for vm1: on NIC 1, by a softnic, and one of NIC 1 with another address
other = Context(5, 0, address=1)
soft = Context(6, 0, address=1)
stranger = Context(7, 0)
COUNTERS = ("statistics/faults", "faults/unmapped")
# Where each libvirt has the process of vm1
PID = {HERE: "/run/libvirt/qemu/vm1.pid",
       THERE: "/run/cdna-second/run/libvirt/qemu/vm1.pid"}


def host():
    """There are two libvirts, and a switch that joins all networks."""
    l1.cmd(FUNCTIONS, "guest_second_host", "guest_bridge br0")
    peer.cmd("ip link add switch type bridge forward_delay 0",
             "ip addr flush dev wire0",
             *(f"ip link set {port} master switch up"
               for port in ("wire0", "wire1", "uplink0")),
             "sysctl -qw net.ipv6.conf.switch.accept_dad=0",
             f"ip addr add {peer.ip4()}/24 dev switch",
             f"ip addr add {peer.ip6()}/96 dev switch nodad", "ip link set switch up",
             f"ping -q -c 2 -i 0.2 -W 2 {vm1.ip4()}")


def to_softnic(times=1):
    """To a context of a softnic, and back."""
    soft_context(soft)
    mover.round_trips(soft, times)


def to_nic():
    """To a context of the other NIC, and back."""
    nic_context(other)
    mover.round_trips(other)


def refused_by_nic():
    """An address that is not that of the destination's context."""
    nic_context(stranger)
    mover.refused(stranger, "MAC address, last bytes: 0x1a0 there, 0x7a0 here")


def refused_by_softnic():
    """A smaller MTU at the destination."""
    soft_context(soft, mtu=1500)
    mover.refused(soft, "MTU: 0x2328 there, 0x5dc here")


def cancel():
    """End a move by virsh domjobabort, once memory travels."""
    l1.cmd(FUNCTIONS,
           f"({mover.command(THERE, context1, soft, 600)}) >/results/cancelled.log 2>&1 & mover=$!",
           "guest_memory_travels vm1", "guest_virsh domjobabort vm1", "! wait $mover")


def cancelled():
    """The administrator changes his mind."""
    soft_context(soft)
    log = mover.stays(soft, cancel)
    ksft_eq(log.count("migration"), 0)


def kill_during_move(victim, after):
    """Return: whether there was a QEMU to kill at that moment. It is gone."""
    said = l1.cmd(f"({mover.command(THERE, context1, soft)}) >/results/killed.log 2>&1 & mover=$!",
                  f"sleep {after:.2f}",
                  f"if pid=$(cat {PID[victim]}) && kill -KILL $pid; then echo killed",
                  "while kill -0 $pid; do sleep 0.1; done 2>/dev/null; fi",
                  "wait $mover || true")
    if "killed" not in said:
        return False
    wait_until(20, lambda: not runs(victim), "libvirt knows")
    return True


def kill_one(rng, longest):
    """Kill a QEMU at some moment of a move. At most one machine is left, and works; if
    there is none, vm1 boots again. Contexts without a machine are idle.
    Return: whether there was one to kill"""
    victim, after = rng.choice((HERE, THERE)), rng.uniform(0, longest)
    streams = mover.connections()
    killed_it = kill_during_move(victim, after)
    alive = [uri for uri in (HERE, THERE) if runs(uri)]
    note("killed" if killed_it else "nothing to kill",
         f"{'there' if victim == THERE else 'here'} after {after:.1f} s; runs:",
         *("there" if uri == THERE else "here" for uri in alive))
    ksft_lt(len(alive), 2, "machines that run")
    for uri, context in ((HERE, context1), (THERE, soft)):
        if uri not in alive:
            wait_until(20, lambda: is_idle(context), "its context is idle")
    if alive:
        vm1.uri, = alive
        streams.move(60)
        streams.stop()
    else:
        streams.ended = True
    mover.bring_home()
    return killed_it


def killed():
    """QEMU is killed as vm1 moves, here or there. A page that was being pinned then is one
    that was not there."""
    rng = random.Random(SEED)
    faults, unmapped = (context1.count(counter) for counter in COUNTERS)
    soft_context(soft)
    defer(mover.bring_home)
    kills = 0
    for _ in range(3 * KILLS):
        kills += kills < KILLS and kill_one(rng, 25)
    ksft_eq(kills, KILLS, "kills")
    ended = context1.count(COUNTERS[1]) - unmapped
    ksft_eq(context1.count(COUNTERS[0]), faults + ended, "faults")
    ksft_ge(KILLS * CPUS, ended, "faults of a process that was killed")
    for _ in range(ended):
        record("faulted", "killed")


def end():
    """The networks are separate again."""
    peer.cmd("ip link del switch", f"ip addr add {peer.ip4()}/24 dev wire0")
    peer.wire(0)
    peer.wire(1)
    l1.cmd(FUNCTIONS, "ip link del br0", "guest_second_end")
    peer.cmd(f"ping -q -c 2 -i 0.2 -W 2 {vm1.ip4()}")


CASES = [
    Case(60, "there is another host, and a switch that joins both", host),
    Case(150, "a machine moves from a NIC to a softnic and back, under traffic", to_softnic),
    LongCase(150, "a machine moves to another NIC and back, under traffic", to_nic),
    LongCase(60 + 120 * ROUNDS, f"a machine moves there and back, {ROUNDS} times", to_softnic,
             ROUNDS),
    LongCase(60, "a context with another address refuses a machine, which goes on",
             refused_by_nic),
    LongCase(60, "a softnic with a smaller MTU refuses a machine, which goes on",
             refused_by_softnic),
    LongCase(90, "a move is cancelled, and the machine goes on", cancelled),
    LongCase(60 + 150 * KILLS, f"QEMU is killed during {KILLS} moves, seed {SEED}", killed),
    Case(30, "the networks are separate again", end),
]
