#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests (TAP) of packaging/nova against Nova's own code, in the tree of tree.sh.

Nova's libvirt driver reads our configuration and decides; only libvirt is ours: it says
what libvirt said of a NIC and of contexts in L1 (nodes/).
"""

import logging
import re
import sys
import traceback
from pathlib import Path
from unittest import mock

from lxml import etree

import nova.conf
from nova import exception, objects
from nova.api.validation.extra_specs import validators
from nova.compute import provider_tree
from nova.virt.libvirt import driver, migration

CONF = nova.conf.CONF
CONFIG = "/cdna/packaging/nova/cdna.conf"
FLAVORS = "/cdna/packaging/nova/flavors.sh"
NODES = Path("/cdna/testbed/fleet/nodes")
NODE = "compute1"
NICS = {"pci_0000_01_00_0": "cdna_mdev-context", "pci_0000_02_00_0": "cdna_mdev-virtio"}
CLASSES = {"pci_0000_01_00_0": "CUSTOM_CDNA_CONTEXT",
           "pci_0000_02_00_0": "CUSTOM_CDNA_VIRTIO"}


def uuid_of(number):
    return f"cda00000-0000-4000-8000-0000000000{number:02d}"


class Device:
    """A node device of libvirt."""

    def __init__(self, name, xml):
        self._name, self._xml = name, xml

    def name(self):
        return self._name

    def XMLDesc(self, flags):
        return self._xml


class Libvirt:
    """What Nova asks of libvirt on a host with two NICs, each of so many contexts."""

    def __init__(self, contexts=4):
        self.free = {nic: contexts for nic in NICS}
        self.contexts, self.created, self.defined = {}, [], []
        self.autostart, self.started = [], []

    def nic(self, name):
        xml = (NODES / "nic.xml").read_text()
        xml = xml.replace("pci_0000_01_00_0", name)
        return re.sub(r"(<availableInstances>)\d+", rf"\g<1>{self.free[name]}", xml)

    def add(self, number, nic="pci_0000_01_00_0", kind=None):
        uuid = uuid_of(number)
        xml = (NODES / "context.xml").read_text()
        xml = xml.replace("pci_0000_01_00_0", nic)
        xml = xml.replace("cdna_mdev-context", kind or NICS[nic])
        xml = re.sub(r"(<uuid>).*(</uuid>)", rf"\g<1>{uuid}\g<2>", xml)
        self.contexts[f"mdev_{uuid.replace('-', '_')}_{nic[4:]}"] = xml
        self.free[nic] -= 1

    def list_mdev_capable_devices(self):
        return list(NICS)

    def list_mediated_devices(self):
        return list(self.contexts)

    def device_lookup_by_name(self, name):
        return Device(name, self.contexts.get(name) or self.nic(name))

    def list_guests(self, **_):
        return []

    def list_all_devices(self, flags):
        return [Device(name, "") for name in ("mdev_1", "mdev_2")]

    def device_start(self, device):
        self.started.append(device.name())

    def has_min_version(self, *_, **__):
        return True

    def device_create(self, conf):
        self.created.append(conf.to_xml())

    def device_define(self, conf):
        self.defined.append(conf.to_xml())
        return Device("mdev_defined", "")

    def device_set_autostart(self, device, autostart):
        self.autostart.append(device.name())


def compute(libvirt):
    """A driver of Nova's, on a host of which it knows all."""
    with mock.patch.object(driver.host, "Host", return_value=libvirt):
        nova_driver = driver.LibvirtDriver(None)
    tree = provider_tree.ProviderTree()
    tree.new_root(NODE, "11111111-1111-4111-8111-111111111111")
    nova_driver._update_provider_tree_for_vgpu(tree, NODE, {})
    nova_driver.provider_tree = tree
    return nova_driver, tree


def inventory(tree, nic):
    name = f"{NODE}_{nic}"
    return {k: v["total"] for k, v in tree.data(name).inventory.items()} \
        if tree.exists(name) else {}


def allocate(nova_driver, tree, nic):
    provider = tree.data(f"{NODE}_{nic}").uuid
    return nova_driver._allocate_mdevs(
        {provider: {"resources": {CLASSES[nic]: 1}}})


def test_options():
    """Nova takes each option of the file"""
    known = {"devices": {"enabled_mdev_types"}}
    nova_driver, _ = compute(Libvirt())
    assert nova_driver.supported_vgpu_types == list(NICS.values())
    for kind in NICS.values():
        known[f"mdev_{kind}"] = {"device_addresses", "mdev_class", "max_instances"}
        for option in known[f"mdev_{kind}"]:
            getattr(CONF[f"mdev_{kind}"], option)
    section = None
    for line in Path(CONFIG).read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith("#"):
            assert line.split("=")[0].strip() in known[section], line


def test_inventory():
    """each NIC is a provider of its class, of contexts that are there and that could be"""
    libvirt = Libvirt(contexts=4)
    libvirt.add(1)
    _, tree = compute(libvirt)
    for nic, name in CLASSES.items():
        assert inventory(tree, nic) == {name: 4}, inventory(tree, nic)


def test_other_type():
    """contexts of the NIC's other type are not counted, nor taken"""
    libvirt = Libvirt(contexts=4)
    libvirt.add(1, kind="cdna_mdev-virtio")
    nova_driver, tree = compute(libvirt)
    assert inventory(tree, "pci_0000_01_00_0") == {"CUSTOM_CDNA_CONTEXT": 3}
    assert allocate(nova_driver, tree, "pci_0000_01_00_0") != [uuid_of(1)]


