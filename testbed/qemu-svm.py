#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""qemu-svm.py BINARY: take a fault out of the SVM that a QEMU of the tools tree emulates.

VMRUN delivers an interrupt that it injects, but leaves its vector behind, which may be
delivered once more: the machine then hangs, or ends by a triple fault. See
Documentation/upstream/qemu-svm-stale-vector.txt. The store of the vector becomes a no-op
of six bytes. The binary is changed only if exactly one place has the instructions

    mov    %REG,exception_index(%REG)
    movl   $0,exception_is_int(%REG)
    movq   $-1,exception_next_eip(%REG)

Status: 0 it is changed, 1 it is another QEMU, and stays as it was.
"""

import mmap
import re
import sys

STORE = re.compile(rb"\x89[\xb0-\xb7].{4}"
                   rb"(?=\xc7[\x80-\x87].{4}\0\0\0\0\x48\xc7[\x80-\x87].{4}\xff{4})",
                   re.DOTALL)
NO_OP = b"\x66\x0f\x1f\x44\x00\x00"


def main():
    """Return: the status of the process"""
    if len(sys.argv) != 2:
        print(__doc__.split(":", maxsplit=1)[0], "needs a BINARY", file=sys.stderr)
        return 2
    with open(sys.argv[1], "r+b") as file, mmap.mmap(file.fileno(), 0) as binary:
        places = [match.start() for match in STORE.finditer(binary)]
        if len(places) != 1:
            print(f"{sys.argv[1]}: {len(places)} places store the vector, not 1: "
                  "it stays as it is, and machines may be lost", file=sys.stderr)
            return 1
        binary[places[0]:places[0] + len(NO_OP)] = NO_OP
    return 0


if __name__ == "__main__":
    sys.exit(main())
