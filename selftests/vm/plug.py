# SPDX-License-Identifier: GPL-2.0-only
"""A second card, of the other NIC, is plugged into vm1 and unplugged while the first
one has traffic. It is a card of vm2, which does not run.
"""

from lib import (Case, Flows, LongCase, context3, l1, note, peer, stream, vm1,
                 wait_until)

# Transfers of the first card, from the first case to the last one
first = Flows.running(vm1, "first")


def plug_in():
    """The new card carries traffic of both protocols."""
    vm1.cmd("[[ -e /tmp/flow.first.pid ]] || flow_start first "
            + stream("send", peer.ip4(), 500000))
    first.move(20)
    context3.write("vlan", "none")
    l1.cmd(f"guest_plug vm1 {context3.uuid}")
    vm1.net_up(context3)
    vm1.cmd(*(stream(way, to, 1000000) for to in (peer.ip4(1), peer.ip6(1))
              for way in ("send", "recv")))
    first.move(20)


def plug_out():
    """Unplug the card while it carries traffic."""
    flows = Flows(vm1, second=stream("send", peer.ip4(1), 500000),
                  third=stream("recv", peer.ip4(1), 500000))
    flows.move(20)
    l1.cmd(f"guest_unplug vm1 {context3.uuid}")
    vm1.cmd(f"until_true 20 has_no_card {context3.mac}")
    flows.end()
    first.move(20)
    wait_until(10, lambda: not context3.busy(), "the context is idle")


def plug_again():
    """Plug the card in and out once more."""
    plug_in()
    plug_out()


def first_stream():
    """The transfers of the first card have not failed."""
    first.move(20)
    note(first.counts()[0], "transfers of 0.5 MB")
    first.stop()


CASES = [
    Case(60, "a card is plugged in, under traffic, and works", plug_in),
    Case(60, "it is plugged out, under traffic of its own", plug_out),
    LongCase(90, "the same once more", plug_again),
    Case(20, "the first card's stream has not noticed", first_stream),
]
