# SPDX-License-Identifier: GPL-2.0-only
"""What people read of this tree: pages, comments, and messages in strings.

For the gates of lint.sh that look at prose. A piece of text keeps its line
breaks, so that a finding can say where it is.
"""

import re
import subprocess
from pathlib import Path

PAGES = ("*.rst", "*.md", "*.xml")
C_FILES = ("*.c", "*.h", "*.S")
HASH_FILES = ("*.sh", "*.py", "*.awk", "*.jq", "*.mk", "*Makefile", "*Kbuild",
              "*Kconfig", ".ci/run")

# A comment, or what could be taken for the beginning of one.
C_TOKEN = re.compile(r"""
    (?P<comment> /\*.*?\*/ | //[^\n]* )
  | (?P<string> "(?:[^"\\\n]|\\.)*" )
  | '(?:[^'\\\n]|\\.)*'
    """, re.VERBOSE | re.DOTALL)
HASH_COMMENT = re.compile(r"(?:^|(?<=\s))#(?!!)[^\n]*", re.MULTILINE)


def files(*patterns):
    """Paths that git knows or could come to know, and that exist."""
    out = subprocess.run(["git", "ls-files", "--cached", "--others",
                          "--exclude-standard", "--", *patterns],
                         check=True, capture_output=True, text=True).stdout
    return sorted(p for p in set(out.splitlines()) if Path(p).is_file())


def read(path):
    return Path(path).read_text(encoding="utf-8")


def blank(text):
    """As many lines of nothing."""
    return re.sub(r"[^\n]", " ", text)


def split_c(text):
    """Comments, strings and the rest of C, each in its place."""
    comments, strings, code = [], [], []
    end = 0
    for token in C_TOKEN.finditer(text):
        between = text[end:token.start()]
        code.append(between)
        comments.append(blank(between))
        strings.append(blank(between))
        found = token.group()
        comments.append(found if token["comment"] else blank(found))
        strings.append(found if token["string"] else blank(found))
        code.append(blank(found) if token["comment"] else found)
        end = token.end()
    code.append(text[end:])
    return "".join(comments), "".join(strings), "".join(code)


def split_hash(text):
    """Comments and the rest of a script."""
    comments, code = [], []
    end = 0
    for found in HASH_COMMENT.finditer(text):
        between = text[end:found.start()]
        comments += blank(between), found.group()
        code += between, blank(found.group())
        end = found.end()
    return "".join(comments) + blank(text[end:]), "".join(code) + text[end:]


def comments(path):
    """The comments of a file, in their places; all of it, if it is a page."""
    text = read(path)
    if path.endswith((".rst", ".md", ".xml")):
        return text
    if path.endswith((".c", ".h", ".S")):
        return split_c(text)[0]
    return split_hash(text)[0]


def code(path):
    """The rest: what is not a comment."""
    text = read(path)
    if path.endswith((".c", ".h", ".S")):
        return split_c(text)[2]
    return split_hash(text)[1]


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
