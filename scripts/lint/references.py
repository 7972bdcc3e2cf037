#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What pages and comments cite is there: an index for the reader.

  I3                   an invariant of Documentation/design.rst
  paper 3.3            a section that its table of the paper lists
  abi.rst, :doc:`abi`  a page of this tree
  cdna_pin.c, kernel/  a file or folder of this tree, or a header that we include
  cdna_pin_get()       a function or macro: ours defined here, others used here
  CDNA_VFAULT_TAIL     a name that the code has
  cdna_ctx.lock        a field of that struct
  cdna_pin.c: pin_add()  a function of that file
  ``the device is gone``  a message that the code prints, explained in a page

Prints what is not, and fails. So it does for a room that the design does not
describe, and for a message of a kernel module that no page explains.
"""

import fnmatch
import re
import sys

import text

DESIGN = "Documentation/design.rst"

# Files of others that we name. Each with whose it is.
FOREIGN_FILES = {
    "lib.mk": "the kernel's tools/testing/selftests",
    "drivers/virtio/virtio_ring.c": "the kernel",
    "virtio_ring.c": "the same",
    "vringh.c": "the kernel's drivers/vhost",
    "hostdev.xml": "the reader's own, with a device to plug in",
    "nova/conf/devices.py": "Nova",
    "nova/virt/libvirt/config.py": "Nova",
    "nova/virt/libvirt/driver.py": "Nova",
    "nova/virt/libvirt/migration.py": "Nova",
}
# Functions of others that are named and not called.
FOREIGN_FUNCTIONS = {
    "__printf": "the kernel's; what checkpatch wants",
}
ROOMS = ("kernel/cdna_mdev", "nic-firmware/core")
FOLDERS = ("Documentation", "bench", "include/cdna", "kernel/cdna_",
           "libvirt-xml", "mk", "nic-firmware", "packaging", "scripts",
           "selftests", "testbed")

INVARIANT = re.compile(r"(?<![\w.-])I(\d{1,2})(?![\w.])")
PAPER = re.compile(r"\b[Pp]aper(?:'s)?[\s*#]+(\d(?:\.\d)?(?:, \d(?:\.\d)?)*)")
DOC = re.compile(r":doc:`([\w-]+)`")
LINK = re.compile(r"\]\(([^)#]+)\)")
FILE = re.compile(r"(?<![\w/.<$*}-])/?((?:[\w.+-]+/)*[\w+-]+"
                  r"\.(?:c|h|S|sh|py|awk|jq|mk|rst|md|xml))\b(?![\w(*-]|\.\w)")
FOLDER = re.compile(r"(?<![\w/.<$-])((?:" + "|".join(FOLDERS) +
                    r")[\w/.*-]*/)(?![\w<{$*])")
CALL = re.compile(r"(?<![\w>$-])(\w+)\(\)")
NAME = re.compile(r"\b((?:cdna|fw|CDNA|FW)_\w+)(\*|\.\.\.)?")
FIELD = re.compile(r"\b((?:cdna|fw)_\w+)\.(\w+)\b(?!\()")
# Messages that are explained below their line, and what differs in each.
EXPLAINED = re.compile(r"^``.*$(?=\n    \S)", re.MULTILINE)
MESSAGE = re.compile(r"``([a-zA-Z][^`]*(?: [^`]*){3})``")
VARIES = re.compile(r"(?<!\w)[A-Z](?:[A-Z.]*[A-Z])?(?!\w)|\.\.\.")
LOGGED = re.compile(r'\b(?:net)?dev_(?:err|warn|notice|info)\w*\([^;"]*"((?:[^"\\]|\\.)*)')
WHERE = re.compile(r"``([\w-]+\.[ch]):\s+(\w+)\(\)``")
OURS = re.compile(r"(cdna|fw|CDNA|FW)_")

DEFINED = re.compile(r"""
    ^ \# \s* define \s+ (\w+) \(        # a macro
  | ^ (?:[A-Za-z_][\w\s*]*[\s*])? (\w+) \s* \(   # a function, or its declaration
  | \( \* \s* (\w+) \) \s* \(           # an operation of a table
    """, re.VERBOSE | re.MULTILINE)
TRACEPOINT = re.compile(r"\b(?:TRACE_EVENT|DEFINE_EVENT)\w*\((?:\w+,\s*)?(\w+)")
SHELL_FUNCTION = re.compile(r"^\s*(\w+)\(\)", re.MULTILINE)
STRUCT = re.compile(r"^(?:struct|union) (\w+) \{\n(.*?)^\}", re.MULTILINE |
                    re.DOTALL)
INCLUDE = re.compile(r'#\s*include\s*[<"]([^>"]+)[>"]')


class Tree:
    """What there is to be cited."""

    def __init__(self):
        self.paths = text.files()
        self.folders = {"/".join(p.split("/")[:n]) + "/"
                        for p in self.paths for n in range(1, p.count("/") + 1)}
        self.defined, self.names, self.included = set(), set(), set()
        self.structs, self.functions_of = {}, {}
        strings = []
        for path in text.files(*text.C_FILES):
            self.add_c(path, text.code(path))
            strings.append(text.split_c(text.read(path))[1])
        self.strings = re.sub(r"%[-#0-9.]*[a-z]+[A-Z]*", "%", "".join(strings))
        for path in text.files(*text.HASH_FILES):
            code = text.code(path)
            self.defined.update(SHELL_FUNCTION.findall(code))
            self.names.update(re.findall(r"\w+", code))
        self.names.update(re.findall(r"\w+", " ".join(self.paths)))
        design = text.read(DESIGN)
        self.invariants = set(re.findall(r"^I(\d+)$", design, re.MULTILINE))
        self.sections = set(re.findall(r"^(\d(?:\.\d)?) {4,}[A-Z]", design,
                                       re.MULTILINE))

    def add_c(self, path, code):
        defined = {n for found in DEFINED.findall(code) for n in found if n}
        defined.update(TRACEPOINT.findall(code))
        self.defined |= defined
        self.functions_of.setdefault(path.split("/")[-1], set()).update(defined)
        self.names.update(re.findall(r"\w+", code))
        self.included.update(INCLUDE.findall(code))
        for name, body in STRUCT.findall(code):
            words = set(re.findall(r"\w+", body))
            self.structs[name] = self.structs.get(name, set()) | words

    def has_file(self, name):
        if name in self.included or name in FOREIGN_FILES:
            return True
        # In L1 the tree is /cdna.
        tail = "/" + re.sub(r"^(\.\./)+|^cdna/", "", name)
        return any(("/" + path).endswith(tail) for path in self.paths)

    def has_folder(self, name):
        return any(fnmatch.fnmatch(f, name) for f in self.folders)

    def has_function(self, name):
        if OURS.match(name):
            return name in self.defined
        return (name in self.defined or name in self.names or
                name in FOREIGN_FUNCTIONS)

    def prints(self, message):
        """Whether each part that does not vary is in some string."""
        return all(part.strip(" :,;()") in self.strings
                   for part in VARIES.split(message))

    def has_name(self, name, prefix):
        if prefix or name.endswith("_"):
            return any(n.startswith(name) for n in self.names)
        return name in self.names


def undescribed(tree):
    """Rooms that the design does not describe."""
    design = text.read(DESIGN)
    for folder in sorted(tree.folders):
        parent, _, room = folder.rstrip("/").rpartition("/")
        if parent in ROOMS and room != "tests" and f"``{room}/``" not in design:
            yield f"{DESIGN} does not describe {folder}"


def unexplained():
    """Messages of the modules that no page explains."""
    pages = " ".join(" ".join(text.read(p).split())
                     for p in text.files("Documentation/*.rst"))
    for path in text.files("kernel/*.c"):
        for found in LOGGED.finditer(text.code(path)):
            # As far as nothing varies, or as a page may cut it short.
            first = re.split(r"[%;:,\\]", found[1])[0].strip()
            if first and first not in pages:
                yield f"no page explains '{found[1]}' of {path}"


def citations(tree, path, prose):
    """Each thing that is cited and not there, with the place of it."""
    for at in INVARIANT.finditer(prose):
        if at[1] not in tree.invariants:
            yield at, f"{DESIGN} has no invariant I{at[1]}"
    for at in PAPER.finditer(prose):
        for section in at[1].split(", "):
            if section not in tree.sections:
                yield at, f"{DESIGN} does not list section {section} of the paper"
    for at in DOC.finditer(prose):
        if f"Documentation/{at[1]}.rst" not in tree.paths:
            yield at, f"no page {at[1]}"
    for at in FILE.finditer(prose):
        if not at[1].startswith("build/") and not tree.has_file(at[1]):
            yield at, f"no file {at[1]}"
    for at in FOLDER.finditer(prose):
        if not tree.has_folder(at[1]):
            yield at, f"no folder {at[1]}"
    for at in CALL.finditer(prose):
        if not tree.has_function(at[1]):
            yield at, f"no function {at[1]}()"
    for at in NAME.finditer(prose):
        if not tree.has_name(at[1], at[2]):
            yield at, f"no name {at[1]}"
    for at in FIELD.finditer(prose):
        fields = tree.structs.get(at[1])
        if fields and at[2] not in fields and at[2] not in ("c", "h", "ko"):
            yield at, f"struct {at[1]} has no {at[2]}"
    for line in EXPLAINED.finditer(prose if path.endswith(".rst") else ""):
        for at in MESSAGE.finditer(prose, line.start(), line.end()):
            if not tree.prints(at[1]):
                yield at, f"no code prints '{at[1]}'"
    for at in WHERE.finditer(prose):
        if at[2] not in tree.functions_of.get(at[1], ()):
            yield at, f"{at[1]} has no {at[2]}()"


def main():
    tree = Tree()
    bad = set()
    for path in text.files(*text.PAGES, *text.C_FILES, *text.HASH_FILES):
        prose = text.comments(path)
        for at, what in citations(tree, path, prose):
            # As in test_NAME.c: any of several.
            if "NAME" not in at[1]:
                bad.add((path, text.line_of(prose, at.start(1)), what))
    for path, line, what in sorted(bad):
        print(f"{path}:{line}: {what}")
    missing = [*undescribed(tree), *unexplained()]
    for what in missing:
        print(what)
    return bool(bad or missing)


if __name__ == "__main__":
    sys.exit(main())
