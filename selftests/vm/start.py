# SPDX-License-Identifier: GPL-2.0-only
"""The beginning: L1, the peer, contexts, machines."""

from lib import (Case, context1, ksft_eq, ksft_in, ksft_match, l1, peer, vm1, vm2,
                 wait_until)
from lib.settings import CPUS


def host():
    """Prepare KVM, cdna_mdev and libvirt in L1."""
    peer.wire(0)
    peer.wire(1)
    l1.cmd("guest_host")


def valid():
    """The files match the schemas of libvirt."""
    l1.cmd('for file in /cdna/libvirt-xml/*.xml; do virt-xml-validate "$file"; done')


def persistent():
    """A defined context is started by libvirt and by mdevctl, as at a boot. libvirt
    notices what mdevctl does a moment later."""
    name = f"mdev_{context1.uuid.replace('-', '_')}_0000_01_00_0"
    l1.cmd("guest_virsh nodedev-define /cdna/libvirt-xml/context1.xml",
           f"guest_virsh nodedev-autostart {name}")
    for start in (f"guest_virsh nodedev-start {name}",
                  f"mdevctl start -u {context1.uuid}"):
        l1.cmd(start)
        ksft_eq(context1.read("mac_address").lower(), context1.mac)
        l1.cmd(f"guest_virsh nodedev-destroy {name}",
               f"test ! -e {context1.path}/mac_address")
    ksft_match("^Autostart: *yes", l1.cmd(f"guest_virsh nodedev-info {name}"))
    l1.cmd(f"guest_virsh nodedev-undefine {name}")
    wait_until(10, lambda: not l1.cmd("guest_virsh nodedev-list --all --cap mdev"),
               "libvirt lists no device")


def attribute(name, value):
    """Return: the edit that puts an attribute into a node device"""
    return f"""'s|</capability>|<attr name="{name}" value="{value}"/>&|'"""


def contexts():
    """The third context has no doorbell page, and its guest may choose its address."""
    l1.cmd("guest_context context1.xml", "guest_context context2.xml",
           f"guest_context context3.xml {attribute('doorbell_page', 'off')} "
           + attribute("guest_mac", "on"))
    ksft_eq(l1.cmd("ls /sys/bus/mdev/devices | wc -l"), "3")


def machines():
    """The cards of vm2 reach bounce buffers only, as in a confidential machine."""
    l1.cmd(". /cdna/testbed/guest/move.sh",
           'guest_define vm1 domain-one-context.xml "${guest_may_move[@]}"',
           "GUEST_ARGS=swiotlb=force guest_define vm2 domain-two-contexts.xml "
           f"'s|<vcpu>1|<vcpu>{CPUS}|'")
    vm1.boot(vm2)
    vm1.prepare()
    vm2.prepare()


def identity():
    """ethtool and ip show the driver and the largest MTU."""
    dev = vm1.card()
    shown = vm1.cmd(f"ethtool -i {dev}", f"ip -d link show {dev}")
    ksft_in("driver: cdna_guest", shown.splitlines())
    ksft_in("maxmtu 9000", shown)


def reach():
    """The peer reaches each address of the machines, and vm1 reaches vm2."""
    ping = "ping -q -c 3 -i 0.2 -W 2 "
    peer.cmd(*(ping + to for to in (vm1.ip4(), vm1.ip6(), vm2.ip4(), vm2.ip6(),
                                    vm2.ip4(1), vm2.ip6(1))))
    vm1.cmd(ping + vm2.ip4(), ping + vm2.ip6())


CASES = [
    Case(60, "L1 is ready, and the host module loads", host),
    Case(20, "the files of libvirt-xml are valid", valid),
    Case(40, "a context that libvirt keeps comes back with its address", persistent),
    Case(30, "virsh nodedev-create makes three contexts", contexts),
    Case(200, "two machines start, with the cards of three contexts", machines),
    Case(20, "the cards say what they are", identity),
    Case(30, "all of them reach each other", reach),
]
