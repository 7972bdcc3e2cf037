#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Run the cases, in machines that run.sh has the bed for, and print TAP.

usage: run.py [--list]

VM_TESTS: only these subjects (start and finish always)
SHORT: 1 leaves long cases out
BED_PIDS: the processes of the bed
Status: 0 all passed, 1 some failed, 2 the machines are lost
"""

import importlib
import os
import sys

import death
import finish
import start
from lib.cases import LongCase, Runner

SUBJECTS = ("traffic", "shapes", "capture", "isolation", "ethtool", "bulk", "churn",
            "fault", "softnic", "virtio", "hostile", "death", "vlan", "plug", "viommu", "migrate",
            "lifecycle")


def cases_of(subject):
    """Return: the list CASES of a subject's file"""
    return importlib.import_module(subject).CASES


def declare(wanted):
    """Return: the cases of the subjects, in their order. vm2 ends by `destroy`, starts
    again for VLANs, ends by `kill`, and lends its second card to vm1."""
    cases = []
    for subject in SUBJECTS:
        if subject in wanted:
            cases += cases_of(subject)
        if subject == "vlan" and "death" in wanted:
            cases += [death.KILL] if "vlan" in wanted else [death.AGAIN, death.KILL]
    cases = start.CASES + cases + finish.CASES
    if os.environ.get("SHORT") == "1":
        return [case for case in cases if not isinstance(case, LongCase)]
    return cases


def run_all(runner, cases):
    """Return: the status of the whole"""
    print(f"1..{len(cases)}", flush=True)
    for case in cases:
        passed = runner.run(case)
        if not runner.bed_lives():
            return 2
        if not passed and runner.resets():
            print("Bail out! a machine was reset that nobody asked for")
            return 2
        if runner.number == len(start.CASES) and runner.failed:
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
    cases = declare(wanted)
    if "--list" in sys.argv:
        print(*(case.name for case in cases), sep="\n")
        return 0
    return run_all(Runner([int(pid) for pid in os.environ["BED_PIDS"].split()]), cases)


if __name__ == "__main__":
    sys.exit(main())
