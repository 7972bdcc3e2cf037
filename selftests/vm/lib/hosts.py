# SPDX-License-Identifier: GPL-2.0-only
"""The places that a case is about, as objects that run commands: here the peer at
the far end of the wires, and the host L1; machines.py has those that run there.

A command is a line of bash. It fails the case if its status is not 0, also in the
middle of a pipe. Several commands are one script, which ends with the first one that
fails: to reach a machine takes some tenths of a second, so what belongs together goes
together.
"""

import collections
import os
import shlex
import subprocess

from .ksft import CheckFailed
from .settings import MTU, PATIENCE, TOP, ip4, ip6

CALL = os.path.join(TOP, "testbed/call.sh")
Result = collections.namedtuple("Result", "status stdout stderr")


def bed(function, *arguments):
    """Call a function of testbed/bed.sh or testbed/lost.sh. Return: a Result"""
    done = subprocess.run([CALL, function, *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace")
    return Result(done.returncode, done.stdout, done.stderr)


class CommandFailed(Exception):
    """A command had a status that it must not have."""


class Host:
    """A place that runs commands. What they print is part of the output of the case."""

    def __init__(self, name, number):
        self.name = name
        self.number = number

    def ip4(self, net=0):
        """Its address on the wire of a NIC."""
        return ip4(net, self.number)

    def ip6(self, net=0):
        """Its IPv6 address on the wire of a NIC."""
        return ip6(net, self.number)

    def run(self, script):
        """Run a script of bash, however it ends. Return: a Result"""
        raise NotImplementedError

    def attempt(self, *commands):
        """Run commands, which may fail. Return: a Result"""
        script = "\n".join(commands)
        print(f"{self.name}: {script}")
        result = self.run(script)
        print(result.stdout, result.stderr, sep="", end="")
        return result

    def cmd(self, *commands):
        """Run commands. Return: their standard output, without a newline at its end"""
        result = self.attempt(*commands)
        if result.status:
            raise CommandFailed(f"status {result.status} at {self.name}: "
                                + "; ".join(commands))
        return result.stdout.rstrip("\n")

    def refuses(self, *commands):
        """Run commands that have to fail, each of them. Return: all that they print"""
        result = self.attempt(*(f"! {{ {command}; }} 2>&1 || exit 1"
                                for command in commands))
        if result.status:
            raise CheckFailed(f"did not fail at {self.name}: "
                              + "; ".join(commands))
        return result.stdout

    def succeeds(self, *commands):
        """Run commands. Return: whether they succeed"""
        return self.attempt(*commands).status == 0

    def read(self, path):
        """Return: what is in a file, without a newline at its end"""
        return self.cmd(f"cat {path}")

    def write(self, path, text):
        """Put a line into a file, such as one of sysfs."""
        self.cmd(f"echo {shlex.quote(str(text))} >{path}")


PEER_HEAD = "set -euo pipefail; PATH=$PATH:/cdna/build/vm; "


class Peer(Host):
    """The far end of the wires, with the programs of the tools tree."""

    def run(self, script):
        return bed("bed_exec", "bash", "-c", PEER_HEAD + script)

    def bkg(self, command, log):
        """Start a program in the background, its output in a log of this machine.
        Return: its Popen object"""
        print(f"{self.name}: {command} &")
        with open(log, "w") as out:
            return subprocess.Popen(
                [CALL, "bed_exec", "bash", "-c", PEER_HEAD + "exec " + command],
                stdout=out, stderr=out, stdin=subprocess.DEVNULL)

    def wire(self, net, mtu=MTU):
        """Its end of a wire as cases expect it, up."""
        commands = [f"ip link set wire{net} mtu {mtu} up"]
        # Below that, an interface has no IPv6.
        if mtu >= 1280:
            knobs = f"net.ipv6.conf.wire{net}"
            commands += [
                f"sysctl -qw {knobs}.keep_addr_on_down=1 {knobs}.accept_dad=0",
                f"ip addr replace {self.ip6(net)}/96 dev wire{net} nodad"]
        self.cmd(*commands)


L1_HEAD = (f"set -euo pipefail; GUEST_TIMEOUT={120 * PATIENCE}; "
           ". /cdna/testbed/guest/lib.sh; ")


class L1(Host):
    """The host, with the functions of testbed/guest/lib.sh."""

    def run(self, script):
        return bed("bed_ssh", "-T", L1_HEAD + script)


peer = Peer("peer", 1)
l1 = L1("l1", None)
