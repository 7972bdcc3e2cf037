# SPDX-License-Identifier: GPL-2.0-only
"""A third machine, vm3, boots over the network: SeaBIOS and iPXE drive a context that is a
virtio network card, without a driver of Linux. Kernel and initrd are the peer's, and so is
what tells that they are. The disk has no system that firmware could boot.
"""

import hashlib
import os
import secrets

from lib import (Context, LongCase, defer, ksft_eq, ksft_gt, ksft_in, l1, note, peer,
                 stream, wait_until)
from lib.machines import FILES, Guest
from lib.settings import DIR, RUN, TOP, ip4

# The number of the context in libvirt-xml/context-virtio.xml
on_nic = Context(7, 0)
vm3 = Guest("vm3", 13, on_nic)
WWW = os.path.join(DIR, "www")
RESULTS = os.path.join(RUN, "results")
# More than the NIC's rings have room for, in frames
PAYLOAD = 1 << 20


def inside(path):
    """Return: a path of the source tree as the peer's programs see it"""
    return "/cdna" + path.removeprefix(TOP)


# udhcpd removes the file that has its process number.
DHCP = f"""\
start {ip4(0, 60)}
end {ip4(0, 60)}
static_lease {on_nic.mac} {vm3.ip4()}
interface wire0
opt subnet 255.255.255.0
boot_file http://{peer.ip4()}/boot.ipxe
lease_file {inside(WWW)}/udhcpd.leases
pidfile {inside(WWW)}/udhcpd.pid
"""


def write(name, text):
    """Write a file that the peer serves, or reads."""
    with open(os.path.join(WWW, name), "w") as file:
        file.write(text)


def serve(token):
    """The peer gives vm3 its address, and by HTTP a script for iPXE, kernel and initrd."""
    os.makedirs(WWW)
    write("udhcpd.conf", DHCP)
    write("boot.ipxe", "#!ipxe\nkernel vmlinuz initrd=initrd console=ttyS0 loglevel=5 "
          f"mitigations=off cdna.name=vm3 cdna.netboot={token}\ninitrd initrd\nboot\n")
    os.symlink("/cdna/build/guest/vmlinuz", os.path.join(WWW, "vmlinuz"))
    os.symlink(inside(os.path.join(RESULTS, "initrd")), os.path.join(WWW, "initrd"))
    for server in (f"busybox udhcpd -f {inside(WWW)}/udhcpd.conf",
                   f"busybox httpd -f -vv -p {peer.ip4()}:80 -h {inside(WWW)}"):
        log = os.path.join(DIR, server.split()[1] + ".log")
        defer(peer.bkg(server, log).terminate)


def make_initrd():
    """An initrd with a random file. Return: the digest of that"""
    payload = secrets.token_bytes(PAYLOAD)
    with open(os.path.join(RESULTS, "payload"), "wb") as file:
        file.write(payload)
    l1.cmd(f'GUEST_FILES="{FILES} /results/payload" guest_initrd',
           "cp $GUEST_DIR/initrd /results/initrd")
    return hashlib.sha256(payload).hexdigest()


def boot():
    """SeaBIOS runs iPXE before it looks at the disk, and the machine comes up with what the
    peer alone could have given it."""
    token = secrets.token_hex(8)
    digest = make_initrd()
    serve(token)
    l1.cmd("guest_context context-virtio.xml",
           "GUEST_BOOT=firmware guest_define vm3 domain-netboot.xml")
    vm3.boot()
    ksft_in(f"cdna.netboot={token}", vm3.read("/proc/cmdline"))
    ksft_in(digest, vm3.cmd("sha256sum /payload"))
    ksft_eq(on_nic.count("statistics/faults"), 0)
    frames = on_nic.count("statistics/descriptors")
    ksft_gt(frames, PAYLOAD // 1500)
    note(frames, "descriptors,", on_nic.count("statistics/traps_page"), "and",
         on_nic.count("statistics/traps_register"), "notifications, by page and by register")


def driven():
    """Linux takes the card over from iPXE, and contents are right."""
    vm3.cmd("modprobe virtio_net", vm3.up())
    vm3.cmd(*(stream(way, peer.ip4(), 1000000) for way in ("send", "recv")))
    ksft_eq(on_nic.count("statistics/faults"), 0)


def end():
    """The machine ends, and nothing is pinned."""
    l1.cmd("guest_log_clean vm3", "guest_kill vm3", "guest_virsh undefine vm3")
    wait_until(10, lambda: not on_nic.busy(), "the context is not used")
    l1.cmd(f"guest_context_remove {on_nic.uuid}", "rm -f /results/initrd /results/payload")


CASES = [
    LongCase(120, "a machine boots over the network from a virtio context", boot),
    LongCase(30, "Linux takes the card over that iPXE had", driven),
    LongCase(20, "the machine ends, and leaves nothing", end),
]
