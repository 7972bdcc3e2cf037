#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Find sources that nothing builds, and headers that nothing includes.

A source of a module is built if the Kbuild of its directory, or of one above,
names its object. Lists of sources elsewhere are not looked at.
"""
import re
import sys
from pathlib import Path

from text import files, read


def unbuilt():
    for kbuild in files("*/Kbuild"):
        top = Path(kbuild).parent
        if "_SRCS" in read(kbuild):
            continue
        objects = set(re.findall(r"[\w/]+(?=\.o\b)", read(kbuild)))
        for source in files(f"{top}/*.c"):
            unit = Path(source).relative_to(top).with_suffix("")
            if "tests" not in unit.parts and str(unit) not in objects:
                yield f"{source}: {kbuild} does not build it"


def unincluded():
    included = {Path(name).name for path in files("*.c", "*.h", "*.S")
                for name in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)', read(path),
                                       re.MULTILINE)}
    # A header that the kernel's build reads, or the compiler's command line names
    named = " ".join(map(read, files("*.mk", "*Makefile", "*Kbuild", "*.sh")))
    for header in files("*.h"):
        name = Path(header).name
        if name not in included and name not in named:
            yield f"{header}: nothing includes it"


def main():
    found = [*unbuilt(), *unincluded()]
    for line in found:
        print(line)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
