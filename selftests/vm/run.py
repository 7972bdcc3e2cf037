#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the cases, in machines that run.sh has the bed for, and print TAP.

usage: run.py [--list]

VM_TESTS: only these subjects (start and finish always)
SHORT: 1 leaves long cases out
VM_PASSED: a file of subjects that have passed; those that are in it do not run again
BED_PIDS: the processes of the bed
Status: 0 all passed, 1 some failed, 2 the machines are lost
"""

import contextlib
import importlib
import os
import sys

import death
import finish
import start
from lib.cases import LongCase, Runner

SUBJECTS = ("traffic", "shapes", "capture", "isolation", "ethtool", "bulk", "churn",
            "fault", "softnic", "virtio", "netboot", "hostile", "death", "vlan", "plug",
            "viommu", "balloon", "migrate", "move", "virtio_move", "failover", "lifecycle")


def cases_of(subject):
    """Return: the list CASES of a subject's file, in short without what is long"""
    cases = importlib.import_module(subject).CASES
    if os.environ.get("SHORT") == "1":
        return [case for case in cases if not isinstance(case, LongCase)]
    return cases


def declare(wanted):
    """Return: the subjects in their order, as pairs of a name and cases. vm2 ends by
    `destroy`, starts again for VLANs, ends by `kill`, and lends its second card to vm1."""
    subjects = [("start", start.CASES)]
    for subject in SUBJECTS:
        cases = cases_of(subject) if subject in wanted else []
        if subject == "vlan" and "death" in wanted:
            cases = cases + ([death.KILL] if cases else [death.AGAIN, death.KILL])
        if cases:
            subjects.append((subject, cases))
    return subjects + [("finish", finish.CASES)]


class Passed:
    """The subjects that have passed, also before the emulation lost a machine: by their
    names, in the file VM_PASSED if there is one."""

    def __init__(self):
        self.path = os.environ.get("VM_PASSED", os.devnull)
        with contextlib.suppress(FileNotFoundError), open(self.path) as file:
            self.earlier = set(file.read().split())
            return
        self.earlier = set()

    def before(self, subject):
        """Return: whether a subject need not run again. What VLANs need, `death` leaves."""
        return {subject} | ({"vlan"} if subject == "death" else set()) <= self.earlier

    def add(self, subject):
        """A subject has passed."""
        if subject not in ("start", "finish"):
            with open(self.path, "a") as file:
                print(subject, file=file)


def run_subject(runner, cases):
    """Return: whether its cases passed, or None if the machines are lost"""
    before = runner.failed
    for case in cases:
        passed = runner.run(case)
        if not runner.bed_lives():
            return None
        if not passed and runner.resets():
            print("Bail out! a machine was reset that nobody asked for")
            return None
    return runner.failed == before


def run_all(runner, subjects):
    """Return: the status of the whole"""
    passed = Passed()
    print(f"1..{sum(len(cases) for _, cases in subjects)}", flush=True)
    for subject, cases in subjects:
        if passed.before(subject):
            runner.passed_before(cases)
            continue
        match run_subject(runner, cases):
            case None:
                return 2
            case True:
                passed.add(subject)
            case False if subject == "start":
                print("Bail out! the machines are not as they have to be")
                break
    return 1 if runner.failed else 0


def main():
    """Return: the status of the process"""
    wanted = os.environ.get("VM_TESTS", "").split() or SUBJECTS
    for subject in wanted:
        if subject not in SUBJECTS:
            print(f"VM_TESTS: '{subject}' is none of:", *SUBJECTS, file=sys.stderr)
            return 1
    subjects = declare(wanted)
    if "--list" in sys.argv:
        print(*(case.name for _, cases in subjects for case in cases), sep="\n")
        return 0
    return run_all(Runner([int(pid) for pid in os.environ["BED_PIDS"].split()]), subjects)


if __name__ == "__main__":
    sys.exit(main())
