# SPDX-License-Identifier: GPL-2.0-only
"""The machines in L1, and the contexts whose cards they have.

vm1 has context 1, of NIC 0; vm2 has context 2, of NIC 0, and context 3, of NIC 1.
Context 4, of NIC 1, is made and plugged in by the subjects that need it.
"""

import base64
import re
import shlex

from .agent import execute
from .hosts import CommandFailed, Host, l1
from .ksft import wait_until
from .settings import PATIENCE, PORT

# What guests get, from L1
FILES = ("/cdna/build/vm/stream /cdna/build/vm/qstats /cdna/build/vm/xdp "
         "/cdna/selftests/vm/guest/*.sh "
         "/cdna/build/modules/$GUEST_MODULES/selftests/vm/*/*.ko")

# The libvirt that machines start with
HERE = "qemu:///system"


class Context:
    """A mediated device, with its attributes."""

    def __init__(self, number, net, address=None):
        self.uuid = f"cda00000-0000-4000-8000-00000000000{number}"
        self.mac = f"52:54:00:cd:a0:0{address or number}"
        self.net = net
        self.path = "/sys/bus/mdev/devices/" + self.uuid

    def read(self, attribute):
        """Return: the text of an attribute"""
        return l1.read(f"{self.path}/{attribute}")

    def count(self, attribute):
        """Return: an attribute that is a number"""
        return int(self.read(attribute))

    def write(self, attribute, value):
        """Set an attribute."""
        l1.write(f"{self.path}/{attribute}", value)

    def devlink(self, command):
        """Run a command of devlink about its port, which is @ in the command.
        Return: its standard output"""
        return l1.cmd(f"cd {self.path}",
                      "port=pci/$(basename $(dirname $(readlink -f .)))/$(cat context)",
                      "devlink " + command.replace("@", "$port"))

    def busy(self):
        """Return: what differs from an unused context, by name; empty if nothing does"""
        idle = {"state": "configured", "pins_now": "0", "opstate": "detached"}
        port = self.devlink("port show @")
        now = {"state": self.read("state"),
               "pins_now": self.read("statistics/pins_now"),
               "opstate": re.search(r"opstate (\w+)", port)[1]}
        return {name: now[name] for name in now if now[name] != idle[name]}


class Guest(Host):
    """A machine, with the functions of guest/functions.sh."""

    def __init__(self, name, number, *contexts):
        super().__init__(name, number)
        self.contexts = contexts
        self.uri = HERE

    def run(self, script):
        return execute(self, f"VM_PATIENCE={PATIENCE}; . /functions.sh; {script}")

    def bkg(self, command, log):
        """Start a command in the background, its output in a log in the machine.
        Return: the number of its process group"""
        return int(self.cmd(f"setsid bash -c {shlex.quote(command)} >{log} 2>&1 "
                            "</dev/null & echo $!"))

    def card(self, context=None):
        """Return: the interface of a context, of the first one if none is given"""
        return self.cmd(f"card {(context or self.contexts[0]).mac}")

    def net_up(self, context=None):
        """Have the interface of a context as cases expect it. Return: its name"""
        return self.cmd(self.up(context))

    def up(self, context=None):
        """Return: the command of `net_up`"""
        context = context or self.contexts[0]
        return f"net_up {context.mac} {context.net} {self.number}"

    def boot(self, *others):
        """Start it, and others at the same time, with all that their cases run there."""
        names = " ".join(vm.name for vm in (self, *others))
        l1.cmd(f'GUEST_FILES="{FILES}" guest_boot {names}')

    def prepare(self):
        """Have its cards, and its server, as cases expect them."""
        self.cmd("sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0",
                 *(self.up(context) for context in self.contexts))
        self.serve()

    def serve(self, prefix=""):
        """Start the server that `stream` talks to."""
        self.bkg(f"exec {prefix} /stream serve {PORT}", "/tmp/serve.log")

    def boot_id(self):
        """Return: the identifier of its boot, or None if it does not answer"""
        try:
            return self.read("/proc/sys/kernel/random/boot_id")
        except CommandFailed:
            return None

    def counters(self, dev):
        """Return: what ethtool -S counts, by name"""
        lines = self.cmd(f"ethtool -S {dev} | sed 1d").splitlines()
        return {name.strip(): int(value)
                for name, value in (line.split(":") for line in lines)}

    def wait_counters(self, seconds, dev, **wanted):
        """Wait until counters have these values."""
        wait_until(seconds, lambda: wanted.items() <= self.counters(dev).items(),
                   f"counters of {dev} become {wanted}")

    def ring_sizes(self, dev):
        """Return: the slots of the transmit ring and of the receive ring, as set"""
        shown = self.cmd(f"ethtool -g {dev}")
        return tuple(int(re.findall(rf"^{ring}:\s*(\d+)", shown, re.M)[-1])
                     for ring in ("TX", "RX"))

    def registers(self, dev):
        """Return: the bytes of the register page"""
        return base64.b64decode(self.cmd(f"ethtool -d {dev} raw on | base64"))

    def lie(self, **parameters):
        """Load the module of liar/, which has done its work when it cannot be
        loaded."""
        self.cmd("lie_with " + " ".join(f"{key}={value}"
                                        for key, value in parameters.items()))


context1 = Context(1, 0)
context2 = Context(2, 0)
context3 = Context(3, 1)
context4 = Context(4, 1)
vm1 = Guest("vm1", 11, context1)
vm2 = Guest("vm2", 12, context2, context3)
