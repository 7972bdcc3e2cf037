#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""What packaging/ and admin/ name is what the kernel modules have.

Types of mediated devices, their names for people, attributes that can be written, and
drivers: with another name, contexts are not found, and nothing says why. Classes and
resources are named in several files, and are the same in all of them.
"""

import re
import sys

import text

DRIVERS = ("cdna_mdev", "cdna_softnic")
CONTEXTS = ("context", "virtio")
# What an administrator writes to do something, not to describe the context
NOT_KEPT = {"state"}

KUBEVIRT = "packaging/kubevirt/kubevirt.yaml"
MACHINE = "packaging/kubevirt/machine.yaml"
NOVA = "packaging/nova/cdna.conf"
FLAVORS = "packaging/nova/flavors.sh"
CALL_OUT = "admin/mdevctl/cdna"
PAGE = "Documentation/fleet.rst"

TYPE = re.compile(r'type_add\(types, table, \w+, "(\w+)",\s*"([^"]+)"\)')
ATTRIBUTE = re.compile(r"DEVICE_ATTR_RW\((\w+)\)|__ATTR\((\w+), 0644,")

bad = []


def expect(path, what, found, wanted):
    """Two sets of names are the same, and not empty."""
    found, wanted = set(found), set(wanted)
    if not wanted:
        bad.append(f"{path}: nothing to compare {what} with")
    for name in sorted(wanted - found):
        bad.append(f"{path}: {what}: '{name}' is missing")
    for name in sorted(found - wanted):
        bad.append(f"{path}: {what}: '{name}' is not known")


def find(path, pattern):
    return re.findall(pattern, text.read(path), re.MULTILINE)


def kernel_types():
    """{name: name for people} of the types, without drivers."""
    return dict(TYPE.findall(text.read("kernel/cdna_mdev/vdev/cdna_type.c")))


def kernel_attributes():
    found = [a or b for path in text.files("kernel/cdna_mdev/vdev/*.c")
             for a, b in ATTRIBUTE.findall(text.read(path))]
    return set(found) - NOT_KEPT


def check_drivers():
    for driver in DRIVERS:
        if f":= {driver}.o" not in text.read(f"kernel/{driver}/Kbuild"):
            bad.append(f"kernel/{driver}/Kbuild: there is no {driver}.o")
    (rule,) = find("admin/61-cdna-contexts.rules", r'^DRIVER!="([^"]*)"')
    expect("admin/61-cdna-contexts.rules", "drivers", rule.split("|"), DRIVERS)


def check_admin(types):
    """What starts contexts at boot, and what keeps their attributes, knows each type."""
    names = [f"{driver}-{name}" for driver in DRIVERS for name in types]
    for path, pattern in ((CALL_OUT, r"^TYPES='(.*)'"),
                          ("admin/cdna-contexts", r"^TYPE='(.*)'")):
        (known,) = find(path, pattern)
        for name in names:
            if not re.search(known, name):
                bad.append(f"{path}: the type {name} is missing")
        for name in (f"x{names[0]}", f"{names[0]}x", "cdna_mdev-x"):
            if re.search(known, name):
                bad.append(f"{path}: takes {name} for a type")
    (entries,) = re.findall(r'^ATTRIBUTES="([^"]*)"', text.read(CALL_OUT), re.MULTILINE)
    expect(CALL_OUT, "attributes", [e.split("=")[0] for e in entries.split()],
           kernel_attributes())


def check_kubevirt(types):
    expect(KUBEVIRT, "names of types", find(KUBEVIRT, r"mdevNameSelector: (.*)"),
           types.values())
    resources = set(find(KUBEVIRT, r"resourceName: (\S+)"))
    for path in (MACHINE, PAGE):
        used = set(find(path, r"deviceName:? (\S+?),?$"))
        used |= set(find(path, r"\bnetwork\.example\.com/[\w-]+"))
        expect(path, "resources", used, resources)


def check_nova(types):
    (enabled,) = find(NOVA, r"^enabled_mdev_types = (.*)")
    enabled = enabled.split(", ")
    expect(NOVA, "types", enabled, [f"cdna_mdev-{name}" for name in types])
    expect(NOVA, "sections", find(NOVA, r"^\[mdev_(.*)\]"), enabled)
    classes = find(NOVA, r"^mdev_class = (\S+)")
    expect(FLAVORS, "classes", find(FLAVORS, r"resources:(\w+)=1"), classes)
    expect(PAGE, "classes", find(PAGE, r"\bCUSTOM_CDNA_\w+"), classes)


def check_page(types):
    """The types that the page names exist, and it names each attribute that is kept."""
    names = {f"{driver}-{name}" for driver in DRIVERS for name in types}
    found = find(PAGE, r"\bcdna_(?:mdev|softnic)-[a-z]\w+")
    for name in sorted(set(found) - names):
        bad.append(f"{PAGE}: there is no type {name}")
    for name in kernel_attributes():
        if f"``{name}``" not in text.read(PAGE):
            bad.append(f"{PAGE}: the attribute {name} is missing")


def main():
    types = kernel_types()
    expect("kernel/cdna_mdev/vdev/cdna_type.c", "types", types, CONTEXTS)
    check_drivers()
    check_admin(types)
    check_kubevirt(types)
    check_nova(types)
    check_page(types)
    for line in bad:
        print(line)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
