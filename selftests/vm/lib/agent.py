# SPDX-License-Identifier: GPL-2.0-only
"""The agents of machines, by one virsh in L1 for each case and each libvirt there: under
emulation, to start one takes longer than most commands do."""

import base64
import json
import os
import subprocess
import time

from .hosts import CALL, CommandFailed, Result

# Seconds between two looks at whether a command has ended, at most
PAUSE = 0.3


class _Virsh:
    """A virsh that reads commands from a pipe. With its echo of what it reads, and no
    newline after some of what it prints, an answer is what comes before a mark."""

    def __init__(self, uri):
        self.owner = os.getpid()
        self.marks = 0
        self.process = subprocess.Popen(
            [CALL, "bed_ssh", "-T", f"exec virsh -q -c '{uri}' 2>&1"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def ask(self, command):
        """Return: the lines that it prints for a command"""
        self.marks += 1
        mark = f"=={self.marks}=="
        try:
            self.process.stdin.write(f"{command}\necho {mark}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        out = b""
        while f"\n{mark}".encode() not in out:
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                raise CommandFailed("virsh was closed by remote host: "
                                    + out.decode(errors="replace"))
            out += more
        return out.decode(errors="replace").splitlines()


_virshs = {}


def _virsh(uri):
    """Return: the virsh for a libvirt"""
    # A case is a copy of the process that runs cases.
    if uri not in _virshs or _virshs[uri].owner != os.getpid():
        _virshs[uri] = _Virsh(uri)
    return _virshs[uri]


def _ask(machine, execute, **arguments):
    """Return: what a command of a machine's agent returns"""
    # Within single quotes, virsh takes all but these as they are.
    text = json.dumps({"execute": execute, "arguments": arguments})
    lines = _virsh(machine.uri).ask("qemu-agent-command {} '{}'".format(
        machine.name, text.replace("'", "\\u0027")))
    for line in lines:
        if line.startswith('{"return":'):
            return json.loads(line)["return"]
    said = [line for line in lines if line.startswith("error:")]
    raise CommandFailed(f"{machine.name} does not answer: {' '.join(said or lines)}")


def execute(machine, script):
    """Run a script of bash in a machine, a Guest, however it ends. Return: a Result"""
    pid = _ask(machine, "guest-exec", path="/bin/bash", arg=["-c", script],
               env=["PATH=/usr/sbin:/usr/bin", "HOME=/root"],
               **{"capture-output": True})["pid"]
    pause = PAUSE / 16
    while not (reply := _ask(machine, "guest-exec-status", pid=pid))["exited"]:
        time.sleep(pause)
        pause = min(2 * pause, PAUSE)
    status = reply["exitcode"] if "exitcode" in reply else 128 + reply["signal"]
    return Result(status, *(base64.b64decode(reply.get(key, "")).decode(errors="replace")
                            for key in ("out-data", "err-data")))
