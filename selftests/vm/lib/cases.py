# SPDX-License-Identifier: GPL-2.0-only
"""A case, and how it is run: in a process of its own, for some time at most.

Where L1 is emulated, a failure may be the emulation's: a machine hangs, is reset, or
does not boot. That says nothing of the case; see testbed/lost.sh.
"""

import os
import re
import signal
import sys
import time
import traceback

from .hosts import bed
from .ksft import run_deferred
from .settings import DIR, PATIENCE, RUN

SUBJECTS = os.path.dirname(os.path.dirname(__file__))
LOST = re.compile("was not up within|agent is not responding|agent didn't respond"
                  "|agent disappeared|closed by remote host|connection refused", re.I)


class Case:
    """A function with its arguments, which fails if it raises an exception or takes
    longer than `limit` seconds. It leaves things as it found them, also when it fails;
    one that cannot runs where nothing depends on them."""

    def __init__(self, limit, name, function, *arguments):
        self.limit = limit
        self.name = name
        self.function = function
        self.arguments = arguments


class LongCase(Case):
    """One that varies another, or takes long: left out if SHORT is 1."""


def _explain(failure):
    """Print what failed, and where in our files, except for where checks fail."""
    for frame in traceback.extract_tb(failure.__traceback__):
        path = os.path.relpath(frame.filename, SUBJECTS)
        if not path.startswith("..") and path not in ("lib/cases.py", "lib/ksft.py"):
            print(f"{path}:{frame.lineno}: {frame.name}(): {frame.line}")
    print(f"{type(failure).__name__}: {failure}")


def _call(case):
    """Run the case and what it deferred. Return: the status of its process"""
    status = 0
    try:
        case.function(*case.arguments)
    except Exception as failure:
        _explain(failure)
        status = 1
    for failure in run_deferred():
        print("when the case ended:")
        _explain(failure)
        status = 1
    return status


def _start(case, path):
    """Run the case in a process and group of its own, its output in a file.
    Return: the process"""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    # Whatever is raised must not get back to the runner, of which this is a copy.
    try:
        os.setpgid(0, 0)
        sys.stdout = sys.stderr = open(path, "w", buffering=1)
        status = _call(case)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _wait(pid, limit, path):
    """Wait for the case, at most `limit` seconds. Return: its status"""
    last = time.monotonic() + limit
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() > last:
            os.killpg(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            with open(path, "a") as out:
                print(f"took more than {limit} s", file=out)
            return status
        time.sleep(0.05)


def lives(pid):
    """Return: whether there is such a process"""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Runner:
    """Runs cases, and prints TAP. `pids` are those of L1 and of the NICs."""

    def __init__(self, pids):
        self.pids = pids
        self.number = 0
        self.failed = 0

    def bed_lives(self):
        """Return: whether L1 and the NICs still run"""
        return all(lives(pid) for pid in self.pids)

    def resets(self):
        """Return: how often machines were reset although no case asked for it"""
        return int(bed("bed_resets", RUN).stdout)

    def _judge(self, out):
        """Keep the state of L1's processors if the emulation failed; otherwise record that
        a case has failed, so that there is no other attempt."""
        # A command may see the end of a machine before we do.
        time.sleep(0.5)
        if self.resets() or LOST.search(out) or not self.bed_lives():
            name, text = f"processors-{self.number}", bed("bed_processors").stdout
        else:
            name, text = "failed", ""
        with open(os.path.join(DIR, name), "w") as file:
            file.write(text)

    def passed_before(self, cases):
        """Count cases that have passed before the emulation lost a machine."""
        for case in cases:
            self.number += 1
            print(f"ok {self.number} - {case.name} # passed before a machine was lost",
                  flush=True)

    def run(self, case):
        """Run a case. Return: whether it passed"""
        path = os.path.join(DIR, "case.out")
        events = _lines(os.path.join(RUN, "results/events.log"))
        start = time.monotonic()
        self.number += 1
        status = _wait(_start(case, path), case.limit * PATIENCE, path)
        seconds = int(time.monotonic() - start)
        out = _lines(path)
        if status:
            self.failed += 1
            self._judge("\n".join(out))
            # What became of machines, too
            out += _lines(os.path.join(RUN, "results/events.log"))[len(events):]
            print(*("# " + line for line in out), sep="\n")
        else:
            for line in out:
                if line.startswith("note:"):
                    print("#" + line.removeprefix("note:"))
        print(f"{'not ' if status else ''}ok {self.number} - {case.name} # {seconds} s",
              flush=True)
        return status == 0


def _lines(path):
    try:
        with open(path, errors="replace") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []
