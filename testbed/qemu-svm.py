#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""qemu-svm.py BINARY: take two faults out of what a QEMU of the tools tree emulates, which
lose machines.

vector: VMRUN delivers an interrupt that it injects, but leaves its vector behind, which may
be delivered once more. See Documentation/upstream/qemu-svm-stale-vector.txt. The store of
the vector becomes a no-op, in

    mov    %REG,exception_index(%REG)
    movl   $0,exception_is_int(%REG)
    movq   $-1,exception_next_eip(%REG)

flags: each processor that loads the state of its FPU clears a flag of the first one, by an
access that is not atomic, which may undo what that one does, such as leaving a machine. See
Documentation/upstream/qemu-lost-flags.txt. It becomes atomic, in

    call   CAST
    andl   $~HF2_IGNNE_MASK,hflags2(%rax)

What is not in exactly one place stays as it is.
Status: 0 both are changed, 1 the binary is of another QEMU.
"""

import mmap
import re
import sys

VECTOR = re.compile(rb"\x89[\xb0-\xb7].{4}"
                    rb"(?=\xc7[\x80-\x87].{4}\0\0\0\0\x48\xc7[\x80-\x87].{4}\xff{4})",
                    re.DOTALL)
NO_OP = b"\x66\x0f\x1f\x44\x00\x00"
FLAGS = re.compile(rb"(?<=\xe8.{4})\x81\xa0(.{4})\x7f\xff\xff\xff", re.DOTALL)


def atomic(match):
    """Return: lock btrl $7,hflags2(%rax), as long as the instruction that it replaces"""
    return b"\xf0\x0f\xba\xb0" + match.group(1) + b"\x07\x90"


CHANGES = (
    ("store the vector", VECTOR, lambda match: NO_OP),
    ("clear the flag", FLAGS, atomic),
)


def change(binary, path, what, pattern, replace):
    """Return: whether the binary has one place of this kind, which is changed"""
    places = list(pattern.finditer(binary))
    if len(places) != 1:
        print(f"{path}: {len(places)} places {what}, not 1: it stays as it is, and machines "
              "may be lost", file=sys.stderr)
        return False
    start = places[0].start()
    new = replace(places[0])
    # A match keeps the map from being closed.
    del places
    binary[start:start + len(new)] = new
    return True


def main():
    """Return: the status of the process"""
    if len(sys.argv) != 2:
        print(__doc__.split(":", maxsplit=1)[0], "needs a BINARY", file=sys.stderr)
        return 2
    with open(sys.argv[1], "r+b") as file, mmap.mmap(file.fileno(), 0) as binary:
        changed = [change(binary, sys.argv[1], *kind) for kind in CHANGES]
    return 0 if all(changed) else 1


if __name__ == "__main__":
    sys.exit(main())
