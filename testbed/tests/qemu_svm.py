#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The changes of QEMU's emulation take out the two places that they are for, or nothing (TAP)."""

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

CALL = b"\xe8\x12\x30\x0c\x00"
CLEAR = b"\x81\xa0\xa4\x41\x00\x00\x7f\xff\xff\xff"
ATOMIC = b"\xf0\x0f\xba\xb0\xa4\x41\x00\x00\x07\x90"
# Both places, before and after, and others that look like them
BEFORE = STORE + EXCEPTION + STORE + INTERRUPT + CLEAR + CALL + CLEAR
AFTER = STORE + EXCEPTION + NO_OP + INTERRUPT + CLEAR + CALL + ATOMIC

CASES = (
    ("the vector is not stored, and the flag is cleared by an atomic access", BEFORE, AFTER, 0),
    ("a QEMU without these stays as it is", STORE + EXCEPTION + CLEAR, None, 2),
    ("a QEMU with two of each stays as it is", 2 * BEFORE, None, 2),
    ("a QEMU that was changed stays as it is", AFTER, None, 2),
    ("one of them is changed without the other", STORE + INTERRUPT + CLEAR,
     NO_OP + INTERRUPT + CLEAR, 1),
    ("and the other way round", STORE + EXCEPTION + CALL + CLEAR,
     STORE + EXCEPTION + CALL + ATOMIC, 1),
)


def changed(binary, refused):
    """Return: what the changes make of a binary, None if nothing; text if the status or
    the number of those that are refused is wrong"""
    with tempfile.NamedTemporaryFile() as file:
        file.write(binary)
        file.flush()
        run = subprocess.run([CHANGE, file.name], stderr=subprocess.PIPE, text=True)
        with open(file.name, "rb") as after:
            result = after.read()
    if run.returncode != bool(refused) or run.stderr.count("not 1") != refused:
        return f"status {run.returncode}, {run.stderr}"
    return None if result == binary else result


def main():
    """Return: the status of the process"""
    failed = 0
    print(f"1..{len(CASES)}")
    for number, (name, binary, expected, refused) in enumerate(CASES, 1):
        result = changed(binary, refused)
        passed = result == expected
        failed += not passed
        if not passed:
            print(f"# got {result}, not {expected}")
        print(f"{'ok' if passed else 'not ok'} {number} - {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