def test_existing():
    """an instance gets a context that is there, which one is not said"""
    libvirt = Libvirt()
    libvirt.add(1)
    libvirt.add(2)
    nova_driver, tree = compute(libvirt)
    chosen = allocate(nova_driver, tree, "pci_0000_01_00_0")
    assert set(chosen) < {uuid_of(1), uuid_of(2)}, chosen
    assert not libvirt.created


def test_created():
    """without one, Nova makes one that is to start at boot, without attributes"""
    libvirt = Libvirt()
    nova_driver, tree = compute(libvirt)
    (uuid,) = allocate(nova_driver, tree, "pci_0000_02_00_0")
    assert libvirt.created == libvirt.defined, libvirt.defined
    (xml,) = libvirt.created
    assert uuid in xml and "cdna_mdev-virtio" in xml and "pci_0000_02_00_0" in xml
    assert "attr" not in xml, xml
    assert libvirt.autostart == ["mdev_defined"]


def test_started():
    """Nova starts contexts that are defined and are not there"""
    libvirt = Libvirt()
    compute(libvirt)[0]._start_inactive_mediated_devices()
    assert libvirt.started == ["mdev_1", "mdev_2"], libvirt.started


def test_two_types():
    """a NIC in the lists of two types is refused"""
    group = "mdev_cdna_mdev-virtio"
    CONF.set_override("device_addresses", ["0000:01:00.0"], group=group)
    try:
        compute(Libvirt())
    except exception.InvalidLibvirtMdevConfig:
        return
    finally:
        CONF.clear_override("device_addresses", group=group)
    raise AssertionError("Nova accepts it")


def test_max_instances():
    """max_instances does not keep Nova from making contexts: it hides the NIC"""
    libvirt = Libvirt(contexts=4)
    libvirt.add(1)
    group = "mdev_cdna_mdev-context"
    CONF.set_override("max_instances", 1, group=group)
    try:
        _, tree = compute(libvirt)
    finally:
        CONF.clear_override("max_instances", group=group)
    assert inventory(tree, "pci_0000_01_00_0") == {}


def test_class_needs_address():
    """without device_addresses, the class is VGPU whatever mdev_class says"""
    group = "mdev_cdna_mdev-context"
    CONF.set_override("device_addresses", [], group=group)
    try:
        _, tree = compute(Libvirt(contexts=4))
    finally:
        CONF.clear_override("device_addresses", group=group)
    assert inventory(tree, "pci_0000_01_00_0") == {"VGPU": 4}


def test_domain():
    """the machine has the context as vfio-pci, without more"""
    guest = driver.vconfig.LibvirtConfigGuest()
    compute(Libvirt())[0]._guest_add_mdevs(guest, [uuid_of(1)])
    (device,) = guest.devices
    assert "".join(device.to_xml().split()) == (
        "<hostdevmode=\"subsystem\"type=\"mdev\"managed=\"no\"model=\"vfio-pci\">"
        f"<source><addressuuid=\"{uuid_of(1)}\"/></source></hostdev>"), device.to_xml()


def test_live_migration():
    """a live migration takes free contexts of the destination, by their type only"""
    libvirt = Libvirt()
    for number in (1, 2, 3):
        libvirt.add(number)
    nova_driver, tree = compute(libvirt)
    nic = "pci_0000_01_00_0"
    data = objects.LibvirtLiveMigrateData(
        source_mdev_types={uuid_of(number): NICS[nic] for number in (1, 2)})
    nova_driver.check_source_migrate_data_at_dest(
        None, mock.Mock(uuid="an instance"), data, None, None,
        {tree.data(f"{NODE}_{nic}").uuid: {"resources": {CLASSES[nic]: 2}}})
    moves = data.target_mdevs
    assert moves.keys() == {uuid_of(1), uuid_of(2)}, moves
    assert set(moves.values()) < {uuid_of(n) for n in (1, 2, 3)}, moves
    xml = ("<domain><devices><hostdev type='mdev'><source>"
           f"<address uuid='{uuid_of(1)}'/></source></hostdev></devices></domain>")
    moved = migration._update_mdev_xml(etree.fromstring(xml), moves)
    assert moved.find(".//address").get("uuid") == moves[uuid_of(1)]
    assert b"enable-migration" not in etree.tostring(moved)


def test_softnic():
    """a context of a softnic is not counted: its parent is not a PCI device"""
    libvirt = Libvirt(contexts=4)
    libvirt.contexts["mdev_softnic"] = (NODES / "softnic.xml").read_text()
    CONF.set_override("enabled_mdev_types",
                      [*NICS.values(), "cdna_softnic-context"], group="devices")
    try:
        nova_driver, tree = compute(libvirt)
        assert "cdna_softnic-context" in nova_driver.supported_vgpu_types
        names = {p.name for p in map(tree.data, tree.get_provider_uuids())}
        assert names == {NODE, *(f"{NODE}_{nic}" for nic in NICS)}, names
    finally:
        CONF.clear_override("enabled_mdev_types", group="devices")


def test_flavors():
    """Nova accepts the flavors' properties, and they are of the configured classes"""
    properties = re.findall(r"--property (\S+)=(\S+)", Path(FLAVORS).read_text())
    for name, value in properties:
        validators.validate(name, value)
    assert {name for name, _ in properties} == \
        {f"resources:{name}" for name in CLASSES.values()}, properties


def main():
    logging.disable(logging.CRITICAL)
    objects.register_all()
    CONF([], project="nova", default_config_files=[CONFIG])
    tests = [v for k, v in globals().items() if k.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = False
    for number, test in enumerate(tests, 1):
        try:
            test()
            verdict = "ok"
        except Exception:
            failed = True
            verdict = "not ok"
            print("#", traceback.format_exc().strip().replace("\n", "\n# "))
        print(f"{verdict} {number} - nova: {test.__doc__}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
