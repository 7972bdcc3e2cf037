#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The change of QEMU's emulated SVM takes out the one store that it is for, or nothing (TAP)."""

import os
import subprocess
import sys
import tempfile

CHANGE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "qemu-svm.py")
STORE = b"\x89\xb3\x58\x02\x00\x00"
NO_OP = b"\x66\x0f\x1f\x44\x00\x00"
# What follows the store where an interrupt is injected, and where an exception is
INTERRUPT = (b"\xc7\x83\xf4\x74\x00\x00\x00\x00\x00\x00"
             b"\x48\xc7\x83\xf8\x74\x00\x00\xff\xff\xff\xff")
EXCEPTION = b"\xc7\x83\xf4\x74\x00\x00\x01\x00\x00\x00"

CASES = (
    ("the store of an interrupt's vector becomes a no-op",
     STORE + EXCEPTION + STORE + INTERRUPT, STORE + EXCEPTION + NO_OP + INTERRUPT),
    ("a QEMU without that store stays as it is", STORE + EXCEPTION, None),
    ("a QEMU with two of them stays as it is", 2 * (STORE + INTERRUPT), None),
    ("a QEMU that was changed stays as it is", NO_OP + INTERRUPT, None),
)


def changed(binary):
    """Return: what the change makes of a binary, None if it refuses without a change"""
    with tempfile.NamedTemporaryFile() as file:
        file.write(binary)
        file.flush()
        run = subprocess.run([CHANGE, file.name], stderr=subprocess.PIPE, text=True)
        with open(file.name, "rb") as after:
            result = after.read()
    if run.returncode == 1 and result == binary and "not 1" in run.stderr:
        return None
    return result if run.returncode == 0 else f"status {run.returncode}, {run.stderr}"


def main():
    """Return: the status of the process"""
    failed = 0
    print(f"1..{len(CASES)}")
    for number, (name, binary, expected) in enumerate(CASES, 1):
        result = changed(binary)
        passed = result == expected
        failed += not passed
        if not passed:
            print(f"# got {result}, not {expected}")
        print(f"{'ok' if passed else 'not ok'} {number} - {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
