#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""phrases.py PATTERN...: phrases that must not come back, by scripts/lint/phrases.

Looks at pages except for what they quote, at comments and strings of C, and at
all of a script.
"""

import re
import sys
from pathlib import Path

import text

LIST = Path(__file__).with_name("phrases")
# What a space of a phrase may be: also the end of a line of a comment.
GAP = r"(?:\s|\*(?!/)|#|//)+"


def phrases():
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, instead = line.split("\t")
            start = r"\b" if pattern[0].isalpha() else ""
            end = r"\b" if pattern[-1].isalpha() else ""
            yield re.compile(start + pattern.replace(" ", GAP) + end,
                             re.IGNORECASE), instead


def prose(path):
    """What is read of a file: of C not the code."""
    if path.endswith(".rst"):
        return re.sub(r"``.*?``", lambda quote: text.blank(quote[0]),
                      text.read(path), flags=re.DOTALL)
    if not path.endswith((".c", ".h", ".S")):
        return text.read(path)
    comments, strings, _ = text.split_c(text.read(path))
    return "".join(s if c.isspace() else c for c, s in zip(comments, strings))


def main():
    bad = False
    known = list(phrases())
    paths = text.files(*sys.argv[1:])
    if not paths:
        sys.exit("no files to check")
    for path in paths:
        if path.startswith(("LICENSES/", "scripts/lint/phrases")):
            continue
        words = prose(path)
        for pattern, instead in known:
            for found in pattern.finditer(words):
                line = text.line_of(words, found.end() - 1)
                print(f"{path}:{line}: '{' '.join(found[0].split())}': {instead}")
                bad = True
    return bad


if __name__ == "__main__":
    sys.exit(main())
