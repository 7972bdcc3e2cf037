#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Every page is well-formed reStructuredText, and the index leads to it.

Sphinx is not needed for that: docutils parses the pages, and knows no more of
Sphinx's roles and directives than that they are there.
"""

import re
import sys
from pathlib import Path

import docutils.core
from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles

import text

INDEX = "Documentation/index.rst"
WARNING = 2


class Toctree(Directive):
    has_content = True
    option_spec = {"maxdepth": directives.nonnegative_int}

    def run(self):
        return []


def main():
    roles.register_generic_role("doc", nodes.emphasis)
    directives.register_directive("toctree", Toctree)
    index = text.read(INDEX)
    bad = False
    for path in text.files("Documentation/*.rst"):
        result = docutils.core.publish_doctree(
            text.read(path), source_path=path,
            settings_overrides={"report_level": WARNING, "halt_level": 5})
        bad |= any(message["level"] >= WARNING for message in
                   result.parse_messages + result.transform_messages)
        name = Path(path).stem
        if path != INDEX and not re.search(rf"^   {name}$", index, re.MULTILINE):
            print(f"{INDEX} does not list {name}")
            bad = True
        if path != INDEX and f":doc:`{name}`\n    " not in index:
            print(f"{INDEX} does not say what {name} is about")
            bad = True
    return bad


if __name__ == "__main__":
    sys.exit(main())
